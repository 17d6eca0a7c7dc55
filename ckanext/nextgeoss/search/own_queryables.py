"""Queryables and sortables by our own names, as JSON schemas (OGC 19-079r2, section 6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .domains import Domain
from .own_terms import PLACE, Names
from .stac_queryables import described, fit_orders, schema
from .terms import FIT_FOR

_PLACE: Mapping[str, Any] = {
    PLACE: {"title": "Footprint", "format": "geometry-any", "x-ogc-role": "primary-geometry"}
}


def own_queryables(
    domains: Mapping[str, Domain], names: Names, *, address: str, title: str, always: Collection[str] = ()
) -> dict[str, Any]:
    """The schema at `address` of the properties that some product has, and of those that there are `always`,
    with their values and limits, and of the footprint."""
    found = {
        name: described(name, row, domains.get(row.name))
        for name, row in names.rows.items()
        if row.name in domains or name in always
    }
    return schema({**_PLACE, **found}, address, title)


def own_sortables(
    domains: Mapping[str, Domain], names: Names, *, address: str, title: str, always: Collection[str] = ()
) -> dict[str, Any]:
    """The schema of those that products can be sorted by."""
    found = {
        name: described(name, row, None)
        for name, row in names.rows.items()
        if row.name in names.sortable and (row.name in domains or name in always)
    }
    found |= fit_orders(domains) if FIT_FOR in names.rows else {}
    return schema(found, address, title)
