"""Footprints as elements of GML 3 and of GeoRSS."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..footprint import Footprint
from ..xml import Builder, Element, to_text

_WGS84 = "urn:ogc:def:crs:EPSG::4326"
_WGS84_OF_GML2 = "http://www.opengis.net/gml/srs/epsg.xml#4326"


def write_georss(footprint: Footprint, make: Builder) -> Element:
    """The one GeoRSS element of a footprint: a simple one where that can say it, else GML in `where`."""
    kind, coordinates = footprint.geojson["type"], footprint.geojson["coordinates"]
    if kind == "Point":
        return make("georss:point", _text([coordinates]))
    if kind == "LineString":
        return make("georss:line", _text(coordinates))
    if kind == "Polygon" and len(coordinates) == 1:
        return make("georss:polygon", _text(coordinates[0]))
    return make("georss:where", "", None, write_gml(footprint, make, "gml31"))


def write_gml(footprint: Footprint, make: Builder, prefix: str = "gml", gml_id: str = "") -> Element:
    """The GML 3 geometry of a footprint, latitude first: MultiSurface, MultiCurve or MultiPoint; members are
    numbered below `gml_id`."""
    return _GmlWriter(make, prefix, gml_id).geometry(footprint)


def write_gml2_text(footprint: Footprint) -> str:
    """The GML 2 geometry of a footprint as text, latitude first, as DHuS writes it."""
    make = Builder({"gml": "http://www.opengis.net/gml"})
    kind, coordinates = footprint.geojson["type"], footprint.geojson["coordinates"]
    single = kind.removeprefix("Multi")
    parts = [_gml2(make, single, part) for part in (coordinates if kind != single else [coordinates])]
    if kind != single:
        member = single[0].lower() + single[1:] + "Member"
        parts = [make(f"gml:{kind}", "", None, *(make(f"gml:{member}", "", None, part) for part in parts))]
    parts[0].set("srsName", _WGS84_OF_GML2)
    return to_text(parts[0])


def _gml2(make: Builder, kind: str, coordinates: Any) -> Element:
    """A polygon, line or point."""
    if kind != "Polygon":
        positions = [coordinates] if kind == "Point" else coordinates
        return make(f"gml:{kind}", "", None, make("gml:coordinates", _tuples(positions)))
    edges = [
        make(
            f"gml:{'innerBoundaryIs' if number else 'outerBoundaryIs'}",
            "",
            None,
            make("gml:LinearRing", "", None, make("gml:coordinates", _tuples(ring))),
        )
        for number, ring in enumerate(coordinates)
    ]
    return make("gml:Polygon", "", None, *edges)


class _GmlWriter:
    def __init__(self, make: Builder, prefix: str, gml_id: str):
        self.make, self.prefix, self.gml_id, self.count = make, prefix, gml_id, 0

    def geometry(self, footprint: Footprint) -> Element:
        kind, coordinates = footprint.geojson["type"], footprint.geojson["coordinates"]
        parts = coordinates if kind.startswith("Multi") else [coordinates]
        outer, member, part = {
            "Polygon": ("MultiSurface", "surfaceMember", self.polygon),
            "LineString": ("MultiCurve", "curveMember", self.line),
            "Point": ("MultiPoint", "pointMember", self.point),
        }[kind.removeprefix("Multi")]
        whole = self.element(outer, self.numbered() | {"srsName": _WGS84})
        whole.extend(self.element(member, None, part(coordinates)) for coordinates in parts)
        return whole

    def element(self, name: str, attributes: dict[str, str] | None = None, *children: Element) -> Element:
        return self.make(f"{self.prefix}:{name}", "", attributes, *children)

    def numbered(self) -> dict[str, str]:
        if not self.gml_id:
            return {}
        self.count += 1
        return {f"{self.prefix}:id": f"{self.gml_id}-{self.count}"}

    def positions(self, coordinates: list[list[float]]) -> Element:
        return self.make(f"{self.prefix}:posList", _text(coordinates))

    def polygon(self, rings: list[list[list[float]]]) -> Element:
        edges = [
            self.element(
                "interior" if number else "exterior",
                None,
                self.element("LinearRing", None, self.positions(ring)),
            )
            for number, ring in enumerate(rings)
        ]
        return self.element("Polygon", self.numbered(), *edges)

    def line(self, coordinates: list[list[float]]) -> Element:
        return self.element("LineString", self.numbered(), self.positions(coordinates))

    def point(self, coordinates: list[float]) -> Element:
        position = self.make(f"{self.prefix}:pos", _text([coordinates]))
        return self.element("Point", self.numbered(), position)


def _text(coordinates: Iterable[list[float]]) -> str:
    """Latitudes and longitudes as decimals, without exponent."""
    return " ".join(_decimal(number) for lon, lat in coordinates for number in (lat, lon))


def _tuples(coordinates: Iterable[list[float]]) -> str:
    """The same as GML 2 has it, with commas between the two."""
    return " ".join(f"{_decimal(lat)},{_decimal(lon)}" for lon, lat in coordinates)


def _decimal(number: float) -> str:
    return f"{number:.7f}".rstrip("0").rstrip(".")
