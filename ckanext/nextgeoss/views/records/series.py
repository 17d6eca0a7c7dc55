"""Addresses of the catalogue of all collections, in which each collection is a record."""

from __future__ import annotations

from datetime import datetime, timezone

from ckan.plugins import toolkit
from flask import Response

from ...eo.crs import checked_crs, in_crs
from ...eo.formats.features_write import write_features
from ...eo.formats.record_series import write_series
from ...eo.formats.record_write import COLLECTIONS, records_catalog
from ...eo.formats.records_api import page_profile
from ...eo.formats.stac_collection_write import SCHEMA
from ...eo.formats.stac_write import GEOJSON
from ...search.own_queryables import own_queryables, own_sortables
from ...search.records_collections import (
    collection_names,
    collection_parameters,
    collections_search,
    judged_collections,
)
from ..addresses import site
from ..api import NotThere
from ..caller import catalogue_of_caller
from ..ogc.answers import answer, asked_of, own_links
from ..ogc.found import by_offset, content_crs, page_links
from ..ogc.sheets import names as names_sheet
from . import sheets
from .catalogs import catalog_of, whole, whole_of
from .facets import told
from .routes import blueprint

_ROOT = f"/records/collections/{COLLECTIONS}"


@blueprint.get(_ROOT)
def catalog_of_collections() -> Response:
    """The catalogue."""
    return catalog_of(whole(catalogue_of_caller(), COLLECTIONS), asked_of(("profile",)))


@blueprint.get(f"{_ROOT}/items")
def collection_items() -> Response:
    """A page of the records of collections."""
    here, catalogue, names = site(), catalogue_of_caller(), collection_names()
    asked = asked_of(collection_parameters(names))
    search = collections_search(asked, names)
    every = judged_collections(catalogue, search.sort)
    found = [each for each in every if search.finds(each)]
    held = whole_of(COLLECTIONS, [each.held for each in every])
    written = (write_series(each.held, each.values, here) for each in search.page(found))
    records = [in_crs(record, search.crs) for record in written]
    pages = by_offset(search.offset, search.limit, len(found))
    address = records_catalog(here, COLLECTIONS)
    links = [*page_links(address, asked, pages, held.collection.title), page_profile()]
    document = write_features(records, links, len(found), datetime.now(timezone.utc))
    if search.facets:
        document["facets"] = told(search.facets, search.counted(found), len(found))
    crs = content_crs(search.crs)
    return answer(document, lambda: sheets.items(document, held, here, asked, names), GEOJSON, crs)


@blueprint.get(f"{_ROOT}/items/<path:identifier>", merge_slashes=False)
def collection_record(identifier: str) -> Response:
    """The record of a collection."""
    here, catalogue, asked = site(), catalogue_of_caller(), asked_of(("profile", "crs"))
    crs = checked_crs(asked.get("crs"), "crs")
    every = {each.held.collection.id: each for each in judged_collections(catalogue)}
    if identifier not in every:
        raise NotThere("record", identifier)
    one, held = every[identifier], whole_of(COLLECTIONS, [each.held for each in every.values()])
    document = in_crs(write_series(one.held, one.values, here), crs)
    own = own_links(document["links"][0]["href"], asked, GEOJSON, document["properties"]["title"])
    document["links"] = [*own, *document["links"][len(own) :]]
    return answer(document, lambda: sheets.item(document, held, here), GEOJSON, content_crs(crs))


@blueprint.get(f"{_ROOT}/<any(queryables, sortables):kind>")
def collection_terms(kind: str) -> Response:
    """What can be asked of the records of collections, or what they can be sorted by."""
    asked_of()
    here, names, held = site(), collection_names(), whole(catalogue_of_caller(), COLLECTIONS)
    described = own_queryables if kind == "queryables" else own_sortables
    address = f"{records_catalog(here, COLLECTIONS)}/{kind}"
    document = described({}, names, address=address, title=held.collection.title, always=tuple(names.rows))
    links = own_links(address, {}, SCHEMA, toolkit._("This document"))
    above = sheets.above(here, held)
    return answer(document, lambda: names_sheet(document, above, kind), SCHEMA, links=links)
