"""Products and collections as schema.org Datasets, for search engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..eo.asset import Asset
from ..eo.footprint import Footprint
from ..eo.product import Product
from ..eo.temporal import TemporalExtent

JsonLd = dict[str, Any]


def product_dataset(
    product: Product, *, url: str, description: str, provider: str, collection_url: str, keywords: list[str]
) -> JsonLd:
    """The Dataset of a product; parts that are not known are left out."""
    return _without_empty(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": url,
            "url": url,
            "name": product.title or product.id,
            "description": description,
            "identifier": product.id,
            "keywords": keywords,
            "license": product.properties.get("license_id"),
            "temporalCoverage": product.time.isoformat() if product.time else "",
            "spatialCoverage": _place(product.footprint),
            "provider": _organization(provider),
            "isPartOf": {"@type": "Dataset", "@id": collection_url} if collection_url else None,
            "distribution": [_download(asset) for asset in product.assets if asset.href.startswith("http")],
        }
    )


def collection_dataset(
    dataset: Mapping[str, Any], *, url: str, provider: str, time: TemporalExtent, footprint: Footprint | None
) -> JsonLd:
    """The Dataset of a collection; parts that are not known are left out."""
    doi = dataset.get("doi")
    return _without_empty(
        {
            "@context": "https://schema.org/",
            "@type": "Dataset",
            "@id": url,
            "url": url,
            "name": dataset.get("title") or dataset["name"],
            "description": dataset.get("notes") or dataset.get("title"),
            "identifier": [f"https://doi.org/{doi}"] if doi else dataset.get("collection_id"),
            "keywords": [tag["name"] for tag in dataset.get("tags", ())],
            "license": dataset.get("license_id"),
            "citation": dataset.get("citation"),
            "temporalCoverage": time.isoformat() if time else "",
            "spatialCoverage": _place(footprint),
            "provider": _organization(provider),
        }
    )


def _place(footprint: Footprint | None) -> JsonLd | None:
    """A Place by its box: south west north east, latitude first, as schema.org GeoShape has it."""
    if footprint is None:
        return None
    west, south, east, north = footprint.bbox
    return {"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}}


def _organization(title: str) -> JsonLd | None:
    return {"@type": "Organization", "name": title} if title else None


def _download(asset: Asset) -> JsonLd:
    return _without_empty(
        {
            "@type": "DataDownload",
            "name": asset.title or asset.key,
            "contentUrl": asset.href,
            "encodingFormat": asset.media_type,
            "contentSize": str(asset.size) if asset.size is not None else "",
        }
    )


def _without_empty(parts: JsonLd) -> JsonLd:
    return {key: value for key, value in parts.items() if value not in (None, "", [])}
