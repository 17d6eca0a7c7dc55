"""Products as features of OGC API Features: GeoJSON (RFC 7946) with flat properties under our own names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..crs import CRS84, in_crs
from ..downloads import Download, downloads
from ..page import Entry
from ..product import Product
from ..temporal import format_time
from . import product_json
from .site import Site, quoted
from .stac_feedback import feedback_links
from .stac_write import GEOJSON, HTML, JSON, Link, link

# of all products, before their EO properties
MEMBERS = (
    "title",
    "collection",
    "provider",
    "access",
    "start",
    "end",
    "metadata_created",
    "metadata_modified",
)
_BINARY = "application/octet-stream"


def features_collection(site: Site, name: str) -> str:
    """The address of a collection."""
    return f"{site.base}/features/collections/{quoted(name)}"


def write_feature(product: Product, entry: Entry, site: Site, crs: str = CRS84) -> dict[str, Any]:
    """The feature; properties of which nothing is known are left out. Links lead to the feature itself, to
    its collection, to the product elsewhere in the catalogue, and to its data."""
    known = product_json.write(product, entry)
    said = {name: known[name] for name in MEMBERS if known[name] is not None}
    feature: dict[str, Any] = {"type": "Feature", "id": product.id, "geometry": known["geometry"]}
    if known["bbox"]:
        feature["bbox"] = known["bbox"]
    feature["properties"] = said | product_json.feedback_properties(entry) | known["properties"]
    feature = in_crs(feature, crs)
    feature["links"] = [
        *_links(product, entry, site),
        *feedback_links(entry, site),
        *map(data_link, downloads(product, entry)),
    ]
    return feature


def write_features(
    features: Iterable[dict[str, Any]], links: list[Link], total: int | None, now: datetime
) -> dict[str, Any]:
    """A page of the features of a collection."""
    found = list(features)
    document: dict[str, Any] = {"type": "FeatureCollection", "timeStamp": format_time(now)}
    if total is not None:
        document["numberMatched"] = total
    return document | {"numberReturned": len(found), "features": found, "links": links}


def _links(product: Product, entry: Entry, site: Site) -> list[Link]:
    collection, title = features_collection(site, product.collection), product.title or product.id
    return [
        link("self", f"{collection}/items/{quoted(product.id)}", GEOJSON, title),
        link("alternate", f"{collection}/items/{quoted(product.id)}?f=html", HTML, title),
        link("collection", collection, JSON, product.collection),
        link("alternate", site.dataset(entry.name), HTML, "Page of the product"),
        link("related", site.stac_item(product.collection, product.id), GEOJSON, "STAC item"),
    ]


def data_link(download: Download) -> Link:
    """The link to a file of a product."""
    asset = download.asset
    told = link("enclosure", asset.href, asset.media_type or _BINARY, asset.title or asset.key)
    return told | ({"length": asset.size} if asset.size is not None else {})
