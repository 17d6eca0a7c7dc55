"""What each provider promises; finds providers by itself: a file and its sample are all there is to add.

A sample is tests/samples/<provider>/page.json or page.xml, an answer of at least two products with more to
follow, and expected.json beside it, written by `make accept PROVIDER=<provider>`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.formats.stac import read_item, write_item
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.attributes import UNKNOWN, attributes_of
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping
from ckanext.nextgeoss.harvesters.protocols import COLLECTIONS, TIME, Answer, protocol
from ckanext.nextgeoss.harvesters.provider import LIVE, RETIRED, Provider
from ckanext.nextgeoss.harvesters.provider_files import PROVIDERS, load_provider, provider_ids
from ckanext.nextgeoss.harvesters.reading import read_answer, sample_pages
from ckanext.nextgeoss.harvesters.sieve import askable
from ckanext.nextgeoss.http import Request, Response
from ckanext.nextgeoss.tests import provider_table

_ADDRESS = re.compile(r"(https?|s3|ftp)://")
# services that know no pages
IN_ONE_PIECE = ("gdacs",)
SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture(params=provider_ids())
def provider(request: pytest.FixtureRequest) -> Provider:
    """Each provider there is."""
    return load_provider(request.param)


@pytest.fixture
def searching(provider: Provider) -> Provider:
    """The provider with its search template, which may be in a description document beside its sample."""
    return provider_table.searching(provider)


@pytest.fixture
def pages(provider: Provider) -> list[Path]:
    """The files of its sample; a provider without one fails."""
    found = sample_pages(SAMPLES / provider.id)
    assert found, f"{provider.id} has no sample: add tests/samples/{provider.id}/page.json or page.xml"
    return found


@pytest.fixture
def page(pages: list[Path]) -> Path:
    """The file that expected.json is of."""
    return pages[0]


@pytest.fixture
def answer(provider: Provider, page: Path) -> Answer:
    """The sample as the provider's rules read it."""
    reading = read_answer(provider, page.read_bytes(), page.name)
    assert reading.answer is not None, reading.error
    return reading.answer


def test_samples_have_providers():
    """A folder of samples that no provider reads is left over."""
    assert {folder.name for folder in SAMPLES.iterdir() if folder.is_dir()} <= set(provider_ids())


def test_file_is_short(provider: Provider):
    """A file says where a provider differs, no more; the list of its collections is as long as it is."""
    before, _, _ = (PROVIDERS / f"{provider.id}.yaml").read_text("utf-8").partition("\ncollections:")
    assert 4 <= len(before.splitlines()) < 40


def test_needs_no_python(provider: Provider):
    """All of it is declared."""
    assert not (PROVIDERS / f"{provider.id}.py").exists()


def test_says_who_it_is(provider: Provider):
    """Title, organization, address and collections; its login can be understood."""
    assert provider.title
    assert provider.organization == provider.organization.lower()
    old = ("http://", "ftp://") if provider.status == RETIRED else ("http://127.0.0.1",)
    assert provider.url.startswith(("https://", "ftp://", *old))
    assert not provider.url.endswith("/")
    assert provider.collections or protocol(provider.protocol).collections_request(provider) is not None
    assert not provider.replaced_by or load_provider(provider.replaced_by).status == LIVE
    auth_from_mapping(provider.auth, provider.id)


def test_collections_are_known(provider: Provider):
    """Each is in the registry under the id that the file gives."""
    unknown = [
        name for name in provider.collections if getattr(load_registry().canonical(name), "id", "") != name
    ]
    assert unknown == []


def test_sample_is_small(pages: list[Path]):
    """What is shown is a few products, not an archive."""
    assert all(page.stat().st_size < 40_000 for page in pages)


def test_products(provider: Provider, answer: Answer):
    """Products have ids of their own, a known collection, a time, a valid footprint, assets with roles."""
    assert len(answer.products) >= 2
    assert answer.refused == ()
    assert answer.warnings == ()
    assert len({(product.collection, product.id) for product in answer.products}) == len(answer.products)
    for product in answer.products:
        assert product.collection in provider.collections or provider.offers_others, product.id
        assert product.time.start is not None, product.id
        assert product.assets, product.id
        assert all(asset.roles and _ADDRESS.match(asset.href) for asset in product.assets), product.id
        assert any({"data", "metadata"} & set(asset.roles) for asset in product.assets), product.id
        if product.footprint is None:  # there is nothing that could be one
            assert "-aux-" in product.collection, product.id
            continue
        west, south, east, north = product.footprint.bbox
        assert -180 <= west <= 180, product.id
        assert -180 <= east <= 180, product.id
        assert -90 <= south <= north <= 90, product.id


def test_records_are_read_again(provider: Provider, answer: Answer):
    """The native record of each product stands beside it, and alone tells the same product once more."""
    assert len(answer.records) == len(answer.products)
    assert [record.position for record in answer.records] == list(range(len(answer.products)))
    for product, record in zip(answer.products, answer.records, strict=True):
        asked = Request(url=provider.url, about=product.collection)
        response = Response(200, {}, record.text().encode("utf-8"), provider.url)
        again = protocol(provider.protocol).read(provider, response, asked)
        assert again.products == (product,)


def test_snapshot(provider: Provider, page: Path):
    """The sample is read as expected.json says, the next request included."""
    reading = read_answer(provider, page.read_bytes(), page.name)
    assert reading.document() == json.loads(page.with_name("expected.json").read_text("utf-8"))


def test_same_in_each_format(provider: Provider, pages: list[Path], answer: Answer):
    """Where a service answers in several formats, each tells the same products."""
    for other in pages[1:]:
        read = read_answer(provider, other.read_bytes(), other.name).answer
        assert read is not None
        assert read.products == answer.products
        assert read.total == answer.total


def test_next_page(searching: Provider, page: Path):
    """After the sample, as the answer to our own question, there is a next request to the provider, or one
    for what lies beneath; unless one answer has all."""
    provider = searching
    speech = protocol(provider.protocol)
    query = askable(Query(collections=tuple(provider.collections)[:1]), speech.asks(provider))
    asked = replace(speech.first_request(provider, query), about="".join(query.collections))
    # of a catalogue that is a tree the sample may show where it begins, too
    begin = next((each for each in [page.with_name("catalog.json")] if each.is_file()), page)
    response = Response(200, _headers(page), begin.read_bytes(), asked.url)
    answer = speech.read(provider, response, asked)
    found = answer.next or next(iter(answer.children), None)
    if provider.id in IN_ONE_PIECE:
        assert found is None
        return
    assert found is not None
    assert found.url.startswith(provider.url)
    assert found.about in (asked.about, "")  # what lies beneath gets that of its parent
    assert found != asked


def _headers(page: Path) -> dict[str, str]:
    """The headers of a sample, where the way on is in these."""
    file = page.with_name("headers.json")
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def test_first_request(searching: Provider):
    """A question about each collection becomes a request that names it as the provider does, and the time,
    where it can be asked these."""
    provider = searching
    time = TemporalExtent.parse("2024-06-01T00:00:00Z/2024-06-30T00:00:00Z")
    asks = protocol(provider.protocol).asks(provider)
    for name, rule in provider.collections.items():
        query = askable(Query(collections=(name,), time=time), asks)
        request = protocol(provider.protocol).first_request(provider, query)
        assert request.url.startswith(provider.url)
        said = unquote(request.url) + json.dumps(request.body or dict(request.params))
        if COLLECTIONS in asks and request.about != name:  # known by what the way through a tree is about
            assert any(_is_said(native, said) for native in rule.ids), name
            assert all(any(value in said for value in values) for values in rule.where.values()), name
        if TIME in asks:
            assert "2024-06-01" in said
            assert "2024-06-30" in said


def _is_said(native: str, said: str) -> bool:
    """Whether a request names a collection: whole, or as CMR asks it, by its short name and its version."""
    return native in said or all(part in said for part in native.rsplit("_", 1))


def test_every_attribute_is_accounted_for(provider: Provider, answer: Answer):
    """What the sample's records say is mapped, or ignored on purpose."""
    found = attributes_of(provider, answer.records)
    assert [attribute.path for attribute in found if attribute.read_as == UNKNOWN] == []


def test_same_hash_again(provider: Provider, page: Path, answer: Answer):
    """Reading the same answer again, the members of its objects in another order, gives the same hashes."""
    body = page.read_bytes()
    if page.suffix == ".json":
        body = json.dumps(_turned(json.loads(body))).encode()
    again = read_answer(provider, body, page.name).answer
    assert again is not None
    assert [product.content_hash() for product in again.products] == [
        product.content_hash() for product in answer.products
    ]


def _turned(value: Any) -> Any:
    """A JSON value with the members of its objects in the other order."""
    if isinstance(value, dict):
        return {name: _turned(item) for name, item in reversed(value.items())}
    return [_turned(item) for item in value] if isinstance(value, list) else value


def test_comes_back_as_stac(answer: Answer):
    """Products survive being written and read as STAC."""
    for product in answer.products:
        assert read_item(write_item(product)) == product
