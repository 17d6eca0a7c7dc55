"""What the pages of collections show, made ready for their templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit

from ..eo.footprint import Footprint
from ..eo.properties import Properties
from ..eo.temporal import TemporalExtent
from .footprints import box_text, feature, feature_collection
from .schema_org import JsonLd, collection_dataset
from .words import days_text, readable

_LICENCES = "https://spdx.org/licenses/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionEntry:
    """A collection in a list: `time` is that of its products here, else what its description says."""

    id: str
    title: str
    name: str
    url: str
    search_url: str
    notes: str
    identifier: str
    count: int
    time: str
    organization: Mapping[str, str] | None
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPage:
    """The context of the page of a collection."""

    dataset: Mapping[str, Any]
    entry: CollectionEntry
    platforms: str
    instruments: str
    license_url: str
    footprints: dict[str, Any]
    frame: str
    json_ld: JsonLd
    may_edit: bool


def entry(dataset: Mapping[str, Any]) -> CollectionEntry:
    """The entry of a dataset as `collection_list` gives it."""
    identifier = dataset.get("collection_id") or dataset["name"]
    return CollectionEntry(
        id=dataset["id"],
        title=dataset.get("title") or dataset["name"],
        name=dataset["name"],
        url=toolkit.url_for("nextgeoss_pages.collection", id=dataset["name"]),
        search_url=toolkit.url_for("nextgeoss_pages.search", collection=identifier),
        notes=dataset.get("notes") or "",
        identifier=identifier,
        count=dataset["product_count"],
        time=days_text(_time(dataset)),
        organization=dataset.get("organization"),
        private=bool(dataset.get("private")),
    )


def collection_page(dataset: Mapping[str, Any], properties: Properties, *, may_edit: bool) -> CollectionPage:
    """The page of a dataset as `collection_show` gives it."""
    found = entry(dataset)
    footprint = _footprint(dataset)
    features = [feature(dataset["name"], found.title, "", footprint.geojson)] if footprint else []
    organization = dataset.get("organization") or {}
    return CollectionPage(
        dataset=dataset,
        entry=found,
        platforms=_names("platform", dataset.get("platforms"), properties),
        instruments=_names("instruments", dataset.get("instruments"), properties),
        license_url=_license_url(dataset.get("license_id") or ""),
        footprints=feature_collection(features),
        frame=box_text(footprint.bbox) if footprint else "",
        json_ld=collection_dataset(
            dataset,
            url=toolkit.url_for("nextgeoss_pages.collection", id=dataset["name"], qualified=True),
            provider=organization.get("title") or "",
            time=_time(dataset),
            footprint=footprint,
        ),
        may_edit=may_edit,
    )


def _names(row: str, values: Iterable[str] | None, properties: Properties) -> str:
    return ", ".join(
        readable(properties[row], value) if row in properties else value for value in values or ()
    )


def _time(dataset: Mapping[str, Any]) -> TemporalExtent:
    prefix = "products_" if dataset.get("product_count") else "timerange_"
    return TemporalExtent.of(dataset.get(f"{prefix}start"), dataset.get(f"{prefix}end"))


def _footprint(dataset: Mapping[str, Any]) -> Footprint | None:
    if box := dataset.get("products_bbox"):
        return Footprint.from_bbox(*box)
    return Footprint.from_geojson(dataset["spatial"]) if dataset.get("spatial") else None


def _license_url(license: str) -> str:
    """The address of an SPDX licence; "" for what has none, such as LicenseRef-... or other."""
    if license.startswith(("https://", "http://")):
        return license
    known = license and not license.startswith(("LicenseRef", "other", "proprietary", "various"))
    return f"{_LICENCES}{license}.html" if known else ""
