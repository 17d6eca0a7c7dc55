"""Times from parts of dates in the names of files and folders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from .errors import BadValue
from .temporal import ALWAYS, TemporalExtent

_PARTS = {
    "year": r"\d{4}",
    "yy": r"\d{2}",
    "month": r"\d{2}",
    "day": r"\d{2}",
    "doy": r"\d{3}",
    "hour": r"\d{2}",
    "minute": r"\d{2}",
    "second": r"\d{2}",
}
# as one: 20240131, 20240131T1020, 20240131102030, 2024-01-31
_WHOLE = r"\d{4}-?\d{2}-?\d{2}(?:[T_-]?\d{2}[:-]?\d{2})?(?:[:-]?\d{2})?Z?"
# what parts of dates look like, by their names
DATES: Mapping[str, str] = {
    "start": _WHOLE,
    "end": _WHOLE,
    # how long from the start: 1h, 7d, 1mo, 1y
    "length": r"\d{1,3}(?:mn|mo|h|d|w|y)",
    **_PARTS,
    **{f"end_{name}": look for name, look in _PARTS.items()},
}
_PERIOD = re.compile(r"(?:(\d{1,4}) )?(minute|hour|day|month|year)s?")
_UNITS = {"mn": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}
_TICK = timedelta(microseconds=1)


def dates_of(said: Mapping[str, str], period: str = "") -> TemporalExtent:
    """The interval that parts of dates tell: to the end that is told, else as long as the period, else as
    exact as the start is. BadValue for a date that there is not."""
    try:
        return _interval(said, period)
    except (ValueError, OverflowError) as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue(" ".join(said.values()), "date in the name", "one of the calendar") from error


def _interval(said: Mapping[str, str], period: str) -> TemporalExtent:
    start, exact = _date(said, "")
    if start is None:
        return ALWAYS
    end, end_exact = _date(said, "end_")
    if end is not None:
        return TemporalExtent(start, _last(end, end_exact))
    if length := said.get("length"):
        number, unit = re.sub(r"\D", "", length), _UNITS[re.sub(r"\d", "", length)]
        weeks = 7 if unit == "week" else 1
        period = f"{int(number) * weeks} {'day' if unit == 'week' else unit}"
    return TemporalExtent(start, _last(start, period or exact))


def instant_of(text: str) -> datetime:
    """The time of digits such as 20240131102030; BadValue for none."""
    try:
        return _whole(text)[0]
    except ValueError as error:
        raise BadValue(text, "time", "digits such as 20240131 or 20240131102030") from error


def check_period(period: str, where: str) -> str:
    """The period, when it is one, such as `day`, `8 days` or `month`."""
    if period and not _PERIOD.fullmatch(period):
        raise BadValue(period, where, "such as hour, day, 8 days, month or year")
    return period


def _last(start: datetime, period: str) -> datetime:
    """The last instant of what begins then; of no period, the instant itself."""
    found = _PERIOD.fullmatch(period)
    if not found:
        return start
    number, unit = int(found[1] or 1), found[2]
    if unit in ("minute", "hour", "day"):
        return start + timedelta(**{f"{unit}s": number}) - _TICK
    months = start.year * 12 + start.month - 1 + number * (12 if unit == "year" else 1)
    return start.replace(year=months // 12, month=months % 12 + 1, day=min(start.day, 28)) - _TICK


def _date(said: Mapping[str, str], prefix: str) -> tuple[datetime | None, str]:
    """A time of its parts, and how exact it is: a period, or empty for an instant."""
    whole = said.get("end" if prefix else "start")
    if whole:
        return _whole(whole)
    part = {name: said[prefix + name] for name in _PARTS if prefix + name in said}
    if "year" in part or "yy" in part:
        year = int(part.get("year") or _century(part["yy"]))
    elif prefix and part:  # an end of the same day or year as the start
        return _date({**{name: said[name] for name in _PARTS if name in said}, **part}, "")
    else:
        return None, ""
    exact = "year"
    first = datetime(year, int(part.get("month", 1)), int(part.get("day", 1)), tzinfo=timezone.utc)
    if "month" in part:
        exact = "day" if "day" in part else "month"
    if "doy" in part:
        first, exact = first + timedelta(days=_day_of_year(part["doy"])), "day"
    clock = [int(part.get(name, 0)) for name in ("hour", "minute", "second")]
    if "hour" in part and exact == "day":
        first = first.replace(hour=clock[0], minute=clock[1], second=min(clock[2], 59))
        exact = "" if "minute" in part else "hour"
    return first, exact


def _whole(text: str) -> tuple[datetime, str]:
    digits = re.sub(r"\D", "", text)
    look = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}.get(len(digits), "")
    found = datetime.strptime(digits, look).replace(tzinfo=timezone.utc)
    return found, "day" if len(digits) == 8 else ""


def _century(yy: str) -> str:
    """Two digits are of the years 1970 to 2069."""
    return ("20" if int(yy) < 70 else "19") + yy


def _day_of_year(doy: str) -> int:
    if not 1 <= int(doy) <= 366:
        raise BadValue(doy, "day of the year", "1 to 366")
    return int(doy) - 1
