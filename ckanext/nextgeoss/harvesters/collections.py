"""Collections as datasets: made and kept up to date when a source is gathered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from ckan import model
from ckan.lib.search.common import SearchIndexError
from ckan.plugins import toolkit

from ..eo.collection import Collection, load_registry
from ..eo.product import dataset_name
from ..package import collection_uuid, dataset_from_collection
from ..search.outbox import enqueue
from .offers import Terms
from .terms import action_context, create_dataset

log = logging.getLogger(__name__)


def put_collections(wanted: Iterable[str], described: Mapping[str, Collection], terms: Terms) -> None:
    """Make or update the datasets of these collections (our ids), from what provider and registry say."""
    registry = load_registry()
    for name in wanted:
        known = registry.canonical(name)
        said = described.get(name) or Collection(id=name)
        put_collection(completed(said, known) if known else said, terms)


def completed(said: Collection, known: Collection) -> Collection:
    """What the provider says, and where it is silent what the registry says."""
    missing = {
        field.name: getattr(known, field.name)
        for field in fields(Collection)
        if not getattr(said, field.name) and getattr(known, field.name)
    }
    aliases = tuple(dict.fromkeys((*known.aliases, *said.aliases)))
    return replace(said, **missing | {"aliases": aliases, "product_key": known.product_key})


def put_collection(collection: Collection, terms: Terms) -> None:
    """Make the dataset of a collection, or update it when it belongs to the same provider and differs."""
    shared = model.Package.get(collection_uuid(collection.id))
    uuid = shared.id if shared else collection_uuid(collection.id, terms.scope)
    name = dataset_name(collection.id, uuid, unique=True)
    dataset = dataset_from_collection(collection, owner_org=terms.owner_org, uuid=uuid, name=name)
    dataset["private"] = terms.private
    found = model.Package.get(uuid)
    if found is None:
        # the indexer sees to the index: a Solr that is away does not end a gathering
        create_dataset(dataset, collection.id, commit=False)
        enqueue(model.Session(), [uuid])
        model.Session.commit()
    elif found.state == "active" and found.owner_org == terms.owner_org:
        _update(uuid, dataset)


def _update(uuid: str, dataset: dict[str, Any]) -> None:
    stored = toolkit.get_action("package_show")(action_context() | {"use_cache": False}, {"id": uuid})
    said = {key: value for key, value in dataset.items() if key not in ("name", "tags", "private")}
    tags = {tag["name"] for tag in dataset.get("tags", ())}
    same = all(stored.get(key) == value for key, value in said.items())
    if same and tags <= {tag["name"] for tag in stored["tags"]}:
        return
    merged = {**stored, **said, "tags": dataset.get("tags", stored["tags"])}
    try:
        toolkit.get_action("package_update")(action_context(), merged)
    except SearchIndexError as error:  # Solr is away: CKAN has written nothing, the next gathering does it
        model.Session.rollback()
        log.warning("Collection %s is not updated: %s", stored["name"], error)
