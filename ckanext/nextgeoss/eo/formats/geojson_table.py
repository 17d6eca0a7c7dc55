"""Products as one FeatureCollection (GeoJSON, RFC 7946) with flat properties, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from ..downloads import downloads
from ..page import Entry, Page
from ..product import Product
from . import product_json

MEDIA_TYPE = "application/geo+json"
# of all products, besides their EO properties
MEMBERS = (
    "id", "collection", "title", "start", "end", "name", "provider", "access", "metadata_created",
    "metadata_modified",
)  # fmt: skip


def write(pages: Iterable[Page]) -> Iterator[bytes]:
    """The collection in pieces; the `id` of a feature is that of its dataset, `url` and `size` are those of
    the best data file, properties of which nothing is known are null (MEMBERS) or missing (EO)."""
    yield b'{"type":"FeatureCollection","features":['
    before = b"\n"
    for page in pages:
        found = zip(page.products, page.entries, strict=True)
        if features := [orjson.dumps(_feature(product, entry)) for product, entry in found]:
            yield before + b",\n".join(features)
            before = b",\n"
    yield b"\n]}\n"


def _feature(product: Product, entry: Entry) -> dict[str, Any]:
    known = product_json.write(product, entry)
    best = next(iter(downloads(product, entry)), None)
    feature = {"type": "Feature", "id": entry.uuid, "geometry": known["geometry"]}
    if known["bbox"]:
        feature["bbox"] = known["bbox"]
    feature["properties"] = {
        **known["properties"],
        **{name: known[name] for name in MEMBERS},
        "url": best.asset.href if best else None,
        "size": best.asset.size if best else None,
    }
    return feature
