"""A Query as the members of a search of our STAC API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..eo.properties import Properties
from ..eo.query import Condition, Query
from .said import Said, box_of, ends_of, plain, sort_keys, written_otherwise
from .stac_conditions import OPERATORS
from .stac_terms import FIT_FIRST, stac_names
from .terms import fit_domain

_WORD_OF = {operator: word for word, operator in OPERATORS.items()}
_PLACE_FUNCTIONS = {"within": "s_within", "contains": "s_contains", "disjoint": "s_disjoint"}
# what is between quotes, or a word
_PARTS = re.compile(r'"[^"]*"|\S+')
_OPERATOR = re.compile(r"AND|OR|NOT|[+-].*|.*[(),].*", re.S)
# names of items that say more than one of ours does
_DATETIME = {"start": "datetime", "end": "end_datetime"}


def as_stac(query: Query, properties: Properties) -> Said:
    """What stac_query reads as the same query."""
    names = _names(properties)
    apart = query.relation != "intersects"
    place = None if apart else query.footprint
    box = box_of(place)
    start, end = ends_of(query.time)
    unsaid = list(_unsaid(query))
    asked: dict[str, dict[str, Any]] = {}
    for condition in query.conditions:
        if condition.property in names and condition.operator in (*_WORD_OF, "between"):
            asked.setdefault(names[condition.property], {}).update(_condition(condition))
        else:
            unsaid.append(condition.property)
    sort, unsorted = sort_keys(query, lambda name: _order(name, names))
    said: dict[str, Any] = {
        "q": [_plain_words(query.words)] if query.words else list(map(_plain_words, query.any_words)),
        "ids": list(query.ids),
        "collections": list(query.collections),
        "bbox": list(map(plain, box)) if box else None,
        "intersects": place.geojson if place and not box else None,
        "datetime": f"{start or '..'}/{end or '..'}" if query.time else None,
        "query": asked,
        "filter": _relation(query) if apart and query.footprint else None,
        "sortby": [{"field": f"properties.{name}", "direction": way} for name, way in sort],
        "limit": query.limit,
    }
    unsaid += unsorted
    return Said({name: value for name, value in said.items() if value}, tuple(unsaid))


def _names(properties: Properties) -> dict[str, str]:
    """The name in STAC of each term and property, the first that it has."""
    found = dict(_DATETIME)
    for stac, row in stac_names(properties):
        found.setdefault(row.name, stac)
    return found


def _order(name: str, names: dict[str, str]) -> str:
    domain = fit_domain(name)
    return f"{FIT_FIRST}.{domain}" if domain else names.get(name, "")


def _unsaid(query: Query) -> Iterator[str]:
    if query.words and query.any_words:
        yield "any_words"
    if query.time_relation != "intersects":
        yield "time_relation"
    if query.latest:
        yield "latest"
    yield from written_otherwise(query)


def _relation(query: Query) -> dict[str, Any]:
    """A relation to an area as CQL2, in which the product is the subject, as in a Query."""
    place = query.footprint.geojson if query.footprint else None
    return {"op": _PLACE_FUNCTIONS[query.relation], "args": [{"property": "geometry"}, place]}


def _plain_words(text: str) -> str:
    """Words of which none is an operator: those that would be stand between quotes."""
    return " ".join(
        f'"{part}"' if _OPERATOR.fullmatch(part) and part[0] != '"' else part for part in _PARTS.findall(text)
    )


def _condition(condition: Condition) -> dict[str, Any]:
    value = condition.value
    if condition.operator == "between" and isinstance(value, tuple):
        return {"gte": plain(value[0]), "lte": plain(value[1])}
    return {_WORD_OF[condition.operator]: plain(value)}
