"""Feedback as Atom (RFC 4287) with threads (RFC 4685), places (GeoRSS) and pages (OpenSearch)."""

from __future__ import annotations

from collections.abc import Iterator

from ...eo.xml_text import attribute, document, element, escaped, holder
from ..guf import FeedbackItem
from .entries import Entry, Page, clean, item_address
from .places import areas, georss

TYPE = "application/atom+xml"
_LISTS = "http://www.opengis.net/guf/1.0/resources/codeList.xml"
NAMESPACES = {
    "": "http://www.w3.org/2005/Atom",
    "thr": "http://purl.org/syndication/thread/1.0",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "georss": "http://www.georss.org/georss",
}


def write(page: Page) -> bytes:
    """The feed of a page; the areas of an item are told once each, the first alone in simple readers."""
    head = [
        element("title", page.title),
        element("id", page.address),
        element("updated", page.updated),
        f"<author>{element('name', 'NextGEOSS DataHub')}{element('uri', page.base)}</author>",
        _subtitle(page),
        _link("alternate", page.address, "text/html"),
        _link("self", page.self_address, TYPE),
        _link("previous", page.previous, TYPE),
        _link("next", page.next, TYPE),
        element("os:totalResults", str(page.total)),
        element("os:startIndex", str(page.offset + 1)),
        element("os:itemsPerPage", str(page.limit)),
    ]
    entries = [write_entry(each, page.base) for each in page.entries]
    return document("feed", NAMESPACES, "\n".join([*filter(None, head), *entries]))


def write_entry(entry: Entry, base: str) -> str:
    """The entry of an item, as XML text with the prefixes of NAMESPACES."""
    item = entry.item
    parts = [
        element("title", item.abstract),
        element("id", entry.urn),
        element("updated", entry.updated),
        element("published", entry.published),
        f"<author>{element('name', entry.author or 'Anonymous')}</author>",
        _link("alternate", entry.address, "text/html"),
        _link("related", f"{entry.address}.xml", "application/xml", "GUF"),
        *_threads(entry, base),
        *(_link("via", address, "text/html", title) for title, address in entry.datasets.items()),
        *_categories(item, entry.motivation),
        *map(georss, list(areas(item))[:1]),
        element("content", _words(entry), ' type="text"'),
    ]
    return holder("entry", "".join(parts))


def _subtitle(page: Page) -> str:
    summary = clean(page.summary)
    if not summary or summary.get("average") is None:
        return ""
    return element("subtitle", f"{summary['average']:.2f} of 5 in {summary['ratings']} ratings")


def _threads(entry: Entry, base: str) -> Iterator[str]:
    if entry.reply_to:
        above = attribute("href", item_address(base, entry.reply_to))
        yield f'<thr:in-reply-to ref="urn:uuid:{escaped(entry.reply_to)}"{above} type="text/html"/>'
    if entry.replies:
        count = f' thr:count="{entry.replies}"'
        yield f'<link rel="replies"{attribute("href", f"{entry.address}.atom")} type="{TYPE}"{count}/>'
        yield element("thr:total", str(entry.replies))


def _categories(item: FeedbackItem, motivation: str) -> Iterator[str]:
    """Role, motivation, aspects, rating by the code lists of the standard; tags without a scheme."""
    terms = [("GUF_UserRoleCode", item.contact_role)]
    terms += [("GUF_MotivationCode", motivation)] if motivation else []
    terms += [("GUF_RatingCode", str(item.rating))] if item.rating else []
    for name in dict.fromkeys(aspect for usage in item.usage for aspect in usage.report_aspect):
        terms.append(("GUF_ReportAspectCode", name))
    for name, term in terms:
        yield f'<category{attribute("term", term)} scheme="{_LISTS}#{name}"/>'
    yield from (f"<category{attribute('term', tag)}/>" for tag in item.tag)


def _words(entry: Entry) -> str:
    """What people read: all that is said in words."""
    item = entry.item
    lines = [item.purpose or "", f"Rating: {item.rating} of 5" if item.rating else "", entry.text]
    for usage in item.usage:
        for described in usage.usage_description:
            lines += [described.specific_usage or "", described.user_determined_limitations or ""]
            lines += described.response
        for issue in usage.discovered_issue:
            lines += [issue.known_problem, *issue.work_around]
    lines += [event.abstract for event in item.significant_event]
    lines += [cited.title for cited in item.citation]
    return "\n\n".join(line for line in lines if line) or item.abstract


def _link(rel: str, href: str, media_type: str, title: str = "") -> str:
    if not href:
        return ""
    return f'<link rel="{rel}"{attribute("href", href)} type="{media_type}"{attribute("title", title)}/>'
