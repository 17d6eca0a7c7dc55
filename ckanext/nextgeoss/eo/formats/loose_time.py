"""Times as records really give them: what can be mended is mended and noted, never an error."""

from __future__ import annotations

import re
from calendar import monthrange

from ..errors import BadValue
from ..product import Problem
from ..temporal import TemporalExtent

_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?")
# a date, or only its year and month, with hyphens, slashes or nothing between
_PARTS = re.compile(r"(\d{4})(?:[-/]?(\d\d)(?:[-/]?(\d\d)(?:Z|[+-]\d\d:\d\d)?)?)?")
_MINUTES = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(Z|[+-]\d\d:?\d\d)")


def read_interval(text: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """The interval of `a/b`, open at an end that is empty, or of a single time."""
    first, slash, second = text.strip().partition("/")
    return read_extent(first, second if slash else first, where, problems)


def read_extent(start: str, end: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """The interval between two texts, either of which may be empty; ends in the wrong order are swapped, an
    end that is no time is left open."""
    first = _readable(start, where, problems)
    last = first if end == start else _readable(end, where, problems)
    try:
        return TemporalExtent.of(first, last)
    except BadValue:
        problems.append(Problem(where, f"start {first} and end {last} are swapped"))
        return TemporalExtent.of(last, first)


def read_period(start: str, end: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """As `read_extent`, of texts that may also be years, months and dates without hyphens, which mean all of
    their days."""
    return read_extent(_first_day(start.strip()), _last_day(end.strip()), where, problems)


def first_moment(text: str) -> str:
    """A time, or the first day of a year or month, in a form that parses."""
    return _first_day(mended_time(text))


def _first_day(text: str) -> str:
    if found := _PARTS.fullmatch(text):
        return "-".join(part or "01" for part in found.groups())
    return text


def _last_day(text: str) -> str:
    found = _PARTS.fullmatch(text)
    if found is None:
        return text
    year, month, day = found.groups()
    month = month or "12"
    last = monthrange(int(year), int(month))[1] if 1 <= int(month) <= 12 and int(year) else 31
    return f"{year}-{month}-{day or last}"


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
