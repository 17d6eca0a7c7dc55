"""What can be asked of products by our own names: terms and EO properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..eo.errors import BadValue, nearest
from ..eo.properties import Properties, Property
from .domains import Domain
from .terms import SCORE, TERMS, sortable

PLACE, SPAN = "geometry", "datetime"


def own_row(name: str, where: str, properties: Properties) -> Property:
    """The row of this name; BadValue for a name that nothing has."""
    row = TERMS.get(name) or properties.get(name)
    if row is None:
        near = nearest(name, (*TERMS, *properties))
        hint = f"; did you mean {near}?" if near else ""
        raise BadValue(name, where, f"one of /queryables{hint}")
    return row


def own_rows(properties: Properties, domains: Mapping[str, Domain] | None = None) -> Iterator[Property]:
    """Every row that can be asked for, terms first; with `domains` only those that some product has."""
    for row in (*TERMS.values(), *properties.values()):
        if domains is None or row.name in domains:
            yield row


def sorted_by(name: str, where: str, properties: Properties) -> str:
    """The name of what products can be sorted by; `datetime` is their start."""
    row = own_row("start" if name == SPAN else name, where, properties)
    if row.name not in sortable(properties) or row.name == SCORE:
        raise BadValue(name, where, "a property with one value, out of /sortables")
    return row.name
