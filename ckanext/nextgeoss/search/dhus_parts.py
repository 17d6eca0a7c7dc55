"""What a query of DHuS asks, part by part; of several parts by AND, OR and NOT what a Query says exactly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.gml import united
from ..eo.product import Value
from ..eo.query import Condition, Query
from .dhus_grammar import WHERE

_OPPOSITE = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"intersects": "disjoint", "disjoint": "intersects"}


@dataclass(frozen=True, slots=True)
class Words:
    """At least one of these texts, all words of it."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """One of these, which are `ids` of datasets or products, or `collections`."""

    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Footprints that stand in a relation to this one."""

    footprint: Footprint
    relation: str


Part: TypeAlias = Condition | Words | Named | Place
# all of them; none: everything
Parts: TypeAlias = tuple[Part, ...]


def query_of(parts: Parts, text: str) -> Query:
    """The query for all parts of a text; BadValue where there is no such query."""
    query = Query()
    for part in parts:
        query = _with(query, part, text)
    return query


def one_of(alternatives: list[Parts], text: str) -> Parts:
    """What is asked by OR."""
    if not all(alternatives):
        return ()  # one of them is everything
    texts = [_texts(parts) for parts in alternatives]
    if all(texts):
        return (Words(tuple(each for some in texts for each in some)),)
    single = [parts[0] for parts in alternatives if len(parts) == 1]
    united_part = _united(single) if len(single) == len(alternatives) else None
    if united_part is None:
        raise BadValue(text, WHERE, "OR between values of one field, between words, or between footprints")
    return (united_part,)


def none_of(parts: Parts, text: str) -> Parts:
    """What is asked by NOT."""
    part = parts[0] if len(parts) == 1 else None
    if isinstance(part, Place) and part.relation in _TURNED:
        return (Place(part.footprint, _TURNED[part.relation]),)
    if isinstance(part, Condition) and part.operator == "in" and isinstance(part.value, tuple):
        return tuple(Condition(part.property, "!=", value) for value in part.value)
    if isinstance(part, Condition) and part.operator in _OPPOSITE:
        return (Condition(part.property, _OPPOSITE[part.operator], part.value),)
    raise BadValue(text, WHERE, "NOT before a value, a range with an open end or a footprint")


def _with(query: Query, part: Part, text: str) -> Query:
    """The query with one more part."""
    if isinstance(part, Condition):
        return replace(query, conditions=(*query.conditions, part))
    if isinstance(part, Words) and len(part.texts) == 1:
        return replace(query, words=f"{query.words} {part.texts[0]}".strip())
    if isinstance(part, Words) and not query.any_words:
        return replace(query, any_words=part.texts)
    if isinstance(part, Place) and query.footprint is None:
        return replace(query, footprint=part.footprint, relation=part.relation)
    if isinstance(part, Named) and not getattr(query, part.kind):
        return replace(query, **{part.kind: part.values})  # type: ignore[arg-type]
    once = {Words: "one OR between words", Place: "one footprint", Named: "uuid and collection once each"}
    raise BadValue(text, WHERE, once[type(part)] + " in a query")


def _texts(parts: Parts) -> tuple[str, ...]:
    """The texts one of which must be found, when nothing but words is asked."""
    if len(parts) == 1 and isinstance(parts[0], Words):
        return parts[0].texts
    texts = [part.texts[0] for part in parts if isinstance(part, Words) and len(part.texts) == 1]
    return (" ".join(texts),) if len(texts) == len(parts) else ()


def _united(parts: list[Part]) -> Part | None:
    """One part that says of several that one of them must be so; None when none can."""
    first = parts[0]
    if isinstance(first, Condition):
        values = _values(first.property, parts)
        return Condition(first.property, "in", values) if values else None
    if isinstance(first, Named):
        same = [part for part in parts if isinstance(part, Named) and part.kind == first.kind]
        values = tuple(value for part in same for value in part.values)
        return Named(first.kind, values) if len(same) == len(parts) else None
    places = [part.footprint for part in parts if isinstance(part, Place) and part.relation == "intersects"]
    whole = united(places) if len(places) == len(parts) else None
    return Place(whole, "intersects") if whole else None


def _values(name: str, parts: Iterable[Part]) -> tuple[Value, ...]:
    """The values one of which a property must have; none when something else is asked too."""
    found: list[Value] = []
    for part in parts:
        if not isinstance(part, Condition) or part.property != name or part.operator not in ("=", "in"):
            return ()
        found += part.value if part.operator == "in" else [part.value]  # type: ignore[list-item]
    return tuple(dict.fromkeys(found))
