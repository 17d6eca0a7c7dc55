"""Keywords and licence of a record: those of its product or, where it has none, of its collection. The index
has those of products alone, so that what is asked of a record is asked of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, cast

from ..eo.collection import Collection
from ..eo.filter import (
    ALWAYS_SO,
    NEVER_SO,
    Condition,
    Filter,
    Leaf,
    Missing,
    Not,
    OfOne,
    all_of,
    any_part,
    leaves,
)
from ..eo.filter_match import matches
from ..eo.filter_settled import with_leaves
from ..eo.formats.record_write import ADDRESS, OTHER, license_name
from ..eo.properties import Properties
from ..eo.property import Property


@dataclass(frozen=True, slots=True)
class Inherited:
    """What is asked of a record by `row`: the property that its product may have, and what a collection says
    for those that lack it."""

    row: Property
    own: str
    of: Callable[[Collection], Any]


def _row(name: str, label: str, kind: str, text: str) -> Property:
    # no row of this name has a domain: the index knows no more than the values of products
    return Property(name=f"record_{name}", label=label, type=kind, stac=name, solr="", help=text)


_OTHERWISE = "or of its collection, where the product has none"
_KINDS = {
    "keywords": Inherited(
        _row("keywords", "Keywords", "list", f"Keywords of the product, {_OTHERWISE}"),
        "keywords",
        lambda about: about.keywords,
    ),
    "license": Inherited(
        _row("license", "Licence", "text", f"SPDX identifier of the licence of the product, {_OTHERWISE}"),
        "license_id",
        lambda about: license_name(about.license),
    ),
}
# by the names of rows
INHERITED = {each.row.name: each for each in _KINDS.values()}
LICENSE = _KINDS["license"].row


def inherited_rows(properties: Properties) -> dict[str, Property]:
    """The rows by the names that records have, where products may have the property."""
    return {name: each.row for name, each in _KINDS.items() if each.own in properties}


def inherits(tree: Filter) -> bool:
    """Whether a filter asks for any of these."""
    return any(getattr(leaf, "property", "") in INHERITED for leaf in leaves(tree))


def of_products(tree: Filter, collections: Iterable[Collection], *, alone: bool) -> Filter:
    """The tree over records as one over products of these `collections`, of others that say nothing, or all
    of the one that stands `alone`."""
    every = tuple(collections)

    def asked(leaf: Leaf) -> Filter:
        found = INHERITED.get(getattr(leaf, "property", ""))
        if found is None:
            return leaf
        # every one of these leaves has a `property`
        return _either(cast(Condition | Missing, leaf), found, every, alone)

    return with_leaves(tree, asked)


def _either(
    leaf: Condition | Missing, inherited: Inherited, collections: Iterable[Collection], alone: bool
) -> Filter:
    """True, false or neither as what the record says is: where the product says it, that counts alone."""
    said = {about.id: value for about in collections if (value := inherited.of(about))}
    lacking, told = Missing(inherited.own), _of(said, alone)
    if isinstance(leaf, Missing):
        return all_of(lacking, Not(told)) if said else lacking
    so = [name for name, value in said.items() if matches(leaf, {leaf.property: value})]
    own = _own(leaf, inherited)
    if not said:
        return own
    return any_part(all_of(any_part(Not(lacking), Not(told)), own), all_of(lacking, _of(so, alone)))


def _of(names: Iterable[str], alone: bool) -> Filter:
    found = tuple(sorted(names))
    return (ALWAYS_SO if found else NEVER_SO) if alone else OfOne(found)


def _own(leaf: Condition, inherited: Inherited) -> Filter:
    """What is asked of the product; an address for its licence is called by another name."""
    own = replace(leaf, property=inherited.own)
    if inherited.row is not LICENSE:
        return own
    address = Condition(inherited.own, "has", ADDRESS)
    named = all_of(Not(address), own)
    return any_part(named, address) if matches(leaf, {leaf.property: OTHER}) else named


def split(conditions: Iterable[Condition]) -> tuple[tuple[Condition, ...], tuple[Condition, ...]]:
    """The conditions on products, and those on what records inherit."""
    every = tuple(conditions)
    return (
        tuple(each for each in every if each.property not in INHERITED),
        tuple(each for each in every if each.property in INHERITED),
    )
