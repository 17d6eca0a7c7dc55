"""Areas of GML in feedback, read as rings."""

from __future__ import annotations

from typing import Any, Protocol

from ...eo.xml import Element, attributes_of, descendants, local_name, text_of

_LEAST_RING = 4


class Teller(Protocol):
    """Whoever notes what could not be read."""

    def tell(self, where: str, reason: str) -> None:
        """Note it."""
        ...


def ring(reader: Teller, element: Element, where: str) -> list[list[float]] | None:
    """The outer ring of the first polygon in an element, longitude first; None when there is none."""
    polygons = [*descendants(element, "Polygon"), *descendants(element, "PolygonPatch")]
    if not polygons:
        reader.tell(where, "an area that is no polygon is not kept")
        return None
    if len(polygons) > 1:
        reader.tell(where, "only the first of several areas is kept")
    if next(descendants(polygons[0], "interior"), None) is not None:
        reader.tell(where, "holes are not kept")
    outer = next(descendants(polygons[0], "exterior"), polygons[0])
    pairs = _pairs(outer)
    if len(pairs) < _LEAST_RING - 1:
        reader.tell(where, "a polygon without positions is not kept")
        return None
    if _is_latitude_first(polygons[0], element, pairs):
        pairs = [[second, first] for first, second in pairs]
    return pairs if pairs[0] == pairs[-1] else [*pairs, pairs[0]]


def _pairs(outer: Element) -> list[list[float]]:
    numbers: list[float] = []
    size = 2
    for each in outer.iter():
        if local_name(each) in ("posList", "pos", "coordinates"):
            size = 3 if attributes_of(each).get("srsDimension") == "3" else 2
            numbers += _floats(text_of(each).replace(",", " "))
    return [numbers[at : at + 2] for at in range(0, len(numbers) - size + 1, size)]


def _floats(text: str) -> list[float]:
    try:
        return [float(number) for number in text.split()]
    except ValueError:
        return []


def _is_latitude_first(polygon: Any, element: Element, pairs: list[list[float]]) -> bool:
    """EPSG has latitude first in its own notations; a number that can be no latitude decides."""
    if any(abs(first) > 90 for first, _ in pairs):
        return False
    if any(abs(second) > 90 for _, second in pairs):
        return True
    told = next((name for each in element.iter() if (name := attributes_of(each).get("srsName", ""))), "")
    return "EPSG" in told and not told.upper().startswith("EPSG:") and "4326" in told
