"""What can be asked of collections, by name: one row each, with the value that a collection has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..eo.filter import PLACE
from ..eo.filter_match import SPAN
from ..eo.footprint import Footprint
from ..eo.formats.stac_collection_write import stac_license
from ..eo.held import Held
from ..eo.property import Property
from ..eo.temporal import TemporalExtent

# what the products of a collection sum up to, by STAC's names (search/stac_summaries.py)
Summaries = Mapping[str, Any]
_Value = Callable[[Held, Summaries], Any]


def _row(name: str, label: str, kind: str = "text", text: str = "") -> Property:
    return Property(name=name, label=label, type=kind, stac=name, solr="", help=text)


def _time(held: Held) -> TemporalExtent:
    return held.holdings.time or held.collection.time


def _place(held: Held) -> Footprint | None:
    box = held.holdings.bbox
    return Footprint.from_bbox(*box) if box else held.collection.footprint


def _either(said: tuple[str, ...], summed: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*said, *(summed if isinstance(summed, list) else ()))))


def _providers(held: Held) -> tuple[str, ...]:
    own = (held.entry.provider_title,) if held.entry and held.entry.provider_title else ()
    return held.collection.providers or own


_TERMS: tuple[tuple[Property, _Value], ...] = (
    (_row("id", "Identifier"), lambda held, _: held.collection.id),
    (_row("title", "Title"), lambda held, _: held.collection.title or held.collection.id),
    (_row("description", "Description"), lambda held, _: held.collection.description),
    (_row("keywords", "Keywords", "list"), lambda held, _: held.collection.keywords),
    (_row("license", "Licence"), lambda held, _: stac_license(held.collection)),
    (_row("providers", "Providers", "list", "Names of organizations"), lambda held, _: _providers(held)),
    (
        _row("platform", "Platform", "list"),
        lambda held, summed: _either(held.collection.platforms, summed.get("platform")),
    ),
    (
        _row("instruments", "Instruments", "list"),
        lambda held, summed: _either(held.collection.instruments, summed.get("instruments")),
    ),
    (_row("start", "Start", "time"), lambda held, _: _time(held).start),
    (_row("end", "End", "time"), lambda held, _: _time(held).end),
    (_row("created", "Added", "time"), lambda held, _: held.entry.created if held.entry else None),
    (_row("updated", "Last changed", "time"), lambda held, _: held.entry.modified if held.entry else None),
    (
        _row("products", "Products", "integer", "How many products of it there are"),
        lambda held, _: held.holdings.count,
    ),
)
COLLECTION_TERMS = {row.name: row for row, _ in _TERMS}
COLLECTION_SORTABLE = tuple(row.name for row in COLLECTION_TERMS.values() if row.type != "list")


def collection_values(held: Held, summed: Summaries) -> dict[str, Any]:
    """The values of a collection by the names of COLLECTION_TERMS, with its place and its interval, as
    `eo.filter_match.matches` takes them."""
    found = {row.name: value(held, summed) for row, value in _TERMS}
    return found | {PLACE: _place(held), SPAN: _time(held)}
