"""What somebody asks for as an area: a GeoJSON geometry (RFC 7946) of any type; nothing is mended."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, TypeAlias, cast

from .errors import BadValue
from .footprint import Footprint

GEOMETRIES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
# how deep the positions lie, and of how many dimensions the shape is
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_DIMENSIONS = {name: ("Point", "Line", "Polygon").index(name.removeprefix("Multi").removesuffix("String"))
               for name in _DEPTHS}  # fmt: skip
_DEEPEST = 8
# half the width of what a point or line is beside areas, in degrees: a tenth of a metre
_THIN = 1e-6

Position: TypeAlias = list[float]


def asked_shape(value: object, where: str = "intersects") -> Footprint:
    """The area of a geometry; BadValue for what is none. A footprint is of areas, of lines or of points: the
    points and lines of a collection that has areas too are taken as very thin areas."""
    try:
        parts = list(_parts(value))
        kinds = {_DIMENSIONS[part["type"]] for part in parts}
        if len(kinds) > 1:
            areas = [area for part in parts for area in _areas(part)]
            found = Footprint.from_geojson({"type": "MultiPolygon", "coordinates": areas})
        else:
            found = Footprint.from_geojson(value)
    except (KeyError, TypeError, BadValue) as error:
        allowed = (
            f"a GeoJSON geometry of type {', '.join(GEOMETRIES)}, with positions of WGS 84 in closed rings"
        )
        raise BadValue(value, where, allowed) from error
    if found is None:
        raise BadValue(value, where, "a geometry with positions")
    return found


def asked_parts(value: object, where: str) -> list[Footprint]:
    """The areas, the lines and the points of a geometry, each of them one footprint, none thickened; BadValue
    for what is no geometry."""
    whole = asked_shape(value, where)
    by_kind: dict[int, list[dict[str, Any]]] = {}
    for part in _parts(value):
        by_kind.setdefault(_DIMENSIONS[part["type"]], []).append(part)
    if len(by_kind) < 2:
        return [whole]
    collections = ({"type": "GeometryCollection", "geometries": parts} for parts in by_kind.values())
    return [found for each in collections if (found := Footprint.from_geojson(each))]


def _parts(shape: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """The simple geometries in a geometry; TypeError or KeyError for what is none."""
    kind = shape["type"]
    if kind == "GeometryCollection":
        if not isinstance(shape["geometries"], list) or depth > _DEEPEST:
            raise TypeError
        for inner in shape["geometries"]:
            yield from _parts(inner, depth + 1)
        return
    lines = list(_lines(shape["coordinates"], _DEPTHS[kind]))
    least = {"Point": 1, "Line": 2, "Polygon": 4}[("Point", "Line", "Polygon")[_DIMENSIONS[kind]]]
    for line in lines:
        if len(line) < least or (least == 4 and line[0] != line[-1]):
            raise TypeError
    yield shape


def _lines(coordinates: Any, depth: int) -> Iterator[list[Position]]:
    """The rows of positions; a single position is one of them."""
    if depth == 0:
        yield [_position(coordinates)]
    elif not isinstance(coordinates, list):
        raise TypeError
    elif depth == 1:
        yield [_position(each) for each in cast(list[Any], coordinates)]
    else:
        for inner in cast(list[Any], coordinates):
            yield from _lines(inner, depth - 1)


def _position(value: Any) -> Position:
    numbers = cast(list[Any], value) if isinstance(value, list) else []
    good = all(isinstance(n, (int, float)) and not isinstance(n, bool) and math.isfinite(n) for n in numbers)
    if not good or not 2 <= len(numbers) <= 4 or not -90 <= numbers[1] <= 90 or not -540 <= numbers[0] <= 540:
        raise TypeError
    return numbers


def _areas(part: dict[str, Any]) -> Iterator[list[list[Position]]]:
    """The polygons of a simple geometry."""
    kind, coordinates = part["type"], part["coordinates"]
    if _DIMENSIONS[kind] == 2:
        yield from coordinates if kind == "MultiPolygon" else [coordinates]
        return
    for line in _lines(coordinates, _DEPTHS[kind]):
        if _DIMENSIONS[kind] == 0:
            yield from (_strip(point, point) for point in line)
        else:
            yield from (_strip(*ends) for ends in pairwise(line))


def _strip(start: Position, end: Position) -> list[list[Position]]:
    """A thin box around a segment, which may have no length."""
    length = math.dist(start[:2], end[:2])
    along = (
        [(b - a) / length * _THIN for a, b in zip(start[:2], end[:2], strict=True)] if length else [_THIN, 0]
    )
    x, y = along
    (west, south), (east, north) = start[:2], end[:2]
    corners = [
        [west - x + y, south - y - x], [east + x + y, north + y - x],
        [east + x - y, north + y + x], [west - x - y, south - y + x],
    ]  # fmt: skip
    return [[[lon, max(-90.0, min(90.0, lat))] for lon, lat in [*corners, corners[0]]]]
