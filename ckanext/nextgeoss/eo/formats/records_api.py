"""Documents of our OGC API Records besides records (OGC 20-004r1)."""

from __future__ import annotations

from typing import Any

from ..crs import CRS84
from ..held import Held
from .features_api import extent
from .openapi import OPENAPI
from .record_write import license_links, license_of, records_catalog
from .site import Site
from .stac_collection_write import SCHEMA, SORTABLES
from .stac_write import GEOJSON, HTML, JSON, Link, link

CATALOG = "application/ogc-catalog+json"
CATALOG_PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-catalog"
_OGC = "http://www.opengis.net/spec"
_RECORDS = (
    "record-core",
    "record-collection",
    "record-core-query-parameters",
    "records-api",
    "searchable-catalog",
    "sorting",
    "searchable-catalog-sorting",
    "json",
    "oas30",
)
CONFORMANCE = (
    *(f"{_OGC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "geojson")),
    *(f"{_OGC}/ogcapi-records-1/1.0/conf/{name}" for name in _RECORDS),
)


def landing(site: Site, own: tuple[Link, ...], description: str = "") -> dict[str, Any]:
    """The landing page."""
    root = f"{site.base}/records"
    return {
        "title": f"{site.title}: OGC API Records",
        "description": description or site.title,
        "links": [
            *own,
            link("service-desc", f"{root}/api", OPENAPI, "Description of this API"),
            link("service-doc", f"{root}/api.html", HTML, "Description of this API for people"),
            link("conformance", f"{root}/conformance", JSON, "What this API conforms to"),
            link("data", f"{root}/collections", JSON, "Catalogues of records"),
        ],
    }


def catalog(held: Held, site: Site, own: tuple[Link, ...] = ()) -> dict[str, Any]:
    """The catalogue of the records of a collection; `own` are its links to itself where it is not one of a
    list."""
    about, name = held.collection, held.collection.id
    title, address = about.title or name, records_catalog(site, name)
    forms = (
        link("self", address, CATALOG, title),
        link("alternate", f"{address}?f=html", HTML, title),
    )
    said = {
        "description": about.description,
        "keywords": list(about.keywords),
        "license": license_of(about),
    }
    return {
        "id": name,
        "type": "Collection",
        "itemType": "record",
        "title": title,
        **{member: value for member, value in said.items() if value},
        "extent": extent(held),
        "crs": [CRS84],
        "links": [
            *(own or forms),
            link("items", f"{address}/items", GEOJSON, "Records"),
            link("items", f"{address}/items?f=html", HTML, "Records"),
            link("profile", CATALOG_PROFILE, HTML, "OGC catalogue"),
            link(SORTABLES, f"{address}/sortables", SCHEMA, "What its records can be sorted by"),
            link("related", site.stac_collection(name), JSON, "STAC collection"),
            *license_links(about),
        ],
    }
