"""What is found for OGC APIs: collections with products, pages of these, and the links of such a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ckan.plugins import toolkit

from ...eo.formats.stac_write import GEOJSON, JSON, Link, link
from ...eo.held import Held
from ...eo.page import Entry, Page
from ...eo.product import Product
from ...search.catalogue import Catalogue
from ...search.opensearch_parameters import DEEPEST
from ..api import NotThere
from ..stac.answers import held_collection
from .answers import own_links

# by their relation, the parameters by which they begin where they do
Pages: TypeAlias = Mapping[str, Mapping[str, str]]


def filled_collection(catalogue: Catalogue, name: str) -> Held:
    """The collection of this name; NotThere without products that the caller may see."""
    held = held_collection(catalogue, name)
    if not held.holdings.count:
        raise NotThere("collection", name)
    return held


def the_one(page: Page, identifier: str, what: str, *, by_uuid: bool = False) -> tuple[Product, Entry]:
    """The product of a page that has this identifier, or whose dataset has it; NotThere (`what`) if none."""
    for product, entry in zip(page.products, page.entries, strict=True):
        if (entry.uuid if by_uuid else product.id) == identifier:
            return product, entry
    raise NotThere(what, identifier)


def page_links(collection: str, asked: Mapping[str, str], pages: Pages, title: str) -> list[Link]:
    """The links of a page of the collection at an address, whose title is given, and to other `pages`."""
    items = f"{collection}/items"
    own = own_links(items, asked, GEOJSON, toolkit._("This page"))
    return [*own, *other_pages(items, asked, pages, GEOJSON), link("collection", collection, JSON, title)]


def other_pages(
    address: str, asked: Mapping[str, str], pages: Pages, media_type: str = JSON
) -> Iterator[Link]:
    """The links from one page of the answer at an address to others."""
    kept = {name: value for name, value in asked.items() if name not in ("token", "offset")}
    titles = {"prev": toolkit._("Previous page"), "next": toolkit._("Next page")}
    for rel, begins in pages.items():
        found = own_links(address, {**kept, **begins}, media_type)[0]
        yield found | {"rel": rel, "title": titles[rel]}


def content_crs(crs: str) -> dict[str, str]:
    """The header that tells the system of an answer (OGC 18-058r1, 7.5)."""
    return {"Content-Crs": f"<{crs}>"}


def by_token(page: Page) -> Pages:
    """The page after one that ends where its token says."""
    return {"next": {"token": page.next}} if page.next else {}


def by_offset(offset: int, limit: int, total: int) -> Pages:
    """The pages before and after that of `limit` results after `offset` ones; none where nobody may ask."""
    pages: dict[str, Mapping[str, str]] = {}
    if offset:
        pages["prev"] = {"offset": str(max(0, offset - limit))}
    if offset + limit < total and offset + limit <= DEEPEST:
        pages["next"] = {"offset": str(offset + limit)}
    return pages
