"""Which parameters a search offers: those that its products have, with the values these have now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from ..eo.errors import BadValue
from ..eo.formats import opensearch_description as osdd
from ..eo.number_sets import pattern, set_conditions
from ..eo.product import Value
from ..eo.properties import Properties
from ..eo.property import Property, plain_number
from ..eo.query import Condition
from ..eo.temporal import format_time
from .domains import Domain
from .opensearch_parameters import Parameter, parameter_table
from .terms import term

_WKT = "http://www.opengis.net/wkt/"
_SHAPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")
_WILDCARDS = "info:srw/cql-context-set/1/cql-v2.0#unmasked"
_PROFILES = {
    "geo:geometry": tuple((_WKT + shape, f"This service accepts {shape} as WKT") for shape in _SHAPES),
    # CEOS-BP-002C: no character of the words stands for others
    "searchTerms": ((_WILDCARDS, "Words are sought as they are, without wildcards"),),
}
Titles = Callable[[str, str], str]


def offers(
    properties: Properties, domains: Mapping[str, Domain], level: str, collection: str, title: Titles
) -> tuple[osdd.Parameter, ...]:
    """The parameters of a level (PRODUCTS or COLLECTIONS), or of the products of one collection; `title`
    gives the title of a value of a term."""
    return tuple(
        _offer(parameter, properties, domains, title)
        for parameter in parameter_table(properties).parameters
        if level in parameter.offered
        and not (collection and parameter.name == "eo:parentIdentifier")
        and _is_there(parameter, domains)
    )


def _is_there(parameter: Parameter, domains: Mapping[str, Domain]) -> bool:
    """Whether products have what it asks about."""
    return (
        (parameter.term in domains or not (parameter.condition or parameter.least))
        and (parameter.needs in domains or not parameter.needs)
        and (any(name in domains for name in parameter.options_need) or not parameter.options_need)
    )


def _offer(
    parameter: Parameter, properties: Properties, domains: Mapping[str, Domain], title: Titles
) -> osdd.Parameter:
    low, high = (
        "" if limit is None else str(plain_number(limit)) for limit in (parameter.minimum, parameter.maximum)
    )
    needed = parameter.options_need or parameter.options
    options = [
        (value, value)
        for value, name in zip(parameter.options, needed, strict=True)
        if name in domains or not parameter.options_need
    ]
    asked = parameter.term or parameter.values_of
    domain = None if parameter.least else domains.get(asked)
    form = parameter.pattern
    if domain and parameter.name not in ("searchTerms", "geo:uid"):
        row = term(asked, properties)
        low, high = (_limit(limit) for limit in (domain.minimum, domain.maximum))
        options = list(_options(row, domain, title))
        form = form or pattern(row)
    return osdd.Parameter(
        name=parameter.url,
        value=parameter.name,
        title=parameter.title,
        pattern=form,
        minimum=low,
        maximum=high,
        options=tuple(options),
        profiles=_PROFILES.get(parameter.name, ()),
    )


def _limit(value: Value | None) -> str:
    if isinstance(value, datetime):
        return format_time(value)
    return str(plain_number(float(value))) if isinstance(value, (int, float)) else ""


def _options(row: Property, domain: Domain, title: Titles) -> Iterator[tuple[str, str]]:
    """The values that, put into a request, find what has them. 13-026 spells the words of closed lists in
    capitals, and requests take them in any case."""
    for value, _ in domain.values:
        said = value.upper() if row.choices and row.opensearch else value
        if _finds(row, said, value):
            yield said, title(row.name, value) or said


def _finds(row: Property, said: str, value: str) -> bool:
    try:
        stored = row.from_text(value) if row.type == "boolean" else value
        return set_conditions(said, row) == (Condition(row.name, "=", stored),)
    except BadValue:
        return False
