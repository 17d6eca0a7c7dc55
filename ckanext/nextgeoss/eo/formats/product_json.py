"""A product as our own actions give it: one JSON object, its properties typed, what is not known null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..downloads import Download, downloads
from ..page import Entry
from ..product import Product, Value
from ..property import plain_number
from ..temporal import format_time

# roles that all files of a product have one of
_ALL_ROLES = ("data", "metadata", "overview", "thumbnail")


def write(product: Product, entry: Entry) -> dict[str, Any]:
    """The object: `id` is the provider's identifier, `uuid` and `name` are the dataset's; `bbox` is west,
    south, east, north, west greater than east across the antimeridian."""
    footprint, time = product.footprint, product.time
    return {
        "id": product.id,
        "collection": product.collection,
        "title": product.title or product.id,
        "uuid": entry.uuid,
        "name": entry.name,
        "provider": entry.provider or None,
        "provider_title": entry.provider_title or None,
        "access": entry.access or None,
        "private": entry.private,
        "start": _time(time.start),
        "end": _time(time.end),
        "geometry": footprint.geojson if footprint else None,
        "bbox": list(footprint.bbox) if footprint else None,
        "properties": {name: json_value(value) for name, value in product.properties.items()},
        "assets": [write_download(each) for each in downloads(product, entry, _ALL_ROLES)],
        "metadata_created": _time(entry.created),
        "metadata_modified": _time(entry.modified),
        "feedback": _said(entry.feedback),
    }


def write_download(download: Download) -> dict[str, Any]:
    """The object of a file: `size` in bytes, `checksum` as algorithm:hex, `access` online or sign-in."""
    asset = download.asset
    return {
        "key": asset.key,
        "href": asset.href,
        "roles": list(asset.roles),
        "title": asset.title or None,
        "media_type": asset.media_type or None,
        "size": asset.size,
        "checksum": asset.checksum or None,
        "access": download.access,
        "provider": download.provider or None,
    }


def json_value(value: Value) -> Any:
    """A value of a property in JSON: times as RFC 3339, whole numbers without a point."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return list(value)
    return plain_number(value) if isinstance(value, float) else value


# what users and automatic checks say, by the names that it is asked for
_ASKED = {
    "average": "rating",
    "ratings": "reviews",
    "latest": "latest_feedback",
    "open_issues": "open_issues",
    "fit_for": "fit_for",
    "metadata_score": "metadata_score",
    "metadata_band": "metadata_band",
}


def feedback_properties(entry: Entry | None) -> dict[str, Any]:
    """What users and automatic checks say, as properties by the names that searches have for it."""
    if entry is None:
        return {}
    return {asked: entry.feedback[name] for name, asked in _ASKED.items() if name in entry.feedback}


def _said(feedback: Mapping[str, Any]) -> dict[str, Any] | None:
    """What users and automatic checks say, publications as DOI and citation."""
    if not feedback:
        return None
    told = {name: value for name, value in feedback.items() if name != "publications"}
    cited = [text.partition("\t") for text in feedback.get("publications", ())]
    return told | {"publications": [{"doi": doi or None, "citation": words} for doi, _, words in cited]}


def _time(time: datetime | None) -> str | None:
    return format_time(time) if time else None
