"""STAC items and collections that people give us to keep: what cannot be used is an error, not a note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..collection import Collection
from ..errors import BadRecord, BadValue
from ..footprint import Footprint
from ..product import Product
from ..properties import Properties
from ..temporal import TemporalExtent
from .loose_json import array, mapping
from .stac import read_item
from .stac_collection import read_collection
from .stac_others import read_others

# what the members are called in messages, and what they may be
_TEXT, _OBJECT, _ARRAY = ("a text", str), ("an object", dict), ("an array", list)
_ITEM = {
    "id": _TEXT, "type": _TEXT, "collection": _TEXT, "geometry": _OBJECT, "bbox": _ARRAY,
    "properties": _OBJECT, "assets": _OBJECT, "links": _ARRAY,
}  # fmt: skip
_COLLECTION = {
    "id": _TEXT, "type": _TEXT, "title": _TEXT, "description": _TEXT, "license": _TEXT, "keywords": _ARRAY,
    "providers": _ARRAY, "extent": _OBJECT, "summaries": _OBJECT, "assets": _OBJECT, "links": _ARRAY,
}  # fmt: skip
# without which a document says too little to take the place of another
_NEEDED = {"Feature": ("type", "properties"), "Collection": ("type", "description")}
_ADDRESS = re.compile(r"(?!javascript:|data:|vbscript:)[a-z][a-z0-9+.-]*://\S", re.I)


class BadMember(BadValue):
    """A member of a document that cannot be used, with the reason in words."""

    def __init__(self, where: str, said: str):
        self._said = said
        super().__init__("", where, said)

    @property
    def reason(self) -> str:
        """The message without the place."""
        return self._said


def given_item(document: Any, collection: str, properties: Properties, identifier: str = "") -> Product:
    """The product of an item that belongs to `collection`, and is called `identifier` where that is given;
    BadValue names the member that cannot be used. Of a geometry that was mended the notes are kept."""
    item = _checked(document, _ITEM, "Feature", identifier)
    if item.get("collection", collection) != collection:
        raise BadValue(item["collection"], "collection", f"{collection}, as in the address")
    _check_footprint(item.get("geometry"), "geometry")
    try:
        product = read_item({**item, "collection": collection}, properties=properties)
    except BadRecord as error:
        raise BadMember("id", error.reason) from error
    for problem in product.problems:
        if problem.where != "geometry":
            raise BadMember(problem.where, problem.reason)
    for asset in product.assets:
        if not asset.key:
            raise BadValue(asset.key, "assets", "assets with a name")
        if not _ADDRESS.match(asset.href):
            raise BadValue(asset.href, f"assets.{asset.key}.href", "an absolute address, such as https://...")
    return replace(product, others=read_others(mapping(item.get("properties")), properties))


def given_collection(document: Any, identifier: str = "") -> Collection:
    """The collection, called `identifier` where that is given; BadValue names the member that cannot be
    used."""
    about = _checked(document, _COLLECTION, "Collection", identifier)
    extent = mapping(about.get("extent"))
    _check_box(mapping(extent.get("spatial")).get("bbox"))
    _check_interval(mapping(extent.get("temporal")).get("interval"))
    try:
        return read_collection(about)
    except BadRecord as error:
        raise BadMember("id", error.reason) from error


def _checked(
    document: Any, kinds: Mapping[str, tuple[str, type]], kind: str, identifier: str
) -> dict[str, Any]:
    """The members that are not null; each of its kind."""
    if not isinstance(document, dict):
        raise BadValue(document, "body", f"a {kind}")
    members = {name: value for name, value in mapping(document).items() if value is not None}
    for name, (allowed, python) in kinds.items():
        if name in members and not isinstance(members[name], python):
            raise BadValue(members[name], name, allowed)
    for name in _NEEDED[kind]:
        if name not in members:
            raise BadMember(name, "is missing")
    if members["type"] != kind:
        raise BadValue(members["type"], "type", kind)
    named = members.setdefault("id", identifier)
    if not named.strip():
        raise BadValue(named, "id", "an identifier")
    if identifier and named != identifier:
        raise BadValue(named, "id", f"{identifier}, as in the address")
    return members


def _check_footprint(geometry: Any, where: str) -> None:
    try:
        Footprint.from_geojson(geometry)
    except BadValue as error:
        raise BadMember(where, error.reason) from error


def _check_box(boxes: Any) -> None:
    if boxes is not None:
        found = array(boxes)
        if not found or not isinstance(found[0], list):
            raise BadValue(boxes, "extent.spatial.bbox", "an array of boxes of four or six numbers")
        _check_footprint(found[0], "extent.spatial.bbox")


def _check_interval(intervals: Any) -> None:
    where, allowed = "extent.temporal.interval", "an array of pairs of times of RFC 3339 or null"
    if intervals is None:
        return
    first = array(next(iter(array(intervals)), None))
    if len(first) != 2 or not all(end is None or isinstance(end, str) for end in first):
        raise BadValue(intervals, where, allowed)
    try:
        TemporalExtent.of(first[0], first[1])
    except BadValue as error:
        raise BadMember(where, error.reason) from error
