"""The comparisons of CQL2: = <> < <= > >=, BETWEEN, IN, LIKE and IS NULL."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias, cast

from .cql2_operands import (
    Literal,
    Named,
    Operand,
    Vocabulary,
    arguments,
    bad,
    items,
    kind,
    name_of,
    named,
    operand,
    read_time,
)
from .errors import BadValue
from .filter import (
    ALWAYS_SO,
    NEVER_SO,
    PLACE,
    Alike,
    And,
    Condition,
    Filter,
    Missing,
    Not,
    Pair,
    all_of,
    any_part,
)
from .temporal import TemporalExtent
from .wildcards import fits, pieces_of

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LIKE = re.compile(r"\\(.)|([%_])|(.)", re.S)
_EITHER = ("made", "changed")
LONGEST_PATTERN = 500
_MOST = 2**63

Value: TypeAlias = str | int | float | bool | datetime


def comparison(operator: str, node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """One of COMPARISONS of two operands."""
    left, right = (operand(each, names) for each in arguments(node, 2, 2))
    return compare(operator, left, right)


def between(node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """BETWEEN, whose ends belong to it; drafts of the standard had them in a list."""
    asked = arguments(node, 2, 3)
    ends = items(asked[1]) if len(asked) == 2 else asked[1:]
    if ends is None or len(ends) != 2:
        raise bad(node, "3 arguments")
    found, low, high = (operand(each, names) for each in (asked[0], *ends))
    return all_of(compare(">=", found, low), compare("<=", found, high))


def within_list(node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """IN a list of values."""
    asked, said = arguments(node, 2, 2)
    if (values := items(said)) is None:
        raise bad(said, "a list of values for IN")
    found = operand(asked, names)
    parts = [compare("=", found, operand(each, names)) for each in values]
    return _joined(parts) if parts else _never(found)


def is_null(node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """IS NULL of a property, of the footprint or of the product's interval."""
    asked = name_of(arguments(node, 1, 1)[0])
    if asked is None:
        raise bad(node["args"][0], "a property for IS NULL")
    if asked in names.places:
        return Missing(PLACE)
    try:
        return Missing(named(asked, names).row.name)
    except BadValue:
        if asked not in names.spans:
            raise
        return And((Missing("start"), Missing("end")))


def like(node: Mapping[str, Any], names: Vocabulary) -> Filter:
    """LIKE: % stands for any letters, _ for one, and a letter after a backslash for itself."""
    found, pattern = (operand(each, names) for each in arguments(node, 2, 2))
    if not isinstance(pattern, str):
        raise bad(node["args"][1], "a text as the pattern of LIKE")
    if len(pattern) > LONGEST_PATTERN:
        raise bad(pattern, f"a pattern of at most {LONGEST_PATTERN} letters")
    stars = "".join(_star(*each) for each in _LIKE.findall(pattern))
    if isinstance(found, str):
        return ALWAYS_SO if fits(found, pieces_of(stars)) else NEVER_SO
    if not isinstance(found, Named) or found.row.type != "text":
        raise bad(found.asked if isinstance(found, Named) else found, "a property of texts for LIKE")
    if found.folded:
        return Alike(found.row.name, "like", (stars,), found.case, found.accents)
    return Condition(found.row.name, "like", stars)


def compare(operator: str, left: Operand, right: Operand) -> Filter:
    """Two operands compared, in the order they stand."""
    if operator == "<>":
        return Not(compare("=", left, right))
    if isinstance(left, Named):
        return _pair(operator, left, right) if isinstance(right, Named) else _named(operator, left, right)
    if isinstance(right, Named):
        return _named(_TURNED.get(operator, operator), right, left)
    return ALWAYS_SO if _literals(operator, left, right) else NEVER_SO


def holds(operator: str, order: int) -> bool:
    """Whether a comparison holds of two things of which the first is less (-1), equal (0) or greater (1)."""
    return "=" in operator if order == 0 else operator.startswith("<" if order < 0 else ">")


def never(name: str) -> Filter:
    """False of what has the property."""
    return Condition(name, "in", ())


def _never(found: Operand) -> Filter:
    return never(found.row.name) if isinstance(found, Named) else NEVER_SO


def _literals(operator: str, left: Literal, right: Literal) -> bool:
    if kind(left) != kind(right):
        raise bad(right, f"a {kind(left)} to compare {left!r} with")
    if isinstance(left, TemporalExtent) and isinstance(right, TemporalExtent):
        return _times(operator, left, right)
    if kind(left) == "boolean" and operator != "=":
        raise bad(operator, "= or <> for true and false")
    one, two = cast("tuple[Any, Any]", (left, right))
    return holds(operator, (one > two) - (one < two))


def _times(operator: str, left: TemporalExtent, right: TemporalExtent) -> bool:
    """Times of which one may be a day: as a property at its start would be compared."""
    assert left.start and right.start and right.end
    low, high = right.start, right.end
    order = -1 if left.start < low else 1 if left.start > high else 0
    return holds(operator, order)


def _pair(operator: str, left: Named, right: Named) -> Filter:
    kinds = {("number" if row.type == "integer" else row.type) for row in (left.row, right.row)}
    if len(kinds) > 1 or not kinds <= {"number", "time"} or {left.row.name, right.row.name} & set(_EITHER):
        raise bad(right.asked, f"a literal to compare {left.asked} with; only two numbers or times compare")
    return Pair(left.row.name, operator, right.row.name)


def _named(operator: str, found: Named, value: Literal) -> Filter:
    if found.row.type == "list":
        raise bad(found.asked, "A_CONTAINS, A_CONTAINEDBY, A_EQUALS or A_OVERLAPS for a property of lists")
    if found.folded:
        return _alike(operator, found, value)
    if found.row.type == "time":
        return _timed(operator, found, value)
    expected = "number" if found.row.type == "integer" else found.row.type
    if kind(value) != expected:
        raise bad(value, f"a {expected} to compare {found.asked} with")
    if expected == "boolean" and operator != "=":
        raise bad(operator, f"= or <> for {found.asked}, which is true or false")
    if found.row.type == "integer":
        return _whole(operator, found.row.name, cast(float, value))
    return Condition(found.row.name, operator, cast(Value, value))


def _alike(operator: str, found: Named, value: Literal) -> Filter:
    """A text compared without regard to case or accents."""
    if not isinstance(value, str):
        raise bad(value, f"a text to compare {found.asked} with")
    if len(value) > LONGEST_PATTERN:
        raise bad(value, f"a text of at most {LONGEST_PATTERN} letters for CASEI and ACCENTI")
    if operator in (">", ">="):
        return Not(_alike("<=" if operator == ">" else "<", found, value))
    return Alike(found.row.name, operator, (value,), found.case, found.accents)


def _whole(operator: str, name: str, number: float) -> Filter:
    """A whole number compared with any number."""
    if number >= _MOST or number < -_MOST:
        order = -1 if number > 0 else 1
        return Not(never(name)) if holds(operator, order) else never(name)
    if number == math.floor(number):
        return Condition(name, operator, int(number))
    if operator == "=":
        return never(name)
    below = operator.startswith("<")
    return Condition(name, "<=" if below else ">=", math.floor(number) if below else math.ceil(number))


def _timed(operator: str, found: Named, value: Literal) -> Filter:
    """A time compared with an instant, or with a day, which is before what comes after its end."""
    time = read_time(value) if isinstance(value, str) else value
    if not isinstance(time, TemporalExtent) or not (time.start and time.end):
        raise bad(value, f"TIMESTAMP('...') or DATE('...') to compare {found.asked} with")
    name = found.row.name
    if operator == "=" and time.start != time.end:
        return Condition(name, "between", (time.start, time.end))
    return Condition(name, operator, time.end if operator in ("<=", ">") else time.start)


def _joined(parts: Iterable[Filter]) -> Filter:
    """The parts of an IN as few as can be: equalities of one property are one."""
    plain: dict[str, list[Any]] = {}
    folded: dict[tuple[str, bool, bool], list[str]] = {}
    others: list[Filter] = []
    for part in parts:
        if isinstance(part, Condition) and part.operator == "=":
            plain.setdefault(part.property, []).append(part.value)
        elif isinstance(part, Alike):
            folded.setdefault((part.property, part.case, part.accents), []).extend(part.values)
        else:
            others.append(part)
    conditions = [Condition(name, "in", _distinct(found)) for name, found in plain.items()]
    alike = [Alike(key[0], "in", _distinct(found), *key[1:]) for key, found in folded.items()]
    return any_part(*conditions, *alike, *others)


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _star(escaped: str, wild: str, plain: str) -> str:
    """One letter of a pattern of LIKE as a Condition has it."""
    if wild:
        return "*" if wild == "%" else "?"
    letter = escaped or plain
    return "\\" + letter if letter in "*?\\" else letter
