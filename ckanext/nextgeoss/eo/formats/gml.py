"""Geometries of GML 2 and 3, as elements and as text, and of GeoRSS: reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from ..errors import BadAnswer, BadValue
from ..footprint import Footprint
from ..xml import Element, attributes_of, children, descendants, local_name, parse_xml, text_of

Pair: TypeAlias = tuple[float, float]
LAT_LON, LON_LAT = "lat lon", "lon lat"
_LATITUDE = 90.0
_OUTER, _INNER = ("exterior", "outerBoundaryIs"), ("interior", "innerBoundaryIs")
_AREAS, _LINES = ("Polygon", "PolygonPatch"), ("LineString", "LineStringSegment")


# a piece of a document, whose prefix may have been declared where it was cut out
_WHOLE = '<geometry xmlns:gml="http://www.opengis.net/gml">{}</geometry>'
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.S)
_ALLOWED = "a GML geometry with coordinates such as 1.5,2.5 3.5,4.5"


def read_gml_text(value: Any, where: str, *, axis: str = LAT_LON) -> Footprint | None:
    """The footprint of GML that a record holds as text; None for no text, BadValue for any other."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadValue(value, where, _ALLOWED)
    try:
        whole = parse_xml(_WHOLE.format(_DECLARATION.sub("", value)).encode("utf-8", "replace"))
        found = read_gml(whole, axis=axis)
    except (BadAnswer, ValueError) as error:
        raise BadValue(value, where, _ALLOWED) from error
    if found is None:
        raise BadValue(value, where, _ALLOWED)
    return found


def read_gml(element: Element, *, axis: str = LAT_LON) -> Footprint | None:
    """The footprint of all geometries in an element: of its areas, without them of its lines, its boxes or
    its points.

    `axis` is the order of the two numbers, which `srsName` does not tell: providers write the same one for
    both. Where it cannot be meant, as a latitude would be over 90 degrees, it is the other."""
    areas = [rings for name in _AREAS for area in descendants(element, name) if (rings := _rings(area))]
    if areas:
        return _footprint("MultiPolygon", areas, axis)
    if lines := [pairs for name in _LINES for line in descendants(element, name) if (pairs := _pairs(line))]:
        return _footprint("MultiLineString", lines, axis)
    for name in ("Envelope", "Box"):
        for box in descendants(element, name):
            numbers = " ".join(f"{first} {second}" for first, second in _pairs(box))
            return Footprint.from_gml("envelope", numbers, axis=axis)
    points = [pair for point in descendants(element, "Point") for pair in _pairs(point)[:1]]
    return _footprint("MultiPoint", points, axis) if points else None


def georss_kinds(element: Element) -> list[str]:
    """The kinds of GeoRSS elements in an element, the most exact first."""
    return [
        kind
        for kind in ("polygon", "where", "line", "point", "box")
        if any(True for _ in children(element, kind))
    ]


def read_georss_kind(element: Element, kind: str) -> Footprint | None:
    """The footprint of all GeoRSS elements of a kind; None when they are empty."""
    if kind == "where":
        found = [read_gml(where) for where in children(element, kind)]
    else:
        found = [Footprint.from_georss(kind, text_of(simple)) for simple in children(element, kind)]
    return united([footprint for footprint in found if footprint])


def united(footprints: list[Footprint]) -> Footprint | None:
    """One footprint of several, with what had to be mended in each."""
    if len(footprints) < 2:
        return footprints[0] if footprints else None
    parts = [footprint.geojson for footprint in footprints]
    whole = Footprint.from_geojson({"type": "GeometryCollection", "geometries": parts})
    repairs = [repair for footprint in footprints for repair in footprint.repairs]
    return whole and whole.with_repairs(repairs)


def _footprint(kind: str, pairs: Any, axis: str) -> Footprint | None:
    """The footprint of nested positions in this order, unless one of them can only be in the other."""
    latitude = 0 if axis == LAT_LON else 1
    swapped = _beyond(pairs, latitude) and not _beyond(pairs, 1 - latitude)
    is_longitude_first = (latitude == 1) is not swapped
    found = Footprint.from_geojson({"type": kind, "coordinates": _ordered(pairs, is_longitude_first)})
    return found.with_repairs(["axes swapped"]) if found and swapped else found


def _rings(area: Element) -> list[list[Pair]]:
    """The outer ring of an area and those of its holes; nothing when the outer one encloses none."""
    rings = [_pairs(ring) for name in _OUTER for ring in children(area, name)]
    holes = [pairs for name in _INNER for ring in children(area, name) if (pairs := _pairs(ring))]
    return [rings[0], *holes] if rings and len(rings[0]) > 2 else []


def _pairs(element: Element) -> list[Pair]:
    """All positions in an element, without heights."""
    found: list[Pair] = []
    for part in element.iter():
        name = local_name(part)
        if name in ("pos", "lowerCorner", "upperCorner"):
            found += _grouped(text_of(part), 0)
        elif name == "posList":
            found += _grouped(text_of(part), _dimension(part))
        elif name == "coordinates":
            tuples = text_of(part).split()
            if any("," in each for each in tuples):
                found += [pair for each in tuples for pair in _grouped(each.replace(",", " "), 0)]
            else:
                found += _grouped(" ".join(tuples), 2)
    return found


def _grouped(text: str, dimension: int) -> list[Pair]:
    """Positions of so many numbers each; 0: a single one."""
    try:
        numbers = [float(part) for part in text.replace(",", " ").split()]
    except ValueError as error:
        raise BadValue(text, "GML positions", "numbers") from error
    size = dimension or max(len(numbers), 2)
    if len(numbers) % size:
        raise BadValue(text, "GML positions", f"{size} numbers for each position")
    return list(zip(numbers[0::size], numbers[1::size], strict=True))


def _dimension(element: Element) -> int:
    """How many numbers a position has, as said here or further out."""
    for holder in (element, *element.iterancestors()):
        attributes = attributes_of(holder)
        said = attributes.get("srsDimension") or attributes.get("dimension")
        if said in ("2", "3"):
            return int(said)
    return 2


def _beyond(nested: Any, index: int) -> bool:
    return any(abs(pair[index]) > _LATITUDE for pair in _flat(nested))


def _flat(nested: Any) -> Iterator[Pair]:
    for part in nested:
        if isinstance(part, tuple):
            yield part
        else:
            yield from _flat(part)


def _ordered(nested: Any, is_longitude_first: bool) -> Any:
    """The same positions with longitudes first."""
    return [
        ([part[0], part[1]] if is_longitude_first else [part[1], part[0]])
        if isinstance(part, tuple)
        else _ordered(part, is_longitude_first)
        for part in nested
    ]
