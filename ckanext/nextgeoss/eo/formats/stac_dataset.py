"""A STAC collection as an item: catalogues of data sets that have no items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .loose_json import array, link, mapping, text, texts

# members that an item has among its properties, besides those with a prefix (`sci:doi`)
_MEMBERS = ("title", "description", "keywords", "license", "version", "deprecated", "created", "updated")


def item_of_collection(document: Mapping[str, Any]) -> dict[str, Any]:
    """An item that says what the collection says of itself: its extent, and what its summaries have one value
    of or list as an item would."""
    extent = mapping(document.get("extent"))
    start, end = _interval(mapping(extent.get("temporal")))
    said = {name: value for name, value in document.items() if name in _MEMBERS or ":" in name}
    times = {"datetime": None, "start_datetime": start, "end_datetime": end} if start or end else {}
    return {
        "type": "Feature",
        "stac_version": document.get("stac_version"),
        "id": document.get("id"),
        "collection": document.get("id"),
        "geometry": _box(mapping(extent.get("spatial"))),
        "properties": {**_summaries(document), **said, **_providers(document), **times},
        "assets": {**_links(document), **mapping(document.get("assets"))},
        "links": document.get("links"),
    }


def _links(document: Mapping[str, Any]) -> dict[str, Any]:
    """What links lead to, as assets: the description itself, and an image."""
    ways = {"description": (link(document, "self"), "metadata", "application/json"),
            "preview": (link(document, "preview"), "thumbnail", None)}  # fmt: skip
    return {
        key: {"href": href, "roles": [role], "type": kind} for key, (href, role, kind) in ways.items() if href
    }


def _summaries(document: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    said = {**mapping(document.get("properties")), **mapping(document.get("summaries"))}
    for name, values in said.items():
        if not isinstance(values, list):
            if not {"minimum", "maximum"} & set(mapping(values)):  # a range is no value
                found[name] = values
        elif len(array(values)) == 1 and name != "instruments":
            found[name] = array(values)[0]
        elif all(isinstance(value, str) for value in array(values)):
            found[name] = values
    return found


def _providers(document: Mapping[str, Any]) -> dict[str, Any]:
    names = texts([mapping(entry).get("name") for entry in array(document.get("providers"))])
    return {"providers": [{"name": name} for name in names]} if names else {}


def _interval(temporal: Mapping[str, Any]) -> tuple[str, str]:
    """Start and end of the whole; the first interval is that."""
    first = array(next(iter(array(temporal.get("interval"))), None))
    return (text(first[0]), text(first[1])) if len(first) == 2 else ("", "")


def _box(spatial: Mapping[str, Any]) -> list[Any] | None:
    boxes = array(spatial.get("bbox"))
    return array(boxes[0]) or boxes if boxes else None
