"""Addresses of OGC API Records, each a few lines: what is asked, found and written lies elsewhere."""

from __future__ import annotations

from datetime import datetime, timezone

from ckan.plugins import toolkit
from flask import Response

from ... import config
from ...eo.formats import openapi, records_api, records_openapi
from ...eo.formats.features_write import write_features
from ...eo.formats.record_write import records_catalog, write_record
from ...eo.formats.stac_collection_write import SCHEMA
from ...eo.formats.stac_write import GEOJSON
from ...eo.query import Query
from ...search.collections import search_collections
from ...search.own_queryables import own_sortables
from ...search.records_query import NAMES, records_search
from ..addresses import site
from ..api import NotThere
from ..caller import catalogue_of_caller
from ..ogc.answers import Sheet, answer, asked_of, ogc_api, own_links, page, wants_html
from ..ogc.found import filled_collection, page_links
from ..stac.answers import found_page
from . import sheets

blueprint = ogc_api("nextgeoss_records", "/records")
_ALL = 10_000


@blueprint.get("/records", strict_slashes=False)
def landing() -> Response:
    """The landing page."""
    here = site()
    own = own_links(f"{here.base}/records", asked_of(), title="This document")
    document = records_api.landing(here, own, config.site_description())
    return answer(document, sheets.landing(document))


@blueprint.get("/records/conformance")
def conformance() -> Response:
    """What the API conforms to."""
    own = own_links(f"{site().base}/records/conformance", asked_of(), title="This document")
    document = {"conformsTo": list(records_api.CONFORMANCE), "links": list(own)}
    return answer(document, sheets.conformance(document, site()))


@blueprint.get("/records/api")
def description() -> Response:
    """The description of the API for programs."""
    asked_of()
    document = records_openapi.document(site())
    if wants_html(openapi.OPENAPI):
        return page(openapi.page(document))
    return answer(document, Sheet(title=""), openapi.OPENAPI)


@blueprint.get("/records/api.html")
def manual() -> Response:
    """The description of the API for people."""
    asked_of()
    return page(openapi.page(records_openapi.document(site())))


@blueprint.get("/records/collections")
def catalogs() -> Response:
    """The catalogues: one for each collection that has products."""
    here = site()
    own = own_links(f"{here.base}/records/collections", asked_of(), title=toolkit._("Collections"))
    found = search_collections(catalogue_of_caller(), Query(limit=_ALL)).collections
    documents = [records_api.catalog(held, here) for held in found if held.holdings.count]
    counts = {held.collection.id: held.holdings.count for held in found}
    document = {"collections": documents, "links": list(own)}
    return answer(document, sheets.catalogs(documents, counts, here))


@blueprint.get("/records/collections/<path:name>", merge_slashes=False)
def catalog(name: str) -> Response:
    """One catalogue."""
    here = site()
    held = filled_collection(catalogue_of_caller(), name)
    title = held.collection.title or held.collection.id
    own = own_links(records_catalog(here, held.collection.id), asked_of(), records_api.CATALOG, title)
    document = records_api.catalog(held, here, own)
    return answer(document, sheets.catalog(document, here), records_api.CATALOG)


@blueprint.get("/records/collections/<path:name>/items", merge_slashes=False)
def items(name: str) -> Response:
    """A page of the records of a catalogue."""
    here, catalogue = site(), catalogue_of_caller()
    asked = asked_of(NAMES)
    found = found_page(catalogue, records_search(asked, catalogue.properties, name))
    held = filled_collection(catalogue, name)
    title = held.collection.title or name
    links = page_links(records_catalog(here, name), asked, found, title)
    pairs = zip(found.products, found.entries, strict=True)
    records = [write_record(product, entry, held.collection, here) for product, entry in pairs]
    document = write_features(records, links, found.total, datetime.now(timezone.utc))
    return answer(document, sheets.items(document, held, here), GEOJSON)


@blueprint.get("/records/collections/<path:name>/items/<path:identifier>", merge_slashes=False)
def item(name: str, identifier: str) -> Response:
    """One record."""
    here, catalogue = site(), catalogue_of_caller()
    asked = asked_of()
    found = catalogue.search(Query(ids=(identifier,), collections=(name,), limit=2))
    for product, entry in zip(found.products, found.entries, strict=True):
        if product.id == identifier:
            held = filled_collection(catalogue, product.collection)
            document = write_record(product, entry, held.collection, here)
            own = own_links(document["links"][0]["href"], asked, GEOJSON, product.title or product.id)
            document["links"] = [*own, *document["links"][len(own) :]]
            return answer(document, sheets.item(document, held, here), GEOJSON)
    raise NotThere("record", identifier)


@blueprint.get("/records/collections/<path:name>/sortables", merge_slashes=False)
def sortables(name: str) -> Response:
    """What the records of a catalogue can be sorted by."""
    asked_of()
    here, catalogue = site(), catalogue_of_caller()
    held = filled_collection(catalogue, name)
    address = f"{records_catalog(here, held.collection.id)}/sortables"
    title = held.collection.title or held.collection.id
    domains = catalogue.domains(held.collection.id)
    document = own_sortables(domains, catalogue.properties, address=address, title=title)
    links = own_links(address, {}, SCHEMA, toolkit._("This document"))
    return answer(document, sheets.sortables(document, held, here), SCHEMA, links=links)
