"""What users say is told by documents of all formats, of products and of collections."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from jsonschema import Draft7Validator
from lxml import etree

from ckanext.nextgeoss.eo.formats.stac import read_collection
from ckanext.nextgeoss.eo.formats.stac_given import given_collection
from ckanext.nextgeoss.tests.feedback import COLLECTION_TYPE, Hub, act, fit, make_hub, new_user, problem
from ckanext.nextgeoss.tests.harvesting import index_waiting
from ckanext.nextgeoss.tests.loaded import site_app

ATOM, GUF = "{http://www.w3.org/2005/Atom}", "{https://github.com/NextGEOSS/guf/1.0}"
THR = "{http://purl.org/syndication/thread/1.0}"
DOI = "10.5194/essd-12-1-2020"


@dataclass
class Told:
    """A collection and a product of it, both with feedback, and a collection without."""

    hub: Hub
    app: Any
    name: str
    silent: str
    collection: dict[str, Any]
    product: dict[str, Any]

    def json(self, address: str, **asked: str) -> Any:
        return json.loads(self.app.get(address, query_string=asked, status=200).body)

    def xml(self, address: str, **asked: str) -> Any:
        return etree.fromstring(self.app.get(address, query_string=asked, status=200).body.encode())

    def replies(self, dataset: dict[str, Any]) -> str:
        """The address of the feed of what was said of a dataset."""
        return f"{toolkit.config['ckan.site_url']}/dataset/{dataset['name']}/feedback.atom"


def new_collection(hub: Hub, name: str) -> dict[str, Any]:
    given = {
        "type": COLLECTION_TYPE, "name": name, "title": f"Collection {name}", "notes": "All of it",
        "collection_id": name, "owner_org": hub.organization["id"],
    }  # fmt: skip
    return call_action("package_create", {"user": hub.sysadmin}, **given)


@pytest.fixture(scope="module")
def told(plugins: None) -> Told:
    hub, name = make_hub(), f"told-{uuid4().hex[:8]}"
    collection, _ = new_collection(hub, name), new_collection(hub, f"{name}-silent")
    product = hub.product(name, f"{name}_1")
    farmer = {"contact": {"application_domain": ["Agriculture"]}}
    cited = {
        "type": "publication", "title": "Crops from space", "category": "journalArticle",
        "identifier": [{"code": DOI, "code_space": "doi.org"}],
    }  # fmt: skip
    hub.review(new_user(), collection, 5, usage=fit(), citation=[cited], **farmer)
    hub.review(new_user(), collection, 4, usage=problem("Gaps"), severity="major", **farmer)
    hub.review(new_user(), product, 2, usage=fit(), **farmer)
    index_waiting()
    return Told(hub, site_app(), name, f"{name}-silent", collection, product)


OF_COLLECTION = {
    "guf:rating": {"average": 4.5, "count": 2, "best": 5, "worst": 1}, "guf:open_issues": "major",
    "guf:fit_for": ["agriculture"],
}  # fmt: skip
OF_PRODUCT = {
    "guf:rating": {"average": 2.0, "count": 1, "best": 5, "worst": 1}, "guf:open_issues": "none",
    "guf:fit_for": ["agriculture"],
}  # fmt: skip


def checked_xml(item: Any, page: str, replies: str, average: str, items: str, name: str) -> None:
    """An entry of Atom or an item of RSS."""
    links = item.findall(f"{ATOM}link[@rel='replies']")
    assert [(each.get("href"), each.get(f"{THR}count")) for each in links] == [
        (replies, items),
        (f"{toolkit.config['ckan.site_url']}{page}#feedback", items),
    ]
    said = item.find(f"{GUF}feedback")
    assert (said.get("average"), said.get("items"), said.get("best")) == (average, items, "5")
    assert [each.text for each in said] == ["agriculture"]
    if name == "rss":
        assert item.findtext("comments") == links[1].get("href")


def test_rss_tells_it_of_products(told: Told) -> None:
    (item,) = told.xml("/opensearch/search.rss", parentIdentifier=told.name).iterfind("channel/item")
    checked_xml(item, f"/dataset/{told.product['name']}", told.replies(told.product), "2.0", "1", "rss")


@pytest.mark.parametrize(("suffix", "path"), [("atom", f"{ATOM}entry"), ("rss", "channel/item")])
def test_feeds_tell_it_of_collections(told: Told, suffix: str, path: str) -> None:
    address = f"/opensearch/collection_search.{suffix}"
    (item,) = told.xml(address, uid=told.name).iterfind(path)
    checked_xml(item, f"/collection/{told.name}", told.replies(told.collection), "4.5", "2", suffix)
    assert told.app.get(f"/collection/{told.name}", status=200)
    (silent,) = told.xml(address, uid=told.silent).iterfind(path)
    assert silent.find(f"{GUF}feedback") is None and not silent.findall(f"{ATOM}link[@rel='replies']")


def test_geojson_tells_it(told: Told) -> None:
    (feature,) = told.json("/opensearch/search.json", parentIdentifier=told.name)["features"]
    said = feature["properties"]
    more = said["additionalAttributes"]
    assert {name: more[name] for name in OF_PRODUCT} == OF_PRODUCT and more["guf:items"] == 1
    assert said["links"]["replies"][0]["href"] == told.replies(told.product)
    (feature,) = told.json("/opensearch/collection_search.json", uid=told.name)["features"]
    said = feature["properties"]
    assert {name: said[name] for name in OF_COLLECTION} == OF_COLLECTION and said["guf:items"] == 2
    assert said["links"]["replies"][0]["href"] == told.replies(told.collection)
    (feature,) = told.json("/opensearch/collection_search.json", uid=told.silent)["features"]
    assert not any(name.startswith("guf:") for name in feature["properties"])


def test_stac_collections_tell_it_by_the_extension(told: Told) -> None:
    one = told.json(f"/stac/collections/{told.name}")
    assert {name: one[name] for name in OF_COLLECTION} == OF_COLLECTION
    assert one["sci:publications"] == [{"doi": DOI, "citation": "Crops from space", "guf:cited_by": "users"}]
    (replies,) = (link for link in one["links"] if link["rel"] == "replies")
    assert (replies["href"], replies["guf:count"]) == (told.replies(told.collection), 2)
    address = f"{toolkit.config['ckan.site_url']}/stac/extensions/guf/v1.0.0/schema.json"
    assert address in one["stac_extensions"]
    assert any("/scientific/" in each for each in one["stac_extensions"])
    schema = told.json("/stac/extensions/guf/v1.0.0/schema.json")
    Draft7Validator.check_schema(schema)
    judge = Draft7Validator(schema)
    assert [error.message for error in judge.iter_errors(one)] == []
    assert list(judge.iter_errors({**one, "guf:open_issues": "awful"}))
    left = {name: value for name, value in one.items() if not name.startswith("guf:")}
    assert list(judge.iter_errors(left)), "names the extension and has nothing of it"
    every = {each["id"]: each for each in told.json("/stac/collections", limit="1000")["collections"]}
    assert every[told.name]["guf:rating"] == one["guf:rating"]
    assert not any(name.startswith("guf:") for name in every[told.silent])
    assert address not in every[told.silent]["stac_extensions"]
    # who writes it back makes none of it a property of the collection
    assert given_collection(one) == read_collection(left | {"sci:publications": []})


def test_records_and_features_tell_it(told: Told) -> None:
    asked = {"rating": 4.5, "reviews": 2, "open_issues": "major", "fit_for": ["agriculture"]}
    record = told.json(f"/records/collections/collections/items/{told.name}")
    assert {name: record["properties"][name] for name in asked} == asked
    assert record["properties"]["latest_feedback"].endswith("Z")
    (replies,) = (link for link in record["links"] if link["rel"] == "replies")
    assert replies["href"] == told.replies(told.collection)
    assert "rating" not in told.json(f"/records/collections/collections/items/{told.silent}")["properties"]
    asked = {"rating": 2.0, "reviews": 1, "open_issues": "none", "fit_for": ["agriculture"]}
    for root in ("records", "features"):
        document = told.json(f"/{root}/collections/{told.name}/items", filter="reviews = 1")
        (found,) = document["features"]
        assert {name: found["properties"][name] for name in asked} == asked
        assert any(link["href"] == told.replies(told.product) for link in found["links"])


def test_what_is_taken_back_is_told_no_more(told: Told) -> None:
    name = f"{told.name}-again"
    made = new_collection(told.hub, name)
    item = told.hub.review(new_user(), made, 1)
    index_waiting()
    assert told.json(f"/stac/collections/{name}")["guf:rating"]["average"] == 1
    act(told.hub.sysadmin, "feedback_moderate", id=item["id"], action="hide", reason="No")
    index_waiting()
    assert "guf:rating" not in told.json(f"/stac/collections/{name}")
