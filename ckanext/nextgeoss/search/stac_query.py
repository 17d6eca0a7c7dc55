"""The search of a STAC API (1.0.0, item search with its extensions) as a Query."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson

from ..eo.asked_shapes import asked_shape
from ..eo.errors import BadValue, nearest
from ..eo.footprint import Footprint
from ..eo.formats.stac_fields import ALL_FIELDS, Fields
from ..eo.product import Value
from ..eo.properties import Properties, Property
from ..eo.query import Condition, Query
from ..eo.temporal import ALWAYS, TemporalExtent
from .stac_terms import asked_name
from .terms import sortable, term

USUAL_LIMIT = 10
MOST = 1000
NAMES = (
    "limit", "bbox", "datetime", "intersects", "ids", "collections", "fields", "sortby", "query", "q",
    "token",
)  # fmt: skip
OF_COLLECTION = (
    "limit", "bbox", "datetime", "ids", "collections", "fields", "sortby", "query", "q", "token",
)  # fmt: skip
OPERATORS = {
    "eq": "=", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=",
    "startsWith": "starts", "endsWith": "ends", "contains": "has", "in": "in",
}  # fmt: skip

# RFC 3339, section 5.6: a zone is needed, a date alone is no time
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_TIMES = (
    "an RFC 3339 time such as 2024-05-01T10:00:00Z, or two with / between, of which one may be .. or empty"
)
_OPEN = ("", "..")
_WAYS = {"+": "asc", "-": "desc", " ": "asc"}


@dataclass(frozen=True, slots=True)
class StacSearch:
    """What is asked, and which members of the items are wanted."""

    query: Query
    fields: Fields


def members_of_get(args: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a GET as the members of a POST that asks the same; BadValue for what is not JSON
    where JSON is expected."""
    return {name: _MEMBERS_OF[name](value) if name in _MEMBERS_OF else value for name, value in args.items()}


def check_names(names: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """BadValue for a parameter that there is not: an answer without it would pass for the right one."""
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise BadValue(name, name, f"a parameter out of {', '.join(known)}{hint}")


def stac_search(asked: Mapping[str, Any], properties: Properties, collection: str = "") -> StacSearch:
    """The search of the members of a POST, within one collection where that is given; BadValue names the
    member that is wrong."""
    check_names(asked, OF_COLLECTION if collection else NAMES)
    sort = tuple(_sort(asked.get("sortby"), properties))
    query = Query(
        any_words=_texts(asked.get("q"), "q"),
        ids=_texts(asked.get("ids"), "ids"),
        collections=_collections(asked, collection),
        footprint=_area(asked),
        time=asked_time(asked.get("datetime")),
        conditions=tuple(_conditions(asked.get("query"), properties)),
        sort=sort,
        limit=asked_limit(asked.get("limit")),
        cursor=_text(asked.get("token"), "token"),
    )
    return StacSearch(query, _fields(asked))


def _collections(asked: Mapping[str, Any], within: str) -> tuple[str, ...]:
    """The collections asked for; pystac-client names the one it is within once more."""
    named = _texts(asked.get("collections"), "collections")
    if within and named not in ((), (within,)):
        raise BadValue(list(named), "collections", f"{within}, whose items these are")
    return (within,) if within else named


def asked_limit(value: object, usual: int = USUAL_LIMIT) -> int:
    """How many at most; more than MOST are not given, fewer than one cannot be asked for."""
    if value is None:
        return usual
    allowed = f"a whole number from 1 to {MOST}"
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,20}", value.strip(), re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise BadValue(value, "limit", allowed)
    return min(value, MOST)


def asked_time(value: object) -> TemporalExtent:
    """The interval of `datetime`; without one, ALWAYS."""
    if value is None:
        return ALWAYS
    ends = value.split("/") if isinstance(value, str) else []
    good = 1 <= len(ends) <= 2 and all(_is_end(end, alone=len(ends) == 1) for end in ends)
    if not good or all(end in _OPEN for end in ends):
        raise BadValue(value, "datetime", _TIMES)
    try:
        return TemporalExtent.of(ends[0], ends[-1])
    except BadValue as error:
        raise BadValue(value, "datetime", error.allowed) from error


def asked_box(value: object) -> Footprint | None:
    """The area of `bbox`, four numbers, or six of which the heights do not count."""
    if value is None:
        return None
    numbers = cast(list[object], value) if isinstance(value, list) else []
    whole = [float(n) for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool)]
    if len(whole) != len(numbers) or len(whole) not in (4, 6) or not all(map(math.isfinite, whole)):
        raise BadValue(value, "bbox", "four or six numbers: west,south,east,north")
    half = len(whole) // 2
    west, south, east, north = *whole[:2], *whole[half : half + 2]
    if half == 3 and whole[2] > whole[5]:
        raise BadValue(value, "bbox", "a lowest height that is not above the greatest")
    if not -90 <= south <= north <= 90:
        raise BadValue(value, "bbox", "latitudes from -90 to 90, the southern one first")
    try:
        return Footprint.from_bbox(west, south, east, north)
    except BadValue as error:
        raise BadValue(value, "bbox", error.allowed) from error


# --- GET


def _json(name: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return orjson.loads(text)
        except ValueError as error:
            raise BadValue(text, name, "JSON") from error

    return read


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(text: str) -> list[Any]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadValue(text, "bbox", "four or six numbers: west,south,east,north") from error


def _keys(text: str) -> list[dict[str, str]]:
    return [
        {"field": part.strip().lstrip("+-"), "direction": _WAYS.get(part.strip()[0], "asc")}
        for part in text.split(",")
        if part.strip()
    ]


def _split_fields(text: str) -> dict[str, list[str]]:
    parts = _list(text)
    wanted = [part.lstrip("+").strip() for part in parts if not part.startswith("-")]
    unwanted = [part[1:].strip() for part in parts if part.startswith("-")]
    return ({"include": wanted} if wanted else {}) | {"exclude": unwanted}


_MEMBERS_OF: dict[str, Callable[[str], Any]] = {
    "bbox": _numbers,
    "ids": _list,
    "collections": _list,
    "q": _list,
    "intersects": _json("intersects"),
    "query": _json("query"),
    "sortby": _keys,
    "fields": _split_fields,
}


# --- members


def _text(value: object, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadValue(value, where, "a text")
    return value


def _texts(value: object, where: str) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if value is None:
        return ()
    if not isinstance(values, list) or not all(isinstance(v, str) for v in cast(list[object], values)):
        raise BadValue(value, where, "an array of texts")
    return tuple(dict.fromkeys(text.strip() for text in cast(list[str], values) if text.strip()))


def _area(asked: Mapping[str, Any]) -> Footprint | None:
    box, shape = asked.get("bbox"), asked.get("intersects")
    if box is not None and shape is not None:
        raise BadValue(shape, "intersects", "either bbox or intersects, not both")
    return asked_box(box) if shape is None else asked_shape(shape)


def _is_end(text: str, *, alone: bool) -> bool:
    return _INSTANT.fullmatch(text) is not None or (text in _OPEN and not alone)


def _sort(keys: object, properties: Properties) -> Iterator[tuple[str, str]]:
    if keys is None:
        return
    allowed = '[{"field": name, "direction": "asc" or "desc"}, ...]'
    if not isinstance(keys, list):
        raise BadValue(keys, "sortby", allowed)
    for key in cast(list[Any], keys):
        known = isinstance(key, dict) and isinstance(cast(dict[str, Any], key).get("field"), str)
        way = cast(dict[str, Any], key).get("direction", "asc") if known else ""
        if way not in ("asc", "desc"):
            raise BadValue(key, "sortby", allowed)
        name = asked_name(key["field"], "sortby", properties)
        if name not in sortable(properties):
            raise BadValue(key["field"], "sortby", "a property with one value")
        yield name, way


def _conditions(asked: object, properties: Properties) -> Iterator[Condition]:
    if asked is None:
        return
    allowed = "{property: {operator: value}} with operators " + ", ".join(OPERATORS)
    if not isinstance(asked, dict):
        raise BadValue(asked, "query", allowed)
    for stac, said in cast(dict[str, Any], asked).items():
        name = asked_name(stac, "query", properties)
        if not isinstance(said, dict) or not said:
            raise BadValue(
                said, f"query.{stac}", "an object of operators and values: " + ", ".join(OPERATORS)
            )
        for operator, value in cast(dict[str, Any], said).items():
            if operator not in OPERATORS:
                raise BadValue(operator, f"query.{stac}", "one of " + ", ".join(OPERATORS))
            where = f"query.{stac}.{operator}"
            yield from _condition(term(name, properties), name, OPERATORS[operator], value, where)


def _condition(row: Property, name: str, operator: str, value: object, where: str) -> Iterator[Condition]:
    if operator in ("starts", "ends", "has"):
        if row.type not in ("text", "list") or not isinstance(value, str) or not value:
            raise BadValue(value, where, "a text, for a property of texts")
        yield Condition(name, operator, value)
    elif operator == "in":
        if not isinstance(value, list) or not value:
            raise BadValue(value, where, "an array of values")
        parsed = [each for item in cast(list[object], value) for each in _values(row, item, where)]
        yield Condition(name, "in", tuple(parsed))
    else:
        for each in _values(row, value, where):
            yield Condition(name, operator, each)


def _values(row: Property, value: object, where: str) -> Iterator[Value]:
    """The typed values; limits do not bind what a value is compared with."""
    try:
        if row.type in ("integer", "number", "time") and isinstance(value, (str, int, float)):
            if isinstance(value, bool):
                raise BadValue(value, where, f"a {row.type}")
            yield row.from_text(str(value))
            return
        parsed = row.parse(value)
    except BadValue as error:
        raise BadValue(value, where, error.allowed) from error
    yield from parsed if isinstance(parsed, tuple) else (parsed,)


def _fields(asked: Mapping[str, Any]) -> Fields:
    if "fields" not in asked:
        return ALL_FIELDS
    said = asked["fields"]
    if not isinstance(said, dict) or not {"include", "exclude"}.issuperset(cast(dict[str, Any], said)):
        raise BadValue(said, "fields", '{"include": [names], "exclude": [names]}')
    parts = cast(dict[str, Any], said)
    include, exclude = (_texts(parts.get(name), f"fields.{name}") for name in ("include", "exclude"))
    # an empty list of what is wanted means the least, none at all means everything
    return Fields.of(include, exclude, least="include" in parts or not exclude)
