"""What the products of a collection have of each property: its values, or the least and the greatest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.product import Value
from ..eo.properties import Properties
from ..eo.property import Property
from .terms import TERMS

# a property with more values than these is no list to choose from
MOST_VALUES = 100
# terms whose values are as many as products
_NAMES = ("id", "title")
_RANGED = ("integer", "number", "time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """What is there of one property. `values` with their counts, the most frequent first, of texts, lists and
    booleans; empty when there are more than MOST_VALUES. The least and the greatest of numbers and times."""

    # products that have it
    count: int
    minimum: Value | None = None
    maximum: Value | None = None
    values: tuple[tuple[str, int], ...] = ()


def domains_request(properties: Properties, filters: Iterable[str] = ()) -> dict[str, Any]:
    """The request for the domains of all terms and properties."""
    rows = [*TERMS.values(), *properties.values()]
    facets = {row.name: _facet(row) for row in rows}
    return {"q": "*:*", "fq": list(filters), "rows": 0, "json.facet": json.dumps(facets)}


def read_domains(answer: Mapping[str, Any], properties: Properties) -> dict[str, Domain]:
    """The domains by name, without those of which no product has anything."""
    found = {
        row.name: _domain(row, answer["facets"].get(row.name) or {})
        for row in [*TERMS.values(), *properties.values()]
    }
    return {name: domain for name, domain in found.items() if domain.count}


def occurring_request(properties: Properties) -> dict[str, Any]:
    """What tells of which properties some products of a search have a value."""
    facets = {row.name: _has(row) for row in properties.values()}
    return {"rows": 0, "json.facet": json.dumps(facets)}


def read_occurring(answer: Mapping[str, Any], properties: Properties) -> tuple[str, ...]:
    """The names of these properties, in the order of the schema."""
    return tuple(name for name in properties if (answer["facets"].get(name) or {}).get("count"))


def _has(row: Property) -> dict[str, Any]:
    return {"type": "query", "q": f"{row.solr}:[* TO *]"}


def _facet(row: Property) -> dict[str, Any]:
    has = _has(row)
    if row.type in _RANGED:
        return has | {"facet": {"low": f"min({row.solr})", "high": f"max({row.solr})"}}
    if row.name in _NAMES:
        return has
    values = {"type": "terms", "field": row.solr, "limit": MOST_VALUES + 1}
    return has | {"facet": {"values": values}}


def _domain(row: Property, found: Mapping[str, Any]) -> Domain:
    count = int(found.get("count") or 0)
    if row.type in _RANGED:
        ends = [None if found.get(end) is None else row.parse(found[end]) for end in ("low", "high")]
        return Domain(count=count, minimum=ends[0], maximum=ends[1])
    buckets = (found.get("values") or {}).get("buckets") or ()
    values = tuple((_text(bucket["val"]), int(bucket["count"])) for bucket in buckets)
    return Domain(count=count, values=values if len(values) <= MOST_VALUES else ())


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
