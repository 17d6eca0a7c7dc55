"""EO collections as GeoJSON (OGC 17-084r1) in search answers of OGC 17-047r1: writes."""

from __future__ import annotations

from typing import Any

from ..footprint import Footprint
from ..held import CollectionPage, Held
from ..temporal import TemporalExtent, format_time
from .eo_geojson_write import feedback_members, reply_links
from .geojson_answer import GEOJSON, answer, link
from .opensearch_feed import Feed
from .series_facts import (
    DOI,
    series_box,
    series_changed,
    series_publisher,
    series_summary,
    series_time,
    series_title,
    series_words,
)
from .site import OSDD_TYPE, Site

_KIND = "http://purl.org/dc/dcmitype/Collection"
_PROFILES = (
    "http://www.opengis.net/spec/owc-geojson/1.0/req/core",
    "http://www.opengis.net/spec/eoc-geojson/1.0/req/core",
)
_WORLD = (-180.0, -90.0, 180.0, 90.0)


def write_answer(page: CollectionPage, feed: Feed, site: Site) -> dict[str, Any]:
    """The answer of our catalogue that a page of collections is."""
    return answer(feed, site, [write_collection(held, site) for held in page.collections])


def write_collection(held: Held, site: Site) -> dict[str, Any]:
    """The feature of a collection. Its id is its identifier, with which clients go on to ask for products; of
    unknown extent it is of the world, as clients fail without one."""
    box = series_box(held) or _WORLD
    return {
        "type": "Feature",
        "id": held.collection.id,
        "bbox": list(box),
        "geometry": Footprint.from_bbox(*box).geojson,
        "properties": _properties(held, site),
    }


def _properties(held: Held, site: Site) -> dict[str, Any]:
    collection, time = held.collection, series_time(held)
    updated = format_time(series_changed(held))
    created = held.entry.created if held.entry else None
    record = {"type": "CatalogRecord", "updated": updated, "lang": "en"}
    if created:
        record["published"] = format_time(created)
    said = {
        "kind": _KIND,
        "identifier": collection.id,
        "title": series_title(held),
        "abstract": collection.description or series_summary(held),
        "date": _date(time),
        "updated": updated,
        "isPrimaryTopicOf": record,
        "doi": collection.doi,
        "bibliographicCitation": collection.citation,
        "publisher": series_publisher(held),
        "categories": [{"term": word, "label": word} for word in series_words(held)],
        "keyword": list(collection.keywords),
        "license": [{"type": "LicenseDocument", "label": collection.license}] if collection.license else [],
        "acquisitionInformation": _acquisitions(held, time),
        "totalResults": held.matched,
        "links": _links(held, site),
    }
    if held.entry:
        said |= feedback_members(held.entry)
    return {name: value for name, value in said.items() if value not in ("", [])}


def _date(time: TemporalExtent) -> str:
    """From when to when, an open end is empty; nothing where nothing is known."""
    start, end = (format_time(each) if each else "" for each in (time.start, time.end))
    return f"{start}/{end}" if start or end else ""


def _acquisitions(held: Held, time: TemporalExtent) -> list[dict[str, Any]]:
    """Each platform with the instruments, of which nobody tells which are on board of which."""
    ends = {"beginningDateTime": time.start, "endingDateTime": time.end}
    period = {name: format_time(end) for name, end in ends.items() if end}
    platforms = [{"platform": {"platformShortName": name}} for name in held.collection.platforms]
    instruments = [{"instrument": {"instrumentShortName": name}} for name in held.collection.instruments]
    if len(platforms) == len(instruments) == 1:
        platforms, instruments = [platforms[0] | instruments[0]], []
    found: list[dict[str, Any]] = [*platforms, *instruments]
    if found and period:
        found[0]["acquisitionParameters"] = period
    return found


def _links(held: Held, site: Site) -> dict[str, list[dict[str, Any]]]:
    collection = held.collection
    page = link(site.collection(collection.id), "text/html", "Page of the collection")
    described = [page]
    if collection.doi:
        described.append(link(DOI + collection.doi, "text/html", "DOI"))
    links = {
        "profiles": [{"href": profile} for profile in _PROFILES],
        "search": [link(site.description(collection.id), OSDD_TYPE, "Search the products")],
        "alternates": [
            page,
            link(site.series(collection.id), "application/atom+xml", "Atom"),
            link(site.stac_collection(collection.id), "application/json", "STAC"),
        ],
        "describedby": described,
        "items": [link(site.products(collection.id, "json"), GEOJSON, "Products")],
        "up": [link(site.series(suffix="json"), GEOJSON, "All collections")],
    }
    if held.entry and held.entry.feedback.get("items"):
        links["replies"] = reply_links(held.entry, site, page["href"])
    if collection.thumbnail:
        links["previews"] = [link(collection.thumbnail, "", "Picture")]
    return links
