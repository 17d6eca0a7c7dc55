"""Areas with numbers, and which of them a footprint touches, by an index of shapely."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
import shapely

from .footprint import Footprint

Geometry: TypeAlias = Any  # shapely has no types of its own

# degrees by which areas grow when they are joined: so many at least, and so much of their width
_AROUND, _OF_WIDTH = 0.05, 1 / 400


class Areas:
    """Areas in an index; the number of an area is its place in the list."""

    def __init__(self, areas: Iterable[Sequence[Sequence[int]]], unit: float) -> None:
        """Each area is a list of rings, the outer one first; a ring is x, y, x, y ... in units, each the step
        from the one before."""
        shapes = [_polygon(rings, unit) for rings in areas]
        self._tree = shapely.STRtree(shapes)

    def touched(self, footprint: Footprint) -> list[int]:
        """The numbers of the areas that share a point with a footprint, in order."""
        return sorted(self._tree.query(footprint.shape, predicate="intersects").tolist())

    def joined(self, numbers: Iterable[int]) -> Footprint:
        """Some areas as one, a little larger and smoother than they are, so that no gap between them is left
        and a question with it is short."""
        whole = shapely.union_all(self._tree.geometries.take(list(numbers)))
        width = max(_AROUND, float(whole.area) ** 0.5 * _OF_WIDTH)
        around = shapely.simplify(shapely.buffer(whole, width, quad_segs=1), width / 2)
        within = shapely.intersection(around, shapely.box(-200, -90, 200, 90))
        # an edge over 180 degrees would be read as the short way round
        found = Footprint.from_wkb(shapely.to_wkb(shapely.segmentize(within, 90), hex=True))
        assert found is not None
        return found


def _polygon(rings: Sequence[Sequence[int]], unit: float) -> Geometry:
    outer, *holes = (_ring(ring, unit) for ring in rings)
    shape = shapely.polygons(outer, holes or None)
    return shape if shape.is_valid else shapely.make_valid(shape)


def _ring(steps: Sequence[int], unit: float) -> Geometry:
    positions = np.column_stack((list(accumulate(steps[::2])), list(accumulate(steps[1::2]))))
    return shapely.linearrings(positions * unit)
