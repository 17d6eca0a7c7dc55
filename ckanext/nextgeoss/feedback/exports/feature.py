"""Feedback as GeoJSON, under paths like those of OGC APIs."""

from __future__ import annotations

from typing import Any

from ..iso import BoundingBox, BoundingPolygon
from ..parts import write
from .entries import Entry, Page
from .places import areas

_TITLE = "Feedback of users"


def collections(root: str) -> dict[str, Any]:
    """The list of the one collection; `root` is the address of the service."""
    return {"links": _self(f"{root}/collections"), "collections": [collection(root)]}


def collection(root: str) -> dict[str, Any]:
    """The description of the collection."""
    address = f"{root}/collections/feedback"
    items = {"rel": "items", "href": f"{address}/items", "type": "application/geo+json"}
    return {"id": "feedback", "title": _TITLE, "itemType": "record", "links": [*_self(address), items]}


def items(page: Page, root: str) -> dict[str, Any]:
    """A page of items."""
    return {
        "type": "FeatureCollection",
        "numberMatched": page.total,
        "numberReturned": len(page.entries),
        "features": [item(each) for each in page.entries],
        "links": [
            *_self(page.self_address),
            {"rel": "collection", "href": f"{root}/collections/feedback", "type": "application/json"},
        ],
    }


def item(entry: Entry) -> dict[str, Any]:
    """An item: its first area as geometry, its parts as properties."""
    area = next(areas(entry.item), None)
    return {
        "type": "Feature",
        "id": entry.id,
        "geometry": _geometry(area) if area else None,
        "properties": {
            "created": entry.created, "updated": entry.updated, "author": entry.author,
            "replies": entry.replies, "reply_to": entry.reply_to or None, **write(entry.item),
        },
        "links": [{"rel": "alternate", "href": entry.address, "type": "text/html"}],
    }  # fmt: skip


def _geometry(area: BoundingBox | BoundingPolygon) -> dict[str, Any]:
    if isinstance(area, BoundingPolygon):
        return {"type": "Polygon", "coordinates": [[list(pair) for pair in area.polygon]]}
    west, east = area.west_bound_longitude, area.east_bound_longitude
    south, north = area.south_bound_latitude, area.north_bound_latitude
    if west <= east:
        return {"type": "Polygon", "coordinates": [_ring(west, south, east, north)]}
    halves = [[_ring(west, south, 180.0, north)], [_ring(-180.0, south, east, north)]]
    return {"type": "MultiPolygon", "coordinates": halves}


def _ring(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _self(address: str) -> list[dict[str, str]]:
    return [{"rel": "self", "href": address, "type": "application/json"}]
