"""Where and when the datasets of a THREDDS catalogue are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..errors import BadValue
from ..footprint import Footprint
from ..product import Problem
from ..temporal import ALWAYS, TemporalExtent, parse_time
from .loose_json import mapping, text
from .loose_time import mended_time, read_extent

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)\s*([a-z]+)", re.I)
_ISO = re.compile(
    r"P(?:(\d{1,5})Y)?(?:(\d{1,5})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?"
)
_SECONDS = {
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600, "hr": 3600, "h": 3600,
    "day": 86400, "d": 86400, "week": 604800, "month": 2629746, "year": 31556952, "yr": 31556952,
}  # fmt: skip
_ISO_SECONDS = (31556952, 2629746, 604800, 86400, 3600, 60, 1)
_ZONE = re.compile(r"\s*(?:UTC|GMT)$", re.I)
_NOW = "present"
_SIDES = ("west", "south", "east", "north")


def extent_of(said: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """The interval of a `timeCoverage`: two of start, end and duration. One that moves on with the present
    time and has no start is none."""
    start, end = (_time(text(said.get(name))) for name in ("start", "end"))
    length = _length(text(said.get("duration")), problems)
    if end.lower() == _NOW:
        return read_extent(start, "", "timeCoverage", problems) if start and start.lower() != _NOW else ALWAYS
    if not start and not end:
        return ALWAYS
    found = read_extent(start, end, "timeCoverage", problems)
    if length and found.start and not end:
        return TemporalExtent(found.start, _moved(found.start, length))
    if length and found.end and not start:
        return TemporalExtent(_moved(found.end, -length), found.end)
    return found


def _time(said: str) -> str:
    """A time as our parser wants it: `2014-09-26 02:56:17 UTC` is often seen."""
    bare = _ZONE.sub("", said)
    return mended_time(bare + "Z" if bare != said and ":" in bare else bare)


def _moved(time: datetime, length: timedelta) -> datetime | None:
    try:
        return parse_time(time + length)
    except (OverflowError, BadValue):
        return None


def _length(said: str, problems: list[Problem]) -> timedelta | None:
    if not said:
        return None
    if found := _DURATION.fullmatch(said):
        seconds = _SECONDS.get(found[2].lower()) or _SECONDS.get(found[2].lower().removesuffix("s"))
        if seconds:
            return timedelta(seconds=float(found[1]) * seconds)
    if (found := _ISO.fullmatch(said)) and any(found.groups()):
        parts = zip(found.groups(), _ISO_SECONDS, strict=True)
        return timedelta(seconds=sum(int(number) * seconds for number, seconds in parts if number))
    problems.append(
        Problem("timeCoverage/duration", BadValue(said, "duration", "such as 45 days or P45D").reason)
    )
    return None


def box_of(said: Mapping[str, Any]) -> Footprint | None:
    """The box of a `geospatialCoverage`; BadValue when it is not in degrees."""
    if text(said.get("name")).lower() == "global":
        return Footprint.from_bbox(-180.0, -90.0, 180.0, 90.0)
    if all(name in said for name in _SIDES):
        west, south, east, north = (_number(said[name], name) for name in _SIDES)
        return Footprint.from_bbox(west, south, east, north)
    if not (said.get("northsouth") and said.get("eastwest")):
        return None
    south, height = _range(mapping(said["northsouth"]), "northsouth")
    west, width = _range(mapping(said["eastwest"]), "eastwest")
    south, north = max(-90.0, min(south, south + height)), min(90.0, max(south, south + height))
    if width < 0:
        west, width = west + width, -width
    if width >= 360:
        return Footprint.from_bbox(-180.0, south, 180.0, north)
    west = (west + 180) % 360 - 180 if not -180 <= west <= 180 else west
    east = west + width
    return Footprint.from_bbox(west, south, east - 360 if east > 180 else east, north)


def _range(said: Mapping[str, Any], where: str) -> tuple[float, float]:
    unit = text(said.get("units")).lower()
    if unit and not unit.startswith(("deg", "°")):
        raise BadValue(unit, f"{where}/units", "degrees")
    return _number(said.get("start"), f"{where}/start"), _number(said.get("size") or 0, f"{where}/size")


def _number(said: Any, where: str) -> float:
    try:
        number = float(said)
    except (TypeError, ValueError) as error:
        raise BadValue(said, where, "a number of degrees") from error
    if not abs(number) < 1e6:  # not a number, or infinite
        raise BadValue(said, where, "a number of degrees")
    return number
