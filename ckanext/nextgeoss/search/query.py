"""A Query as parameters of Solr; no text that a user typed reaches a parser of Solr unescaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..eo.collection import CollectionRegistry, load_registry
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.free_text import words_in
from ..eo.product import Value
from ..eo.properties import Properties, Property
from ..eo.query import OPERATORS, RELATIONS, TIME_RELATIONS, Condition, Query
from . import fields
from .terms import EITHER, SCORE, counted, sortable, term
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

_PREDICATES = {"intersects": "Intersects", "within": "IsWithin", "contains": "Contains"}
_TIME_PREDICATES = {"intersects": "Intersects", "within": "Within", "contains": "Contains"}
_COMPARISONS = {"<": "[* TO {}}}", "<=": "[* TO {}]", ">": "{{{} TO *]", ">=": "[{} TO *]"}
_PATTERNS = {"starts": "{}*", "ends": "*{}", "has": "*{}*"}
_LIKE = re.compile(r"\\(.)|([*?])|(.)", re.S)
_MAGIC = re.compile(r"(_\s*):")
_NOT_PLAIN = re.compile(r"([^\w])")
_CURSOR = re.compile(r"\*|[A-Za-z0-9+/=_-]{1,2000}")


def solr_parameters(query: Query, properties: Properties) -> dict[str, Any]:
    """What /select takes for this query: q, fq, sort, rows, start or cursorMark, facets. BadValue when the
    query names a property, a facet or an order that does not exist."""
    parameters: dict[str, Any] = {
        **words(query.words, query.any_words, query.text),
        "fq": [*filters(replace(query, footprint=None), properties), *_place(query)],
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


def _place(query: Query) -> list[str]:
    """The filter for the area of a query. That of a first page is not kept: hardly anybody asks for the same
    area again, and what is not kept is checked last, on the few products that pass all other filters."""
    if query.footprint is None:
        return []
    found = place_filter(query.footprint, query.relation)
    return [found if query.cursor else NOT_KEPT + found]


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
    found += [_condition(condition, properties) for condition in query.conditions]
    return [*found, LATEST] if query.latest else found


def check_size(query: Query) -> None:
    """BadValue when a query has more words, or more values of one field, than Solr takes."""
    check_words(query.words, *query.any_words, *words_in(query.text))
    lists = {"ids": query.ids, "collections": query.collections}
    lists |= {each.property: each.value for each in query.conditions if isinstance(each.value, tuple)}
    for name, values in lists.items():
        if len(values) > MOST_VALUES:
            raise BadValue(f"{len(values)} values", name, f"at most {MOST_VALUES}")


def place_filter(footprint: Footprint, relation: str = "intersects") -> str:
    """The filter for footprints that intersect, lie within, contain or are disjoint from the given one."""
    if relation not in RELATIONS:
        raise BadValue(relation, "relation", "one of " + ", ".join(RELATIONS))
    if relation == "disjoint":  # Solr's own answers with an error
        return f"+{fields.FOOTPRINT}:[* TO *] -{place_filter(footprint)}"
    return f'{fields.FOOTPRINT}:"{_PREDICATES[relation]}({footprint.solr_wkt()})"'


def collection_names(names: Iterable[str], registry: CollectionRegistry) -> tuple[str, ...]:
    """Each name with the canonical id and the other names of its collection."""
    found: dict[str, None] = {}
    for name in names:
        collection = registry.canonical(name)
        same = (name,) if collection is None else (name, collection.id, *collection.aliases)
        found |= dict.fromkeys(same)
    return tuple(found)


def any_of(field: str, values: Iterable[str]) -> str:
    """The filter for a text field that has one of these values exactly."""
    return f"{field}:({' OR '.join(quoted(value) for value in values)})"


def quoted(text: str) -> str:
    """A text as one term between quotes."""
    text = text[: fields.MAX_TEXT].replace("\\", "\\\\").replace('"', '\\"')
    # what CKAN refuses anywhere: the beginning of local parameters, and the fields _query_ and _val_
    return '"' + _MAGIC.sub(r"\1\\:", text.replace("{!", "{\\!")) + '"'


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


def _same(field: str, end: datetime | None) -> str:
    return f"-{field}:[* TO *]" if end is None else f"+{field}:{_exactly(_bound(end))}"


def _condition(condition: Condition, properties: Properties) -> str:
    row = term(condition.property, properties)
    found = _of_field(condition, row)
    if condition.property not in EITHER:
        return found
    other = _of_field(condition, EITHER[condition.property][1])
    return f"({found}) OR (+({other}) -{row.solr}:[* TO *])"


def _of_field(condition: Condition, row: Property) -> str:
    operator = condition.operator
    if operator not in OPERATORS:
        raise BadValue(operator, condition.property, "one of " + ", ".join(OPERATORS))
    values = _values(condition)
    if operator in ("=", "in"):
        return " OR ".join(_equal(row, value) for value in values)
    if operator == "!=":
        return f"+{row.solr}:[* TO *] -({_equal(row, values[0])})"
    if operator == "like" or operator in _PATTERNS:
        return _matching(row, operator, values[0])
    return f"{row.solr}:{_range(condition, [_bound(value) for value in values])}"


def _matching(row: Property, operator: str, value: Value) -> str:
    """The filter for a text with a part of this kind."""
    if row.type not in ("text", "list"):
        raise BadValue(operator, row.name, "for texts only; " + ", ".join(_COMPARISONS))
    if operator == "like":
        return f"{row.solr}:{_pattern(str(value)[: fields.MAX_TEXT])}"
    return f"{row.solr}:{_PATTERNS[operator].format(_escaped(str(value)[: fields.MAX_TEXT]))}"


def _values(condition: Condition) -> tuple[Value, ...]:
    value = condition.value
    return value if isinstance(value, tuple) else (value,)  # type: ignore[return-value]


def _equal(row: Property, value: Value) -> str:
    if row.type in ("text", "list"):
        return f"{row.solr}:{quoted(str(value))}"
    bound = _bound(value)
    return f"{row.solr}:{bound}" if row.type == "boolean" else f"{row.solr}:{_exactly(bound)}"


def _exactly(bound: str) -> str:
    return f"[{bound} TO {bound}]"


def _escaped(text: str) -> str:
    """A text as part of one term, each of its characters as it is."""
    return _NOT_PLAIN.sub(r"\\\1", text)


def _pattern(text: str) -> str:
    """A text in which only `*` and `?` stand for others, unless a backslash is before them."""
    pieces = _LIKE.findall(text)
    return "".join(any_ or _escaped(escaped or plain) for escaped, any_, plain in pieces) or '""'


def _range(condition: Condition, bounds: list[str]) -> str:
    if condition.operator == "between":
        return f"[{bounds[0]} TO {bounds[1]}]"
    return _COMPARISONS[condition.operator].format(bounds[0])


def _bound(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    text = fields.solr_value(value)
    return text if isinstance(value, datetime) else quoted(str(text))


def _sort(query: Query, properties: Properties) -> Iterator[str]:
    for name, direction in query.sort:
        if direction not in ("asc", "desc"):
            raise BadValue(direction, f"order of {name}", "asc or desc")
        yield f"{_sort_field(name, properties)} {direction}"
    if not query.sort:
        yield from (["score desc"] if query.words.strip() else [])
        yield f"{fields.START} desc"
    # makes the order total, without which no cursor can go on
    yield f"{UNIQUE_KEY} asc"


def _sort_field(name: str, properties: Properties) -> str:
    if name not in sortable(properties):
        raise BadValue(name, "sort", "one of " + ", ".join(sortable(properties)))
    if name in EITHER:
        return f"def({','.join(row.solr for row in EITHER[name])})"
    return SCORE if name == SCORE else term(name, properties).solr
