"""Boxes and times of metadata records, in the loose forms in which catalogues write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..errors import BadValue
from ..footprint import Footprint
from ..product import Problem
from ..temporal import ALWAYS, TemporalExtent
from .gml import united
from .loose_time import read_extent

_ALLOWED = "four numbers: west, south, east, north"
_SIDES = ("west", "south", "east", "north")
# north limit, SOUTH-BOUND LATITUDE: 1.5, East 3; `.` matches no line end
_SIDE = re.compile(
    r"\b(north|south|east|west)(?:ern)?(?:most)?[- _]?(?:limit|bound(?:ing)?)?[- _]?(?:latitude|longitude)?"
    r"\s{0,5}[:=]?\s{0,5}([-+]?\d{1,3}(?:\.\d{1,20})?)(?!\d)", re.I,
)  # fmt: skip
_MEDIAN = re.compile(r"\b(?:MEDIAN )?(LATITUDE|LONGITUDE):\s{0,5}([-+]?\d{1,3}(?:\.\d{1,20})?)", re.I)
_ENDS = re.compile(
    r"\b(start|begin|end|stop)(?:[- _]?date)?\s{0,5}[:=]\s{0,5}(\d{4}[-\d]{0,6}(?:[T ][\d:.]{4,15}Z?)?)", re.I
)
_LONGEST = 5_000
# a box that crosses the antimeridian and is wider than this has its west where its east should be
_WIDEST = 270


def box_footprint(numbers: Sequence[Any], where: str) -> Footprint | None:
    """The footprint of west, south, east and north as texts or numbers; None for a box of zeros, which is
    how forms that nobody filled are saved."""
    try:
        west, south, east, north = (float(str(number).replace(",", ".")) for number in numbers)
    except ValueError as error:
        raise BadValue(list(numbers), where, _ALLOWED) from error
    if not any((west, south, east, north)):
        raise BadValue(list(numbers), where, "a place: a box of zeros is one that was not filled in")
    repairs: list[str] = []
    if south > north:
        south, north = north, south
        repairs.append("south and north swapped")
    if west > east and west <= 180 and 360 - (west - east) > _WIDEST:
        west, east = east, west
        repairs.append("west and east swapped")
    return Footprint.from_bbox(west, south, east, north).with_repairs(repairs)


def boxes_footprint(boxes: Iterable[Sequence[Any]], where: str, problems: list[Problem]) -> Footprint | None:
    """One footprint of several boxes, without those that are none."""
    found: list[Footprint] = []
    for box in boxes:
        try:
            if footprint := box_footprint(box, where):
                found.append(footprint)
        except BadValue as error:
            problems.append(Problem(where, error.reason))
    return united(found)


def words_footprint(text: str) -> Footprint | None:
    """The footprint that words tell: DCMI Box, `North 49, South 48, East 3, West 1`, a median point, or WKT;
    None when they are only words."""
    text = text.strip()[:_LONGEST]
    sides = {name.lower(): number for name, number in reversed(_SIDE.findall(text))}
    if len(sides) == len(_SIDES):
        return box_footprint([sides[name] for name in _SIDES], "coverage")
    point = {name.lower(): number for name, number in reversed(_MEDIAN.findall(text))}
    if len(point) == 2:
        return Footprint.from_wkt(f"POINT ({point['longitude']} {point['latitude']})")
    if re.match(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POLYGON|POINT|LINESTRING)", text, re.I):
        return Footprint.from_wkt(text)
    return None


def words_time(text: str, where: str, problems: list[Problem]) -> TemporalExtent:
    """The interval that words tell: `a/b`, DCMI Period, or with words for start and end."""
    text = text.strip()[:_LONGEST]
    ends = {name.lower(): time for name, time in reversed(_ENDS.findall(text))}
    if ends:
        start, end = ends.get("start") or ends.get("begin"), ends.get("end") or ends.get("stop")
        return read_extent(start or "", end or "", where, problems)
    first, slash, second = text.partition("/")
    if slash and re.match(r"\d{4}", first + second):
        return read_extent(first, second, where, problems)
    return ALWAYS


def hull(extents: Iterable[TemporalExtent]) -> TemporalExtent:
    """The interval from the first start to the last end, open where one of them is."""
    known = [extent for extent in extents if extent]
    starts, ends = [extent.start for extent in known], [extent.end for extent in known]
    return TemporalExtent(
        min((start for start in starts if start), default=None) if None not in starts else None,
        max((end for end in ends if end), default=None) if None not in ends else None,
    )
