"""Checks of whether one gets at the data: addresses, formats, what is really there."""

from __future__ import annotations

from collections.abc import Iterator

from ...eo.asset import Asset
from ...eo.downloads import is_data
from .findings import LONGEST_FOUND, MOST_FOUND, Finding, share
from .links import SLOW, WORKS, Link
from .magic import is_as_declared
from .record import Record

# formats that many programs read, and whose description anybody can have
_OPEN = frozenset((
    "GEOTIFF", "TIFF", "TIF", "COG", "NETCDF", "NC", "HDF5", "HDF", "H5", "HDF4", "JPEG2000", "JP2",
    "PNG", "JPEG", "JPG", "GIF", "WEBP", "JSON", "GEOJSON", "XML", "GML", "KML", "KMZ", "CSV", "TXT",
    "ZIP", "SAFE", "TAR", "GZ", "GZIP", "ZARR", "PARQUET", "GEOPARQUET", "GPKG", "GEOPACKAGE", "GRIB",
    "GRIB2", "BUFR", "FITS", "PDF", "HTML", "WMS", "WFS", "WCS", "WMTS", "OPENDAP", "LAS", "LAZ",
    "FLATGEOBUF", "SHP", "COVJSON",
))  # fmt: skip
# of these two, a machine reads nothing
_FOR_PEOPLE = frozenset(("PDF", "HTML", "DOC", "DOCX"))


def secure(record: Record) -> Finding | None:
    """Addresses that begin with https."""
    on_the_web = [asset for asset in record.product.assets if _is_web(asset.href)]
    return share(on_the_web, lambda asset: asset.href.startswith("https:"), _name)


def open_formats(record: Record) -> Finding | None:
    """Data in formats that are open and that machines read."""
    pairs = zip(record.product.assets, record.formats, strict=False)
    known = [(asset, text.upper().replace(" ", "")) for asset, text in pairs if is_data(asset) and text]
    good = _OPEN - _FOR_PEOPLE
    return share(known, lambda pair: pair[1] in good, lambda pair: f"{pair[0].key}: {pair[1]}")


def links(record: Record) -> Finding | None:
    """Addresses that work, of those that were looked at."""
    known = [link for link in _links(record) if link.is_known]
    return share(known, lambda link: link.is_usable, lambda link: f"{link.url}: {link.reason or link.state}")


def speed(record: Record) -> Finding | None:
    """Addresses that answer soon."""
    working = [link for link in _links(record) if link.state == WORKS]
    return share(working, lambda link: link.seconds <= SLOW, lambda link: f"{link.url}: {link.seconds:.0f} s")


def contents(record: Record) -> Finding | None:
    """Files whose first bytes are what their format says."""
    told: list[tuple[Asset, str, bool]] = []
    for asset, text in zip(record.product.assets, record.formats, strict=False):
        link = record.links.get(asset.href)
        if link is None or link.state != WORKS:
            continue
        good = is_as_declared(link.format, asset.media_type, text)
        if good is not None:
            told.append((asset, link.format, good))
    return share(told, lambda each: each[2], lambda each: f"{_name(each[0])}: {each[1]}")


def real_sizes(record: Record) -> Finding | None:
    """Files as large as was said."""
    told = [
        (asset, link.size)
        for asset in record.product.assets
        if (link := record.links.get(asset.href)) and link.state == WORKS
        if asset.size is not None and link.size is not None
    ]
    return share(told, lambda pair: pair[0].size == pair[1], lambda pair: f"{_name(pair[0])}: {pair[1]}")


def real_media_types(record: Record) -> Finding | None:
    """Files that are sent with the media type that was said; one that says nothing is no contradiction."""
    told = [
        (asset, link.media_type)
        for asset in record.product.assets
        if (link := record.links.get(asset.href)) and link.state == WORKS
        if asset.media_type and _says_something(link.media_type)
    ]
    return share(
        told,
        lambda pair: _bare(pair[0].media_type) == _bare(pair[1]),
        lambda pair: f"{_name(pair[0])}: {pair[1]}",
    )


def _links(record: Record) -> Iterator[Link]:
    for href in dict.fromkeys(asset.href for asset in record.product.assets):
        if link := record.links.get(href):
            yield link


def _is_web(href: str) -> bool:
    return href.startswith(("http://", "https://"))


def _name(asset: Asset) -> str:
    return asset.key[: LONGEST_FOUND // MOST_FOUND]


def _bare(media_type: str) -> str:
    """A media type by the name that counts, without parameters."""
    name = media_type.partition(";")[0].strip().lower()
    return _SAME.get(name, name)


def _says_something(media_type: str) -> bool:
    return _bare(media_type) not in ("", "application/octet-stream", "binary/octet-stream", "text/plain")


_SAME = {
    "text/xml": "application/xml",
    "application/netcdf": "application/x-netcdf",
    "application/netcdf4": "application/x-netcdf",
    "application/x-hdf": "application/x-hdf5",
    "application/x-zip-compressed": "application/zip",
    "image/jpg": "image/jpeg",
    "application/geotiff": "image/tiff",
    "image/geotiff": "image/tiff",
    "application/x-gzip": "application/gzip",
}
