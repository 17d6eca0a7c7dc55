"""The parameters of our own APIs and pages, as texts of a URL or values of JSON, and the Query they ask."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from .conditions import Parameters, conditions, names_of, one_of, values_of
from .errors import BadValue, nearest
from .footprint import Footprint
from .property import Property
from .query import RELATIONS, TIME_RELATIONS, Query, parse_bbox
from .temporal import TemporalExtent

MOST = 1000
# Solr reads and sorts all that lies before a page; a cursor goes on for ever
MOST_OFFSET = 10_000
# those that are read together, so that each mistake is told of its own parameter
_PRODUCTS = (
    ("q",),
    ("id",),
    ("collection",),
    ("bbox",),
    ("ext_bbox",),
    ("geometry",),
    ("relation",),
    ("start", "end"),
    ("time_relation",),
    ("latest",),
    ("fit_first",),
)
# which of the products found are given, in which order, and what is counted
PAGING = ("sort", "limit", "offset", "cursor", "facets")
_BOXES = ("bbox", "ext_bbox")
_ONE_BOX = 4
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


def query_from_parameters(params: Parameters, rows: Mapping[str, Property]) -> Query:
    """The query that parameters ask; other ones are left to the caller, BadValue names a bad one.

    `q`, `id`, `collection`, `bbox` or `ext_bbox` (west,south,east,north), `geometry` (WKT or GeoJSON),
    `relation`, `start`, `end`, `time_relation`, `latest`, `fit_first`; for each of the `rows` `<name>` (a
    value, or low..high), `<name>_min`, `<name>_max`; `sort` (`-start`, `cloud_cover asc`), `limit`,
    `offset`, `cursor`, `facets`."""
    return Query(
        words=one_of(params, "q"),
        ids=values_of(params, "id", apart=True),
        collections=values_of(params, "collection", apart=True),
        footprint=_footprint(params),
        relation=_one_among(params, "relation", RELATIONS),
        time=TemporalExtent.of(one_of(params, "start"), one_of(params, "end")),
        time_relation=_one_among(params, "time_relation", TIME_RELATIONS),
        conditions=tuple(condition for row in rows.values() for condition in conditions(params, row)),
        latest=_latest(params),
        facets=values_of(params, "facets", apart=True),
        fit_first=one_of(params, "fit_first").lower(),
        sort=tuple(map(_order, values_of(params, "sort", apart=True))),
        limit=_number(params, "limit", MOST, "follow next_cursor for more", usual=20),
        offset=_number(params, "offset", MOST_OFFSET, "follow next_cursor instead"),
        cursor=one_of(params, "cursor"),
    )


def mistakes(params: Parameters, rows: Mapping[str, Property]) -> dict[str, str]:
    """What is wrong with each parameter, by its name; empty when they ask a query."""
    found: dict[str, str] = {}
    for group in _groups(rows):
        part = {name: params[name] for name in group if name in params}
        try:
            query_from_parameters(part, {name: rows[name] for name in group if name in rows})
        except BadValue as error:
            found[error.where if error.where in part else next(iter(part))] = error.reason
    return found


def unknown(names: Iterable[str], rows: Mapping[str, Property], others: Iterable[str] = ()) -> dict[str, str]:
    """Those that are no parameters nor `others`, each with the one that is most like it, or ""."""
    known = [*(name for group in _groups(rows) for name in group), *others]
    known_names = frozenset(known)
    return {name: nearest(name, known) or "" for name in names if name not in known_names}


def texts(given: Mapping[str, object]) -> dict[str, str | list[str]]:
    """Values of JSON as the texts of a URL: lists of them, numbers and booleans, a geometry as GeoJSON, a box
    as four numbers. BadValue names what is none of these."""
    return {name: _texts(name, value) for name, value in given.items() if value is not None}


def _groups(rows: Mapping[str, Property]) -> Iterator[tuple[str, ...]]:
    yield from _PRODUCTS
    yield from ((name,) for name in PAGING)
    yield from map(names_of, rows.values())


def _texts(name: str, value: object) -> str | list[str]:
    if name == "geometry" and isinstance(value, dict):
        return json.dumps(value)
    if not isinstance(value, (list, tuple)):
        return _text(name, value)
    items = cast(list[object], value)
    if name in _BOXES and len(items) == _ONE_BOX and not isinstance(items[0], str):
        return ",".join(_text(name, item) for item in items)
    return [_text(name, item) for item in items if item is not None]


def _text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    raise BadValue(value, name, "a text, a number, true or false, or a list of these")


def _footprint(params: Parameters) -> Footprint | None:
    for name in _BOXES:
        if text := one_of(params, name):
            return parse_bbox(text, name)
    if text := one_of(params, "geometry"):
        try:
            found = Footprint.from_geojson(text) if text.startswith("{") else Footprint.from_wkt(text)
        except BadValue as error:
            raise BadValue(text, "geometry", error.allowed) from error
        if found is None:
            raise BadValue(text, "geometry", "a geometry that is not empty")
        return found
    return None


def _one_among(params: Parameters, name: str, allowed: tuple[str, ...]) -> str:
    value = one_of(params, name) or allowed[0]
    if value not in allowed:
        raise BadValue(value, name, "one of " + ", ".join(allowed))
    return value


def _latest(params: Parameters) -> bool:
    value = one_of(params, "latest").lower()
    if value not in _BOOLEANS:
        raise BadValue(value, "latest", "true or false")
    return _BOOLEANS[value]


def _order(text: str) -> tuple[str, str]:
    """`-start`, `start`, `start desc` or `start asc` as a pair."""
    name, _, direction = text.partition(" ")
    if text.startswith(("-", "+")):
        name, direction = name[1:], "desc" if text.startswith("-") else "asc"
    direction = direction.strip().lower() or "asc"
    if direction not in ("asc", "desc"):
        raise BadValue(text, "sort", "names such as start, -start or start desc, commas between them")
    return name, direction


def _number(params: Parameters, name: str, most: int, instead: str, usual: int = 0) -> int:
    text = one_of(params, name)
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= most):
        raise BadValue(text, name, f"a whole number from 0 up to {most}; {instead}")
    return int(text)
