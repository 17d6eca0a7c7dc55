"""Queryables and sortables by our own names, as JSON schemas (OGC 19-079r2, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..eo.properties import Properties
from .domains import Domain
from .own_terms import PLACE, own_rows
from .stac_queryables import described, schema
from .terms import sortable


def own_queryables(
    domains: Mapping[str, Domain], properties: Properties, *, address: str, title: str
) -> dict[str, Any]:
    """The schema at `address` of the properties that some product has, with their values and limits, and of
    the footprint."""
    place = {"title": "Footprint", "format": "geometry-any", "x-ogc-role": "primary-geometry"}
    rows = own_rows(properties, domains)
    found = {row.name: described(row.name, row, domains.get(row.name)) for row in rows}
    return schema({PLACE: place} | found, address, title)


def own_sortables(
    domains: Mapping[str, Domain], properties: Properties, *, address: str, title: str
) -> dict[str, Any]:
    """The schema of those that products can be sorted by."""
    names = sortable(properties)
    rows = own_rows(properties, domains)
    return schema(
        {row.name: described(row.name, row, None) for row in rows if row.name in names}, address, title
    )
