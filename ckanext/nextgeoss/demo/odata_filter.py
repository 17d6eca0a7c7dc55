"""The `$filter` of the simulated OData service: the clauses that the Copernicus catalogues document, joined
by `and`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.odata_write import write_product
from ..eo.product import Product
from ..eo.temporal import TemporalExtent, parse_time
from .entries import Entry
from .holdings import Changed, Question

_TEXT = r"'((?:[^']|'')*)'"
_ATTRIBUTE = (
    r"Attributes/OData\.CSC\.StringAttribute/any\(att:att/Name eq " + _TEXT
    + r" and att/OData\.CSC\.StringAttribute/Value eq " + _TEXT + r"\)"
)  # fmt: skip
_ATTRIBUTES = rf"{_ATTRIBUTE}|\({_ATTRIBUTE}(?: or {_ATTRIBUTE})+\)"
_AND = " and "


@dataclass(frozen=True, slots=True)
class Started:
    """Whether an entry began then or later."""

    time: datetime

    def __call__(self, entry: Entry) -> bool:
        return entry.time.start is not None and entry.time.start >= self.time


@dataclass(frozen=True, slots=True)
class Attributed:
    """Whether an entry has one of these attributes, as name and value."""

    wanted: frozenset[tuple[str, str]]

    def __call__(self, entry: Entry) -> bool:
        return not self.wanted.isdisjoint(entry.made(_attributes))


def question(said: str) -> Question:
    """What a filter asks; BadValue shows the first clause that is not known."""
    asked, rest = Question(), said.strip()
    while rest:
        clause, asked = _first_clause(rest, asked)
        rest = rest[len(clause) :]
        if rest and not rest.startswith(_AND):
            raise _unknown(rest)
        rest = rest.removeprefix(_AND)
    return asked


def _first_clause(rest: str, asked: Question) -> tuple[str, Question]:
    for pattern, read in _CLAUSES:
        if found := pattern.match(rest):
            return found[0], read(asked, found)
    raise _unknown(rest)


def _unknown(rest: str) -> BadValue:
    return BadValue(
        rest, "$filter", "clauses on Collection/Name, Name, ContentDate, Intersects or attributes"
    )


def _text(said: str) -> str:
    return said.replace("''", "'")


def _put(asked: Question, found: re.Match[str], **members: Any) -> Question:
    """The question with another member; what was asked before would be forgotten."""
    if any(getattr(asked, name) for name in members):
        raise BadValue(found[0], "$filter", "one clause of this kind")
    return replace(asked, **members)


def _between(asked: Question, found: re.Match[str], start: bool) -> Question:
    ends = asked.time
    if ends.start if start else ends.end:
        raise BadValue(found[0], "$filter", "one clause of this kind")
    time = parse_time(found[1], "$filter")
    return replace(asked, time=TemporalExtent(time if start else ends.start, ends.end if start else time))


def _started(asked: Question, found: re.Match[str]) -> Question:
    return replace(asked, also=(*asked.also, Started(parse_time(found[1], "$filter"))))


def _modified(asked: Question, found: re.Match[str]) -> Question:
    return replace(asked, also=(*asked.also, Changed(parse_time(found[1], "$filter"))))


def _attributed(asked: Question, found: re.Match[str]) -> Question:
    pairs = frozenset((_text(name), _text(value)) for name, value in re.findall(_ATTRIBUTE, found[0]))
    return replace(asked, also=(*asked.also, Attributed(pairs)))


_Read = Callable[[Question, "re.Match[str]"], Question]
_READERS: dict[str, _Read] = {
    rf"Collection/Name eq {_TEXT}": lambda asked, found: _put(asked, found, collections=(_text(found[1]),)),
    rf"Name eq {_TEXT}": lambda asked, found: _put(asked, found, ids=(_text(found[1]),)),
    r"ContentDate/End ge (\S+)": lambda asked, found: _between(asked, found, start=True),
    r"ContentDate/Start le (\S+)": lambda asked, found: _between(asked, found, start=False),
    r"ContentDate/Start ge (\S+)": _started,
    r"ModificationDate ge (\S+)": _modified,
    r"OData\.CSC\.Intersects\(area=geography'SRID=4326;([^']*)'\)": lambda asked, found: _put(
        asked, found, area=Footprint.from_wkt(found[1])
    ),
    _ATTRIBUTES: _attributed,
    r"true(?= |$)": lambda asked, found: asked,
}
_CLAUSES = tuple((re.compile(pattern), read) for pattern, read in _READERS.items())


def _attributes(product: Product) -> frozenset[tuple[str, str]]:
    said = write_product(product)["Attributes"]
    return frozenset((each["Name"], each["Value"]) for each in said if each["ValueType"] == "String")
