"""Footprints as GML 3, GeoRSS and WKT, in text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..footprint import Footprint
from ..xml_text import holder

_WGS84 = ' srsName="urn:ogc:def:crs:EPSG::4326"'
# an area that may be anywhere
WORLD = "<georss:box>-90 -180 90 180</georss:box>"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A footprint whose positions are text, latitude first: by part, and of an area by ring, the outer one
    first; `kind` is that of GeoJSON."""

    kind: str
    parts: Sequence[Sequence[str]]
    coordinates: Any
    footprint: Footprint


def draw(footprint: Footprint) -> Drawing:
    """The drawing of a footprint."""
    geometry = footprint.geojson
    kind, coordinates = geometry["type"], geometry["coordinates"]
    parts = coordinates if kind.startswith("Multi") else [coordinates]
    if kind.endswith("Polygon"):
        texts = [[_positions(ring) for ring in rings] for rings in parts]
    else:
        texts = [[_positions([part] if kind.endswith("Point") else part)] for part in parts]
    return Drawing(kind, texts, coordinates, footprint)


def write_georss(drawing: Drawing) -> str:
    """The one GeoRSS element of a footprint, as simple as the schema of OGC 10-032 wants it: an area without
    its holes; of several areas, lines or points the box, west greater than east across the antimeridian."""
    if drawing.kind in _GEORSS:
        name = _GEORSS[drawing.kind]
        return f"<georss:{name}>{drawing.parts[0][0]}</georss:{name}>"
    return write_box(drawing.footprint.bbox)


def write_box(bbox: tuple[float, float, float, float]) -> str:
    """The GeoRSS box of west, south, east and north: `south west north east`."""
    west, south, east, north = bbox
    return f"<georss:box>{_positions([(west, south), (east, north)])}</georss:box>"


def write_gml(drawing: Drawing, gml_id: str) -> str:
    """The GML 3.2 geometry of a footprint: MultiSurface, MultiCurve or MultiPoint; what is in it is numbered
    below `gml_id`."""
    outer, member, write = _GML[drawing.kind.removeprefix("Multi")]
    members = [
        f"<gml:{member}>{write(part, f'{gml_id}-{number}')}</gml:{member}>"
        for number, part in enumerate(drawing.parts, 2)
    ]
    return holder(f"gml:{outer}", "".join(members), f' gml:id="{gml_id}-1"{_WGS84}')


def write_wkt(drawing: Drawing) -> str:
    """The well-known text of a footprint, which says all of it; longitude first."""
    point = drawing.kind == "Point"
    return f"{drawing.kind.upper()} {_listed([drawing.coordinates] if point else drawing.coordinates)}"


def _listed(coordinates: Any) -> str:
    if isinstance(coordinates[0][0], (int, float)):
        return f"({', '.join([f'{lon!r} {lat!r}' for lon, lat in coordinates])})"
    return f"({', '.join(map(_listed, coordinates))})"


def _polygon(rings: Sequence[str], gml_id: str) -> str:
    edges = [f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing>" for ring in rings]
    holes = [f"<gml:interior>{edge}</gml:interior>" for edge in edges[1:]]
    whole = f"<gml:exterior>{edges[0]}</gml:exterior>{''.join(holes)}"
    return f'<gml:Polygon gml:id="{gml_id}">{whole}</gml:Polygon>'


def _line(positions: Sequence[str], gml_id: str) -> str:
    return f'<gml:LineString gml:id="{gml_id}"><gml:posList>{positions[0]}</gml:posList></gml:LineString>'


def _point(positions: Sequence[str], gml_id: str) -> str:
    return f'<gml:Point gml:id="{gml_id}"><gml:pos>{positions[0]}</gml:pos></gml:Point>'


_GEORSS = {"Polygon": "polygon", "Point": "point", "LineString": "line"}
_GML: dict[str, tuple[str, str, Callable[[Sequence[str], str], str]]] = {
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
