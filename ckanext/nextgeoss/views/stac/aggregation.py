"""Addresses of the STAC API's Aggregation extension."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ckan.config.middleware.flask_app import csrf
from flask import Response

from ...eo.errors import BadValue
from ...eo.formats.stac_aggregation import aggregation_collection, offered_aggregations
from ...search.aggregation import (
    TIMES,
    Aggregation,
    aggregate,
    aggregations,
    checked_interval,
    named,
    offered,
)
from ...search.catalogue import Catalogue
from ...search.stac_members import members_of_get
from ...search.stac_query import NAMES, OF_COLLECTION, check_names, stac_search
from ..addresses import site
from ..api import api
from ..caller import catalogue_of_caller
from .answers import answer, held_collection, parameters, posted, told, with_parameters

blueprint = api("nextgeoss_stac_aggregation", told)
# what is asked by POST changes nothing
csrf.exempt(blueprint)
_INTERVAL = f"{TIMES}_interval"
_OWN = ("aggregations", _INTERVAL)
_ROUTES = ("/stac/aggregate", "/stac/collections/<path:name>/aggregate")


@blueprint.get(_ROUTES[0], defaults={"name": ""})
@blueprint.get(_ROUTES[1], merge_slashes=False)
def aggregate_by_get(name: str) -> Response:
    """Counts over the items of a search, asked by parameters."""
    asked = parameters()
    members = members_of_get(asked)
    if "aggregations" in members:
        members["aggregations"] = [
            each.strip() for each in members["aggregations"].split(",") if each.strip()
        ]
    return _answer(name, members, asked)


@blueprint.post(_ROUTES[0], defaults={"name": ""})
@blueprint.post(_ROUTES[1], merge_slashes=False)
def aggregate_by_post(name: str) -> Response:
    """The same, asked by a body."""
    return _answer(name, posted(), {})


@blueprint.get("/stac/aggregations", defaults={"name": ""})
@blueprint.get("/stac/collections/<path:name>/aggregations", merge_slashes=False)
def names(name: str) -> Response:
    """What can be counted, of the items of a collection or of all."""
    catalogue = catalogue_of_caller()
    found = _offered(catalogue, name).values()
    pairs = ((each.name, each.data_type) for each in found)
    return answer(offered_aggregations(pairs, site(), _address(name, "aggregations")))


def _answer(name: str, members: Mapping[str, Any], asked: Mapping[str, str]) -> Response:
    catalogue = catalogue_of_caller()
    check_names(members, (*_OWN, *(OF_COLLECTION if name else NAMES)))
    searched = {key: value for key, value in members.items() if key not in _OWN}
    query = stac_search(searched, catalogue.properties, name).query
    interval = members.get(_INTERVAL, "")
    if not isinstance(interval, str):
        raise BadValue(interval, _INTERVAL, "a text")
    wanted = _named(catalogue, name, members.get("aggregations", []))
    found = aggregate(catalogue, query, wanted, checked_interval(interval))
    return answer(aggregation_collection(found, site(), with_parameters(_address(name, "aggregate"), asked)))


def _named(catalogue: Catalogue, name: str, given: Any) -> list[Aggregation]:
    """The aggregations of these names; below a collection only those that it offers."""
    if not isinstance(given, list) or not all(isinstance(each, str) for each in cast(list[Any], given)):
        raise BadValue(given, "aggregations", "an array of names")
    known = _offered(catalogue, name) if name else aggregations(catalogue.properties)
    return named(cast(list[str], given), known, lambda: _offered(catalogue, name))


def _offered(catalogue: Catalogue, name: str) -> dict[str, Aggregation]:
    collection = held_collection(catalogue, name).collection.id if name else ""
    return offered(catalogue.domains(collection), catalogue.properties)


def _address(name: str, what: str) -> str:
    here = site()
    return f"{here.stac_collection(name) if name else here.base + '/stac'}/{what}"
