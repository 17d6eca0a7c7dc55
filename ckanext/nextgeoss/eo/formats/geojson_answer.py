"""What GeoJSON answers of OpenSearch say besides their features (OGC 17-047r1)."""

from __future__ import annotations

from typing import Any

from ..temporal import format_time
from .opensearch_feed import Facet, Feed
from .site import Site

GEOJSON = "application/geo+json"
CONTEXT = "http://schemas.opengis.net/os-geojson/1.0/os-geojson.jsonld"
CORE = "http://www.opengis.net/spec/os-geojson/1.0/req/core"
_PROFILES = (CORE, "http://www.opengis.net/spec/owc-geojson/1.0/req/core")


def answer(feed: Feed, site: Site, features: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer that has these features."""
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "FeatureCollection",
        "id": feed.address,
        "totalResults": feed.total,
        "startIndex": feed.start_index,
        "itemsPerPage": feed.items_per_page,
        "queries": {"request": [dict(feed.echo)]},
        "properties": {
            "title": feed.title,
            "creator": site.title,
            "updated": format_time(feed.updated),
            "lang": "en",
            "rights": "The terms of the provider apply to each product; see its licence.",
            "links": _links(feed),
        },
        "features": features,
    }
    if feed.facets:
        found["facets"] = [_facet(facet) for facet in feed.facets]
    return found


def link(href: str, media_type: str = "", title: str = "") -> dict[str, Any]:
    """A link, without the members that say nothing."""
    told = {"href": href}
    if media_type:
        told["type"] = media_type
    if title:
        told["title"] = title
    return told


def _links(feed: Feed) -> dict[str, list[dict[str, Any]]]:
    """Links by relation, which some clients look for by names in the plural."""
    links = {
        "profiles": [{"href": profile} for profile in _PROFILES],
        "self": [link(feed.address, GEOJSON)],
    }
    for each in feed.links:
        name = "alternates" if each.rel == "alternate" else each.rel
        links.setdefault(name, []).append(link(each.href, each.type, each.title))
    return links


def _facet(facet: Facet) -> dict[str, Any]:
    terms = [{"value": term.value, "count": term.count, "href": term.address} for term in facet.terms]
    return {"name": facet.name, "title": facet.title, "terms": terms}
