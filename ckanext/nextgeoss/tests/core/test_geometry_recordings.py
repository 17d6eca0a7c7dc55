"""Geometries alone that were recorded or made up by others: each is a valid footprint, or is refused."""

from __future__ import annotations

import json

import pytest

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.xml import parse_xml, text_of
from ckanext.nextgeoss.tests.shared import provider_samples

_PATTERNS = (
    "odd-geometries/resto_antimeridian_*",
    "odd-geometries/stacserver_badGeo[!m]*",
    "odd-geometries/stacserver_polygonWoundCCW.json",
)


@pytest.mark.parametrize("pattern", _PATTERNS)
def test_geometries(pattern: str):
    """On the globe, valid, and the same when read once more."""
    files = sorted(provider_samples().glob(pattern))
    assert files
    for path in files:
        found = Footprint.from_geojson(json.loads(path.read_text("utf-8")))
        assert found is not None, path.name
        assert found.shape.is_valid and not found.shape.is_empty, path.name
        west, south, east, north = found.bbox
        assert -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90, path.name
        assert Footprint.from_geojson(found.geojson) == found, path.name


def test_broken_boxes():
    """A box with a corner or a number missing is none."""
    for path in sorted(provider_samples().glob("odd-geometries/cat30_*")):
        with pytest.raises(BadValue):
            Footprint.from_georss("box", text_of(parse_xml(path.read_bytes())))
