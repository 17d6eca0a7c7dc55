"""A filter as a tree, whatever language it was written in; three-valued, as in OGC CQL2 (21-065r2, 6.2):
what a product lacks is neither so nor otherwise, only missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from .allen import RELATIONS
from .footprint import Footprint
from .product import Value
from .temporal import TemporalExtent

# `property` of a Missing that is about the footprint
PLACE = "geometry"
# what the product's interval does to the one asked for
SPAN_RELATIONS = tuple(RELATIONS)
# what the texts of the product's list are to those asked for
LIST_RELATIONS = ("contains", "within", "equals", "overlaps")


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on one EO property, or on what every product of the catalogue has (search/terms.py);
    `value` is a pair for "between", a tuple for "in". A product without the property fails it."""

    property: str
    operator: str
    value: Value | tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts are so; without parts it is always so."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One of the parts is so; without parts it never is."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is false; where it is neither true nor false, so is this."""

    part: Filter


@dataclass(frozen=True, slots=True)
class Missing:
    """The product lacks the property, or has no footprint (PLACE); always true or false."""

    property: str


@dataclass(frozen=True, slots=True)
class Place:
    """What the product's footprint does to the one asked for: one of eo.query.RELATIONS, or "equals"."""

    footprint: Footprint
    relation: str = "intersects"


@dataclass(frozen=True, slots=True)
class Span:
    """What the product's interval does to the one asked for, one of SPAN_RELATIONS. An interval that lacks
    its start or its end is open there; a product with neither has none."""

    relation: str
    time: TemporalExtent


@dataclass(frozen=True, slots=True)
class Alike:
    """A text property without regard to `case`, to `accents` or to both (eo/folding.py): it folds to one of
    the values ("=", "in"), to what comes before the one value ("<"), to that or the value itself ("<="), or
    to what a value says in which `*` and `?` are as in a Condition ("like")."""

    property: str
    operator: str
    values: tuple[str, ...]
    case: bool = True
    accents: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two properties of one product compared; `operator` is one of = < <= > >=."""

    left: str
    operator: str
    right: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What the texts of a list are to those asked for, one of LIST_RELATIONS, both taken as sets."""

    property: str
    relation: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfOne:
    """The product is of one of these collections, of which there may be any number; always true or false."""

    collections: tuple[str, ...]


Leaf: TypeAlias = Condition | Missing | Place | Span | Alike | Pair | Listed | OfOne
Filter: TypeAlias = And | Or | Not | Leaf

ALWAYS_SO = And(())
NEVER_SO = Or(())


def all_of(*parts: Filter) -> Filter:
    """The parts joined by And; one part alone stays as it is, what is And already is opened."""
    found = tuple(each for part in parts for each in (part.parts if isinstance(part, And) else (part,)))
    return found[0] if len(found) == 1 else And(found)


def any_part(*parts: Filter) -> Filter:
    """The parts joined by Or; one part alone stays as it is, what is Or already is opened."""
    found = tuple(each for part in parts for each in (part.parts if isinstance(part, Or) else (part,)))
    return found[0] if len(found) == 1 else Or(found)


def leaves(tree: Filter) -> Iterator[Leaf]:
    """The leaves of a tree, from left to right."""
    if isinstance(tree, (And, Or)):
        for part in tree.parts:
            yield from leaves(part)
    elif isinstance(tree, Not):
        yield from leaves(tree.part)
    else:
        yield tree


def depth(tree: Filter) -> int:
    """How many And, Or and Not lie above the deepest leaf."""
    if isinstance(tree, (And, Or)):
        return 1 + max(map(depth, tree.parts), default=0)
    return 1 + depth(tree.part) if isinstance(tree, Not) else 0
