"""Footprints as the map takes them: GeoJSON features with a name, a title and an address."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from ..eo.footprint import Footprint

_DECIMALS = 3
Box = tuple[float, float, float, float]


def feature(name: str, title: str, url: str, geometry: Mapping[str, Any]) -> dict[str, Any]:
    """A GeoJSON feature (RFC 7946), coordinates to about 100 m."""
    return {
        "type": "Feature",
        "id": name,
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
        "properties": {"title": title, "url": url},
    }


def stored_geometry(dataset: Mapping[str, Any]) -> dict[str, Any] | None:
    """The geometry a dataset is stored with; None when there is none or it cannot be read."""
    try:
        geometry = json.loads(dataset.get("spatial") or "null")
    except ValueError:
        return None
    good = isinstance(geometry, dict) and "coordinates" in geometry and "type" in geometry
    return geometry if good else None


def feature_collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The collection of these features."""
    return {"type": "FeatureCollection", "features": list(features)}


def box_text(box: Box | None) -> str:
    """A box as the map and the form write it; "" when there is none."""
    return ",".join(f"{number:.6g}" for number in box) if box else ""


def frame(features: Iterable[Mapping[str, Any]]) -> str:
    """The box around stored geometries, as text; "" without any, the world when one crosses 180 degrees."""
    points = [point for each in features for point in _points(each["geometry"]["coordinates"])]
    if not points:
        return ""
    longitudes, latitudes = zip(*points, strict=True)
    return box_text((min(longitudes), min(latitudes), max(longitudes), max(latitudes)))


def footprint_frame(footprint: Footprint | None) -> str:
    """The box around one footprint, west greater than east when it crosses 180 degrees."""
    return box_text(footprint.bbox) if footprint else ""


def _points(coordinates: Any) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, int | float):
        return round(coordinates, _DECIMALS)
    return [_rounded(part) for part in coordinates]
