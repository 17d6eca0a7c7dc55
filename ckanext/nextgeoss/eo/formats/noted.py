"""Parsing that never fails: what a value cannot be is noted with the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ..errors import BadValue
from ..footprint import Footprint
from ..product import Problem

_T = TypeVar("_T")


def parsed(parse: Callable[[Any], _T], value: Any, where: str, problems: list[Problem]) -> _T | None:
    """What `parse` makes of a value; None for an empty value and for a bad one, which is noted."""
    if value is None or value == "":
        return None
    try:
        return parse(value)
    except BadValue as error:
        problems.append(Problem(where, error.reason))
        return None


def first_footprint(
    said: Iterable[tuple[str, Callable[[], Footprint | None]]], problems: list[Problem]
) -> Footprint | None:
    """The footprint of the first place that has one; what is wrong in those before, and that one of them was
    passed over, is noted."""
    reasons: list[Problem] = []
    for where, read in said:
        try:
            found = read()
        except BadValue as error:
            reasons.append(Problem(where, error.reason))
            continue
        if found:
            if reasons:
                reasons.append(Problem("geometry", f"the {where} is taken instead"))
            problems += reasons + [Problem(where, repair) for repair in found.repairs]
            return found
    problems += reasons
    return None
