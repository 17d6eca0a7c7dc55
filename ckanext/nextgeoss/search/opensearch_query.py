"""OpenSearch requests as the one Query (OGC 10-032, 13-026, SRU sorting and facets)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..eo.conditions import Parameters
from ..eo.errors import BadValue
from ..eo.number_sets import set_conditions, with_zone
from ..eo.product import Value
from ..eo.properties import Properties
from ..eo.query import Condition, Query
from ..eo.temporal import TemporalExtent
from .opensearch_area import read_area
from .opensearch_facets import Facets, read_facets, read_sort
from .opensearch_given import COLLECTION, Given, read_given
from .opensearch_parameters import DEEPEST, DEFAULT_COUNT, parameter_table
from .terms import term

START, END, TIME_RELATION, LATEST = "time:start", "time:end", "time:relation", "nextgeoss:latest"
FIT_FIRST = "guf:fitFirst"
CLASSIFIED = "semantic:classifiedAs"
# what the product's time does to the one asked for: the product is the subject (10-032), as in our Query
_TIME_RELATIONS = {
    "intersects": "intersects",
    "contains": "contains",
    "during": "within",
    "disjoint": "disjoint",
    "equals": "equals",
}
# told to nobody
_DROPPED = ("referrer:source",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks. `echo` has the values that were used by qualified names, `ignored` the names that
    mean nothing here; `nowhere` is a place that no one knows, at which nothing is found."""

    query: Query
    echo: Mapping[str, str] = field(default_factory=dict[str, str])
    ignored: tuple[str, ...] = ()
    nowhere: bool = False
    facets: Facets = field(default_factory=Facets)


def opensearch_query(
    params: Parameters,
    properties: Properties,
    *,
    is_collection: Callable[[str], bool] = lambda name: False,
    count: int = DEFAULT_COUNT,
) -> Asked:
    """What a request asks, `count` results a page unless it says how many; BadValue names a bad parameter.

    Unknown parameters are ignored (CEOS-BP-009B). `is_collection` knows ids and aliases of collections, as
    which the original hub read its productType."""
    given = read_given(params, parameter_table(properties), is_collection)
    area, facets = read_area(given), read_facets(given, properties)
    limit, offset = _page(given, count)
    query = Query(
        words=given.one("searchTerms"),
        ids=given.all("geo:uid"),
        collections=given.all(COLLECTION),
        footprint=area.footprint,
        relation=area.relation,
        time=_time(given),
        time_relation=_time_relation(given),
        conditions=(*_conditions(given, properties), *_classified(given, properties)),
        latest=given.choice(LATEST, {"true": "true", "false": ""}, "false") == "true",
        fit_first=given.one(FIT_FIRST).lower(),
        facets=tuple(facets.limits),
        sort=read_sort(given, properties),
        limit=limit,
        offset=offset,
        cursor=given.one("nextgeoss:cursor"),
    )
    echo = {name: ",".join(values) for name, values in given.values.items() if name not in _DROPPED}
    return Asked(query=query, echo=echo, ignored=given.ignored, nowhere=area.nowhere, facets=facets)


def _time(given: Given) -> TemporalExtent:
    start, end = _time_end(given, START), _time_end(given, END)
    if start and end and start > end:
        raise given.bad(END, f"a time that is not before {given.one(START)}")
    return TemporalExtent(start, end)


def _time_end(given: Given, name: str) -> datetime | None:
    text = with_zone(given.one(name))
    try:
        return TemporalExtent.of(text, None).start if name == START else TemporalExtent.of(None, text).end
    except BadValue as error:
        raise given.bad(name, error.allowed) from error


def _time_relation(given: Given) -> str:
    if TIME_RELATION in given and START not in given and END not in given:
        raise given.bad(TIME_RELATION, "a relation only together with start or end")
    return given.choice(TIME_RELATION, _TIME_RELATIONS, "intersects")


def _conditions(given: Given, properties: Properties) -> list[Condition]:
    found: list[Condition] = []
    for name, values in given.values.items():
        parameter = given.table.named(name)
        if parameter.least:
            row = term(parameter.term, properties)
            least = given.whole(name) if row.type == "integer" else given.number(name)
            found.append(Condition(row.name, ">=", least or 0))
        elif parameter.condition:
            row = term(parameter.term, properties)
            found += _any_of([set_conditions(value, row, given.names[name]) for value in values], given, name)
    return found


def _any_of(each: list[tuple[Condition, ...]], given: Given, name: str) -> tuple[Condition, ...]:
    """Of a parameter that was given several times, any value; which intervals cannot be."""
    if len(each) == 1:
        return each[0]
    single = [conditions[0] for conditions in each if len(conditions) == 1]
    if len(single) < len(each) or any(one.operator not in ("=", "in") for one in single):
        raise given.bad(name, "one interval, or one list of values")
    values = tuple(value for one in single for value in _values(one))
    return (Condition(single[0].property, "in", values),)


def _values(condition: Condition) -> tuple[Value, ...]:
    value = condition.value
    return value if isinstance(value, tuple) else (value,)  # type: ignore[return-value]


def _classified(given: Given, properties: Properties) -> list[Condition]:
    """Keywords are terms, or the addresses of concepts, of which the last part may be the term."""
    said = [concept.strip() for value in given.all(CLASSIFIED) for concept in value.split(",")]
    tails = [re.split(r"[/#]", concept.rstrip("/#"))[-1] for concept in said if "://" in concept]
    terms = tuple(dict.fromkeys(filter(None, (*said, *tails))))
    return [Condition("keywords", "in", terms)] if terms and "keywords" in properties else []


def _page(given: Given, count: int) -> tuple[int, int]:
    """How many results, after how many. A page behind a cursor may be as far on as it likes: its number is
    only told."""
    endless = "nextgeoss:cursor" in given
    asked = given.whole("count")
    limit = count if asked is None else asked
    index, page = (given.whole(name, endless=endless) for name in ("startIndex", "startPage"))
    offset = index - 1 if index else (page - 1) * limit if page else 0
    if offset >= DEEPEST and not endless:
        name = "startIndex" if index else "startPage"
        raise given.bad(name, f"no result beyond {DEEPEST}; the link to the next page leads further on")
    return limit, offset
