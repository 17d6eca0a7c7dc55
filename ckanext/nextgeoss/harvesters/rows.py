"""A dataset of our making as the rows that CKAN keeps of it, as `package_create` would write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..eo.product import Product
from ..eo.properties import Properties
from ..eo.property import Property
from ..eo.text import list_text
from ..package import Dataset

_FIXED = (
    "identifier", "collection_id", "spatial", "timerange_start", "timerange_end", "other_properties",
)  # fmt: skip
MAX_IDENTIFIER = 1000


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """What a harvest says of one resource; `extras` as the JSON text that is stored."""

    id: str
    url: str
    format: str
    name: str | None
    hash: str
    mimetype: str | None
    size: int | None
    extras: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DatasetRows:
    """What a harvest says of one dataset, without what only the database knows."""

    id: str
    name: str
    title: str
    notes: str
    owner_org: str
    private: bool
    extras: Mapping[str, str]
    resources: tuple[ResourceRow, ...]
    tags: tuple[str, ...]


def dataset_rows(
    dataset: Dataset, product: Product, properties: Properties, format_of: Callable[[str], str]
) -> DatasetRows:
    """The rows of a dataset that was composed with `product` as the best that is said of it.

    `format_of` gives CKAN's spelling of a resource format."""
    return DatasetRows(
        id=dataset["id"],
        name=dataset["name"],
        title=dataset["title"],
        notes=dataset["notes"],
        owner_org=dataset["owner_org"],
        private=dataset["private"],
        extras=dict(_extras(dataset, product, properties)),
        resources=tuple([_resource(resource, format_of) for resource in dataset["resources"]]),
        tags=tuple([tag["name"] for tag in dataset["tags"]]),
    )


def refused_because(product: Product) -> str:
    """Why our schema refuses a product whose values are all well-formed already; "" when it does not."""
    for name, value in (("identifier", product.id), ("collection_id", product.collection)):
        if not value.strip():
            return f"{name}: Missing value"
        if len(value.strip()) > MAX_IDENTIFIER:
            return f"{name}: {len(value.strip())} characters; at most {MAX_IDENTIFIER} are allowed"
        if not value.strip().isprintable():
            return f"{name}: {value!r} holds control characters; only printable ones are allowed"
    return ""


def _extras(dataset: Dataset, product: Product, properties: Properties) -> Iterator[tuple[str, str]]:
    for name in _FIXED:
        if dataset.get(name):
            yield name, dataset[name].strip()
    if dataset.get("problems"):
        yield "problems", json.dumps(dataset["problems"], ensure_ascii=False, sort_keys=True)
    for name, value in product.properties.items():
        if name in properties and value not in ("", ()):
            yield name, Property.to_text(value)


def _resource(resource: Mapping[str, Any], format_of: Callable[[str], str]) -> ResourceRow:
    extras = {name: resource[name] for name in ("key", "provider") if resource.get(name)}
    if resource.get("roles"):
        extras["roles"] = list_text(tuple(resource["roles"]))
    return ResourceRow(
        id=resource["id"],
        url=resource["url"].strip(),
        format=format_of(resource["format"]) if resource.get("format") else "",
        name=resource.get("name"),
        hash=resource.get("hash") or "",
        mimetype=resource.get("mimetype"),
        size=resource.get("size"),
        extras=extras,
    )
