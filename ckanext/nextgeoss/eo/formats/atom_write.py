"""Atom: writes products as entries of OpenSearch answers (OGC 10-032, 13-026)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from ..asset import Asset
from ..page import Page
from ..product import Product
from ..temporal import TemporalExtent, format_time
from ..xml import Builder, Element, children, text_of
from . import eop_write
from .atom_names import NAMESPACES
from .gml_write import write_georss

ATOM_TYPE = "application/atom+xml"
_MAKE = Builder(NAMESPACES)
_RELATIONS = {
    "data": "enclosure",
    "order": "enclosure",
    "thumbnail": "icon",
    "overview": "icon",
    "metadata": "via",
}
# Atom demands a time of each entry; where nothing is known of it
_EPOCH = "1970-01-01T00:00:00Z"


def write_page(
    page: Page, *, address: str = "", start: int = 1, title: str = "Products", updated: datetime | None = None
) -> bytes:
    """The feed of a page; `address` is its own, `start` the number of its first product, `updated` the time
    of the answer, else that of its newest entry."""
    entries = [write_entry(product) for product in page.products]
    times = [text_of(time) for entry in entries for time in children(entry, "updated")]
    newest = format_time(updated) if updated else max(times, default=_EPOCH)
    feed = _MAKE(
        ":feed",
        "",
        None,
        _MAKE(":title", title),
        _MAKE(":id", address or "urn:x-nextgeoss:products"),
        _MAKE(":updated", newest),
        _MAKE(":author", "", None, _MAKE(":name", "NextGEOSS")),
        *_feed_links(page, address),
    )
    if page.total is not None:
        feed.append(_MAKE("os:totalResults", str(page.total)))
    feed.append(_MAKE("os:startIndex", str(start)))
    feed.append(_MAKE("os:itemsPerPage", str(len(entries))))
    feed.extend(entries)
    return _MAKE.to_bytes(feed)


def write_entry(product: Product) -> Element:
    """The entry of a product: its attributes as EOP, its area in GeoRSS and exactly in WKT, its files as
    links."""
    title = product.title or product.id
    entry = _MAKE(
        ":entry",
        "",
        {"nextgeoss:exact": "true"},
        _MAKE(":title", title),
        _MAKE(":id", f"urn:x-nextgeoss:{quote(product.collection, safe='')}:{quote(product.id, safe='')}"),
        *_times(product),
        _MAKE("dc:identifier", product.id),
    )
    if date := _date(product.time):
        entry.append(_MAKE("dc:date", date))
    if product.footprint:
        entry.append(write_georss(product.footprint, _MAKE))
        entry.append(_MAKE("dct:spatial", product.footprint.wkt))
    entry.extend(_link(asset) for asset in product.assets)
    entry.append(_MAKE(":content", _summary(product, title), {"type": "text"}))
    entry.append(eop_write.write(product))
    return entry


def _feed_links(page: Page, address: str) -> Iterator[Element]:
    if address:
        yield _MAKE(":link", "", {"rel": "self", "type": ATOM_TYPE, "href": address})
    if page.next:
        yield _MAKE(":link", "", {"rel": "next", "type": ATOM_TYPE, "href": page.next})


def _times(product: Product) -> Iterator[Element]:
    """When the record was last changed, and published; a time that only stands in is marked."""
    updated, published = (product.properties.get(name) for name in ("updated", "published"))
    if isinstance(updated, datetime):
        yield _MAKE(":updated", format_time(updated))
    else:
        known = published if isinstance(published, datetime) else product.time.end or product.time.start
        yield _MAKE(":updated", format_time(known) if known else _EPOCH, {"nextgeoss:derived": "true"})
    if isinstance(published, datetime):
        yield _MAKE(":published", format_time(published))


def _date(time: TemporalExtent) -> str:
    """The acquisition as dc:date: a time, or an interval in which an open end is empty."""
    start, end = (format_time(each) if each else "" for each in (time.start, time.end))
    return start if start == end else f"{start}/{end}"


def _link(asset: Asset) -> Element:
    relation = next((_RELATIONS[role] for role in asset.roles if role in _RELATIONS), "related")
    attributes = {
        "rel": relation,
        "href": asset.href,
        "type": asset.media_type,
        "title": asset.title,
        "length": "" if asset.size is None else str(asset.size),
        "nextgeoss:checksum": asset.checksum,
    }
    told = {name: value for name, value in attributes.items() if value}
    return _MAKE(":link", "", told | {"nextgeoss:key": asset.key, "nextgeoss:roles": " ".join(asset.roles)})


def _summary(product: Product, title: str) -> str:
    return f"{title}, {product.time.isoformat()}" if product.time else title
