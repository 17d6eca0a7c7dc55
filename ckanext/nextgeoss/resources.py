"""Assets of products as resources of CKAN datasets, and resources as assets: plain dictionaries both ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from .eo.asset import Asset, parse_checksum
from .eo.errors import BadValue

# Roles in the order in which a person wants the files; old clients download the first enclosure.
ROLE_ORDER = ("data", "enclosure", "metadata", "overview", "thumbnail")

# of a map service (OGC 01-068r3)
WMS_TYPE = "application/vnd.ogc.wms_xml"
FORMATS = {
    WMS_TYPE: "WMS",
    "image/tiff": "GeoTIFF",
    "image/jp2": "JPEG2000",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "application/zip": "ZIP",
    "application/geo+json": "GeoJSON",
    "application/json": "JSON",
    "application/x-netcdf": "NetCDF",
    "application/netcdf": "NetCDF",
    "application/x-hdf5": "HDF5",
    "application/x-hdf": "HDF",
    "application/vnd+zarr": "Zarr",
    "application/pdf": "PDF",
    "application/xml": "XML",
    "text/xml": "XML",
    "text/html": "HTML",
    "text/plain": "TXT",
}


def by_use(assets: Iterable[Asset]) -> list[Asset]:
    """The assets with the data first, else in the order given."""
    return sorted(assets, key=lambda asset: _use(asset.roles))


@lru_cache(maxsize=1024)
def _use(roles: tuple[str, ...]) -> int:
    ranks = [ROLE_ORDER.index(role) for role in roles if role in ROLE_ORDER]
    return min(ranks, default=len(ROLE_ORDER))


def resource_format(asset: Asset) -> str:
    """The format people know, from the media type, else the suffix of the address; "" when neither tells."""
    media_type = asset.media_type.partition(";")[0].strip().lower()
    if known := FORMATS.get(media_type):
        return known
    suffix = re.search(r"\.([A-Za-z0-9]{2,5})(?:[?#]|$)", asset.href.rpartition("/")[2])
    return suffix.group(1).upper() if suffix else media_type.rpartition("/")[2].upper()


def asset_from_resource(resource: Mapping[str, Any]) -> Asset:
    """The asset that a resource of a dataset is."""
    key = resource.get("key") or resource.get("name") or resource["id"]
    name = resource.get("name") or ""
    return Asset(
        key=key,
        href=resource["url"],
        title="" if name == key else name,
        roles=tuple(resource.get("roles") or ()),
        media_type=resource.get("mimetype") or "",
        size=resource.get("size"),
        checksum=_checksum(resource.get("hash")),
    )


def _checksum(said: Any) -> str:
    """CKAN lets people write anything there: what is no checksum would break the formats that tell them."""
    try:
        return parse_checksum(said) if said else ""
    except BadValue:
        return ""


def resource_from_asset(asset: Asset, provider_id: str) -> dict[str, Any]:
    """The resource that says what an asset says, without its empty parts; `provider_id` marks it."""
    resource: dict[str, Any] = {
        "key": asset.key,
        "url": asset.href,
        "name": asset.title or asset.key,
        "roles": list(asset.roles),
        "format": resource_format(asset),
        "mimetype": asset.media_type,
        "size": asset.size,
        "hash": asset.checksum,
        "provider": provider_id,
    }
    return {key: value for key, value in resource.items() if value or value == 0}  # a size may be 0
