"""Times as DHuS takes them: of a calendar, or counted from now, such as NOW/DAY-7DAYS.

Source: Solr's date math, which the DHuS user guide refers to."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import datetime, timedelta

from ..eo.errors import BadValue
from ..eo.temporal import TemporalExtent, parse_time

_ALLOWED = "a time such as 2020-01-31T10:20:30Z, NOW, NOW-7DAYS or NOW/DAY"
_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_STEP = re.compile(rf"([+-])(\d{{1,6}})({'|'.join(_UNITS)})S?|/({'|'.join(_UNITS)})S?")
_WHOLE = re.compile(rf"(NOW|[^+/]+?Z|\d{{4}}-\d\d-\d\d)((?:{_STEP.pattern})*)", re.A)


def parse_dhus_time(text: str, where: str, now: datetime, *, last: bool = False) -> datetime:
    """The instant; of a date its midnight, or the end of the day when it is the `last` of a range."""
    found = _WHOLE.fullmatch(text.strip())
    if not found:
        raise BadValue(text, where, _ALLOWED)
    try:
        time = now if found[1] == "NOW" else parse_time(found[1], where)
        if last and found[0] == found[1] != "NOW":
            return TemporalExtent.of(None, found[1]).end or time
        for sign, count, unit, floor in _STEP.findall(found[2]):
            time = _floor(time, floor) if floor else _moved(time, int(sign + count), unit)
    except (BadValue, ValueError, OverflowError) as error:
        raise BadValue(text, where, _ALLOWED) from error
    return time


def _floor(time: datetime, unit: str) -> datetime:
    """The beginning of the year, day, ... in which it is."""
    names = [name.lower() for name in _UNITS]
    least = dict(zip(names, (1, 1, 1, 0, 0, 0), strict=True))
    after = names[names.index(unit.lower()) + 1 :]
    return time.replace(microsecond=0, **{name: least[name] for name in after})  # type: ignore[arg-type]


def _moved(time: datetime, count: int, unit: str) -> datetime:
    """So many units later; a day that its new month does not have is the last one of it."""
    if unit not in ("YEAR", "MONTH"):
        return time + timedelta(**{f"{unit.lower()}s": count})
    months = time.year * 12 + time.month - 1 + count * (12 if unit == "YEAR" else 1)
    year, month = divmod(months, 12)
    return time.replace(year=year, month=month + 1, day=min(time.day, monthrange(year, month + 1)[1]))
