"""RSS 2.0: the channel of an OpenSearch answer, in XML text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime

from ..xml_text import document, element, holder
from . import opensearch_feed
from .atom_feed import FACETS_NAMESPACE, THREADS, write_counts, write_facets, write_link
from .atom_names import NAMESPACES
from .opensearch_feed import Feed
from .site import Site

RSS_TYPE = "application/rss+xml"
_DECLARED = (
    {name: NAMESPACES[name] for name in ("os", "dc", "georss")}
    | {"atom": NAMESPACES[""]}
    | opensearch_feed.NAMESPACES
    | FACETS_NAMESPACE
    | THREADS
)


def write_channel(feed: Feed, site: Site, found: str, items: Iterable[str]) -> bytes:
    """The document of a channel; `found` says for people what was."""
    pages = [link.href for link in feed.links if link.type == "text/html" and link.rel == "alternate"]
    head = (
        element("title", feed.title)
        + element("link", pages[0] if pages else site.base)
        + element("description", found)
        + element("language", "en")
        + write_date("lastBuildDate", feed.updated)
        + element("generator", site.title)
        + atom_link("self", feed.address, RSS_TYPE)
        + "".join(atom_link(link.rel, link.href, link.type, link.title) for link in feed.links)
        + write_counts(feed)
        + write_facets(feed.facets)
    )
    channel = holder("channel", "\n".join([head, *items]))
    return document("rss", _DECLARED, channel, ' version="2.0"')


def atom_link(rel: str, href: str, media_type: str = "", title: str = "") -> str:
    """A link of Atom, for relations that RSS has no element for."""
    return write_link(rel, href, media_type, title, name="atom:link")


def write_date(name: str, time: datetime) -> str:
    """A time as RFC 822 has it, with a year of four digits."""
    return f"<{name}>{format_datetime(time, usegmt=True)}</{name}>"
