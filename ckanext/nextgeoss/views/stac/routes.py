"""Addresses of the STAC API, each a few lines: what is asked, found and written lies elsewhere."""

from __future__ import annotations

from typing import Any

from ckan.config.middleware.flask_app import csrf
from flask import Response

from ... import config
from ...eo.formats import stac_api, stac_openapi
from ...eo.formats.openapi import OPENAPI
from ...eo.formats.site import Site
from ...eo.formats.stac_collection_write import SCHEMA, write_collection
from ...eo.formats.stac_feedback import feedback_schema
from ...eo.formats.stac_write import GEOJSON, item_collection, write_entry
from ...eo.held import CollectionPage
from ...eo.query import Query
from ...search.catalogue import Catalogue
from ...search.collections import search_collections
from ...search.shelves import shelf
from ...search.stac_collections import collection_queryables, collection_search, collection_sortables
from ...search.stac_members import members_of_get
from ...search.stac_query import StacSearch, check_names, stac_search
from ...search.stac_queryables import queryables, sortables
from ...search.stac_summaries import summaries
from ..addresses import site
from ..api import NotThere, api
from ..caller import catalogue_of_caller
from ..elsewhere import answer_below
from ..written import written_page
from .answers import (
    answer,
    cursor_as_token,
    found_page,
    held_collection,
    parameters,
    posted,
    told,
    with_parameters,
    written_item,
)
from .changes import tagged

blueprint = api("nextgeoss_stac", told)
answer_below(blueprint, "/stac", told)
# a search by POST changes nothing: it needs no token that tells our own forms from those of others
csrf.exempt(blueprint)
ALL = 10_000


@blueprint.get("/stac", strict_slashes=False)
def landing() -> Response:
    """The landing page."""
    page = search_collections(catalogue_of_caller(), Query(limit=ALL))
    return answer(stac_api.landing(site(), page.collections, config.site_description()))


@blueprint.get("/stac/conformance")
def conformance() -> Response:
    """What the API conforms to."""
    return answer({"conformsTo": list(stac_api.CONFORMANCE)})


@blueprint.get("/stac/collections")
def collections() -> Response:
    """A page of the collections, of those that a search finds."""
    asked, here, catalogue = parameters(), site(), catalogue_of_caller()
    search = collection_search(asked)
    found = search_collections(catalogue, search.query, search.keep, search.sort)
    address, following = f"{here.base}/stac/collections", search.query.offset + len(found.collections)
    more = following < found.total
    next_address = with_parameters(address, {**asked, "token": str(following)}) if more else ""
    documents = [search.fields.of_item(each) for each in _documents(found, catalogue, here)]
    own = with_parameters(address, asked)
    return answer(stac_api.list_of_collections(here, documents, found.total, own, next_address))


@blueprint.get("/stac/children")
def children() -> Response:
    """All collections, as the children of the landing page."""
    here, catalogue = site(), catalogue_of_caller()
    found = search_collections(catalogue, Query(limit=ALL))
    return answer(stac_api.children(here, _documents(found, catalogue, here)))


@blueprint.get("/stac/collections/<path:name>", merge_slashes=False)
def collection(name: str) -> Response:
    """One collection."""
    catalogue = catalogue_of_caller()
    held = held_collection(catalogue, name)
    return tagged(write_collection(held, summaries(catalogue).get(held.collection.id, {}), site()))


@blueprint.get("/stac/collections/<path:name>/items", merge_slashes=False)
def items(name: str) -> Response:
    """A page of the items of a collection."""
    asked, here, catalogue = parameters(), site(), catalogue_of_caller()
    search = stac_search(members_of_get(asked), catalogue.properties, name)
    address = f"{here.stac_collection(name)}/items"
    found, cursor = _items(catalogue, search, here)
    if not found["numberMatched"]:
        held_collection(catalogue, name)
    following = stac_api.next_by_get(with_parameters(address, {**asked, "token": cursor})) if cursor else None
    own = with_parameters(address, asked)
    found["links"] = stac_api.page_links(here, own, following, collection=name)
    return answer(found, GEOJSON)


@blueprint.get("/stac/collections/<path:name>/items/<path:identifier>", merge_slashes=False)
def item(name: str, identifier: str) -> Response:
    """One item."""
    catalogue = catalogue_of_caller()
    found = written_item(catalogue, site(), name, identifier)
    if found is None:
        raise NotThere("item", identifier)
    return tagged(found, GEOJSON)


@blueprint.get("/stac/browse/<path:name>", merge_slashes=False)
def browse(name: str) -> Response:
    """The items of a collection for clients that follow links alone."""
    asked, catalogue = parameters(), catalogue_of_caller()
    check_names(asked, ("period", "token"))
    period, token = asked.get("period", ""), asked.get("token", "")
    held = held_collection(catalogue, name)
    with cursor_as_token():
        found = shelf(catalogue, held.collection.id, period, token, time=held.holdings.time)
    document = stac_api.shelf(
        site(),
        held.collection.id,
        period,
        parts=found.parts,
        items=found.items,
        own=token,
        next_own=found.next,
    )
    return answer(document)


@blueprint.get("/stac/api")
def openapi() -> Response:
    """The description of the API for programs."""
    return answer(stac_openapi.document(site()), OPENAPI)


@blueprint.get("/stac/api.html")
def manual() -> Response:
    """The description of the API for people."""
    return Response(stac_openapi.page(stac_openapi.document(site())), content_type="text/html; charset=utf-8")


@blueprint.get("/stac/extensions/guf/v1.0.0/schema.json")
def feedback_extension() -> Response:
    """The schema of what items tell of feedback."""
    return answer(feedback_schema(site().stac_extension()), SCHEMA)


@blueprint.get("/stac/search")
def search_by_get() -> Response:
    """A page of items, asked by parameters."""
    asked, here, catalogue = parameters(), site(), catalogue_of_caller()
    address = f"{here.base}/stac/search"
    found, cursor = _items(catalogue, stac_search(members_of_get(asked), catalogue.properties), here)
    following = stac_api.next_by_get(with_parameters(address, {**asked, "token": cursor})) if cursor else None
    found["links"] = stac_api.page_links(here, with_parameters(address, asked), following)
    return answer(found, GEOJSON)


@blueprint.post("/stac/search")
def search_by_post() -> Response:
    """A page of items, asked by a body."""
    asked, here, catalogue = posted(), site(), catalogue_of_caller()
    address = f"{here.base}/stac/search"
    found, cursor = _items(catalogue, stac_search(asked, catalogue.properties), here)
    following = stac_api.next_by_post(address, {**asked, "token": cursor}) if cursor else None
    found["links"] = stac_api.page_links(here, address, following)
    return answer(found, GEOJSON)


@blueprint.get("/stac/queryables", defaults={"name": "", "kind": "queryables"})
@blueprint.get("/stac/sortables", defaults={"name": "", "kind": "sortables"})
@blueprint.get("/stac/collections/<path:name>/<any(queryables, sortables):kind>", merge_slashes=False)
def names(name: str, kind: str) -> Response:
    """What can be asked of items, or what they can be sorted by; of one collection, or of all."""
    here, catalogue = site(), catalogue_of_caller()
    held = held_collection(catalogue, name) if name else None
    described = queryables if kind == "queryables" else sortables
    document = described(
        catalogue.domains(held.collection.id if held else ""),
        catalogue.properties,
        address=f"{here.stac_collection(name) if name else here.base + '/stac'}/{kind}",
        title=(held.collection.title or held.collection.id) if held else here.title,
    )
    return answer(document, SCHEMA)


@blueprint.get("/stac/collection-queryables", defaults={"kind": "queryables"})
@blueprint.get("/stac/collection-sortables", defaults={"kind": "sortables"})
def names_of_collections(kind: str) -> Response:
    """What can be asked of collections, or what they can be sorted by."""
    here = site()
    described = collection_queryables if kind == "queryables" else collection_sortables
    return answer(described(f"{here.base}/stac/collection-{kind}", here.title), SCHEMA)


def _documents(found: CollectionPage, catalogue: Catalogue, here: Site) -> list[dict[str, Any]]:
    summed = summaries(catalogue)
    return [write_collection(each, summed.get(each.collection.id, {}), here) for each in found.collections]


def _items(catalogue: Catalogue, search: StacSearch, here: Site) -> tuple[dict[str, Any], str]:
    """The item collection without its links, and how to go on."""
    page = found_page(catalogue, search.query)
    rows = catalogue.properties
    found = written_page(page, lambda product, entry: write_entry(product, entry, here, rows))
    return item_collection([search.fields.of_item(each) for each in found], [], page.total), page.next
