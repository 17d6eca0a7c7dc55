"""Our own catalogue asked by queries: every part of one against a handful of products."""

from __future__ import annotations

import itertools
import json
from typing import Any
from uuid import uuid4

import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.catalogue import Catalogue, catalogue_for
from ckanext.nextgeoss.search.collections import find_collection, search_collections

TAG = uuid4().hex[:8]
FILLED, EMPTY, PRIVATE = (f"{kind}-{TAG}" for kind in ("filled", "empty", "hidden"))


@pytest.fixture(scope="module", autouse=True)
def member(plugins: None) -> Any:
    """The member of an organization with three public products, a private one, and two collections."""
    user, member = factories.Sysadmin()["name"], factories.User()
    organization = factories.Organization(
        image_url="", title="Space Agency", users=[{"name": member["name"], "capacity": "member"}]
    )

    def create(**fields: Any) -> None:
        call_action("package_create", {"user": user}, owner_org=organization["id"], **fields)

    def product(name: str, west: float, start: str, end: str | None = None, **fields: Any) -> None:
        ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
        place = json.dumps({"type": "Polygon", "coordinates": [ring]})
        times = {"timerange_start": start} | ({"timerange_end": end} if end else {})
        given = {"type": "eo_product", "identifier": f"{name}-{TAG}", "title": name, "spatial": place}
        create(**given, collection_id=fields.pop("collection_id", FILLED), **times, **fields)

    product("S2A_x", 10, "2024-05-01T00:00:00.250Z", "2024-05-01T01:00:00Z", cloud_cover=5, platform="alpha")
    product("S2B_y", 20, "2024-05-02T00:00:00Z", "2024-05-02T01:00:00Z", cloud_cover=50, platform="beta")
    product("L8_z", 30, "2024-05-03T00:00:00Z", description="burnt forest area")
    product("hidden", 40, "2024-05-04T00:00:00Z", private=True, cloud_cover=99, platform="gamma")
    product("alone", 50, "2024-05-04T00:00:00Z", private=True, collection_id=PRIVATE)
    create(
        type="eo_collection", name=FILLED, collection_id=FILLED, title=f"Filled {TAG}", notes="Of all colours"
    )
    bare = {"type": "Polygon", "coordinates": [[[80, 0], [81, 0], [81, 1], [80, 1], [80, 0]]]}
    create(
        type="eo_collection", name=EMPTY, collection_id=EMPTY, title=f"Empty {TAG}", spatial=json.dumps(bare),
        timerange_start="2001-01-01T00:00:00Z", timerange_end="2001-12-31T00:00:00Z",
    )  # fmt: skip
    return model.User.get(member["id"])


def everyone() -> Catalogue:
    return catalogue_for(None)


def found(**parts: Any) -> set[str]:
    page = everyone().search(Query(**({"collections": (FILLED,)} | parts)))
    assert page.total == len(page.products) == len(page.entries)
    return {product.title for product in page.products}


def when(name: str, operator: str, value: Any) -> set[str]:
    return found(conditions=(Condition(name, operator, value),))


def test_comparisons_leave_out_what_lacks_the_property() -> None:
    assert when("cloud_cover", "!=", 5.0) == {"S2B_y"}
    assert when("cloud_cover", ">", 5.0) == {"S2B_y"}
    assert when("platform", "!=", "alpha") == {"S2B_y"}
    assert when("platform", "in", ("alpha", "beta")) == {"S2A_x", "S2B_y"}


def test_parts_of_texts() -> None:
    assert when("id", "starts", "S2") == {"S2A_x", "S2B_y"}
    assert when("id", "ends", f"x-{TAG}") == {"S2A_x"}
    assert when("id", "has", "8_z-") == {"L8_z"}
    assert when("id", "has", "*") == when("id", "starts", "S2?") == set()
    assert when("id", "like", "S2?_*") == {"S2A_x", "S2B_y"}
    assert when("id", "like", "*_?-*") == {"S2A_x", "S2B_y", "L8_z"}
    assert when("id", "like", r"S2\?_*") == when("id", "like", "S2") == set()


def test_terms() -> None:
    assert when("access", "=", "offline") == {"S2A_x", "S2B_y", "L8_z"}
    assert when("access", "=", "online") == set()
    assert when("title", "=", "L8_z") == {"L8_z"}
    assert when("end", "<", TemporalExtent.of(None, "2024-05-01").end) == {"S2A_x"}


def test_words_in_a_row_and_alternatives() -> None:
    assert found(words="area burnt") == {"L8_z"}
    assert found(words='"burnt forest"') == {"L8_z"}
    assert found(words='"forest burnt"') == set()
    assert found(any_words=("nowhere", "forest", "alpha")) == {"L8_z", "S2A_x"}
    assert found(words="area", any_words=("alpha",)) == set()


def test_times_that_are_the_same() -> None:
    same = TemporalExtent.of("2024-05-01T00:00:00.250Z", "2024-05-01T01:00:00Z")
    assert found(time=same, time_relation="equals") == {"S2A_x"}
    near = TemporalExtent.of("2024-05-01T00:00:00Z", "2024-05-01T01:00:00Z")
    assert found(time=near, time_relation="equals") == set()
    assert found(time=TemporalExtent.of("2024-05-03T00:00:00Z", None), time_relation="equals") == {"L8_z"}


def test_times_beside_an_area_are_the_times_without_one() -> None:
    world = Footprint.from_bbox(-180, -90, 180, 90)
    moments = [
        f"2024-05-0{day}T0{hour}:{second}Z"
        for day, hour in ((1, 0), (1, 1), (2, 1), (3, 0))
        for second in ("00:00", "00:00.250", "00:00.251", "00:00.999", "00:01")
    ]
    some = 0
    spans: list[tuple[str | None, str | None]] = [*itertools.combinations_with_replacement(moments, 2)]
    spans += [(each, None) for each in moments] + [(None, each) for each in moments]
    for start, end in spans:
        time = TemporalExtent.of(start, end)
        expected = found(time=time)
        assert found(time=time, footprint=world) == expected, time
        some += 0 < len(expected) < 3
    assert some > 50


def test_entries_say_what_the_catalogue_knows(member: Any) -> None:
    page = catalogue_for(member).search(Query(collections=(FILLED,)))
    entries = {product.title: entry for product, entry in zip(page.products, page.entries, strict=True)}
    assert {title for title, entry in entries.items() if entry.private} == {"hidden"}
    entry = entries["S2A_x"]
    assert (entry.provider_title, entry.access) == ("Space Agency", "offline")
    assert entry.created and entry.modified and entry.created <= entry.modified
    assert call_action("package_show", id=entry.uuid)["name"] == entry.name


def test_a_scan_gives_each_product_once() -> None:
    pages = list(everyone().scan(Query(collections=(FILLED,), limit=100), page=2))
    assert [len(page.products) for page in pages] == [2, 1]
    assert len({product.id for page in pages for product in page.products}) == 3
    few = list(everyone().scan(Query(collections=(FILLED,), limit=1)))
    assert [len(page.products) for page in few] == [1]


def test_domains_tell_what_the_caller_may_see(member: Any) -> None:
    seen = everyone().domains(FILLED)
    assert (seen["cloud_cover"].minimum, seen["cloud_cover"].maximum) == (5.0, 50.0)
    assert dict(seen["platform"].values) == {"alpha": 1, "beta": 1}
    assert "snow_cover" not in seen
    assert catalogue_for(member).domains(FILLED)["cloud_cover"].maximum == 99.0
    assert everyone().domains(PRIVATE) == {}


def names(catalogue: Catalogue, **parts: Any) -> dict[str, int]:
    page = search_collections(catalogue, Query(**({"limit": 1000} | parts)))
    assert page.total == len(page.collections)
    ours = (held for held in page.collections if held.collection.id.endswith(TAG))
    return {held.collection.id: held.matched for held in ours}


def test_collections_are_found_with_the_number_of_their_products(member: Any) -> None:
    assert names(everyone()) == {FILLED: 3, EMPTY: 0}
    assert names(catalogue_for(member)) == {FILLED: 4, EMPTY: 0, PRIVATE: 1}


def test_collections_are_judged_by_their_products_or_by_what_is_said_of_them() -> None:
    assert names(everyone(), footprint=Footprint.from_bbox(20, 0, 31, 1)) == {FILLED: 2}
    assert names(everyone(), footprint=Footprint.from_bbox(80, 0, 81, 1)) == {EMPTY: 0}
    assert names(everyone(), time=TemporalExtent.parse("2024-05-01")) == {FILLED: 1}
    assert names(everyone(), time=TemporalExtent.parse("2001-06-01")) == {EMPTY: 0}
    assert names(everyone(), conditions=(Condition("platform", "=", "beta"),)) == {FILLED: 1}
    assert names(everyone(), conditions=(Condition("platform", "=", "gamma"),)) == {}
    assert names(everyone(), words=f"colours {TAG}") == {FILLED: 3}


def test_collections_are_paged() -> None:
    first = search_collections(everyone(), Query(words=TAG, limit=1))
    second = search_collections(everyone(), Query(words=TAG, limit=1, offset=1))
    assert first.total == second.total == 2
    assert [page.collections[0].collection.id for page in (first, second)] == sorted([FILLED, EMPTY])


def test_a_collection_is_found_by_its_name_if_it_may_be_seen(member: Any) -> None:
    held = find_collection(everyone(), FILLED)
    assert held and held.entry and held.holdings.count == 3
    assert find_collection(everyone(), PRIVATE) is None
    alone = find_collection(catalogue_for(member), PRIVATE)
    assert alone and alone.entry is None and alone.holdings.count == 1
