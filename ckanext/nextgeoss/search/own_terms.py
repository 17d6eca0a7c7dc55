"""What can be asked of products by our own names: terms and EO properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..eo.cql2 import Vocabulary
from ..eo.errors import BadValue, nearest
from ..eo.properties import Properties
from ..eo.property import Property
from .terms import FIT_FOR, SCORE, TERMS, fit_order_name, sortable

PLACE, SPAN = "geometry", "datetime"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What an API calls the things that can be asked: `rows` by name, the names of the interval, and the
    names (of rows) of what can be sorted by."""

    rows: Mapping[str, Property]
    spans: tuple[str, ...] = (SPAN,)
    sortable: tuple[str, ...] = ()

    def row(self, name: str, where: str, told: str = "/queryables") -> Property:
        """The row of this name; BadValue for a name that nothing has names where all there are is `told`."""
        if row := self.rows.get(name):
            return row
        near = nearest(name, self.rows)
        hint = f"; did you mean {near}?" if near else ""
        raise BadValue(name, where, f"one of {told}{hint}")

    def without(self, name: str) -> Names:
        """These but one."""
        return replace(self, rows={each: row for each, row in self.rows.items() if each != name})

    def vocabulary(self) -> Vocabulary:
        """What the names in a filter stand for: these, `geometry` and those of the interval."""
        return Vocabulary(row_of=lambda name: self.row(name, "filter"), places=(PLACE,), spans=self.spans)

    def sorted_by(self, name: str, where: str) -> str:
        """The name of the row of what can be sorted by; that of the interval is its start. Where products are
        fit for something, that with a field of application is an order, too."""
        if FIT_FOR in self.rows and (order := fit_order_name(name)):
            return order
        row = self.row("start" if name in self.spans else name, where, "/sortables")
        if row.name not in self.sortable or row.name == SCORE:
            raise BadValue(name, where, "a property with one value, out of /sortables")
        return row.name


def own_names(properties: Properties) -> Names:
    """All terms, and all EO properties, by our own names."""
    # terms come first, and stay what they are where a property has the name of one
    return Names(rows={**TERMS, **properties, **TERMS}, sortable=sortable(properties))
