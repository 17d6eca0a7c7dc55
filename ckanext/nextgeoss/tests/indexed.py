"""Products put into the index as the indexer would, without rows in the database: all that answers need."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from ckan.common import config

from ckanext.nextgeoss.config import eo_properties
from ckanext.nextgeoss.eo.product import Product, dataset_name, product_uuid
from ckanext.nextgeoss.package import PRODUCT_TYPE, dataset_from_product
from ckanext.nextgeoss.search.catalogue import client, core
from ckanext.nextgeoss.search.index import product_document

_ORGANIZATION = {"id": "0" * 36, "name": "indexed", "title": "Indexed", "type": "organization"}
_WHEN = "2024-06-01T12:00:00.123456"


def uuid_of(product: Product) -> str:
    """The id of the dataset of a product."""
    return product_uuid(product.collection, product.id)


def key_of(product: Product) -> str:
    """The unique key of the document of a product, the last thing that orders results."""
    return hashlib.md5((uuid_of(product) + config["ckan.site_id"]).encode()).hexdigest()


@contextmanager
def indexed(products: Iterable[Product], labels: tuple[str, ...] = ("public",)) -> Iterator[None]:
    """The products can be found by those with one of the permission `labels` until the block ends."""
    documents = [_document(product, labels) for product in products]
    client().add(documents, commit=True)
    try:
        yield
    finally:
        client().delete_keys([document["index_id"] for document in documents])
        client().show_changes(wait=True)


def _document(product: Product, labels: tuple[str, ...]) -> dict[str, object]:
    uuid, private = uuid_of(product), "public" not in labels
    dataset = dataset_from_product(
        product, owner_org="0" * 36, uuid=uuid, name=dataset_name(product.id, uuid), private=private
    )
    dataset |= {
        "organization": _ORGANIZATION, "state": "active", "groups": [], "extras": [],
        "metadata_created": _WHEN, "metadata_modified": _WHEN,
    }  # fmt: skip
    for number, resource in enumerate(dataset["resources"]):
        resource |= {"id": f"{uuid}-{number}", "package_id": uuid, "state": "active"}
    text = json.dumps(dataset)
    document = {
        "id": uuid, "index_id": key_of(product), "site_id": config["ckan.site_id"],
        "entity_type": "package", "dataset_type": PRODUCT_TYPE, "state": "active", "name": dataset["name"],
        "title": dataset["title"], "title_string": dataset["title"], "notes": dataset["notes"],
        "organization": "indexed", "groups": [], "capacity": "private" if private else "public",
        "permission_labels": list(labels), "metadata_created": f"{_WHEN}Z", "metadata_modified": f"{_WHEN}Z",
        "data_dict": text, "validated_data_dict": text,
    }  # fmt: skip
    return product_document(document, eo_properties(), core().fields)
