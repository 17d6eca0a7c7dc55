"""Geometries as JSON services give them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.loose_geometry import read_any_geometry
from ckanext.nextgeoss.tests.core.strategies import junk, modest

BOX = Footprint.from_bbox(1, 2, 3, 4)
POINT = Footprint.from_wkt("POINT (1 2)")
WKB_POINT = "0101000000000000000000F03F0000000000000040"


@pytest.mark.parametrize(
    "said",
    [
        "POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2))",
        "SRID=4326;POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2))",
        '{"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]}',
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]},
        [1, 2, 3, 4],
        ["1", "2", "3", "4"],
        [[1, 2], [3, 4]],
        [[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]],
        "1,2,3,4",
        "1 2 3 4",
        "[1, 2, 3, 4]",
        {"west": 1, "south": 2, "east": 3, "north": 4},
        {"westBoundLongitude": "1", "southBoundLatitude": "2",
         "eastBoundLongitude": 3, "northBoundLatitude": 4},
        {"xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4, "spatialReference": {"wkid": 4326}},
        {"minLon": 1, "minLat": 2, "maxLon": 3, "maxLat": 4},
        {"rings": [[[1, 2], [3, 2], [3, 4], [1, 4], [1, 2]]]},
        [{"geoLocationBox": {"westBoundLongitude": 1, "southBoundLatitude": 2,
                             "eastBoundLongitude": 3, "northBoundLatitude": 4}}],
        [{"geoLocationPlace": "Atlantis"}, {"geoLocationBox": [1, 2, 3, 4]}],
        {"geoLocationPolygon": [{"polygonPoint": {"pointLongitude": x, "pointLatitude": y}}
                                for x, y in ((1, 2), (3, 2), (3, 4), (1, 4))]},
    ],
)  # fmt: skip
def test_the_same_box(said: Any):
    """In many shapes."""
    assert read_any_geometry(said) == BOX


@pytest.mark.parametrize(
    "said",
    [
        "POINT (1 2)",
        [1, 2],
        "1, 2",
        {"lat": 2, "lon": 1},
        {"latitude": "2", "longitude": "1"},
        {"decimalLatitude": 2.0, "decimalLongitude": 1.0},
        {"geoLocationPoint": {"pointLongitude": 1, "pointLatitude": 2}},
        {"x": 1, "y": 2},
        [[1, 2], [1, 2]],
        WKB_POINT,
        "0101000020E6100000000000000000F03F0000000000000040",
    ],
)
def test_the_same_point(said: Any):
    """In many shapes."""
    assert read_any_geometry(said) == POINT


@pytest.mark.parametrize("said", [None, "", [], {}])
def test_nothing(said: Any):
    """What is empty is no geometry."""
    assert read_any_geometry(said) is None


@pytest.mark.parametrize(
    "said",
    [7, True, "somewhere", [1, 2, 3], [[1], [2]], {"north": 1}, {"type": "Hexagon", "coordinates": []},
     WKB_POINT[:-8], "01FF0000" + "0" * 40, [None], {"lat": "x", "lon": "y"}],
)  # fmt: skip
def test_what_is_none(said: Any):
    """It is said what was expected."""
    with pytest.raises(BadValue):
        read_any_geometry(said)


@modest
@given(junk)
def test_never_fails_otherwise(said: Any):
    """Whatever it is."""
    with suppress(BadValue):
        read_any_geometry(said)
