"""What CQL2 compares: properties and literals, as read from CQL2 JSON."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from .errors import BadValue
from .folding import fold
from .property import Property
from .temporal import ALLOWED, TemporalExtent

WHERE = "filter"
# a time is the interval it stands for: one instant, or the whole of a day
Literal: TypeAlias = str | int | float | bool | TemporalExtent

_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": lambda a, b: a / b,
    "%": math.fmod, "div": lambda a, b: float(math.trunc(a / b)), "^": math.pow,
}  # fmt: skip
_FOLDS = ("casei", "accenti")


@dataclass(frozen=True, slots=True)
class Named:
    """A property; `asked` is its name in the filter. Its letters are folded where `case` or `accents`."""

    asked: str
    row: Property
    case: bool = False
    accents: bool = False

    @property
    def folded(self) -> bool:
        """Whether case or accents do not count."""
        return self.case or self.accents


Operand: TypeAlias = Named | str | int | float | bool | TemporalExtent


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the names in a filter stand for: `row_of` gives the row of a term or property, or BadValue;
    `places` are names of the footprint, `spans` of the product's interval in temporal functions."""

    row_of: Callable[[str], Property]
    places: tuple[str, ...] = ("geometry",)
    spans: tuple[str, ...] = ("datetime",)


def bad(value: object, allowed: str) -> BadValue:
    """What is wrong with a part of a filter."""
    return BadValue(value, WHERE, allowed)


def items(node: object) -> list[Any] | None:
    """The items of a list, None of what is no list."""
    return cast(list[Any], node) if isinstance(node, list) else None


def members(node: Any) -> dict[str, Any]:
    """The members of a node, none of what is no object."""
    return cast(dict[str, Any], node) if isinstance(node, dict) else {}


def arguments(node: Mapping[str, Any], least: int, most: int | None = None) -> list[Any]:
    """The arguments of an operator; BadValue when they are too few or too many."""
    found = items(node.get("args"))
    if found is None or len(found) < least or (most is not None and len(found) > most):
        raise bad(node, f"{least} arguments" if least == most else f"{least} arguments or more")
    return found


def name_of(node: Any) -> str | None:
    """The name that a node refers to, None when it is no property."""
    found = members(node).get("property")
    return found if isinstance(found, str) and len(members(node)) == 1 else None


def named(asked: str, names: Vocabulary) -> Named:
    """The property of a name; BadValue, told as part of the filter, when there is none."""
    try:
        return Named(asked, names.row_of(asked))
    except BadValue as error:
        raise bad(asked, error.allowed) from error


def operand(node: Any, names: Vocabulary, levels: int = 0) -> Operand:
    """The property or the literal of a node; arithmetic of numbers is done."""
    if (asked := name_of(node)) is not None:
        return named(asked, names)
    said = members(node)
    if isinstance(said.get("op"), str) and levels < 50:
        return _computed(said, names, levels)
    if set(said) in ({"timestamp"}, {"date"}):
        return read_time(next(iter(said.values())))
    if isinstance(node, (int, float)) and not isinstance(node, bool):
        return _finite(node)
    if isinstance(node, (str, bool)):
        return _written(node) if isinstance(node, str) else node
    raise bad(node, "a property, a text, a number, a time, true or false")


def read_time(value: object) -> TemporalExtent:
    """What a TIMESTAMP, a DATE or their text stands for."""
    if not isinstance(value, str) or "/" in value:
        raise bad(value, ALLOWED)
    try:
        return TemporalExtent.of(value, value)
    except BadValue as error:
        raise bad(value, error.allowed) from error


def kind(value: Literal) -> str:
    """What a literal is, in the words of the types of properties."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "text"
    return "time" if isinstance(value, TemporalExtent) else "number"


def _written(text: str) -> str:
    """A text that can be written: half of a letter, which JSON can name, can not."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise bad(text, "a text of whole letters")
    return text


def _finite(number: float) -> float:
    try:
        if math.isfinite(number):
            return number
    except OverflowError:
        pass
    raise bad(number, "a number of at most 64 bits")


def _computed(said: Mapping[str, Any], names: Vocabulary, levels: int) -> Operand:
    name = said["op"].lower()
    if name in _FOLDS:
        (inner,) = (operand(each, names, levels + 1) for each in arguments(said, 1, 1))
        return _fold(inner, said, case=name == "casei", accents=name == "accenti")
    if name in _ARITHMETIC:
        return _number(name, [operand(each, names, levels + 1) for each in arguments(said, 1, 2)])
    raise bad(said["op"], f"{', '.join((*_FOLDS, *_ARITHMETIC))} as part of a comparison")


def _fold(inner: Operand, said: object, *, case: bool, accents: bool) -> Operand:
    if isinstance(inner, str):
        return fold(inner, case=case, accents=accents)
    if isinstance(inner, Named) and inner.row.type == "text":
        return replace(inner, case=inner.case or case, accents=inner.accents or accents)
    raise bad(said, "a text, or a property of texts, for CASEI and ACCENTI")


def _number(name: str, parts: Sequence[Operand]) -> float:
    numbers = [p for p in parts if isinstance(p, (int, float)) and not isinstance(p, bool)]
    if len(numbers) != len(parts):
        shown = next((p.asked if isinstance(p, Named) else p) for p in parts if p not in numbers)
        raise bad(shown, f"numbers for {name}: properties are not computed with")
    if len(numbers) == 1:
        if name not in "+-":
            raise bad(name, "two numbers")
        return -numbers[0] if name == "-" else numbers[0]
    try:
        return _finite(_ARITHMETIC[name](*numbers))
    except (ArithmeticError, ValueError, TypeError) as error:
        raise bad(f"{numbers[0]} {name} {numbers[1]}", "arithmetic that has a result") from error
