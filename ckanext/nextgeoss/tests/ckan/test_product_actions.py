"""product_search, product_show and product_resolve: what they find, what they say, and to whom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.catalogue import catalogue_for
from ckanext.nextgeoss.search.lookup import find_products
from ckanext.nextgeoss.search.parameters import catalogue_query
from ckanext.nextgeoss.search.solr import SolrClient
from ckanext.nextgeoss.tests.catalogue import Catalogue, make_product

PUBLIC = {"north", "south", "across", "arctic"}
ALL = {*PUBLIC, "private"}
CURSOR = "is not allowed; expected what the page before said as next"


@pytest.fixture(scope="module")
def users(catalogue: Catalogue) -> dict[str, str]:
    """Who may see the private product, and who may not."""
    people = {name: factories.UserWithToken(image_url="") for name in ("member", "other")}
    call_action(
        "organization_member_create",
        {"user": catalogue.user},
        id=catalogue.organization["id"],
        username=people["member"]["name"],
        role="member",
    )
    factories.Organization(image_url="", users=[{"name": people["other"]["name"], "capacity": "admin"}])
    names = {name: person["name"] for name, person in people.items()}
    return {"visitor": "", "sysadmin": catalogue.user, **names}


@pytest.fixture(scope="module")
def packed(catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """A product in a packaging that two providers offer, in a collection of its own."""
    assets = [
        Asset(key="thumbnail", href="https://a.example/t.png", roles=("thumbnail",)),
        Asset(key="store", href="s3://bucket/p.zip", roles=("data",)),
        Asset(
            key="product", href="https://a.example/p.zip", roles=("data",), size=12,
            media_type="application/zip",
        ),
        Asset(key="second", href="https://b.example/p.zip", roles=("data",), checksum="md5:" + 32 * "0"),
        Asset(key="manifest", href="https://a.example/m.xml", roles=("metadata",)),
    ]  # fmt: skip
    made = make_product(f"packed-{uuid4().hex[:8]}", "packed", assets=assets)
    made = replace(made, id=f"{made.id}.SAFE")
    yield catalogue.add("packed", made)
    call_action("package_delete", {"user": catalogue.user}, id=catalogue.datasets.pop("packed")["id"])


def act(user: str, action: str, **data: Any) -> Any:
    return call_action(action, {"user": user, "ignore_auth": False}, **data)


def kinds(catalogue: Catalogue, answer: dict[str, Any]) -> list[str]:
    by_id = {dataset["id"]: kind for kind, dataset in catalogue.datasets.items()}
    return [by_id[product["uuid"]] for product in answer["results"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, PUBLIC),
        ({"bbox": [9, 59, 12, 62]}, {"north"}),
        ({"bbox": "170,-20,-170,-10"}, {"across"}),
        ({"geometry": {"type": "Point", "coordinates": [10.5, 60.5]}}, {"north"}),
        ({"geometry": "POINT(10.5 60.5)", "relation": "disjoint"}, {"south", "across", "arctic"}),
        ({"cloud_cover_max": 20}, {"north", "across"}),
        ({"cloud_cover": "10..90"}, {"north", "south"}),
        ({"platform": ["sentinel-2a", "sentinel-2b"]}, {"north", "south"}),
        ({"start": "2024-05-01", "end": "2024-05-01"}, PUBLIC),
        ({"start": "2024-05-02"}, set()),
        ({"start": "2024-05-01", "end": "2024-05-02", "time_relation": "within"}, PUBLIC),
        ({"start": "2024-05-01T10:00:05Z", "end": "2024-05-01T10:00:06Z", "time_relation": "within"}, set()),
        ({"access": "online"}, {"north", "south"}),
        ({"access": ["offline", "sign-in"]}, {"across", "arctic"}),
        ({"q": "alert evil"}, {"arctic"}),
    ],
)  # fmt: skip
def test_products_are_found(catalogue: Catalogue, asked: dict[str, Any], expected: set[str]) -> None:
    answer = act("", "product_search", collection=catalogue.collection, **asked)
    assert set(kinds(catalogue, answer)) == expected
    assert answer["count"] == len(expected)


def test_provider_and_topic_are_asked_for(catalogue: Catalogue) -> None:
    asked = {"provider": catalogue.organization["name"], "topic": catalogue.topic}
    answer = act("", "product_search", collection=catalogue.collection, **asked)
    assert set(kinds(catalogue, answer)) == PUBLIC
    assert act("", "product_search", collection=catalogue.collection, topic="none")["count"] == 0


def test_a_product_is_one_documented_object(catalogue: Catalogue) -> None:
    dataset = catalogue.datasets["north"]
    shown = act("", "product_show", id=dataset["id"])
    assert {name: shown[name] for name in ("uuid", "name", "id", "collection", "access", "private")} == {
        "uuid": dataset["id"], "name": dataset["name"], "id": dataset["identifier"],
        "collection": catalogue.collection, "access": "online", "private": False,
    }  # fmt: skip
    assert (shown["start"], shown["end"]) == ("2024-05-01T10:00:00Z", "2024-05-01T10:00:25Z")
    assert shown["bbox"] == [10, 60, 11, 61] and shown["geometry"]["type"] == "Polygon"
    assert shown["properties"]["cloud_cover"] == 12.5 and shown["properties"]["instruments"] == ["msi"]
    assert [(each["key"], each["access"]) for each in shown["assets"]] == [
        ("product", "online"),
        ("B04", "sign-in"),
    ]
    assert shown["assets"][0]["size"] == 714060000
    assert shown["provider_title"] == "Agency of Pages"
    found = act("", "product_search", id=dataset["identifier"], collection=catalogue.collection)
    assert found["results"] == [shown]
    assert all(name in toolkit.get_action("product_show").__doc__ for name in shown)


def test_the_order_and_the_pages(catalogue: Catalogue) -> None:
    asked = {"collection": catalogue.collection, "sort": "-cloud_cover"}
    whole = kinds(catalogue, act("", "product_search", **asked))
    assert whole[:3] == ["south", "north", "across"]
    assert kinds(catalogue, act("", "product_search", **asked, limit=2, offset=1)) == whole[1:3]
    seen: list[str] = []
    cursor = None
    for _ in range(5):
        answer = act("", "product_search", **asked, limit=2, cursor=cursor)
        seen += kinds(catalogue, answer)
        cursor = answer["next_cursor"]
        if not cursor:
            break
    assert (seen, answer["count"]) == (whole, 4)


def test_only_the_number_and_facets(catalogue: Catalogue) -> None:
    asked = {"collection": catalogue.collection, "facets": "platform,access", "limit": 0}
    assert act("", "product_search", **asked) == {
        "count": 4,
        "results": [],
        "next_cursor": None,
        "facets": {
            "platform": [{"value": "sentinel-2a", "count": 1}, {"value": "sentinel-2b", "count": 1}],
            "access": [{"value": "offline", "count": 2}, {"value": "online", "count": 2}],
        },
    }


def test_the_latest_editions_only(catalogue: Catalogue) -> None:
    tag = f"{uuid4().int % 10**6:06d}"
    for number, baseline in enumerate(("0500", "0510")):
        name = f"S2A_MSIL1C_20240501T{tag}_N{baseline}_R022_T33TUN_2024050{number + 2}T120000"
        catalogue.add(f"edition{number}", replace(make_product("sentinel-2-l1c", "edition"), id=name))
    found = [
        kinds(catalogue, act("", "product_search", collection="SENTINEL2_L1C", **asked))
        for asked in ({"id": [catalogue.datasets[f"edition{n}"]["identifier"] for n in (0, 1)], "latest": yes}
                      for yes in (False, True))
    ]  # fmt: skip
    assert [sorted(each) for each in found] == [["edition0", "edition1"], ["edition1"]]


@pytest.mark.parametrize(
    ("who", "seen"),
    [("visitor", PUBLIC), ("other", PUBLIC), ("member", ALL), ("sysadmin", ALL)],
)
def test_a_private_product_is_for_members_only(
    catalogue: Catalogue, users: dict[str, str], who: str, seen: set[str]
) -> None:
    user, dataset = users[who], catalogue.datasets["private"]
    answer = act(user, "product_search", collection=catalogue.collection, facets="collection")
    assert set(kinds(catalogue, answer)) == seen and answer["count"] == len(seen)
    assert answer["facets"]["collection"] == [{"value": catalogue.collection, "count": len(seen)}]
    for name in (dataset["id"], dataset["name"], dataset["identifier"]):
        hidden = "private" not in seen
        resolved = act(user, "product_resolve", ids=[name])
        if hidden:
            assert resolved == [{"asked": name, "found": False, "products": []}]
            with pytest.raises(toolkit.ObjectNotFound, match="no product"):
                act(user, "product_show", id=name)
        else:
            assert [each["uuid"] for each in resolved[0]["products"]] == [dataset["id"]]
            assert act(user, "product_show", id=name)["private"] is True
        assert act(user, "product_search", id=name)["count"] == int(not hidden and name != dataset["name"])


def test_all_ways_give_the_same_ids_in_the_same_order(catalogue: Catalogue, site: Any) -> None:
    asked = {"collection": catalogue.collection, "cloud_cover_min": "1", "sort": "cloud_cover"}
    ours = catalogue_for(None)
    expected = [entry.uuid for entry in ours.search(catalogue_query(asked, ours.properties)).entries]
    address = "/api/3/action/product_search"
    answers = [
        site.get(address, params=asked),
        site.post(address, json=asked),
        site.get(address, params=asked | {"include_private": "true"}),
    ]
    for answer in answers:
        assert [product["uuid"] for product in answer.json["result"]["results"]] == expected
    found = call_action(
        "package_search",
        fq=f'eo_collection:"{catalogue.collection}"',
        extras={"ext_cloud_cover_min": "1"},
        sort="eo_cloud_cover asc, index_id asc",
    )
    assert [dataset["id"] for dataset in found["results"]] == expected


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"platfrm": "x"}, {"platfrm": "there is no such parameter; did you mean platform?"}),
        ({"cursor": "{!func}x"}, {"cursor": f"'{{!func}}x' {CURSOR}"}),
        ({"cursor": "AoE"}, {"cursor": f"'AoE' {CURSOR}"}),
        ({"latest": "perhaps"}, {"latest": "'perhaps' is not allowed; expected true or false"}),
        ({"q": ["a", "b"]}, {"q": "['a', 'b'] is not allowed; expected one value"}),
    ],
)  # fmt: skip
def test_a_mistake_names_its_parameter(site: Any, asked: dict[str, str], told: dict[str, str]) -> None:
    answer = site.get("/api/3/action/product_search", params=asked, status=409)
    reasons = {name: [why] for name, why in told.items()}
    assert answer.json["error"] == reasons | {"__type": "Validation Error"}


def test_links_are_ranked(packed: dict[str, Any]) -> None:
    (resolved,) = act("", "product_resolve", ids=packed["identifier"])
    (product,) = resolved["products"]
    assert [link["href"] for link in product["links"]] == [
        "https://a.example/p.zip",
        "https://b.example/p.zip",
        "s3://bucket/p.zip",
    ]
    first = product["links"][0]
    assert (first["size"], first["media_type"], first["access"]) == (12, "application/zip", "online")
    assert product["links"][1]["checksum"] == "md5:" + 32 * "0"
    wanted = act("", "product_resolve", ids=packed["id"], roles="metadata,thumbnail")[0]["products"][0]
    assert [link["key"] for link in wanted["links"]] == ["manifest", "thumbnail"]


def test_the_provider_of_a_link_is_told(catalogue: Catalogue, packed: dict[str, Any]) -> None:
    resources = [resource | {"provider": "agency"} for resource in packed["resources"]]
    call_action("package_patch", {"user": catalogue.user}, id=packed["id"], resources=resources)
    (resolved,) = act("", "product_resolve", ids=packed["id"])
    assert {link["provider"] for link in resolved["products"][0]["links"]} == {"agency"}


def test_products_are_resolved_by_any_of_their_names(packed: dict[str, Any]) -> None:
    bare = packed["identifier"].removesuffix(".SAFE")
    names = [packed["id"], packed["name"], packed["identifier"], bare, f"{bare}.zip", "unknown", bare]
    resolved = act("", "product_resolve", ids=names)
    assert [each["asked"] for each in resolved] == names
    assert [each["found"] for each in resolved] == [True, True, True, True, True, False, True]
    assert act("", "product_resolve", ids=bare, collection="elsewhere")[0]["found"] is False
    assert act("", "product_show", id=bare, collection=packed["collection_id"])["uuid"] == packed["id"]


def test_a_name_of_several_products_is_told(catalogue: Catalogue, packed: dict[str, Any]) -> None:
    other = replace(make_product(f"other-{uuid4().hex[:8]}", "packed"), id=packed["identifier"])
    made = catalogue.add("twin", other)
    assert len(act("", "product_resolve", ids=packed["identifier"])[0]["products"]) == 2
    with pytest.raises(toolkit.ValidationError, match="2 products are called"):
        act("", "product_show", id=packed["identifier"])
    assert act("", "product_show", id=made["identifier"], collection=other.collection)["uuid"] == made["id"]


def test_a_thousand_ids_take_few_requests(packed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    select = SolrClient.select
    monkeypatch.setattr(
        SolrClient, "select", lambda self, parameters: asked.append(parameters) or select(self, parameters)
    )
    names = [f"S2A_{number}" for number in range(999)] + [packed["id"]]
    resolved = act("", "product_resolve", ids=names)
    assert [each["found"] for each in resolved] == [False] * 999 + [True]
    assert len(asked) == 4
    assert act("", "product_search", id=names)["count"] == 1


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"ids": ["x"] * 1001}, "ids"),
        ({"ids": []}, "ids"),
        ({}, "ids"),
        ({"ids": "x", "role": "data"}, "role"),
    ],
)
def test_a_wrong_list_of_ids_is_refused(catalogue: Catalogue, data: dict[str, Any], where: str) -> None:
    with pytest.raises(toolkit.ValidationError) as told:
        act("", "product_resolve", **data)
    assert list(told.value.error_dict) == [where]


def test_too_many_products_of_one_name_are_not_cut_silently(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckanext.nextgeoss.search.lookup._MOST_FOUND", 1)
    ids = [catalogue.datasets[kind]["id"] for kind in ("north", "south")]
    with pytest.raises(toolkit.ValidationError, match="name a collection"):
        act("", "product_resolve", ids=ids)
    assert find_products(catalogue_for(None), ids[:1])[ids[0]]


def test_without_solr_it_is_said(catalogue: Catalogue, site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ckanext.nextgeoss.config.solr_url", lambda: "http://127.0.0.1:1/solr/ckan")
    for action, data in (
        ("product_search", {}),
        ("product_show", {"id": "x"}),
        ("product_resolve", {"ids": "x"}),
    ):
        answer = site.get(f"/api/3/action/{action}", params=data, status=409)
        assert answer.json["error"]["__type"] == "Search Error"
        assert "127.0.0.1" not in json.dumps(answer.json["error"])


def test_extents_of_products_without_time_or_place_are_null(catalogue: Catalogue) -> None:
    timeless = catalogue.add(
        "timeless", replace(make_product(f"t-{uuid4().hex[:8]}", "timeless"), time=TemporalExtent())
    )
    shown = act("", "product_show", id=timeless["id"])
    assert [shown[name] for name in ("start", "end", "geometry", "bbox")] == [None] * 4
