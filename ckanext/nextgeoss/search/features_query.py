"""What OGC API Features asks (OGC 17-069r4, 18-058r1, 19-079r2) as a Query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..eo.crs import CRS84, checked_crs, swapped_box
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.product import Value
from ..eo.properties import Properties, Property
from ..eo.query import Condition, Query
from .own_terms import own_rows, sorted_by
from .stac_query import asked_box, asked_limit, asked_time

NAMES = ("limit", "bbox", "bbox-crs", "crs", "datetime", "sortby", "token")
_WAYS = {"+": "asc", "-": "desc", " ": "asc"}


@dataclass(frozen=True, slots=True)
class FeaturesSearch:
    """What is asked, and the system that coordinates are wanted in."""

    query: Query
    crs: str


def parameters_of(properties: Properties) -> tuple[str, ...]:
    """The names of all parameters of the items of a collection."""
    return (*NAMES, *(row.name for row in own_rows(properties)))


def features_search(asked: Mapping[str, str], properties: Properties, collection: str) -> FeaturesSearch:
    """The search of the parameters of a request, whose names are known; BadValue names the one that is
    wrong."""
    rows = {row.name: row for row in own_rows(properties)}
    query = Query(
        collections=(collection,),
        footprint=_area(asked),
        time=asked_time(asked.get("datetime")),
        conditions=tuple(_condition(rows[name], asked[name]) for name in asked if name in rows),
        sort=tuple(_sort(asked.get("sortby", ""), properties)),
        limit=asked_limit(asked.get("limit")),
        cursor=asked.get("token", ""),
    )
    return FeaturesSearch(query, checked_crs(asked.get("crs"), "crs"))


def _area(asked: Mapping[str, str]) -> Footprint | None:
    crs, text = checked_crs(asked.get("bbox-crs"), "bbox-crs"), asked.get("bbox")
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadValue(text, "bbox", "four or six numbers between commas") from error
    return asked_box(numbers if crs == CRS84 else swapped_box(numbers))


def _condition(row: Property, text: str) -> Condition:
    """What has this value; limits do not bind what a value is compared with."""
    try:
        value: Value = row.from_text(text)
    except BadValue as error:
        raise BadValue(text, row.name, error.allowed) from error
    if isinstance(value, tuple):
        return Condition(row.name, "in", value)
    return Condition(row.name, "=", value)


def _sort(text: str, properties: Properties) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        if part.strip():
            # a + that was not escaped has become a space
            name = part.strip().lstrip("+-")
            yield sorted_by(name, "sortby", properties), _WAYS.get(part.strip()[0], "asc")
