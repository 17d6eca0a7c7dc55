"""Products as records of OGC API Records (OGC 20-004r1, clause 8): GeoJSON features that describe them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..collection import Collection
from ..downloads import downloads
from ..page import Entry
from ..product import Product
from ..temporal import TemporalExtent, format_time
from . import product_json
from .features_write import data_link
from .site import Site, quoted
from .stac_feedback import feedback_links
from .stac_write import GEOJSON, HTML, JSON, Link, link

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
PROFILE = "http://www.opengis.net/def/profile/OGC/0/ogc-record"
CATALOG_REL = "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog"
# what a product is, in the codes of ISO 19115
DATASET = "dataset"
# the scheme of identifiers, and the name of the property
DOI = "doi"
# what an address has, and what a licence is called that has nothing else
ADDRESS, OTHER = "://", "other"
# the catalogues of all collections, and of all products
COLLECTIONS, PRODUCTS = "collections", "products"


def records_catalog(site: Site, name: str) -> str:
    """The address of a catalogue of records."""
    return f"{site.base}/records/collections/{quoted(name)}"


def write_record(
    product: Product, entry: Entry, about: Collection, site: Site, catalog: str = ""
) -> dict[str, Any]:
    """The record of a product of the collection `about`, in its catalogue or in that of all products; what is
    not known is left out. The EO properties stand beside those of records, which go first where names are the
    same. Among all products the identifier is that of the dataset, as providers may give one twice."""
    known, catalog = product_json.write(product, entry), catalog or about.id
    identifier = entry.uuid if catalog == PRODUCTS else product.id
    said = _properties(product, entry, about)
    links = _links(product, entry, about, site)
    record = feature(identifier, known["geometry"], known["bbox"], product.time)
    record["properties"] = {
        **product_json.feedback_properties(entry),
        **known["properties"],
        **{name: value for name, value in said.items() if value},
    }
    title = product.title or product.id
    if catalog == PRODUCTS:
        own = f"{records_catalog(site, about.id)}/items/{quoted(product.id)}"
        links.append(link("related", own, GEOJSON, f"Record of {about.title or about.id}"))
        return record | {"links": [*own_links(identifier, title, site, PRODUCTS, "All products"), *links]}
    return record | {"links": [*own_links(identifier, title, site, about.id, about.title), *links]}


def feature(identifier: str, geometry: Any, bbox: list[float] | None, time: TemporalExtent) -> dict[str, Any]:
    """The members of a record but its properties and links."""
    record: dict[str, Any] = {
        "id": identifier,
        "type": "Feature",
        "conformsTo": [RECORD_CORE],
        "geometry": geometry,
    }
    # the published schema, read as OpenAPI 3.0, refuses null: it allows it twice within one oneOf
    if said := _time(time):
        record["time"] = said
    return record | ({"bbox": bbox} if bbox else {})


def own_links(identifier: str, title: str, site: Site, catalog: str, catalog_title: str) -> list[Link]:
    """The links that each record of a catalogue has: to itself, its catalogue and its profile (RC-07)."""
    address = f"{records_catalog(site, catalog)}/items/{quoted(identifier)}"
    return [
        link("self", address, GEOJSON, title),
        link("alternate", f"{address}?f=html", HTML, title),
        link("collection", records_catalog(site, catalog), JSON, catalog_title or catalog),
        link("profile", PROFILE, HTML, "OGC record"),
    ]


def contact(name: str) -> dict[str, Any]:
    """Who gives the data."""
    return {"organization": name, "roles": ["distributor"]}


def license_name(said: str) -> str:
    """The SPDX identifier of a licence, `other` for one that only has an address (RC-09)."""
    return OTHER if ADDRESS in said else said


def license_links(said: str) -> list[Link]:
    """The link to a licence without an identifier."""
    return [link("license", said, HTML, "Licence")] if ADDRESS in said else []


def _keywords(product: Product, about: Collection) -> tuple[str, ...]:
    """Those of the product or, where it has none, of its collection (search/records_inherited.py)."""
    own = product.properties.get("keywords")
    return own if isinstance(own, tuple) and own else about.keywords


def _license(product: Product, about: Collection) -> str:
    """As `_keywords`."""
    return str(product.properties.get("license_id") or about.license)


def _properties(product: Product, entry: Entry, about: Collection) -> dict[str, Any]:
    types = dict.fromkeys(each.asset.media_type for each in downloads(product, entry))
    provider = entry.provider_title or entry.provider
    return {
        "created": format_time(entry.created) if entry.created else None,
        "updated": format_time(entry.modified) if entry.modified else None,
        "type": DATASET,
        "title": product.title or product.id,
        "keywords": list(_keywords(product, about)),
        "externalIds": list(_external(product, entry)),
        "formats": [{"mediaType": kind} for kind in types if kind],
        "contacts": [contact(provider)] if provider else None,
        "license": license_name(_license(product, about)),
        "collection": product.collection,
    }


def _time(time: TemporalExtent) -> dict[str, Any] | None:
    """RC-06: an interval, of which an end may be open; of an instant, too, as clients look at either."""
    if time.start is None and time.end is None:
        return None
    ends = [format_time(end) if end else ".." for end in (time.start, time.end)]
    return ({"timestamp": ends[0]} if ends[0] == ends[1] else {}) | {"interval": ends}


def _external(product: Product, entry: Entry) -> Iterator[dict[str, str]]:
    """The identifiers that others gave: the provider, whose name is the scheme, and who registers DOIs."""
    yield {"scheme": entry.provider, "value": product.id} if entry.provider else {"value": product.id}
    if doi := product.properties.get(DOI):
        yield {"scheme": DOI, "value": str(doi)}


def _links(product: Product, entry: Entry, about: Collection, site: Site) -> list[Link]:
    return [
        link("alternate", site.stac_item(product.collection, product.id), GEOJSON, "STAC item"),
        link("alternate", site.dataset(entry.name), HTML, "Page of the product"),
        *feedback_links(entry, site),
        *license_links(_license(product, about)),
        *map(data_link, downloads(product, entry)),
    ]
