"""What STAC calls the things that can be asked of our products: names of items and their properties."""

from __future__ import annotations

from collections.abc import Iterator

from ..eo.cql2 import Vocabulary
from ..eo.errors import BadValue, nearest
from ..eo.filter import PLACE
from ..eo.properties import Properties
from ..eo.property import OWN_PREFIX, Property
from .terms import CHANGED, FEEDBACK, FIT_FOR, MADE, fit_order_name, sortable, term

# members of items that are no EO properties: the names of our terms
MEMBERS = {
    "id": "id",
    "collection": "collection",
    "title": "title",
    "datetime": "start",
    "start_datetime": "start",
    "end_datetime": "end",
    "created": MADE,
    "updated": CHANGED,
}
# terms that STAC has no name for
_OWN = ("provider", "topic", "access")
_TERM_OF = (
    MEMBERS | {OWN_PREFIX + name: name for name in _OWN} | {row.stac: row.name for row in FEEDBACK.values()}
)
# parts of what an item has as an object, by what stands for them in queries
_PARTS = {f"{FEEDBACK['rating'].stac}.average": "rating", f"{FEEDBACK['rating'].stac}.count": "reviews"}
_WITHIN = "properties."
# what is before a field of application in the name of the order by what is fit for it
FIT_FIRST = FEEDBACK[FIT_FOR].stac


def asked_name(name: str, where: str, properties: Properties) -> str:
    """Our name of what STAC calls `name`, with or without `properties.` before it; BadValue for a name that
    nothing has."""
    bare = name.removeprefix(_WITHIN)
    if found := _TERM_OF.get(bare) or _PARTS.get(bare):
        return found
    if row := properties.by_stac(bare):
        return row.name
    known = [stac for stac, _ in stac_names(properties)]
    near = nearest(bare, known)
    raise BadValue(
        name, where, f"a queryable property; did you mean {near}?" if near else "one of /queryables"
    )


def asked_row(name: str, where: str, properties: Properties) -> Property:
    """The row of what STAC calls `name`, as `asked_name` finds it."""
    return term(asked_name(name, where, properties), properties)


def asked_order(name: str, properties: Properties) -> str:
    """Our name of what items can be sorted by; BadValue for what they cannot be sorted by."""
    if order := fit_order_name(name.removeprefix(_WITHIN), FIT_FIRST):
        return order
    found = asked_name(name, "sortby", properties)
    if term(found, properties).name not in sortable(properties):
        raise BadValue(name, "sortby", "a property with one value, out of /sortables")
    return term(found, properties).name


def stac_vocabulary(properties: Properties) -> Vocabulary:
    """What the names in a filter over items stand for."""
    return Vocabulary(
        row_of=lambda name: asked_row(name, "filter", properties),
        places=(PLACE,),
        spans=("datetime", f"{_WITHIN}datetime"),
    )


def stac_names(properties: Properties) -> Iterator[tuple[str, Property]]:
    """Every name that can be asked for in STAC, with its row."""
    for stac, name in _TERM_OF.items():
        yield stac, term(name, properties)
    for row in properties.values():
        if row.stac not in _TERM_OF:
            yield row.stac, row
