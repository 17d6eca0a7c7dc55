"""Atom: the feed of an OpenSearch answer (OGC 10-032r8, CEOS OpenSearch Best Practice 1.3), in XML text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ..temporal import format_time
from ..xml_text import attribute, attributes, document, element, escaped, holder
from . import opensearch_feed
from .atom_names import NAMESPACES
from .gml_write import WORLD
from .opensearch_feed import Facet, Feed
from .site import Site

ATOM_TYPE = "application/atom+xml"
# what the schema of OpenSearch 1.1 lets a query have without a prefix
_PLAIN = ("searchTerms", "count", "startIndex", "startPage", "language", "inputEncoding", "outputEncoding")
FACETS_NAMESPACE = {"sru-facets": "http://docs.oasis-open.org/ns/search-ws/facetedResults"}
# of links to what others say (RFC 4685)
THREADS = {"thr": "http://purl.org/syndication/thread/1.0"}
_DECLARED = NAMESPACES | opensearch_feed.NAMESPACES | FACETS_NAMESPACE | THREADS


def write_document(head: str, entries: Iterable[str]) -> bytes:
    """The document of a feed; an area that could be anywhere is told of the whole where an entry has none, as
    OGC 10-032 wants one of either."""
    written = list(entries)
    everywhere = any("<georss:" not in entry for entry in written)
    return document("feed", _DECLARED, "\n".join([head + WORLD if everywhere else head, *written]))


def write_head(feed: Feed, site: Site, found: str) -> str:
    """What the feed says before its entries; `found` says for people what was."""
    links = "".join(write_link(link.rel, link.href, link.type, link.title) for link in feed.links)
    return (
        element("title", feed.title)
        + element("subtitle", found)
        + element("id", feed.address)
        + write_time("updated", feed.updated)
        + f"<author>{element('name', site.title)}{element('uri', site.base)}</author>"
        + element("generator", site.title, attribute("uri", site.base))
        + write_link("self", feed.address, ATOM_TYPE)
        + links
        + write_counts(feed)
        + write_facets(feed.facets)
    )


def write_counts(feed: Feed) -> str:
    """The elements of OpenSearch: how many, from which on, and what was asked."""
    return (
        f"<os:totalResults>{feed.total}</os:totalResults><os:startIndex>{feed.start_index}</os:startIndex>"
        f"<os:itemsPerPage>{feed.items_per_page}</os:itemsPerPage>"
        f'<os:Query role="request"{_asked(feed.echo)}/>'
    )


def write_facets(facets: Iterable[Facet]) -> str:
    """Values and counts as of SRU (OASIS searchRetrieve 1.0, part 3, annex on facets)."""
    return holder("sru-facets:facetedResults", "".join(map(_facet, facets))) if facets else ""


def write_link(
    rel: str, href: str, media_type: str = "", title: str = "", more: str = "", *, name: str = "link"
) -> str:
    """A link; `more` are attributes, `name` has a prefix where Atom is not the default namespace."""
    told = attribute("type", media_type) + attribute("title", title) + more
    return f'<{name} rel="{rel}" href="{escaped(href)}"{told}/>'


def write_time(name: str, time: datetime, is_known: bool = True) -> str:
    """A time; one that only stands in is marked."""
    mark = "" if is_known else ' nextgeoss:derived="true"'
    return f"<{name}{mark}>{format_time(time)}</{name}>"


def _asked(echo: Mapping[str, str]) -> str:
    told = {
        name: value
        for name, value in echo.items()
        if name in _PLAIN or name.partition(":")[0] in opensearch_feed.NAMESPACES
    }
    return attributes(told)


def _facet(facet: Facet) -> str:
    terms = [
        f"<sru-facets:term>{element('sru-facets:actualTerm', term.value)}"
        f"{element('sru-facets:query', term.value)}{element('sru-facets:requestUrl', term.address)}"
        f"<sru-facets:count>{term.count}</sru-facets:count></sru-facets:term>"
        for term in facet.terms
    ]
    return holder(
        "sru-facets:facet",
        element("sru-facets:facetDisplayLabel", facet.title)
        + element("sru-facets:index", facet.name)
        + holder("sru-facets:terms", "".join(terms)),
    )
