"""Products and collections as CKAN datasets, and datasets as products: plain dictionaries both ways."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from .eo import fast_json
from .eo.collection import Collection
from .eo.errors import BadValue
from .eo.footprint import Footprint
from .eo.product import Problem, Product, Value, dataset_name, product_uuid
from .eo.properties import Properties, load_properties
from .eo.temporal import TemporalExtent, format_time
from .resources import asset_from_resource, by_use, resource_from_asset

Dataset = dict[str, Any]

_EMPTY = (None, "", ())

PRODUCT_TYPE = "eo_product"
COLLECTION_TYPE = "eo_collection"
# what CKAN calls a dataset of no special type
ORDINARY_TYPE = "dataset"

# properties whose values are worth a tag, in the order in which people narrow down
TAGGED = (
    "constellation",
    "mission",
    "platform",
    "instruments",
    "product_type",
    "processing_level",
    "keywords",
)
MAX_TAGS = 20

COLLECTION_LISTS = ("platforms", "instruments", "providers", "aliases", "supersedes")
COLLECTION_TEXTS = ("doi", "citation", "thumbnail", "product_key")


def dataset_from_product(
    product: Product,
    *,
    owner_org: str,
    uuid: str,
    name: str,
    private: bool = False,
    provider_id: str = "",
) -> Dataset:
    """The dataset for `package_create` that says all `product` says; `provider_id` marks its resources."""
    dataset = dataset_frame(
        product, owner_org=owner_org, uuid=uuid, name=name, private=private, provider_id=provider_id
    )
    dataset |= {key: _plain(value) for key, value in product.properties.items()}
    return dataset


def dataset_frame(
    product: Product,
    *,
    owner_org: str,
    uuid: str,
    name: str,
    private: bool = False,
    provider_id: str = "",
) -> Dataset:
    """That dataset without the EO properties."""
    dataset: Dataset = {
        "type": PRODUCT_TYPE,
        "id": uuid,
        "name": name,
        "title": product.title or product.id,
        "notes": summary(product),
        "owner_org": owner_org,
        "private": private,
        "identifier": product.id,
        "collection_id": product.collection,
        "tags": [{"name": tag} for tag in tags(_tag_words(product.properties))],
        "resources": [resource_from_asset(asset, provider_id) for asset in by_use(product.assets)],
    }
    dataset |= _extent(product.footprint, product.time)
    if product.others:
        dataset["other_properties"] = product.others
    if product.problems:
        dataset["problems"] = [{"where": p.where, "reason": p.reason} for p in product.problems]
    return dataset


def product_from_dataset(
    dataset: Mapping[str, Any], properties: Properties | None = None, *, stored: bool = False
) -> Product:
    """The product a dataset of type `eo_product` was made of, its data assets first; BadValue when a value
    cannot be read. A title that only repeats the identifier counts as none. What we have `stored` ourselves
    is not normalised and checked again."""
    properties = load_properties() if properties is None else properties
    identifier = dataset["identifier"]
    title = dataset.get("title") or ""
    return Product(
        id=identifier,
        collection=dataset["collection_id"],
        title="" if title == identifier else title,
        footprint=_footprint(dataset.get("spatial"), stored=stored),
        time=_time(dataset),
        properties=dict(_properties(dataset, properties, stored=stored)),
        assets=tuple(asset_from_resource(resource) for resource in dataset.get("resources", ())),
        others=_others(dataset.get("other_properties")),
        problems=tuple(Problem(**problem) for problem in dataset.get("problems") or ()),
    )


def collection_uuid(collection_id: str, scope: str = "") -> str:
    """The id of a collection's dataset (UUIDv5); `scope` as for products."""
    return product_uuid(COLLECTION_TYPE, collection_id, scope)


def dataset_from_collection(
    collection: Collection, *, owner_org: str, uuid: str = "", name: str = ""
) -> Dataset:
    """The dataset of type `eo_collection` that describes `collection`, without its empty parts; id and name
    are made of the collection's id unless given (give them where another may have taken the name)."""
    uuid = uuid or collection_uuid(collection.id)
    name = name or dataset_name(collection.id, uuid, unique=True)
    dataset: Dataset = {
        "type": COLLECTION_TYPE,
        "id": uuid,
        "name": name,
        "title": collection.title or collection.id,
        "notes": collection.description,
        "owner_org": owner_org,
        "collection_id": collection.id,
        "license_id": collection.license,
        "doi": collection.doi,
        "citation": collection.citation,
        "platforms": list(collection.platforms),
        "instruments": list(collection.instruments),
        "providers": list(collection.providers),
        "aliases": list(collection.aliases),
        "supersedes": list(collection.supersedes),
        "thumbnail": collection.thumbnail,
        "product_key": collection.product_key,
        "tags": [{"name": tag} for tag in tags(collection.keywords)],
    }
    dataset |= _extent(collection.footprint, collection.time)
    return {key: value for key, value in dataset.items() if value not in ("", [])}


def collection_from_dataset(dataset: Mapping[str, Any]) -> Collection:
    """The collection a dataset of type `eo_collection` describes; its keywords are the tags."""
    parts: Dataset = {key: tuple(dataset.get(key) or ()) for key in COLLECTION_LISTS}
    parts |= {key: dataset.get(key) or "" for key in COLLECTION_TEXTS}
    title = dataset.get("title") or ""
    return Collection(
        id=dataset["collection_id"],
        title="" if title == dataset["collection_id"] else title,
        description=dataset.get("notes") or "",
        license=dataset.get("license_id") or "",
        keywords=tuple(tag["name"] for tag in dataset.get("tags", ())),
        footprint=_footprint(dataset.get("spatial")),
        time=_time(dataset),
        **parts,
    )


def summary(product: Product) -> str:
    """One line for people: "sentinel-2a MSI L2A, 2024-05-01, 3 % cloud", or what the provider says."""
    values = product.properties
    if values.get("description"):
        return str(values["description"])
    instruments = [str(word).upper() for word in _words(values.get("instruments"))]
    what = [_text(values.get("platform")), *instruments]
    what.append(_text(values.get("processing_level")) or _text(values.get("product_type")))
    day = product.time.start or product.time.end
    cloud = values.get("cloud_cover")
    parts = [
        " ".join(word for word in what if word) or product.collection,
        day.date().isoformat() if day else "",
        f"{cloud:.0f} % cloud" if isinstance(cloud, int | float) else "",
    ]
    return ", ".join(part for part in parts if part)


def tags(words: Iterable[str]) -> list[str]:
    """`words` as distinct CKAN tags: letters, digits, space, `-_.`, 2 to 100 characters."""
    found = dict.fromkeys(tag for word in words if len(tag := _tag(word)) >= 2)
    return list(found)[:MAX_TAGS]


@lru_cache(maxsize=4096)  # thousands of products say the same few words
def _tag(word: str) -> str:
    tag = re.sub(r"[^\w \-.]+", " ", unicodedata.normalize("NFC", word).lower())
    return re.sub(r"\s+", " ", tag).strip()[:100].strip()


def _extent(footprint: Footprint | None, time: TemporalExtent) -> Dataset:
    extent: Dataset = {}
    if footprint is not None:
        extent["spatial"] = spatial_text(footprint)
    if time.start:
        extent["timerange_start"] = format_time(time.start)
    if time.end:
        extent["timerange_end"] = format_time(time.end)
    return extent


def spatial_text(footprint: Footprint) -> str:
    """The GeoJSON text that is stored: no white space, keys in one order."""
    return fast_json.geometry(footprint.geojson)


def _footprint(spatial: str | None, *, stored: bool = False) -> Footprint | None:
    read = Footprint.stored if stored else Footprint.from_geojson
    return read(spatial) if spatial else None


def _others(text: Any) -> str:
    if text and not isinstance(fast_json.loads(text), dict):
        raise BadValue(text, "other_properties", "the text of a JSON object")
    return text or ""


def _time(dataset: Mapping[str, Any]) -> TemporalExtent:
    return TemporalExtent.of(dataset.get("timerange_start") or None, dataset.get("timerange_end") or None)


def _properties(
    dataset: Mapping[str, Any], properties: Properties, *, stored: bool = False
) -> Iterator[tuple[str, Value]]:
    for name in properties.names & dataset.keys():
        value = dataset[name]
        if isinstance(value, list):
            value = tuple(value)
        if value not in _EMPTY:
            as_it_is = stored and type(value) is properties.stored_types[name]
            yield name, value if as_it_is else properties.parsed(name, value)


def _plain(value: Value) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    return list(value) if isinstance(value, tuple) else value


def _tag_words(values: Mapping[str, Value]) -> Iterator[str]:
    for name in TAGGED:
        yield from _words(values.get(name))


def _words(value: Value | None) -> list[str]:
    if value is None or value == "":
        return []
    return [str(word) for word in value] if isinstance(value, tuple) else [str(value)]


def _text(value: Value | None) -> str:
    return "" if value is None else str(value)
