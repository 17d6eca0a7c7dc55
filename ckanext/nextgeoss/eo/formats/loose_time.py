"""Times as records really give them: what can be mended is mended and noted, never an error."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Any

from ..errors import BadValue
from ..product import Problem
from ..temporal import TemporalExtent

_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?")
# a date, or only its year and month, with hyphens or slashes, or with nothing between
_PARTS = (
    re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2})(?:Z|[+-]\d\d:\d\d)?)?)?"),
    re.compile(r"(\d{4})(\d\d)(\d\d)?"),
)
# numbers below are years, and from there on milliseconds, not seconds
_YEARS, _MILLISECONDS = 10_000, 1e11
_MINUTES = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(Z|[+-]\d\d:?\d\d)")


def read_interval(text: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """The interval of `a/b`, open at an end that is empty, or of a single time."""
    first, slash, second = text.strip().partition("/")
    return read_extent(first, second if slash else first, where, problems)


def read_extent(start: str, end: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """The interval between two texts, either of which may be empty; ends in the wrong order are swapped, an
    end that is no time is left open."""
    start, end = part_of_time(start, last=False), part_of_time(end, last=True)
    first = _readable(start, where, problems)
    last = first if end == start else _readable(end, where, problems)
    try:
        return TemporalExtent.of(first, last)
    except BadValue:
        problems.append(Problem(where, f"start {first} and end {last} are swapped"))
        return TemporalExtent.of(last, first)


def part_of_time(text: str, *, last: bool) -> str:
    """The first or last day of a year or month; a date in another spelling with hyphens and two digits;
    anything else as it is."""
    found = next((found for parts in _PARTS if (found := parts.fullmatch(text.strip()))), None)
    if not found or not 1 <= int(found[2] or 1) <= 12:
        return text
    year, month = int(found[1]), int(found[2] or (12 if last else 1))
    day = found[3] or (monthrange(year, month)[1] if last and year else 1)
    return f"{year:04}-{month:02}-{int(day):02}"


def first_moment(text: str) -> str:
    """A time, or the first day of a year or month, in a form that parses."""
    return part_of_time(mended_time(text), last=False)


def time_text(value: Any) -> str:
    """A time as text: seconds or milliseconds since 1970 as OData writes them, anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e15:
        return str(value) if value is not None else ""
    if abs(value) < _YEARS:
        return str(int(value))  # a year
    return f"/Date({int(value if abs(value) >= _MILLISECONDS else value * 1000)})/"


def mended_time(text: str) -> str:
    """A time in a form that parses: `ZZ`, minutes without seconds, and a time without zone, which is UTC in
    Earth observation."""
    mended = re.sub(r"[Zz]{2,}$", "Z", text.strip())
    if found := _MINUTES.fullmatch(mended):
        return f"{found[1]}:00{found[2]}"
    if _ZONELESS.fullmatch(mended):
        return mended + (":00Z" if mended.count(":") == 1 else "Z")
    return mended


def _readable(text: str, where: str, problems: list[Problem]) -> str:
    """The text where it is a time, mended if need be; else nothing, which is noted."""
    mended = mended_time(text)
    try:
        TemporalExtent.of(mended, None)
    except BadValue:
        problems.append(Problem(where, BadValue(text, where, "a time").reason))
        return ""
    if mended != text.strip():
        problems.append(Problem(where, f"{text} is taken as {mended}"))
    return mended
