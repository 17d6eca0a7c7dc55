"""OGC API Features: what it answers to whom (standards: OGC 17-069r4, 18-058r1, 19-079r2)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.crs import CRS84, EPSG4326
from ckanext.nextgeoss.eo.formats.openapi import OPENAPI
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.whole_pages import missing

ROOT = "http://test.ckan.net/features"
GEOJSON = "application/geo+json"
PUBLIC = {"north", "south", "across", "arctic"}


@dataclass
class Api:
    """The API as somebody asks it."""

    site: Any
    catalogue: Catalogue

    def open(self, path: str, status: int = 200, key: str = "", accept: str = "", **parameters: Any) -> Any:
        headers = {"Authorization": key} if key else {}
        headers |= {"Accept": accept} if accept else {}
        asked = {
            name.replace("_crs", "-crs").replace("_lang", "-lang"): value
            for name, value in parameters.items()
        }
        return self.site.get(f"/features{path}", query_string=asked, headers=headers, status=status)

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        return self.open(path, status, **parameters).json

    @property
    def collection(self) -> str:
        return f"/collections/{self.catalogue.collection}"

    def items(self, **parameters: Any) -> Any:
        return self.get(f"{self.collection}/items", **parameters)

    def kinds(self, answer: Any) -> list[str]:
        """Which products of the small catalogue an answer has, in its order."""
        by_id = {dataset.get("identifier"): kind for kind, dataset in self.catalogue.datasets.items()}
        return [by_id.get(feature["id"], "another") for feature in answer["features"]]

    def found(self, **parameters: Any) -> set[str]:
        return set(self.kinds(self.items(**parameters)))

    def identifier(self, kind: str) -> str:
        return self.catalogue.datasets[kind]["identifier"]


@pytest.fixture(scope="module")
def api(site: Any, catalogue: Catalogue) -> Api:
    return Api(site, catalogue)


def links(document: Any, rel: str) -> list[Any]:
    return [link for link in document["links"] if link["rel"] == rel]


def test_landing(api: Api):
    """OF-01"""
    page = api.get("")
    for rel, kind in (
        ("service-desc", OPENAPI),
        ("service-doc", "text/html"),
        ("conformance", "application/json"),
        ("data", "application/json"),
    ):
        assert [each["type"] for each in links(page, rel)] == [kind]
    for link in page["links"]:
        assert link["rel"] and link["type"] and link["href"].startswith(ROOT), link


def test_conformance(api: Api):
    """OF-02"""
    classes = api.get("/conformance")["conformsTo"]
    for part, name in (
        (1, "core"),
        (1, "geojson"),
        (1, "html"),
        (1, "oas30"),
        (2, "crs"),
        (3, "queryables"),
        (3, "features-filter"),
    ):
        assert f"http://www.opengis.net/spec/ogcapi-features-{part}/1.0/conf/{name}" in classes


def test_collections(api: Api):
    """OF-03: links to the document and to the features in each format, extent, systems of coordinates."""
    answer = api.get("/collections")
    assert [each["type"] for each in links(answer, "self")] == ["application/json"]
    assert [each["type"] for each in links(answer, "alternate")] == ["text/html"]
    own = [each for each in answer["collections"] if each["id"] == api.catalogue.collection]
    assert len(own) == 1
    found = own[0]
    assert {each["type"] for each in links(found, "items")} == {GEOJSON, "text/html"}
    assert found["itemType"] == "feature" and found["storageCrs"] == CRS84
    assert found["crs"] == [CRS84, EPSG4326]
    assert found["extent"]["spatial"]["crs"] == CRS84 and len(found["extent"]["spatial"]["bbox"][0]) == 4
    assert len(found["extent"]["temporal"]["interval"][0]) == 2


def test_a_collection_is_its_entry_in_the_list(api: Api):
    """OF-04"""
    entry = next(
        each for each in api.get("/collections")["collections"] if each["id"] == api.catalogue.collection
    )
    alone = api.get(api.collection)
    assert {**alone, "links": []} == {**entry, "links": []}
    assert {link["rel"] for link in alone["links"]} == {link["rel"] for link in entry["links"]}
    assert api.get("/collections/nothing-is-called-so", status=404)["code"] == "NotFound"
    assert api.get("/collections/nothing-is-called-so/items", status=404)["code"] == "NotFound"


def test_limit(api: Api):
    """OF-05"""
    assert len(api.items(limit=1)["features"]) == 1
    assert api.items(limit=10_000)["numberReturned"] == 4
    for bad in ("0", "-1", "many", "1.5"):
        assert "limit" in api.items(limit=bad, status=400)["description"]
    told = api.get("/api")["components"]["parameters"]["limit"]["schema"]
    assert (told["minimum"], told["maximum"], told["default"]) == (1, 1000, 10)


def test_place(api: Api):
    """OF-06"""
    assert api.found(bbox="9,59,12,62") == {"north"}
    assert api.found(bbox="9,59,0,12,62,100") == {"north"}
    assert api.found(bbox="179,-20,-179,-16") == {"across"}
    for bad in ("1,2,3", "a,b,c,d", "0,10,1,5", "0,0,1,nan"):
        assert "bbox" in api.items(bbox=bad, status=400)["description"]


def test_time(api: Api):
    """OF-06"""
    start = api.items(limit=1)["features"][0]["properties"]["start"]
    first = api.items(limit=1)["features"][0]["id"]
    for asked in (start, f"{start}/..", f"../{start}", f"{start}/{start}"):
        assert first in [each["id"] for each in api.items(datetime=asked)["features"]]
    assert api.found(datetime="1990-01-01T00:00:00Z/1990-02-01T00:00:00Z") == set()
    assert "datetime" in api.items(datetime="yesterday", status=400)["description"]


def test_a_parameter_that_there_is_not(api: Api):
    """OF-07: on every path."""
    item = f"{api.collection}/items/{api.identifier('north')}"
    paths = ("", "/conformance", "/api", "/api.html", "/collections", api.collection)
    for path in (*paths, f"{api.collection}/items", f"{api.collection}/queryables", item):
        answer = api.get(path, status=400, unheard_of="1")
        assert answer["code"] == "InvalidParameterValue" and "unheard_of" in answer["description"], path


def test_a_queryable_as_parameter(api: Api):
    """OF-08: each is declared, and narrows."""
    queryables = api.get(f"{api.collection}/queryables")["properties"]
    declared = api.get("/api")["paths"]["/collections/{collectionId}/items"]["get"]["parameters"]
    names = {each["$ref"].rpartition("/")[2] for each in declared if "$ref" in each}
    assert set(queryables) - {"geometry"} <= names
    answer = api.items()
    for feature in answer["features"]:
        for name, value in feature["properties"].items():
            if isinstance(value, list):
                value = value[0]
            if name in ("metadata_created", "metadata_modified"):
                continue
            same = api.items(**{name: str(value).lower() if isinstance(value, bool) else value})
            assert feature["id"] in [each["id"] for each in same["features"]], name
    assert api.found(id=api.identifier("north")) == {"north"}
    assert api.found(platform="no-such-platform") == set()
    assert "cloud_cover" in api.items(cloud_cover="much", status=400)["description"]


def test_a_page_of_features(api: Api):
    """OF-09: the next links lead through all, each once; numbers are exact."""
    seen: list[str] = []
    answer = api.items(limit=1, sortby="-title")
    for _ in range(9):
        assert answer["type"] == "FeatureCollection" and re.fullmatch(r"[\d-]+T.+Z", answer["timeStamp"])
        assert answer["numberMatched"] == 4 and answer["numberReturned"] == len(answer["features"])
        assert links(answer, "self") and links(answer, "alternate")
        seen += api.kinds(answer)
        if not (following := links(answer, "next")):
            break
        assert following[0]["type"] == GEOJSON
        asked = parse_qs(urlsplit(following[0]["href"]).query)
        answer = api.items(**{name: values[0] for name, values in asked.items()})
    assert len(seen) == 4 and set(seen) == PUBLIC
    assert "token" in api.items(token="no cursor", status=400)["description"]


def test_a_feature(api: Api):
    """OF-10"""
    answer = api.items()
    for feature in answer["features"]:
        alone = api.get(f"{api.collection}/items/{feature['id']}")
        assert {**alone, "links": []} == {**feature, "links": []}
        assert {"self", "alternate", "collection"} <= {link["rel"] for link in alone["links"]}
        assert all(link["type"] for link in alone["links"])
        assert alone["properties"]["collection"] == api.catalogue.collection
    assert api.get(f"{api.collection}/items/nothing", status=404)["code"] == "NotFound"


def test_the_description(api: Api):
    """OF-11: that it is valid is told by tests/conformance/test_features.py."""
    answer = api.open("/api")
    assert answer.content_type == OPENAPI
    assert re.fullmatch(r"3\.0\.\d+", answer.json["openapi"])


def test_every_document_is_a_page_with_the_same_links(api: Api):
    """OF-12"""
    item = f"{api.collection}/items/{api.identifier('north')}"
    paths = ("", "/conformance", "/collections", api.collection, f"{api.collection}/items?limit=1", item)
    for path in (*paths, f"{api.collection}/queryables", f"{api.collection}/sortables"):
        bare, _, query = path.partition("?")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        document = api.get(bare, **asked)
        page = api.open(bare, f="html", **asked)
        assert page.content_type == "text/html; charset=utf-8"
        addresses = {unescape(each) for each in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page.text)}
        swapped = {"self", "alternate", "next"}
        wanted = {
            link["href"]
            for link in document.get("links", ())
            if link["rel"] not in swapped or "f=" not in link["href"]
        }
        assert wanted <= addresses, path
        if path == "/collections":
            assert f"{ROOT}{api.collection}?f=html" in addresses
        assert any("f=json" in each for each in addresses), path
        assert page.text.count("<script>alert") == 0
        assert missing(document, page.text) == [], path
    assert "<h1>" in api.open("/api", accept="text/html").text
    assert "<h1>" in api.open("/api.html").text


def test_pages_load_nothing_from_elsewhere(api: Api):
    page = api.open(f"{api.collection}/items", f="html").text
    loaded = re.findall(r'<(?:script|img|link)\b[^>]*?(?:src|href)="([^"]+)"', page)
    for each in loaded:
        assert urlsplit(each).netloc in ("", "test.ckan.net"), each


def test_negotiation(api: Api):
    """OF-13"""
    for accept, expected in (
        ("", GEOJSON),
        ("*/*", GEOJSON),
        ("application/geo+json", GEOJSON),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
    ):
        answer = api.open(f"{api.collection}/items", accept=accept)
        assert answer.content_type == expected
        assert "Accept" in answer.headers["Vary"]
    refused = api.open("/collections", status=406, accept="image/png")
    assert refused.json["code"] == "NotAcceptable"
    assert "application/json" in refused.json["description"] and "text/html" in refused.json["description"]
    assert api.open("/collections", accept="image/png", f="json").content_type == "application/json"
    assert api.get("/collections", status=400, f="xml")["code"] == "InvalidParameterValue"


def test_manners(api: Api):
    """OF-13: headers Link, ETag and those of CORS, 304, 405 with Allow."""
    answer = api.open(api.collection)
    assert 'rel="self"' in answer.headers["Link"]
    assert answer.headers["ETag"]
    client = api.site.flask_app.test_client()
    again = client.get(f"/features{api.collection}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    refused = client.post("/features/collections")
    assert refused.status_code == 405 and "GET" in refused.headers["Allow"]
    assert refused.json["code"] == "MethodNotAllowed"
    assert client.head("/features").status_code == 200
    nothing = client.get("/features/nothing/here")
    assert nothing.status_code == 404 and nothing.json["code"] == "NotFound"


def test_systems_of_coordinates(api: Api):
    """OGC 18-058r1: latitude first in EPSG 4326, for what is asked and for what is answered."""
    path = f"{api.collection}/items/{api.identifier('north')}"
    usual, turned = api.open(path), api.open(path, crs=EPSG4326)
    assert usual.headers["Content-Crs"] == f"<{CRS84}>"
    assert turned.headers["Content-Crs"] == f"<{EPSG4326}>"
    ring, other = (each.json["geometry"]["coordinates"][0] for each in (usual, turned))
    assert [[y, x] for x, y in ring] == other
    west, south, east, north = usual.json["bbox"]
    assert turned.json["bbox"] == [south, west, north, east]
    assert api.found(bbox="59,9,62,12", bbox_crs=EPSG4326) == {"north"}
    assert api.found(bbox="9,59,12,62", bbox_crs=CRS84) == {"north"}
    for name in ("crs", "bbox_crs"):
        bad = "http://www.opengis.net/def/crs/EPSG/0/3857"
        answer = api.items(status=400, bbox="1,2,3,4", **{name: bad})
        assert name.replace("_", "-") in answer["description"] and CRS84 in answer["description"]


NORTH = "POLYGON((9 59,12 59,12 62,9 62,9 59))"
TURNED = "POLYGON((59 9,59 12,62 12,62 9,59 9))"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("cloud_cover < 20", {"north", "across"}),
        ("cloud_cover < 20 AND platform = 'sentinel-2a'", {"north"}),
        ("platform IS NULL", {"across", "arctic"}),
        ("NOT platform = 'sentinel-2a'", {"south"}),
        ("platform LIKE 'sentinel%' OR cloud_cover = 5", {"north", "south", "across"}),
        (f"S_INTERSECTS(geometry, {NORTH})", {"north"}),
        ("T_AFTER(datetime, TIMESTAMP('2020-01-01T00:00:00Z'))", PUBLIC),
    ],
)
def test_filter(api: Api, asked: str, expected: set[str]):
    """OGC 19-079r2 with CQL2: the name of a property is that of /queryables, the language may be said."""
    assert api.found(filter=asked) == expected
    assert api.found(filter=asked, filter_lang="cql2-text", limit=1000) == expected


def test_systems_of_coordinates_in_a_filter(api: Api):
    assert api.found(filter=f"S_INTERSECTS(geometry, {TURNED})", filter_crs=EPSG4326) == {"north"}
    assert api.found(filter=f"S_INTERSECTS(geometry, {NORTH})", filter_crs=CRS84) == {"north"}
    shape = {"type": "Polygon", "coordinates": [[[59, 9], [59, 12], [62, 12], [62, 9], [59, 9]]]}
    asked = json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, shape]})
    assert api.found(filter=asked, filter_lang="cql2-json", filter_crs=EPSG4326) == {"north"}
    box = "S_INTERSECTS(geometry, BBOX(59,9,62,12))"
    assert api.found(filter=box, filter_crs=EPSG4326) == {"north"}


def test_filters_that_cannot_be(api: Api):
    for asked in (
        {"filter": "unheard_of = 1"},
        {"filter": "cloud_cover <"},
        {"filter": "cloud_cover < 1", "filter_lang": "sql"},
        {"filter": "{", "filter_lang": "cql2-json"},
        {"filter": "{", "filter_lang": "cql2-json", "filter_crs": EPSG4326},
        {"filter": "cloud_cover < 1", "filter_crs": "EPSG:3857"},
    ):
        assert "filter" in api.items(status=400, **asked)["description"]


def test_order(api: Api):
    names = api.get(f"{api.collection}/sortables")["properties"]
    assert {"title", "start"} <= set(names)
    for name in names:
        assert api.items(sortby=f"-{name}")["numberMatched"] == 4, name
    ids = [each["id"] for each in api.items(sortby="id")["features"]]
    assert ids == sorted(ids)
    assert [each["id"] for each in api.items(sortby="-id")["features"]] == ids[::-1]
    assert "sortby" in api.items(sortby="unheard_of", status=400)["description"]


def test_same_ids_as_stac(api: Api):
    for asked in ({"bbox": "9,59,12,62"}, {"datetime": "2020-01-01T00:00:00Z/.."}, {"limit": 2}, {}):
        stac = api.site.get(f"/stac{api.collection}/items", query_string=asked).json
        ours = api.items(**asked)
        assert [each["id"] for each in ours["features"]] == [each["id"] for each in stac["features"]]
        assert ours["numberMatched"] == stac["numberMatched"]


def test_private_products(api: Api):
    """Only those who may see them."""
    path = f"{api.collection}/items/{api.identifier('private')}"
    for key in ("", api.catalogue.stranger):
        api.get(path, status=404, key=key)
        assert "private" not in api.kinds(api.items(key=key))
    api.get(path, key=api.catalogue.token)
    assert "private" in api.kinds(api.items(key=api.catalogue.token))
