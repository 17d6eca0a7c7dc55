"""One simulated provider asked by all its protocols: the same products, the same counts, and every fault."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from ckanext.nextgeoss.addresses import HttpError
from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.defects import spoiled
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.demo.faults import KINDS
from ckanext.nextgeoss.demo.holdings import Question
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.xml import parse_xml, text_at
from ckanext.nextgeoss.harvesters.protocols import Answer
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, TooLarge

PROVIDERS = {
    "stac": "nextgeoss_demo",
    "atom": "nextgeoss_demo_atom",
    "geojson": "nextgeoss_demo_geojson",
    "odata": "nextgeoss_demo_odata",
}
COUNT = 240
FIJI = (178.0, -19.0, -179.0, -16.0)
LANDSAT = "landsat-c2-l2"


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(catalogue.products(COUNT))


@pytest.fixture(scope="module")
def running(products: list[Product]) -> Iterator[Simulator]:
    with Simulator(products) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Iterator[Simulator]:
    running.requests.clear()
    yield running
    running.faults.clear()


@pytest.fixture(params=PROVIDERS)
def protocol(request: pytest.FixtureRequest) -> str:
    """Each protocol of the simulator."""
    return request.param


def described(protocol: str, simulator: Simulator, **changes: Any) -> Provider:
    """The provider file of a protocol, at the simulator's address."""
    provider = load_provider(PROVIDERS[protocol])
    url = provider.url.replace("http://127.0.0.1:5050", simulator.url)
    return replace(provider, **{"url": url, **changes})


def remote(protocol: str, simulator: Simulator, **changes: Any) -> RemoteCatalogue:
    host = simulator.url.removeprefix("http://")
    limits = Limits(attempts=3, read=0.25, pause=0.01, max_bytes=2_000_000)
    client = HttpClient(allowed_private_hosts=[host], limits=limits)
    return RemoteCatalogue(described(protocol, simulator, **changes), client.send)


def whole(protocol: str, simulator: Simulator, **asked: Any) -> Query:
    """A query for all collections."""
    return Query(collections=tuple(described(protocol, simulator).collections), **asked)


def read(protocol: str, simulator: Simulator, query: Query | None = None, **changes: Any) -> list[Product]:
    """All products of a query, none twice."""
    pages = remote(protocol, simulator, **changes).pages(query or whole(protocol, simulator))
    found = [product for page in pages for product in page.products]
    assert len({product.id for product in found}) == len(found)
    return found


# --- the same products


@pytest.mark.parametrize("page_size", [7, 1000])
def test_the_same_products(protocol: str, simulator: Simulator, products: list[Product], page_size: int):
    found = {product.id: product for product in read(protocol, simulator, page_size=page_size)}
    wanted = {product.id: absolute(product, simulator.url) for product in products}
    assert found == wanted
    assert {name: each.content_hash() for name, each in found.items()} == {
        name: each.content_hash() for name, each in wanted.items()
    }
    assert all(product.problems == () for product in found.values())


def test_the_same_counts(protocol: str, simulator: Simulator, products: list[Product]):
    catalogue_ = remote(protocol, simulator)
    for name in described(protocol, simulator).collections:
        own = [product for product in products if product.collection == name]
        assert catalogue_.count(Query(collections=(name,))) == len(own)


def test_products_with_something_wrong_in_them_are_the_same_too():
    """What a few records have wrong is in all formats, and is noted by the readers of all."""
    some = [product for product in catalogue.products(2000) if spoiled(product) is not product]
    assert len(some) > 8
    with Simulator(some, with_defects=True) as simulator:
        read_by = {name: {p.id: p for p in read(name, simulator)} for name in PROVIDERS}
    noted = [product for product in read_by["stac"].values() if product.problems]
    assert len(noted) > 4
    for name, found in read_by.items():
        assert found == read_by["stac"], name
        assert all(found[product.id].problems for product in noted), name


ASKED = {
    "fiji": Query(footprint=Footprint.from_bbox(*FIJI)),
    "europe": Query(footprint=Footprint.from_bbox(-10, 35, 12, 55)),
    "north": Query(footprint=Footprint.from_bbox(-180, 60, 180, 90)),
    "summer": Query(time=TemporalExtent.parse("2024-06-01T00:00:00Z/2024-08-31T23:59:59.5Z")),
    "since": Query(time=TemporalExtent.parse("2025-01-01T00:00:00Z/..")),
    "until": Query(time=TemporalExtent.parse("../2024-05-01T00:00:00Z")),
    "both": Query(footprint=Footprint.from_bbox(*FIJI), time=TemporalExtent.parse("2024-06-01T00:00:00Z/..")),
}


@pytest.mark.parametrize("asked", ASKED)
def test_the_same_answer_to_a_question(
    protocol: str, simulator: Simulator, products: list[Product], asked: str
):
    query = replace(ASKED[asked], collections=tuple(described(protocol, simulator).collections))
    wanted = {
        product.id
        for product in products
        if (query.footprint is None or (product.footprint and product.footprint.intersects(query.footprint)))
        and (query.time.start is None or (product.time.end and product.time.end >= query.time.start))
        and (query.time.end is None or (product.time.start and product.time.start <= query.time.end))
    }
    assert 0 < len(wanted) < COUNT
    assert {product.id for product in read(protocol, simulator, query, page_size=5)} == wanted


def test_one_product_by_its_name(protocol: str, simulator: Simulator, products: list[Product]):
    wanted = next(product for product in products if product.collection == LANDSAT)
    found = read(protocol, simulator, Query(collections=(LANDSAT,), ids=(wanted.id,)))
    assert found == [absolute(wanted, simulator.url)]


def test_nothing_is_no_error(protocol: str, simulator: Simulator):
    never = TemporalExtent.parse("1990-01-01/1990-12-31")
    (answer,) = remote(protocol, simulator).pages(Query(collections=(LANDSAT,), time=never))
    assert (answer.products, answer.total, answer.next) == ((), 0 if protocol != "odata" else None, None)


def test_every_asset_is_where_stac_has_it(simulator: Simulator):
    by = {name: {p.id: p.assets for p in read(name, simulator)} for name in PROVIDERS}
    assert all(found == by["stac"] for found in by.values())


# --- beyond what OData counts to


@pytest.mark.parametrize("reach", [3, 6, 7])
def test_beyond_the_reach_of_counting(simulator: Simulator, products: list[Product], reach: int):
    """The search goes on by time, and no product is lost; those of one instant may come twice."""
    own = {product.id for product in products if product.collection == LANDSAT}
    pages = remote("odata", simulator, reach=reach, page_size=3).pages(Query(collections=(LANDSAT,)))
    assert {product.id for page in pages for product in page.products} == own
    skips = [said.partition("skip=")[2].partition("&")[0] for said in simulator.requests]
    assert max(map(int, skips)) + 3 <= max(reach, 3)
    assert len(own) > 4 * reach


def test_more_of_one_instant_than_can_be_reached(products: list[Product]):
    """What cannot be told apart by time ends in one clear line, not in a circle."""
    own = [product for product in products if product.collection == LANDSAT]
    same = [replace(product, time=own[0].time) for product in own]
    with Simulator(same) as simulator:
        pages = remote("odata", simulator, reach=6, page_size=3).pages(Query(collections=(LANDSAT,)))
        with pytest.raises(BadAnswer, match="cannot be told apart by time"):
            list(pages)


def test_the_service_refuses_to_count_further(simulator: Simulator):
    status, _, body = fetch(f"{simulator.url}/odata/v1/Products?$skip=10001")
    assert status == 422
    assert "10000" in json.loads(body)["error"]["message"]


# --- what cannot be asked


def fetch(address: str) -> tuple[int, str, bytes]:
    """Status, media type and body."""
    try:
        with urllib.request.urlopen(address.replace(" ", "%20"), timeout=10) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("startIndex", "0"),
        ("startIndex", "x"),
        ("count", "0"),
        ("count", "1001"),
        ("bbox", "1,2,3"),
        ("start", "yesterday"),
        ("end", "2024-13-01"),
        ("colection", "landsat-c2-l2"),
    ],
)
def test_what_opensearch_cannot_be_asked(simulator: Simulator, name: str, value: str):
    query = urlencode({name: value})
    status, kind, body = fetch(f"{simulator.url}/opensearch/search.json?{query}")
    (told,) = json.loads(body)["exceptions"]
    assert (status, kind) == (400, "application/json")
    assert (told["exceptionCode"], told["locator"]) == ("InvalidParameterValue", name)
    status, kind, body = fetch(f"{simulator.url}/opensearch/search.atom?{query}")
    assert (status, kind) == (400, "application/xml")
    assert text_at(parse_xml(body), "Exception/ExceptionText") == told["exceptionText"]
    assert name in told["exceptionText"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("$top", "1001"),
        ("$top", "x"),
        ("$skip", "-1"),
        ("$count", "perhaps"),
        ("$expand", "Locations"),
        ("$orderby", "Name desc"),
        ("$select", "Name"),
        ("$filter", "Cloud lt 5"),
        ("$filter", "Name eq 'a' or Name eq 'b'"),
        ("$filter", "Name eq 'a' and"),
        ("$filter", "Name eq 'a' and Name eq 'b'"),
        ("$filter", "ContentDate/Start ge yesterday"),
        ("$filter", "OData.CSC.Intersects(area=geography'SRID=4326;SQUARE(1 2)')"),
    ],
)
def test_what_odata_cannot_be_asked(simulator: Simulator, name: str, value: str):
    status, kind, body = fetch(f"{simulator.url}/odata/v1/Products?{urlencode({name: value})}")
    error = json.loads(body)["error"]
    assert (status, kind, error["code"]) == (400, "application/json", "BadRequest")
    assert error["message"]


def test_odata_attributes_can_be_asked(simulator: Simulator, products: list[Product]):
    """As collections with `where` are: one of several values, and several attributes."""
    clause = (
        "Attributes/OData.CSC.StringAttribute/any(att:att/Name eq '{}' and "
        "att/OData.CSC.StringAttribute/Value eq '{}')"
    )
    kinds = [clause.format("productType", kind) for kind in ("S2MSI2A", "L2SP")]
    said = f"({' or '.join(kinds)}) and true"
    answer = json.loads(
        fetch(f"{simulator.url}/odata/v1/Products?{urlencode({'$filter': said, '$top': 500})}")[2]
    )
    wanted = {p.id for p in products if p.properties.get("product_type") in ("S2MSI2A", "L2SP")}
    assert {product["Name"] for product in answer["value"]} == wanted
    assert wanted
    assert not {"Attributes", "Assets"} & set(answer["value"][0])


@pytest.mark.parametrize("path", ["/opensearch/search.rss", "/odata/v1/Collections", "/opensearch"])
def test_what_is_not_there(simulator: Simulator, path: str):
    assert fetch(simulator.url + path)[0] == 404


# --- faults

PASSING = ("429", "500", "502", "503", "clock", "slow", "hang", "stall", "reset")
FATAL = ("truncated", "empty", "html", "error-inside", "no-list", "empty-page", "self-link", "entity-bomb")
TOO_LARGE = ("huge", "gzip-bomb")
HARMLESS = ("repeated", "nameless", "wrong-types", "twins", "shifted-back", "shifted-on")


def harvest(protocol: str, simulator: Simulator) -> tuple[list[Answer], set[str]]:
    """The answers about one collection in small pages, and the ids that should be in them."""
    own = {entry.id for entry in simulator.holdings.matching(Question(collections=(LANDSAT,)))}
    assert len(own) > 12
    return list(remote(protocol, simulator, page_size=5).pages(Query(collections=(LANDSAT,)))), own


def names(answers: list[Answer]) -> list[str]:
    return [product.id for answer in answers for product in answer.products]


def test_all_kinds_are_tested():
    assert sorted((*PASSING, *FATAL, *TOO_LARGE, *HARMLESS)) == sorted(KINDS)


@pytest.mark.parametrize("kind", PASSING)
def test_what_passes_is_waited_for(protocol: str, simulator: Simulator, kind: str):
    simulator.fail(kind, skip=1, times=2, seconds=0.5)
    answers, wanted = harvest(protocol, simulator)
    assert sorted(names(answers)) == sorted(wanted)
    assert simulator.faults.listing() == []


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_clock_that_is_wrong_does_not_make_us_wait(
    protocol: str, simulator: Simulator, seconds: int
) -> None:
    """A second later by the provider's clock is a second later, however wrong the clock is."""
    simulator.fail("clock", skip=1, seconds=seconds)
    answers, wanted = harvest(protocol, simulator)
    assert sorted(names(answers)) == sorted(wanted)


@pytest.mark.parametrize("kind", PASSING)
def test_what_does_not_pass_is_one_line(protocol: str, simulator: Simulator, kind: str):
    simulator.fail(kind, times=99, seconds=0.5)
    with pytest.raises(HttpError) as caught:
        harvest(protocol, simulator)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("kind", FATAL)
def test_what_is_no_answer_is_one_line(protocol: str, simulator: Simulator, kind: str, skip: int):
    """Neither the end of the results nor an endless walk."""
    simulator.fail(kind, skip=skip, times=99)
    with pytest.raises(BadAnswer) as caught:
        harvest(protocol, simulator)
    assert "\n" not in str(caught.value)
    assert len(simulator.requests) < 5


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_what_is_too_large_is_not_read_to_its_end(protocol: str, simulator: Simulator, kind: str):
    """A gigabyte, told or only seen when it is decompressed, ends at the limit and is not tried again."""
    simulator.fail(kind, times=99)
    with pytest.raises(TooLarge, match="more than 2000000 bytes"):
        harvest(protocol, simulator)
    assert len(simulator.requests) == 1


def test_the_words_of_an_error_are_told(protocol: str, simulator: Simulator):
    simulator.fail("error-inside")
    with pytest.raises(BadAnswer, match="query failed"):
        harvest(protocol, simulator)


@pytest.mark.parametrize("kind", ["empty-page", "truncated"])
def test_the_last_page_is_not_lost(protocol: str, simulator: Simulator, kind: str):
    if (protocol, kind) == ("odata", "empty-page"):
        pytest.skip("without $count, which takes such services seconds, nothing tells it from the end")
    _, wanted = harvest(protocol, simulator)
    simulator.fail(kind, skip=(len(wanted) - 1) // 5)
    with pytest.raises(BadAnswer):
        harvest(protocol, simulator)


def test_an_empty_page_after_going_on_from_a_stored_request(protocol: str, simulator: Simulator):
    answers, _ = harvest(protocol, simulator)
    simulator.fail("empty-page")
    pages = remote(protocol, simulator, page_size=5).pages(Query(collections=(LANDSAT,)), answers[0].next)
    with pytest.raises(BadAnswer):
        list(pages)


def test_products_that_come_twice_are_all_there(protocol: str, simulator: Simulator):
    simulator.fail("repeated", times=99)
    answers, wanted = harvest(protocol, simulator)
    assert set(names(answers)) == wanted
    assert len(answers) <= len(wanted) // 5 + 2


def test_products_without_a_name_are_counted(protocol: str, simulator: Simulator):
    """Each is refused with its place, and the others arrive."""
    simulator.fail("nameless", times=99)
    answers, wanted = harvest(protocol, simulator)
    refused = [bad for answer in answers for bad in answer.refused]
    assert len(names(answers)) + len(refused) == len(wanted)
    assert set(names(answers)) <= wanted
    assert {bad.position for bad in refused} == {0, 2, 4}


def test_two_products_of_one_name_are_both_told(protocol: str, simulator: Simulator):
    """Whoever writes them decides."""
    simulator.fail("twins")
    answers, wanted = harvest(protocol, simulator)
    found = names(answers)
    assert len(found) == len(wanted) == len(set(found)) + 1
    assert found[0] == found[1]


def test_pages_that_shift_while_they_are_read(protocol: str, simulator: Simulator):
    """A product that came in between is read again; behind one that went away another is missed, once."""
    usual, wanted = harvest(protocol, simulator)
    simulator.fail("shifted-back")
    assert sorted(names(harvest(protocol, simulator)[0])) == sorted([*wanted, usual[0].products[-1].id])
    simulator.fail("shifted-on")
    assert set(names(harvest(protocol, simulator)[0])) == wanted - {usual[1].products[0].id}


def test_values_of_wrong_types_are_noted(protocol: str, simulator: Simulator):
    """The products are kept without what cannot be used."""
    simulator.fail("wrong-types", times=99)
    answers, wanted = harvest(protocol, simulator)
    assert set(names(answers)) == wanted
    for answer in answers:
        for product in answer.products:
            assert product.problems
            assert product.footprint is None
            assert "cloud_cover" not in product.properties


def test_faults_of_one_protocol_leave_the_others_alone(simulator: Simulator):
    simulator.fail("500", path="/odata", times=99)
    for protocol in ("stac", "atom", "geojson"):
        harvest(protocol, simulator)
    with pytest.raises(HttpError):
        harvest("odata", simulator)


def test_an_error_is_in_the_form_of_the_protocol(simulator: Simulator):
    simulator.fail("503", times=4)
    answers = {
        path: fetch(f"{simulator.url}/{path}")
        for path in ("search", "opensearch/search.atom", "opensearch/search.json", "odata/v1/Products")
    }
    assert {status for status, _, _ in answers.values()} == {503}
    assert json.loads(answers["search"][2])["code"] == "ServiceUnavailable"
    assert json.loads(answers["opensearch/search.json"][2])["exceptions"]
    assert json.loads(answers["odata/v1/Products"][2])["error"]["code"] == "ServiceUnavailable"
    assert text_at(parse_xml(answers["opensearch/search.atom"][2]), "Exception/ExceptionText")
