"""Records of datasets, made of their rows: as tolerant as can be, since what is wrong is to be found."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from ...eo import fast_json
from ...eo.asset import Asset
from ...eo.collection import Collection, CollectionRegistry
from ...eo.errors import BadValue
from ...eo.footprint import Footprint
from ...eo.product import Problem, Product, Value
from ...eo.properties import Properties
from ...eo.soundness import geometry_faults
from ...eo.temporal import ALWAYS, TemporalExtent, parse_time
from ...package import COLLECTION_TYPE, PRODUCT_TYPE, asset_from_resource, collection_from_dataset
from ...search.rows import Rows
from ...search.shown import plain_resource
from .gaps import Gaps
from .links import Link
from .record import COLLECTION, DATASET, PRODUCT, Record

log = logging.getLogger(__name__)

_CONTACTS = ("maintainer", "maintainer_email", "author", "author_email")
_LISTS = ("platforms", "instruments", "providers", "aliases", "supersedes")


@dataclass(frozen=True, slots=True)
class Described:
    """A collection as the catalogue has it, and the names of its topics."""

    collection: Collection
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known around the datasets of a batch."""

    now: datetime
    properties: Properties
    registry: CollectionRegistry
    # public collections by id and alias, in small letters
    collections: Mapping[str, Described] = field(default_factory=dict[str, Described])
    # titles of organizations and names of groups, by id
    groups: Mapping[str, str] = field(default_factory=dict[str, str])
    # by address
    links: Mapping[str, Link] = field(default_factory=dict[str, Link])
    # what is wrong with the records of ISO that datasets were harvested from, by id
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    # gaps of collections by id
    gaps_of: Callable[[str], Gaps | None] = lambda collection: None


def records(rows: Rows, around: Around) -> list[Record]:
    """The datasets as records, in order, without what is known of their twins. One that breaks the reading in
    a way that nobody thought of is logged and left out: it must not hold up all others."""
    spatial = {package["id"]: spatial_of(package) for package in rows.packages}
    texts = [text for text in spatial.values() if text]
    faults = dict(zip(texts, geometry_faults(texts), strict=True))
    found: list[Record] = []
    for package in rows.packages:
        try:
            found.append(_record(package, rows, around, faults.get(spatial[package["id"]], "")))
        except Exception:
            log.exception("Dataset %s cannot be checked", package["id"])
    return found


def kind_of(dataset_type: str | None) -> str:
    """The kind of a dataset of this type."""
    return {PRODUCT_TYPE: PRODUCT, COLLECTION_TYPE: COLLECTION}.get(dataset_type or "", DATASET)


def spatial_of(package: Mapping[str, Any]) -> str:
    """The text of a dataset's footprint as it is stored."""
    return package["extras"].get("spatial") or ""


def addresses(rows: Rows) -> list[str]:
    """All addresses of files of a batch, each once."""
    found = (resource["url"] for listed in rows.resources.values() for resource in listed)
    return list(dict.fromkeys(filter(None, found)))


def _record(package: Mapping[str, Any], rows: Rows, around: Around, fault: str) -> Record:
    kind = kind_of(package["type"])
    resources = [plain_resource(row) for row in rows.resources.get(package["id"], ())]
    product, time_fault = _product(package, resources, around.properties, fault)
    about, topics, described = _about(package, kind, product, around)
    own = [around.groups[group] for group in rows.groups.get(package["id"], ()) if group in around.groups]
    links = {asset.href: link for asset in product.assets if (link := around.links.get(asset.href))}
    return Record(
        id=package["id"],
        kind=kind,
        product=product,
        now=around.now,
        title=package["title"] or "",
        description=package["notes"] or "",
        keywords=tuple(tag[0] for tag in rows.tags.get(package["id"], ())),
        topics=(*own, *topics),
        license=package["license_id"] or (about.license if about else ""),
        publisher=around.groups.get(package["owner_org"] or "", ""),
        contact=next((package[name] for name in _CONTACTS if package[name]), ""),
        formats=tuple(resource.get("format") or "" for resource in resources),
        collection=about,
        collection_described=described,
        has_geometry=bool(spatial_of(package)),
        geometry_fault=fault,
        time_fault=time_fault,
        source_faults=around.sources.get(package["id"]),
        gaps=around.gaps_of(product.collection) if kind == COLLECTION else None,
        links=links,
    )


def _about(
    package: Mapping[str, Any], kind: str, product: Product, around: Around
) -> tuple[Collection | None, tuple[str, ...], bool]:
    """The collection of a product with its topics, and whether the catalogue describes it; of a collection
    itself."""
    if kind == COLLECTION:
        return collection_of(package), (), True
    if not product.collection:
        return None, (), False
    if found := around.collections.get(product.collection.lower()):
        return found.collection, found.topics, True
    return around.registry.canonical(product.collection), (), False


def collection_of(package: Mapping[str, Any]) -> Collection | None:
    """The collection of a row; parts that cannot be read are left out."""
    said = {**package["extras"], **{name: package[name] for name in ("title", "notes", "license_id")}}
    said["collection_id"] = said.get("collection_id") or package["name"]
    for name in _LISTS:
        said[name] = _listed(said.get(name))
    try:
        return collection_from_dataset(said)
    except (BadValue, ValueError, TypeError, KeyError):
        for name in ("spatial", "timerange_start", "timerange_end"):
            said.pop(name, None)
    try:
        return collection_from_dataset(said)
    except (BadValue, ValueError, TypeError, KeyError):
        return None


def _product(
    package: Mapping[str, Any], resources: Sequence[dict[str, Any]], properties: Properties, fault: str
) -> tuple[Product, str]:
    extras: dict[str, Any] = package["extras"]
    problems: list[Problem] = []
    time, time_fault = _time(extras)
    values = _values(extras | {"license_id": package["license_id"]}, properties, problems)
    product = Product(
        id=extras.get("identifier") or package["name"],
        collection=extras.get("collection_id") or "",
        title=package["title"] or "",
        footprint=None if fault else _footprint(spatial_of(package)),
        time=time,
        properties=values,
        assets=tuple(_assets(resources, problems)),
        problems=(*_noted(extras.get("problems")), *problems),
    )
    return product, time_fault


def _values(extras: Mapping[str, Any], properties: Properties, problems: list[Problem]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in properties.names & extras.keys():
        text = extras[name]
        if text in (None, "", "[]"):
            continue
        try:
            found[name] = properties.parsed(name, text)
        except BadValue as error:
            problems.append(Problem(name, error.reason))
        except (TypeError, ValueError) as error:
            problems.append(Problem(name, str(error)))
    return found


def _time(extras: Mapping[str, Any]) -> tuple[TemporalExtent, str]:
    """Start and end as they are stored, and what is wrong with them; what can be read of them is."""
    start, end = extras.get("timerange_start") or None, extras.get("timerange_end") or None
    try:
        return TemporalExtent.of(start, end), ""
    except BadValue as error:
        fault = str(error)
    readable = [_readable(start), _readable(end)]
    try:
        return TemporalExtent(*readable), fault
    except BadValue:
        return TemporalExtent(readable[0], readable[0]) if readable[0] else ALWAYS, fault


def _readable(text: str | None) -> datetime | None:
    try:
        return parse_time(text) if text else None
    except BadValue:
        return None


def _footprint(text: str) -> Footprint | None:
    try:
        return Footprint.stored(text) if text else None
    except (BadValue, ValueError, TypeError, KeyError, IndexError):
        return None


def _assets(resources: Iterable[dict[str, Any]], problems: list[Problem]) -> Iterable[Asset]:
    for resource in resources:
        roles = resource.get("roles")
        try:
            yield asset_from_resource(resource | {"roles": _listed(roles), "url": resource["url"] or ""})
        except (BadValue, ValueError, TypeError, KeyError) as error:
            problems.append(Problem("resources", str(error)))


def _noted(text: Any) -> list[Problem]:
    """What was noted when the product was harvested."""
    return [
        Problem(str(each.get("where", "")), str(each.get("reason", "")))
        for each in _listed(text)
        if isinstance(each, dict)
    ]


def _listed(said: Any) -> list[Any]:
    """A list that may be stored as JSON."""
    if isinstance(said, str):
        try:
            said = fast_json.loads(said)
        except ValueError:
            return []
    return list(said) if isinstance(said, list | tuple) else []


def with_twins(record: Record, twins: Iterable[str]) -> Record:
    """The record, now that it is known which other datasets are the same product."""
    found = tuple(sorted(twins))
    return replace(record, twins=found) if found else record


def naive(time: datetime) -> datetime:
    """A time as CKAN's tables have it: UTC, without saying so."""
    return time.astimezone(timezone.utc).replace(tzinfo=None)
