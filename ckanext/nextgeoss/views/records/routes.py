"""Addresses of OGC API Records, each a few lines: what is asked, found and written lies elsewhere."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from ckan.plugins import toolkit
from flask import Response

from ... import config
from ...eo.crs import checked_crs, in_crs
from ...eo.formats import records_api, records_openapi
from ...eo.formats.features_write import write_features
from ...eo.formats.record_write import PRODUCTS, records_catalog, write_record
from ...eo.formats.records_api import API
from ...eo.formats.stac_collection_write import SCHEMA
from ...eo.formats.stac_write import GEOJSON
from ...eo.query import Query
from ...search.opensearch_parameters import DEEPEST
from ...search.own_queryables import own_queryables, own_sortables
from ...search.records_collections import (
    OF_LIST,
    collection_names,
    collection_parameters,
    collections_search,
    judged,
)
from ...search.records_query import parameters_of, product_names, records_search
from ..addresses import site
from ..caller import catalogue_of_caller
from ..ogc.answers import answer, asked_of, ogc_api, own_links
from ..ogc.documents import add_common
from ..ogc.found import by_offset, by_token, content_crs, other_pages, page_links, the_one
from ..ogc.sheets import names as names_sheet
from ..stac.answers import found_page
from . import sheets
from .catalogs import ALWAYS, abouts, all_catalogs, catalog_of, every_about, opened, whole
from .facets import told

blueprint = ogc_api("nextgeoss_records", API.root)


def _openapi() -> dict[str, Any]:
    names, series = product_names(config.eo_properties(), every=False), collection_names()
    return records_openapi.document(
        site(),
        names=parameters_of(names),
        of_collections=collection_parameters(series),
        of_list=OF_LIST,
        rows=names.rows,
        collection_rows=series.rows,
        deepest=DEEPEST,
    )


add_common(blueprint, API, _openapi, records_api.searchable)


@blueprint.get("/records/collections")
def catalogs() -> Response:
    """The catalogues that are as it is asked: those of all collections and of all products, and one for each
    collection that has products."""
    here, asked = site(), asked_of(OF_LIST)
    search = collections_search(asked, collection_names(), usual=1000)
    every = all_catalogs(catalogue_of_caller())
    found = [held for held in every if search.finds(judged(held, {}))]
    address = f"{here.base}/records/collections"
    own = own_links(address, asked, title=toolkit._("Collections"))
    links = [*own, *other_pages(address, asked, by_offset(search.offset, search.limit, len(found)))]
    documents = [records_api.catalog(held, here) for held in search.page(found)]
    document = records_api.catalogs(documents, links, len(found))
    counts = {held.collection.id: held.holdings.count for held in every}
    return answer(document, lambda: sheets.catalogs(document, counts, here))


@blueprint.get("/records/collections/<path:name>", merge_slashes=False)
def catalog(name: str) -> Response:
    """One catalogue."""
    catalogue, asked = catalogue_of_caller(), asked_of(("profile",))
    return catalog_of(whole(catalogue, name) if name == PRODUCTS else opened(catalogue, name), asked)


@blueprint.get("/records/collections/<path:name>/items", merge_slashes=False)
def items(name: str) -> Response:
    """A page of the records of a catalogue."""
    here, catalogue, every = site(), catalogue_of_caller(), name == PRODUCTS
    names = product_names(catalogue.properties, every=every)
    asked = asked_of(parameters_of(names))
    of_one = () if every else (name,)
    search = records_search(asked, names, catalogue.properties, of_one, lambda: every_about(catalogue, name))
    found = found_page(catalogue, search.query)
    held, total = opened(catalogue, name), found.total or 0
    query = search.query
    pages = by_offset(query.offset, query.limit, total) if search.by_offset else by_token(found)
    title, about = held.collection.title or name, abouts(catalogue, held, found.products)
    links = [*page_links(records_catalog(here, name), asked, pages, title), records_api.page_profile()]
    pairs = zip(found.products, found.entries, strict=True)
    written = (write_record(product, entry, about(product), here, name) for product, entry in pairs)
    records = [in_crs(record, search.crs) for record in written]
    document = write_features(records, links, found.total, datetime.now(timezone.utc))
    if search.facets:
        document["facets"] = told(search.facets, found.facets, total)
    crs = content_crs(search.crs)
    return answer(document, lambda: sheets.items(document, held, here, asked, names), GEOJSON, crs)


@blueprint.get("/records/collections/<path:name>/items/<path:identifier>", merge_slashes=False)
def item(name: str, identifier: str) -> Response:
    """One record."""
    here, catalogue, every = site(), catalogue_of_caller(), name == PRODUCTS
    asked = asked_of(("profile", "crs"))
    crs = checked_crs(asked.get("crs"), "crs")
    found = catalogue.search(Query(ids=(identifier,), collections=() if every else (name,), limit=2))
    product, entry = the_one(found, identifier, "record", by_uuid=every)
    held = opened(catalogue, name if every else product.collection)
    about = abouts(catalogue, held, (product,))(product)
    document = in_crs(write_record(product, entry, about, here, held.collection.id), crs)
    own = own_links(document["links"][0]["href"], asked, GEOJSON, product.title or product.id)
    document["links"] = [*own, *document["links"][len(own) :]]
    return answer(document, lambda: sheets.item(document, held, here), GEOJSON, content_crs(crs))


@blueprint.get("/records/collections/<path:name>/<any(queryables, sortables):kind>", merge_slashes=False)
def names(name: str, kind: str) -> Response:
    """What can be asked of the records of a catalogue, or what they can be sorted by."""
    asked_of()
    here, catalogue, every = site(), catalogue_of_caller(), name == PRODUCTS
    held = opened(catalogue, name)
    described = own_queryables if kind == "queryables" else own_sortables
    known = product_names(catalogue.properties, every=every)
    document = described(
        catalogue.domains("" if every else held.collection.id),
        # all have the same one here, which some clients would hold against the name they know it by
        known if every else known.without("collection"),
        address=f"{records_catalog(here, held.collection.id)}/{kind}",
        title=held.collection.title or held.collection.id,
        always=ALWAYS,
    )
    links = own_links(document["$id"], {}, SCHEMA, toolkit._("This document"))
    above = sheets.above(here, held)
    return answer(document, lambda: names_sheet(document, above, kind), SCHEMA, links=links)
