"""Footprints that need no shapely are the same ones that shapely makes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.outline import Outline
from ckanext.nextgeoss.eo.shapes import read_geojson
from ckanext.nextgeoss.tests.core.strategies import convex_rings, modest

Ring = list[tuple[float, float]]


def geometry(ring: Ring) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def is_plain(ring: Ring) -> bool:
    return Outline.of(read_geojson(geometry(ring))) is not None


def all_of(found: Footprint | None) -> tuple[Any, ...] | None:
    if found is None:
        return None
    written = (found.geojson, found.wkt, found.solr_wkt(), found.bbox, found.repairs)
    return *written, shapely.to_wkb(found.shape), found.centroid, found.area, hash(found)


def assert_same_as_by_shapely(ring: Ring) -> None:
    found = Footprint.from_geojson(geometry(ring))
    with patch.object(Outline, "of", return_value=None):
        expected = Footprint.from_geojson(geometry(ring))
    assert found == expected
    assert all_of(found) == all_of(expected)


@modest
@given(convex_rings(), st.booleans(), st.integers(0, 8), st.sampled_from([1, 1, 1e-2, 1e-4, 1e-6]))
def test_a_convex_ring_however_it_is_written(ring: Ring, backwards: bool, first: int, scale: float) -> None:
    points = [(x * scale, y * scale) for x, y in ring[:-1]]
    points = points[first % len(points) :] + points[: first % len(points)]
    points = points[::-1] if backwards else points
    assert_same_as_by_shapely([*points, points[0]])


# close to each other, so that points fall on lines, edges cross, and rings go round twice
near = st.tuples(*2 * [st.integers(-3, 3) | st.floats(-3, 3) | st.sampled_from([1e-7, -2e-5, 1 / 3])])
nearly_straight = st.tuples(st.integers(0, 3), st.floats(-2e-7, 2e-7))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(near | nearly_straight, min_size=3, max_size=7),
    st.sampled_from([(0, 0), (178, 40), (-179, -88.5)]),
)
def test_any_small_ring(points: Ring, corner: tuple[float, float]) -> None:
    ring = [(x + corner[0], y + corner[1]) for x, y in points]
    assume(all(abs(y) <= 90 for _, y in ring))
    assert_same_as_by_shapely([*ring, ring[0]])


SQUARE: Ring = [(10, 40), (11, 40), (11, 41), (10, 41), (10, 40)]
# goes round twice, turning left at each point
STAR: Ring = [(0, 3), (-2, -3), (3, 1), (-3, 1), (2, -3), (0, 3)]


@pytest.mark.parametrize(
    ("ring", "plain"),
    [
        (SQUARE, True),
        (SQUARE[::-1], True),
        ([(x + 169, y + 49) for x, y in SQUARE], True),
        ([(x + 169.5, y) for x, y in SQUARE], False),
        ([((x - 10) * 59.9, y) for x, y in SQUARE], True),
        ([((x - 10) * 60.1, y) for x, y in SQUARE], False),
        (SQUARE[:-1], False),
        ([*SQUARE[:2], (11, 40.5), *SQUARE[2:]], False),
        ([*SQUARE[:2], (10.5, 40.5), *SQUARE[2:]], False),
        (STAR, False),
        ([(10, 40), (10.0000001, 40), (10, 40.0000001), (10, 40)], False),
        ([(10, 40), (11, 40), (10, 40)], False),
    ],
    ids=[
        "counter-clockwise", "clockwise", "up to 180 and 90", "beyond 180", "60 across", "more", "open",
        "a point on a line", "concave", "star", "of no size", "a line",
    ],
)  # fmt: skip
def test_what_needs_no_shapely(ring: Ring, plain: bool) -> None:
    assert is_plain(ring) == plain
    assert_same_as_by_shapely(ring)


def test_more_than_one_ring_needs_shapely() -> None:
    hole = [(x / 4 + 7.8, y / 4 + 30.2) for x, y in SQUARE]
    assert Outline.of(read_geojson({"type": "Polygon", "coordinates": [SQUARE, hole]})) is None
    assert Outline.of(read_geojson({"type": "MultiPolygon", "coordinates": [[SQUARE], [hole]]})) is None
    assert Outline.of(read_geojson([10, 40, 11, 41])) is None


def test_what_was_mended_before_is_kept() -> None:
    found = Footprint.from_georss(
        "polygon",
        "100 10 100 11 101 11 100 10",
    )
    assert found is not None
    assert found.repairs == ("axes swapped",)
    assert found.with_repairs(["read twice"]).repairs == ("read twice", "axes swapped")
    assert found.with_repairs(["read twice"]) == found
