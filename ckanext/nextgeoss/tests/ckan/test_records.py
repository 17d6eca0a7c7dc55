"""OGC API Records: what it answers to whom, and by the schemas of the standard (OGC 20-004r1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.formats.record_write import PROFILE
from ckanext.nextgeoss.eo.formats.records_api import CATALOG, CATALOG_PROFILE
from ckanext.nextgeoss.tests.catalogue import Catalogue

RECORDS = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf"


@dataclass
class Api:
    """The API as somebody asks it."""

    site: Any
    catalogue: Catalogue

    def open(self, path: str, status: int = 200, key: str = "", accept: str = "", **parameters: Any) -> Any:
        headers = {"Authorization": key} if key else {}
        headers |= {"Accept": accept} if accept else {}
        return self.site.get(f"/records{path}", query_string=parameters, headers=headers, status=status)

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        return self.open(path, status, **parameters).json

    @property
    def catalog(self) -> str:
        return f"/collections/{self.catalogue.collection}"

    def items(self, **parameters: Any) -> Any:
        return self.get(f"{self.catalog}/items", **parameters)

    def identifier(self, kind: str) -> str:
        return self.catalogue.datasets[kind]["identifier"]


@pytest.fixture(scope="module")
def api(site: Any, catalogue: Catalogue) -> Api:
    return Api(site, catalogue)


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer["features"]]


def links(document: Any, rel: str) -> list[str]:
    return [each["href"] for each in document["links"] if each["rel"] == rel]


def test_conformance(api: Api):
    """RC-01"""
    classes = api.get("/conformance")["conformsTo"]
    for name in ("searchable-catalog", "json", "oas30", "records-api", "sorting"):
        assert f"{RECORDS}/{name}" in classes
    assert f"{RECORDS}/filtering" not in classes


def test_catalog(api: Api):
    """RC-02, RC-03, RC-04"""
    answer = api.open(api.catalog)
    assert answer.headers["Content-Type"] == CATALOG
    assert (answer.json["type"], answer.json["itemType"]) == ("Collection", "record")
    assert links(answer.json, "profile") == [CATALOG_PROFILE]
    for rel in ("self", "alternate", "items"):
        assert links(answer.json, rel)
    assert api.open(api.catalog, accept="application/json").headers["Content-Type"] == "application/json"


def test_record(api: Api):
    """RC-05, RC-06, RC-07"""
    name = api.identifier("north")
    record = api.get(f"{api.catalog}/items/{name}")
    assert (record["id"], record["type"], record["properties"]["type"]) == (name, "Feature", "dataset")
    assert record["properties"]["created"].endswith("Z")
    assert links(record, "profile") == [PROFILE]
    assert len(links(record, "collection")) == len(links(record, "self")) == 1
    assert set(record["time"]) <= {"timestamp", "interval"}
    assert any("/stac/collections/" in href for href in links(record, "alternate"))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"bbox": "-180,0,180,90"},
        {"datetime": "2024-01-01T00:00:00Z/.."},
        {"limit": 2},
    ],
)
def test_the_same_as_by_stac(api: Api, asked: dict[str, Any]):
    """RC-11"""
    stac = api.site.get(f"/stac{api.catalog}/items", query_string=asked, status=200).json
    assert ids(api.items(**asked)) == ids(stac)


def test_ids_and_type(api: Api):
    """RC-11, RC-13"""
    both = {api.identifier("north"), api.identifier("south")}
    assert set(ids(api.items(ids=",".join(both)))) == both
    assert ids(api.items(type="dataset")) == ids(api.items())
    assert api.items(type="service")["numberMatched"] == 0
    assert api.items(externalIds="doi:10.1/x")["numberMatched"] == 0


def test_words(api: Api):
    """RC-12"""
    north, south = api.identifier("north"), api.identifier("south")
    assert ids(api.items(q=north)) == [north]
    assert set(ids(api.items(q=f"{north},{south}"))) == {north, south}
    assert ids(api.items(q=f"{north} {south}")) == []


def test_sorted(api: Api):
    """RC-14"""
    up = ids(api.items(sortby="id", limit=100))
    assert ids(api.items(sortby="-id", limit=100)) == up[::-1]
    assert "id" in api.get(f"{api.catalog}/sortables")["properties"]


def test_pages(api: Api):
    everything, found = ids(api.items(limit=100)), []
    asked: dict[str, Any] = {"limit": 1}
    while asked:
        page = api.items(**asked)
        found += ids(page)
        following = links(page, "next")
        asked = {n: v[0] for n, v in parse_qs(urlsplit(following[0]).query).items()} if following else {}
    assert found == everything


@pytest.mark.parametrize("asked", [{"unknown": "1"}, {"bbox": "1,2"}, {"sortby": "nothing"}, {"token": "x"}])
def test_bad_questions(api: Api, asked: dict[str, str]):
    (name,) = asked
    assert name in api.items(status=400, **asked)["description"]


def test_private_records_are_for_those_who_may_see_them(api: Api):
    private = api.identifier("private")
    api.get(f"{api.catalog}/items/{private}", status=404)
    assert private not in ids(api.items(limit=100))


@pytest.mark.parametrize("path", ["", "/conformance", "/collections", "{c}", "{c}/items", "{c}/sortables"])
def test_pages_have_all_links(api: Api, path: str):
    where = path.format(c=api.catalog)
    html = api.open(where, f="html").body
    for href in [each["href"] for each in api.get(where).get("links", ())]:
        if "f=" not in href:
            assert href.replace("&", "&amp;") in html
