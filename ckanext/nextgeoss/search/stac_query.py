"""The search of a STAC API (1.0.0, item search with its extensions) as a Query."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from ..eo.asked_shapes import asked_shape
from ..eo.errors import BadValue, nearest
from ..eo.footprint import Footprint
from ..eo.formats.stac_fields import ALL_FIELDS, LEAST_ITEM, Fields
from ..eo.free_text import Text, plain, read_text, words_in
from ..eo.properties import Properties
from ..eo.query import Query
from ..eo.temporal import ALWAYS, TemporalExtent
from .stac_conditions import FILTER, asked_conditions, asked_filter, asked_sort
from .stac_terms import asked_order, asked_row, stac_vocabulary

USUAL_LIMIT = 10
MOST = 1000
NAMES = (
    "limit", "bbox", "datetime", "intersects", "ids", "collections", "fields", "sortby", "query", "q",
    "token", *FILTER,
)  # fmt: skip
OF_COLLECTION = (
    "limit", "bbox", "datetime", "ids", "collections", "fields", "sortby", "query", "q", "token",
    *FILTER,
)  # fmt: skip

# RFC 3339, section 5.6: a zone is needed, a date alone is no time
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,12})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_TIMES = (
    "an RFC 3339 time such as 2024-05-01T10:00:00Z, or two with / between, of which one may be .. or empty"
)
_OPEN = ("", "..")


@dataclass(frozen=True, slots=True)
class StacSearch:
    """What is asked, and which members of the items are wanted."""

    query: Query
    fields: Fields


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
    row_of = partial(asked_row, properties=properties)
    text = asked_text(asked.get("q"))
    query = Query(
        any_words=tuple(words_in(text)) if plain(text) else (),
        text=None if plain(text) else text,
        ids=_texts(asked.get("ids"), "ids"),
        collections=_collections(asked, collection),
        footprint=_area(asked),
        time=asked_time(asked.get("datetime")),
        conditions=tuple(asked_conditions(asked.get("query"), row_of)),
        filter=asked_filter(asked, stac_vocabulary(properties)),
        sort=tuple(asked_sort(asked.get("sortby"), partial(asked_order, properties=properties))),
        limit=asked_limit(asked.get("limit")),
        cursor=_text(asked.get("token"), "token"),
    )
    return StacSearch(query, asked_fields(asked))


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


def asked_text(value: object) -> Text | None:
    """The tree of `q`, one text or several."""
    return read_text(_texts(value, "q"))


def asked_fields(asked: Mapping[str, Any], valid: tuple[str, ...] = LEAST_ITEM) -> Fields:
    """The choice of `fields`; `valid` are the members without which an answer is none."""
    if "fields" not in asked:
        return ALL_FIELDS
    said = asked["fields"]
    if not isinstance(said, dict) or not {"include", "exclude"}.issuperset(cast(dict[str, Any], said)):
        raise BadValue(said, "fields", '{"include": [names], "exclude": [names]}')
    parts = cast(dict[str, Any], said)
    include, exclude = (_texts(parts.get(name), f"fields.{name}") for name in ("include", "exclude"))
    # an empty list of what is wanted means the least, none at all means everything
    return Fields.of(include, exclude, least=valid if "include" in parts or not exclude else ())
