"""Times and intervals of time: aware, UTC, with open ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from .errors import BadValue
from .worded import Worded

ALLOWED = Worded("an RFC 3339 time such as 2020-01-31T10:20:30Z, or a date such as 2020-01-31")
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:[.,](\d{1,12}))?(?:[Zz]|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)
_ODATA = re.compile(r"/Date\((-?\d{1,17})(?:[+-]\d{4})?\)/", re.ASCII)
_OPEN = ("", "..")
_DAY = timedelta(days=1) - timedelta(microseconds=1)


def parse_time(value: str | datetime, where: str = "time") -> datetime:
    """An instant in UTC from RFC 3339 with 0 to 12 digits of fraction (cut to microseconds), from a date
    (its midnight) or from OData's `/Date(ms)/`; a date-time without a zone is a BadValue."""
    if isinstance(value, datetime):
        return _utc(value, where)
    text = value.strip()
    try:
        if found := _TIME.fullmatch(text):
            return _from_groups(*found.groups())
        if found := _DATE.fullmatch(text):
            year, month, day = (int(part) for part in found.groups())
            return datetime(year, month, day, tzinfo=timezone.utc)
        if found := _ODATA.fullmatch(text):
            return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=int(found[1]))
    except (ValueError, OverflowError) as error:
        raise BadValue(value, where, ALLOWED) from error
    raise BadValue(value, where, ALLOWED)


@lru_cache(maxsize=1024)  # an answer says the same time at several places
def format_time(time: datetime) -> str:
    """RFC 3339 in UTC with `Z`; no fraction when it is zero, else without trailing zeros."""
    text = (time if time.tzinfo is timezone.utc else _utc(time, "time")).isoformat()[:-6]
    return (text.rstrip("0") if time.microsecond else text) + "Z"


@dataclass(frozen=True, slots=True)
class TemporalExtent:
    """An interval of time, both ends included; None is an open end, an instant has start == end."""

    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        start = None if self.start is None else _utc(self.start, "start")
        end = None if self.end is None else _utc(self.end, "end")
        if start and end and start > end:
            raise BadValue(format_time(end), "end", f"a time not before the start, {format_time(start)}")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    @classmethod
    def parse(cls, text: str) -> TemporalExtent:
        """From `a/b`, `../b`, `a/..`, an instant, or a date, which means the whole day."""
        first, slash, second = text.strip().partition("/")
        return cls.of(first, second if slash else first)

    @classmethod
    def of(cls, start: str | datetime | None, end: str | datetime | None) -> TemporalExtent:
        """From two ends, each a time, a date (an end reaches to the end of its day), empty, `..` or None."""
        first = _start(start)
        # an instant is read once
        return cls(first, first if start == end and not _is_date(end) else _end(end))

    def isoformat(self) -> str:
        """`start/end` with `..` for an open end; one time alone for an instant."""
        if self.start is not None and self.start == self.end:
            return format_time(self.start)
        return "/".join([".." if end is None else format_time(end) for end in (self.start, self.end)])

    def intersects(self, other: TemporalExtent) -> bool:
        """Whether the two share an instant."""
        ends_before = self.end and other.start and self.end < other.start
        begins_after = self.start and other.end and self.start > other.end
        return not ends_before and not begins_after

    def __bool__(self) -> bool:
        return self.start is not None or self.end is not None


ALWAYS = TemporalExtent()


def _start(value: str | datetime | None) -> datetime | None:
    if value is None or (isinstance(value, str) and value.strip() in _OPEN):
        return None
    return parse_time(value, "start")


def _end(value: str | datetime | None) -> datetime | None:
    if value is None or (isinstance(value, str) and value.strip() in _OPEN):
        return None
    time = parse_time(value, "end")
    return time + _DAY if _is_date(value) else time


def _is_date(value: str | datetime | None) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value.strip()) is not None


def _utc(time: datetime, where: str) -> datetime:
    if time.tzinfo is timezone.utc:
        return time
    if time.tzinfo is None:
        raise BadValue(time.isoformat(), where, "a time with a time zone")
    try:
        return time.astimezone(timezone.utc)
    except OverflowError as error:
        raise BadValue(time.isoformat(), where, "a time between the years 1 and 9999 UTC") from error


def _from_groups(
    date: str, minute: str, second: str, fraction: str | None, sign: str | None, hours: str, minutes: str
) -> datetime:
    if second == "60":  # a leap second has no place in datetime: it is taken as the second before
        second = "59"
    time = datetime.fromisoformat(f"{date}T{minute}:{second}.{(fraction or '')[:6]:0<6}+00:00")
    if sign is None:
        return time
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    zone = timezone(-offset if sign == "-" else offset)
    return time.replace(tzinfo=zone).astimezone(timezone.utc)
