"""What is found for OGC APIs: collections with products, pages of these, and the links of such a page."""

from __future__ import annotations

from collections.abc import Mapping

from ckan.plugins import toolkit

from ...eo.formats.stac_write import GEOJSON, JSON, Link, link
from ...eo.held import Held
from ...eo.page import Page
from ...search.catalogue import Catalogue
from ..api import NotThere
from ..stac.answers import held_collection
from .answers import own_links


def filled_collection(catalogue: Catalogue, name: str) -> Held:
    """The collection of this name; NotThere without products that the caller may see."""
    held = held_collection(catalogue, name)
    if not held.holdings.count:
        raise NotThere("collection", name)
    return held


def page_links(collection: str, asked: Mapping[str, str], page: Page, title: str) -> list[Link]:
    """The links of a page of the collection at an address, whose title is given."""
    links = [*own_links(f"{collection}/items", asked, GEOJSON, toolkit._("This page"))]
    if page.next:
        following = own_links(f"{collection}/items", {**asked, "token": page.next}, GEOJSON)[0]
        links.append(following | {"rel": "next", "title": toolkit._("Next page")})
    return [*links, link("collection", collection, JSON, title)]
