"""The online resources of ISO metadata as assets: what a link is for is told by its protocol, function or
name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..asset import Asset
from ..product import Problem
from .links import Link, assets_of
from .nested import each_at, first_text

_PLACES = (
    "distributionInfo/transferOptions",
    "distributionInfo/distributor/distributorTransferOptions",
)
# the first that is in protocol, function or name of a link, in small letters
_ROLES = (
    ("metadata", ("metadata-url", "metadata", "ogc:csw")),
    ("overview", ("browsegraphic", "browsing", "quicklook", "thumbnail")),
    ("service", ("wms", "wmts", "ogc:wps", "ogc:sos", "ogc:kml", "esri:", "arcgis")),
    (
        "data",
        ("download", "ogc:wfs", "ogc:wcs", "opendap", "thredds", "netcdf", "ftp", "file:", "order", "dap"),
    ),
    ("documentation", ("doi", "documentation", "information", "related")),
)  # fmt: skip
_FILE = re.compile(r"\.(zip|tiff?|nc|hdf5?|h5|jp2|csv|gml|geojson|shp|gpkg|tar|gz|tgz|grib2?|kmz|laz)$", re.I)
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+", re.I)
_MEGA = 1_000_000


def assets_of_record(view: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    """The assets of a record in its view: its files and services, its pictures, and itself."""
    links = [link for place in _PLACES for options in each_at(view, place) for link in _links(options)]
    links += [_link(point) for point in each_at(view, "identificationInfo/containsOperations/connectPoint")]
    pictures = [_picture(picture) for picture in each_at(view, "identificationInfo/graphicOverview")]
    # GeoNetwork names files of its own without an address
    links += [picture for picture in pictures if "://" in picture.href]
    links += [Link(href=_address(linked), roles=("metadata",)) for linked in each_at(view, "metadataLinkage")]
    return assets_of([link for link in links if link.href], problems)


def _links(options: Any) -> Iterator[Link]:
    links = [_link(online) for online in each_at(options, "onLine")]
    files = [link for link in links if "data" in link.roles]
    size = _bytes(first_text(options, "transferSize")) if len(files) == 1 else None
    for link in links:
        yield Link(
            href=link.href, roles=link.roles, title=link.title, media_type=link.media_type,
            size=size if link in files else None,
        )  # fmt: skip


def _link(online: Any) -> Link:
    protocol = first_text(online, "protocol")
    address = _address(online)
    kinds = (protocol, first_text(online, "function"), first_text(online, "applicationProfile"))
    return Link(
        href=address,
        roles=(_role(kinds, first_text(online, "name"), address),),
        title=first_text(online, "name", "description"),
        media_type=next((kind for kind in kinds if _MEDIA_TYPE.fullmatch(kind)), ""),
    )


def _role(kinds: tuple[str, ...], name: str, address: str) -> str:
    """By the kinds that a link says, else by the file that its address or name ends in."""
    said = " ".join(kinds).lower()
    for role, words in _ROLES:
        if any(word in said for word in words):
            # a file is a file, however it is filed
            return "data" if role == "documentation" and _is_file(name, address) else role
    return "data" if _is_file(name, address) else "related"


def _is_file(name: str, address: str) -> bool:
    return any(_FILE.search(text.partition("?")[0]) for text in (address, name))


def _picture(picture: Any) -> Link:
    about = first_text(picture, "fileDescription", "name").lower()
    return Link(
        href=_web(first_text(picture, "fileName", "linkage")),
        roles=("thumbnail",) if "thumb" in about and "large" not in about else ("overview",),
    )


def _address(online: Any) -> str:
    return _web(first_text(online, "linkage"))


def _web(address: str) -> str:
    return f"http://{address}" if address.lower().startswith("www.") else address


def _bytes(megabytes: str) -> int | None:
    try:
        size = float(megabytes)
    except ValueError:
        return None
    return round(size * _MEGA) if 0 < size < 1e12 else None
