"""The collection search of a STAC API (extension collection-search 1.0.0-rc.1) with its own extensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.cql2 import Vocabulary
from ..eo.errors import BadValue, nearest
from ..eo.filter import PLACE, Filter, all_of
from ..eo.formats.stac_fields import LEAST_COLLECTION, Fields
from ..eo.free_text import plain, words_in
from ..eo.property import OWN_PREFIX, Property
from ..eo.query import Query
from .collection_terms import COLLECTION_SORTABLE, COLLECTION_TERMS
from .stac_conditions import FILTER, asked_conditions, asked_filter, asked_sort
from .stac_members import members_of_get
from .stac_query import MOST, asked_box, asked_fields, asked_limit, asked_text, asked_time, check_names
from .stac_queryables import GEOMETRY, described, schema

NAMES = ("limit", "bbox", "datetime", "q", "query", "sortby", "fields", "token", *FILTER)
_STAC_NAMES = {"start": "start_datetime", "end": "end_datetime", "products": f"{OWN_PREFIX}products"}
_ROWS = {_STAC_NAMES.get(row.name, row.name): row for row in COLLECTION_TERMS.values()}
_ROWS["datetime"] = COLLECTION_TERMS["start"]


@dataclass(frozen=True, slots=True)
class CollectionSearch:
    """What is asked of collections: `keep` and `sort` as `search_collections` takes them."""

    query: Query
    keep: Filter | None
    sort: tuple[tuple[str, str], ...]
    fields: Fields


def collection_search(asked: Mapping[str, str]) -> CollectionSearch:
    """The search for a page of collections; its token is how many were on the pages before."""
    check_names(asked, NAMES)
    members = members_of_get(asked)
    text = asked_text(members.get("q"))
    query = Query(
        any_words=tuple(words_in(text)) if plain(text) else (),
        text=None if plain(text) else text,
        footprint=asked_box(members.get("bbox")),
        time=asked_time(members.get("datetime")),
        limit=asked_limit(members.get("limit"), usual=MOST),
        offset=_offset(asked.get("token", "")),
    )
    sort = tuple(asked_sort(members.get("sortby"), _order))
    return CollectionSearch(query, _keep(members), sort, asked_fields(members, LEAST_COLLECTION))


def collection_queryables(address: str, title: str) -> dict[str, Any]:
    """The schema at `address` of what can be asked of collections."""
    found = {stac: described(stac, row, None) for stac, row in _ROWS.items()}
    return schema({**found, **GEOMETRY}, address, title)


def collection_sortables(address: str, title: str) -> dict[str, Any]:
    """The schema of what collections can be sorted by."""
    rows = {stac: row for stac, row in _ROWS.items() if row.name in COLLECTION_SORTABLE}
    return schema({stac: described(stac, row, None) for stac, row in rows.items()}, address, title)


def _keep(members: Mapping[str, Any]) -> Filter | None:
    names = Vocabulary(row_of=lambda name: _row(name, "filter"), places=(PLACE,), spans=("datetime",))
    conditions = asked_conditions(members.get("query"), _row)
    parts = (*conditions, asked_filter(members, names))
    found = [part for part in parts if part is not None]
    return all_of(*found) if found else None


def _order(name: str) -> str:
    row = _row(name, "sortby")
    if row.name not in COLLECTION_SORTABLE:
        raise BadValue(name, "sortby", "a property with one value")
    return row.name


def _row(name: str, where: str) -> Property:
    if row := _ROWS.get(name):
        return row
    near = nearest(name, _ROWS)
    raise BadValue(name, where, f"one of {', '.join(_ROWS)}" + (f"; did you mean {near}?" if near else ""))


def _offset(token: str) -> int:
    if not token:
        return 0
    if not token.isdecimal() or len(token) > 9:
        raise BadValue(token, "token", "the token of a next link")
    return int(token)
