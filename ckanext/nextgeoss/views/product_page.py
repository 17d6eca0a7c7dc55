"""What the page of a product shows, made ready for its template."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ckan.plugins import toolkit

from .. import config
from ..eo import fast_json
from ..eo.asset import Asset
from ..eo.downloads import access
from ..eo.errors import BadConfiguration
from ..eo.formats.stac_others import write_others
from ..eo.product import Problem, Product, Value
from ..eo.properties import Properties
from ..eo.property import Property
from ..harvesters.provider_files import load_provider
from ..resources import by_use
from ..search.catalogue import Edition
from ..search.fields import COLLECTION
from ..search.index import readable_product
from ..search.titles import Described, collections, group_titles
from .footprints import feature, feature_collection, footprint_frame
from .images import quicklook_address
from .schema_org import JsonLd, product_dataset
from .words import box_text, extent_text, size_text, value_text

_DOWNLOADED = ("http://", "https://", "ftp://")
# said elsewhere on the page
_NOT_IN_TABLES = ("description",)


@dataclass(frozen=True, slots=True)
class Line:
    """A property as it is shown; `yes` is None unless it is a yes or no; `url` when it is an address."""

    label: str
    value: str
    unit: str = ""
    help: str = ""
    yes: bool | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Properties under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class File:
    """An asset as it is shown; `url` is empty when a browser cannot fetch its address.

    `provider` is who offers it; empty when that goes without saying."""

    asset: Asset
    provider: str
    format: str
    size: str
    algorithm: str
    checksum: str
    url: str


@dataclass(frozen=True, slots=True)
class Form:
    """Another form of the product: a link to its page, the titles of collection and provider."""

    title: str
    url: str
    collection: str
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """The context of the page of a product."""

    dataset: Mapping[str, Any]
    product: Product
    title: str
    description: str
    time: str
    access: str
    collection: Described
    collection_url: str
    # title and address of each topic, those of the collection included
    topics: tuple[tuple[str, str], ...]
    quicklook: bool
    facts: tuple[Line, ...]
    sections: tuple[Section, ...]
    files: tuple[File, ...]
    # the same measurements in other datasets, as files of another kind
    forms: tuple[Form, ...]
    # title and address of other editions of the same scene, the latest first
    newer: tuple[tuple[str, str], ...]
    older: tuple[tuple[str, str], ...]
    footprints: dict[str, Any]
    frame: str
    bbox: str
    json_ld: JsonLd
    may_edit: bool

    @property
    def iso_time(self) -> str:
        """The time for programs; "" when there is none."""
        return self.product.time.isoformat() if self.product.time else ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What of it cannot be read."""
        return self.product.problems


def product_page(
    dataset: Mapping[str, Any],
    properties: Properties,
    editions: Sequence[Edition] = (),
    *,
    may_edit: bool,
    other_forms: Callable[[Product, str], Iterable[Mapping[str, Any]]] = lambda product, uuid: (),
) -> ProductPage:
    """The page of a dataset of type `eo_product`; what of it cannot be read is among the problems.

    `editions` are all of its scene, the latest first; `other_forms` gives the search documents of other forms
    of the product."""
    product = readable_product(dataset, properties)
    title = dataset.get("title") or product.id
    collection = collections().get(product.collection, Described())
    description = str(product.properties.get("description") or dataset.get("notes") or "")
    newer, older = _others(editions, dataset["id"])
    return ProductPage(
        dataset=dataset,
        product=product,
        title=title,
        description=description,
        time=extent_text(product.time),
        access=access(product.assets),
        collection=collection,
        collection_url=_collection_url(collection),
        topics=tuple(_topics(dataset, collection)),
        quicklook=bool(quicklook_address(product.assets)),
        facts=tuple(_facts(product, properties)),
        sections=(*_sections(product.properties, properties), *_said_else(product.others)),
        files=tuple(_files(product, dataset)),
        forms=tuple(_forms(other_forms(product, dataset["id"]))),
        newer=newer,
        older=older,
        footprints=_footprints(product, dataset["name"], title),
        frame=footprint_frame(product.footprint),
        bbox=box_text(product.footprint),
        json_ld=_json_ld(dataset, product, description or title, collection),
        may_edit=may_edit,
    )


def _json_ld(dataset: Mapping[str, Any], product: Product, description: str, collection: Described) -> JsonLd:
    """What search engines read of it."""
    organization = dataset.get("organization") or {}
    return product_dataset(
        product,
        url=toolkit.url_for("nextgeoss_pages.product", id=dataset["name"], qualified=True),
        description=description,
        provider=organization.get("title") or organization.get("name") or "",
        collection_url=_collection_url(collection, qualified=True),
        keywords=[tag["name"] for tag in dataset.get("tags", ())],
    )


def _others(editions: Sequence[Edition], dataset_id: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Title and address of the editions that are newer than this one, and of those that are older."""
    places = [place for place, each in enumerate(editions) if each.id == dataset_id]
    if not places:  # not in the index yet, so that nobody knows
        return (), ()
    links = [(each.title, toolkit.url_for("nextgeoss_pages.product", id=each.name)) for each in editions]
    return tuple(links[: places[0]]), tuple(links[places[0] + 1 :])


def _collection_url(collection: Described, qualified: bool = False) -> str:
    if not collection.name:
        return ""
    return toolkit.url_for("nextgeoss_pages.collection", id=collection.name, qualified=qualified)


def _topics(dataset: Mapping[str, Any], collection: Described) -> Iterable[tuple[str, str]]:
    names = dict.fromkeys([*(group["name"] for group in dataset.get("groups", ())), *collection.topics])
    titles = group_titles(names) if names else {}
    for name in names:
        yield titles.get(name, name), toolkit.url_for("group.read", id=name)


def _facts(product: Product, properties: Properties) -> Iterable[Line]:
    """The few values that tell at a glance what the product is."""
    for name in ("platform", "instruments", "product_type", "processing_level", "cloud_cover", "gsd"):
        if name in product.properties and name in properties:
            yield _line(properties[name], product.properties[name])


def _sections(values: Mapping[str, Value], properties: Properties) -> Iterable[Section]:
    rows = [row for name, row in properties.items() if name in values and name not in _NOT_IN_TABLES]
    for title in dict.fromkeys(row.section for row in rows):
        lines = tuple(_line(row, values[row.name]) for row in rows if row.section == title)
        yield Section(toolkit._(title) if title else toolkit._("Properties"), lines)


def _said_else(others: str) -> Iterable[Section]:
    """What no row has a place for, by the names under which it was given."""
    said = write_others(others)
    if said:
        lines = [
            (name, value if isinstance(value, str) else fast_json.dumps(value))
            for name, value in said.items()
        ]
        yield Section(toolkit._("Other properties"), tuple(Line(*line) for line in lines))


def _line(row: Property, value: Value) -> Line:
    text = value_text(row, value)
    if row.choices and text:
        text = toolkit._(text)
    help = toolkit._(row.help) if row.help else ""
    return Line(
        toolkit._(row.label),
        text,
        row.unit,
        help,
        value if isinstance(value, bool) else None,
        _link(row, text),
    )


def _link(row: Property, text: str) -> str:
    if row.name == "doi":
        return f"https://doi.org/{text}"
    return text if text.startswith(("https://", "http://")) and " " not in text else ""


def _files(product: Product, dataset: Mapping[str, Any]) -> Iterable[File]:
    """The files with the data first; those of several providers tell whose they are.

    What several offer at one address under one key is one file."""
    offered: dict[str, dict[str, None]] = {}
    for resource in dataset.get("resources", ()):
        offered.setdefault(resource.get("url", ""), {})[resource.get("provider") or ""] = None
    by_several = len({provider for each in offered.values() for provider in each}) > 1
    distinct = {(asset.href, asset.key): asset for asset in reversed(product.assets)}
    for asset in by_use(reversed(distinct.values())):
        names = offered.get(asset.href, {}) if by_several else {}
        yield _file(asset, ", ".join(_provider_title(name, *config.provider_folders()) for name in names))


def _forms(documents: Iterable[Mapping[str, Any]]) -> Iterable[Form]:
    found = list(documents)
    titles = group_titles(each.get("organization") or "" for each in found) if found else {}
    for each in found:
        collection, provider = each.get(COLLECTION) or "", each.get("organization") or ""
        yield Form(
            title=each.get("title") or each["name"],
            url=toolkit.url_for("nextgeoss_pages.product", id=each["name"]),
            collection=collections().get(collection, Described()).title or collection,
            provider=titles.get(provider, provider),
        )


@cache
def _provider_title(provider_id: str, *folders: Path) -> str:
    """What the provider's file calls it; the id itself when there is no such file any more."""
    try:
        return load_provider(provider_id, *folders).title
    except BadConfiguration:
        return provider_id


def _file(asset: Asset, provider: str) -> File:
    algorithm, _, checksum = asset.checksum.partition(":")
    url = asset.href if asset.href.lower().startswith(_DOWNLOADED) else ""
    return File(asset, provider, asset.media_type, size_text(asset.size), algorithm, checksum, url)


def _footprints(product: Product, name: str, title: str) -> dict[str, Any]:
    found = [feature(name, title, "", product.footprint.geojson)] if product.footprint else []
    return feature_collection(found)
