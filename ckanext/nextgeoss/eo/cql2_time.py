"""The temporal functions of CQL2 (T_AFTER ... T_STARTS), of intervals, times and literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from .allen import INVERSE, RELATIONS
from .allen import START as BEGIN
from .cql2_compare import compare, holds, never
from .cql2_operands import (
    Named,
    Vocabulary,
    arguments,
    bad,
    items,
    members,
    name_of,
    named,
    operand,
    read_time,
)
from .filter import ALWAYS_SO, NEVER_SO, Filter, Not, Span, all_of, any_part
from .temporal import TemporalExtent

FUNCTIONS = {f"t_{name.lower()}": name for name in RELATIONS}
# the terms that are the ends of a product's interval
_OWN_ENDS = ("start", "end")
_SIDES = "a time, a property of times, or INTERVAL of two of them"

# before and after all times
_EARLY, _LATE = -1, 1
End: TypeAlias = datetime | Named | int


@dataclass(frozen=True, slots=True)
class _Own:
    """The interval of the product."""

    asked: str


@dataclass(frozen=True, slots=True)
class _Interval:
    start: End
    end: End

    @property
    def literal(self) -> bool:
        return not isinstance(self.start, Named) and not isinstance(self.end, Named)


def temporal(function: str, node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """The filter of one of FUNCTIONS."""
    relation = FUNCTIONS[function]
    left, right = (_side(each, names) for each in arguments(node, 2, 2))
    if isinstance(left, _Interval) and isinstance(right, _Interval):
        return _related(relation, left, right)
    own, other = (left, right) if isinstance(left, _Own) else (right, left)
    if not isinstance(other, _Interval) or not other.literal:
        raise bad(cast(_Own, own).asked, "a time or an interval of two times to compare it with")
    return Span(relation if own is left else INVERSE[relation], _extent(other))


def _related(relation: str, left: _Interval, right: _Interval) -> Filter:
    return any_part(
        *(
            all_of(*(_compared(_end(left, own), how, _end(right, other)) for own, how, other in parts))
            for parts in RELATIONS[relation]
        )
    )


def _side(node: Any, names: Vocabulary) -> _Own | _Interval:
    if (asked := name_of(node)) is not None:
        if asked in names.spans:
            return _Own(asked)
        end = _named(asked, names)
        return _Interval(end, end)
    said = members(node)
    if set(said) == {"interval"}:
        return _interval(said["interval"], names)
    found = operand(node, names)
    time = read_time(found) if isinstance(found, str) else found
    if not isinstance(time, TemporalExtent):
        raise bad(node, _SIDES)
    return _Interval(cast(datetime, time.start), cast(datetime, time.end))


def _interval(said: object, names: Vocabulary) -> _Own | _Interval:
    ends = items(said)
    if ends is None or len(ends) != 2:
        raise bad(said, "INTERVAL of a start and an end")
    start, end = (_instant(each, names, place) for place, each in enumerate(ends))
    rows = [each.row.name for each in (start, end) if isinstance(each, Named)]
    if tuple(rows) == _OWN_ENDS:
        return _Own(cast(Named, start).asked)
    if isinstance(start, datetime) and isinstance(end, datetime) and start > end:
        raise bad(said, "an INTERVAL whose end is not before its start")
    return _Interval(start, end)


def _instant(node: Any, names: Vocabulary, place: int) -> End:
    """An end of an INTERVAL, the first (0) or the second (1); a day begins or ends there."""
    if node == "..":
        return _LATE if place else _EARLY
    if (asked := name_of(node)) is not None:
        return _named(asked, names)
    found = operand(node, names)
    time = read_time(found) if isinstance(found, str) else found
    if not isinstance(time, TemporalExtent):
        raise bad(node, "a time, a property of times, or '..' as an end of INTERVAL")
    return cast(datetime, time.end if place else time.start)


def _named(asked: str, names: Vocabulary) -> Named:
    found = named(asked, names)
    if found.row.type != "time":
        raise bad(asked, _SIDES)
    return found


def _end(interval: _Interval, which: str) -> End:
    return interval.start if which == BEGIN else interval.end


def _extent(interval: _Interval) -> TemporalExtent:
    ends = (each if isinstance(each, datetime) else None for each in (interval.start, interval.end))
    return TemporalExtent(*ends)


def _compared(left: End, comparison: str, right: End) -> Filter:
    if isinstance(left, Named) and isinstance(right, Named):
        return compare(comparison, left, right)
    if isinstance(left, Named):
        return _with_open(left, comparison, right) if isinstance(right, int) else _at(left, comparison, right)
    if isinstance(right, Named):
        turned = comparison.translate(str.maketrans("<>", "><"))
        return _compared(right, turned, left)
    return ALWAYS_SO if holds(comparison, _order(left, right)) else NEVER_SO


def _at(found: Named, comparison: str, time: End) -> Filter:
    instant = cast(datetime, time)
    return compare(comparison, found, TemporalExtent(instant, instant))


def _with_open(found: Named, comparison: str, end: int) -> Filter:
    """A time compared with what is before all (_EARLY) or after all."""
    nothing = never(found.row.name)
    return Not(nothing) if holds(comparison, -end) else nothing


def _order(left: datetime | int, right: datetime | int) -> int:
    if isinstance(left, int) or isinstance(right, int):
        one = left if isinstance(left, int) else 0
        two = right if isinstance(right, int) else 0
        return (one > two) - (one < two)
    return (left > right) - (left < right)
