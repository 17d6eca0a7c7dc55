"""Products made, changed and deleted as STAC items, by the permissions of CKAN."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..eo.errors import BadValue
from ..eo.formats.stac_given import BadMember, given_item
from ..eo.formats.stac_write import write_entry
from ..eo.held import Held
from ..eo.page import Entry
from ..eo.product import Product, dataset_name, product_uuid
from ..eo.query import Query
from ..package import dataset_from_product
from ..search.collections import find_collection
from ..search.index import entry_of, readable_product
from .changed_products import changed_dataset, without_our_times
from .writing import (
    Author,
    Change,
    Dataset,
    Exists,
    Fits,
    Missing,
    check_fits,
    locked,
    make,
    show_changes,
)

log = logging.getLogger(__name__)

# several organizations may have a product of one name
_MOST_NAMESAKES = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many items: created, updated, unchanged, exists (with other content), refused."""

    id: str
    outcome: str
    reason: str = ""
    where: str = ""


def collection_to_fill(author: Author, name: str) -> tuple[Held, model.Group]:
    """The collection and the organization that gets its new products, that of its dataset; Missing, BadValue
    when no dataset describes it, NotAuthorized when the author may make none there."""
    held = find_collection(author.catalogue, name)
    if held is None:
        raise Missing("collection", name)
    owner = model.Group.get(held.entry.provider) if held.entry else None
    if owner is None:
        reason = "no dataset tells which organization it belongs to; make it by POST to /collections first"
        raise BadMember("collection", reason)
    author.may("package_create", {"type": "eo_product", "owner_org": owner.id})
    return held, owner


def create_item(
    author: Author, held: Held, owner: model.Group, document: Any, *, shown_later: bool = False
) -> Product:
    """Make the product of an item, as private as its collection is; Exists when there is one. `shown_later`:
    the caller has Solr show it."""
    collection, properties = held.collection.id, author.catalogue.properties
    product = given_item(document, collection, properties)
    namesakes = _namesakes(author, collection, product.id)
    if namesakes:
        raise _exists(product, namesakes[0][0])
    uuid = product_uuid(collection, product.id, owner.id)
    dataset = dataset_from_product(
        product,
        owner_org=owner.id,
        uuid=uuid,
        name=dataset_name(product.id, uuid),
        private=bool(held.entry and held.entry.private),
    )

    def there() -> Exists:
        return _exists(product, _stored(author, dataset["name"])[1])

    make(author, dataset, there, shown_later=shown_later)
    return product


def create_items(
    author: Author, held: Held, owner: model.Group, documents: Iterable[Any], *, update: bool
) -> list[Outcome]:
    """Make many, each in a transaction of its own: what was made stays, whatever becomes of the others. With
    `update` those that are there are changed."""
    try:
        return [_outcome(author, held, owner, document, update=update) for document in documents]
    finally:
        show_changes()


def change_item(author: Author, collection: str, identifier: str, change: Change, fits: Fits) -> None:
    """Make the product what `change` makes of its item; Missing, NotAuthorized, Stale unless that `fits`."""
    properties = author.catalogue.properties
    uuid = _own(author, collection, identifier)
    existing, old, entry = _locked(author, identifier, uuid)
    shown = write_entry(old, entry, author.site, properties)
    check_fits(fits, shown, identifier)
    product = given_item(change(shown), old.collection, properties, old.id)
    product = without_our_times(product, old, entry)
    if product.content_hash() == old.content_hash():
        model.Session.rollback()
        return
    author.act("package_update", changed_dataset(existing, old, product, properties))


def delete_item(
    author: Author, collection: str, identifier: str, fits: Fits, *, may_be_gone: bool = False
) -> None:
    """Delete the product; Missing, NotAuthorized, Stale unless its item `fits`. One that `may_be_gone` need
    not be there: who asks again because no answer came is told the same, if he may make it there."""
    try:
        uuid = _own(author, collection, identifier)
        _, old, entry = _locked(author, identifier, uuid)
    except Missing:
        if may_be_gone and _may_fill(author, collection):
            return
        raise
    check_fits(fits, write_entry(old, entry, author.site, author.catalogue.properties), identifier)
    author.act("package_delete", {"id": uuid})


def _may_fill(author: Author, collection: str) -> bool:
    try:
        collection_to_fill(author, collection)
    except (Missing, BadValue, toolkit.NotAuthorized):
        return False
    return True


def _outcome(author: Author, held: Held, owner: model.Group, document: Any, *, update: bool) -> Outcome:
    named = document.get("id") if isinstance(document, dict) else None
    name = named if isinstance(named, str) else ""
    try:
        return _created(author, held, owner, document, name, update=update)
    except BadValue as error:
        outcome = Outcome(name, "refused", error.reason, error.where)
    except toolkit.NotAuthorized as error:
        outcome = Outcome(name, "refused", str(error.message or "not allowed"))
    except Exception:
        log.exception("An item could not be written")
        outcome = Outcome(name, "refused", "it could not be written; try again")
    model.Session.rollback()
    return outcome


def _created(
    author: Author, held: Held, owner: model.Group, document: Any, name: str, *, update: bool
) -> Outcome:
    try:
        create_item(author, held, owner, document, shown_later=True)
    except Exists as error:
        if error.same:
            return Outcome(name, "unchanged")
        if not update:
            return Outcome(name, "exists", str(error))
        show_changes()  # it may be one of those before
        change_item(author, held.collection.id, name.strip(), lambda _: document, lambda _: True)
        return Outcome(name, "updated")
    return Outcome(name, "created")


def _exists(product: Product, other: Product) -> Exists:
    return Exists("item", product.id, same=product.content_hash() == other.content_hash())


def _namesakes(author: Author, collection: str, identifier: str) -> list[tuple[Product, Entry]]:
    """The products of this name that the author may see, in the order in which the API shows them."""
    asked = Query(ids=(identifier,), collections=(collection,), limit=_MOST_NAMESAKES)
    page = author.catalogue.search(asked)
    pairs = zip(page.products, page.entries, strict=True)
    return [(product, entry) for product, entry in pairs if product.id == identifier]


def _own(author: Author, collection: str, identifier: str) -> str:
    """The dataset of the first of this name that the author may change."""
    refused: toolkit.NotAuthorized | None = None
    for _, entry in _namesakes(author, collection, identifier):
        try:
            author.may("package_update", {"id": entry.uuid})
        except toolkit.NotAuthorized as error:
            refused = refused or error
        except toolkit.ObjectNotFound:
            continue
        else:
            return entry.uuid
    raise refused or Missing("item", identifier)


def _locked(author: Author, identifier: str, uuid: str) -> tuple[Dataset, Product, Entry]:
    package = locked(uuid)
    if package is None or package.state != "active":
        raise Missing("item", identifier)
    return _stored(author, uuid)


def _stored(author: Author, uuid: str) -> tuple[Dataset, Product, Entry]:
    existing = author.show(uuid)
    product = readable_product(existing, author.catalogue.properties)
    return existing, product, entry_of(existing, product)
