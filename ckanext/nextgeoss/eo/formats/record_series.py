"""Collections as records of OGC API Records (OGC 20-004r1, clause 8), each a series of data sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..held import Held
from ..temporal import format_time
from .product_json import feedback_properties
from .record_write import (
    CATALOG_REL,
    COLLECTIONS,
    DOI,
    contact,
    feature,
    license_links,
    license_name,
    own_links,
    records_catalog,
)
from .site import OSDD_TYPE, Site
from .stac_feedback import feedback_links
from .stac_write import GEOJSON, HTML, JSON, Link, link

# what a collection is, in the codes of ISO 19115
SERIES = "series"


def write_series(held: Held, values: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """The record of a collection; `values` are those that can be asked for (search/collection_terms.py), with
    its `geometry` and its interval as `span`."""
    about, place = held.collection, values["geometry"]
    title = about.title or about.id
    box = list(place.bbox) if place else None
    record = feature(about.id, place.geojson if place else None, box, values["span"])
    said = {
        "created": format_time(values["created"]) if values["created"] else None,
        "updated": format_time(values["updated"]) if values["updated"] else None,
        "type": SERIES,
        "title": title,
        "description": about.description,
        "keywords": list(about.keywords),
        "externalIds": list(external(held)),
        "contacts": [contact(name) for name in values["providers"]],
        "license": license_name(about.license),
        "citation": about.citation,
        "platform": list(values["platform"]),
        "instruments": list(values["instruments"]),
        "products": held.holdings.count,
    }
    known = {name: value for name, value in said.items() if value or name == "products"}
    record["properties"] = feedback_properties(held.entry) | known
    links = own_links(about.id, title, site, COLLECTIONS, "All collections")
    return record | {"links": [*links, *_links(held, site)]}


def external(held: Held) -> Iterator[dict[str, str]]:
    """The identifiers that others gave to a collection: its DOI, and the names it has elsewhere."""
    if held.collection.doi:
        yield {"scheme": DOI, "value": held.collection.doi}
    for alias in held.collection.aliases:
        yield {"value": alias}


def _links(held: Held, site: Site) -> Iterator[Link]:
    about = held.collection
    if held.holdings.count:
        catalog = records_catalog(site, about.id)
        yield link(CATALOG_REL, catalog, "application/ogc-catalog+json", "Catalogue of its products")
        yield link("items", f"{catalog}/items", GEOJSON, "Records of its products")
    yield link("alternate", site.stac_collection(about.id), JSON, "STAC collection")
    yield link("search", site.description(about.id), OSDD_TYPE, "OpenSearch description of its products")
    if held.entry:
        yield link("alternate", site.collection(about.id), HTML, "Page of the collection")
        yield from feedback_links(held.entry, site)
    yield from license_links(about.license)
