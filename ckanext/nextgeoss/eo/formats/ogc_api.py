"""The documents that all our OGC APIs have alike: the landing page, and the extent of a collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..crs import CRS84
from ..held import Holdings
from ..property import plain_number
from ..temporal import format_time
from .openapi import OPENAPI
from .site import Site
from .stac_write import HTML, JSON, Link, link


@dataclass(frozen=True, slots=True, kw_only=True)
class OgcApi:
    """An OGC API: the path it is at, its name, what it conforms to, and how it calls its collections, which
    may be catalogues."""

    root: str
    name: str
    conformance: tuple[str, ...]
    collections: str
    of_catalogs: bool = False


def landing(
    api: OgcApi, site: Site, own: tuple[Link, ...], description: str = "", more: tuple[Link, ...] = ()
) -> dict[str, Any]:
    """The landing page; `more` are links that other APIs have not."""
    root = f"{site.base}{api.root}"
    return {
        "title": f"{site.title}: {api.name}",
        "description": description or site.title,
        "links": [
            *own,
            link("service-desc", f"{root}/api", OPENAPI, "Description of this API"),
            link("service-doc", f"{root}/api.html", HTML, "Description of this API for people"),
            link("conformance", f"{root}/conformance", JSON, "What this API conforms to"),
            link("data", f"{root}/collections", JSON, api.collections),
            *more,
        ],
    }


def extent(holdings: Holdings) -> dict[str, Any]:
    """Where and when things are; a part of which nothing is known is left out."""
    box, time = holdings.bbox, holdings.time
    found: dict[str, Any] = {}
    if box:
        found["spatial"] = {"bbox": [[plain_number(number) for number in box]], "crs": CRS84}
    if time:
        ends = [format_time(end) if end else None for end in (time.start, time.end)]
        gregorian = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        found["temporal"] = {"interval": [ends], "trs": gregorian}
    return found
