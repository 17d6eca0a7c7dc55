"""Every STAC item and collection that providers were recorded with is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadRecord
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.stac import read_collection, read_item, write_item
from ckanext.nextgeoss.tests.shared import provider_samples

# services we have provider files for: nothing of theirs may be lost
SUPPORTED = ("earth-search", "planetary-computer", "cdse-stac")
OTHERS = (
    "cnes-geodes", "copernicus-marine-stac", "digital-earth-odc", "dlr-eoc-geoservice", "eoapi-dev",
    "odd-geometries",
    "odse-static-stac", "paituli-geoserver-stac", "sat-api-legacy", "spacebel-emc", "stac-label-static",
    "swiss-geoadmin-stac", "usgs-landsatlook-stac",
)  # fmt: skip


def documents(folder: str) -> Iterator[tuple[Path, Any]]:
    for path in sorted((provider_samples() / folder).glob("*.json")):
        try:
            yield path, json.loads(path.read_text("utf-8-sig"))
        except ValueError:
            continue  # error pages and truncated files are the protocols' concern


def items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    return [document] if document.get("type") == "Feature" else document.get("features") or []


@pytest.mark.parametrize("folder", SUPPORTED)
def test_items_of_supported_services_are_read_completely(folder: str) -> None:
    count = 0
    for path, document in documents(folder):
        products = [read_item(item, collection="unnamed") for item in items(document)]
        for product, item in zip(products, items(document), strict=True):
            where = f"{path.name}: {product.id}"
            assert product.time, where
            assert product.footprint or not item.get("geometry"), where
            assert len(product.assets) == len(item["assets"]), where
            assert all(asset.roles for asset in product.assets), where
            assert read_item(write_item(product)) == product, where
        count += len(products)
    assert count > 10


@pytest.mark.parametrize("folder", OTHERS)
def test_items_of_other_services_are_read_or_refused_with_a_reason(folder: str) -> None:
    for path, document in documents(folder):
        for position, item in enumerate(items(document)):
            try:
                product = read_item(item, position=position, collection="unnamed")
            except BadRecord as error:
                assert "no id" in str(error), path.name
                continue
            assert read_item(write_item(product)) == product, path.name
            if product.footprint:
                assert Footprint.from_geojson(product.footprint.geojson) == product.footprint, path.name


@pytest.mark.parametrize("folder", SUPPORTED)
def test_collections_of_supported_services(folder: str) -> None:
    found = [
        read_collection(collection)
        for _, document in documents(folder)
        if isinstance(document, dict)
        for collection in document.get("collections") or [document]
        if collection.get("type") == "Collection"
    ]
    assert found
    assert all(collection.description and collection.footprint and collection.license for collection in found)
