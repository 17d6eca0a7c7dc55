"""OWSLib, terracatalogueclient, feedparser and GDAL find in our OpenSearch what our own catalogue finds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox
from ckanext.nextgeoss.eo.temporal import TemporalExtent

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"
BOX = parse_bbox("-10,30,20,60")


@pytest.fixture()
def ours(served_hub: ServedHub) -> Any:
    def found(*conditions: tuple[str, str, Any], **asked: Any) -> list[str]:
        told = tuple(Condition(*each) for each in conditions)
        return served_hub.ids(collections=[served_hub.collection(COLLECTION)], conditions=told, **asked)

    return found


# --- terracatalogueclient


@pytest.fixture(scope="module")
def terra(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that its script has found."""
    return served_hub.script(clients, "terra_client", served_hub.address, served_hub.collection(COLLECTION))


def test_terra_finds_collections(terra: dict[str, Any], served_hub: ServedHub):
    assert {served_hub.collection(name) for name in HELD} <= set(terra["collections"])
    assert len(terra["collections"]) == len(set(terra["collections"]))


@pytest.mark.parametrize(
    ("name", "conditions", "asked"),
    [
        ("all", [], {}),
        ("clouds", [("cloud_cover", "between", (0.0, 20.0))], {"footprint": BOX}),
        ("few_clouds", [("cloud_cover", "<=", 10.0)], {}),
        ("area", [], {"footprint": BOX}),
        ("time", [], {"time": TemporalExtent.of("2024-01-01", "2024-06-01T00:00:00Z")}),
    ],
)
def test_terra_finds_products(terra: dict[str, Any], ours: Any, name: str, conditions: Any, asked: Any):
    expected = ours(*conditions, **asked)
    assert terra[name]["count"] == len(expected) > 0
    assert [product["title"] for product in terra[name]["products"]] or not expected
    assert len({product["id"] for product in terra[name]["products"]}) == len(expected)


def test_terra_reads_products(terra: dict[str, Any], served_hub: ServedHub):
    products = served_hub.find(collections=[served_hub.collection(COLLECTION)]).products
    by_file = {product.assets[0].href: product for product in products}
    assert len(terra["all"]["products"]) == len(products)
    for told in terra["all"]["products"]:
        ((href, size, media_type, _),) = told["data"]
        product = by_file.pop(href)
        assert (size, media_type) == (product.assets[0].size, product.assets[0].media_type)
        # the client cuts fractions of seconds off
        assert product.time.start
        assert told["begin"] == product.time.start.strftime("%Y-%m-%dT%H:%M:%S")
        assert product.footprint
        assert told["bbox"] == pytest.approx(product.footprint.bbox)
        assert told["previews"]
    assert terra["limited"] == 7


def test_terra_is_told_what_is_wrong(terra: dict[str, Any]):
    assert "cloudCover" in terra["error"]
    assert "many" in terra["error"]


# --- OWSLib


@pytest.fixture(scope="module")
def owslib(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that its script has found."""
    name = served_hub.collection(COLLECTION)
    return served_hub.script(clients, "owslib_client", served_hub.address, name)


def test_owslib_reads_the_description(owslib: dict[str, Any]):
    assert owslib["name"]
    assert {"application/atom+xml", "application/geo+json"} <= set(owslib["types"])
    assert owslib["top"][0]
    assert owslib["tags"]


def test_owslib_finds_products(owslib: dict[str, Any], ours: Any):
    assert owslib["all"] == {"total": HELD[COLLECTION], "ids": ours()}
    box = ours(footprint=BOX)
    assert owslib["box"] == {"total": len(box), "ids": box[:5]}
    clear = ours(("cloud_cover", "between", (0.0, 20.0)), footprint=BOX)
    assert owslib["clouds"] == {"total": len(clear), "ids": clear}
    assert owslib["second"]["ids"] == ours()[10:20]
    assert owslib["told"]


# --- feedparser


def test_feeds_are_without_fault(served_hub: ServedHub, clients: Path, ours: Any):
    name = served_hub.collection(COLLECTION)
    root = f"{served_hub.address}/opensearch"
    products, series = (
        f"search.{{}}?parentIdentifier={name}&count=10",
        f"collection_search.{{}}?uid={name}",
    )
    addresses = [f"{root}/{path.format(form)}" for path in (products, series) for form in ("atom", "rss")]
    found = served_hub.script(clients, "feedparser_client", *addresses)
    for feed, version in zip(found, ("atom10", "rss20") * 2, strict=True):
        assert (feed["bozo"], feed["why"], feed["version"]) == (0, "", version)
        assert feed["title"]
        assert feed["entries"] and all(entry["title"] and entry["id"] for entry in feed["entries"])
        # RSS tells no time where none is known
        assert all(entry["updated"] for entry in feed["entries"]) or version == "rss20"
        assert all(entry["where"] for entry in feed["entries"]) or version == "rss20"
    for feed in found[:2]:
        assert feed["total"] == str(HELD[COLLECTION])
        assert len(feed["entries"]) == 10
    expected = ours(limit=10)
    for identifier, *entries in zip(expected, found[0]["entries"], found[1]["entries"], strict=True):
        assert all(identifier in json.dumps(entry) for entry in entries)


# --- GDAL


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_gdal_reads_all_forms(served_hub: ServedHub, tmp_path: Path, ours: Any, form: str):
    """With its drivers for GeoRSS and GeoJSON: as many areas as there are products, at their places."""
    program = shutil.which("ogrinfo")
    if not program:
        pytest.skip("ogrinfo of GDAL is not installed")
    name = served_hub.collection(COLLECTION)
    kept = tmp_path / f"answer.{form}"
    with urlopen(f"{served_hub.address}/opensearch/search.{form}?parentIdentifier={name}&count=50") as answer:
        kept.write_bytes(answer.read())
    # the GML in an Atom answer makes GDAL's driver for GML believe that it is its own
    other = {"OGR_SKIP": "GML"} if form == "atom" else {}
    told = served_hub.run(program, "-ro", "-al", "-geom=SUMMARY", kept, **other)
    assert "Feature Count: 50" in told
    assert len(re.findall("^  (MULTI)?POLYGON :", told, re.M)) == 50
    assert all(identifier in told for identifier in ours(limit=50))
