"""Footprints in GML 2, as DHuS tells them."""

from __future__ import annotations

from typing import Any

from ..footprint import Footprint

_TOP = 'srsName="http://www.opengis.net/gml/srs/epsg.xml#4326" xmlns:gml="http://www.opengis.net/gml"'


def write_gml2(footprint: Footprint) -> str:
    """The geometry of a footprint as text, latitude first."""
    geometry = footprint.geojson
    kind, coordinates = geometry["type"], geometry["coordinates"]
    single = kind.removeprefix("Multi")
    if kind == single:
        return _element(kind, _content(kind, coordinates), _TOP)
    member = single[0].lower() + single[1:] + "Member"
    parts = (_element(member, _element(single, _content(single, each))) for each in coordinates)
    return _element(kind, "".join(parts), _TOP)


def _content(kind: str, coordinates: Any) -> str:
    """What is in a polygon, line or point."""
    if kind != "Polygon":
        return _positions([coordinates] if kind == "Point" else coordinates)
    names = ["outerBoundaryIs", *["innerBoundaryIs"] * (len(coordinates) - 1)]
    rings = (_element("LinearRing", _positions(ring)) for ring in coordinates)
    return "".join(_element(name, ring) for name, ring in zip(names, rings, strict=True))


def _positions(coordinates: Any) -> str:
    return _element("coordinates", " ".join(f"{_decimal(lat)},{_decimal(lon)}" for lon, lat in coordinates))


def _decimal(number: float) -> str:
    return f"{number:.7f}".rstrip("0").rstrip(".")


def _element(name: str, content: str, attributes: str = "") -> str:
    return f"<gml:{name}{' ' if attributes else ''}{attributes}>{content}</gml:{name}>"
