"""What OGC API Features asks (OGC 17-069r4, 18-058r1, 19-079r2) as a Query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.cql2 import LANGUAGES, read_cql2
from ..eo.cql2_text import json_of_text
from ..eo.crs import CRS84, checked_crs, swapped, swapped_box
from ..eo.errors import BadValue
from ..eo.fast_json import loads
from ..eo.filter import Filter
from ..eo.footprint import Footprint
from ..eo.product import Value
from ..eo.property import Property
from ..eo.query import Condition, Query
from .own_terms import Names
from .stac_query import asked_box, asked_limit, asked_time

NAMES = (
    "limit",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "token",
)
_WAYS = {"+": "asc", "-": "desc"}


@dataclass(frozen=True, slots=True)
class FeaturesSearch:
    """What is asked, and the system that coordinates are wanted in."""

    query: Query
    crs: str


def parameters_of(names: Names) -> tuple[str, ...]:
    """The names of all parameters of the items of a collection."""
    return (*NAMES, *names.rows)


def features_search(asked: Mapping[str, str], names: Names, collections: tuple[str, ...]) -> FeaturesSearch:
    """The search of the parameters of a request, whose names are known, within some collections or all;
    BadValue names the one that is wrong."""
    query = Query(
        collections=collections,
        footprint=asked_area(asked),
        time=asked_time(asked.get("datetime")),
        conditions=asked_conditions(asked, names),
        filter=asked_filter(asked, names),
        sort=asked_sort(asked, names),
        limit=asked_limit(asked.get("limit")),
        cursor=asked.get("token", ""),
    )
    return FeaturesSearch(query, checked_crs(asked.get("crs"), "crs"))


def asked_filter(asked: Mapping[str, str], names: Names) -> Filter | None:
    """The filter of the parameters `filter`, `filter-lang` and `filter-crs`; None without one."""
    crs, lang = checked_crs(asked.get("filter-crs"), "filter-crs"), asked.get("filter-lang", LANGUAGES[0])
    text = asked.get("filter")
    if lang not in LANGUAGES:
        raise BadValue(lang, "filter-lang", " or ".join(LANGUAGES))
    if text is None:
        return None
    if crs == CRS84:
        return read_cql2(text, lang, names.vocabulary())
    # positions change their order before anybody takes them for longitude and latitude
    return read_cql2(swapped(_as_json(text, lang)), LANGUAGES[1], names.vocabulary())


def asked_area(asked: Mapping[str, str]) -> Footprint | None:
    """The area of the parameters `bbox` and `bbox-crs`."""
    crs, text = checked_crs(asked.get("bbox-crs"), "bbox-crs"), asked.get("bbox")
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadValue(text, "bbox", "four or six numbers between commas") from error
    try:
        return asked_box(numbers if crs == CRS84 else swapped_box(numbers))
    except BadValue as error:
        # as it was asked: the numbers have changed their order
        raise BadValue(text, "bbox", error.allowed) from error


def asked_conditions(asked: Mapping[str, str], names: Names) -> tuple[Condition, ...]:
    """What the parameters say that are names of properties; limits do not bind what a value is compared
    with."""
    return tuple(_condition(name, names.rows[name], asked[name]) for name in asked if name in names.rows)


def asked_sort(asked: Mapping[str, str], names: Names) -> tuple[tuple[str, str], ...]:
    """The names of rows and the directions of the parameter `sortby`."""
    parts = [part.strip() for part in asked.get("sortby", "").split(",") if part.strip()]
    # a + that was not escaped has become a space; a sign alone is the name of nothing
    return tuple(
        (names.sorted_by(part.lstrip("+-") or part, "sortby"), _WAYS.get(part[0], "asc")) for part in parts
    )


def _condition(name: str, row: Property, text: str) -> Condition:
    try:
        value: Value = row.from_text(text)
    except BadValue as error:
        raise BadValue(text, name, error.allowed) from error
    if isinstance(value, tuple):
        return Condition(row.name, "in", value)
    return Condition(row.name, "=", value)


def _as_json(text: str, lang: str) -> Any:
    if lang == LANGUAGES[0]:
        return json_of_text(text)
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        raise BadValue(text, "filter", "CQL2 JSON") from error
