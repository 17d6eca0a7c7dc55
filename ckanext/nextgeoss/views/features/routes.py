"""Addresses of OGC API Features, each a few lines: what is asked, found and written lies elsewhere."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ckan.plugins import toolkit
from flask import Response

from ... import config
from ...eo.crs import checked_crs
from ...eo.formats import features_api, features_openapi
from ...eo.formats.features_api import API
from ...eo.formats.features_write import features_collection, write_feature, write_features
from ...eo.formats.site import quoted
from ...eo.formats.stac_collection_write import SCHEMA
from ...eo.formats.stac_write import GEOJSON
from ...eo.query import Query
from ...search.collections import search_collections
from ...search.features_query import features_search, parameters_of
from ...search.own_queryables import own_queryables, own_sortables
from ...search.own_terms import own_names
from ..addresses import site
from ..caller import catalogue_of_caller
from ..ogc.answers import answer, asked_of, ogc_api, own_links
from ..ogc.documents import add_common
from ..ogc.found import by_token, content_crs, filled_collection, page_links, the_one
from ..ogc.sheets import crumbs
from ..ogc.sheets import names as names_sheet
from ..stac.answers import found_page
from . import sheets

blueprint = ogc_api("nextgeoss_features", API.root)
_ALL = 10_000


def _openapi() -> dict[str, Any]:
    names = own_names(config.eo_properties())
    return features_openapi.document(site(), parameters_of(names), names.rows)


add_common(blueprint, API, _openapi)


@blueprint.get("/features/collections")
def collections() -> Response:
    """The collections that have products."""
    here = site()
    own = own_links(f"{here.base}/features/collections", asked_of(), title=toolkit._("Collections"))
    found = search_collections(catalogue_of_caller(), Query(limit=_ALL)).collections
    documents = [features_api.collection(held, here) for held in found if held.holdings.count]
    counts = {held.collection.id: held.holdings.count for held in found}
    document = features_api.collections(documents, own)
    return answer(document, lambda: sheets.collections(document, counts, here))


@blueprint.get("/features/collections/<path:name>", merge_slashes=False)
def collection(name: str) -> Response:
    """One collection."""
    here = site()
    held = filled_collection(catalogue_of_caller(), name)
    title = held.collection.title or held.collection.id
    own = own_links(features_collection(here, held.collection.id), asked_of(), title=title)
    document = features_api.collection(held, here, own)
    return answer(document, lambda: sheets.collection(document, here))


@blueprint.get("/features/collections/<path:name>/items", merge_slashes=False)
def items(name: str) -> Response:
    """A page of the features of a collection."""
    here, catalogue = site(), catalogue_of_caller()
    names = own_names(catalogue.properties)
    asked = asked_of(parameters_of(names))
    search = features_search(asked, names, (name,))
    found = found_page(catalogue, search.query)
    held = filled_collection(catalogue, name)
    title = held.collection.title or name
    links = page_links(features_collection(here, name), asked, by_token(found), title)
    pairs = zip(found.products, found.entries, strict=True)
    features = [write_feature(product, entry, here, search.crs) for product, entry in pairs]
    document = write_features(features, links, found.total, datetime.now(timezone.utc))
    crs = content_crs(search.crs)
    return answer(document, lambda: sheets.items(document, held, here, names), GEOJSON, crs)


@blueprint.get("/features/collections/<path:name>/items/<path:identifier>", merge_slashes=False)
def item(name: str, identifier: str) -> Response:
    """One feature."""
    here, catalogue = site(), catalogue_of_caller()
    asked = asked_of(("crs",))
    crs = checked_crs(asked.get("crs"), "crs")
    found = catalogue.search(Query(ids=(identifier,), collections=(name,), limit=2))
    product, entry = the_one(found, identifier, "feature")
    document = write_feature(product, entry, here, crs)
    address = f"{features_collection(here, product.collection)}/items/{quoted(product.id)}"
    own = own_links(address, asked, GEOJSON, product.title or product.id)
    document["links"] = [*own, *document["links"][len(own) :]]
    return answer(document, lambda: sheets.item(document, here), GEOJSON, content_crs(crs))


@blueprint.get("/features/collections/<path:name>/<any(queryables, sortables):kind>", merge_slashes=False)
def names(name: str, kind: str) -> Response:
    """What can be asked of the features of a collection, or what they can be sorted by."""
    asked_of()
    here, catalogue = site(), catalogue_of_caller()
    held = filled_collection(catalogue, name)
    described = own_queryables if kind == "queryables" else own_sortables
    document = described(
        catalogue.domains(held.collection.id),
        own_names(catalogue.properties),
        address=f"{features_collection(here, held.collection.id)}/{kind}",
        title=held.collection.title or held.collection.id,
    )
    links = own_links(document["$id"], {}, SCHEMA, toolkit._("This document"))
    above = crumbs(API, here, held.collection.id, held.collection.title)
    return answer(document, lambda: names_sheet(document, above, kind), SCHEMA, links=links)
