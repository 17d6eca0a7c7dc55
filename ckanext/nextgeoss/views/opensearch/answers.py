"""What is found, in the format asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from flask import request as http

from ...eo.collection import load_registry
from ...eo.formats.opensearch_description import Parameter
from ...eo.formats.opensearch_feed import Facet, FacetTerm, Feed, FeedLink
from ...eo.formats.site import OSDD_TYPE, Site
from ...eo.held import CollectionPage
from ...eo.page import Entry, Page
from ...search.catalogue import Catalogue
from ...search.collections import search_collections
from ...search.opensearch_offers import offers
from ...search.opensearch_parameters import COLLECTIONS, MOST, PRODUCTS, parameter_table
from ...search.opensearch_query import DEFAULT_COUNT, Asked, opensearch_query
from ...search.terms import term
from ..addresses import site
from ..api import NotThere
from ..caller import catalogue_of_caller
from .paging import Request, page_links

# media types of answers, by the end of their addresses
TYPES = {
    "atom": "application/atom+xml",
    "json": "application/geo+json",
    "rss": "application/rss+xml",
    "html": "text/html",
}
PATHS = {PRODUCTS: "search", COLLECTIONS: "collection_search"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and what is said of it; `page` is of products or of collections."""

    page: Page | CollectionPage
    feed: Feed
    site: Site


def offered(level: str) -> tuple[Parameter, ...]:
    """The parameters of searches for products or collections, as they are now."""
    catalogue = catalogue_of_caller()
    return offers(catalogue.properties, catalogue.domains(), level, "", lambda name, value: value)


def find(level: str, suffix: str, fixed: Mapping[str, str] | None = None) -> Answer:
    """What the request finds of products or collections; `fixed` are parameters that its address says.

    NotThere when it asks for one identifier that nothing has."""
    catalogue, ours = catalogue_of_caller(), site()
    given = [pair for pair in http.args.items(multi=True) if pair[1].strip()]
    pairs = tuple({**dict.fromkeys(given), **dict.fromkeys((fixed or {}).items())})
    params = {name: [value for each, value in pairs if each == name] for name, _ in pairs}
    asked = opensearch_query(
        params,
        catalogue.properties,
        is_collection=lambda name: _is_collection(catalogue, name),
        count=DEFAULT_COUNT if level == PRODUCTS else MOST,
    )
    page = _found(catalogue, asked, level)
    request = Request(f"{ours.base}{http.path}", pairs, _meant(catalogue))
    return Answer(page, _feed(asked, page, request, level, suffix, catalogue), ours)


def _found(catalogue: Catalogue, asked: Asked, level: str) -> Page | CollectionPage:
    query = asked.query
    if level == PRODUCTS:
        page = Page((), 0) if asked.nowhere else catalogue.search(query)
    else:
        page = CollectionPage((), 0) if asked.nowhere else search_collections(catalogue, query)
    if not page.total and set(asked.echo) <= {"geo:uid", "eo:parentIdentifier", "count"} and query.ids:
        raise NotThere("product" if level == PRODUCTS else "collection", ", ".join(query.ids))
    return page


def _is_collection(catalogue: Catalogue, name: str) -> bool:
    """Whether a name is of a collection of the registry, or of one with products the caller may see."""
    return load_registry().canonical(name) is not None or name in catalogue.holdings()


def _meant(catalogue: Catalogue) -> Any:
    table = parameter_table(catalogue.properties)

    def meant(name: str, value: str) -> str:
        found = table.find(name)
        if name == "start" and value.strip().isdecimal():
            return "startIndex"
        return found.name if found else ""

    return meant


def _feed(
    asked: Asked, page: Page | CollectionPage, request: Request, level: str, suffix: str, catalogue: Catalogue
) -> Feed:
    query, total = asked.query, page.total or 0
    shown = len(page.products if isinstance(page, Page) else page.collections)
    links = page_links(
        request,
        total=total,
        offset=query.offset,
        limit=query.limit,
        cursor=page.next if isinstance(page, Page) else "",
        media_type=TYPES[suffix],
    )
    return Feed(
        title=f"{site().title}: {level}",
        address=request.address,
        updated=_updated(page),
        total=total,
        start_index=query.offset + 1,
        items_per_page=shown,
        links=(*links, *_other_links(asked, request, level, suffix)),
        echo=asked.echo,
        facets=tuple(_facets(asked, page, request, catalogue)) if isinstance(page, Page) else (),
    )


def _other_links(asked: Asked, request: Request, level: str, suffix: str) -> Iterator[FeedLink]:
    """The description document, the step before, and the same in other formats."""
    ours, collections = site(), asked.query.collections
    described = (
        "collection" if level == COLLECTIONS else collections[0] if len(collections) == 1 else "dataset"
    )
    yield FeedLink("search", ours.description(described), OSDD_TYPE, "How to search here")
    if level == PRODUCTS:
        yield FeedLink("up", ours.series("", suffix), TYPES[suffix], "Collections")
    for other, media_type in TYPES.items():
        if other != suffix:
            path = f"{ours.base}/opensearch/{PATHS[level]}.{other}"
            yield FeedLink("alternate", request.under(path).address, media_type)


def _updated(page: Page | CollectionPage) -> datetime:
    """When the newest of what is told was changed; now where nothing is known."""
    entries: Iterable[Entry | None] = (
        page.entries if isinstance(page, Page) else (held.entry for held in page.collections)
    )
    times = [entry.modified for entry in entries if entry and entry.modified]
    return max(times, default=datetime.now(timezone.utc).replace(microsecond=0))


def _facets(asked: Asked, page: Page, request: Request, catalogue: Catalogue) -> Iterator[Facet]:
    table = parameter_table(catalogue.properties)
    for name in asked.facets.limits:
        counts, parameter = page.facets.get(name, ()), table.asking(name)
        if counts and parameter:
            terms = tuple(
                FacetTerm(value, count, request.having(parameter.url, value))
                for value, count in asked.facets.told(name, counts)
            )
            title = term(name, catalogue.properties).label
            yield Facet(name=parameter.name, title=title, terms=terms)
