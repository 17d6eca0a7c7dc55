"""Search documents of products, made of rows as CKAN and the known plugins make them of each dataset."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from ..eo.errors import BadValue
from ..eo.placed import Placed, place_stored
from ..eo.product import Problem
from ..eo.properties import Properties
from ..eo.temporal import TemporalExtent
from ..resources import asset_from_resource
from .fields import edition_fields, fixed_fields
from .index import Document, access, found_by, product_fields, readable_product, twin_names
from .rows import Harvested, Rows
from .shown import Dataset, License, Show, Shown

# fields of CKAN's that an extra of the same name does not replace
RESERVED = frozenset((
    "entity_type", "res_url", "text", "urls", "indexed_ts", "site_id", "tags", "groups", "res_name",
    "res_description", "res_format", "res_type", "data_dict", "validated_data_dict", "title_string",
    "resources", "extras", "organization", "relationships_as_subject", "relationships_as_object",
))  # fmt: skip
_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RESOURCE_FIELDS = (
    ("name", "res_name"),
    ("description", "res_description"),
    ("format", "res_format"),
    ("resource_type", "res_type"),
)


class NotPlain(Exception):
    """A dataset that only CKAN's own functions make a document of."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is the same for all products of a batch, and what asks others."""

    site_id: str
    properties: Properties
    # fields of the core
    known: Collection[str]
    show: Show
    licenses: Mapping[str, License]
    # columns of resources that `ckan.extra_resource_fields` adds to documents
    resource_fields: Sequence[str] = ()
    # dictionaries of groups in the order of a dataset's list, of organizations, by id
    groups: Mapping[str, Dataset] = field(default_factory=dict[str, Dataset])
    organizations: Mapping[str, Dataset] = field(default_factory=dict[str, Dataset])
    topics_of: Callable[[str], Iterable[str]] = lambda collection: ()
    # before the validated dataset is written
    after_show: Callable[[Dataset], None] | None = None
    before_resource_show: Callable[[Dataset], None] | None = None


def product_documents(rows: Rows, site: Site) -> tuple[dict[str, Document], list[str]]:
    """Documents by dataset id, without the fields of other plugins and permission labels, and the ids of
    those datasets that are to be made by CKAN itself."""
    places = _places(rows.packages)
    found: dict[str, Document] = {}
    left: list[str] = []
    for package in rows.packages:
        package_id = package["id"]
        try:
            found[package_id] = _document(package, rows, site, places.get(package_id))
        except (NotPlain, KeyError, TypeError, ValueError, AttributeError):
            left.append(package_id)
    return found, left


def write_document(document: Document) -> bytes:
    """The JSON of a document as CKAN's client sends it: without empty fields."""
    return orjson.dumps({key: value for key, value in document.items() if value is not None and value != ""})


def _places(packages: Iterable[Mapping[str, Any]]) -> dict[str, Placed | None]:
    texts = {package["id"]: package["extras"].get("spatial") for package in packages}
    texts = {package_id: text for package_id, text in texts.items() if text}
    return dict(zip(texts, place_stored(list(texts.values())), strict=True)) if texts else {}


def _document(package: Mapping[str, Any], rows: Rows, site: Site, place: Placed | None) -> Document:
    package_id, extras = package["id"], package["extras"]
    tags = rows.tags.get(package_id, ())
    if package_id in rows.related or any(tag[2] for tag in tags):
        raise NotPlain
    resources = rows.resources.get(package_id, ())
    if any(resource["url_type"] == "upload" for resource in resources):
        raise NotPlain
    members = rows.groups.get(package_id, ())
    groups = [group for i, group in site.groups.items() for _ in range(members.count(i))] if members else []
    organization = site.organizations.get(package["owner_org"] or "")
    license = _license(package["license_id"], site)
    shown = site.show.show(package, resources, tags, groups, organization, license, site.before_resource_show)
    if site.after_show:
        site.after_show(shown.custom)
    document = _own_fields(shown.default, extras, site)
    others = _other_extras(document, extras, site.properties)
    topics = site.topics_of(extras.get("collection_id", ""))
    try:
        words, typed = _read_fields(shown, place, document, topics, site)
    except (BadValue, TypeError, ValueError, KeyError, AttributeError):
        # something of it cannot be read: part by part, with notes of what
        product = readable_product(shown.custom, site.properties)
        words = found_by(product, site.properties)
        typed = product_fields(product, document, site.properties, site.known, topics)
    document["text"] = [*words, *others]
    document |= typed
    _add_harvest(document, shown, rows.harvested.get(package_id))
    document["data_dict"] = orjson.dumps(shown.default).decode()
    document["validated_data_dict"] = orjson.dumps(shown.custom).decode()
    return document


def _license(license_id: str | None, site: Site) -> License:
    return site.licenses.get(license_id or "") or License(license_id)


def _own_fields(dataset: Dataset, extras: Mapping[str, str], site: Site) -> Document:
    """The fields CKAN makes of a dataset under its default schema, extras aside."""
    document = {key: value for key, value in dataset.items() if not isinstance(value, list)}
    title = document["title"]
    document["title_string"] = _ILLEGAL.sub("", title)
    document["title"] = document["title_string"].lstrip()
    if document["notes"]:
        document["notes"] = _ILLEGAL.sub("", document["notes"])
    document["tags"] = [tag["name"] for tag in dataset["tags"]]
    document["capacity"] = "private" if dataset["private"] else "public"
    document["groups"] = [group["name"] for group in dataset["groups"]]
    document["organization"] = dataset["organization"]["name"] if dataset["organization"] else None
    if resources := dataset["resources"]:
        for name, target in _RESOURCE_FIELDS:
            document[target] = [resource.get(name, "") for resource in resources]
        for name in site.resource_fields:
            document[f"res_extras_{name}"] = [resource.get(name, "") for resource in resources]
    document["entity_type"], document["dataset_type"] = "package", dataset["type"]
    document["metadata_created"] += "Z"
    document["metadata_modified"] += "Z"
    document["site_id"] = site.site_id
    identity = (dataset["id"] + site.site_id).encode()
    document["index_id"] = hashlib.md5(identity).hexdigest()  # noqa: S324 (a name, as CKAN makes it)
    return document


def _other_extras(document: Document, extras: Mapping[str, str], properties: Properties) -> list[str]:
    """Add extras that have no typed field under their own names; gives their texts."""
    twins = _twins(properties)
    others = [name for name in extras if name not in twins]
    for name in others:
        if not _PLAIN_KEY.fullmatch(name) or name.endswith("_date"):
            raise NotPlain
        if name not in document and name not in RESERVED:
            document[name] = extras[name]
    return [extras[name] for name in others]


def _read_fields(
    shown: Shown, place: Placed | None, document: Document, topics: Iterable[str], site: Site
) -> tuple[list[str], dict[str, Any]]:
    """The words a product is found by and its typed fields, without making a `Product` of it."""
    custom, readings = shown.custom, shown.readings
    if shown.problem or (place is None and custom.get("spatial")):
        raise ValueError(shown.problem)
    ordered = [readings[name] for name in sorted(readings)]
    words = [custom["identifier"], custom["collection_id"], *(each.words for each in ordered if each.words)]
    fixed = fixed_fields(
        custom["collection_id"],
        custom["identifier"],
        TemporalExtent.of(custom.get("timerange_start") or None, custom.get("timerange_end") or None),
        place,
        [Problem(**problem) for problem in custom.get("problems") or ()],
        provider=document["organization"] or "",
        topics=[*topics, *document["groups"]],
        access=access(asset_from_resource(resource) for resource in custom["resources"]),
    )
    typed = {site.properties[name].solr: reading.typed for name, reading in readings.items()}
    edition = edition_fields(custom["collection_id"], custom["identifier"], typed, site.properties)
    return words, {name: value for name, value in (fixed | typed | edition).items() if name in site.known}


def _add_harvest(document: Document, shown: Shown, harvested: Harvested | None) -> None:
    """As ckanext-harvest's `before_dataset_index`."""
    if harvested is None:
        return
    pairs = {
        "harvest_object_id": harvested.object_id,
        "harvest_source_id": harvested.source_id,
        "harvest_source_title": harvested.source_title,
    }
    for dataset in (shown.default, shown.custom):
        extras = dataset.get("extras") or []
        there = {extra["key"]: extra for extra in extras}
        for key, value in pairs.items():
            if key in dataset:
                dataset[key] = value
            elif key in there:
                there[key]["value"] = value
            else:
                extras.append({"key": key, "value": value})
        dataset["extras"] = extras
    for key, value in pairs.items():
        document.setdefault(key, value)


def _twins(properties: Properties) -> Collection[str]:
    if _remembered.get("of") is not properties:
        _remembered.update(of=properties, names=frozenset(twin_names(properties)))
    return _remembered["names"]


_remembered: dict[str, Any] = {}
