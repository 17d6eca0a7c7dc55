"""The outlines of usual scenes, which plain Python writes as shapely normalises them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, TypeAlias

from .shapes import Shapes
from .unwrap import Point, Ring

Box: TypeAlias = tuple[float, float, float, float]

MAX_EDGE = 60.0  # degrees; an edge over 180 makes Solr index the rest of the world
MAX_WIDTH = 180.0
# degrees, ten cells of the grid: nothing that is further away from an edge is ever snapped to it
_CLEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Outline:
    """Rings within -180..180 that need no cut: closed, counter-clockwise from their westernmost point; those
    of most points first, of these the easternmost. Several are convex and apart from each other."""

    rings: tuple[tuple[Point, ...], ...]
    # all are strictly convex and therefore valid; else the only one may cross itself
    convex: bool

    @classmethod
    def of(cls, shapes: Shapes) -> Outline | None:
        """The outline of polygons without holes; None for other shapes, and where there is more to do."""
        if shapes.boxes or not shapes.polygons or max(map(len, shapes.polygons)) > 1:
            return None
        rings: list[tuple[Point, ...]] = []
        convex = True
        for (closed,) in shapes.polygons:
            longest = _longest_edge(closed)
            ring = _ordered(closed[:-1]) if longest else None
            if ring is None:
                return None
            convex = convex and _is_convex(ring, _CLEAR * longest)
            rings.append((*ring, ring[0]))
        rings.sort(key=lambda ring: (len(ring), ring[0]), reverse=True)
        return cls(tuple(rings), convex) if len(rings) == 1 or (convex and _are_apart(rings)) else None

    @property
    def geojson(self) -> dict[str, Any]:
        """As a geometry of GeoJSON."""
        polygons = [[[[x, y] for x, y in ring]] for ring in self.rings]
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}

    @property
    def wkt(self) -> str:
        """As WKT with seven decimals, by the rules of GEOS: no zero at the end, none before an exponent."""
        polygons = [", ".join([f"{x:.10g} {y:.10g}" for x, y in ring]) for ring in self.rings]
        text = ")), ((".join(polygons).replace("e-0", "e-")
        return f"POLYGON (({text}))" if len(polygons) == 1 else f"MULTIPOLYGON ((({text})))"

    @property
    def boxes(self) -> list[Box]:
        """West, south, east, north of each ring."""
        return [_box(ring) for ring in self.rings]


def boxes_of(geometry: Mapping[str, Any]) -> list[Box]:
    """West, south, east, north of each part of a GeoJSON geometry, of its outer rings where it has any."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return [_box([coordinates])]
    if kind in ("LineString", "MultiPoint"):
        return [_box(coordinates)] if kind == "LineString" else [_box([point]) for point in coordinates]
    if kind == "MultiPolygon":
        return [_box(rings[0]) for rings in coordinates]
    return [_box(line) for line in (coordinates[:1] if kind == "Polygon" else coordinates)]


def _box(points: Sequence[Point]) -> Box:
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _longest_edge(closed: Ring) -> float:
    """Degrees of the longest edge of a ring which is closed, without repeated points, within -180..180, not
    wider than half the world, and all of whose edges are short; else 0."""
    if len(closed) < 4 or closed[0] != closed[-1]:
        return 0
    west, _, east, _ = _box(closed)
    lengths = [math.dist(a, b) for a, b in pairwise(closed)]
    fits = west >= -180 and east <= 180 and east - west <= MAX_WIDTH
    return max(lengths) if fits and min(lengths) > 0 and max(lengths) < MAX_EDGE - _CLEAR else 0


def _ordered(ring: Ring) -> Ring | None:
    """The ring counter-clockwise from its westernmost point; None where the turn there does not tell which
    way it goes round."""
    start = ring.index(min(ring))
    ring = ring[start:] + ring[:start]
    turn = _turn(ring[-1], ring[0], ring[1])
    if abs(turn) < _CLEAR**2:
        return None
    return ring if turn > 0 else [ring[0], *ring[:0:-1]]


def _is_convex(ring: Ring, least_turn: float) -> bool:
    """Whether it turns left at each point, and goes round only once: a star goes west again and again."""
    corners = list(zip([ring[-1], *ring], ring, [*ring[1:], ring[0]], strict=False))
    return min([_turn(*corner) for corner in corners]) > least_turn and (
        [before > point < after for before, point, after in corners].count(True) == 1
    )


def _turn(before: Point, point: Point, after: Point) -> float:
    """Twice the area of the triangle; positive for a turn to the left."""
    (x0, y0), (x1, y1), (x2, y2) = before, point, after
    return (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)


def _are_apart(rings: Sequence[Sequence[Point]]) -> bool:
    """Whether their boxes do not even touch."""
    return all(
        a[0] > b[2] + _CLEAR or b[0] > a[2] + _CLEAR or a[1] > b[3] + _CLEAR or b[1] > a[3] + _CLEAR
        for a, b in combinations([_box(ring) for ring in rings], 2)
    )
