"""Atom: writes collections as entries of OpenSearch answers, the first of two steps (CEOS-BP-001)."""

from __future__ import annotations

from ..held import CollectionPage, Held
from ..temporal import format_time
from ..xml_text import element, escaped, holder
from .atom_feed import ATOM_TYPE, write_document, write_head, write_link, write_time
from .atom_feedback import write_feedback, write_replies
from .entry_facts import urn
from .gml_write import write_box
from .opensearch_feed import Feed
from .series_facts import (
    DOI,
    series_box,
    series_changed,
    series_picture,
    series_publisher,
    series_summary,
    series_time,
    series_title,
    series_words,
)
from .site import OSDD_TYPE, Site


def write_series(page: CollectionPage, feed: Feed, site: Site) -> bytes:
    """The answer of our catalogue that a page of collections is."""
    noun = "collection" if feed.total == 1 else "collections"
    head = write_head(feed, site, f"{feed.total} {noun} found")
    return write_document(head, (_entry(held, site) for held in page.collections))


def _entry(held: Held, site: Site) -> str:
    collection, box, publisher = held.collection, series_box(held), series_publisher(held)
    created = held.entry.created if held.entry else None
    parts = [
        element("title", series_title(held)),
        f"<id>{urn('collection', collection.id)}</id>",
        write_time("updated", series_changed(held)),
        write_time("published", created) if created else "",
        element("dc:identifier", collection.id),
        _date(held),
        element("dc:publisher", publisher) if publisher else "",
        write_box(box) if box else "",
        _links(held, site),
        *[f'<category term="{escaped(word)}"/>' for word in series_words(held)],
        element("rights", collection.license) if collection.license else "",
        element("summary", series_summary(held)),
        element("content", _html(held), ' type="html"'),
        write_feedback(held.entry) if held.entry else "",
    ]
    return holder("entry", "".join(parts))


def _date(held: Held) -> str:
    """From when to when; an open end is left out, as the schema of OGC 10-032 wants it."""
    time = series_time(held)
    ends = [format_time(end) for end in (time.start, time.end) if end]
    return f"<dc:date>{'/'.join(dict.fromkeys(ends))}</dc:date>" if ends else ""


def _links(held: Held, site: Site) -> str:
    collection, page = held.collection, site.collection(held.collection.id)
    links = [
        write_link("self", site.series(collection.id), ATOM_TYPE),
        write_link("search", site.description(collection.id), OSDD_TYPE, "Search the products"),
        write_link("alternate", page, "text/html", "Page of the collection"),
        write_link("describedby", page, "text/html", "About the collection"),
        write_link("via", site.stac_collection(collection.id), "application/json", "STAC"),
        write_link("up", site.series(), ATOM_TYPE, "All collections"),
    ]
    if held.entry:
        links.append(write_replies(held.entry, site, page))
    if collection.doi:
        links.append(write_link("cite-as", DOI + collection.doi, "text/html"))
    if picture := series_picture(collection):
        links.append(write_link("icon", *picture))
    return "".join(links)


def _html(held: Held) -> str:
    """The description, paragraphs apart, and how to cite the collection."""
    said = held.collection
    words = (said.description or series_title(held)).split("\n\n")
    cited = [f"Cite as: {said.citation}"] if said.citation else []
    return "".join(f"<p>{escaped(text)}</p>" for text in (*words, *cited) if text.strip())
