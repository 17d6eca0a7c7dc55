"""Footprints as GML 3 and as GeoRSS, in XML text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from ..footprint import Footprint
from ..xml_text import holder

Geometry: TypeAlias = Mapping[str, Any]

_WGS84 = ' srsName="urn:ogc:def:crs:EPSG::4326"'
# an area that may be anywhere
WORLD = "<georss:box>-90 -180 90 180</georss:box>"


def write_georss(footprint: Footprint, geometry: Geometry) -> str:
    """The one GeoRSS element of a footprint, as simple as the schema of OGC 10-032 wants it: an area without
    its holes; of several areas, lines or points the box, west greater than east across the antimeridian.
    `geometry` is its GeoJSON."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    if kind == "Polygon":
        return f"<georss:polygon>{_positions(coordinates[0])}</georss:polygon>"
    if kind == "Point":
        return f"<georss:point>{_positions([coordinates])}</georss:point>"
    if kind == "LineString":
        return f"<georss:line>{_positions(coordinates)}</georss:line>"
    return write_box(footprint.bbox)


def write_box(bbox: tuple[float, float, float, float]) -> str:
    """The GeoRSS box of west, south, east and north: `south west north east`."""
    west, south, east, north = bbox
    return f"<georss:box>{_positions([(west, south), (east, north)])}</georss:box>"


def write_gml(geometry: Geometry, gml_id: str) -> str:
    """The GML 3.2 geometry of the GeoJSON of a footprint, latitude first: MultiSurface, MultiCurve or
    MultiPoint; what is in it is numbered below `gml_id`."""
    kind, coordinates = geometry["type"], geometry["coordinates"]
    parts = coordinates if kind.startswith("Multi") else [coordinates]
    outer, member, write = _KINDS[kind.removeprefix("Multi")]
    members = [
        f"<gml:{member}>{write(part, f'{gml_id}-{number}')}</gml:{member}>"
        for number, part in enumerate(parts, 2)
    ]
    return holder(f"gml:{outer}", "".join(members), f' gml:id="{gml_id}-1"{_WGS84}')


def _polygon(rings: Any, gml_id: str) -> str:
    edges = [
        f"<gml:{edge}><gml:LinearRing><gml:posList>{_positions(ring)}</gml:posList></gml:LinearRing></gml:{edge}>"
        for edge, ring in zip(("exterior", *["interior"] * (len(rings) - 1)), rings, strict=True)
    ]
    return f'<gml:Polygon gml:id="{gml_id}">{"".join(edges)}</gml:Polygon>'


def _line(coordinates: Any, gml_id: str) -> str:
    positions = _positions(coordinates)
    return f'<gml:LineString gml:id="{gml_id}"><gml:posList>{positions}</gml:posList></gml:LineString>'


def _point(coordinates: Any, gml_id: str) -> str:
    return f'<gml:Point gml:id="{gml_id}"><gml:pos>{_positions([coordinates])}</gml:pos></gml:Point>'


_KINDS: dict[str, tuple[str, str, Callable[[Any, str], str]]] = {
    "Polygon": ("MultiSurface", "surfaceMember", _polygon),
    "LineString": ("MultiCurve", "curveMember", _line),
    "Point": ("MultiPoint", "pointMember", _point),
}


def _positions(coordinates: Iterable[Any]) -> str:
    """Latitudes and longitudes as decimals without exponent; those of footprints have seven at most."""
    numbers = [number for lon, lat in coordinates for number in (lat, lon)]
    text = " ".join(map(repr, numbers))
    if "e" in text:
        text = " ".join([f"{number:.7f}".rstrip("0").rstrip(".") for number in numbers])
    return text.replace(".0 ", " ").removesuffix(".0")
