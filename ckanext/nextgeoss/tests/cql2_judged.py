"""What filters in CQL2 JSON say of a product, worked out in plain Python without any part of the code that is
tested."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache
from operator import attrgetter
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


# what a part of a filter is for a product: a value, or whether it is true (None: neither)
Said = Callable[[Thing], Any]


def found_by(node: Any, things: Iterable[Thing]) -> set[str]:
    """The ids of the products of which a filter is true, neither false nor unknown."""
    said = judge(node)
    return {thing.id for thing in things if said(thing) is True}


def judge(node: Any) -> Said:
    """What tells of a product whether a filter is true of it, false, or neither (None); read once for all."""
    if isinstance(node, bool):
        return lambda thing: node
    if "property" in node:
        name = node["property"]
        return lambda thing: thing.values.get(name)
    op, args = node["op"].lower(), node["args"]
    if op in ("and", "or"):
        return _joined([judge(each) for each in args], op == "or")
    if op == "not":
        return _not(judge(args[0]))
    if op == "between":
        return judge(operation("and", operation(">=", args[0], args[1]), operation("<=", args[0], args[2])))
    if op == "in":
        return judge(operation("or", *(operation("=", args[0], each) for each in args[1])))
    if op.startswith(("t_", "s_")):
        return _PREDICATES[op[0]](op[2:], args)
    values = [_value(each) for each in args]
    if op == "isnull":
        return lambda thing: values[0](thing) is None
    return _of_two(_sets(op[2:]) if op.startswith("a_") else _like if op == "like" else _holds(op), *values)


def _joined(parts: list[Said], strong: bool) -> Said:
    def joined(thing: Thing) -> bool | None:
        found = [part(thing) for part in parts]
        return strong if strong in found else None if None in found else not strong

    return joined


def _not(part: Said) -> Said:
    def opposite(thing: Thing) -> bool | None:
        found = part(thing)
        return None if found is None else not found

    return opposite


def _of_two(holds: Callable[[Any, Any], bool], first: Said, second: Said) -> Said:
    """What holds of two values; of one that is not there it is not known."""

    def held(thing: Thing) -> bool | None:
        one, two = first(thing), second(thing)
        return None if one is None or two is None else holds(one, two)

    return held


_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


def _holds(op: str) -> Callable[[Any, Any], bool]:
    """Two values compared; a day, a pair of times, is around its times."""
    compared, mirrored = _COMPARED[op], _COMPARED[_MIRRORED[op]]

    def holds(one: Any, two: Any) -> bool:
        if isinstance(one, tuple):
            return mirrored(two, *one)
        return compared(one, *two) if isinstance(two, tuple) else compared(one, two, two)

    return holds


_COMPARED: Mapping[str, Callable[[Any, Any, Any], bool]] = {
    "=": lambda one, low, high: low <= one <= high, "<>": lambda one, low, high: not low <= one <= high,
    "<": lambda one, low, high: one < low, "<=": lambda one, low, high: one <= high,
    ">": lambda one, low, high: one > high, ">=": lambda one, low, high: one >= low,
}  # fmt: skip


def _value(node: Any) -> Said:
    if not isinstance(node, dict):
        # of a text the first letters count
        known = node[:KEPT] if isinstance(node, str) else node
        return lambda thing: known
    if "timestamp" in node or "date" in node:
        ends = _ends(next(iter(node.values())))
        return lambda thing: ends
    if "property" in node:
        return _own(node["property"])
    parts = [_value(each) for each in node["args"]]
    if node["op"] == "+":
        return lambda thing: sum(part(thing) for part in parts)
    fold = _FOLDS[node["op"]]

    def folded(thing: Thing) -> Any:
        found = parts[0](thing)
        return None if found is None else fold(found)

    return folded


def _own(name: str) -> Said:
    """What a product has of this name."""
    if name in ("start", "end"):
        return attrgetter(name)
    if name == "geometry":
        return attrgetter("area")

    def own(thing: Thing) -> Any:
        found = thing.values.get(name)
        return found[:KEPT] if isinstance(found, str) else found

    return own


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


def _relation(name: str, args: list[Any]) -> Said:
    first, second = (_interval(each) for each in args)
    rules = [
        [("seab".index(part[0]), "seab".index(part[-1]), _holds(part[1:-1])) for part in parts]
        for parts in _RULES[name]
    ]

    def related(thing: Thing) -> bool | None:
        one, two = first(thing), second(thing)
        if one is None or two is None:
            return None
        ends = (*one, *two)
        found = [_every([_compared(ends[a], ends[b], holds) for a, b, holds in parts]) for parts in rules]
        return True if True in found else None if None in found else False

    return related


def _every(known: list[bool | None]) -> bool | None:
    return False if False in known else None if None in known else True


def _compared(one: Any, two: Any, holds: Callable[[Any, Any], bool]) -> bool | None:
    return None if one is None or two is None else holds(one, two)


def _interval(node: Any) -> Said:
    if node == {"property": "datetime"} or [_name(e) for e in node.get("interval", ())] == ["start", "end"]:
        return _of_thing
    if "interval" not in node:
        value = _value(node)

        def instant(thing: Thing) -> Any:
            found = value(thing)
            return found if found is None or isinstance(found, tuple) else (found, found)

        return instant
    ends = [_end(each, place) for place, each in enumerate(node["interval"])]
    return lambda thing: tuple(end(thing) for end in ends)


def _of_thing(thing: Thing) -> Any:
    if thing.start is None and thing.end is None:
        return None
    return thing.start or _EVER[0], thing.end or _EVER[1]


def _end(node: Any, place: int) -> Said:
    """The first (0) or the last (1) moment of an end of an interval."""
    if node == "..":
        return lambda thing: _EVER[place]
    value = _value(node if isinstance(node, dict) else {"date": node})

    def end(thing: Thing) -> Any:
        found = value(thing)
        return found[place] if isinstance(found, tuple) else found

    return end


def _name(node: Any) -> str:
    return node.get("property", "") if isinstance(node, dict) else ""


def _place(name: str, args: list[Any]) -> Said:
    areas = [None if "property" in each else _area(json.dumps(each)) for each in args]
    # what lies in the border of a product's own area alone is contained all the same (docs/apis.md)
    first = "property" in args[0]
    judged = {
        "intersects": shapely.intersects, "disjoint": shapely.disjoint, "equals": shapely.equals,
        "within": shapely.within if first else shapely.covered_by,
        "contains": shapely.covers if first else shapely.contains,
    }[name]  # fmt: skip

    def placed(thing: Thing) -> bool | None:
        if thing.area is None:
            return None
        return bool(judged(*(thing.area if area is None else area for area in areas)))

    return placed


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


def _sets(name: str) -> Callable[[Any, Any], bool]:
    compared = _SETS[name]
    return lambda one, two: compared(set(one), set(two))


_SETS: Mapping[str, Callable[[set[str], set[str]], bool]] = {
    "contains": set.issuperset, "containedby": set.issubset, "equals": lambda one, two: one == two,
    "overlaps": lambda one, two: bool(one & two),
}  # fmt: skip
_PREDICATES: Mapping[str, Callable[[str, list[Any]], Said]] = {"t": _relation, "s": _place}
