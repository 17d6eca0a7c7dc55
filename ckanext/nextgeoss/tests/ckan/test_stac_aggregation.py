"""The Aggregation extension of the STAC API, 0.3: what it counts is what a search finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats import stac_api
from ckanext.nextgeoss.eo.periods import INTERVALS, begin_of
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, format_time, parse_time
from ckanext.nextgeoss.search import aggregation, stac_summaries
from ckanext.nextgeoss.search import catalogue as catalogues
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.indexed import indexed

FIRST = datetime(2023, 11, 20, tzinfo=timezone.utc)
COLLECTIONS = tuple(f"counted-{letter}-{uuid4().hex[:8]}" for letter in "ab")
TEXTS, LISTS = ("platform", "orbit_state"), ("instruments", "polarizations")
NUMBERS = ("cloud_cover", "absolute_orbit", "gsd", "sun_elevation")
NAMES = (
    "total_count", "datetime_min", "datetime_max", "datetime_frequency", "collection_frequency",
    "is_output_frequency",
    *(f"{name}_frequency" for name in (*TEXTS, *LISTS, *NUMBERS)),
    *(f"{name}_{end}" for name in NUMBERS for end in ("min", "max")),
)  # fmt: skip
Answer = dict[str, dict[str, Any]]


def make_products() -> list[Product]:
    """Products in two collections, each value missing of some."""
    random = Random(8)
    values = {
        "platform": lambda: random.choice(("alpha-1", "beta-2", 'gamma"3')),
        "orbit_state": lambda: random.choice(("ascending", "descending")),
        "instruments": lambda: tuple(random.sample(("msi", "olci", "sar"), random.randint(1, 3))),
        "polarizations": lambda: tuple(random.sample(("VV", "VH", "HH"), random.randint(1, 2))),
        "cloud_cover": lambda: random.choice((0.0, 10.0, 100.0, random.uniform(0, 100))),
        "absolute_orbit": lambda: random.randrange(1, 50_000),
        "gsd": lambda: random.choice((0.5, 10.0, 30.0, 1000.0)),
        "sun_elevation": lambda: random.uniform(-90, 90),
        "is_output": lambda: random.random() < 0.5,
    }
    found: list[Product] = []
    for number in range(240):
        west, south = random.uniform(-170, 160), random.uniform(-80, 70)
        start = FIRST + timedelta(seconds=random.randrange(400 * 86400))
        found.append(
            Product(
                id=f"C{number:03}-{COLLECTIONS[0]}",
                collection=random.choice(COLLECTIONS),
                title=f"scene {random.choice(('red', 'green'))}",
                footprint=Footprint.from_bbox(west, south, west + 10, south + 10),
                time=TemporalExtent(start, start) if random.random() < 0.9 else TemporalExtent(),
                properties={name: make() for name, make in values.items() if random.random() < 0.8},
            )
        )
    return found


PRODUCTS = {product.id: product for product in make_products()}


@pytest.fixture(scope="module", autouse=True)
def products(site: Any) -> Iterator[None]:
    with indexed(PRODUCTS.values()):
        catalogues._domains.cache_clear()
        yield
    # what is remembered for a minute of all products
    catalogues._domains.cache_clear()
    stac_summaries.summaries.cache_clear()


def by_post(
    site: Any, members: Mapping[str, Any], names: Any = NAMES, path: str = "/aggregate", **more: Any
) -> Answer:
    body = {**members, "aggregations": list(names), **more}
    answer = site.post(f"/stac{path}", json=body, status=200).json
    assert answer["type"] == "AggregationCollection"
    assert [each["name"] for each in answer["aggregations"]] == list(names)
    return {each["name"]: each for each in answer["aggregations"]}


def random_search(random: Random) -> dict[str, Any]:
    """A search within our collections."""
    asked: dict[str, Any] = {
        "collections": list(random.choice((COLLECTIONS, COLLECTIONS[:1], COLLECTIONS[1:])))
    }
    west, south = random.randrange(-180, 100), random.randrange(-90, 40)
    box = [west, south, west + random.randrange(5, 80), south + random.randrange(5, 50)]
    if random.random() < 0.4:
        asked["bbox"] = box
    elif random.random() < 0.3:
        asked["intersects"] = Footprint.from_bbox(*box).geojson
    if random.random() < 0.4:
        start = FIRST + timedelta(days=random.randrange(400))
        asked["datetime"] = (
            f"{format_time(start)}/{random.choice(('..', format_time(start + timedelta(90))))}"
        )
    if random.random() < 0.4:
        asked["query"] = {"eo:cloud_cover": {"lte": random.randrange(101)}}
    if random.random() < 0.2:
        asked["q"] = ["red"]
    if random.random() < 0.1:
        asked["ids"] = random.sample(sorted(PRODUCTS), 20)
    return asked


def searched(site: Any, members: Mapping[str, Any]) -> list[Product]:
    """The products that a search with these members finds."""
    answer = site.post("/stac/search", json={**members, "limit": 1000}, status=200).json
    assert answer["numberMatched"] == len(answer["features"])
    return [PRODUCTS[feature["id"]] for feature in answer["features"]]


def value_of(product: Product, name: str) -> Any:
    if name == "datetime":
        return product.time.start
    return product.collection if name == "collection" else product.properties.get(name)


def check(each: dict[str, Any], found: list[Product]) -> None:
    """One aggregation against counting in Python."""
    name, _, ending = each["name"].rpartition("_")
    if each["name"] == "total_count":
        assert each["value"] == len(found)
        return
    values = [value for product in found if (value := value_of(product, name)) is not None]
    if ending in ("min", "max"):
        expected = {"min": min, "max": max}[ending](values, default=None)
        told = each["value"]
        assert (parse_time(told) if isinstance(told, str) else told) == expected
        return
    counts = {bucket["key"]: bucket["frequency"] for bucket in each["buckets"]}
    assert each["overflow"] == len(found) - len(values)
    if name in NUMBERS:
        for bucket in each["buckets"]:
            low, high = bucket.get("from", float("-inf")), bucket.get("to", float("inf"))
            assert bucket["frequency"] == sum(low <= value < high for value in values), bucket
    elif name == "datetime":
        interval = each["data_type"].removeprefix("interval_")
        begins = Counter(format_time(begin_of(value, interval)) for value in values)
        assert {key: count for key, count in counts.items() if count} == begins
    else:
        told = [str(v).lower() if isinstance(v, bool) else v for value in values for v in _each(value)]
        assert counts == Counter(told)
    if name not in LISTS:
        assert sum(counts.values()) + each["overflow"] == len(found)


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("seed", range(40))
def test_the_numbers_are_those_of_the_items_that_the_same_search_finds(site: Any, seed: int):
    asked = random_search(Random(seed))
    found = searched(site, asked)
    for each in by_post(site, asked).values():
        check(each, found)


@pytest.mark.parametrize("interval", INTERVALS)
def test_periods_are_those_asked_for(site: Any, interval: str):
    asked = {"collections": list(COLLECTIONS)}
    (each,) = by_post(site, asked, ["datetime_frequency"], datetime_frequency_interval=interval).values()
    assert each["data_type"] == f"interval_{interval}"
    found = searched(site, asked)
    if interval in ("year", "month", "week"):
        check(each, found)
        assert len(each["buckets"]) > 1
        return
    # the latest periods only, all others are in none
    assert len(each["buckets"]) <= aggregation.MOST_PERIODS
    assert sum(bucket["frequency"] for bucket in each["buckets"]) + each["overflow"] == len(found)
    assert each["buckets"][-1]["key"] == format_time(
        begin_of(max(product.time.start for product in found if product.time.start), interval)
    )


def test_get_and_post_below_a_collection_and_above_say_the_same(site: Any):
    name = COLLECTIONS[0]
    above = by_post(site, {"collections": [name], "query": {"eo:cloud_cover": {"gt": 20}}})
    below = f"/stac/collections/{name}/aggregate"
    asked = {"aggregations": ",".join(NAMES), "query": '{"eo:cloud_cover": {"gt": 20}}'}
    answer = site.get(below, query_string=asked, status=200).json
    assert {each["name"]: each for each in answer["aggregations"]} == above
    assert answer["links"][0]["href"].startswith(f"http://test.ckan.net{below}?aggregations=")
    posted = site.post(
        below, json={"aggregations": list(NAMES), "query": {"eo:cloud_cover": {"gt": 20}}}
    ).json
    assert posted["aggregations"] == answer["aggregations"]
    repeated = site.get(f"{below}?aggregations=total_count&aggregations=datetime_min", status=200).json
    assert [each["name"] for each in repeated["aggregations"]] == ["total_count", "datetime_min"]


def test_only_what_is_asked_for_is_told(site: Any):
    """README of 0.3: only the named aggregations requested."""
    assert site.get("/stac/aggregate", status=200).json["aggregations"] == []


def test_a_page_and_an_order_change_nothing(site: Any):
    asked: dict[str, Any] = {"collections": list(COLLECTIONS)}
    paged = asked | {
        "limit": 1,
        "sortby": [{"field": "id", "direction": "asc"}],
        "fields": {"include": ["id"]},
    }
    assert by_post(site, paged) == by_post(site, asked)


def test_everything_offered_can_be_asked_for(site: Any):
    name = COLLECTIONS[0]
    told = site.get(f"/stac/collections/{name}/aggregations", status=200).json["aggregations"]
    names = [each["name"] for each in told]
    assert set(NAMES) <= set(names)
    assert "snow_cover_frequency" not in names
    found = by_post(site, {}, names, f"/collections/{name}/aggregate")
    types = {each["name"]: each["data_type"] for each in told}
    for each in found.values():
        assert each["data_type"] == types[each["name"]] or each["data_type"].startswith("interval_")
    everywhere = site.get("/stac/aggregations", status=200).json["aggregations"]
    assert set(names) <= {each["name"] for each in everywhere}


def test_nothing_found_is_told_as_such(site: Any):
    found = by_post(site, {"collections": ["none"]}, [*NAMES, "snow_cover_frequency", "snow_cover_min"])
    assert found["total_count"]["value"] == 0
    assert found["datetime_min"]["value"] is found["snow_cover_min"]["value"] is None
    for each in found.values():
        assert not sum(bucket["frequency"] for bucket in each.get("buckets", ()))
        assert each.get("overflow", 0) == 0


def test_values_beyond_the_most_overflow(site: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(aggregation, "MOST_VALUES", 1)
    found = by_post(site, {"collections": list(COLLECTIONS)}, ["platform_frequency", "instruments_frequency"])
    (bucket,) = found["platform_frequency"]["buckets"]
    assert bucket["frequency"] + found["platform_frequency"]["overflow"] == len(PRODUCTS)
    # who has other values, too, cannot be told from who has these alone
    assert "overflow" not in found["instruments_frequency"]


@pytest.mark.parametrize(
    "members, where, told",
    [
        ({"aggregations": ["platfrm_frequency"]}, "aggregations", "did you mean platform_frequency?"),
        ({"aggregations": ["nothing"]}, "aggregations", "total_count, "),
        ({"aggregations": "total_count"}, "aggregations", "an array of names"),
        ({"aggregations": [1]}, "aggregations", "an array of names"),
        ({"agregations": ["total_count"]}, "agregations", "did you mean aggregations?"),
        ({"datetime_frequency_interval": "fortnight"}, "datetime_frequency_interval", "month, week"),
        ({"datetime_frequency_interval": 3}, "datetime_frequency_interval", "a text"),
        ({"bbox": [0, 0, 1]}, "bbox", "four or six numbers"),
        ({"query": {"eo:cloud_cover": {"almost": 1}}}, "query.eo:cloud_cover", "lte"),
    ],
)
def test_mistakes_are_named(site: Any, members: dict[str, Any], where: str, told: str):
    answer = site.post("/stac/aggregate", json=members, status=400).json
    assert answer["description"].startswith(f"{where}: ") and told in answer["description"]


def test_below_a_collection_only_what_it_offers(site: Any):
    path = f"/stac/collections/{COLLECTIONS[0]}/aggregate"
    answer = site.get(f"{path}?aggregations=snow_cover_frequency", status=400).json
    assert "cloud_cover_frequency" in answer["description"]
    for path in ("aggregate?aggregations=total_count", "aggregations"):
        assert site.get(f"/stac/collections/none/{path}", status=404).json["code"] == "NotFound"


def test_links_lead_there(site: Any, catalogue: Catalogue):
    """Required on the landing page and on each collection."""
    for path in ("", f"/collections/{catalogue.collection}"):
        found = [
            link for link in site.get(f"/stac{path}").json["links"] if link["rel"].startswith("aggregat")
        ]
        address = f"http://test.ckan.net/stac{path}"
        assert [(link["rel"], link["href"], link.get("method")) for link in found] == [
            ("aggregate", f"{address}/aggregate", "GET"),
            ("aggregate", f"{address}/aggregate", "POST"),
            ("aggregations", f"{address}/aggregations", None),
        ]
    assert "https://api.stacspec.org/v0.3.0/aggregation" in stac_api.CONFORMANCE


def test_the_action_tells_the_same(site: Any):
    path = "/api/3/action/product_aggregate"
    asked = {"collection": list(COLLECTIONS), "cloud_cover_max": 30}
    answer = site.post(path, json={**asked, "aggregations": list(NAMES)}, status=200).json["result"]
    members = {"collections": list(COLLECTIONS), "query": {"eo:cloud_cover": {"lte": 30}}}
    assert {each["name"]: each for each in answer["aggregations"]} == by_post(site, members)
    (total,) = site.get(path, query_string=asked, status=200).json["result"]["aggregations"]
    assert total["value"] == len(searched(site, members))
    listed = {"aggregations": "total_count,datetime_frequency", "datetime_frequency_interval": "year"}
    found = site.get(path, query_string=listed, status=200).json["result"]["aggregations"]
    assert [each["data_type"] for each in found] == ["numeric", "interval_year"]


@pytest.mark.parametrize(
    "asked, where",
    [
        ({"aggregations": "platfrm_frequency"}, "aggregations"),
        ({"datetime_frequency_interval": "fortnight"}, "datetime_frequency_interval"),
        ({"cloud_cover_max": "much"}, "cloud_cover_max"),
        ({"agregations": "total_count"}, "agregations"),
    ],
)
def test_the_action_names_mistakes(site: Any, asked: dict[str, str], where: str):
    error = site.get("/api/3/action/product_aggregate", query_string=asked, status=409).json["error"]
    assert list(error) == [where, "__type"] or list(error) == ["__type", where]
