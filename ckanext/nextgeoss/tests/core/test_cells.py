"""Cells find what intersects an area, as far as they can tell; what they leave open is little."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.eo.cells import MOST_ASKED, SIDES, cells_asked, cells_of
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.placed import asked
from ckanext.nextgeoss.tests.core.strategies import footprints, modest

# on sides of cells, near them, and anywhere
places = st.one_of(
    st.integers(-90, 90).map(float),
    st.integers(-90, 90).map(lambda x: x + 1e-7),
    st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 7)),
)
far = st.one_of(places, places.map(lambda x: x * 2))


@st.composite
def boxes(draw: Callable[..., Any]) -> Any:
    west, east = sorted((draw(far), draw(far)))
    south, north = sorted((draw(places), draw(places)))
    assume(west < east and south < north)
    return shapely.box(west, south, east, north)


small = st.tuples(far, places, st.sampled_from([1e-7, 0.5, 2.0, 4.0, 20.0])).map(
    lambda found: shapely.box(found[0] - found[2], found[1] - found[2], found[0], found[1])
)
inside_the_world = shapely.box(-180, -90, 180, 90)
points = st.tuples(far, places).map(shapely.Point)


def truth_holds(shape: Any, area: Any) -> None:
    assume(shapely.covers(inside_the_world, [shape, area]).all())
    names, wanted = set(cells_of([shape])[0]), cells_asked(area)
    assume(wanted is not None)
    assert wanted
    sure, possible = names & set(wanted.sure), names & {*wanted.sure, *wanted.edge}
    intersects = bool(shapely.intersects(shape, area))
    assert not sure or intersects
    assert possible or not intersects


@modest
@given(st.one_of(boxes(), small, points), st.one_of(boxes(), small, points))
def test_what_is_sure_intersects_and_the_rest_that_does_is_at_the_edge(shape: Any, area: Any) -> None:
    truth_holds(shape, area)


@modest
@given(footprints(), footprints())
def test_the_same_of_footprints(one: Footprint, other: Footprint) -> None:
    truth_holds(one.shape, other.shape)


@modest
@given(footprints())
def test_they_are_those_of_the_whole_grid(found: Footprint) -> None:
    """Each cell that is touched but not inside, and of those inside the ones that are in no larger one."""
    expected, covered = set[str](), dict[int, set[tuple[int, int]]]()
    for side in SIDES:
        columns, rows = -(-360 // side), -(-180 // side)
        places = [(column, row) for row in range(rows) for column in range(columns)]
        boxes = [
            shapely.box(x * side - 180, y * side - 90, (x + 1) * side - 180, (y + 1) * side - 90)
            for x, y in places
        ]
        shapely.prepare(found.shape)
        inside = {at for at, is_so in zip(places, shapely.covers(found.shape, boxes), strict=True) if is_so}
        touched = {
            at for at, is_so in zip(places, shapely.intersects(found.shape, boxes), strict=True) if is_so
        }
        covered[side] = inside
        whole = covered.get(side * 2, set())
        expected |= {f"{side}b{y * columns + x}" for x, y in touched - inside}
        expected |= {f"{side}i{y * columns + x}" for x, y in inside if (x // 2, y // 2) not in whole}
    [names] = cells_of([found.shape])
    assert len(names) == len(set(names)) and set(names) == expected


def test_large_areas_are_asked_for_in_larger_cells() -> None:
    """Never with more than so many of a size, and the whole world by none."""

    def sizes(*box: float) -> set[str]:
        found = asked(Footprint.from_bbox(*box))
        assert found
        edge = {name.split("b")[0] for name in found.edge}
        assert len(found.sure) + len(found.edge) <= MOST_ASKED
        return edge

    assert sizes(1, 1, 21, 11) == {"2"}
    assert sizes(1, 1, 61, 31) == {"2"}
    assert sizes(-60, -60, 60, 60) == {"8"}
    assert sizes(-179, -60, 179, 60) == {"16"}


def test_hardly_anything_is_left_open() -> None:
    """Of the demo catalogue three quarters of what intersects a box are sure by cells alone."""
    shapes = [product.footprint.shape for product in catalogue.products(2000) if product.footprint]
    names = [set(found) for found in cells_of(shapes)]
    sure = found = compared = 0
    for west in range(-170, 160, 30):
        area = Footprint.from_bbox(west, 31.3, west + 20, 41.3)
        wanted = asked(area)
        assert wanted
        for shape, cells in zip(shapes, names, strict=True):
            found += bool(shapely.intersects(shape, area.shape))
            known = not cells.isdisjoint(wanted.sure)
            sure += known
            compared += not known and not cells.isdisjoint(wanted.edge)
    assert found > 100 and sure > 0.75 * found and compared < 0.5 * found


@pytest.mark.parametrize("shape", [shapely.Point(180, 90), shapely.Point(-180, -90), shapely.Point(0, 0)])
def test_corners_of_the_world_have_cells(shape: Any) -> None:
    [names] = cells_of([shape])
    assert {name.split("b")[0] for name in names} == {"16", "8", "4", "2"}
