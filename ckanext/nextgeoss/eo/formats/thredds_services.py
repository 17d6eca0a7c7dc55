"""The services of a THREDDS catalogue, and the links to datasets that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from ..xml import Element, attributes_of, children, descendants
from .links import Link
from .loose_json import array, mapping, text

RESOLVER = "resolver"
_NETCDF, _XML, _HTML = "application/x-netcdf", "application/xml", "text/html"
# by kind in small letters: the asset's key, roles, media type, and what is added to the address to ask for
# something that there is without parameters
_FILE = ("data", ("data",), "", "")
_KINDS: Mapping[str, tuple[str, tuple[str, ...], str, str]] = {
    "httpserver": _FILE,
    "http": _FILE,
    "https": _FILE,
    "ftp": _FILE,
    "gridftp": _FILE,
    "file": _FILE,
    "bulk": _FILE,
    "opendap": ("opendap", ("service",), "", ""),
    "dods": ("opendap", ("service",), "", ""),
    "dap4": ("dap4", ("service",), "", ".dmr.xml"),
    "wms": ("wms", ("visual", "service"), _XML, "?service=WMS&version=1.3.0&request=GetCapabilities"),
    "wcs": ("wcs", ("service",), _XML, "?service=WCS&version=1.0.0&request=GetCapabilities"),
    "netcdfsubset": ("ncss", ("service",), _XML, "/dataset.xml"),
    "netcdfserver": ("ncss", ("service",), _XML, "/dataset.xml"),
    "ncss": ("ncss", ("service",), _XML, "/dataset.xml"),
    "iso": ("iso", ("metadata",), _XML, ""),
    "ncml": ("ncml", ("metadata",), _XML, ""),
    "uddc": ("uddc", ("metadata",), _HTML, ""),
    "ncjson": ("ncjson", ("metadata",), "application/json", ""),
    "h5service": ("h5", ("service",), "", ""),
    "cdmremote": ("cdmremote", ("service",), "", ""),
    "cdmrfeature": ("cdmrfeature", ("service",), "", ""),
    "jupyternotebook": ("notebook", ("service",), "", ""),
}
_FORMATS = {
    "netcdf": _NETCDF,
    "netcdf-4": _NETCDF,
    "netcdf4": _NETCDF,
    "grib-1": "application/wmo-grib",
    "grib-2": "application/wmo-grib",
    "hdf5": "application/x-hdf5",
    "geotiff": "image/tiff; application=geotiff",
    "bufr": "application/wmo-bufr",
}
_ENDINGS = {
    ".nc": _NETCDF,
    ".nc4": _NETCDF,
    ".h5": "application/x-hdf5",
    ".hdf": "application/x-hdf",
    ".csv": "text/csv",
}


@dataclass(frozen=True, slots=True)
class Service:
    """One way to data: its kind in small letters, the absolute beginning of addresses, and their end."""

    kind: str
    base: str
    suffix: str = ""

    def address(self, path: str) -> str:
        """The address of a dataset's path: base and path as they are, but one slash where both have one."""
        if path.startswith(("http://", "https://", "ftp://")):
            return path
        joint = path[1:] if self.base.endswith("/") and path.startswith("/") else path
        return f"{self.base}{joint}{self.suffix}"


def services_of(document: Element, source: str) -> dict[str, list[Service]]:
    """By name: the services of a catalogue; those of a compound one are the ones within it."""
    found: dict[str, list[Service]] = {}
    for element in descendants(document, "service"):
        found.setdefault(attributes_of(element).get("name", ""), _simple(element, source, ""))
    return found


def _simple(element: Element, source: str, above: str, depth: int = 0) -> list[Service]:
    about = attributes_of(element)
    base = about.get("base", "")
    # the base of a compound service stands before relative ones within it
    base = base if base.startswith("/") or "://" in base else above + base
    within = [*children(element, "service")] if depth < 8 else []
    if within:
        return [found for child in within for found in _simple(child, source, base, depth + 1)]
    kind = about.get("serviceType", "").lower()
    if kind == "compound":
        return []
    try:
        return [
            Service(kind, urljoin(source, base) if base else urljoin(source, "."), about.get("suffix", ""))
        ]
    except ValueError:  # brackets that are no IPv6 address
        return []


def link_of(access: Mapping[str, Any], record: Mapping[str, Any]) -> Link:
    """The link of one access of a record; where no file can be had, what OPeNDAP gives is the data."""
    kind, href = text(access.get("service")).lower(), text(access.get("href"))
    key, roles, media_type, ending = _KINDS.get(kind, (kind or "link", ("service",), "", ""))
    if key == "data":
        media_type = _FORMATS.get(text(record.get("dataFormat")).lower(), "") or _by_ending(href)
        return Link(href=href, roles=roles, media_type=media_type, size=record.get("dataSize"), key=key)
    if key == "opendap" and not _has_file(record):
        roles = ("data",)
    # an address that has parameters already asks for something
    return Link(href=href if "?" in href else href + ending, roles=roles, media_type=media_type, key=key)


def is_file(kind: str) -> bool:
    """Whether a service gives the file itself."""
    return _KINDS.get(kind.lower()) == _FILE


def _has_file(record: Mapping[str, Any]) -> bool:
    return any(is_file(text(mapping(each).get("service"))) for each in array(record.get("access")))


def _by_ending(href: str) -> str:
    path = href.partition("?")[0].lower()
    return next((kind for ending, kind in _ENDINGS.items() if path.endswith(ending)), "")
