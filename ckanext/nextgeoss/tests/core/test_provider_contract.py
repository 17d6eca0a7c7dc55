"""What each provider promises; finds providers by itself: a file and its sample are all there is to add.

A sample is tests/samples/<provider>/page.json, an answer of at least two products with a next page, and
expected.json beside it, written by `nextgeoss provider read <provider> --document page.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.formats.stac import read_item, write_item
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider import PROVIDERS, Provider, load_provider, provider_ids
from ckanext.nextgeoss.harvesters.reading import read_answer

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(params=provider_ids())
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each provider there is."""
    return load_provider(request.param)


@pytest.fixture
def sample(provider: Provider) -> Path:
    """The folder of its sample; a provider without one fails."""
    folder = SAMPLES / provider.id
    for name in ("page.json", "expected.json"):
        assert (folder / name).is_file(), (
            f"{provider.id} has no sample: add tests/samples/{provider.id}/{name}"
        )
    return folder


@pytest.fixture
def answer(provider: Provider, sample: Path) -> Answer:
    """The sample as the provider's rules read it."""
    reading = read_answer(provider, (sample / "page.json").read_bytes(), "page.json")
    assert reading.answer is not None, reading.error
    return reading.answer


def test_samples_have_providers():
    """A folder of samples that no provider reads is left over."""
    assert {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()} <= set(provider_ids())


def test_file_is_short(provider: Provider):
    """A file says where a provider differs, no more."""
    lines = (PROVIDERS / f"{provider.id}.yaml").read_text("utf-8").splitlines()
    assert 7 <= len(lines) <= 40


def test_says_who_it_is(provider: Provider):
    """Title, organization, address and collections; its login can be understood."""
    assert provider.title
    assert provider.organization == provider.organization.lower()
    assert provider.url.startswith(("https://", "http://127.0.0.1"))
    assert not provider.url.endswith("/")
    assert provider.collections
    auth_from_mapping(provider.auth, provider.id)


def test_collections_are_known(provider: Provider):
    """Each is in the registry under the id that the file gives."""
    unknown = [
        name for name in provider.collections if getattr(load_registry().canonical(name), "id", "") != name
    ]
    assert unknown == []


def test_sample_is_small(sample: Path):
    """What is shown is a few products, not an archive; no signature that could be real is in it."""
    assert (sample / "page.json").stat().st_size < 40_000


def test_products(provider: Provider, answer: Answer):
    """Products have ids of their own, a known collection, a time, a valid footprint, assets with roles."""
    assert len(answer.products) >= 2
    assert answer.refused == ()
    assert len({(product.collection, product.id) for product in answer.products}) == len(answer.products)
    for product, record in zip(answer.products, answer.records, strict=True):
        assert product.collection in provider.collections, product.id
        assert product.time.start is not None, product.id
        assert product.assets, product.id
        assert all(asset.roles and asset.href for asset in product.assets), product.id
        assert any({"data", "metadata"} & set(asset.roles) for asset in product.assets), product.id
        if product.footprint is None:  # as auxiliary files: there is nothing that could be one
            assert not record.native.get("geometry"), product.id
            continue
        west, south, east, north = product.footprint.bbox
        assert -180 <= west <= 180, product.id
        assert -180 <= east <= 180, product.id
        assert -90 <= south <= north <= 90, product.id


def test_records_go_with_products(answer: Answer):
    """The native record of each product stands beside it, at its place in the answer."""
    assert len(answer.records) == len(answer.products)
    assert [record.native["id"] for record in answer.records] == [product.id for product in answer.products]
    assert [record.position for record in answer.records] == list(range(len(answer.products)))


def test_snapshot(provider: Provider, sample: Path):
    """The sample is read as expected.json says, the next request included."""
    reading = read_answer(provider, (sample / "page.json").read_bytes(), "page.json")
    read: Any = {"products": reading.products(), "summary": reading.summary()}
    assert read == json.loads((sample / "expected.json").read_text("utf-8"))


def test_next_page(provider: Provider, sample: Path, answer: Answer):
    """The next request is the one that the answer asks for, at the provider's own address."""
    links = json.loads((sample / "page.json").read_bytes())["links"]
    link = next(link for link in links if link["rel"] == "next")
    assert answer.next is not None
    assert answer.next.url == link["href"]
    assert answer.next.url.startswith(provider.url)
    assert answer.next.method == link.get("method", "GET")
    assert answer.next.body == link.get("body")


def test_first_request(provider: Provider):
    """A question about each collection becomes a request that names it as the provider does."""
    for name, rule in provider.collections.items():
        query = Query(
            collections=(name,), time=TemporalExtent.parse("2024-06-01T00:00:00Z/2024-06-30T00:00:00Z")
        )
        request = protocol(provider.protocol).first_request(provider, query)
        assert request.url.startswith(provider.url)
        said = json.dumps(request.body or request.params)
        assert all(native in said for native in rule.ids)
        assert "2024-06-01T00:00:00Z/2024-06-30T00:00:00Z" in said


def test_same_hash_again(provider: Provider, sample: Path, answer: Answer):
    """Reading the same answer again, its members in another order, gives the same hashes."""
    page = json.loads((sample / "page.json").read_bytes())
    for feature in page["features"]:
        feature["assets"] = dict(reversed(feature["assets"].items()))
        feature["properties"] = dict(reversed(feature["properties"].items()))
    again = read_answer(provider, json.dumps(page).encode(), "page.json").answer
    assert again is not None
    assert [product.content_hash() for product in again.products] == [
        product.content_hash() for product in answer.products
    ]


def test_comes_back_as_stac(answer: Answer):
    """Products survive being written and read as STAC."""
    for product in answer.products:
        assert read_item(write_item(product)) == product
