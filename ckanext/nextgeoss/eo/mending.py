"""What makes a geometry a footprint: unwrapped, closed on the poles, cut at 180 degrees, valid, in order."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely import affinity

from .outline import MAX_EDGE
from .shapes import Shapes
from .unwrap import Ring, unwrap_line, unwrap_ring

Geometry: TypeAlias = Any  # shapely has no types of its own

GRID = 1e-7  # degrees
WORLD_AREA = 360.0 * 180.0 - 1e-6
_SINGLE = ("Point", "LineString", "Polygon")


def mended(shapes: Shapes) -> tuple[Geometry | None, list[str]]:
    """The geometry of anything, and what had to be repaired: its areas; without areas its lines, without
    lines its points; None when there is nothing."""
    repairs = list(shapes.repairs)
    area = _area(shapes, repairs)
    if area is not None:
        shape = _oriented(area)
    elif lines := [part for line in shapes.lines for part in _line(line, shapes)]:
        shape = _merged(lines)
    elif shapes.points:
        points = {(_wrapped(x), y) for x, y in shapes.points}
        shape = shapely.normalize(
            shapely.points(points.pop()) if len(points) == 1 else shapely.multipoints(list(points))
        )
    else:
        shape = None
    return shape, repairs


def _area(shapes: Shapes, repairs: list[str]) -> Geometry | None:
    """All areas as one; None without any, what is too thin to be one goes to the lines."""
    areas: list[Geometry] = []
    for rings in shapes.polygons:
        areas += _polygon(rings, shapes, repairs)
    for box in shapes.boxes:
        areas += _box(box, shapes, repairs)
    if not areas:
        return None
    whole = _union(areas)
    if whole.is_empty:  # nothing was left of it on the grid
        repairs.append("polygon without area")
        shapes.lines += [rings[0] for rings in shapes.polygons]
    return None if whole.is_empty else whole


def _polygon(rings: list[Ring], shapes: Shapes, repairs: list[str]) -> list[Geometry]:
    """The areas of one polygon; what has no area goes to the lines."""
    outer = _ring(rings[0], repairs)
    if not outer:
        repairs.append("polygon without area")
        shapes.lines.append(rings[0])
        return []
    holes = [part for ring in rings[1:] for part in _ring(ring, repairs)]
    if not holes:
        return outer
    return _areas(shapely.difference(_union(outer), _union(holes), grid_size=GRID))


def _ring(points: Ring, repairs: list[str]) -> list[Geometry]:
    """The areas a ring encloses, within -180..180; none when it has no area."""
    ring = _without_repeats(points)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    elif len(ring) > 2:
        repairs.append("ring closed")
    planar = _without_repeats(unwrap_ring(ring)) if len(ring) > 2 else []
    if len(planar) < 3:
        return []
    area = shapely.polygons(planar)
    if not area.is_valid:
        area = shapely.make_valid(area, method="structure", keep_collapsed=False)
        area = shapely.set_precision(area, GRID)
        if area.is_empty:
            return []
        repairs.append("self-crossing ring repaired")
    return _areas(_folded(area))


def _without_repeats(points: Ring) -> Ring:
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def _box(box: tuple[float, float, float, float], shapes: Shapes, repairs: list[str]) -> list[Geometry]:
    """The area of a box of any width; a box of no width or height goes to the lines."""
    west, south, east, north = box
    if south > north:
        south, north = north, south
        repairs.append("south and north of a box swapped")
    if west > east:
        east += 360 * math.ceil((west - east) / 360)
    east = min(east, west + 360)
    if west == east or south == north:
        steps = max(1, math.ceil((east - west) / MAX_EDGE))
        shapes.lines.append([(west + (east - west) * step / steps, south) for step in range(steps + 1)])
        shapes.lines[-1].append((east, north))
        return []
    return _areas(_folded(shapely.box(west, south, east, north)))


def _line(points: Ring, shapes: Shapes) -> list[Geometry]:
    """The parts of a line within -180..180; a line of no length goes to the points."""
    shape = shapely.linestrings(unwrap_line(points)) if len(points) > 1 else shapely.Point(points[0])
    parts = [part for part in parts_of(_folded(shape)) if part.length > GRID / 2]
    if not parts:
        shapes.points.append(points[0])
    return parts


def _folded(shape: Geometry) -> Geometry:
    """A geometry of any longitudes brought into -180..180, cut there."""
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces: list[Geometry] = []
    for turn in range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1):
        window = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        piece = shapely.intersection(shape, window, grid_size=GRID)
        pieces.append(_snapped(affinity.translate(piece, -360.0 * turn)))
    return shapely.unary_union(pieces, grid_size=GRID)


def _merged(lines: list[Geometry]) -> Geometry:
    """The one way to write lines: on the grid, cut where they cross, otherwise as long as they can be."""
    noded = shapely.unary_union(lines, grid_size=GRID)
    return shapely.normalize(_snapped(shapely.line_merge(noded)))


def _union(areas: list[Geometry]) -> Geometry:
    return areas[0] if len(areas) == 1 else shapely.unary_union(areas, grid_size=GRID)


def _oriented(shape: Geometry) -> Geometry:
    """The one way to write an area: on the grid, long edges cut, counter-clockwise, in order."""
    shape = _snapped(shape)
    if shape.area > WORLD_AREA:
        shape = shapely.box(-180, -90, 180, 90)
    west, _, east, _ = shape.bounds
    if east - west > 180 and _longest_edge(shape) > 180:
        shape = cut_edges(shape, MAX_EDGE)
    return shapely.orient_polygons(shapely.normalize(shape))


def cut_edges(shape: Geometry, length: float) -> Geometry:
    """Edges longer than this (degrees) cut into equal parts."""
    west, south, east, north = shape.bounds
    if math.hypot(east - west, north - south) <= length:
        return shape
    cut = _snapped(shapely.segmentize(shape, length))
    return cut if cut.is_valid else shapely.set_precision(cut, GRID)


def _longest_edge(shape: Geometry) -> float:
    """Degrees of longitude of the longest edge."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return max(float(np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])).max()) for ring in rings)


def _snapped(shape: Geometry) -> Geometry:
    return shapely.transform(shape, lambda coordinates: np.round(coordinates, 7) + 0.0)


def _areas(shape: Geometry) -> list[Geometry]:
    return [part for part in parts_of(shape) if part.geom_type == "Polygon" and part.area > 0]


def parts_of(shape: Geometry) -> list[Geometry]:
    """The points, lines and polygons of a geometry."""
    if shape.geom_type in _SINGLE:
        return [shape]
    return list(shapely.get_parts(shapely.get_parts(shape)))


def _wrapped(x: float) -> float:
    return x if -180 <= x <= 180 else round((x + 180) % 360 - 180, 7)
