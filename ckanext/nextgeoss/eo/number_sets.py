"""Number sets and date sets of OGC 13-026 (9.3): one value, a set, an interval with open or closed ends."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from .errors import BadValue
from .product import Value
from .property import Property
from .query import Condition
from .temporal import TemporalExtent

ALLOWED = "n, {n1,n2}, [n1,n2], ]n1,n2[, [n1, ]n1, n2] or n2["
_RANGED = ("integer", "number", "time")
# clients leave the comma where an end is open: `[n1,` and `,n2]`
_INTERVAL = re.compile(r"([\[\]])\s*([^\[\]{},\s]+)\s*,\s*([^\[\]{},\s]+)\s*([\[\]])")
_FROM = re.compile(r"([\[\]])\s*([^\[\]{},\s]+)\s*,?")
_UNTIL = re.compile(r",?\s*([^\[\]{},\s]+)\s*([\[\]])")
_SET = re.compile(r"\{([^\[\]{}]*)\}")
_NO_ZONE = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d([.,]\d+)?", re.ASCII)
_NUMBER = {"integer": r"\d+", "number": r"-?\d+(\.\d+)?", "time": r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?"}


def set_conditions(text: str, row: Property, where: str = "") -> tuple[Condition, ...]:
    """What a value of an OpenSearch parameter asks of a property; BadValue (at `where`) for one that is no
    set, or an interval in which nothing lies. Texts know single values and `{a,b}` only; a date is its whole
    day."""
    text, where = text.strip(), where or row.name
    try:
        if found := _SET.fullmatch(text):
            return (_one_of(found[1].split(","), row),)
        if row.type not in _RANGED:
            # `HH, VV` are the channels of one product, which has both
            return tuple(Condition(row.name, "=", item) for item in _items(row.parse(text)))
        return tuple(_interval(text, row))
    except BadValue as error:
        raise BadValue(text, where, error.allowed) from error


def pattern(row: Property) -> str:
    """The regular expression (ECMA-262) of the sets of a property's values; "" for texts."""
    if row.type not in _RANGED:
        return ""
    one = _NUMBER[row.type]
    return rf"^({one}|\{{{one}(, *{one})*\}}|[\[\]]{one},?|,?{one}[\[\]]|[\[\]]{one}, *{one}[\[\]])$"


def with_zone(text: str) -> str:
    """A time that has no zone, in UTC: so took them the original hub, whose clients send them."""
    return text + "Z" if _NO_ZONE.fullmatch(text) else text


def _one_of(texts: list[str], row: Property) -> Condition:
    values = tuple(item for text in texts for item in _items(_instant(text.strip(), row)))
    if not values:
        raise BadValue("", row.name, "at least one value")
    return Condition(row.name, "=", values[0]) if len(values) == 1 else Condition(row.name, "in", values)


def _instant(text: str, row: Property) -> Value:
    if row.type == "time" and _is_day(text):
        raise BadValue(text, row.name, "times with hours within {}, or an interval of dates")
    return _parsed(text, row)


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _interval(text: str, row: Property) -> list[Condition]:
    if found := _INTERVAL.fullmatch(text):
        left, low, high, right = found.groups()
        return _between(left, low, high, right, row)
    if found := _FROM.fullmatch(text):
        return [_lower(found[1], found[2], row)]
    if found := _UNTIL.fullmatch(text):
        return [_upper(found[1], found[2], row)]
    if any(mark in text for mark in "[]{},"):
        raise BadValue(text, row.name, ALLOWED)
    if _is_day(text) and row.type == "time":
        return _between("[", text, text, "]", row)
    return [Condition(row.name, "=", _parsed(text, row))]


def _between(left: str, low: str, high: str, right: str, row: Property) -> list[Condition]:
    lower, upper = _lower(left, low, row), _upper(high, right, row)
    first: Any = lower.value
    last: Any = upper.value
    if first > last or (first == last and (left, right) != ("[", "]")):
        raise BadValue(low, row.name, "an interval whose first value is below the second")
    if (left, right) == ("[", "]"):
        return [Condition(row.name, "between", (first, last))]
    return [lower, upper]


def _lower(left: str, text: str, row: Property) -> Condition:
    """`[` begins with the value, or with its day; `]` after it, or after its day."""
    first, last = _ends(text, row)
    return Condition(row.name, ">=", first) if left == "[" else Condition(row.name, ">", last)


def _upper(text: str, right: str, row: Property) -> Condition:
    """`]` ends with the value, or with its day; `[` before it, or before its day."""
    first, last = _ends(text, row)
    return Condition(row.name, "<=", last) if right == "]" else Condition(row.name, "<", first)


def _ends(text: str, row: Property) -> tuple[Value, Value]:
    """First and last instant of a date; a number or a time twice."""
    if row.type == "time" and _is_day(text):
        day = TemporalExtent.of(text, text)
        assert isinstance(day.start, datetime) and isinstance(day.end, datetime)
        return day.start, day.end
    value = _parsed(text, row)
    return value, value


def _parsed(text: str, row: Property) -> Value:
    return row.parse(with_zone(text) if row.type == "time" else text)


def _is_day(text: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is not None
