"""The STAC API: what it answers to whom (standards: STAC API 1.0.0 and its extensions)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.tests.catalogue import Catalogue

ROOT = "http://test.ckan.net/stac"


class Api:
    """The API as somebody asks it."""

    def __init__(self, site: Any, catalogue: Catalogue):
        self.site, self.catalogue = site, catalogue

    def get(self, path: str, status: int = 200, key: str = "", **parameters: Any) -> Any:
        headers = {"Authorization": key} if key else {}
        found = self.site.get(f"/stac{path}", query_string=parameters, headers=headers, status=status)
        return found.json

    def post(self, body: Any, status: int = 200, key: str = "") -> Any:
        headers = {"Authorization": key} if key else {}
        return self.site.post("/stac/search", json=body, headers=headers, status=status).json

    def kinds(self, answer: Any) -> list[str]:
        """Which products of the small catalogue an answer has, in its order."""
        by_id = {dataset.get("identifier"): kind for kind, dataset in self.catalogue.datasets.items()}
        return [by_id.get(feature["id"], "another") for feature in answer["features"]]

    def found(self, **parameters: Any) -> set[str]:
        """Which of them a search finds, by GET."""
        return set(self.kinds(self.get("/search", collections=self.catalogue.collection, **parameters)))

    def asked(self, **members: Any) -> set[str]:
        """The same by POST."""
        return set(self.kinds(self.post({"collections": [self.catalogue.collection], **members})))


@pytest.fixture(scope="module")
def api(site: Any, catalogue: Catalogue) -> Api:
    return Api(site, catalogue)


PUBLIC = {"north", "south", "across", "arctic"}


def links(document: Any, rel: str) -> list[Any]:
    return [link for link in document["links"] if link["rel"] == rel]


def test_the_landing_page_leads_everywhere(api: Api):
    """SA-01, SA-03, IS-01."""
    page = api.get("")
    assert (page["type"], page["stac_version"]) == ("Catalog", "1.1.0")
    assert page["conformsTo"] == api.get("/conformance")["conformsTo"]
    for rel in ("self", "root"):
        assert [link["href"] for link in links(page, rel)] == [ROOT]
    assert [link["method"] for link in links(page, "search")] == ["GET", "POST"]
    for link in page["links"]:
        assert link["href"].startswith("http://test.ckan.net"), link
    assert f"{ROOT}/collections/{api.catalogue.collection}" in [link["href"] for link in links(page, "child")]


def test_search(api: Api):
    assert api.found() == PUBLIC == api.asked()


def test_items_of_a_collection(api: Api):
    answer = api.get(f"/collections/{api.catalogue.collection}/items")
    assert set(api.kinds(answer)) == PUBLIC
    assert answer["numberMatched"] == answer["numberReturned"] == 4
    item = answer["features"][0]
    assert api.get(f"/collections/{api.catalogue.collection}/items/{item['id']}") == item


def test_paging_meets_each_item_once(api: Api):
    """IS-09: the links of GET and POST lead through all items."""
    seen: list[str] = []
    answer = api.get("/search", collections=api.catalogue.collection, limit=1, sortby="-id")
    for _ in range(9):
        seen += api.kinds(answer)
        if not (following := links(answer, "next")):
            break
        asked = parse_qs(urlsplit(following[0]["href"]).query)
        answer = api.get("/search", **{name: values[0] for name, values in asked.items()})
    assert sorted(seen) == sorted(PUBLIC)
    posted: list[str] = []
    body: Any = {
        "collections": [api.catalogue.collection],
        "limit": 1,
        "sortby": [{"field": "id", "direction": "desc"}],
    }
    for _ in range(9):
        answer = api.post(body)
        posted += api.kinds(answer)
        if not (following := links(answer, "next")):
            break
        body = following[0]["body"]
    assert posted == seen
