"""The files of products as a Metalink document (RFC 5854), which download programs read and check by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import unquote, urlsplit

from ..asset import Asset
from ..downloads import Download, files
from ..forms import bare
from ..page import Entry, Page
from ..product import Product
from ..temporal import format_time
from ..xml import Builder

MEDIA_TYPE = "application/metalink4+xml"
NAMESPACE = "urn:ietf:params:xml:ns:metalink"
_MAKE = Builder({"": NAMESPACE})
# IANA's names of hash functions (RFC 5854, 4.2.4); others cannot be told
_HASHES = {"md5": "md5", "sha1": "sha-1", "sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}
_SUFFIXES = {
    "application/zip": ".zip",
    "application/x-netcdf": ".nc",
    "application/netcdf": ".nc",
    "application/x-hdf5": ".h5",
    "application/x-hdf": ".hdf",
    "application/gzip": ".gz",
    "application/x-tar": ".tar",
    "application/json": ".json",
    "application/xml": ".xml",
    "image/tiff": ".tif",
    "image/jp2": ".jp2",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/xml": ".xml",
}
_NOT_IN_NAMES = re.compile(r"[^\w.+-]+", re.A)
_DOTS = re.compile(r"\.{2,}")
_FILE = re.compile(r"\w.*\.\w{1,8}", re.A | re.S)
_LONGEST = 180


def write(
    pages: Iterable[Page], roles: Iterable[str] = (), *, origin: str = "", published: datetime | None = None
) -> Iterator[bytes]:
    """The document in pieces, one `file` for each file of the products' data, or of these roles. Nothing
    comes when there is none: a document without files is no Metalink."""
    wanted, begun = tuple(roles), False
    for page in pages:
        found = zip(page.products, page.entries, strict=True)
        part = b"".join(_product(product, entry, wanted) for product, entry in found)
        if part and not begun:
            begun = True
            yield _head(origin, published)
        if part:
            yield part
    if begun:
        yield b"</metalink>\n"


def _head(origin: str, published: datetime | None) -> bytes:
    parts = [_MAKE(":generator", "NextGEOSS DataHub")]
    if origin:
        parts.append(_MAKE(":origin", origin, {"dynamic": "true"}))
    if published:
        parts.append(_MAKE(":published", format_time(published)))
    start = f'<?xml version="1.0" encoding="UTF-8"?>\n<metalink xmlns="{NAMESPACE}">\n'
    return start.encode() + b"".join(map(_MAKE.part, parts))


def _product(product: Product, entry: Entry, roles: tuple[str, ...]) -> bytes:
    taken: set[str] = set()
    found = files(product, entry, roles)
    return b"".join(_file(product, entry, places, taken) for places in found)


def _file(product: Product, entry: Entry, places: list[Download], taken: set[str]) -> bytes:
    best = places[0].asset
    name = _distinct(file_name(product, best), taken)
    # names of datasets are unique, so are files in a folder of this name
    made = _MAKE(":file", "", {"name": f"{entry.name}/{name}"}, _MAKE(":identity", product.id))
    if best.size is not None:
        made.append(_MAKE(":size", str(best.size)))
    algorithm, _, digest = best.checksum.partition(":")
    if algorithm in _HASHES:
        made.append(_MAKE(":hash", digest, {"type": _HASHES[algorithm]}))
    for priority, place in enumerate(places, 1):
        made.append(_MAKE(":url", place.asset.href, {"priority": str(priority)}))
    return _MAKE.part(made)


def file_name(product: Product, asset: Asset) -> str:
    """What a file is called: the last step of its address where that is a name of a file, else the product's
    name or its own key; letters, digits and `_.+-` of ASCII, no hidden name."""
    try:
        step = unquote(urlsplit(asset.href).path).rstrip("/").rpartition("/")[2]
    except ValueError:  # no address
        step = ""
    if _FILE.fullmatch(name := _clean(step)):
        return name
    stem = bare(product.id) if asset.key in ("data", "product", "") else asset.key
    return _clean(stem + _SUFFIXES.get(asset.media_type.partition(";")[0], "")) or "file"


def _clean(name: str) -> str:
    return _DOTS.sub(".", _NOT_IN_NAMES.sub("_", name))[-_LONGEST:].lstrip("._-")


def _distinct(name: str, taken: set[str]) -> str:
    """The name, with a number where the product has one of this name already, whatever the case."""
    stem, dot, suffix = name.rpartition(".") if "." in name else (name, "", "")
    number, tried = 2, name
    while tried.lower() in taken:
        tried, number = f"{stem}-{number}{dot}{suffix}", number + 1
    taken.add(tried.lower())
    return tried
