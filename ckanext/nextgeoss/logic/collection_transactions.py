"""Collections made, changed and deleted as STAC collections, by the permissions of CKAN."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..eo.collection import Collection, load_registry
from ..eo.errors import BadValue
from ..eo.formats.stac_collection_write import write_collection
from ..eo.formats.stac_given import BadMember, given_collection
from ..eo.held import Held, Holdings
from ..eo.product import dataset_name
from ..package import collection_from_dataset, collection_uuid, dataset_from_collection
from ..search.collections import find_collection
from ..search.stac_summaries import summaries
from .writing import Author, Change, Dataset, Exists, Fits, Missing, NotEmpty, check_fits, locked, make

# members of our own: the organization that a new collection belongs to, and whether only its members see it
ORGANIZATION, PRIVATE = "nextgeoss:organization", "nextgeoss:private"
# what a STAC collection tells of a dataset; the rest of it stays
_TOLD = (
    "license_id", "doi", "citation", "platforms", "instruments", "providers", "thumbnail", "tags", "notes",
    "spatial", "timerange_start", "timerange_end",
)  # fmt: skip
_CKANS = ("metadata_created", "metadata_modified", "num_resources", "num_tags", "organization")
# members that show what the products have, where there are some
_OF_PRODUCTS = ("extent", "summaries")
_MOST_NAMED = 20


def create_collection(author: Author, document: Any) -> Collection:
    """Make the dataset of a collection, in the organization that the document names; Exists when there is
    one."""
    collection = given_collection(document)
    known = load_registry().canonical(collection.id)
    if known and known.id != collection.id:
        raise BadValue(collection.id, "id", f"{known.id}, of which it is another name")
    owner = _organization(author, document)
    author.may("package_create", {"type": "eo_collection", "owner_org": owner.id})
    held = find_collection(author.catalogue, collection.id)
    if held and held.entry:
        raise _exists(collection, held.collection)
    uuid = collection_uuid(collection.id, owner.id)
    dataset = dataset_from_collection(
        collection, owner_org=owner.id, uuid=uuid, name=dataset_name(collection.id, uuid)
    )
    dataset["private"] = _private(document, False)
    make(author, dataset, lambda: _exists(collection, collection_from_dataset(author.show(dataset["name"]))))
    return collection


def change_collection(author: Author, name: str, change: Change, fits: Fits) -> None:
    """Make the collection what `change` makes of its document; Missing, NotAuthorized, Stale unless the
    document `fits`."""
    held, uuid = _own(author, name)
    shown = _shown(author, held, fits)
    existing = _locked(author, name, uuid)
    said = collection_from_dataset(existing)
    described = write_collection(Held(collection=said, holdings=Holdings(), matched=0), {}, author.site)
    document = change(shown)
    if isinstance(document, dict):
        # what the products tell is not taken for what the collection says of itself
        document = {
            name: described.get(name) if name in _OF_PRODUCTS and value == shown.get(name) else value
            for name, value in document.items()
        }
    collection = given_collection(document, said.id)
    private = _private(document, bool(existing.get("private")))
    made = dataset_from_collection(
        collection, owner_org=existing["owner_org"], uuid=uuid, name=existing["name"]
    )
    kept = {key: value for key, value in existing.items() if key not in (*_TOLD, *_CKANS)}
    author.act("package_update", {**kept, **made, "private": private})


def delete_collection(author: Author, name: str, fits: Fits) -> None:
    """Delete the dataset of a collection without products; Missing, NotAuthorized, NotEmpty, Stale unless its
    document `fits`."""
    held, uuid = _own(author, name)
    _shown(author, held, fits)
    if held.holdings.count:
        raise NotEmpty(f"collection {name!r} has {held.holdings.count} items, which must be deleted first")
    _locked(author, name, uuid)
    author.act("package_delete", {"id": uuid})


def _own(author: Author, name: str) -> tuple[Held, str]:
    held = find_collection(author.catalogue, name)
    if held is None or held.entry is None:
        raise Missing("collection", name)
    author.may("package_update", {"id": held.entry.uuid})
    return held, held.entry.uuid


def _shown(author: Author, held: Held, fits: Fits) -> Dataset:
    summed = summaries(author.catalogue).get(held.collection.id, {})
    shown = write_collection(held, summed, author.site)
    check_fits(fits, shown, held.collection.id)
    return shown


def _locked(author: Author, name: str, uuid: str) -> Dataset:
    package = locked(uuid)
    if package is None or package.state != "active":
        raise Missing("collection", name)
    return author.show(uuid)


def _organization(author: Author, document: Any) -> model.Group:
    """The one that is named, or the only one in which the author may make datasets."""
    named = document.get(ORGANIZATION)
    if named is not None:
        found = model.Group.get(named) if isinstance(named, str) else None
        if found is None or not found.is_organization or found.state != "active":
            raise BadValue(named, ORGANIZATION, f"the name of an organization: {_names(_own_ones(author))}")
        return found
    own = _own_ones(author)
    if not own:
        raise toolkit.NotAuthorized(toolkit._("You may make datasets in no organization."))
    if len(own) > 1:
        raise BadMember(ORGANIZATION, f"say which organization the collection belongs to: {_names(own)}")
    found = model.Group.get(own[0])
    assert found is not None
    return found


def _own_ones(author: Author) -> list[str]:
    asked = {"id": author.user.id, "permission": "create_dataset"}
    return sorted(each["name"] for each in author.act("organization_list_for_user", asked))


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (", ".join(names[:_MOST_NAMED]) or "there is none in which you may make datasets") + more


def _private(document: Any, otherwise: bool) -> bool:
    said = document.get(PRIVATE)
    if said is not None and not isinstance(said, bool):
        raise BadValue(said, PRIVATE, "true or false")
    return otherwise if said is None else said


def _exists(collection: Collection, other: Collection) -> Exists:
    return Exists("collection", collection.id, same=collection == other)
