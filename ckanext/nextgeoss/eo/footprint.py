"""Where a product is: one normalised geometry on WGS 84, longitude first; the only door to shapely."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely import affinity

from . import fast_json
from .errors import BadValue
from .outline import MAX_EDGE, Box, Outline, boxes_of
from .shapes import Shapes, bbox_corners, read_geojson, read_numbers, read_wkt
from .unwrap import Ring, unwrap_line, unwrap_ring

Geometry: TypeAlias = Any  # shapely has no types of its own

GRID = 1e-7  # degrees
# how package.spatial_text begins, which writes keys in order
_STORED = '{"coordinates":'
_WORLD_AREA = 360.0 * 180.0 - 1e-6
_SINGLE = ("Point", "LineString", "Polygon")
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
            self._outline.boxes if self._outline else [part.bounds for part in _parts(self.shape)]
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
            moved = [affinity.translate(p, 360.0) if p.bounds[0] < west else p for p in _parts(shape)]
            shape = shapely.geometrycollections(moved)
        centre = shapely.centroid(shape)
        x = centre.x - 360 if centre.x > 180 else centre.x
        return round(x, 7) + 0.0, round(centre.y, 7) + 0.0

    @property
    def area(self) -> float:
        """Planar area in square degrees; 0 for lines and points."""
        return float(self.shape.area)

    def solr_wkt(self) -> str:
        """One value for a JTS spatial field of Solr, in documents and queries: edges of at most 60 degrees,
        the whole world as ENVELOPE."""
        if self._outline is not None:
            return self._outline.wkt
        if self.area > _WORLD_AREA:
            return "ENVELOPE(-180,180,90,-90)"
        shape = _cut_edges(self.shape, MAX_EDGE)
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
        return self._outline.boxes if self._outline else [part.bounds for part in _parts(self.shape)]

    def _key(self) -> bytes:
        return shapely.to_wkb(self.shape)


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a footprint is, as an index takes it: `wkt` as of `solr_wkt`, `bbox` as of `bbox`."""

    wkt: str
    bbox: tuple[float, float, float, float]


def place_stored(texts: Sequence[str]) -> list[Placed | None]:
    """Where many footprints are that were stored as the GeoJSON of a `Footprint`: the same as reading each,
    at a fraction of the cost, because what is normalised is not normalised again. None: no geometry."""
    shapes = shapely.from_geojson(list(texts), on_invalid="ignore")
    bounds = shapely.bounds(shapes)
    wkts = shapely.to_wkt(shapes, rounding_precision=7, trim=True)
    wide = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) > MAX_EDGE
    around = (bounds[:, 0] <= -180) & (bounds[:, 2] >= 180)
    found: list[Placed | None] = []
    for shape, box, wkt, special in zip(shapes, bounds.tolist(), wkts, wide | around, strict=True):
        if shape is None or shape.is_empty:
            found.append(None)
        elif special:
            footprint = Footprint(shape)
            found.append(Placed(footprint.solr_wkt(), footprint.bbox))
        else:
            found.append(Placed(wkt, tuple(box)))
    return found


def _normalised(shapes: Shapes) -> Footprint | None:
    """The footprint of what was written; of a usual scene the outline is enough."""
    if outline := Outline.of(shapes):
        footprint = Footprint(None, tuple(dict.fromkeys(shapes.repairs)), outline)
        if outline.convex or footprint.shape.is_valid:
            return footprint
    return _mended(shapes)


def _mended(shapes: Shapes) -> Footprint | None:
    """The footprint of anything: its areas; without areas its lines, without lines its points."""
    repairs = list(shapes.repairs)
    area = _area(shapes, repairs)
    if area is not None:
        shape = _oriented(area)
    elif lines := [part for line in shapes.lines for part in _line(line, shapes)]:
        shape = _merged(lines)
    elif shapes.points:
        points = {(_wrapped(x), y) for x, y in shapes.points}
        shape = shapely.normalize(
            shapely.points(points.pop()) if len(points) == 1 else shapely.multipoints(list(points))
        )
    else:
        return None
    return Footprint(shape, tuple(dict.fromkeys(repairs)))


def _area(shapes: Shapes, repairs: list[str]) -> Geometry | None:
    """All areas as one; None without any, what is too thin to be one goes to the lines."""
    areas: list[Geometry] = []
    for rings in shapes.polygons:
        areas += _polygon(rings, shapes, repairs)
    for box in shapes.boxes:
        areas += _box(box, shapes, repairs)
    if not areas:
        return None
    whole = _union(areas)
    if whole.is_empty:  # nothing was left of it on the grid
        repairs.append("polygon without area")
        shapes.lines += [rings[0] for rings in shapes.polygons]
    return None if whole.is_empty else whole


def _polygon(rings: list[Ring], shapes: Shapes, repairs: list[str]) -> list[Geometry]:
    """The areas of one polygon; what has no area goes to the lines."""
    outer = _ring(rings[0], repairs)
    if not outer:
        repairs.append("polygon without area")
        shapes.lines.append(rings[0])
        return []
    holes = [part for ring in rings[1:] for part in _ring(ring, repairs)]
    if not holes:
        return outer
    return _areas(shapely.difference(_union(outer), _union(holes), grid_size=GRID))


def _ring(points: Ring, repairs: list[str]) -> list[Geometry]:
    """The areas a ring encloses, within -180..180; none when it has no area."""
    ring = _without_repeats(points)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    elif len(ring) > 2:
        repairs.append("ring closed")
    planar = _without_repeats(unwrap_ring(ring)) if len(ring) > 2 else []
    if len(planar) < 3:
        return []
    area = shapely.polygons(planar)
    if not area.is_valid:
        area = shapely.make_valid(area, method="structure", keep_collapsed=False)
        area = shapely.set_precision(area, GRID)
        if area.is_empty:
            return []
        repairs.append("self-crossing ring repaired")
    return _areas(_folded(area))


def _without_repeats(points: Ring) -> Ring:
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def _box(box: tuple[float, float, float, float], shapes: Shapes, repairs: list[str]) -> list[Geometry]:
    """The area of a box of any width; a box of no width or height goes to the lines."""
    west, south, east, north = box
    if south > north:
        south, north = north, south
        repairs.append("south and north of a box swapped")
    if west > east:
        east += 360 * math.ceil((west - east) / 360)
    east = min(east, west + 360)
    if west == east or south == north:
        steps = max(1, math.ceil((east - west) / MAX_EDGE))
        shapes.lines.append([(west + (east - west) * step / steps, south) for step in range(steps + 1)])
        shapes.lines[-1].append((east, north))
        return []
    return _areas(_folded(shapely.box(west, south, east, north)))


def _line(points: Ring, shapes: Shapes) -> list[Geometry]:
    """The parts of a line within -180..180; a line of no length goes to the points."""
    shape = shapely.linestrings(unwrap_line(points)) if len(points) > 1 else shapely.Point(points[0])
    parts = [part for part in _parts(_folded(shape)) if part.length > GRID / 2]
    if not parts:
        shapes.points.append(points[0])
    return parts


def _folded(shape: Geometry) -> Geometry:
    """A geometry of any longitudes brought into -180..180, cut there."""
    west, _, east, _ = shape.bounds
    if west >= -180 and east <= 180:
        return shape
    pieces: list[Geometry] = []
    for turn in range(math.floor((west + 180) / 360), math.ceil((east - 180) / 360) + 1):
        window = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        piece = shapely.intersection(shape, window, grid_size=GRID)
        pieces.append(_snapped(affinity.translate(piece, -360.0 * turn)))
    return shapely.unary_union(pieces, grid_size=GRID)


def _merged(lines: list[Geometry]) -> Geometry:
    """The one way to write lines: on the grid, cut where they cross, otherwise as long as they can be."""
    noded = shapely.unary_union(lines, grid_size=GRID)
    return shapely.normalize(_snapped(shapely.line_merge(noded)))


def _union(areas: list[Geometry]) -> Geometry:
    return areas[0] if len(areas) == 1 else shapely.unary_union(areas, grid_size=GRID)


def _oriented(shape: Geometry) -> Geometry:
    """The one way to write an area: on the grid, long edges cut, counter-clockwise, in order."""
    shape = _snapped(shape)
    if shape.area > _WORLD_AREA:
        shape = shapely.box(-180, -90, 180, 90)
    west, _, east, _ = shape.bounds
    if east - west > 180 and _longest_edge(shape) > 180:
        shape = _cut_edges(shape, MAX_EDGE)
    return shapely.orient_polygons(shapely.normalize(shape))


def _cut_edges(shape: Geometry, length: float) -> Geometry:
    """Edges longer than this (degrees) cut into equal parts."""
    west, south, east, north = shape.bounds
    if math.hypot(east - west, north - south) <= length:
        return shape
    cut = _snapped(shapely.segmentize(shape, length))
    return cut if cut.is_valid else shapely.set_precision(cut, GRID)


def _longest_edge(shape: Geometry) -> float:
    """Degrees of longitude of the longest edge."""
    rings = shapely.get_rings(shapely.get_parts(shape))
    return max(float(np.abs(np.diff(shapely.get_coordinates(ring)[:, 0])).max()) for ring in rings)


def _snapped(shape: Geometry) -> Geometry:
    return shapely.transform(shape, lambda coordinates: np.round(coordinates, 7) + 0.0)


def _areas(shape: Geometry) -> list[Geometry]:
    return [part for part in _parts(shape) if part.geom_type == "Polygon" and part.area > 0]


def _parts(shape: Geometry) -> list[Geometry]:
    if shape.geom_type in _SINGLE:
        return [shape]
    return list(shapely.get_parts(shapely.get_parts(shape)))


def _wrapped(x: float) -> float:
    return x if -180 <= x <= 180 else round((x + 180) % 360 - 180, 7)


def _lists(coordinates: Any) -> Any:
    return [_lists(part) for part in coordinates] if isinstance(coordinates, (list, tuple)) else coordinates
