"""Where a product is: one normalised geometry on WGS 84, longitude first."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import affinity

from . import fast_json
from .errors import BadValue
from .mending import WORLD_AREA, Geometry, cut_edges, mended, parts_of
from .outline import MAX_EDGE, Box, Outline, boxes_of
from .shapes import Shapes, bbox_corners, read_geojson, read_numbers, read_wkt

# how package.spatial_text begins, which writes keys in order
_STORED = '{"coordinates":'
_GEORSS = ("point", "line", "polygon", "box")
_GML = {"pos": "point", "point": "point", "linestring": "line", "polygon": "polygon", "envelope": "box"}


def geojson_of_wkb(data: bytes) -> dict[str, Any]:
    """The GeoJSON geometry of well-known binary, as it is; BadValue when it is none."""
    try:
        return json.loads(shapely.to_geojson(shapely.from_wkb(data)))
    except (shapely.errors.ShapelyError, TypeError, ValueError) as error:
        raise BadValue(data[:20].hex(), "geometry", "well-known binary") from error


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Areas, or lines or points: split at 180 degrees, closed on the poles, valid, flat, on a grid of 1e-7
    degrees, no edge over 180 degrees. Equal when normalised to the same geometry, whatever was repaired."""

    # for shapely; made when it is asked for where the outline says all
    _shape: Geometry
    # what had to be mended when it was read
    repairs: tuple[str, ...] = ()
    _outline: Outline | None = None
    # of what was stored
    _geojson: dict[str, Any] | None = None

    @classmethod
    def from_geojson(cls, value: object) -> Footprint | None:
        """From a geometry, Feature, collection or bbox list of GeoJSON, or its text; None when empty."""
        return _normalised(read_geojson(value))

    @classmethod
    def stored(cls, text: str) -> Footprint | None:
        """From the text that `geojson` was stored as, which is not normalised again; any other text is."""
        if not text.startswith(_STORED):
            return cls.from_geojson(text)
        return cls(None, (), None, fast_json.loads(text))

    @classmethod
    def from_wkt(cls, text: str) -> Footprint | None:
        """From WKT or EWKT in WGS 84, longitude first; None when it is empty."""
        return _normalised(read_wkt(text))

    @classmethod
    def from_wkb(cls, digits: str) -> Footprint | None:
        """From WKB or EWKB in hexadecimal digits, WGS 84, longitude first; None when it is empty."""
        try:
            shape = shapely.from_wkb(digits)
        except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
            raise BadValue(digits[:40], "geometry", "WKB in hexadecimal digits") from error
        return None if shape.is_empty else cls.from_geojson(shapely.geometry.mapping(shape))

    @classmethod
    def from_georss(cls, kind: str, text: str) -> Footprint | None:
        """From the text of a GeoRSS point, line, polygon or box (OGC 17-002r1); None when empty."""
        if kind not in _GEORSS:
            raise BadValue(kind, "GeoRSS kind", "one of " + ", ".join(_GEORSS))
        return _normalised(read_numbers(kind, text))

    @classmethod
    def from_gml(cls, kind: str, text: str, *, axis: str = "lat lon", dimension: int = 2) -> Footprint | None:
        """From the positions of GML 2 or 3: `kind` is point, linestring, polygon or envelope, or just pos,
        posList or coordinates, where a closed list is a polygon; None when empty."""
        meant = _GML.get(kind.lower())
        if meant is None:
            shapes = read_numbers("line", text, axis, dimension)
            closed = [line for line in shapes.lines if len(line) > 3 and line[0] == line[-1]]
            shapes.polygons, shapes.lines = [[line] for line in closed], [] if closed else shapes.lines
            return _normalised(shapes)
        return _normalised(read_numbers(meant, text, axis, dimension))

    @classmethod
    def from_bbox(cls, west: float, south: float, east: float, north: float) -> Footprint:
        """From a box in degrees; west greater than east crosses the antimeridian, any width is right."""
        if south > north:
            raise BadValue([west, south, east, north], "bbox", "south not greater than north")
        footprint = _normalised(Shapes(boxes=[bbox_corners([west, south, east, north])]))
        assert footprint is not None
        return footprint

    @property
    def shape(self) -> Geometry:
        """The geometry of shapely."""
        if self._shape is None and self._geojson is not None:
            object.__setattr__(self, "_shape", shapely.geometry.shape(self._geojson))
        elif self._shape is None and self._outline is not None:
            areas = [shapely.polygons(ring) for ring in self._outline.rings]
            object.__setattr__(self, "_shape", areas[0] if len(areas) == 1 else shapely.multipolygons(areas))
        return self._shape

    @property
    def geojson(self) -> dict[str, Any]:
        """The GeoJSON geometry (RFC 7946)."""
        if self._geojson is not None:
            return self._geojson
        if self._outline is not None:
            return self._outline.geojson
        found = shapely.geometry.mapping(self.shape)
        return {"type": found["type"], "coordinates": _lists(found["coordinates"])}

    @property
    def wkt(self) -> str:
        """Plain WKT with up to 7 decimals."""
        if self._outline is not None:
            return self._outline.wkt
        return shapely.to_wkt(self.shape, rounding_precision=7, trim=True)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """West, south, east, north; west is greater than east when it crosses the antimeridian."""
        boxes = boxes_of(self._geojson) if self._geojson else None
        boxes = boxes or (
            self._outline.boxes if self._outline else [part.bounds for part in parts_of(self.shape)]
        )
        west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
        east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
        if west > -180 or east < 180:
            return west, south, east, north
        spans = sorted((box[0], box[2]) for box in boxes)
        gap, end = (0.0, 0.0, 0.0), -180.0
        for low, high in spans:
            gap = max(gap, (low - end, low, end))
            end = max(end, high)
        return (gap[1], south, gap[2], north) if gap[0] > 0 else (west, south, east, north)

    @property
    def centroid(self) -> tuple[float, float]:
        """Longitude and latitude of the centre, also when it crosses the antimeridian."""
        west, _, east, _ = self.bbox
        shape = self.shape
        if west > east:
            moved = [affinity.translate(p, 360.0) if p.bounds[0] < west else p for p in parts_of(shape)]
            shape = shapely.geometrycollections(moved)
        centre = shapely.centroid(shape)
        x = centre.x - 360 if centre.x > 180 else centre.x
        return round(x, 7) + 0.0, round(centre.y, 7) + 0.0

    @property
    def area(self) -> float:
        """Planar area in square degrees; 0 for lines and points."""
        return float(self.shape.area)

    @property
    def border(self) -> Footprint | None:
        """What bounds it, as OGC Simple Features has it: the edges of areas, the ends of lines; None of
        points and of closed lines."""
        found = shapely.boundary(self.shape)
        return None if found is None or found.is_empty else Footprint(found)

    def solr_wkt(self) -> str:
        """One value for a JTS spatial field of Solr, in documents and queries: edges of at most 60 degrees,
        the whole world as ENVELOPE."""
        if self._outline is not None:
            return self._outline.wkt
        if self.area > WORLD_AREA:
            return "ENVELOPE(-180,180,90,-90)"
        shape = cut_edges(self.shape, MAX_EDGE)
        return shapely.to_wkt(shape, rounding_precision=7, trim=True)

    def intersects(self, other: Footprint) -> bool:
        """Whether they share a point."""
        return bool(shapely.intersects(self.shape, other.shape))

    def within(self, other: Footprint) -> bool:
        """Whether this one lies in the other."""
        return bool(shapely.within(self.shape, other.shape))

    def contains(self, other: Footprint) -> bool:
        """Whether the other lies in this one."""
        return other.within(self)

    def with_repairs(self, earlier: Iterable[str]) -> Footprint:
        """The same footprint, for which something had to be mended before it was read."""
        repairs = tuple(dict.fromkeys((*earlier, *self.repairs)))
        return Footprint(self._shape, repairs, self._outline)

    def __eq__(self, other: object) -> bool:
        return self._key() == other._key() if isinstance(other, Footprint) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, ...]:
        return Footprint, (self.shape, self.repairs, self._outline)

    def _boxes(self) -> list[Box]:
        if self._geojson is not None:
            return boxes_of(self._geojson)
        return self._outline.boxes if self._outline else [part.bounds for part in parts_of(self.shape)]

    def _key(self) -> bytes:
        return shapely.to_wkb(self.shape)


def _normalised(shapes: Shapes) -> Footprint | None:
    """The footprint of what was written; of a usual scene the outline is enough."""
    if outline := Outline.of(shapes):
        footprint = Footprint(None, tuple(dict.fromkeys(shapes.repairs)), outline)
        if outline.convex or footprint.shape.is_valid:
            return footprint
    shape, repairs = mended(shapes)
    return None if shape is None else Footprint(shape, tuple(dict.fromkeys(repairs)))


def _lists(coordinates: Any) -> Any:
    return [_lists(part) for part in coordinates] if isinstance(coordinates, (list, tuple)) else coordinates
