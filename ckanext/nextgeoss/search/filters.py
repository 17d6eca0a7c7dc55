"""A filter tree in Lucene's syntax. Its logic of three values becomes Solr's of two: what is not so is what
has the property and is otherwise, and a Not is carried down to the leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from ..eo.errors import BadValue
from ..eo.filter import (
    PLACE,
    Alike,
    And,
    Condition,
    Filter,
    Leaf,
    Listed,
    Missing,
    Not,
    OfOne,
    Or,
    Pair,
    Place,
    Span,
    depth,
    leaves,
)
from ..eo.properties import Properties
from . import fields
from .conditions import NOTHING, any_of, condition_filter, end_of_range, place_filter, quoted
from .folded import folded
from .folded_order import folded_before
from .spans import span_filter
from .terms import EITHER, term

# Solr takes 1024 clauses
MOST_PARTS = 500
DEEPEST = 60
_OF_A_SPAN = 6
# letters of expressions of which Lucene works through some thousand a second
_MOST_FOLDED = 48_000
WHERE = "filter"

_FUNCTIONS = {"=": "eq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_ANYTHING = "*:*"


def tree_filters(tree: Filter, properties: Properties) -> list[str]:
    """The filters (`fq`) for the products of which a tree is true; BadValue when they are too much work."""
    folded_parts = [_alike(leaf, properties) for leaf in leaves(tree) if isinstance(leaf, Alike)]
    if sum(map(len, folded_parts)) > _MOST_FOLDED:
        raise BadValue(f"{len(folded_parts)} of CASEI and ACCENTI", WHERE, "fewer of these, or shorter texts")
    return _filters(tree, properties)


def _filters(tree: Filter, properties: Properties) -> list[str]:
    if isinstance(tree, And):
        return [each for part in tree.parts for each in _filters(part, properties)]
    return [_so(tree, properties)]


def check_filter(tree: Filter) -> None:
    """BadValue when a tree has more parts than Solr takes, or lies too deep."""
    if depth(tree) > DEEPEST:
        raise BadValue(f"{depth(tree)} levels", WHERE, f"at most {DEEPEST}")
    if (count := sum(map(_weight, leaves(tree)))) > MOST_PARTS:
        raise BadValue(f"{count} conditions and values", WHERE, f"at most {MOST_PARTS}")


def _weight(leaf: Leaf) -> int:
    """Half the clauses that a leaf is written with, which are twice as many where it is denied."""
    if isinstance(leaf, Span):
        return _OF_A_SPAN
    if isinstance(leaf, Listed):
        return len(leaf.values) + 2
    if isinstance(leaf, (Pair, Place)):
        return 2
    values = leaf.value if isinstance(leaf, Condition) else getattr(leaf, "values", ())
    count = len(values) if isinstance(values, tuple) else 1
    return max(1, count) * (2 if isinstance(leaf, Condition) and leaf.property in EITHER else 1)


def _so(tree: Filter, properties: Properties) -> str:
    """For the products of which a tree is true."""
    if isinstance(tree, And):
        return _all(_so(part, properties) for part in tree.parts)
    if isinstance(tree, Or):
        return _any(_so(part, properties) for part in tree.parts)
    if isinstance(tree, Not):
        return _otherwise(tree.part, properties)
    return _WRITERS[type(tree)](tree, properties)


def _otherwise(tree: Filter, properties: Properties) -> str:
    """For the products of which a tree is false."""
    if isinstance(tree, And):
        return _any(_otherwise(part, properties) for part in tree.parts)
    if isinstance(tree, Or):
        return _all(_otherwise(part, properties) for part in tree.parts)
    if isinstance(tree, Not):
        return _so(tree.part, properties)
    if isinstance(tree, OfOne):
        return f"+{_ANYTHING} -({_of_one(tree, properties)})"
    there = _all(_there(name, properties) for name in _names(tree))
    if isinstance(tree, Missing):
        return there
    return f"+({there}) -({_so(tree, properties)})"


def _all(parts: Iterable[str]) -> str:
    found = list(parts)
    return found[0] if len(found) == 1 else " ".join(f"+({part})" for part in found) or _ANYTHING


def _any(parts: Iterable[str]) -> str:
    found = list(parts)
    return found[0] if len(found) == 1 else " OR ".join(f"({part})" for part in found) or NOTHING


def _names(leaf: Condition | Missing | Place | Span | Alike | Pair | Listed) -> Iterator[str]:
    """The properties without which a leaf is neither true nor false."""
    if isinstance(leaf, Place):
        yield PLACE
    elif isinstance(leaf, Span):
        yield ""
    elif isinstance(leaf, Pair):
        yield from (leaf.left, leaf.right)
    else:
        yield leaf.property


def _there(name: str, properties: Properties) -> str:
    """For the products that have a property, a footprint or, of no name, an interval."""
    if name == PLACE:
        solr = [fields.FOOTPRINT]
    elif not name:
        solr = [fields.START, fields.END]
    else:
        rows = EITHER[name] if name in EITHER else (term(name, properties),)
        solr = [row.solr for row in rows]
    return " OR ".join(f"{each}:[* TO *]" for each in solr)


# --- leaves


def _missing(leaf: Missing, properties: Properties) -> str:
    return f"+{_ANYTHING} -({_there(leaf.property, properties)})"


def _of_one(leaf: OfOne, properties: Properties) -> str:
    """Solr makes one clause of all the values."""
    return any_of(fields.COLLECTION, leaf.collections) if leaf.collections else NOTHING


def _place(leaf: Place, properties: Properties) -> str:
    if leaf.relation == "equals":
        return _all(place_filter(leaf.footprint, relation) for relation in ("within", "contains"))
    return place_filter(leaf.footprint, leaf.relation)


def _pair(leaf: Pair, properties: Properties) -> str:
    """Numbers and times only: of these the functions compare whole values, not rounded ones."""
    rows = [term(name, properties) for name in (leaf.left, leaf.right)]
    names = ",".join(row.solr for row in rows)
    return f"{{!frange l=1 u=1 v='{_FUNCTIONS[leaf.operator]}({names})'}}"


def _listed(leaf: Listed, properties: Properties) -> str:
    solr = term(leaf.property, properties).solr
    values = sorted({value[: fields.MAX_TEXT] for value in leaf.values} - {""})
    there = f"{solr}:[* TO *]"
    if leaf.relation == "overlaps":
        return any_of(solr, values) if values else NOTHING
    parts = [f"+{there}"]
    if leaf.relation in ("contains", "equals"):
        parts += [f"+{solr}:{quoted(value)}" for value in values]
        # no list has a text of no letters
        parts += [NOTHING] if "" in leaf.values else []
    if leaf.relation in ("within", "equals"):
        parts += [f"-{solr}:{gap}" for gap in _gaps(values)]
    return " ".join(parts)


def _gaps(values: list[str]) -> Iterator[str]:
    """The ranges of texts between the sorted values, before and after them."""
    ends = ["*", *map(end_of_range, values), "*"]
    for low, high in pairwise(ends):
        opening, closing = "[" if low == "*" else "{", "]" if high == "*" else "}"
        yield f"{opening}{low} TO {high}{closing}"


def _span(leaf: Span, properties: Properties) -> str:
    return span_filter(leaf)


def _alike(leaf: Alike, properties: Properties) -> str:
    folds = {"case": leaf.case, "accents": leaf.accents}
    if leaf.operator in ("<", "<="):
        written = folded_before(leaf.values[0], same=leaf.operator == "<=", **folds)
    else:
        written = folded(leaf.values, wild=leaf.operator == "like", **folds)
    return f"{term(leaf.property, properties).solr}:{written}" if written else NOTHING


_WRITERS: Mapping[type, Callable[[Any, Properties], str]] = {
    Condition: condition_filter,
    Missing: _missing,
    Place: _place,
    Pair: _pair,
    Listed: _listed,
    Span: _span,
    Alike: _alike,
    OfOne: _of_one,
}
