"""A filter over things that have some property alike, as one that does not ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .filter import ALWAYS_SO, NEVER_SO, And, Filter, Not, Or
from .filter_match import matches


def settled(tree: Filter, values: Mapping[str, Any]) -> Filter:
    """The tree in which what is said of the properties of `values`, none of which is missing, is true or
    false already."""
    if isinstance(tree, And):
        return And(tuple(settled(part, values) for part in tree.parts))
    if isinstance(tree, Or):
        return Or(tuple(settled(part, values) for part in tree.parts))
    if isinstance(tree, Not):
        return Not(settled(tree.part, values))
    if getattr(tree, "property", "") not in values:
        return tree
    return ALWAYS_SO if matches(tree, values) else NEVER_SO
