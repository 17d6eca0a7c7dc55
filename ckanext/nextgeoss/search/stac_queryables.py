"""Queryables of a STAC API: what can be asked of its items, as a JSON schema (OGC 19-079r2, section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..eo.properties import Properties
from ..eo.property import Property, plain_number
from .domains import Domain
from .stac_terms import FIT_FIRST, MEMBERS, stac_names
from .terms import EITHER, FIT_FOR, sortable

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {"text": "string", "time": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
# a spatial property has a format and no type (OGC 19-079r2, 6.2; 23-058r2, 7.6)
GEOMETRY: dict[str, Any] = {"geometry": {"title": "Footprint", "format": "geometry-any"}}
_TITLES = {"datetime": "Time", "start_datetime": "Start", "end_datetime": "End"}


def queryables(
    domains: Mapping[str, Domain], properties: Properties, *, address: str, title: str
) -> dict[str, Any]:
    """The schema at `address` of the properties that some product has, with their values and limits; there
    are no others."""
    return schema({**dict(_queryable(domains, properties)), **GEOMETRY}, address, title)


def sortables(
    domains: Mapping[str, Domain], properties: Properties, *, address: str, title: str
) -> dict[str, Any]:
    """The schema of those that items can be sorted by."""
    names = sortable(properties)
    found = {
        stac: described(stac, row, None) for stac, row in _there(domains, properties) if row.name in names
    }
    return schema(found | fit_orders(domains, FIT_FIRST), address, title)


def fit_orders(domains: Mapping[str, Domain], called: str = FIT_FOR) -> dict[str, Any]:
    """The orders by what users found fit for a field of application, one for each that there is; `called` is
    the name of the property."""
    domain = domains.get(FIT_FOR)
    return {
        f"{called}.{value}": {
            "type": "boolean",
            "title": f"Fit for {value}",
            "description": "Downwards: first what users found fit for it and no issue blocks, then the rest",
        }
        for value in sorted(value for value, _ in (domain.values if domain else ()))
    }


def schema(found: dict[str, Any], address: str, title: str) -> dict[str, Any]:
    """The JSON schema at `address` of an object that has these properties and no others."""
    return {
        "$schema": _DIALECT,
        "$id": address,
        "type": "object",
        "title": title,
        "properties": found,
        "additionalProperties": False,
    }


def _queryable(domains: Mapping[str, Domain], properties: Properties) -> Iterator[tuple[str, dict[str, Any]]]:
    for stac, row in _there(domains, properties):
        yield stac, described(stac, row, domains.get(row.name))


def _there(domains: Mapping[str, Domain], properties: Properties) -> Iterator[tuple[str, Property]]:
    for stac, row in stac_names(properties):
        if row.name in domains or row.name in EITHER or stac in MEMBERS:
            yield stac, row


def described(stac: str, row: Property, domain: Domain | None) -> dict[str, Any]:
    """The schema of the values of a row: those of its domain, or else those that may be."""
    about: dict[str, Any] = {"title": _TITLES.get(stac, row.label), **_values(row, domain)}
    described = f"{row.help} ({row.unit})" if row.help and row.unit else row.help or row.unit
    return about | ({"description": described} if described else {})


def _values(row: Property, domain: Domain | None) -> dict[str, Any]:
    if row.type == "list":
        return {"type": "array", "items": {"type": "string"} | _choices(row, domain)}
    said: dict[str, Any] = {"type": _TYPES[row.type]}
    if row.type == "time":
        return said | {"format": "date-time"}
    if row.type == "text":
        return said | _choices(row, domain)
    return said | _limits(row, domain)


def _choices(row: Property, domain: Domain | None) -> dict[str, Any]:
    found = sorted(value for value, _ in domain.values) if domain else []
    values = found or list(row.choices)
    return {"enum": values} if values else {}


def _limits(row: Property, domain: Domain | None) -> dict[str, Any]:
    found = (domain.minimum, domain.maximum) if domain else (row.minimum, row.maximum)
    ends = zip(("minimum", "maximum"), found, strict=True)
    return {name: plain_number(end) for name, end in ends if isinstance(end, (int, float))}
