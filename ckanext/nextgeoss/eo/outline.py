"""The outline of a usual scene, which needs no library of geometry: one strictly convex ring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .shapes import Shapes
from .unwrap import Point, Ring

MAX_EXTENT = 60.0  # degrees from corner to corner of its box
# degrees squared: far more than rounding does to a cross product of such edges
_LEAST_TURN = 1e-9


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed ring that turns left at each point and begins at the westernmost one, too small for its edges
    to be cut: it is valid, and written down as shapely normalises it."""

    ring: tuple[Point, ...]

    @classmethod
    def of(cls, shapes: Shapes) -> Outline | None:
        """The outline of shapes that are such a ring within -180..180; None for all others."""
        if shapes.boxes or len(shapes.polygons) != 1 or len(shapes.polygons[0]) != 1:
            return None
        closed = shapes.polygons[0][0]
        if len(closed) < 4 or closed[0] != closed[-1] or not _is_small(_box(closed)):
            return None
        ring = _counter_clockwise(closed[:-1])
        return cls((*ring, ring[0])) if _is_convex(ring) else None

    @property
    def geojson(self) -> dict[str, Any]:
        """As a geometry of GeoJSON."""
        return {"type": "Polygon", "coordinates": [[[x, y] for x, y in self.ring]]}

    @property
    def wkt(self) -> str:
        """As WKT with seven decimals, by the rules of GEOS: no zero at the end, none before an exponent."""
        points = ", ".join([f"{x:.10g} {y:.10g}" for x, y in self.ring])
        return f"POLYGON (({points}))".replace("e-0", "e-")

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        return _box(self.ring)


def _box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _is_small(box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west >= -180 and east <= 180 and math.hypot(east - west, north - south) <= MAX_EXTENT


def _counter_clockwise(ring: Ring) -> Ring:
    """The ring from its westernmost point, where the turn tells which way it goes round."""
    start = ring.index(min(ring))
    ring = ring[start:] + ring[:start]
    return ring if _turn(ring[-1], ring[0], ring[1]) > 0 else [ring[0], *ring[:0:-1]]


def _is_convex(ring: Ring) -> bool:
    """Whether it turns left at each point, and goes round only once: a star goes west again and again."""
    corners = list(zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False))
    return all(_turn(*corner) > _LEAST_TURN for corner in corners) and (
        sum(before > point < after for before, point, after in corners) == 1
    )


def _turn(before: Point, point: Point, after: Point) -> float:
    """Twice the area of the triangle; positive for a turn to the left."""
    (x0, y0), (x1, y1), (x2, y2) = before, point, after
    return (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)
