"""A product's dataset as it becomes when the product is told anew: what people put to it stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ..eo.page import Entry
from ..eo.product import Product
from ..eo.properties import Properties
from ..package import dataset_from_product
from ..resources import asset_from_resource

Dataset = dict[str, Any]
# made of a product besides its properties
_MADE = ("spatial", "timerange_start", "timerange_end", "other_properties", "problems")
# CKAN's own to tell
_CKANS = ("metadata_created", "metadata_modified", "num_resources", "num_tags", "organization")
# of a resource, what an asset tells; its place is where it stands in the list
_TOLD = ("key", "url", "name", "roles", "format", "mimetype", "size", "hash")


def changed_dataset(
    existing: Mapping[str, Any], old: Product, product: Product, properties: Properties
) -> Dataset:
    """The dataset `existing`, which says `old`, as it says `product`: topics, files, tags and contacts that
    people have added stay, and who owns and sees it."""
    made = _dataset(existing, product)
    by_old = {tag["name"] for tag in _dataset(existing, old)["tags"]}
    told = {tag["name"] for tag in made["tags"]}
    peoples = [tag["name"] for tag in existing.get("tags", ()) if tag["name"] not in by_old | told]
    kept = {
        name: value
        for name, value in existing.items()
        if name not in properties.names and name not in _MADE and name not in _CKANS
    }
    tags = [*made["tags"], *({"name": name} for name in peoples)]
    resources = _resources(made["resources"], existing.get("resources", ()))
    return {**kept, **made, "tags": tags, "resources": resources}


def without_our_times(product: Product, old: Product, entry: Entry) -> Product:
    """The product without the times that only we have told of it: when it came, and was changed, here."""
    ours = [name for name in ("created", "updated") if name not in old.properties]
    since = entry.created and entry.created - timedelta(seconds=1)
    properties = {
        name: value
        for name, value in product.properties.items()
        if not (name in ours and since and isinstance(value, datetime) and value >= since)
    }
    return replace(product, properties=properties)


def _dataset(existing: Mapping[str, Any], product: Product) -> Dataset:
    return dataset_from_product(
        product,
        owner_org=existing["owner_org"],
        uuid=existing["id"],
        name=existing["name"],
        private=bool(existing.get("private")),
    )


def _resources(told: Iterable[Dataset], existing: Iterable[Mapping[str, Any]]) -> list[Dataset]:
    """Those that are told, each as the one of its key where that says as much; then those that people added
    (with neither key nor provider), and those that an asset of the same key hides."""
    there = [dict(resource) for resource in existing]
    shown = {asset_from_resource(resource).key: resource["id"] for resource in there}
    by_key = {asset_from_resource(resource).key: resource for resource in there}
    result: list[Dataset] = []
    for resource in told:
        old = by_key.get(resource["key"])
        result.append(_renewed(old, resource) if old else resource)
    keys, used = (
        {resource["key"] for resource in result if resource.get("key")},
        {r.get("id") for r in result},
    )
    for resource in there:
        key = asset_from_resource(resource).key
        peoples = not resource.get("key") and not resource.get("provider")
        hidden = key in keys and shown[key] != resource["id"]
        if resource["id"] not in used and (peoples or hidden):
            result.append(_unplaced(resource))
    return result


def _renewed(old: Mapping[str, Any], told: Dataset) -> Dataset:
    """The resource that was there as it is told now. One that says less than before is a new one: CKAN would
    keep what is not said any more."""
    if asset_from_resource(old) == asset_from_resource(told):
        return _unplaced(old)
    others = {name: value for name, value in _unplaced(old).items() if name not in _TOLD}
    if old.get("url") != told["url"] or any(old.get(name) and not told.get(name) for name in _TOLD):
        provider = old.get("provider")
        return told | ({"provider": provider} if provider else {})
    return {**others, **told}


def _unplaced(resource: Mapping[str, Any]) -> Dataset:
    return {name: value for name, value in resource.items() if name != "position"}
