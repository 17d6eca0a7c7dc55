"""OGC API Records: what it answers to whom, and by the schemas of the standard (OGC 20-004r1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.nextgeoss.eo.crs import CRS84, EPSG4326, swapped
from ckanext.nextgeoss.eo.formats.record_write import CATALOG_REL, PROFILE
from ckanext.nextgeoss.eo.formats.records_api import CATALOG, CATALOG_PROFILE
from ckanext.nextgeoss.search.records_query import NAMES
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.whole_pages import missing

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
    for name in ("searchable-catalog", "json", "html", "oas30", "records-api", "sorting", "filtering"):
        assert f"{RECORDS}/{name}" in classes
    # no catalogue is made of files that link each other
    assert f"{RECORDS}/crawlable-catalog" not in classes


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


def test_external_identifiers(api: Api):
    """RC-13: that of the provider, by scheme and value, by value, or all of the scheme."""
    name, provider = api.identifier("north"), api.catalogue.organization["name"]
    record = api.get(f"{api.catalog}/items/{name}")
    assert record["properties"]["externalIds"] == [{"scheme": provider, "value": name}]
    assert ids(api.items(externalIds=f"{provider}:{name}")) == [name]
    assert ids(api.items(externalIds=name)) == [name]
    assert set(ids(api.items(externalIds=provider))) == set(ids(api.items()))
    assert api.items(externalIds=f"another:{name}")["numberMatched"] == 0


NORTH = "POLYGON((9 59,12 59,12 62,9 62,9 59))"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"filter": "cloud_cover < 20"}, {"north", "across"}),
        (
            {"filter": "cloud_cover < 20 AND type = 'dataset'", "filter-lang": "cql2-text"},
            {"north", "across"},
        ),
        ({"filter": "type = 'series' OR platform = 'sentinel-2b'"}, {"south"}),
        ({"filter": f"S_INTERSECTS(geometry, {NORTH})"}, {"north"}),
        ({"filter": "T_BEFORE(time, DATE('2000-01-01'))"}, set()),
        (
            {
                "filter": '{"op":"=","args":[{"property":"platform"},"sentinel-2a"]}',
                "filter-lang": "cql2-json",
            },
            {"north"},
        ),
        ({"platform": "sentinel-2a"}, {"north"}),
        ({"cloud_cover": "80"}, {"south"}),
    ],
)
def test_filters(api: Api, asked: dict[str, str], expected: set[str]):
    """RC-15: CQL2, and each queryable as a parameter."""
    assert set(ids(api.items(**asked))) == {api.identifier(kind) for kind in expected}


def test_systems_of_coordinates(api: Api):
    """OGC 18-058r1: latitude first in EPSG 4326, for what is asked and for what is answered."""
    turned = "POLYGON((59 9,59 12,62 12,62 9,59 9))"
    for asked in (
        {"bbox": "59,9,62,12", "bbox-crs": EPSG4326},
        {"filter": f"S_INTERSECTS(geometry, {turned})", "filter-crs": EPSG4326},
    ):
        assert ids(api.items(**asked)) == [api.identifier("north")]
    name = api.catalogue.collection
    for path in (f"{api.catalog}/items/{api.identifier('north')}", f"/collections/collections/items/{name}"):
        usual, other = api.open(path), api.open(path, crs=EPSG4326)
        assert (
            usual.headers["Content-Crs"] == f"<{CRS84}>" and other.headers["Content-Crs"] == f"<{EPSG4326}>"
        )
        assert other.json == swapped(usual.json) | {"links": other.json["links"]}
        assert usual.json["bbox"] != other.json["bbox"]
    assert "crs" in api.items(crs="EPSG:3857", status=400)["description"]
    assert api.get(api.catalog)["crs"] == [CRS84, EPSG4326]


def test_queryables(api: Api):
    """RC-15: what is mandatory is among them, all are parameters, and each can be asked."""
    schema = api.get(f"{api.catalog}/queryables")
    found = schema["properties"]
    assert {"id", "type", "geometry", "title", "created", "updated", "platform"} <= set(found)
    assert "type" not in found["geometry"] and found["geometry"]["format"] == "geometry-any"
    assert schema["additionalProperties"] is False
    told = api.get("/api")["paths"]["/collections/{catalogId}/items"]["get"]["parameters"]
    assert set(found) - {"geometry"} <= {each["$ref"].rpartition("/")[2] for each in told if "$ref" in each}
    for name in found:
        api.items(filter=f"{name} IS NOT NULL")
    record = api.items()["features"][0]
    for name in ("title", "created", "updated"):
        value = record["properties"][name]
        literal = f"TIMESTAMP('{value}')" if name != "title" else f"'{value}'"
        if "'" not in value:
            assert record["id"] in ids(api.items(filter=f"{name} = {literal}", limit=100)), name


def test_facets(api: Api):
    """The counts are those of all records found, not of the page."""
    answer = api.items(facets="platform,type,access", limit=1)
    facets = answer["facets"]
    assert facets["type"]["buckets"] == [{"value": "dataset", "count": answer["numberMatched"]}]
    for bucket in facets["platform"]["buckets"]:
        assert api.items(platform=bucket["value"])["numberMatched"] == bucket["count"]
    assert {each["value"] for each in facets["platform"]["buckets"]} == {"sentinel-2a", "sentinel-2b"}
    assert "facets" not in api.items()
    assert {"platform", "provider", "type"} <= set(api.items(facets="true")["facets"])
    page = api.open(f"{api.catalog}/items", facets="platform", f="html")
    assert "platform=sentinel-2a" in page.text


def test_pages_can_be_searched(api: Api):
    """Words are asked by a form, beside what is asked already; values of properties by links."""
    page = api.open(f"{api.catalog}/items", platform="sentinel-2a", q="x", f="html").text
    form = page[page.index('<form class="eo-ogc-search"') :].partition("</form>")[0]
    assert f'action="http://test.ckan.net/records{api.catalog}/items"' in form
    assert 'name="q" value="x"' in form
    assert 'name="platform" value="sentinel-2a"' in form and 'name="f" value="html"' in form
    assert "facets=true" in form


def test_offset(api: Api):
    """Some clients count the records that came before; the links do the same then."""
    everything = ids(api.items(limit=100))
    assert ids(api.items(offset=1, limit=2)) == everything[1:3]
    found: list[str] = []
    asked: dict[str, Any] = {"limit": 3, "offset": 0}
    while asked:
        page = api.items(**asked)
        found += ids(page)
        following = links(page, "next")
        asked = {n: v[0] for n, v in parse_qs(urlsplit(following[0]).query).items()} if following else {}
        assert "token" not in asked
    assert found == everything
    assert "offset=0" in links(api.items(offset=2, limit=3), "prev")[0]
    assert "100000" in api.items(offset=100_001, status=400)["description"]


@pytest.mark.parametrize("asked", [PROFILE, "[ogc-profile:ogc-record]", "ogc-record", "nobody-knows-this,x"])
def test_profile(api: Api, asked: str):
    """RC-16: what is asked for and what is not there is no error; the answer tells its profile."""
    for path in (f"{api.catalog}/items", f"{api.catalog}/items/{api.identifier('north')}"):
        assert links(api.get(path, profile=asked), "profile") == [PROFILE]
    assert links(api.get(api.catalog, profile=asked), "profile") == [CATALOG_PROFILE]


def test_all_products(api: Api):
    """Each has the identifier of its dataset, and the same record but for that."""
    one = api.catalogue.datasets["north"]
    products = "/collections/products"
    record = api.get(f"{products}/items/{one['id']}")
    own = api.get(f"{api.catalog}/items/{one['identifier']}")
    assert record["id"] == one["id"]
    assert record["properties"] == own["properties"]
    assert links(record, "collection") == [f"http://test.ckan.net/records{products}"]
    assert links(own, "self")[0].split("?")[0] in links(record, "related")
    api.get(f"{products}/items/{one['identifier']}", status=404)
    asked = {"collection": api.catalogue.collection, "limit": 100}
    found = api.get(f"{products}/items", **asked)
    assert found["numberMatched"] == api.items()["numberMatched"]
    datasets = {each["id"] for each in api.catalogue.datasets.values()}
    assert len(set(ids(found))) == found["numberMatched"] and set(ids(found)) <= datasets
    for question in ({"ids": one["id"]}, {"filter": f"id = '{one['id']}'"}, {"id": one["id"]}):
        assert ids(api.get(f"{products}/items", **question)) == [one["id"]]
    assert ids(api.get(f"{products}/items", externalIds=one["identifier"])) == [one["id"]]
    assert api.get(products)["extent"]["temporal"]


def test_all_collections(api: Api):
    """Each collection is a record, with links to its own catalogue and to where else it is told of."""
    collections, name = "/collections/collections", api.catalogue.collection
    record = api.get(f"{collections}/items/{name}")
    said = record["properties"]
    assert (record["id"], said["type"], said["title"]) == (name, "series", "Collection of Pages")
    assert said["products"] == api.items()["numberMatched"]
    assert said["license"] == "CC-BY-4.0" and said["platform"]
    assert record["geometry"]["type"].endswith("Polygon") and record["time"]
    assert links(record, CATALOG_REL) == [f"http://test.ckan.net/records{api.catalog}"]
    assert any(f"/stac/collections/{name}" in href for href in links(record, "alternate"))
    assert any(href.endswith(f"/collection/{name}") for href in links(record, "alternate"))
    (description,) = links(record, "search")
    assert api.site.get(description.removeprefix("http://test.ckan.net"), status=200)
    assert ids(api.get(f"{collections}/items", ids=name)) == [name]
    for asked in (
        {"q": "collection of pages"},
        {"filter": "title = 'Collection of Pages'"},
        {"type": "series"},
    ):
        assert name in ids(api.get(f"{collections}/items", limit=1000, **asked)), asked
    assert ids(api.get(f"{collections}/items", ids=name, bbox="-1,-1,1,1", limit=1000)) == [name]
    api.get(f"{collections}/items/nothing-is-called-so", status=404)


def test_collections_by_pages(api: Api):
    collections = "/collections/collections/items"
    everything = ids(api.get(collections, limit=1000))
    assert everything == sorted(everything) and len(everything) == len(set(everything))
    assert ids(api.get(collections, limit=1000, sortby="-id")) == everything[::-1]
    first = api.get(collections, limit=1)
    assert first["numberMatched"] == len(everything)
    if len(everything) > 1:
        following = parse_qs(urlsplit(links(first, "next")[0]).query)
        assert ids(api.get(collections, **{n: v[0] for n, v in following.items()})) == everything[1:2]
    facets = api.get(collections, facets="true", limit=1)["facets"]
    assert facets["type"]["buckets"] == [{"value": "series", "count": len(everything)}]
    schema = api.get("/collections/collections/queryables")["properties"]
    assert {"id", "type", "geometry", "title", "created", "updated", "products"} <= set(schema)
    for name in schema:
        api.get(collections, filter=f"{name} IS NOT NULL")
    for name in api.get("/collections/collections/sortables")["properties"]:
        api.get(collections, sortby=f"-{name}")
    assert "token" in api.get(collections, token="x", status=400)["description"]


def test_the_same_collections_as_by_stac(api: Api):
    stac = api.site.get("/stac/collections", query_string={"limit": 1000}, status=200).json
    records = api.get("/collections/collections/items", limit=1000)
    assert sorted(ids(records)) == sorted(each["id"] for each in stac["collections"])


def test_local_resources(api: Api):
    """RC-18: the list of catalogues is told by the landing page, and can be searched itself."""
    root = "http://test.ckan.net/records/collections"
    assert links(api.get(""), CATALOG_REL) == [f"{root}/products/items", f"{root}/collections/items", root]
    told = api.get("/api")["paths"]["/collections"]["get"]["parameters"]
    assert {"q", "bbox", "datetime", "limit", "ids"} <= {each["$ref"].rpartition("/")[2] for each in told}
    name = api.catalogue.collection

    def named(**asked: Any) -> list[str]:
        return [each["id"] for each in api.get("/collections", **asked)["collections"]]

    assert named()[:2] == ["collections", "products"] and name in named()
    assert named(ids=f"{name},products") == ["products", name]
    assert name in named(q="Collection of Pages") and "products" not in named(q="Collection of Pages")
    assert name not in named(q="Pages of Collection")
    assert name in named(datetime="2024-05-01T00:00:00Z/..", bbox="9,59,12,62")
    assert name not in named(datetime="../1950-01-01T00:00:00Z")
    page = api.get("/collections", limit=1)
    assert page["numberReturned"] == len(page["collections"]) == 1 < page["numberMatched"]
    assert links(page, "next")
    api.get("/collections", q="x", unheard_of=1, status=400)


@pytest.mark.parametrize("path", ["/", "/dataset", "/records/conformance?f=html"])
def test_autodiscovery(api: Api, path: str):
    """RC-17: each page of the site tells where to search."""
    page = api.site.get(path, status=200).text
    for name in ("products", "collections"):
        address = f"http://test.ckan.net/records/collections/{name}/items"
        found = [line for line in page.splitlines() if f'rel="{CATALOG_REL}"' in line and address in line]
        assert found and 'type="application/geo+json"' in found[0]
        assert api.get(f"/collections/{name}/items")["type"] == "FeatureCollection"


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


ODD = ("", ",", "x", "-1", "1e400", '"', "a:b", ":", "0,0,1,1", "(", "*", "\\", "\x00", "é ü")


@pytest.mark.parametrize("path", ["/collections", "{c}/items", "products/items", "collections/items"])
def test_no_question_is_our_fault(api: Api, path: str):
    """Whatever a documented parameter is, it is answered, or refused with a reason that names it."""
    documented = api.get("/api")
    asked = path.replace("{c}", "{catalogId}") if "{" in path else path
    asked = asked if asked.startswith("/") else f"/collections/{asked}"
    asked = asked if asked in documented["paths"] else "/collections/{catalogId}/items"
    told = documented["paths"][asked]["get"]["parameters"]
    names = {each["$ref"].rpartition("/")[2] for each in told if "$ref" in each} - {"f"}
    where = path if path.startswith("/") else f"/collections/{path.format(c=api.catalogue.collection)}"
    client = api.site.flask_app.test_client()
    for name in names:
        for value in ODD if name in NAMES else ODD[::4]:
            answer = client.get(f"/records{where}", query_string={name: value})
            assert answer.status_code in (200, 400), (name, value, answer.text)
            assert answer.status_code == 200 or name in answer.json["description"], (name, value)


def test_private_records_are_for_those_who_may_see_them(api: Api):
    private = api.identifier("private")
    api.get(f"{api.catalog}/items/{private}", status=404)
    assert private not in ids(api.items(limit=100))


@pytest.mark.parametrize(
    "path",
    [
        "", "/conformance", "/collections", "{c}", "{c}/items", "{c}/items/{i}", "{c}/queryables",
        "{c}/sortables", "/collections/products", "/collections/products/items",
        "/collections/collections", "/collections/collections/items", "/collections/collections/items/{n}",
        "/collections/collections/queryables",
    ],
)  # fmt: skip
def test_pages_show_all_information_and_all_links(api: Api, path: str):
    """RC-20"""
    name = api.catalogue.collection
    where = path.format(c=api.catalog, i=api.identifier("north"), n=name)
    page = api.open(where, f="html").text
    assert "<script>alert" not in page
    assert missing(api.get(where), page) == []
