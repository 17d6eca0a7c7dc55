"""The series of the simulated provider: any number of products, each made when it is asked for."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ckanext.nextgeoss.demo.answers import Api
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.demo.holdings import Question
from ckanext.nextgeoss.demo.series import LIMIT, Series
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.stac import read_item, write_item
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.package import dataset_from_product

BASE = "http://provider.example"
COUNT = 3_000
SPRING = TemporalExtent(
    datetime(2024, 3, 1, tzinfo=timezone.utc), datetime(2024, 6, 1, tzinfo=timezone.utc)
)  # fmt: skip


@pytest.fixture(scope="module")
def series() -> Series:
    return Series(BASE, COUNT)


@pytest.fixture(scope="module")
def api(series: Series) -> Api:
    return Api(BASE, series)


def walk(api: Api, **asked: Any) -> list[dict[str, Any]]:
    """All items of a STAC search, page by page."""
    body: dict[str, Any] | None = {"limit": 700, **asked}
    items: list[dict[str, Any]] = []
    while body:
        page = json.loads(api.answer("POST", "/search", {}, json.dumps(body).encode()).body)
        items += page["features"]
        body = next((link["body"] for link in page["links"] if link["rel"] == "next"), None)
    assert page["numberMatched"] == len(items)
    return items


def test_the_quick_text_is_what_the_format_writes(api: Api, series: Series):
    """Letter by letter, of the oldest, of one from the middle and of the newest."""
    for number in (0, 1, 1_234, COUNT - 1):
        entry = series.at(number)
        assert json.loads(api.stac.item(entry)) == write_item(entry.product, base_url=BASE)
        assert read_item(json.loads(api.stac.item(entry))) == entry.product


def test_everything_comes_once_and_the_newest_first(api: Api):
    items = walk(api)
    assert len({item["id"] for item in items}) == len(items) == COUNT
    times = [item["properties"]["datetime"] for item in items]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == COUNT


@pytest.mark.parametrize(
    "asked",
    [
        Question(time=SPRING),
        Question(time=TemporalExtent(SPRING.start, None)),
        Question(time=TemporalExtent(None, SPRING.start)),
        Question(collections=("sentinel-2-l2a",), time=SPRING),
        Question(collections=("sentinel-2-l2a", "landsat-c2-l2"), oldest_first=True),
        Question(collections=("none",)),
        Question(area=Footprint.from_bbox(-10, 35, 12, 55), time=SPRING),
        Question(also=(lambda entry: entry.cloud_cover < 30,)),
        Question(time=TemporalExtent(SPRING.start, SPRING.start)),
        Question(time=TemporalExtent(datetime(2030, 1, 1, tzinfo=timezone.utc), None)),
        Question(time=TemporalExtent(None, datetime(2020, 1, 1, tzinfo=timezone.utc))),
    ],
)
def test_arithmetic_finds_what_looking_at_each_finds(series: Series, asked: Question):
    everyone = [series.at(number) for number in range(COUNT)]
    wanted = [entry.id for entry in everyone if asked.matches(entry)]
    found = [entry.id for entry in series.matching(asked)]
    assert (found if asked.oldest_first else found[::-1]) == wanted


def test_the_first_instant_and_the_tick_before(series: Series):
    entry = series.at(77)
    assert entry.time.start
    until = entry.time.start - timedelta(microseconds=1)
    assert len(series.matching(Question(time=TemporalExtent(None, until)))) == 77
    assert len(series.matching(Question(time=TemporalExtent(None, entry.time.start)))) == 78


def test_by_identifier(series: Series):
    names = tuple(series.at(number).id for number in (5, 2_999))
    assert [entry.id for entry in series.matching(Question(ids=names))] == [names[1], names[0]]
    for name in ("none", "x_0000005", f"{names[0]}0", names[0][:-7] + "9999999"):
        assert series.entry(name) is None


def test_a_series_from_another_number_has_other_products(series: Series):
    other = Series(BASE, 50, first=COUNT)
    assert other.entry(other.at(0).id) == other.at(0)
    assert not {other.at(n).id for n in range(50)} & {series.at(n).id for n in range(COUNT)}
    assert other.entry(series.at(5).id) is None


def test_other_protocols_and_files_serve_it_too(api: Api, series: Series):
    page = json.loads(api.answer("GET", "/odata/v1/Products", {"$top": "3"}, b"").body)
    newest = [series.at(COUNT - 1 - n).id for n in range(3)]
    assert [entity["Name"] for entity in page["value"]] == newest
    feed = api.answer("GET", "/opensearch/search.atom", {"count": "1"}, b"").body
    assert newest[0].encode() in feed
    assert api.answer("GET", f"/metadata/{newest[0]}.xml", {}, b"").status == 200


def test_a_product_is_as_large_as_the_benchmarks_say(series: Series):
    """20 properties, 4 tags, 3 files and an area that is a polygon: each of them."""
    shapes: Counter[tuple[object, ...]] = Counter()
    for number in range(700):
        product = absolute(series.at(number).product, BASE)
        dataset = dataset_from_product(product, owner_org="o", uuid="u", name="n")
        area = product.footprint.geojson["type"] if product.footprint else None
        shapes[len(product.properties), len(dataset["tags"]), len(dataset["resources"]), area] += 1
    assert shapes == {(20, 4, 3, "Polygon"): 700}


def test_a_long_series_costs_no_more_than_a_short_one():
    """Whatever its length: its products are made of patterns, and none is kept."""
    long = Series(BASE, LIMIT)
    found = long.matching(Question(collections=("sentinel-1-grd",), time=SPRING))
    assert len(found) > 100_000
    assert found[99_999].collection == "sentinel-1-grd"
    assert long.entry(long.at(LIMIT - 1).id) == long.at(LIMIT - 1)
    with pytest.raises(ValueError, match=str(LIMIT)):
        Series(BASE, LIMIT + 1)
