"""Years, months, weeks, days and so on, in UTC: where each begins, and which suit an interval of time."""

from __future__ import annotations

from datetime import datetime, timedelta

# lengths in seconds, the longest first
INTERVALS = {
    "year": 365 * 86400,
    "month": 28 * 86400,
    "week": 7 * 86400,
    "day": 86400,
    "hour": 3600,
    "minute": 60,
    "second": 1,
}
_INSTANT = timedelta(microseconds=1)


def begin_of(time: datetime, interval: str) -> datetime:
    """When the period begins that a time is in; weeks begin on Monday."""
    if interval == "second":
        return time.replace(microsecond=0)
    begin = time.replace(second=0, microsecond=0)
    if interval == "minute":
        return begin
    begin = begin.replace(minute=0)
    if interval == "hour":
        return begin
    begin = begin.replace(hour=0)
    if interval == "week":
        return begin - timedelta(days=begin.weekday())
    return (
        begin if interval == "day" else begin.replace(day=1, month=1 if interval == "year" else begin.month)
    )


def suitable(first: datetime, last: datetime, most: int) -> str:
    """The shortest interval of which hardly more than `most` cover the time between; years for ages."""
    seconds = (last - first).total_seconds()
    short = [name for name, length in INTERVALS.items() if seconds / length <= most]
    return short[-1] if short else "year"


def periods(first: datetime, last: datetime, interval: str, most: int) -> list[datetime]:
    """When the periods begin that the time between is in, in order, of too many the latest `most`."""
    begins = [begin_of(last, interval)]
    while begins[-1] > first and len(begins) < most:
        begins.append(begin_of(begins[-1] - _INSTANT, interval))
    return begins[::-1]
