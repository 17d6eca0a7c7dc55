"""The description documents: of searches for collections, for products, and for those of one collection."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from ckan.plugins import toolkit

from ...eo.formats.opensearch_description import Description, Template, write
from ...eo.formats.site import Site
from ...eo.held import Held, Holdings
from ...eo.query import Query
from ...eo.temporal import format_time
from ...search import titles
from ...search.catalogue import Catalogue
from ...search.collections import find_collection, search_collections
from ...search.domains import Domain
from ...search.opensearch_offers import Titles, offers
from ...search.opensearch_parameters import COLLECTIONS, PRODUCTS
from ...search.terms import TERMS
from ..addresses import site
from ..api import NotThere
from ..caller import catalogue_of_caller
from ..words import readable
from .answers import TYPES

# CEOS-BP-004: which best practice is kept, and how far
_TAGS = ("CEOS-OS-BP-V1.1/L2", "EarthObservation", "NextGEOSS", "CKAN")
_TAG = re.compile(r"[\w.-]{2,40}")
_NOTHING = Domain(count=0)
_WORD = re.compile(r"[^\W\d_]{4,}")
Example = Mapping[str, str]


def description(osdd: str) -> bytes:
    """The document called `collection`, `dataset`, or by the id or an alias of a collection; NotThere when
    the caller may see none."""
    catalogue, ours = catalogue_of_caller(), site()
    if osdd == "collection":
        return write(_of_collections(catalogue, ours))
    if osdd == "dataset":
        return write(_of_products(catalogue, ours))
    held = find_collection(catalogue, osdd)
    if held is None:
        raise NotThere("collection", osdd)
    return write(_of_collection(catalogue, ours, held))


def _of_collections(catalogue: Catalogue, ours: Site) -> Description:
    return replace(
        _common(catalogue, ours, COLLECTIONS),
        address=ours.description("collection"),
        relation="collection",
        templates=tuple(Template(kind, ours.series("", suffix)) for suffix, kind in TYPES.items()),
        examples=tuple(_examples_of_collections(catalogue)),
    )


def _of_products(catalogue: Catalogue, ours: Site) -> Description:
    most = max(catalogue.holdings().items(), key=lambda item: (item[1].count, item[0]), default=None)
    examples = [{"eo:parentIdentifier": most[0], **each} for each in _examples(most[1])] if most else []
    return replace(
        _common(catalogue, ours, PRODUCTS),
        address=ours.description("dataset"),
        templates=tuple(
            Template(kind, f"{ours.base}/opensearch/search.{suffix}") for suffix, kind in TYPES.items()
        ),
        examples=tuple(examples),
    )


def _of_collection(catalogue: Catalogue, ours: Site, held: Held) -> Description:
    collection = held.collection
    title = collection.title or collection.id
    return replace(
        _common(catalogue, ours, PRODUCTS, collection.id),
        short_name=collection.id,
        long_name=title,
        description=collection.description or title,
        address=ours.description(collection.id),
        templates=tuple(
            Template(kind, ours.products(collection.id, suffix)) for suffix, kind in TYPES.items()
        ),
        tags=(*_TAGS, *(tag for tag in (collection.id, *collection.keywords[:10]) if _TAG.fullmatch(tag))),
        attribution=held.entry.provider_title if held.entry else ", ".join(collection.providers),
        examples=tuple(_examples(held.holdings)) if held.holdings.count else (),
    )


def _common(catalogue: Catalogue, ours: Site, level: str, collection: str = "") -> Description:
    about = toolkit.config["ckan.site_description"] or ours.title
    return Description(
        short_name=ours.title,
        long_name=ours.title,
        description=about,
        address="",
        relation="results",
        templates=(),
        parameters=offers(
            catalogue.properties, catalogue.domains(collection), level, collection, _titles(catalogue)
        ),
        tags=_TAGS,
        image=_icon(ours),
    )


def _titles(catalogue: Catalogue) -> Titles:
    collections = titles.collections()
    groups = titles.group_titles(
        value
        for name in ("provider", "topic")
        for value, _ in (catalogue.domains().get(name) or _NOTHING).values
    )

    def title(name: str, value: str) -> str:
        if name == "collection":
            return collections[value].title if value in collections else ""
        if name in TERMS:
            return groups.get(value, "")
        return readable(catalogue.properties[name], value)

    return title


def _icon(ours: Site) -> str:
    icon = toolkit.config["ckan.favicon"] or ""
    if not icon.endswith(".ico"):
        return ""
    return icon if "://" in icon else f"{ours.base}/{icon.lstrip('/')}"


def _examples(holdings: Holdings) -> Iterator[Example]:
    """Queries that find something of what is held: the time and the area of all."""
    ends = {"time:start": holdings.time.start, "time:end": holdings.time.end}
    if time := {name: _whole(end, name) for name, end in ends.items() if end}:
        yield time
    if holdings.bbox:
        west, south, east, north = holdings.bbox
        sides = (math.floor(west), math.floor(south), math.ceil(east), math.ceil(north))
        yield {"geo:box": ",".join(map(str, sides))}
    if not time and not holdings.bbox:
        yield {"count": "1"}


def _whole(end: datetime, name: str) -> str:
    """A time to the second, outwards."""
    up = name == "time:end" and end.microsecond
    return format_time(end.replace(microsecond=0)) if not up else format_time(end)


def _examples_of_collections(catalogue: Catalogue) -> Iterator[Example]:
    found = search_collections(catalogue, Query(limit=20)).collections
    if not found:
        return
    yield {"geo:uid": max(found, key=lambda held: held.holdings.count).collection.id}
    for held in found:
        for word in _WORD.findall(held.collection.title if held.entry else "")[:1]:
            if search_collections(catalogue, Query(words=word, limit=1)).total:
                yield {"searchTerms": word}
                return
