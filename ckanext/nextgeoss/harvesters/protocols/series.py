"""Entries of a collection search: what they say of a collection, and where its own description is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...eo.collection import Collection
from ...eo.errors import BadAnswer, BadRecord
from ...eo.formats.atom import ATOM
from ...eo.formats.eo_geojson import EO_GEOJSON
from ...eo.formats.feature import features_of
from ...eo.formats.feed import Feed
from ...eo.formats.loose_json import array, mapping, text, whole_number
from ...eo.xml import Element, attributes_of, children, local_name, text_at
from ...http import Request, Response
from .document import document_of
from .feeds import linked, what_it_is

_DESCRIBED = "opensearchdescription"
_ANY = "?"


@dataclass(frozen=True, slots=True)
class Series:
    """A collection as found, and the address of the document that says how its products are searched; empty
    when the entry does not lead there."""

    collection: Collection
    description: str = ""


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """A page of collections, and the request for the next one."""

    found: tuple[Series, ...]
    next: Request | None = None
    total: int | None = None


def read_series(response: Response, asked: Request) -> SeriesPage:
    """The collections of an answer in Atom or GeoJSON; BadAnswer for anything else."""
    document, _ = document_of(response)
    if ATOM.recognises(document):
        return _atom(document, asked)
    about = mapping(document)
    if about.get("type") in ("Feature", "FeatureCollection"):
        return _geojson(about, response.url, asked)
    raise BadAnswer(what_it_is(document), response.url)


def _atom(document: Element, asked: Request) -> SeriesPage:
    entries = [document] if local_name(document) == "entry" else list(children(document, "entry"))
    found = tuple(series for entry in entries if (series := _of_entry(entry)))
    following = (
        about for about in map(attributes_of, children(document, "link")) if about.get("rel") == "next"
    )
    feed = Feed((), next=next((about.get("href", "") for about in following), ""))
    return SeriesPage(found, linked(feed, asked), whole_number(text_at(document, "totalResults")))


def _of_entry(entry: Element) -> Series | None:
    links = map(attributes_of, children(entry, "link"))
    addresses = (
        link.get("href", "")
        for link in links
        if link.get("rel") == "search" and _DESCRIBED in link.get("type", "").lower()
    )
    summary = text_at(entry, "summary") or text_at(entry, "content")
    return _series(ATOM, entry, next(addresses, ""), summary)


def _geojson(about: Mapping[str, Any], source: str, asked: Request) -> SeriesPage:
    features = features_of(about, source)
    found = tuple(series for feature in features if (series := _of_feature(mapping(feature))))
    feed = Feed((), next=_next(about))
    return SeriesPage(found, linked(feed, asked), whole_number(about.get("totalResults")))


def _next(about: Mapping[str, Any]) -> str:
    places = (about.get("links"), mapping(about.get("properties")).get("links"))
    for place in places:
        links = array(place) or [
            {"rel": rel} | mapping(link) for rel, each in mapping(place).items() for link in array(each)
        ]
        for link in map(mapping, links):
            if link.get("rel") == "next":
                return text(link.get("href"))
    return ""


def _of_feature(feature: dict[str, Any]) -> Series | None:
    properties = mapping(feature.get("properties"))
    address = next((text(link.get("href")) for link in _search_links(properties)), "")
    summary = text(properties.get("abstract")) or text(properties.get("description"))
    return _series(EO_GEOJSON, feature, address, summary)


def _search_links(properties: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    links = properties.get("links")
    listed = array(mapping(links).get("search"))
    listed += [link for link in array(links) if mapping(link).get("rel") == "search"]
    for link in map(mapping, listed):
        if _DESCRIBED in (text(link.get("type")) or text(link.get("mediaType"))).lower():
            yield link


def _series(known: Any, entry: Any, address: str, summary: str) -> Series | None:
    """What a format reads of an entry as of a product, as a collection."""
    try:
        product = known.product(entry, collection=_ANY)
    except BadRecord:
        return None
    about = Collection(
        id=product.id,
        title=product.title,
        description=summary if not summary.lstrip().startswith("<") else "",
        footprint=product.footprint,
        time=product.time,
    )
    return Series(about, address)
