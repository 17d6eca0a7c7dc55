"""Products as records of OGC API Records (OGC 20-004r1, clause 8): GeoJSON features that describe them."""

from __future__ import annotations

from typing import Any

from ..collection import Collection
from ..downloads import downloads
from ..page import Entry
from ..product import Product
from ..temporal import TemporalExtent, format_time
from . import product_json
from .site import Site, quoted
from .stac_write import GEOJSON, HTML, JSON, Link, link

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-record"
# what a product is, in the codes of ISO 19115
TYPE = "dataset"


def records_catalog(site: Site, name: str) -> str:
    """The address of a catalogue of records."""
    return f"{site.base}/records/collections/{quoted(name)}"


def write_record(product: Product, entry: Entry, about: Collection, site: Site) -> dict[str, Any]:
    """The record of a product of the collection `about`; what is not known is left out. The EO properties
    stand beside those of records, which go first where names are the same."""
    known = product_json.write(product, entry)
    record: dict[str, Any] = {
        "id": product.id,
        "type": "Feature",
        "conformsTo": [RECORD_CORE],
        "geometry": known["geometry"],
    }
    # the published schema, read as OpenAPI 3.0, refuses null: it allows it twice within one oneOf
    if time := _time(product.time):
        record["time"] = time
    if known["bbox"]:
        record["bbox"] = known["bbox"]
    said = _properties(product, entry, about)
    record["properties"] = {**known["properties"], **{name: value for name, value in said.items() if value}}
    return record | {"links": _links(product, entry, about, site)}


def license_of(about: Collection) -> str | None:
    """The SPDX identifier of a licence, `other` for one that only has an address (RC-09)."""
    return "other" if "://" in about.license else about.license or None


def license_links(about: Collection) -> list[Link]:
    """The link to a licence without an identifier."""
    return [link("license", about.license, HTML, "Licence")] if "://" in about.license else []


def _properties(product: Product, entry: Entry, about: Collection) -> dict[str, Any]:
    types = dict.fromkeys(each.asset.media_type for each in downloads(product, entry))
    provider = entry.provider_title or entry.provider
    return {
        "created": format_time(entry.created) if entry.created else None,
        "updated": format_time(entry.modified) if entry.modified else None,
        "type": TYPE,
        "title": product.title or product.id,
        "description": None,
        "keywords": list(about.keywords),
        "themes": None,
        "language": None,
        "languages": None,
        "resourceLanguages": None,
        "externalIds": None,
        "formats": [{"mediaType": kind} for kind in types if kind],
        "contacts": [{"organization": provider, "roles": ["distributor"]}] if provider else None,
        "license": license_of(about),
        "rights": None,
        "collection": product.collection,
    }


def _time(time: TemporalExtent) -> dict[str, Any] | None:
    """RC-06: an instant, or an interval of which an end may be open."""
    if time.start is None and time.end is None:
        return None
    ends = [format_time(end) if end else ".." for end in (time.start, time.end)]
    return {"timestamp": ends[0]} if ends[0] == ends[1] else {"interval": ends}


def _links(product: Product, entry: Entry, about: Collection, site: Site) -> list[Link]:
    catalog, title = records_catalog(site, about.id), product.title or product.id
    address = f"{catalog}/items/{quoted(product.id)}"
    return [
        link("self", address, GEOJSON, title),
        link("alternate", f"{address}?f=html", HTML, title),
        link("collection", catalog, JSON, about.title or about.id),
        link("profile", PROFILE, HTML, "OGC record"),
        link("alternate", site.stac_item(product.collection, product.id), GEOJSON, "STAC item"),
        link("alternate", site.dataset(entry.name), HTML, "Page of the product"),
        *license_links(about),
    ]
