"""Where granules and collections of NASA's Common Metadata Repository are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import BadValue
from ..footprint import Footprint
from .loose_json import array, mapping


def geometry_of(umm: Mapping[str, Any]) -> list[tuple[str, Callable[[], Footprint | None]]]:
    """The places in a granule or a collection that may tell its area, the most exact first."""
    domain = mapping(mapping(umm.get("SpatialExtent")).get("HorizontalSpatialDomain"))
    about = mapping(domain.get("Geometry"))
    return [
        (name, lambda read=read, name=name: united_geometry(read(about.get(name)))) for name, read in _READERS
    ]


def united_geometry(parts: list[dict[str, Any]]) -> Footprint | None:
    """The footprint of several geometries together; None without any."""
    return Footprint.from_geojson({"type": "GeometryCollection", "geometries": parts}) if parts else None


def _polygons(said: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in array(said):
        about = mapping(entry)
        outer = _points(about.get("Boundary"))
        holes = [_points(hole) for hole in array(mapping(about.get("ExclusiveZone")).get("Boundaries"))]
        if outer:
            found.append({"type": "Polygon", "coordinates": [outer, *filter(None, holes)]})
    return found


def _boxes(said: Any) -> list[dict[str, Any]]:
    return [
        polygon_of_box(*(number(mapping(entry).get(f"{side}BoundingCoordinate")) for side in _SIDES))
        for entry in array(said)
    ]


def polygon_of_box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """The GeoJSON geometry of a box in degrees, which may cross 180 degrees."""
    return Footprint.from_bbox(west, south, east, north).geojson


def _lines(said: Any) -> list[dict[str, Any]]:
    lines = [_points(entry) for entry in array(said)]
    return [{"type": "LineString", "coordinates": line} for line in lines if line]


def _single_points(said: Any) -> list[dict[str, Any]]:
    return [{"type": "Point", "coordinates": point} for point in _points({"Points": said})]


def _points(about: Any) -> list[list[float]]:
    return [
        [number(mapping(point).get(name)) for name in ("Longitude", "Latitude")]
        for point in array(mapping(about).get("Points"))
    ]


def number(value: Any) -> float:
    """A coordinate from a number or its text; BadValue for anything else."""
    try:
        if not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadValue(value, "coordinate", "a number of degrees")


_SIDES = ("West", "South", "East", "North")
_READERS = (
    ("GPolygons", _polygons),
    ("BoundingRectangles", _boxes),
    ("Lines", _lines),
    ("Points", _single_points),
)
