"""The search document of a dataset: CKAN's own, made slim and given our typed fields."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from ..eo.downloads import access
from ..eo.errors import BadValue
from ..eo.page import Entry
from ..eo.product import Problem, Product, Value
from ..eo.properties import Properties
from ..eo.property import Property
from ..package import product_from_dataset
from . import fields

Document = dict[str, Any]

_PARTS = ("spatial", "timerange_start", "timerange_end", "other_properties", "problems")
# what users and automatic checks say, by the names of Entry.feedback
FEEDBACK = {
    "average": fields.RATING,
    "ratings": fields.REVIEWS,
    "items": fields.FEEDBACK_ITEMS,
    "latest": fields.LATEST_FEEDBACK,
    "open_issues": fields.OPEN_ISSUES,
    "fit_for": fields.FIT_FOR,
    "publications": fields.PUBLICATIONS,
    "metadata_score": fields.METADATA_SCORE,
    "metadata_band": fields.METADATA_BAND,
}
_TWINS = ("identifier", "collection_id", *_PARTS)
# addresses of files, which Solr takes apart into words twice: a quarter of its work, and nobody's words
_LEFT_OUT = "res_url"


def product_document(
    document: Document, properties: Properties, known: Collection[str], topics: Iterable[str] = ()
) -> Document:
    """CKAN's document of a product with typed fields in place of the texts of its extras; only fields `known`
    to the core are added. What cannot be read is noted in eo_problem, never an error."""
    product = readable_product(json.loads(document["validated_data_dict"]), properties)
    twins = {name for name in twin_names(properties) if f"extras_{name}" in document}
    kept = {
        key: value
        for key, value in document.items()
        if key not in twins and key != _LEFT_OUT and not key.startswith("extras_")
    }
    others = {
        key: value
        for key, value in document.items()
        if key.startswith("extras_") and key.removeprefix("extras_") not in twins
    }
    kept["text"] = [*found_by(product, properties), *(str(value) for value in others.values())]
    return kept | product_fields(product, document, properties, known, topics)


def product_fields(
    product: Product,
    document: Document,
    properties: Properties,
    known: Collection[str],
    topics: Iterable[str] = (),
) -> dict[str, Any]:
    """The typed fields of a product for its document, which names its organization and groups."""
    typed = fields.solr_fields(
        product,
        provider=document.get("organization") or "",
        topics=[*topics, *document.get("groups", ())],
        access=access(product.assets),
        properties=properties,
    )
    return _known(typed, known)


def twin_names(properties: Properties) -> tuple[str, ...]:
    """The extras of a product that have typed fields, and need no text of their own."""
    return (*_TWINS, *properties)


def other_document(document: Document, properties: Properties, known: Collection[str]) -> Document:
    """CKAN's document of any other dataset with typed fields for place, time and properties in its extras."""
    names = twin_names(properties)
    extras = {name: document[f"extras_{name}"] for name in names if document.get(f"extras_{name}")}
    provider, topics = document.get("organization") or "", document.get("groups", ())
    typed = fields.solr_fields(
        readable_product(extras, properties, stored=False),
        provider=provider,
        topics=topics,
        properties=properties,
    )
    typed = _known(typed, known)
    left_out = ("spatial", "extras_spatial") if fields.FOOTPRINT in known else ()
    return {key: value for key, value in document.items() if key not in left_out} | typed


def with_ngrams(document: Document) -> Document:
    """The document found by parts of its name and title, which Solr's schema leaves to us."""
    return document | {"name_ngram": document["name"], "title_ngram": document.get("title") or ""}


def readable_product(dataset: Mapping[str, Any], properties: Properties, *, stored: bool = True) -> Product:
    """What can be read of a dataset as a product; what cannot is among its problems. Datasets of other types
    are not `stored` as we would."""
    whole = {"identifier": "", "collection_id": "", **dataset}
    try:
        return product_from_dataset(whole, properties, stored=stored)
    except (BadValue, TypeError, ValueError, KeyError, AttributeError):
        return _piecewise(whole, properties)


def entry_of(
    dataset: Mapping[str, Any], product: Product, document: Mapping[str, Any] | None = None
) -> Entry:
    """What the catalogue knows of a product besides it, from its dataset as it is indexed, and from the
    fields of its document that tell what users say."""
    providers = tuple(resource.get("provider") or "" for resource in dataset.get("resources", ()))
    # resources that cannot be read are no assets
    offered = providers if len(providers) == len(product.assets) else ()
    return replace(dataset_entry(dataset, document), access=access(product.assets), offered_by=offered)


def dataset_entry(dataset: Mapping[str, Any], document: Mapping[str, Any] | None = None) -> Entry:
    """What the catalogue knows of a dataset as it is indexed; what users say of it is in its document."""
    organization = dataset.get("organization") or {}
    said = {name: document[key] for name, key in FEEDBACK.items() if key in document} if document else {}
    return Entry(
        uuid=dataset["id"],
        name=dataset["name"],
        provider=organization.get("name") or "",
        provider_title=organization.get("title") or organization.get("name") or "",
        created=_ckan_time(dataset.get("metadata_created")),
        modified=_ckan_time(dataset.get("metadata_modified")),
        private=bool(dataset.get("private")),
        feedback=said,
    )


def _ckan_time(text: str | None) -> datetime | None:
    """A time of CKAN's, which is UTC and does not say so."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc) if text else None


def found_by(product: Product, properties: Properties) -> Iterator[str]:
    """The words of a product that people search for: its names and all its texts."""
    yield product.id
    yield product.collection
    for name, value in product.properties.items():
        if name in properties and (words := found_by_value(properties[name], value)):
            yield words


def found_by_value(row: Property, value: Value) -> str:
    """The words of a property that people search for; "" when there are none."""
    if row.type not in ("text", "list"):
        return ""
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _known(typed: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if name in known}


def _piecewise(dataset: Mapping[str, Any], properties: Properties) -> Product:
    """Read each part alone, so that a bad one takes no good one along."""
    good: dict[str, Any] = {"identifier": str(dataset["identifier"]), "title": dataset.get("title") or ""}
    good["collection_id"] = str(dataset["collection_id"])
    problems: list[Problem] = []
    for name in ("resources", *_PARTS, *properties):
        value = dataset.get(name)
        if value in (None, "", []):
            continue
        try:
            product_from_dataset(good | {name: value}, properties)
        except (BadValue, TypeError, ValueError, KeyError, AttributeError) as error:
            problems.append(Problem(name, str(error)))
        else:
            good[name] = value
    product = product_from_dataset(good, properties)
    return replace(product, problems=(*product.problems, *problems))
