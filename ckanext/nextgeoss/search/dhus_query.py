"""What a query of DHuS asks of our catalogue, as far as a Query says exactly the same.

A product that does not tell a property is found by no condition on it, by `NOT` neither. Dates of ingestion
are those of this catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.dhus_names import NAMES, VOCABULARY
from ..eo.product import Value
from ..eo.properties import Properties
from ..eo.property import Property
from ..eo.query import Condition, Query
from ..eo.spellings import hyphens, platform
from .dhus_grammar import WHERE, AllOf, Between, Not, OneOf, Said, Tree, parse_dhus
from .dhus_parts import Named, Parts, Place, Words, none_of, one_of, query_of
from .dhus_times import parse_dhus_time
from .terms import TERMS, term

MOST_ROWS, MOST_START = 1000, 1_000_000
_ROWS = 10
_DEFAULT_ORDER = (("metadata_created", "desc"),)
# attributes that are ours to tell, by the names of our terms
_TERMS = {
    "identifier": "id",
    "name": "id",
    "filename": "id",
    "title": "title",
    "beginposition": "start",
    "endposition": "end",
    "ingestiondate": "metadata_created",
}
_NAMED = {"uuid": "ids", "id": "ids", "collection": "collections"}
_PLACES = {
    "intersects": "intersects",
    "contains": "contains",
    "iswithin": "within",
    "isdisjointto": "disjoint",
}
_PLACE = re.compile(r"\s*([a-z]+)\s*\((.*)\)\s*", re.I | re.S)
_POINT = re.compile(r"\s*(-?\d+\.?\d*)\s*,\s*(-?\d+\.?\d*)\s*", re.A)
# what the names of files end with, and those of products do not
_PACKED = re.compile(r"\.(?:SAFE|SEN3|zip|\*)\*?$", re.I)
_SENTINEL = re.compile(r"sentinel-\d[a-dp]?")
_ATTRIBUTES = tuple(name for name, target in NAMES.items() if target in VOCABULARY.rows)
_UNITS = ("", "a", "b", "c", "d", "p")


def dhus_search(params: Mapping[str, str], properties: Properties, now: datetime) -> Query:
    """The query of a request to /search: `q`, `rows`, `start` (the first is 0), `orderby`; BadValue for what
    cannot be read, or not be said exactly."""
    query = dhus_query(params.get("q", ""), properties, now)
    return replace(
        query,
        limit=_whole(params, "rows", _ROWS, MOST_ROWS),
        offset=_whole(params, "start", 0, MOST_START),
        sort=tuple(_order(params.get("orderby", ""), properties)) or _DEFAULT_ORDER,
    )


def dhus_query(text: str, properties: Properties, now: datetime) -> Query:
    """What the text asks; `now` is what NOW means in it."""
    return query_of(_Reading(properties, now).parts(parse_dhus(text)), text)


@dataclass(frozen=True, slots=True)
class _Reading:
    properties: Properties
    now: datetime

    def parts(self, tree: Tree) -> Parts:
        """What a tree asks, all of which must be so."""
        if isinstance(tree, AllOf):
            return tuple(part for each in tree.parts for part in self.parts(each))
        if isinstance(tree, OneOf):
            return one_of([self.parts(each) for each in tree.parts], tree.text)
        if isinstance(tree, Not):
            return none_of(self.parts(tree.part), tree.text)
        return self.between(tree) if isinstance(tree, Between) else self.said(tree)

    def said(self, said: Said) -> Parts:
        """What a value asks, of a field or alone."""
        if not said.field or said.field == "*":
            return self.word(said)
        name = said.field.lower()
        if name == "footprint":
            return (_place(said.text),)
        if name in _NAMED:
            if said.pattern:
                raise BadValue(said.text, said.field, "a whole value, without * and ?")
            return (Named(_NAMED[name], (said.text,)),)
        row = _row(said.field, self.properties)
        if said.pattern:
            return (self.like(row, said, name),)
        if row.name in ("platform", "platform_serial") and (satellites := _satellites(said.text)):
            return (Condition("platform", "in", satellites),)
        if row.type == "time":
            return (Condition(row.name, "=", parse_dhus_time(said.text, said.field, self.now)),)
        value = _read(row, said.field, _PACKED.sub("", said.text) if name == "filename" else said.text)
        values = value if isinstance(value, tuple) else (value,)
        return tuple(Condition(row.name, "=", each) for each in values)

    def word(self, said: Said) -> Parts:
        """Words that stand alone; a part of one is looked for in identifiers."""
        if said.pattern in ("*", "*:*"):
            return ()
        if said.pattern:
            return (Condition("id", "like", said.pattern),)
        text = said.text.replace('"', " ")
        return (Words((f'"{text}"' if said.quoted else text,)),) if text.strip() else ()

    def like(self, row: Property, said: Said, name: str) -> Condition:
        """The condition that a text has a pattern, in our spelling."""
        if row.type not in ("text", "list"):
            raise BadValue(said.text, said.field, "a value without * and ?")
        pattern = said.pattern
        if row.spelling in ("platform", "hyphens", "instrument"):
            pattern = hyphens(pattern)
        if name == "filename":
            pattern = _PACKED.sub("*", pattern)
        return Condition(row.name, "like", pattern)

    def between(self, asked: Between) -> Parts:
        """The conditions of a range."""
        if not asked.field:
            raise BadValue(asked.text, WHERE, "a field before a range, such as orbitnumber:[1 TO 9]")
        row = _row(asked.field, self.properties)
        low, high = (self.end(row, asked, last=last) for last in (False, True))
        if low is None and high is None:
            if row.type in ("text", "list"):
                return (Condition(row.name, "like", "*"),)
            raise BadValue(asked.text, asked.field, "a range with at least one end")
        if low is not None and high is not None and asked.low_within and asked.high_within:
            return (Condition(row.name, "between", (low, high)),)
        ends = ((low, ">=" if asked.low_within else ">"), (high, "<=" if asked.high_within else "<"))
        return tuple(Condition(row.name, operator, end) for end, operator in ends if end is not None)

    def end(self, row: Property, asked: Between, *, last: bool) -> Value | None:
        text = asked.high if last else asked.low
        if not text:
            return None
        if row.type == "time":
            return parse_dhus_time(text, asked.field, self.now, last=last and asked.high_within)
        value = _read(row, asked.field, text)
        if isinstance(value, tuple):
            raise BadValue(asked.text, asked.field, "a value, not a range")
        return value


def _row(field: str, properties: Properties) -> Property:
    """The term or property that an attribute of DHuS tells."""
    name = field.lower()
    found = properties.find(name)
    told = _TERMS.get(name) or (name if name in TERMS else VOCABULARY.target(name))
    for each in (told, found.name if found else ""):
        if each in properties or each in TERMS:
            return term(each, properties)
    known = {"uuid", "collection", "footprint", *_TERMS, *_ATTRIBUTES}
    raise BadValue(field, WHERE, "one of the fields " + ", ".join(sorted(known)))


def _read(row: Property, field: str, text: str) -> Value:
    try:
        return row.parse(text)
    except BadValue as error:
        raise BadValue(text, field, error.allowed) from error


def _satellites(text: str) -> tuple[str, ...]:
    """The satellites of a Sentinel series, or the one that is named; none of what is neither."""
    name = platform(text)
    if not _SENTINEL.fullmatch(name):
        return ()
    return (name,) if name[-1].isalpha() else tuple(name + unit for unit in _UNITS)


def _place(text: str) -> Place:
    """`Intersects(POLYGON((...)))`, or `Intersects(lat, lon)` of a point."""
    allowed = '"Intersects(WKT)" with Intersects, Contains or IsWithin, longitude first'
    found = _PLACE.fullmatch(text)
    relation = _PLACES.get(found[1].lower()) if found else None
    if not found or not relation:
        raise BadValue(text, "footprint", allowed)
    point = _POINT.fullmatch(found[2])
    try:
        footprint = Footprint.from_wkt(f"POINT({point[2]} {point[1]})" if point else found[2])
    except BadValue as error:
        raise BadValue(text, "footprint", error.allowed) from error
    if footprint is None:
        raise BadValue(text, "footprint", allowed)
    return Place(footprint, relation)


def _order(text: str, properties: Properties) -> Iterator[tuple[str, str]]:
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, direction = each.partition(" ")
        direction = direction.strip().lower() or "asc"
        if direction not in ("asc", "desc"):
            raise BadValue(each, "orderby", "a field and asc or desc, such as beginposition desc")
        yield ("id" if name.lower() in _NAMED else _row(name, properties).name), direction


def _whole(params: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = params.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"\d{1,9}", text, re.A) or int(text) > most:
        raise BadValue(text, name, f"a whole number from 0 to {most}")
    return int(text)
