"""Geometries as JSON services really give them: GeoJSON, WKT, WKB, boxes and points in many shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadValue
from ..footprint import Footprint
from .loose_json import array, mapping

_WKB = re.compile(r"0[01][0-9A-Fa-f]{40,}")
_NUMBERS = re.compile(r"[-+0-9.eE,;\s]+")
_LETTERS = re.compile(r"[^a-z]")
_ALLOWED = "GeoJSON, WKT, WKB in hex, a box (west, south, east, north) or longitude and latitude"
# by side: beginnings of the names that members of a box have, in small letters
_BOX = (
    ("west", "xmin", "minx", "lonmin", "minlon", "longitudemin", "minlongitude"),
    ("south", "ymin", "miny", "latmin", "minlat", "latitudemin", "minlatitude"),
    ("east", "xmax", "maxx", "lonmax", "maxlon", "longitudemax", "maxlongitude"),
    ("north", "ymax", "maxy", "latmax", "maxlat", "latitudemax", "maxlatitude"),
)
_POINT = (
    ("longitude", "pointlongitude", "decimallongitude", "lon", "long", "lng", "x"),
    ("latitude", "pointlatitude", "decimallatitude", "lat", "y"),
)
# members that hold a geometry themselves (DataCite 4, ESRI)
_HOLDERS = ("geoLocationPolygon", "geoLocationBox", "geoLocationPoint", "polygonPoint", "geometry", "extent")


def read_any_geometry(value: Any) -> Footprint | None:
    """The footprint of a value in any of these shapes; None for an empty one, BadValue for any other."""
    if value in (None, "", [], {}):
        return None
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, list):
        return _of_list(cast(list[Any], value))
    if isinstance(value, dict):
        return _of_members(cast(dict[str, Any], value))
    raise BadValue(value, "geometry", _ALLOWED)


def _of_text(text: str) -> Footprint | None:
    if text.startswith(("{", "[")):
        return Footprint.from_geojson(text) if text.startswith("{") else _of_list(_numbers(text.strip("[]")))
    if _WKB.fullmatch(text):
        return Footprint.from_wkb(text)
    if _NUMBERS.fullmatch(text):
        return _of_list(_numbers(text))
    return Footprint.from_wkt(text)


def _numbers(text: str) -> list[Any]:
    return [_number(part) for part in re.split(r"[,;\s]+", text) if part.strip("[]")]


def _number(value: Any) -> float:
    try:
        if not isinstance(value, bool):
            return float(value.strip("[] ") if isinstance(value, str) else value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadValue(value, "geometry", _ALLOWED)


def _of_list(items: list[Any]) -> Footprint | None:
    if all(isinstance(item, dict) for item in items):
        return _united(items)
    if all(isinstance(item, list) for item in items):
        return _of_pairs([[_number(each) for each in array(item)[:2]] for item in items])
    numbers = [_number(item) for item in items]
    if len(numbers) == 2:
        return Footprint.from_geojson({"type": "Point", "coordinates": numbers})
    return Footprint.from_geojson(numbers)


def _of_pairs(pairs: list[list[float]]) -> Footprint | None:
    """The opposite corners of a box, a ring, or a line."""
    if any(len(pair) != 2 for pair in pairs):
        raise BadValue(pairs, "geometry", _ALLOWED)
    if len(pairs) == 2:
        return _box(*pairs[0], *pairs[1])
    if len(pairs) > 3 and pairs[0] == pairs[-1]:
        return Footprint.from_geojson({"type": "Polygon", "coordinates": [pairs]})
    return Footprint.from_geojson({"type": "LineString", "coordinates": pairs})


def _box(west: float, south: float, east: float, north: float) -> Footprint | None:
    if (west, south) == (east, north):
        return Footprint.from_geojson({"type": "Point", "coordinates": [west, south]})
    return Footprint.from_geojson([west, south, east, north])


def _of_members(about: Mapping[str, Any]) -> Footprint | None:
    if isinstance(about.get("type"), str) and ("coordinates" in about or "geometry" in about):
        return Footprint.from_geojson(about)
    if sides := _named(about, _BOX):
        return _box(*sides)
    if pair := _named(about, _POINT):
        return Footprint.from_geojson({"type": "Point", "coordinates": pair})
    if isinstance(rings := about.get("rings"), list):
        return Footprint.from_geojson({"type": "Polygon", "coordinates": cast(list[Any], rings)})
    for name in _HOLDERS:
        if about.get(name):
            return _ring(about[name]) or read_any_geometry(about[name])
    return Footprint.from_geojson(dict(about))  # says what is wrong


def _ring(value: Any) -> Footprint | None:
    """The area of a list of points with names; None for anything else."""
    points = [mapping(item) for item in array(value)]
    corners = [_named(mapping(point.get("polygonPoint", point)), _POINT) for point in points]
    pairs = [corner for corner in corners if corner]
    return _of_pairs([*pairs, pairs[0]]) if len(pairs) > 2 and len(pairs) == len(points) else None


def _united(items: list[Any]) -> Footprint | None:
    if found := _ring(items):
        return found
    parts: list[Any] = []
    reasons: list[BadValue] = []
    for item in items:
        try:
            if part := read_any_geometry(item):
                parts.append(part.geojson)
        except BadValue as error:  # such as the name of a place among places
            reasons.append(error)
    if reasons and not parts:
        raise reasons[0]
    return Footprint.from_geojson({"type": "GeometryCollection", "geometries": parts}) if parts else None


def _named(about: Mapping[str, Any], sides: tuple[tuple[str, ...], ...]) -> list[float]:
    """A number for each side, by any of its names; nothing when one is not there."""
    members = {_LETTERS.sub("", name.lower()): value for name, value in about.items()}
    found = [next(_matching(members, names), None) for names in sides]
    return [_number(value) for value in found] if None not in found else []


def _matching(members: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[Any]:
    """The values of members that begin with one of these names; of short ones, only that are it."""
    for name in names:
        for member, value in members.items():
            is_it = member.startswith(name) if len(name) > 3 else member == name
            if is_it and not isinstance(value, (dict, list)) and value is not None:
                yield value
