"""The catalogues there are: of all collections, of all products, and of the products of each collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ckan.plugins import toolkit
from flask import Response

from ...eo.collection import Collection
from ...eo.formats import records_api
from ...eo.formats.record_write import COLLECTIONS, PRODUCTS, records_catalog
from ...eo.held import Held, Holdings
from ...eo.product import Product
from ...eo.query import Query
from ...search.catalogue import Catalogue
from ...search.collections import search_collections
from ...search.records_collections import MOST, together
from ..addresses import site
from ..ogc.answers import answer, own_links
from ..ogc.found import filled_collection
from . import sheets

# what every record has, or has of its collection, can be asked of each catalogue (RC-15)
ALWAYS = ("id", "type", "title", "created", "updated", "keywords", "license")


def opened(catalogue: Catalogue, name: str) -> Held:
    """The catalogue of this name; NotThere for a collection without products that the caller may see. What
    that of all products holds is not counted here."""
    return _of_all(PRODUCTS, Holdings()) if name == PRODUCTS else filled_collection(catalogue, name)


def all_catalogs(catalogue: Catalogue) -> list[Held]:
    """All of them, those of all collections and of all products first."""
    found = search_collections(catalogue, Query(limit=MOST)).collections
    return [*(whole_of(name, found) for name in (COLLECTIONS, PRODUCTS)), *_filled(found)]


def whole(catalogue: Catalogue, name: str) -> Held:
    """The catalogue of all collections, or of all products, with what it holds."""
    return whole_of(name, search_collections(catalogue, Query(limit=MOST)).collections)


def whole_of(name: str, found: Sequence[Held]) -> Held:
    """The catalogue of all collections, or of all products, of these collections."""
    holdings = together(found)
    if name == PRODUCTS:
        return _of_all(name, holdings)
    return _of_all(name, Holdings(count=len(found), time=holdings.time, bbox=holdings.bbox))


def catalog_of(held: Held, asked: Mapping[str, str]) -> Response:
    """The document of a catalogue."""
    here, about = site(), held.collection
    own = own_links(records_catalog(here, about.id), asked, records_api.CATALOG, about.title or about.id)
    document = records_api.catalog(held, here, own)
    return answer(document, lambda: sheets.catalog(document, here), records_api.CATALOG)


def abouts(catalogue: Catalogue, held: Held, products: Iterable[Product]) -> Callable[[Product], Collection]:
    """What tells the collection of each of these products of a catalogue."""
    if held.collection.id != PRODUCTS:
        return lambda product: held.collection
    named = tuple({product.collection for product in products})
    found = search_collections(catalogue, Query(ids=named, limit=MOST)).collections if named else ()
    by_id = {each.collection.id: each.collection for each in found}
    return lambda product: by_id.get(product.collection) or Collection(id=product.collection)


def every_about(catalogue: Catalogue, name: str) -> tuple[Collection, ...]:
    """What tells the collections whose products a catalogue has."""
    if name != PRODUCTS:
        return (opened(catalogue, name).collection,)
    return tuple(each.collection for each in search_collections(catalogue, Query(limit=MOST)).collections)


def _filled(found: Iterable[Held]) -> Iterable[Held]:
    # a collection of the same name would lie behind these two
    return (
        held for held in found if held.holdings.count and held.collection.id not in (COLLECTIONS, PRODUCTS)
    )


def _of_all(name: str, holdings: Holdings) -> Held:
    _ = toolkit._
    title, description = {
        COLLECTIONS: (_("All collections"), _("One record for each collection of products.")),
        PRODUCTS: (
            _("All products"),
            _("One record for each product, of all collections; its identifier is that of its dataset."),
        ),
    }[name]
    about = Collection(id=name, title=title, description=description)
    return Held(collection=about, holdings=holdings, matched=holdings.count)
