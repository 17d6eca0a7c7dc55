"""Stored footprints are placed without reading them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.placed import Placed, place_stored
from ckanext.nextgeoss.package import spatial_text
from ckanext.nextgeoss.tests.core.strategies import footprints, modest


@given(st.lists(footprints(), min_size=1, max_size=6))
@modest
def test_stored_footprints_are_placed_as_if_they_were_read(found: list[Footprint]) -> None:
    texts = [spatial_text(footprint) for footprint in found]
    read = [Footprint.from_geojson(text) for text in texts]
    assert place_stored(texts) == [Placed.of(each) for each in read if each]


def test_footprints_of_the_demo_are_placed_as_if_they_were_read() -> None:
    texts = [spatial_text(product.footprint) for product in demo.products(300) if product.footprint]
    read = [Footprint.from_geojson(text) for text in texts]
    assert place_stored(texts) == [Placed.of(each) for each in read if each]


@pytest.mark.parametrize("text", ["", "POINT (1 2)", "{}", '{"type":"Polygon","coordinates":[]}', "[1,2]"])
def test_what_is_no_geometry_is_not_placed(text: str) -> None:
    point = '{"coordinates":[1.5,2.0],"type":"Point"}'
    cells = ["16b126", "8b517", "4b2025", "4b2115", "2b8190", "2b8370"]
    assert place_stored([text, point]) == [None, Placed("POINT (1.5 2)", (1.5, 2.0, 1.5, 2.0), cells)]
