"""The one question all catalogues answer, remote ones and our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .errors import BadValue
from .footprint import Footprint
from .product import Value
from .properties import Properties, Property
from .temporal import ALWAYS, TemporalExtent

# what the product's footprint does to the one asked for
RELATIONS = ("intersects", "within", "contains", "disjoint")
# what the product's time does to the one asked for
TIME_RELATIONS = ("intersects", "within", "contains", "disjoint", "equals")
# the last four compare texts, letter by letter; in what is "like" a text, `*` and `?` of it stand for any
# letters and for any one, unless a backslash is before them
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "between", "in", "starts", "ends", "has", "like")
_RANGED = ("number", "integer", "time")

Parameters: TypeAlias = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one EO property, or on what every product of the catalogue has (search/terms.py);
    `value` is a pair for "between", a tuple for "in". A product without the property fails it."""

    property: str
    operator: str
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which products, in which order, how many; empty parts ask for everything."""

    # all of them, in any order; words between quotes stand side by side
    words: str = ""
    # at least one of these texts, each read like `words`
    any_words: tuple[str, ...] = ()
    # identifiers of products, or ids of their datasets
    ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    footprint: Footprint | None = None
    # one of RELATIONS
    relation: str = "intersects"
    time: TemporalExtent = ALWAYS
    # one of TIME_RELATIONS
    time_relation: str = "intersects"
    conditions: tuple[Condition, ...] = ()
    # of the products found that are editions of one scene, only the latest
    latest: bool = False
    # names of properties to count
    facets: tuple[str, ...] = ()
    # pairs of a name and "asc" or "desc"
    sort: tuple[tuple[str, str], ...] = ()
    limit: int = 20
    offset: int = 0
    # what the page before said as next; goes before an offset
    cursor: str = ""


def query_from_parameters(params: Parameters, properties: Properties) -> Query:
    """The query that URL parameters ask; other parameters are left to the caller, BadValue names a bad one.

    `q`, `id`, `collection`, `bbox` or `ext_bbox` (west,south,east,north), `geometry` (WKT), `relation`,
    `start`, `end`, and for each property `<name>` (a value, or low..high), `<name>_min`, `<name>_max`."""
    relation = _one(params, "relation") or "intersects"
    if relation not in RELATIONS:
        raise BadValue(relation, "relation", "one of " + ", ".join(RELATIONS))
    return Query(
        words=_one(params, "q"),
        ids=_all(params, "id"),
        collections=_all(params, "collection"),
        footprint=_footprint(params),
        relation=relation,
        time=TemporalExtent.of(_one(params, "start"), _one(params, "end")),
        conditions=tuple(condition for row in properties.values() for condition in _conditions(params, row)),
    )


def parse_bbox(text: str, where: str = "bbox") -> Footprint:
    """The area of `west,south,east,north` in degrees; west greater than east crosses the antimeridian."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadValue(text, where, "four numbers: west,south,east,north") from error
    try:
        return Footprint.from_bbox(west, south, east, north)
    except BadValue as error:
        raise BadValue(text, where, error.allowed) from error


def _footprint(params: Parameters) -> Footprint | None:
    for name in ("bbox", "ext_bbox"):
        if text := _one(params, name):
            return parse_bbox(text, name)
    if text := _one(params, "geometry"):
        try:
            return Footprint.from_wkt(text)
        except BadValue as error:
            raise BadValue(text, "geometry", error.allowed) from error
    return None


def _conditions(params: Parameters, row: Property) -> list[Condition]:
    found: list[Condition] = []
    values = _all(params, row.name)
    ranges = [value for value in values if ".." in value and row.type in _RANGED]
    exact = tuple(item for value in values if value not in ranges for item in _items(row.parse(value)))
    if exact:
        found.append(
            Condition(row.name, "=", exact[0]) if len(exact) == 1 else Condition(row.name, "in", exact)
        )
    for text in ranges:
        low, _, high = text.partition("..")
        found += _range(row, (row.name, row.name), low.strip(), high.strip())
    if row.type in _RANGED:
        names = (f"{row.name}_min", f"{row.name}_max")
        found += _range(row, names, _one(params, names[0]), _one(params, names[1]))
    return found


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _range(row: Property, names: tuple[str, str], low: str, high: str) -> list[Condition]:
    """The condition that a property lies between two texts, each of which may be empty."""
    start = _bound(row, names[0], low, "start")
    end = _bound(row, names[1], high, "end")
    if start is not None and end is not None:
        if start > end:  # pyright: ignore[reportOperatorIssue] one type, as both come from the same row
            raise BadValue(f"{low}..{high}", names[0], "a range whose first value is not the greater one")
        return [Condition(row.name, "between", (start, end))]
    if start is not None:
        return [Condition(row.name, ">=", start)]
    return [] if end is None else [Condition(row.name, "<=", end)]


def _bound(row: Property, name: str, text: str, side: str) -> Value | None:
    """One end of a range; the end of a range of times that is a date reaches to the end of that day."""
    if not text:
        return None
    try:
        return TemporalExtent.of(None, text).end if (row.type, side) == ("time", "end") else row.parse(text)
    except BadValue as error:
        raise BadValue(text, name, error.allowed) from error


def _all(params: Parameters, name: str) -> tuple[str, ...]:
    given = params.get(name) or ()
    values = (given,) if isinstance(given, str) else given
    return tuple(value.strip() for value in values if value.strip())


def _one(params: Parameters, name: str) -> str:
    values = _all(params, name)
    if len(values) > 1:
        raise BadValue(list(values), name, "one value")
    return values[0] if values else ""
