"""Events of the API of GDACS: how they are told apart, and what their features say together."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.gdacs import GDACS
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.core.strategies import junk, modest


def _square(size: float) -> dict[str, Any]:
    ring = [[0, 0], [size, 0], [size, size], [0, size], [0, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


def _feature(kind: str = "Point_Centroid", geometry: Any = None, **more: Any) -> dict[str, Any]:
    said = {
        "eventtype": "TC",
        "eventid": 1900001,
        "episodeid": 2,
        "name": "Tropical Cyclone INVENTA-24",
        "description": "A cyclone",
        "fromdate": "2024-06-01T06:00:00",
        "todate": "2024-06-03T00:00:00",
        "datemodified": "2024-06-04T00:00:00",
        "url": {
            "geometry": "https://gdacs.example/getgeometry",
            "report": "https://gdacs.example/report",
            "details": "https://gdacs.example/details",
        },
        "Class": kind,
    }
    point = {"type": "Point", "coordinates": [1, 1]}
    return {"type": "Feature", "geometry": geometry or point, "properties": said | more}


def _collection(*features: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


def _products(document: Any) -> list[Product]:
    assert GDACS.recognises(document)
    return [GDACS.product(entry, collection="events") for entry in GDACS.feed(document, "x").entries]


def test_an_event():
    """It is known by type and number as in the feed; its times are UTC, and an episode is a version."""
    (product,) = _products(_feature())
    assert (product.id, product.title, product.problems) == (
        "TC1900001",
        "Tropical Cyclone INVENTA-24",
        (),
    )
    assert (str(product.time.start), str(product.time.end)) == (
        "2024-06-01 06:00:00+00:00",
        "2024-06-03 00:00:00+00:00",
    )
    found = product.properties
    assert (found["product_type"], found["product_version"], found["description"]) == ("TC", "2", "A cyclone")
    assert [(asset.roles[0], asset.href.rpartition("/")[2]) for asset in product.assets] == [
        ("data", "getgeometry"),
        ("metadata", "report"),
        ("metadata", "details"),
    ]


def test_features_of_one_event():
    """They are one product, whose footprint is the widest area."""
    areas = [_feature("Poly_Red", _square(1)), _feature("Poly_Cones", _square(5)), _feature("Poly_Green", {})]
    (product,) = _products(_collection(_feature(), *areas))
    assert product.footprint and product.footprint.bbox == (0, 0, 5, 5)


def test_what_is_affected():
    """It is told apart from what may be."""
    (product,) = _products(_collection(_feature("Poly_area", _square(1)), _feature("Poly_Cones", _square(5))))
    assert product.footprint and product.footprint.bbox == (0, 0, 1, 1)


def test_areas_without_extent():
    """The point on the map counts then."""
    (product,) = _products(_collection(_feature(), _feature("Poly_Red", {"type": "Polygon"})))
    assert product.footprint and product.footprint.bbox == (1, 1, 1, 1)


def test_several_events():
    """A list has one product each; of two episodes the newer one speaks."""
    listed = _collection(_feature(), _feature(eventid=7), _feature(episodeid=11), _feature(eventtype="EQ"))
    products = _products(listed)
    assert [product.id for product in products] == ["TC1900001", "TC7", "EQ1900001"]
    assert products[0].properties["product_version"] == "11"


def test_no_events():
    """Features of others, and what is no feature, are refused with the reason."""
    assert not GDACS.recognises(_collection({"type": "Feature", "properties": {"eventtype": "TC"}}))
    assert not GDACS.recognises(_collection())
    entries = GDACS.feed(_collection(_feature(), None, {"type": "Feature"}), "x").entries
    with pytest.raises(BadRecord, match="not a feature but NoneType"):
        GDACS.product(entries[1], collection="events")
    with pytest.raises(BadRecord, match="no identifier"):
        GDACS.product(entries[2], collection="events")


@modest
@given(st.sampled_from([*_feature()["properties"], "images"]), junk, junk)
def test_junk(member: str, value: object, geometry: object):
    """Whatever stands in a member, it is read or refused."""
    document = _collection(_feature("Poly_Red", geometry, **{member: value}), _feature())
    with suppress(BadAnswer, BadRecord):
        _products(document)
