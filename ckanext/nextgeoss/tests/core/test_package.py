"""A product survives the way into a dataset dictionary and back; what people see in it is useful."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.demo.catalogue import products as demo_products
from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Problem, Product, Value, product_uuid
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.package import (
    collection_from_dataset,
    collection_uuid,
    dataset_from_collection,
    dataset_from_product,
    product_from_dataset,
    summary,
    tags,
)
from ckanext.nextgeoss.resources import by_use, resource_format
from ckanext.nextgeoss.tests.core.strategies import values

UUID_ = product_uuid("c", "p")
words = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=1, max_size=20)
times = st.datetimes(datetime(1970, 1, 1), datetime(2060, 1, 1), timezones=st.just(timezone.utc))


def some_properties() -> st.SearchStrategy[dict[str, Value]]:
    return st.fixed_dictionaries({}, optional={name: values(row) for name, row in load_properties().items()})


assets = st.builds(
    Asset,
    key=words.map(lambda word: "key-" + word),
    href=words.map(lambda word: "https://example.org/" + word),
    roles=st.lists(st.sampled_from(["data", "metadata", "thumbnail", "overview"]), unique=True).map(tuple),
    title=st.sampled_from(["", "Product", "Quicklook"]),
    media_type=st.sampled_from(["", "image/jp2", "application/zip"]),
    size=st.none() | st.integers(0, 2**40),
    checksum=st.sampled_from(["", "md5:d41d8cd98f00b204e9800998ecf8427e"]),
)
footprints = st.builds(
    Footprint.from_bbox, st.floats(-179, 179), st.floats(-80, 0), st.floats(-179, 179), st.floats(1, 80)
)
products = st.builds(
    Product,
    id=words,
    collection=words,
    title=st.just("") | words.map(lambda word: "Title of " + word),
    footprint=st.none() | footprints,
    time=st.tuples(times, times).map(lambda pair: TemporalExtent(min(pair), max(pair))),
    properties=some_properties(),
    assets=st.lists(assets, max_size=4, unique_by=lambda asset: asset.key).map(tuple),
    problems=st.lists(st.builds(Problem, where=words, reason=words), max_size=2).map(tuple),
)


@given(products)
def test_a_product_comes_back_from_its_dataset(product: Product) -> None:
    dataset = dataset_from_product(product, owner_org="o", uuid=UUID_, name="n", provider_id="x")
    again = product_from_dataset(json.loads(json.dumps(dataset)))
    assert again == replace(product, assets=tuple(by_use(product.assets)))
    assert again.problems == product.problems
    assert again.content_hash() == product.content_hash()


def test_the_demo_products_come_back_from_their_datasets() -> None:
    for product in demo_products(300):
        dataset = dataset_from_product(product, owner_org="o", uuid=UUID_, name="n")
        assert product_from_dataset(json.loads(json.dumps(dataset))).content_hash() == product.content_hash()


PRODUCT = Product(
    id="S2A_MSIL2A_20240501T105031_N0510_R051_T31TCJ_20240501T170702",
    collection="sentinel-2-l2a",
    footprint=Footprint.from_bbox(0, 43, 1, 44),
    time=TemporalExtent.parse("2024-05-01T10:50:31.024Z"),
    properties={
        "platform": "sentinel-2a",
        "constellation": "sentinel-2",
        "instruments": ("msi",),
        "processing_level": "L2A",
        "product_type": "S2MSI2A",
        "cloud_cover": 3.21,
        "created": datetime(2024, 5, 2, tzinfo=timezone.utc),
    },
    assets=(
        Asset(key="thumbnail", href="https://x.org/a.jpg", roles=("thumbnail",), media_type="image/jpeg"),
        Asset(
            key="product", href="https://x.org/a.zip", roles=("data",), media_type="application/zip", size=7
        ),
    ),
)


def test_the_dataset_is_what_package_create_takes() -> None:
    dataset = dataset_from_product(PRODUCT, owner_org="esa", uuid=UUID_, name="n", provider_id="cdse")
    assert UUID(dataset["id"]) and dataset["type"] == "eo_product" and dataset["owner_org"] == "esa"
    assert dataset["timerange_start"] == dataset["timerange_end"] == "2024-05-01T10:50:31.024Z"
    assert dataset["created"] == "2024-05-02T00:00:00Z" and dataset["instruments"] == ["msi"]
    assert json.loads(dataset["spatial"])["type"] == "Polygon"
    first = dataset["resources"][0]
    assert first["key"] == "product" and first["format"] == "ZIP" and first["provider"] == "cdse"
    assert [tag["name"] for tag in dataset["tags"]] == ["sentinel-2", "sentinel-2a", "msi", "s2msi2a", "l2a"]


def test_summary_says_what_when_and_how_cloudy() -> None:
    assert summary(PRODUCT) == "sentinel-2a MSI L2A, 2024-05-01, 3 % cloud"
    assert summary(Product(id="x", collection="c")) == "c"
    assert summary(Product(id="x", collection="c", properties={"description": "Ice"})) == "Ice"


@given(st.lists(st.text(max_size=150), max_size=30))
def test_tags_keep_the_rules_of_ckan(given_words: list[str]) -> None:
    found = tags(given_words)
    assert len(set(found)) == len(found) <= 20
    assert all(2 <= len(tag) <= 100 and re.fullmatch(r"[\w \-.]*", tag) for tag in found)


def test_format_comes_from_media_type_or_suffix() -> None:
    assert resource_format(Asset(key="a", href="https://x.org/a", media_type="image/tiff; a=b")) == "GeoTIFF"
    assert resource_format(Asset(key="a", href="https://x.org/a.SAFE?x=1")) == "SAFE"
    assert resource_format(Asset(key="a", href="https://x.org/a")) == ""


def test_a_collection_comes_back_from_its_dataset() -> None:
    collection = Collection(
        id="sentinel-2-l2a",
        title="Sentinel-2 Level-2A",
        description="Surface reflectance",
        keywords=("esa", "msi"),
        license="CC-BY-4.0",
        doi="10.1/x",
        platforms=("sentinel-2a",),
        instruments=("msi",),
        providers=("ESA",),
        footprint=Footprint.from_bbox(-180, -56, 180, 83),
        time=TemporalExtent.of("2015-06-27", None),
        thumbnail="https://x.org/t.png",
        aliases=("S2L2A",),
        product_key="(.+?)(?:\\.SAFE)?",
    )
    dataset = dataset_from_collection(collection, owner_org="esa", uuid=UUID_, name="n")
    assert dataset["type"] == "eo_collection" and "citation" not in dataset
    assert collection_from_dataset(json.loads(json.dumps(dataset))) == collection


def test_a_collection_is_named_after_its_id() -> None:
    dataset = dataset_from_collection(Collection(id="sentinel-2-l2a"), owner_org="esa")
    assert (dataset["name"], dataset["title"]) == ("sentinel-2-l2a", "sentinel-2-l2a")
    assert dataset["id"] == collection_uuid("sentinel-2-l2a") != collection_uuid("sentinel-2-l2a", "scope")
