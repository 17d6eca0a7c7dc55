"""A Query as parameters of Solr; no text that a user typed reaches a parser of Solr unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..eo.collection import CollectionRegistry, load_registry
from ..eo.errors import BadValue
from ..eo.free_text import words_in
from ..eo.properties import Properties
from ..eo.query import TIME_RELATIONS, Query
from ..eo.temporal import ALWAYS, TemporalExtent, format_time
from . import fields
from .conditions import any_of, bound, condition_filter, exactly, place_filter, without
from .conditions import quoted as quoted
from .filters import check_filter, tree_filters
from .terms import EITHER, SCORE, counted, fit_domain, sortable, term
from .words import check_words, words

UNIQUE_KEY = "index_id"
# of the editions of a scene that are found, the latest; products without editions stay
LATEST = (
    f"{{!collapse field={fields.SCENE} nullPolicy=expand sort='{fields.EDITION} desc, {UNIQUE_KEY} asc'}}"
)
MAX_FACET_VALUES = 100
MOST_VALUES = 1000
# before a filter that nobody is likely to ask for again
NOT_KEPT = "{!cache=false}"

_TIME_PREDICATES = {"intersects": "Intersects", "within": "Within", "contains": "Contains"}
_CURSOR = re.compile(r"\*|[A-Za-z0-9+/=_-]{1,2000}")


def solr_parameters(query: Query, properties: Properties, boost: str = "") -> dict[str, Any]:
    """What /select takes for this query: q, fq, sort, rows, start or cursorMark, facets. BadValue when the
    query names a property, a facet or an order that does not exist. `boost` is a function of Solr that the
    score of words is multiplied with."""
    parameters: dict[str, Any] = {
        **words(query.words, query.any_words, query.text, boost),
        "fq": _filters_of_page(query, properties),
        "sort": ", ".join(_sort(query, properties)),
        "rows": query.limit,
    }
    if query.offset and not query.cursor:
        parameters["start"] = query.offset
    else:
        parameters["cursorMark"] = checked_cursor(query.cursor)
    if query.facets:
        parameters |= {
            "facet": "true",
            "facet.field": [counted(name, properties).solr for name in query.facets],
            "facet.mincount": 1,
            "facet.limit": MAX_FACET_VALUES,
        }
    return parameters


def _filters_of_page(query: Query, properties: Properties) -> list[str]:
    """The filters for one page. On a first page those for area and time are not kept: hardly anybody asks for
    the same again, and what is not kept is checked last, on the few products that pass all other filters."""
    if query.footprint is None or query.cursor:
        return filters(query, properties)
    span = query.time if query.time_relation == "intersects" else ALWAYS
    time = query.time if span is ALWAYS else ALWAYS
    found = filters(replace(query, footprint=None, time=time), properties)
    found += [NOT_KEPT + _overlap(span)] if span else []
    return [*found, NOT_KEPT + place_filter(query.footprint, query.relation)]


def filters(query: Query, properties: Properties, registry: CollectionRegistry | None = None) -> list[str]:
    """The filters (`fq`) for all of the query but its words, in Lucene's syntax; without local parameters, so
    that they pass CKAN's `package_search`, except for a time relation other than intersects and disjoint and
    for the latest only."""
    found: list[str] = []
    check_size(query)
    if query.ids:
        found.append(f"{any_of('id', query.ids)} OR {any_of(fields.IDENTIFIER, query.ids)}")
    if query.collections:
        names = collection_names(query.collections, registry or load_registry())
        found.append(any_of(fields.COLLECTION, names))
    if query.footprint is not None:
        found.append(place_filter(query.footprint, query.relation))
    if query.time:
        found.append(_time_filter(query))
    found += [condition_filter(condition, properties) for condition in query.conditions]
    if query.filter is not None:
        found += tree_filters(query.filter, properties)
    return [*found, LATEST] if query.latest else found


def check_size(query: Query) -> None:
    """BadValue when a query has more words, or more values of one field, than Solr takes."""
    check_words(query.words, *query.any_words, *words_in(query.text))
    for domain in (query.fit_first, *(name for name, _ in query.sort)):
        if len(domain) > fields.MAX_TEXT:
            raise BadValue(domain, "fit_first", f"at most {fields.MAX_TEXT} letters")
    lists = {"ids": query.ids, "collections": query.collections}
    lists |= {each.property: each.value for each in query.conditions if isinstance(each.value, tuple)}
    if query.filter is not None:
        check_filter(query.filter)
    for name, values in lists.items():
        if len(values) > MOST_VALUES:
            raise BadValue(f"{len(values)} values", name, f"at most {MOST_VALUES}")


def collection_names(names: Iterable[str], registry: CollectionRegistry) -> tuple[str, ...]:
    """Each name with the canonical id and the other names of its collection."""
    found: dict[str, None] = {}
    for name in names:
        collection = registry.canonical(name)
        same = (name,) if collection is None else (name, collection.id, *collection.aliases)
        found |= dict.fromkeys(same)
    return tuple(found)


def checked_cursor(cursor: str) -> str:
    """A cursor as Solr takes it, which begins with none; BadValue for what never was one."""
    if not _CURSOR.fullmatch(cursor or "*"):
        raise BadValue(cursor, "cursor", "what the page before said as next")
    return cursor or "*"


def _time_filter(query: Query) -> str:
    span, relation = fields.date_range(query.time), query.time_relation
    if relation == "intersects":
        return f"{fields.TIME}:{span}"
    if relation == "disjoint":
        return f"+{fields.TIME}:[* TO *] -{fields.TIME}:{span}"
    if relation == "equals":
        ends = ((fields.START, query.time.start), (fields.END, query.time.end))
        return " ".join(_same(field, end) for field, end in ends)
    if relation not in _TIME_PREDICATES:
        raise BadValue(relation, "time relation", "one of " + ", ".join(TIME_RELATIONS))
    return f"{{!field f={fields.TIME} op={_TIME_PREDICATES[relation]}}}{span}"


def _overlap(span: TemporalExtent) -> str:
    """What the field of intervals finds, which knows whole seconds, found by both ends: these are compared
    for one product at a time, while that field takes all products of the interval together."""
    ends = ("*" if end is None else format_time(end)[:19] for end in (span.start, span.end))
    since, until = (end if end == "*" else end + tail for end, tail in zip(ends, ("Z", ".999Z"), strict=True))
    over = f"{fields.END}:[{since} TO *]"
    endless, unbegun = (without(f"{field}:[* TO *]") for field in (fields.END, fields.START))
    still = "" if since == "*" else f" +({over} OR {endless})"
    return f"(+{fields.START}:[* TO {until}]{still}) OR (+{over} +{unbegun})"


def _same(field: str, end: datetime | None) -> str:
    return f"-{field}:[* TO *]" if end is None else f"+{field}:{exactly(bound(end))}"


def fit_order(domain: str) -> str:
    """The key by which what is fit for a field of application comes first; "" for none."""
    return f"{_fitness(domain)} desc" if domain else ""


def _fitness(domain: str) -> str:
    """1 for what is fit for a field of application, 0 for the rest. All of the text but letters and digits is
    escaped: a function of Solr reads it."""
    text = "".join(letter if letter.isalnum() else _in_function(letter) for letter in domain)
    return f'termfreq({fields.FIT_FOR},"{text}")'


def _in_function(letter: str) -> str:
    units = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _sort(query: Query, properties: Properties) -> Iterator[str]:
    yield from filter(None, [fit_order(query.fit_first)])
    for name, direction in query.sort:
        if direction not in ("asc", "desc"):
            raise BadValue(direction, f"order of {name}", "asc or desc")
        yield f"{_sort_field(name, properties)} {direction}"
    if all(fit_domain(name) for name, _ in query.sort):
        yield from (["score desc"] if query.words.strip() else [])
        yield f"{fields.START} desc"
    # makes the order total, without which no cursor can go on
    yield f"{UNIQUE_KEY} asc"


def _sort_field(name: str, properties: Properties) -> str:
    if domain := fit_domain(name):
        return _fitness(domain)
    if name not in sortable(properties):
        raise BadValue(name, "sort", "one of " + ", ".join(sortable(properties)))
    if name in EITHER:
        return f"def({','.join(row.solr for row in EITHER[name])})"
    return SCORE if name == SCORE else term(name, properties).solr
