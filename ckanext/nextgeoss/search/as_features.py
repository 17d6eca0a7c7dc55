"""A Query as the parameters of the items of a collection in OGC API Features."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..eo.properties import Properties
from ..eo.query import Query
from .as_cql2 import condition_text, place_text, quoted_text
from .said import Said, box_of, box_text, ends_of, sort_keys, written_otherwise
from .terms import TERMS, fit_domain, sortable

# what may be the id of a dataset, which OGC APIs do not find
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)


def as_features(query: Query, properties: Properties) -> Said:
    """What features_query reads as the same query of the one collection that it is about."""
    start, end = ends_of(query.time)
    box = None if query.relation != "intersects" else box_of(query.footprint)
    said = {each: condition_text(each, properties) for each in query.conditions}
    parts = [text for text in said.values() if text]
    if query.footprint and not box:
        parts.insert(0, place_text(query.footprint, query.relation))
    if query.ids and plain_ids(query):
        parts.append(f"id IN ({', '.join(map(quoted_text, query.ids))})")
    order, unordered = _asked_order(query, properties)
    asked: dict[str, Any] = {
        "bbox": box_text(box) if box else "",
        "datetime": f"{start or '..'}/{end or '..'}" if query.time else "",
        "filter": " AND ".join(parts),
        "sortby": order,
        "limit": str(query.limit),
    }
    unsaid = (
        *_unsaid(query),
        *([] if plain_ids(query) else ["id"]),
        *(each.property for each, text in said.items() if not text),
        *unordered,
    )
    return Said({name: value for name, value in asked.items() if value}, unsaid)


def plain_ids(query: Query) -> bool:
    """Whether all identifiers are those of products."""
    return not any(_UUID.fullmatch(each) for each in query.ids)


def _asked_order(query: Query, properties: Properties) -> tuple[str, tuple[str, ...]]:
    """`sortby`, and the names that cannot be sorted by."""
    known = {*TERMS, *properties} & set(sortable(properties))
    keys, unsaid = sort_keys(query, lambda name: name if name in known or fit_domain(name) else "")
    return ",".join(("-" if way == "desc" else "") + name for name, way in keys), unsaid


def _unsaid(query: Query) -> Iterator[str]:
    parts = {
        "q": query.words or query.any_words,
        "time_relation": query.time_relation != "intersects",
        "latest": query.latest,
    }
    yield from (name for name, given in parts.items() if given)
    yield from written_otherwise(query)
