"""Hypothesis strategies for items of feedback, made of what the fields of each part say."""

from __future__ import annotations

import copy
import re
from typing import Any

from hypothesis import strategies as st

from ckanext.nextgeoss.feedback.guf import FeedbackItem, FeedbackTarget
from ckanext.nextgeoss.feedback.iso import BoundingBox, Period, Ring
from ckanext.nextgeoss.feedback.kinds import (
    Address,
    Code,
    Doi,
    Kind,
    Moment,
    Number,
    Text,
    Truth,
    Unit,
    Whole,
    Word,
)
from ckanext.nextgeoss.feedback.parts import Choice, Member, Part, fields_of, held_by

# letters of many scripts, marks of XML and HTML, line ends within
_LETTERS = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])
texts = (
    st.text(_LETTERS | st.sampled_from("<>&\"'\n"), min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split(" ")).strip())
    .filter(lambda text: 0 < len(text) <= 40)
)
dates = st.dates().map(lambda day: day.isoformat()).filter(lambda text: text < "2026")
times = st.datetimes().map(lambda time: f"{time.replace(microsecond=0).isoformat()}Z")
moments = dates | times
addresses = st.from_regex(r"https?://[a-z]{1,9}\.example(/[a-z0-9._~-]{1,9}){0,2}(\?[a-z]=[0-9%&;=]{1,3})?",
                          fullmatch=True)  # fmt: skip


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """Values of a kind."""
    if isinstance(kind, Text):
        return texts.map(lambda text: text[: kind.most].strip()).filter(bool)
    if isinstance(kind, Number):
        return st.floats(max(kind.least, -1e9), min(kind.most, 1e9)).map(lambda number: round(number, 6))
    if isinstance(kind, Ring):
        return rings()
    made: dict[type[Any], st.SearchStrategy[Any]] = {
        Whole: st.integers(0, 1000),
        Truth: st.booleans(),
        Unit: texts,
        Moment: moments,
        Address: addresses,
        Doi: st.from_regex(r"10\.[0-9]{4}/[a-z0-9.]{1,9}", fullmatch=True),
    }
    if isinstance(kind, Code):
        return st.sampled_from(list(kind.of.values))
    if isinstance(kind, Word):
        return st.from_regex(re.compile(kind.form, re.ASCII), fullmatch=True)
    return made[type(kind)]


@st.composite
def rings(draw: st.DrawFn) -> list[list[float]]:
    """Closed rings round a box."""
    west, south = draw(st.integers(-170, 160)), draw(st.integers(-80, 70))
    east, north = west + draw(st.integers(1, 10)), south + draw(st.integers(1, 10))
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [[float(x), float(y)] for x, y in corners]


@st.composite
def parts(draw: st.DrawFn, kind: type[Part], depth: int = 0) -> dict[str, Any]:
    """JSON of a part: what must be there, and, the deeper the less, what may be."""
    if kind is BoundingBox:
        return draw(_boxes())
    if kind is Period:
        first, second = sorted([draw(times), draw(times)])
        return draw(st.sampled_from([{"begin": first}, {"begin": first, "end": second}]))
    chosen: dict[str, Any] = {}
    for field in fields_of(kind):
        # the last of the numbers, as examples are made smaller towards the first
        if field.member.least or (depth < 7 and draw(st.integers(0, 2 * depth + 1)) == 2 * depth + 1):
            chosen[field.name] = draw(_of(field.member, depth))
    return chosen


def _of(member: Member, depth: int) -> st.SearchStrategy[Any]:
    held = held_by(member)
    if isinstance(held, Choice):
        each: st.SearchStrategy[Any] = st.one_of(
            [
                parts(kind, depth + 1).map(lambda told, name=name: {"type": name, **told})
                for name, kind in held.options.items()
            ]
        )
    elif isinstance(held, type):
        each = parts(held, depth + 1)
    else:
        each = values(held)
    return st.lists(each, min_size=max(1, member.least), max_size=2) if member.many else each


@st.composite
def _boxes(draw: st.DrawFn) -> dict[str, float]:
    south, north = sorted([draw(st.floats(-90, 90)), draw(st.floats(-90, 90))])
    west, east = draw(st.floats(-180, 180)), draw(st.floats(-180, 180))
    names = ("west_bound_longitude", "east_bound_longitude", "south_bound_latitude", "north_bound_latitude")
    return dict(zip(names, (round(edge, 5) for edge in (west, east, south, north)), strict=True))


items = parts(FeedbackItem)


def complete_item() -> dict[str, Any]:
    """An item in which each element of the standard stands, by the kinds of the fields, three parts deep."""
    return _complete(FeedbackItem, 0)


def _complete(kind: type[Part], depth: int) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for field in fields_of(kind):
        again = held_by(field.member) in (kind, FeedbackTarget) and depth > 1
        if field.member.least or (depth < 4 and not again):
            told[field.name] = _complete_member(field.member, depth)
    return told


def _complete_member(member: Member, depth: int) -> Any:
    held = held_by(member)
    if isinstance(held, Choice):
        found: list[Any] = [
            {"type": name, **_complete(kind, depth + 1)} for name, kind in held.options.items()
        ]
    elif isinstance(held, type):
        found = [_complete(held, depth + 1)]
    else:
        found = [_sample(held)]
    return copy.deepcopy(found if member.many else found[-1])


def _sample(kind: Kind) -> Any:
    samples: dict[type[Any], Any] = {
        Text: "eng",
        Number: 12.5,
        Whole: 3,
        Truth: True,
        Unit: "m",
        Moment: "2026-01-02T03:04:05Z",
        Address: "https://example.org/a?b=1&c=2",
        Doi: "10.1234/abc",
        Ring: [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 0.0]],
    }
    if isinstance(kind, Word):
        return kind.example
    return next(iter(kind.of.values)) if isinstance(kind, Code) else samples[type(kind)]
