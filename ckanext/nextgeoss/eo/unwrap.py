"""Longitudes of lines and rings made continuous, and rings closed on the pole they go round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

# longitude, latitude in degrees
Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]


def unwrap_line(points: Sequence[Point]) -> Ring:
    """The same line with each edge going the short way; longitudes may leave -180..180."""
    line, shift = [points[0]], 0.0
    for (before, _), (x, y) in pairwise(points):
        shift -= 360.0 * _turns(x - before)
        line.append((x + shift, y))
    return line


def unwrap_ring(points: Sequence[Point]) -> Ring:
    """The ring (first point not repeated) as a planar one: edges over 180 degrees cross the antimeridian, a
    ring that goes round a pole is closed on it, and one that is a band round the world stays as it is."""
    if all(abs(b[0] - a[0]) <= 180 for a, b in _edges(points)):
        return list(points)
    ring = _split_pole_points(points)
    best, winding = ring, 0.0
    for pole_edges_too in (False, True):
        best, winding = _unwrapped(ring, pole_edges_too)
        if winding == 0:
            return ring if _is_band(ring, best) else best
    return _closed_on_pole(best, winding)


def ring_area(ring: Sequence[Point]) -> float:
    """Planar area in square degrees, positive counter-clockwise (shoelace formula)."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring)) / 2


def _edges(ring: Sequence[Point]) -> zip[tuple[Point, Point]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _turns(difference: float) -> int:
    return round(difference / 360)  # half a turn, 180 degrees, rounds to 0


def _split_pole_points(points: Sequence[Point]) -> Ring:
    """Edges that lead to a pole follow their meridian: a lone pole point becomes one for each neighbour."""
    ring: Ring = []
    for index, (x, y) in enumerate(points):
        corners = [(x, y)]
        if _on_pole((x, y)):
            before, after = points[index - 1], points[(index + 1) % len(points)]
            alone = not _on_pole(before) and not _on_pole(after)
            corners = [] if alone else corners  # its own longitude means nothing
            corners = [(before[0], y), *corners] if not _on_pole(before) else corners
            corners = [*corners, (after[0], y)] if not _on_pole(after) else corners
        ring += corners
    return [point for index, point in enumerate(ring) if point != ring[index - 1]]


def _on_pole(point: Point) -> bool:
    return abs(point[1]) == 90


def _unwrapped(ring: Ring, pole_edges_too: bool) -> tuple[Ring, float]:
    """The ring with its edges going the short way, and the longitude gained in going round once."""
    result, x = [ring[0]], ring[0][0]
    for (x0, y0), (x1, y1) in _edges(ring):
        along_pole = abs(y0) == 90 and y0 == y1
        turns = 0 if along_pole and not pole_edges_too else _turns(x1 - x0)
        x += x1 - x0 - 360.0 * turns
        result.append((round(x, 7), y1))
    gained = round(result.pop()[0] - ring[0][0], 6)
    return result, gained


def _is_band(planar: Ring, unwrapped: Ring) -> bool:
    """Whether a ring that could cross the antimeridian means a band round the world: read as crossing it is
    empty, or it is an upright box so tall and thin that no scene has that shape."""
    if abs(ring_area(unwrapped)) < 1e-9:
        whole_turns = any(abs(b[0] - a[0]) == 360 for a, b in _edges(planar))
        return whole_turns and abs(ring_area(planar)) > 0
    upright = all(a[0] == b[0] or a[1] == b[1] for a, b in _edges(planar))
    width = max(x for x, _ in unwrapped) - min(x for x, _ in unwrapped)
    height = max(y for _, y in unwrapped) - min(y for _, y in unwrapped)
    return upright and width < 10 and height > 10 * width


def _closed_on_pole(ring: Ring, winding: float) -> Ring:
    """The ring taken round to its start and along the pole back, by the pole that leaves the smaller area."""
    x, y = ring[0]
    complete = [*ring, (x + winding, y)]
    tilt = sum(math.sin(math.radians((a[1] + b[1]) / 2)) * (b[0] - a[0]) for a, b in pairwise(complete))
    pole = 90.0 if tilt * winding > 0 else -90.0
    return [*complete, (x + winding, pole), (x, pole)]
