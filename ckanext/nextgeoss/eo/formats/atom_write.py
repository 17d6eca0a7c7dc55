"""Atom: writes products as entries of OpenSearch answers (OGC 10-032, 13-026), in XML text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from functools import lru_cache
from itertools import zip_longest

from ..asset import Asset
from ..page import Entry, Page
from ..product import Product, Value
from ..temporal import TemporalExtent, format_time
from ..xml_text import attribute, element, escaped, holder
from . import eop_write
from .atom_feed import ATOM_TYPE, write_document, write_head, write_link, write_time
from .atom_feedback import write_feedback, write_replies
from .atom_series import write_series
from .entry_facts import appeared, changed, picture_address, summary, urn
from .gml_write import draw, write_georss, write_wkt
from .opensearch_feed import Feed
from .site import OSDD_TYPE, Site

__all__ = ["ATOM_TYPE", "write_entry", "write_feed", "write_page", "write_series"]

_RELATIONS = {
    "data": "enclosure",
    "order": "enclosure",
    "thumbnail": "icon",
    "overview": "icon",
    "quicklook": "icon",
    "browse": "icon",
    "metadata": "via",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def write_feed(page: Page, feed: Feed, site: Site) -> bytes:
    """The answer of our catalogue that a page is."""
    pairs = zip_longest(page.products, page.entries)
    entries = (write_entry(product, entry, site) for product, entry in pairs)
    noun = "product" if feed.total == 1 else "products"
    return write_document(write_head(feed, site, f"{feed.total} {noun} found"), entries)


def write_page(
    page: Page, *, address: str = "", start: int = 1, title: str = "Products", updated: datetime | None = None
) -> bytes:
    """The feed of a page of any catalogue; `address` is its own, `start` the number of its first product,
    `updated` the time of the answer, else that of its newest entry."""
    newest = updated or max((changed(product)[0] for product in page.products), default=_EPOCH)
    total = "" if page.total is None else f"<os:totalResults>{page.total}</os:totalResults>"
    head = (
        f"{element('title', title)}{element('id', address or 'urn:x-nextgeoss:products')}"
        f"{write_time('updated', newest)}<author><name>NextGEOSS</name></author>"
        f"{write_link('self', address, ATOM_TYPE) if address else ''}"
        f"{write_link('next', page.next, ATOM_TYPE) if page.next else ''}"
        f"{total}<os:startIndex>{start}</os:startIndex>"
        f"<os:itemsPerPage>{len(page.products)}</os:itemsPerPage>"
    )
    return write_document(head, map(write_entry, page.products))


def write_entry(product: Product, entry: Entry | None = None, site: Site | None = None) -> str:
    """The entry of a product as XML text, with the prefixes of atom_names.NAMESPACES: its attributes as EOP,
    its area in GeoRSS and exactly in WKT, its files as links; with what our catalogue knows of it (`entry`)
    and our own addresses (`site`)."""
    drawing = draw(product.footprint) if product.footprint else None
    updated, published = changed(product, entry), appeared(product, entry)
    image = picture_address(product, entry, site)
    parts = [
        element("title", product.title or product.id),
        f"<id>{urn(product.collection, product.id)}</id>",
        write_time("updated", *updated),
        write_time("published", published[0], published[1]) if published[0] else "",
        element("dc:identifier", product.id),
        _date(product.time),
        element("dc:publisher", entry.provider_title) if entry and entry.provider_title else "",
        write_georss(drawing) if drawing else "",
        f"<dct:spatial>{write_wkt(drawing)}</dct:spatial>" if drawing else "",
        _own_links(product, entry, site, image) if site else "",
        *[_link(asset) for asset in product.assets],
        _categories(product.properties.get("keywords")),
        _texts(product, site.dataset(entry.name) if site and entry else "", image),
        eop_write.write(product, drawing),
        write_feedback(entry) if entry and entry.feedback else "",
    ]
    return holder("entry", "".join(parts), ' nextgeoss:exact="true"')


def _date(time: TemporalExtent) -> str:
    """The acquisition as dc:date: a time, or an interval; the schema of OGC 10-032 has no open ends, of which
    only the end that is known is told."""
    ends = [format_time(end) for end in (time.start, time.end) if end]
    return f"<dc:date>{'/'.join(dict.fromkeys(ends))}</dc:date>" if ends else ""


def _own_links(product: Product, entry: Entry | None, site: Site, image: str) -> str:
    """The links that OpenSearch wants of an entry (CEOS-BP-012), to addresses of ours."""
    links = [
        write_link("self", site.product(product.collection, product.id), ATOM_TYPE),
        write_link("alternate", site.dataset(entry.name), "text/html", "Page of the product")
        if entry
        else "",
        _collection_links(product.collection, site),
        write_replies(entry, site) if entry and entry.feedback else "",
    ]
    if not any("metadata" in asset.roles for asset in product.assets):
        item = site.stac_item(product.collection, product.id)
        links.append(write_link("via", item, "application/geo+json", "Metadata as STAC"))
    if image.startswith(site.base) and entry and image == site.quicklook(entry.uuid):
        links.append(write_link("icon", image))
    return "".join(links)


@lru_cache(maxsize=256)
def _collection_links(collection: str, site: Site) -> str:
    return (
        write_link("search", site.description(collection), OSDD_TYPE, "Search the collection")
        + write_link("up", site.series(collection), ATOM_TYPE, "Collection")
        + write_link("describedby", site.collection(collection), "text/html", "About the collection")
    )


def _link(asset: Asset) -> str:
    relation = next((_RELATIONS[role] for role in asset.roles if role in _RELATIONS), "related")
    size = "" if asset.size is None else f' length="{asset.size}"'
    checksum = attribute("nextgeoss:checksum", asset.checksum)
    roles = f' nextgeoss:roles="{escaped(" ".join(asset.roles))}"'
    more = f'{size}{checksum} nextgeoss:key="{escaped(asset.key)}"{roles}'
    return write_link(relation, asset.href, asset.media_type, asset.title, more)


def _categories(keywords: Value | None) -> str:
    words: Iterable[str] = keywords if isinstance(keywords, tuple) else ()
    return "".join([f'<category term="{escaped(word)}"/>' for word in words])


def _texts(product: Product, page: str, image: str) -> str:
    """What readers of feeds show: a line, and HTML with the picture that leads to the page of the product."""
    line = summary(product)
    html = f"&lt;p&gt;{_twice(line)}&lt;/p&gt;"
    if image:
        shown = f"&lt;img src=&quot;{_twice(image)}&quot; alt=&quot;Quicklook&quot;/&gt;"
        html += (
            f"&lt;p&gt;&lt;a href=&quot;{_twice(page)}&quot;&gt;{shown}&lt;/a&gt;&lt;/p&gt;"
            if page
            else shown
        )
    rights = product.properties.get("license_id") or product.properties.get("access_constraint")
    told = element("rights", str(rights)) if rights else ""
    return f'{told}{element("summary", line)}<content type="html">{html}</content>'


def _twice(text: str) -> str:
    """A text in HTML that is a text in XML."""
    return escaped(escaped(text))
