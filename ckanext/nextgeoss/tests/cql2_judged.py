"""What filters in CQL2 JSON say of a product, worked out in plain Python without any part of the code that is
tested."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

import shapely
from shapely.geometry import shape as read_shape

from ckanext.nextgeoss.tests.cql2_filters import KEPT, RELATIONS, mixed, operation

_MS = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Thing:
    """A product as plain values; `area` is what shapely makes of its footprint."""

    id: str
    values: Mapping[str, Any]
    start: datetime | None
    end: datetime | None
    area: Any


def says(node: Any, thing: Thing) -> bool | None:
    """Whether a filter is true of a product, false, or neither (None)."""
    if isinstance(node, bool):
        return node
    if "property" in node:
        return thing.values.get(node["property"])
    op, args = node["op"].lower(), node["args"]
    if op in ("and", "or"):
        found = [says(each, thing) for each in args]
        strong = op == "or"
        return strong if strong in found else None if None in found else not strong
    if op == "not":
        found = says(args[0], thing)
        return None if found is None else not found
    if op == "isnull":
        return _value(args[0], thing) is None
    if op.startswith(("t_", "s_", "a_")):
        return _PREDICATES[op[0]](op[2:], args, thing)
    if op == "between":
        return says(
            operation("and", operation(">=", args[0], args[1]), operation("<=", args[0], args[2])), thing
        )
    if op == "in":
        return says(operation("or", *(operation("=", args[0], each) for each in args[1])), thing)
    one, two = (_value(each, thing) for each in args)
    if one is None or two is None:
        return None
    return _like(one, two) if op == "like" else _holds(op, one, two)


def _holds(op: str, one: Any, two: Any) -> bool:
    """Two values compared; a day, a pair of times, is around its times."""
    low, high = two if isinstance(two, tuple) else (two, two)
    if isinstance(one, tuple):
        return _holds(op.translate(str.maketrans("<>", "><")) if op != "<>" else op, two, one)
    return _COMPARED[op](one, low, high)


_COMPARED: Mapping[str, Callable[[Any, Any, Any], bool]] = {
    "=": lambda one, low, high: low <= one <= high, "<>": lambda one, low, high: not low <= one <= high,
    "<": lambda one, low, high: one < low, "<=": lambda one, low, high: one <= high,
    ">": lambda one, low, high: one > high, ">=": lambda one, low, high: one >= low,
}  # fmt: skip


def _value(node: Any, thing: Thing) -> Any:
    if not isinstance(node, dict):
        # of a text the first letters count
        return node[:KEPT] if isinstance(node, str) else node
    if "timestamp" in node or "date" in node:
        return _ends(next(iter(node.values())))
    if "property" in node:
        own = {"start": thing.start, "end": thing.end, "geometry": thing.area}
        name = node["property"]
        found = own[name] if name in own else thing.values.get(name)
        return found[:KEPT] if isinstance(found, str) else found
    found = [_value(each, thing) for each in node["args"]]
    if node["op"] == "+":
        return sum(found)
    return None if found[0] is None else _FOLDS[node["op"]](found[0])


@cache
def _unaccented(text: str) -> str:
    marks = {c for c in unicodedata.normalize("NFD", text) if unicodedata.combining(c)}
    # Korean syllables are left whole
    parts = (c if "가" <= c <= "힣" else unicodedata.normalize("NFD", c) for c in text)
    return "".join(c for part in parts for c in part if c not in marks)


_FOLDS: Mapping[str, Callable[[str], str]] = {"casei": str.casefold, "accenti": _unaccented}


def _like(text: str, pattern: str) -> bool:
    """By all places of the text that each part of the pattern may end at."""
    places, to = {0}, 0
    while to < len(pattern):
        sign, escaped = pattern[to], pattern[to] == "\\" and to + 1 < len(pattern)
        if sign == "%":
            places = set(range(min(places, default=len(text) + 1), len(text) + 1))
        else:
            wanted = pattern[to + 1] if escaped else sign
            places = {
                at + 1
                for at in places
                if at < len(text) and (text[at] == wanted or (sign == "_" and not escaped))
            }
        to += 2 if escaped else 1
    return len(text) in places


def _ends(text: str) -> Any:
    """A time, or the first and the last millisecond of a day."""
    if len(text) > 10:
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    day = datetime.fromisoformat(text + "T00:00:00+00:00")
    return day, day + timedelta(days=1) - _MS


_EVER = (datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc))


# by names as they are compared here: each relation by its alternatives, each of them by its comparisons
_RULES = {name.lower(): [parts.split() for parts in rule.split("|")] for name, rule in RELATIONS.items()}


def _relation(name: str, args: list[Any], thing: Thing) -> bool | None:
    one, two = (_interval(each, thing) for each in args)
    if one is None or two is None:
        return None
    ends = dict(zip("seab", (*one, *two), strict=True))
    found = [_every(_compared(part, ends) for part in parts) for parts in _RULES[name]]
    return True if True in found else None if None in found else False


def _every(found: Iterable[bool | None]) -> bool | None:
    known = list(found)
    return False if False in known else None if None in known else True


def _compared(part: str, ends: Mapping[str, Any]) -> bool | None:
    one, two = ends[part[0]], ends[part[-1]]
    return None if one is None or two is None else _holds(part[1:-1], one, two)


def _interval(node: Any, thing: Thing) -> Any:
    own = ["start", "end"]
    if node == {"property": "datetime"} or [_name(e) for e in node.get("interval", ())] == own:
        if thing.start is None and thing.end is None:
            return None
        return thing.start or _EVER[0], thing.end or _EVER[1]
    if "interval" not in node:
        found = _value(node, thing)
        return None if found is None else found if isinstance(found, tuple) else (found, found)
    ends: list[Any] = []
    for place, each in enumerate(node["interval"]):
        found = (
            _EVER[place] if each == ".." else _value(each, thing) if isinstance(each, dict) else _ends(each)
        )
        ends.append(found[place] if isinstance(found, tuple) else found)
    return tuple(ends)


def _name(node: Any) -> str:
    return node.get("property", "") if isinstance(node, dict) else ""


def _place(name: str, args: list[Any], thing: Thing) -> bool | None:
    if thing.area is None:
        return None
    found = [thing.area if "property" in each else _area(json.dumps(each)) for each in args]
    # what lies in the border of a product's own area alone is contained all the same (docs/apis.md)
    first = "property" in args[0]
    judge = {
        "intersects": shapely.intersects, "disjoint": shapely.disjoint, "equals": shapely.equals,
        "within": shapely.within if first else shapely.covered_by,
        "contains": shapely.covers if first else shapely.contains,
    }[name]  # fmt: skip
    return bool(judge(*found))


@cache
def _area(text: str) -> Any:
    """A geometry or a box as shapely has it; what is alike in a collection is one, as of a footprint."""
    node = json.loads(text)
    if "bbox" not in node:
        found = read_shape(node)
        return found if mixed(node) else shapely.union_all(shapely.get_parts(found))
    west, south, east, north = node["bbox"]
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


def _sets(name: str, args: list[Any], thing: Thing) -> bool | None:
    one, two = (_value(each, thing) for each in args)
    if one is None or two is None:
        return None
    one, two = set(one), set(two)
    return {
        "contains": one >= two, "containedby": one <= two, "equals": one == two, "overlaps": bool(one & two),
    }[name]  # fmt: skip


_PREDICATES: Mapping[str, Callable[[str, list[Any], Thing], bool | None]] = {
    "t": _relation, "s": _place, "a": _sets,
}  # fmt: skip
