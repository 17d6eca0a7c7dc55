"""The coordinate reference systems of our OGC APIs (OGC 18-058r1): WGS 84, in both orders of axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from .errors import BadValue

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# latitude first
EPSG4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
SYSTEMS = (CRS84, EPSG4326)


def checked_crs(value: str | None, where: str) -> str:
    """The system that a parameter names, CRS84 unless it is given; BadValue for one that is not offered."""
    asked = CRS84 if value is None else value.removeprefix("<").removesuffix(">")
    if asked not in SYSTEMS:
        raise BadValue(value, where, " or ".join(SYSTEMS))
    return asked


def in_crs(node: Any, crs: str) -> Any:
    """A document in CRS84 as it is in another of the systems."""
    return node if crs == CRS84 else swapped(node)


def swapped(node: Any) -> Any:
    """A GeoJSON geometry, or anything that has geometries and boxes in it, with the two axes the other way
    round."""
    if isinstance(node, list):
        return [swapped(each) for each in cast(list[Any], node)]
    if not isinstance(node, Mapping):
        return node
    turned = {"coordinates": _positions, "bbox": swapped_box}
    about = cast(Mapping[str, Any], node)
    return {name: turned.get(name, swapped)(value) for name, value in about.items()}


def swapped_box(numbers: Any) -> Any:
    """The two corners of a box with the axes the other way round; what is no list of four or six stays."""
    if not isinstance(numbers, list) or len(cast(list[Any], numbers)) not in (4, 6):
        return cast(Any, numbers)
    given = cast(list[Any], numbers)
    half = len(given) // 2
    return [each for corner in (given[:half], given[half:]) for each in _position(corner)]


def _positions(given: Any) -> Any:
    if not isinstance(given, (list, tuple)) or not given:
        return cast(Any, given)
    members = cast(list[Any], given)
    if isinstance(members[0], (list, tuple)):
        return [_positions(each) for each in members]
    return _position(members)


def _position(numbers: list[Any]) -> list[Any]:
    return [*reversed(numbers[:2]), *numbers[2:]]
