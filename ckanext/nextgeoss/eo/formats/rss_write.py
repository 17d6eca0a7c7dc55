"""RSS 2.0: writes products and collections as items of OpenSearch answers, in XML text."""

from __future__ import annotations

from itertools import zip_longest

from ..asset import Asset
from ..held import CollectionPage, Held
from ..page import Entry, Page
from ..product import Product
from ..properties import load_properties
from ..temporal import TemporalExtent, format_time
from ..xml_text import element, escaped, holder
from .atom_feedback import write_feedback, write_replies
from .entry_facts import appeared, changed, picture_address, summary, urn
from .gml_write import draw, write_box, write_georss
from .opensearch_feed import Feed
from .rss_feed import RSS_TYPE, atom_link, write_channel, write_date
from .series_facts import (
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

# what has elements of its own
_TOLD = ("eo:parentIdentifier", "eo:keyword")


def write_feed(page: Page, feed: Feed, site: Site) -> bytes:
    """The answer of our catalogue that a page is."""
    noun = "product" if feed.total == 1 else "products"
    pairs = zip_longest(page.products, page.entries)
    items = (_item(product, entry, site) for product, entry in pairs)
    return write_channel(feed, site, f"{feed.total} {noun} found", items)


def write_series(page: CollectionPage, feed: Feed, site: Site) -> bytes:
    """The answer of our catalogue that a page of collections is."""
    noun = "collection" if feed.total == 1 else "collections"
    items = (_series(held, site) for held in page.collections)
    return write_channel(feed, site, f"{feed.total} {noun} found", items)


# --- products


def _item(product: Product, entry: Entry | None, site: Site) -> str:
    published = appeared(product, entry)[0] or changed(product, entry)[0]
    address = site.product(product.collection, product.id, "rss")
    image = picture_address(product, entry, site)
    files = [asset for asset in product.assets if "data" in asset.roles]
    keywords = product.properties.get("keywords")
    parts = [
        element("title", product.title or product.id),
        element("link", site.dataset(entry.name) if entry else address),
        element("description", _html(product, image)),
        *[element("category", word) for word in (keywords if isinstance(keywords, tuple) else ())],
        _enclosure(files[0]) if files else "",
        element("guid", urn(product.collection, product.id), ' isPermaLink="false"'),
        write_date("pubDate", published),
        element("dc:identifier", product.id),
        element("eo:parentIdentifier", product.collection),
        element("dc:publisher", entry.provider_title) if entry and entry.provider_title else "",
        _date(product.time),
        write_georss(draw(product.footprint)) if product.footprint else "",
        _properties(product),
        atom_link("self", address, RSS_TYPE),
        *[atom_link("enclosure", file.href, file.media_type, file.title) for file in files[1:]],
        *[
            atom_link("via", asset.href, asset.media_type, asset.title)
            for asset in product.assets
            if "metadata" in asset.roles
        ],
        atom_link("search", site.description(product.collection), OSDD_TYPE),
        atom_link("up", site.series(product.collection, "rss"), RSS_TYPE),
    ]
    if image:
        parts.append(atom_link("icon", image))
    if entry and entry.feedback:
        parts.append(_feedback(entry, site, site.dataset(entry.name)))
    return holder("item", "".join(parts))


def _feedback(entry: Entry, site: Site, page: str) -> str:
    """What users say, by the elements that Atom has, and where readers of RSS look for it."""
    comments = element("comments", f"{page}#feedback") if entry.feedback.get("items") else ""
    return comments + write_replies(entry, site, page, name="atom:link") + write_feedback(entry)


def _html(product: Product, image: str) -> str:
    shown = f'<p><img src="{escaped(image)}" alt="Quicklook"/></p>' if image else ""
    return f"<p>{escaped(summary(product))}</p>{shown}"


def _enclosure(asset: Asset) -> str:
    """The file of a product; RSS wants all three attributes, the length is zero where it is not known."""
    media_type = escaped(asset.media_type or "application/octet-stream")
    return f'<enclosure url="{escaped(asset.href)}" length="{asset.size or 0}" type="{media_type}"/>'


def _date(time: TemporalExtent) -> str:
    ends = [format_time(end) for end in (time.start, time.end) if end]
    return f"<dc:date>{'/'.join(dict.fromkeys(ends))}</dc:date>" if ends else ""


def _properties(product: Product) -> str:
    """What OGC 13-026 has a parameter for, by its name."""
    rows = load_properties()
    told: list[str] = []
    for name, value in product.properties.items():
        parameter = rows[name].opensearch
        if parameter and parameter not in _TOLD:
            text = ", ".join(value) if isinstance(value, tuple) else rows[name].to_text(value)
            told.append(element(parameter, text))
    return "".join(told)


# --- collections


def _series(held: Held, site: Site) -> str:
    collection, box, publisher = held.collection, series_box(held), series_publisher(held)
    words = (collection.description or series_title(held)).split("\n\n")
    html = "".join(f"<p>{escaped(text)}</p>" for text in (series_summary(held), *words) if text.strip())
    parts = [
        element("title", series_title(held)),
        element("link", site.collection(collection.id)),
        element("description", html),
        *[element("category", word) for word in series_words(held)],
        element("guid", urn("collection", collection.id), ' isPermaLink="false"'),
        write_date("pubDate", series_changed(held)),
        element("dc:identifier", collection.id),
        element("dc:publisher", publisher) if publisher else "",
        element("dc:rights", collection.license) if collection.license else "",
        _date(series_time(held)),
        write_box(box) if box else "",
        atom_link("self", site.series(collection.id, "rss"), RSS_TYPE),
        atom_link("search", site.description(collection.id), OSDD_TYPE, "Search the products"),
        atom_link("via", site.stac_collection(collection.id), "application/json", "STAC"),
        atom_link("up", site.series(suffix="rss"), RSS_TYPE, "All collections"),
    ]
    if picture := series_picture(collection):
        parts.append(atom_link("icon", *picture))
    if held.entry and held.entry.feedback:
        parts.append(_feedback(held.entry, site, site.collection(collection.id)))
    return holder("item", "".join(parts))
