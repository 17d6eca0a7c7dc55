"""Filters whose leaves are replaced: of things that have some property alike, by what is so of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .filter import ALWAYS_SO, NEVER_SO, And, Filter, Leaf, Not, Or
from .filter_match import matches


def settled(tree: Filter, values: Mapping[str, Any]) -> Filter:
    """The tree in which what is said of the properties of `values`, none of which is missing, is true or
    false already."""

    def judged(leaf: Leaf) -> Filter:
        if getattr(leaf, "property", "") not in values:
            return leaf
        return ALWAYS_SO if matches(leaf, values) else NEVER_SO

    return with_leaves(tree, judged)


def with_leaves(tree: Filter, change: Callable[[Leaf], Filter]) -> Filter:
    """The tree in which `change` was made of each leaf."""
    if isinstance(tree, And):
        return And(tuple(with_leaves(part, change) for part in tree.parts))
    if isinstance(tree, Or):
        return Or(tuple(with_leaves(part, change) for part in tree.parts))
    if isinstance(tree, Not):
        return Not(with_leaves(tree.part, change))
    return change(tree)
