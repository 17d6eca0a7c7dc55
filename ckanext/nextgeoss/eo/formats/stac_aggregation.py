"""Answers of a STAC API's Aggregation extension, 0.3."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..aggregated import Aggregated, Bucket
from ..property import plain_number
from ..temporal import format_time
from .site import Site
from .stac_write import JSON, Link, link

_OF_BUCKETS = {"string": "string", "numeric": "numeric"}


def aggregation_links(address: str) -> list[Link]:
    """Where aggregations are asked for, below the landing page or a collection."""
    told = "Counts over the items of a search"
    return [
        *(link("aggregate", f"{address}/aggregate", JSON, told) | {"method": way} for way in ("GET", "POST")),
        link("aggregations", f"{address}/aggregations", JSON, "What can be counted of items"),
    ]


def aggregation_collection(found: Iterable[Aggregated], site: Site, address: str) -> dict[str, Any]:
    """The AggregationCollection at an address."""
    return {
        "type": "AggregationCollection",
        "aggregations": [write_aggregation(each) for each in found],
        "links": _links(site, address),
    }


def offered_aggregations(named: Iterable[tuple[str, str]], site: Site, address: str) -> dict[str, Any]:
    """What can be asked for there, by name and type."""
    told = [{"name": name, "data_type": data_type} for name, data_type in named]
    return {"aggregations": told, "links": _links(site, address)}


def write_aggregation(found: Aggregated) -> dict[str, Any]:
    """One Aggregation, with a value or with buckets."""
    told: dict[str, Any] = {"name": found.name, "data_type": found.data_type}
    if found.buckets is None:
        return told | {"value": _value(found.value)}
    kind = _OF_BUCKETS.get(found.data_type, "datetime")
    told["buckets"] = [_bucket(each, kind) for each in found.buckets]
    return told | ({} if found.overflow is None else {"overflow": found.overflow})


def _bucket(bucket: Bucket, kind: str) -> dict[str, Any]:
    ends = {name: end for name, end in (("from", bucket.low), ("to", bucket.high)) if end is not None}
    return {"key": bucket.key, "data_type": kind, "frequency": bucket.count, **ends}


def _value(value: int | float | datetime | None) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    return plain_number(value) if isinstance(value, float) else value


def _links(site: Site, address: str) -> list[Link]:
    root = f"{site.base}/stac"
    return [{"rel": "self", "href": address, "type": JSON}, {"rel": "root", "href": root, "type": JSON}]
