"""What is wrong with geometries as they are stored, many at once."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely

from . import fast_json

# degrees, with some of rounding
_LIMITS = (180 + 1e-6, 90 + 1e-6) * 2


def geometry_faults(texts: Sequence[str]) -> list[str]:
    """For each text of a GeoJSON geometry what is wrong with it; "" when it is one that lies within the
    world, with closed rings, none of which crosses itself or another."""
    if not texts:
        return []
    shapes = shapely.from_geojson(list(texts), on_invalid="ignore")
    boxes: list[list[float]] = shapely.bounds(shapes).tolist()
    are_valid: list[bool] = shapely.is_valid(shapes).tolist()
    found: list[str] = []
    for text, shape, box, is_valid in zip(texts, shapes, boxes, are_valid, strict=True):
        if shape is None:
            found.append(_why_not_read(text))
        elif shape.is_empty:
            found.append("empty geometry")
        elif any(abs(degrees) > limit for degrees, limit in zip(box, _LIMITS, strict=True)):
            found.append("outside the world: " + ", ".join(f"{degrees:g}" for degrees in box))
        else:
            found.append("" if is_valid else str(shapely.is_valid_reason(shape)))
    return found


def _why_not_read(text: str) -> str:
    try:
        geometry = fast_json.loads(text)
        if any(ring[0] != ring[-1] for ring in _rings(geometry)):
            return "a ring is not closed"
    except (ValueError, TypeError, LookupError):
        pass
    return "no GeoJSON geometry"


def _rings(geometry: dict[str, Any]) -> Iterator[list[Any]]:
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    for polygon in polygons.get(geometry["type"], []):
        yield from polygon
