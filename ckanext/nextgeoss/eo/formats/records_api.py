"""Documents of our OGC API Records besides records (OGC 20-004r1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..cql2_classes import CQL2_CONFORMANCE
from ..crs import CRS84, SYSTEMS
from ..held import Held
from .ogc_api import OgcApi, extent
from .record_write import (
    CATALOG_REL,
    COLLECTIONS,
    PRODUCTS,
    PROFILE,
    license_links,
    license_name,
    records_catalog,
)
from .site import Site, quoted
from .stac_collection_write import QUERYABLES, SCHEMA, SORTABLES
from .stac_write import ATOM, GEOJSON, HTML, JSON, Link, link

CATALOG = "application/ogc-catalog+json"
CATALOG_PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-catalog"
_OGC = "http://www.opengis.net/spec"
_RECORDS = (
    "record-core",
    "record-collection",
    "record-core-query-parameters",
    "query-param-profile",
    "records-api",
    "sorting",
    "filtering",
    "searchable-catalog",
    "searchable-catalog-sorting",
    "searchable-catalog-filtering",
    "local-resources-catalog",
    "local-resources-catalog-query-parameters",
    "autodiscovery",
    "json",
    "html",
    "oas30",
)
CONFORMANCE = (
    *(f"{_OGC}/ogcapi-features-1/1.0/conf/{name}" for name in ("core", "oas30", "html", "geojson")),
    f"{_OGC}/ogcapi-features-2/1.0/conf/crs",
    *(
        f"{_OGC}/ogcapi-features-3/1.0/conf/{name}"
        for name in ("filter", "features-filter", "queryables", "queryables-query-parameters")
    ),
    *(f"{_OGC}/ogcapi-records-1/1.0/conf/{name}" for name in _RECORDS),
    *CQL2_CONFORMANCE,
)
API = OgcApi(
    root="/records",
    name="OGC API Records",
    conformance=CONFORMANCE,
    collections="Catalogues of records",
    of_catalogs=True,
)


def searchable(site: Site) -> tuple[Link, ...]:
    """What can be searched here (RC-18), as the landing page tells it, and each page of the site for the
    first two (RC-17)."""
    return (
        link(CATALOG_REL, f"{records_catalog(site, PRODUCTS)}/items", GEOJSON, "Records of all products"),
        link(
            CATALOG_REL, f"{records_catalog(site, COLLECTIONS)}/items", GEOJSON, "Records of all collections"
        ),
        link(CATALOG_REL, f"{site.base}/records/collections", JSON, "Catalogues of records"),
    )


def page_profile() -> Link:
    """The profile of all that is answered with records (RC-16)."""
    return link("profile", PROFILE, HTML, "OGC record")


def catalogs(documents: Sequence[dict[str, Any]], links: Sequence[Link], total: int) -> dict[str, Any]:
    """The list of catalogues, which is a catalogue of local resources itself."""
    return {
        "crs": list(SYSTEMS),
        "recordsArrayName": "collections",
        "numberMatched": total,
        "numberReturned": len(documents),
        "collections": list(documents),
        "links": list(links),
    }


def catalog(held: Held, site: Site, own: tuple[Link, ...] = ()) -> dict[str, Any]:
    """The catalogue of the records of a collection, or of what has the identifier COLLECTIONS or PRODUCTS;
    `own` are its links to itself where it is not one of a list."""
    about, name = held.collection, held.collection.id
    title, address = about.title or name, records_catalog(site, name)
    forms = (
        link("self", address, CATALOG, title),
        link("alternate", f"{address}?f=html", HTML, title),
    )
    said = {
        "description": about.description,
        "keywords": list(about.keywords),
        "license": license_name(about.license),
    }
    return {
        "id": name,
        "type": "Collection",
        "itemType": "record",
        "title": title,
        **{member: value for member, value in said.items() if value},
        "extent": extent(held.holdings),
        "crs": list(SYSTEMS),
        "storageCrs": CRS84,
        "defaultSortOrder": [_first(name)],
        "links": [
            *(own or forms),
            link("items", f"{address}/items", GEOJSON, "Records"),
            link("items", f"{address}/items?f=html", HTML, "Records"),
            link("profile", CATALOG_PROFILE, HTML, "OGC catalogue"),
            link(QUERYABLES, f"{address}/queryables", SCHEMA, "What can be asked of its records"),
            link(SORTABLES, f"{address}/sortables", SCHEMA, "What its records can be sorted by"),
            *_elsewhere(held, site),
        ],
    }


def _first(name: str) -> dict[str, str]:
    """What records are sorted by unless something else is asked (RC-14)."""
    if name == COLLECTIONS:
        return {"field": "id", "direction": "asc"}
    return {"field": "start", "direction": "desc"}


def _elsewhere(held: Held, site: Site) -> list[Link]:
    """Where else the same is told."""
    name = held.collection.id
    if name == PRODUCTS:
        return [link("related", f"{site.base}/stac/search", GEOJSON, "STAC items")]
    if name == COLLECTIONS:
        return [link("related", f"{site.base}/stac/collections", JSON, "STAC collections")]
    own = f"{records_catalog(site, COLLECTIONS)}/items/{quoted(name)}"
    found = [
        link("describedby", own, GEOJSON, "Record of the collection"),
        link("related", site.stac_collection(name), JSON, "STAC collection"),
        link("related", site.series(name), ATOM, "OpenSearch"),
    ]
    if held.entry:
        found.append(link("related", site.collection(name), HTML, "Page of the collection"))
    return [*found, *license_links(held.collection.license)]
