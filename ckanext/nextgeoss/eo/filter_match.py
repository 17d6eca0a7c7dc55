"""Whether a filter is true of a thing at hand, for things so few that no index is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import eq, ge, gt, le, lt
from typing import Any, cast

from .allen import RELATIONS
from .filter import PLACE, Alike, And, Condition, Filter, Listed, Missing, Not, OfOne, Or, Pair, Place, Span
from .folding import fold
from .footprint import Footprint
from .temporal import TemporalExtent
from .wildcards import fits, pieces_of

# the name of the interval among the values
SPAN = "span"

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "<": lt, "<=": le, ">": gt, ">=": ge}
_PARTS: dict[str, Callable[[str, str], bool]] = {
    "starts": str.startswith,
    "ends": str.endswith,
    "has": str.__contains__,
}


def matches(tree: Filter, values: Mapping[str, Any]) -> bool:
    """Whether a filter is true of a thing; `values` by property, texts in a tuple for lists, the footprint as
    `geometry`, a TemporalExtent as `span`; what is empty or not there is missing."""
    return _judged(tree, values) is True


def _judged(tree: Filter, values: Mapping[str, Any]) -> bool | None:
    """Three-valued (OGC 21-065r2, 6.2): None where it cannot be told."""
    if isinstance(tree, (And, Or)):
        found = [_judged(part, values) for part in tree.parts]
        decisive = isinstance(tree, Or)
        return decisive if decisive in found else None if None in found else not decisive
    if isinstance(tree, Not):
        found = _judged(tree.part, values)
        return None if found is None else not found
    if isinstance(tree, Missing):
        return not _there(values.get(tree.property))
    if isinstance(tree, OfOne):
        return values.get("collection") in tree.collections
    return _leaf(tree, values)


def _leaf(leaf: Condition | Place | Span | Alike | Pair | Listed, values: Mapping[str, Any]) -> bool | None:
    if isinstance(leaf, Pair):
        pair = values.get(leaf.left), values.get(leaf.right)
        return _COMPARED[leaf.operator](*pair) if all(map(_there, pair)) else None
    name = PLACE if isinstance(leaf, Place) else SPAN if isinstance(leaf, Span) else leaf.property
    value: Any = values.get(name)
    if not _there(value):
        return None
    if isinstance(leaf, Place):
        return _placed(leaf, cast(Footprint, value))
    if isinstance(leaf, Span):
        return _spanned(leaf, cast(TemporalExtent, value))
    own = cast(tuple[Any, ...], value if isinstance(value, tuple) else (value,))
    if isinstance(leaf, Listed):
        return _listed(leaf, set(own))
    if isinstance(leaf, Alike):
        folded = [fold(text, case=leaf.case, accents=leaf.accents) for text in own]
        return any(_one_of(leaf.operator, each, leaf.values) for each in folded)
    return _conditioned(leaf, own)


def _there(value: object) -> bool:
    # no text, no list, an interval that is open at both ends
    return value is not None and value != "" and value != () and value != TemporalExtent()


def _conditioned(leaf: Condition, own: Iterable[Any]) -> bool:
    operator, asked = leaf.operator, leaf.value
    if operator == "!=":
        return not any(each == asked for each in own)
    if operator == "between":
        low, high = cast(tuple[Any, Any], asked)
        return any(low <= each <= high for each in own)
    if operator in _PARTS:
        return any(_PARTS[operator](each, str(asked)) for each in own)
    if operator in ("in", "like"):
        among = asked if isinstance(asked, tuple) else (asked,)
        return any(_one_of(operator, each, among) for each in own)
    return any(_COMPARED[operator](each, asked) for each in own)


def _one_of(operator: str, value: Any, asked: Iterable[Any]) -> bool:
    if operator == "like":
        return any(fits(value, pieces_of(each)) for each in asked)
    if operator in ("<", "<="):
        return any(_COMPARED[operator](value, each) for each in asked)
    return value in asked


def _placed(leaf: Place, own: Footprint) -> bool:
    if leaf.relation == "disjoint":
        return not own.intersects(leaf.footprint)
    if leaf.relation == "equals":
        return own.within(leaf.footprint) and own.contains(leaf.footprint)
    return cast(bool, getattr(own, leaf.relation)(leaf.footprint))


def _spanned(leaf: Span, own: TemporalExtent) -> bool:
    return any(
        all(
            _COMPARED[operator](_end(own, first), _end(leaf.time, second))
            for first, operator, second in alternative
        )
        for alternative in RELATIONS[leaf.relation]
    )


def _end(time: TemporalExtent, name: str) -> tuple[int, float]:
    """An end that can be compared with any other, also where it is open."""
    end = time.start if name == "start" else time.end
    if end is None:
        return (-1, 0.0) if name == "start" else (1, 0.0)
    return 0, end.timestamp()


def _listed(leaf: Listed, own: set[str]) -> bool:
    asked = set(leaf.values)
    return {
        "contains": own >= asked,
        "within": own <= asked,
        "equals": own == asked,
        "overlaps": bool(own & asked),
    }[leaf.relation]
