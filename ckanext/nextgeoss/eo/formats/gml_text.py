"""Geometries of GML 2 that records hold as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ..errors import BadAnswer, BadValue
from ..footprint import Footprint
from ..xml import Element, descendants, parse_xml

_ALLOWED = "a GML 2 geometry with coordinates such as 1.5,2.5 3.5,4.5"
_LATITUDE = 90.0
# a piece of a document, whose prefix may have been declared where it was cut out
_WHOLE = '<geometry xmlns:gml="http://www.opengis.net/gml">{}</geometry>'
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.S)
# kinds of GML, and the GeoJSON geometry that holds any number of them
_KINDS = (("LineString", "MultiLineString"), ("Point", "MultiPoint"))


def read_gml(value: Any, where: str, *, axis: str = "lat lon") -> Footprint | None:
    """The footprint of all polygons of a GML text, without polygons of its lines or points; None for no text.

    `axis` is the order of the two numbers, which `srsName` does not tell: providers write the same one for
    both. Where it cannot be meant, as a latitude would be over 90 degrees, it is the other."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadValue(value, where, _ALLOWED)
    try:
        shapes = _shapes(parse_xml(_WHOLE.format(_DECLARATION.sub("", value)).encode("utf-8", "replace")))
    except (BadAnswer, ValueError) as error:
        raise BadValue(value, where, _ALLOWED) from error
    if not any(True for _, nested in shapes for _ in _flat(nested)):
        raise BadValue(value, where, _ALLOWED)
    latitude = 0 if axis == "lat lon" else 1
    swapped = _beyond(shapes, latitude) and not _beyond(shapes, 1 - latitude)
    latitude = 1 - latitude if swapped else latitude
    found = Footprint.from_geojson({"type": "GeometryCollection", "geometries": _ordered(shapes, latitude)})
    return replace(found, repairs=("axes swapped", *found.repairs)) if found and swapped else found


def _shapes(root: Element) -> list[tuple[str, Any]]:
    """GeoJSON types and coordinates, in the order of the text."""
    polygons = [
        [_pairs(ring) for ring in descendants(polygon, "coordinates")]
        for polygon in descendants(root, "Polygon")
    ]
    found: list[tuple[str, Any]] = [("MultiPolygon", polygons)] if polygons else []
    for name, kind in _KINDS if not polygons else ():
        parts = [_pairs(part) for one in descendants(root, name) for part in descendants(one, "coordinates")]
        found.append((kind, [pair for part in parts for pair in part] if kind == "MultiPoint" else parts))
    return found


def _pairs(coordinates: Element) -> list[list[float]]:
    """The positions of a text in which commas are within a position, blanks between them."""
    tuples = [part.split(",") for part in "".join(coordinates.itertext()).split()]
    return [[float(first), float(second)] for first, second, *_ in tuples]


def _beyond(shapes: list[tuple[str, Any]], index: int) -> bool:
    return any(abs(pair[index]) > _LATITUDE for _, nested in shapes for pair in _flat(nested))


def _flat(nested: Any) -> Iterator[list[float]]:
    for part in nested:
        if part and isinstance(part[0], float):
            yield part
        else:
            yield from _flat(part)


def _ordered(shapes: list[tuple[str, Any]], latitude: int) -> list[dict[str, Any]]:
    """The geometries with longitudes first."""
    for _, nested in shapes if latitude == 0 else ():
        for pair in _flat(nested):
            pair.reverse()
    return [{"type": kind, "coordinates": nested} for kind, nested in shapes]
