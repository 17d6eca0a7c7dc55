"""Documents of our STAC API (1.0.0) besides items and collections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..cql2_classes import CQL2_CONFORMANCE
from ..held import Held
from .openapi import OPENAPI
from .site import Site
from .stac_aggregation import aggregation_links
from .stac_collection_write import QUERYABLES, SCHEMA, SORTABLES
from .stac_names import VERSION
from .stac_write import GEOJSON, HTML, JSON, Link, link

_STAC = "https://api.stacspec.org"
_OGC = "http://www.opengis.net/spec"

# pystac-client knows those of version 1.0 only, whatever the version of an extension
CONFORMANCE = (
    f"{_STAC}/v1.0.0/core",
    f"{_STAC}/v1.0.0/collections",
    f"{_STAC}/v1.0.0/ogcapi-features",
    f"{_STAC}/v1.0.0/item-search",
    *(
        f"{_STAC}/v1.0.0/{scope}#{extension}"
        for scope in ("item-search", "ogcapi-features")
        for extension in ("fields", "sort", "query", "filter")
    ),
    f"{_STAC}/v1.1.0/item-search#sort",
    f"{_STAC}/v1.1.0/ogcapi-features#sort",
    *(
        f"{_STAC}/v1.0.0-rc.1/{scope}#{extension}"
        for scope in ("item-search", "ogcapi-features", "collection-search")
        for extension in ("free-text", "advanced-free-text")
    ),
    f"{_STAC}/v1.0.0/collection-search",
    f"{_STAC}/v1.0.0-rc.1/collection-search",
    *(
        f"{_STAC}/{version}/collection-search#{extension}"
        for version in ("v1.0.0", "v1.0.0-rc.1")
        for extension in ("filter", "query", "sort", "fields")
    ),
    f"{_STAC}/v1.1.0/collection-search#sort",
    *(f"{_STAC}/v0.3.0/aggregation{part}" for part in ("", "#query", "#filter")),
    f"{_STAC}/v1.0.0/ogcapi-features/extensions/transaction",
    f"{_STAC}/v1.0.0/collections/extensions/transaction",
    f"{_STAC}/v1.0.0-rc.2/browseable",
    f"{_STAC}/v1.0.0-rc.2/children",
    f"{_OGC}/ogcapi-common-2/1.0/conf/simple-query",
    f"{_OGC}/ogcapi-features-1/1.0/conf/core",
    f"{_OGC}/ogcapi-features-1/1.0/conf/geojson",
    f"{_OGC}/ogcapi-features-1/1.0/conf/oas30",
    *(f"{_OGC}/ogcapi-features-3/1.0/conf/{name}" for name in ("queryables", "filter", "features-filter")),
    *CQL2_CONFORMANCE,
)


def landing(site: Site, held: Iterable[Held], description: str = "") -> dict[str, Any]:
    """The landing page, with a link to each collection."""
    root = f"{site.base}/stac"
    links: list[Link] = [
        link("self", root, JSON, site.title),
        link("root", root, JSON, site.title),
        link("service-desc", f"{root}/api", OPENAPI, "Description of this API"),
        link("service-doc", f"{root}/api.html", HTML, "Description of this API"),
        link("conformance", f"{root}/conformance", JSON, "What this API conforms to"),
        link("data", f"{root}/collections", JSON, "Collections"),
        link("children", f"{root}/children", JSON, "Collections"),
        link("search", f"{root}/search", GEOJSON, "Search") | {"method": "GET"},
        link("search", f"{root}/search", GEOJSON, "Search") | {"method": "POST"},
        link(QUERYABLES, f"{root}/queryables", SCHEMA, "What can be asked of items"),
        link(SORTABLES, f"{root}/sortables", SCHEMA, "What items can be sorted by"),
        *aggregation_links(root),
        link("alternate", site.base, HTML, site.title),
    ]
    links += [
        link(
            "child",
            site.stac_collection(each.collection.id),
            JSON,
            each.collection.title or each.collection.id,
        )
        for each in held
    ]
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "nextgeoss",
        "title": site.title,
        "description": description or site.title,
        "conformsTo": list(CONFORMANCE),
        "links": links,
    }


def shelf(
    site: Site,
    collection: str,
    period: str,
    *,
    parts: Iterable[str],
    items: Iterable[str],
    own: str = "",
    next_own: str = "",
) -> dict[str, Any]:
    """A shelf of a collection as a catalogue: `parts` are periods, `items` identifiers; `own` and `next_own`
    are cursors of shelves that go on."""
    address = site.stac_shelf(collection, period, own)
    parent = period.rpartition("-")[0]
    above = site.stac_shelf(collection, parent) if period else site.stac_collection(collection)
    title = f"{collection}, {period}" if period else collection
    links: list[Link] = [
        link("self", address, JSON, title),
        link("root", f"{site.base}/stac", JSON, site.title),
        link("parent", above, JSON, parent or collection),
        *(link("child", site.stac_shelf(collection, part), JSON, part) for part in parts),
        *(link("item", site.stac_item(collection, name), GEOJSON, name) for name in items),
    ]
    if next_own:
        links.append(link("child", site.stac_shelf(collection, period, next_own), JSON, "More"))
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": f"{collection}/{period or 'all'}" + (f"/{own}" if own else ""),
        "title": title,
        "description": f"Products of {title}",
        "links": links,
    }


def page_links(site: Site, address: str, next_link: Link | None, *, collection: str = "") -> list[Link]:
    """The links of an answer with items: of one collection, or of a search."""
    root = f"{site.base}/stac"
    links: list[Link] = [
        {"rel": "self", "href": address, "type": GEOJSON},
        {"rel": "root", "href": root, "type": JSON},
    ]
    if collection:
        own = site.stac_collection(collection)
        links += [
            {"rel": "parent", "href": own, "type": JSON},
            {"rel": "collection", "href": own, "type": JSON},
        ]
    return [*links, next_link] if next_link else links


def next_by_get(address: str) -> Link:
    """The link to the page after, asked by its address."""
    return {"rel": "next", "href": address, "type": GEOJSON, "method": "GET"}


def next_by_post(address: str, body: dict[str, Any]) -> Link:
    """The link to the page after, asked by the whole of this body."""
    return {"rel": "next", "href": address, "type": GEOJSON, "method": "POST", "body": body, "merge": False}


def list_of_collections(
    site: Site, documents: list[dict[str, Any]], total: int, address: str, next_address: str
) -> dict[str, Any]:
    """A page of collections."""
    links: list[Link] = [
        {"rel": "self", "href": address, "type": JSON},
        {"rel": "root", "href": f"{site.base}/stac", "type": JSON},
        link(
            QUERYABLES, f"{site.base}/stac/collection-queryables", SCHEMA, "What can be asked of collections"
        ),
        link(SORTABLES, f"{site.base}/stac/collection-sortables", SCHEMA, "What collections are sorted by"),
    ]
    if next_address:
        links.append({"rel": "next", "href": next_address, "type": JSON})
    return {
        "collections": documents,
        "links": links,
        "numberMatched": total,
        "numberReturned": len(documents),
    }


def children(site: Site, documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The children of the landing page, whole."""
    root = f"{site.base}/stac"
    links: list[Link] = [
        {"rel": "self", "href": f"{root}/children", "type": JSON},
        {"rel": "root", "href": root, "type": JSON},
    ]
    return {"children": documents, "links": links}
