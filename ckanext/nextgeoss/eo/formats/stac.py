"""STAC items and collections: reads versions 0.6 to 1.1, writes 1.1.0 (github.com/radiantearth/stac-spec)."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any, cast
from urllib.parse import unquote

from ..errors import BadRecord, BadValue
from ..page import Page
from ..product import Problem, Product, Value
from ..properties import Properties, load_properties
from ..temporal import ALWAYS, TemporalExtent
from .feature import read_footprint
from .loose_json import link, mapping, text
from .stac_assets import read_assets
from .stac_collection import read_collection
from .stac_names import decoded, upgraded
from .stac_write import OPEN_TIME, write_item, write_page

__all__ = ["read_collection", "read_item", "read_page", "write_item", "write_page"]

_COLLECTION_PATH = re.compile(r"/collections/([^/?#]+)/?(?:[?#].*)?$")
_EMPTY: tuple[object, ...] = (None, "", [], {})
# what services write for nothing
SILENT = frozenset({"n/a", "none", "null", "nan", "[]", "{}"})


def read_item(
    item: Any,
    *,
    position: int = 0,
    collection: str = "",
    properties: Properties | None = None,
    silent: Container[str] = (),
) -> Product:
    """The product of an item; problems are noted with it, without id or collection it is a BadRecord.

    `position` of the item in its answer is for messages; `collection` is used when the item names none.
    Texts that are `silent` (in lower case) say nothing; those in SILENT never are a number or a time."""
    if not isinstance(item, dict):
        raise BadRecord("not a STAC item but " + type(item).__name__, position)
    item = cast(dict[str, Any], item)
    fields = upgraded(mapping(item.get("properties")))
    problems: list[Problem] = []
    return Product(
        id=_identifier(item, fields, position),
        collection=_collection_of(item, fields, position, collection),
        title=text(fields.get("title")),
        footprint=read_footprint(item, problems),
        time=_time(fields, problems),
        properties=_properties(
            fields, load_properties() if properties is None else properties, problems, silent
        ),
        assets=read_assets(item, problems),
        problems=tuple(problems),
    )


def read_page(answer: Mapping[str, Any]) -> Page:
    """The page of an item collection; `next` is the address of its next link."""
    features = cast(list[Any], answer.get("features") or [])
    total = answer.get("numberMatched", mapping(answer.get("context")).get("matched"))
    return Page(
        products=tuple(read_item(feature, position=index) for index, feature in enumerate(features)),
        total=total if isinstance(total, int) else None,
        next=link(answer, "next"),
    )


def _identifier(item: Mapping[str, Any], fields: Mapping[str, Any], position: int) -> str:
    if identifier := text(item.get("id")) or text(fields.get("id")):  # STAC 0.5 had it among the properties
        return identifier
    raise BadRecord("no id", position)


def _collection_of(item: Mapping[str, Any], fields: Mapping[str, Any], position: int, default: str) -> str:
    named = item.get("collection") or fields.get("collection") or fields.get("c:id")
    if found := text(named) or _collection_link(item) or default:
        return found
    raise BadRecord(f"item {item.get('id')} names no collection", position)


def _collection_link(item: Mapping[str, Any]) -> str:
    """The id in a link `.../collections/<id>`."""
    found = _COLLECTION_PATH.search(link(item, "collection"))
    return unquote(found[1]) if found else ""


def _time(fields: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """The pair start_datetime, end_datetime where it can be used, else datetime."""
    if isinstance(own := fields.get(OPEN_TIME), str):
        return _extent(OPEN_TIME, own, problems)
    start, end = (text(fields.get(name)) for name in ("start_datetime", "end_datetime"))
    pair = _extent("start_datetime/end_datetime", f"{start}/{end}", problems) if start or end else ALWAYS
    instant = text(fields.get("datetime"))
    return pair or (_extent("datetime", instant, problems) if instant else ALWAYS)


def _extent(where: str, text: str, problems: list[Problem]) -> TemporalExtent:
    try:
        return TemporalExtent.parse(text)
    except BadValue as error:
        problems.append(Problem(where, error.reason))
        return ALWAYS


def _properties(
    fields: Mapping[str, Any], rows: Properties, problems: list[Problem], silent: Container[str]
) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, row in rows.readings(tuple(fields)):
        value = fields[name]
        if row.name in found or (not value and value in _EMPTY):
            continue
        if isinstance(value, str):
            said = value.strip().lower()
            if said in silent or (row.type != "text" and said in SILENT):
                continue
        try:
            is_text = row.type == "text" and isinstance(value, str)
            parsed = rows.parsed(row.name, value) if is_text else row.parse(decoded(name, value))
        except BadValue as error:
            problems.append(Problem(f"properties.{name}", error.reason))
            continue
        if parsed != ():
            found[row.name] = parsed
    return found
