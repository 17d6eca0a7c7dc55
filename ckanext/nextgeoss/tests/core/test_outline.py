"""Footprints that are made of their outlines are the same ones that shapely makes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.outline import Outline
from ckanext.nextgeoss.eo.shapes import read_geojson
from ckanext.nextgeoss.tests.core.strategies import convex_rings, modest

Ring = list[tuple[float, float]]


def geometry(*rings: Ring) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def all_of(found: Footprint | None) -> tuple[Any, ...] | None:
    if found is None:
        return None
    written = (found.geojson, found.wkt, found.solr_wkt(), found.bbox, found.repairs)
    return *written, shapely.to_wkb(found.shape), found.centroid, found.area, hash(found)


def assert_same_as_by_shapely(*rings: Ring) -> None:
    found = Footprint.from_geojson(geometry(*rings))
    with patch.object(Outline, "of", return_value=None):
        expected = Footprint.from_geojson(geometry(*rings))
    assert found == expected
    assert all_of(found) == all_of(expected)


@st.composite
def convex_ones(draw: st.DrawFn) -> Ring:
    """Convex rings of all sizes, written in all ways."""
    scale = draw(st.sampled_from([1, 1, 0.3, 1e-2, 1e-4, 1e-6]))
    points = [(x * scale, y * scale) for x, y in draw(convex_rings())[:-1]]
    first = draw(st.integers(0, len(points) - 1))
    points = points[first:] + points[:first]
    points = points[::-1] if draw(st.booleans()) else points
    return [*points, points[0]]


@modest
@given(convex_ones())
def test_a_convex_ring_however_it_is_written(ring: Ring) -> None:
    assert_same_as_by_shapely(ring)


@modest
@given(st.lists(convex_ones(), min_size=2, max_size=3), st.sampled_from([0.05, 0.2, 1]))
def test_several_rings(rings: list[Ring], scale: float) -> None:
    assert_same_as_by_shapely(*[[(x * scale, y * scale) for x, y in ring] for ring in rings])


# close to each other, so that points fall on lines, edges cross, and rings go round twice
near = st.tuples(*2 * [st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from([1e-7, -2e-5, 1 / 3])])
nearly_straight = st.tuples(st.integers(0, 3), st.floats(-2e-7, 2e-7))
corners = st.sampled_from([(0, 0), (177, 40), (-177, -87)])


@settings(max_examples=200, deadline=None)
@given(st.lists(near | nearly_straight, min_size=3, max_size=7), corners)
def test_any_small_ring(points: Ring, corner: tuple[float, float]) -> None:
    ring = [(x + corner[0], y + corner[1]) for x, y in points]
    assert_same_as_by_shapely([*ring, ring[0]])


@modest
@given(st.lists(st.lists(near, min_size=3, max_size=4), min_size=2, max_size=3), st.integers(0, 7))
def test_any_small_rings(rings: list[Ring], apart: int) -> None:
    moved = [[(x + number * apart, y) for x, y in ring] for number, ring in enumerate(rings)]
    assert_same_as_by_shapely(*[[*ring, ring[0]] for ring in moved])


@modest
@given(st.lists(st.tuples(st.integers(-18, 18), st.integers(-9, 9)), min_size=3, max_size=9))
def test_any_large_ring(points: Ring) -> None:
    ring = [(x * 10, y * 10) for x, y in points]
    assert_same_as_by_shapely([*ring, ring[0]])


SQUARE: Ring = [(10, 40), (11, 40), (11, 41), (10, 41), (10, 40)]
# goes round twice, turning left at each point
STAR: Ring = [(0, 3), (-2, -3), (3, 1), (-3, 1), (2, -3), (0, 3)]


@pytest.mark.parametrize(
    ("ring", "convex"),
    [
        (SQUARE, True),
        (SQUARE[::-1], True),
        ([(x + 169, y + 49) for x, y in SQUARE], True),
        ([((x - 10) * 59.9, y) for x, y in SQUARE], True),
        ([*SQUARE[:2], (11, 40.5), *SQUARE[2:]], False),
        ([*SQUARE[:2], (10.5, 40.5), *SQUARE[2:]], False),
        (STAR, False),
        ([(x + 169.5, y) for x, y in SQUARE], None),
        ([((x - 10) * 60.1, y) for x, y in SQUARE], None),
        (SQUARE[:-1], None),
        ([*SQUARE[:2], *SQUARE[1:]], None),
        ([(10, 40), (10.0000001, 40), (10, 40.0000001), (10, 40)], None),
        ([(10, 40), (11, 40), (10, 40)], None),
    ],
    ids=[
        "counter-clockwise", "clockwise", "up to 180 and 90", "an edge of 60", "a point on a line", "concave",
        "star", "beyond 180", "a longer edge", "open", "a point twice", "of no size", "a line",
    ],
)  # fmt: skip
def test_which_outlines_are_enough(ring: Ring, convex: bool | None) -> None:
    """None: there is no outline; False: shapely is asked whether it is valid."""
    outline = Outline.of(read_geojson(geometry(ring)))
    assert (outline and outline.convex) == convex
    assert_same_as_by_shapely(ring)


def test_what_else_is_no_outline() -> None:
    hole = [(x / 4 + 7.8, y / 4 + 30.2) for x, y in SQUARE]
    neighbour = [(x + 1, y) for x, y in SQUARE]
    holed = {"type": "Polygon", "coordinates": [SQUARE, hole]}
    for said in (holed, [10, 40, 11, 41], geometry(SQUARE, neighbour)):
        assert Outline.of(read_geojson(said)) is None
    far = [(x + 1.1, y) for x, y in SQUARE]
    assert Outline.of(read_geojson(geometry(SQUARE, far))) is not None


def test_across_the_antimeridian_in_two_parts() -> None:
    east, west = [(x + 169, y) for x, y in SQUARE], [(x - 190, y) for x, y in SQUARE]
    found = Footprint.from_geojson(geometry(west, east))
    assert found is not None
    assert found.bbox == (179, 40, -179, 41)
    assert_same_as_by_shapely(west, east)


def test_what_was_mended_before_is_kept() -> None:
    found = Footprint.from_georss("polygon", "100 10 100 11 101 11 100 10")
    assert found is not None
    assert found.repairs == ("axes swapped",)
    assert found.with_repairs(["read twice"]).repairs == ("read twice", "axes swapped")
    assert found.with_repairs(["read twice"]) == found
