"""STAC collections, versions 0.9 to 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..collection import Collection
from ..errors import BadRecord, BadValue
from ..footprint import Footprint
from ..temporal import ALWAYS, TemporalExtent
from .loose_json import array, link, mapping, text, texts
from .stac_assets import read_assets
from .stac_names import upgraded

_UNNAMED_LICENSES = ("", "proprietary", "other", "various")


def read_collection(document: Mapping[str, Any]) -> Collection:
    """The collection of a STAC collection; without id a BadRecord."""
    identifier = text(document.get("id"))
    if not identifier:
        raise BadRecord("collection without id", 0)
    extent = mapping(document.get("extent"))
    summaries = upgraded(mapping(document.get("properties")) | mapping(document.get("summaries")))
    about = summaries | dict(document)
    license_ = text(document.get("license"))
    return Collection(
        id=identifier,
        title=text(document.get("title")),
        description=text(document.get("description")),
        keywords=texts(document.get("keywords")),
        license=link(document, "license") or license_ if license_ in _UNNAMED_LICENSES else license_,
        doi=text(about.get("sci:doi")),
        citation=text(about.get("sci:citation")),
        platforms=texts(summaries.get("platform")),
        instruments=texts(summaries.get("instruments")),
        providers=texts([mapping(entry).get("name") for entry in array(document.get("providers"))]),
        footprint=_collection_footprint(mapping(extent.get("spatial"))),
        time=_collection_time(mapping(extent.get("temporal"))),
        thumbnail=_thumbnail(document),
    )


def _collection_footprint(spatial: Mapping[str, Any]) -> Footprint | None:
    boxes = spatial.get("bbox")
    if isinstance(boxes, list) and boxes and isinstance(first := cast(list[Any], boxes)[0], list):
        boxes = cast(list[Any], first)  # the first box is that of the whole
    try:
        return Footprint.from_geojson(cast(object, boxes))
    except BadValue:
        return None  # an extent that cannot be read is one that is not known


def _collection_time(temporal: Mapping[str, Any]) -> TemporalExtent:
    intervals = temporal.get("interval")
    first = cast(list[Any], intervals)[0] if isinstance(intervals, list) and intervals else None
    if not isinstance(first, list) or len(pair := cast(list[Any], first)) != 2:
        return ALWAYS
    try:
        return TemporalExtent.of(text(pair[0]), text(pair[1]))
    except BadValue:
        return ALWAYS


def _thumbnail(document: Mapping[str, Any]) -> str:
    for asset in read_assets(document, []):
        if "thumbnail" in asset.roles:
            return asset.href
    return link(document, "preview") or link(document, "icon")
