"""Geometries as they are written: GeoJSON, WKT, GeoRSS and GML read into points, lines and rings."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from .errors import BadValue
from .unwrap import Point

LONGITUDES, LATITUDES = 540.0, 90.0
ALLOWED = "longitude within -540..540 and latitude within -90..90 degrees"
_GRID = 7  # decimals: 1e-7 degrees are about a centimetre
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_POSITION = re.compile(rf"({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER}){{0,2}}")
_EWKT = re.compile(r"(?:geography|geometry)'(.*)'|(.*)", re.I | re.S)
_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.I)
_WKT = re.compile(r"\s*([A-Za-z]+)(?:\s+(?:ZM|Z|M))?\s*(\(.*\)|EMPTY)\s*", re.I | re.S)
_MEMBER = re.compile(r"[A-Za-z]{5,}")


@dataclass(slots=True)
class Shapes:
    """What was written, in WGS 84 on a grid of 1e-7 degrees; a polygon's first ring is its outer one."""

    points: list[Point] = field(default_factory=list[Point])
    lines: list[list[Point]] = field(default_factory=list[list[Point]])
    polygons: list[list[list[Point]]] = field(default_factory=list[list[list[Point]]])
    # (west, south, east, north)
    boxes: list[tuple[float, float, float, float]] = field(
        default_factory=list[tuple[float, float, float, float]]
    )
    repairs: list[str] = field(default_factory=list[str])


def read_geojson(value: object) -> Shapes:
    """A geometry, Feature, FeatureCollection or bbox list of RFC 7946, or the text of one; `{}`, `[]`, null
    and empty coordinates are empty."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if value.strip() else None
        except ValueError as error:
            raise BadValue(value, "geometry", "GeoJSON") from error
    shapes = Shapes()
    _add_geojson(shapes, value, 0)
    return shapes


def read_wkt(text: str) -> Shapes:
    """WKT or EWKT, longitude first; `geography'SRID=4326;...'` (OData) and `ENVELOPE(w, e, n, s)` too."""
    body = cast(re.Match[str], _EWKT.fullmatch(text.strip()))
    bare = body[1] or body[2] or ""
    if srid := _SRID.match(bare):
        if srid[1] not in ("4326", "4979"):
            raise BadValue(text, "geometry", "WKT in WGS 84 (SRID=4326)")
        bare = bare[srid.end() :]
    shapes = Shapes()
    if bare.strip():
        _add_wkt(shapes, bare, text)
    return shapes


def read_numbers(kind: str, text: str, axis: str = "lat lon", dimension: int = 2) -> Shapes:
    """A point, line, polygon or box (GeoRSS, and the text of GML positions) of numbers."""
    try:
        numbers = [float(part) for part in text.replace(",", " ").split()]
    except ValueError as error:
        raise BadValue(text, kind, "numbers") from error
    if len(numbers) % dimension or (kind == "box" and numbers and len(numbers) != 2 * dimension):
        raise BadValue(
            text, kind, "two corners" if kind == "box" else f"{dimension} numbers for each position"
        )
    first, second = numbers[0::dimension], numbers[1::dimension]
    shapes = Shapes()
    lat_first = axis == "lat lon"
    if any(abs(lat) > LATITUDES for lat in (first if lat_first else second)):
        if any(abs(lat) > LATITUDES for lat in (second if lat_first else first)):
            raise BadValue(text, kind, ALLOWED)
        lat_first = not lat_first
        shapes.repairs.append("axes swapped")
    positions = list(zip(second, first, strict=True) if lat_first else zip(first, second, strict=True))
    if positions:
        _add_positions(shapes, kind, [position(point) for point in positions])
    return shapes


def position(numbers: Any) -> Point:
    """A longitude and latitude on the grid, from a sequence that may hold more (height, measure)."""
    try:
        x, y = round(float(numbers[0]), _GRID) + 0.0, round(float(numbers[1]), _GRID) + 0.0
    except (TypeError, ValueError, OverflowError, IndexError, KeyError) as error:
        raise BadValue(numbers, "geometry", "positions of two or three numbers") from error
    if abs(x) <= LONGITUDES and abs(y) <= LATITUDES:
        return x, y
    if math.isfinite(x) and math.isfinite(y):
        raise BadValue([x, y], "geometry", ALLOWED)
    raise BadValue(numbers, "geometry", "finite numbers")


def _add_positions(shapes: Shapes, kind: str, points: list[Point]) -> None:
    if kind == "box":
        (west, south), (east, north) = points
        shapes.boxes.append((west, south, east, north))
    elif kind == "polygon":
        shapes.polygons.append([points])
    elif kind == "line":
        shapes.lines.append(points)
    else:
        shapes.points += points


def _add_geojson(shapes: Shapes, value: object, depth: int) -> None:
    if value in (None, {}, []):
        return
    if isinstance(value, (list, tuple)):
        shapes.boxes.append(bbox_corners(cast(list[Any], value)))
        return
    if not isinstance(value, dict) or depth > 8:
        raise BadValue(cast(object, value), "geometry", "a GeoJSON object")
    geometry = cast(dict[str, Any], value)
    kind = geometry.get("type")
    if kind == "Feature":
        _add_geojson(shapes, geometry.get("geometry"), depth + 1)
    elif kind in ("FeatureCollection", "GeometryCollection"):
        for member in _list(geometry.get("features" if kind == "FeatureCollection" else "geometries") or ()):
            _add_geojson(shapes, member, depth + 1)
    elif isinstance(kind, str) and kind in _ADD:
        if coordinates := geometry.get("coordinates"):
            _add_nested(shapes, kind, coordinates)
    else:
        raise BadValue(kind, "geometry type", "one of " + ", ".join(_ADD))


def _add_nested(shapes: Shapes, kind: str, coordinates: object) -> None:
    """Adds coordinates of a kind; where they are nested otherwise than it says, the nesting counts."""
    depth, inner = 0, coordinates
    while isinstance(inner, (list, tuple)) and inner:
        depth, inner = depth + 1, cast(list[object], inner)[0]
    for kinds in _BY_DEPTH:
        if kind in kinds.values() and kind != (meant := kinds.get(depth, kind)):
            shapes.repairs.append(f"{kind} nested as a {meant}")
            kind = meant
    _ADD[kind](shapes, coordinates)


def bbox_corners(numbers: list[Any]) -> tuple[float, float, float, float]:
    """West, south, east, north of a list of four numbers, or of six with heights (RFC 7946 section 5)."""
    if len(numbers) not in (4, 6):
        raise BadValue(numbers, "bbox", "four numbers, or six with heights")
    half = len(numbers) // 2
    (west, south), (east, north) = position(numbers[:2]), position(numbers[half : half + 2])
    return west, south, east, north


def _list(value: object) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise BadValue(value, "geometry", "an array of coordinates")
    return list(cast(list[Any], value))


def _line(coordinates: object) -> list[Point]:
    return [position(point) for point in _list(coordinates)]


def _add_polygon(shapes: Shapes, coordinates: object) -> None:
    rings = [_line(ring) for ring in _list(coordinates)]
    if rings and rings[0]:
        shapes.polygons.append([ring for ring in rings if ring])


def _add_line(shapes: Shapes, coordinates: object) -> None:
    if line := _line(coordinates):
        shapes.lines.append(line)


def _add_lines(shapes: Shapes, coordinates: object) -> None:
    for line in _list(coordinates):
        _add_line(shapes, line)


def _add_polygons(shapes: Shapes, coordinates: object) -> None:
    for polygon in _list(coordinates):
        _add_polygon(shapes, polygon)


def _add_point(shapes: Shapes, coordinates: object) -> None:
    shapes.points.append(position(coordinates))


def _add_points(shapes: Shapes, coordinates: object) -> None:
    shapes.points += _line(coordinates)


_ADD: dict[str, Callable[[Shapes, object], None]] = {
    "Point": _add_point,
    "MultiPoint": _add_points,
    "LineString": _add_line,
    "MultiLineString": _add_lines,
    "Polygon": _add_polygon,
    "MultiPolygon": _add_polygons,
}
# what coordinates nested so deep can be, for each dimension
_BY_DEPTH = (
    {1: "Point", 2: "MultiPoint"},
    {2: "LineString", 3: "MultiLineString"},
    {3: "Polygon", 4: "MultiPolygon"},
)
_BY_WKT = {kind.upper(): kind for kind in _ADD}


def _add_wkt(shapes: Shapes, body: str, whole: str) -> None:
    found = _WKT.fullmatch(body)
    if not found:
        raise BadValue(whole, "geometry", "WKT such as POLYGON((lon lat, ...))")
    kind, content = found[1].upper(), found[2]
    if content.upper() == "EMPTY":
        return
    if kind == "GEOMETRYCOLLECTION":
        for member in _members(content[1:-1]):
            _add_wkt(shapes, member, whole)
    elif kind == "ENVELOPE":
        west, east, north, south = _envelope(content, whole)
        shapes.boxes.append(bbox_corners([west, south, east, north]))
    elif kind in _BY_WKT:
        _ADD[_BY_WKT[kind]](shapes, _coordinates(_BY_WKT[kind], content, whole))
    else:
        raise BadValue(kind, "geometry type", "one of " + ", ".join(_BY_WKT))


def _coordinates(kind: str, content: str, whole: str) -> Any:
    """The arrays of GeoJSON from the parentheses of WKT."""
    if "[" in content or "]" in content:
        raise BadValue(whole, "geometry", "WKT such as POLYGON((lon lat, ...))")
    try:
        arrays = json.loads(_POSITION.sub(_as_array, content).translate(str.maketrans("()", "[]")))
        if kind == "Point":
            return arrays[0]
        if kind == "MultiPoint":  # both ((1 2), (3 4)) and (1 2, 3 4) are in use
            return [point[0] if isinstance(point[0], list) else point for point in arrays]
    except (ValueError, RecursionError, IndexError, TypeError) as error:
        raise BadValue(whole, "geometry", "WKT such as POLYGON((lon lat, ...))") from error
    return arrays


def _as_array(found: re.Match[str]) -> str:
    return f"[{float(found[1])!r},{float(found[2])!r}]"


def _members(content: str) -> list[str]:
    """The members of a geometry collection: each begins with the name of its kind, outside of parentheses."""
    starts: list[int] = []
    depth = 0
    for found in re.finditer(r"[()]|[A-Za-z]+", content):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and _MEMBER.fullmatch(found[0]) and found[0].upper() != "EMPTY":
            starts.append(found.start())
    ends = [*starts[1:], len(content)]
    return [content[start:end].strip().rstrip(",") for start, end in zip(starts, ends, strict=True)]


def _envelope(content: str, whole: str) -> list[float]:
    try:
        west, east, north, south = (float(part) for part in content[1:-1].split(","))
    except ValueError as error:
        raise BadValue(whole, "geometry", "ENVELOPE(west, east, north, south)") from error
    return [west, east, north, south]
