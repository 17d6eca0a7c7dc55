"""The STAC API: what it answers to whom (standards: STAC API 1.0.0 and its extensions)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from ckan.config.middleware.flask_app import csrf

from ckanext.nextgeoss.eo.asset import Asset, write_multihash
from ckanext.nextgeoss.eo.formats.stac_write import write_entry
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.search import shelves, stac_summaries
from ckanext.nextgeoss.search.catalogue import catalogue_for
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.indexed import indexed
from ckanext.nextgeoss.views.stac import answers, blueprint, routes

ROOT = "http://test.ckan.net/stac"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SORTABLES = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


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
    # sums of a minute ago do not know the catalogue whole
    stac_summaries.summaries.cache_clear()
    return Api(site, catalogue)


PUBLIC = {"north", "south", "across", "arctic"}


def plain(collection: str, identifier: str) -> Product:
    """A product that says next to nothing."""
    return Product(id=identifier, collection=collection, properties={"cloud_cover": 1.0})


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
        assert answer["numberMatched"] == 4
        seen += api.kinds(answer)
        if not (following := links(answer, "next")):
            break
        assert following[0]["href"].startswith(f"{ROOT}/search?")
        asked = parse_qs(urlsplit(following[0]["href"]).query)
        answer = api.get("/search", **{name: values[0] for name, values in asked.items()})
    assert len(seen) == 4 and set(seen) == PUBLIC
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
        (way,) = following
        assert (way["method"], way["href"], way["merge"]) == ("POST", f"{ROOT}/search", False)
        body = way["body"]
    assert posted == seen


def test_collections_by_pages(api: Api):
    """SA-04."""
    whole = [each["id"] for each in api.get("/collections")["collections"]]
    assert whole == [each["id"] for each in api.get("/children")["children"]]
    seen: list[str] = []
    answer = api.get("/collections", limit=1)
    for _ in range(len(whole)):
        seen += [each["id"] for each in answer["collections"]]
        assert (answer["numberMatched"], answer["numberReturned"]) == (len(whole), 1)
        if not (following := links(answer, "next")):
            break
        asked = parse_qs(urlsplit(following[0]["href"]).query)
        answer = api.get("/collections", **{name: values[0] for name, values in asked.items()})
    assert seen == whole


def test_a_collection_tells_what_is_held(api: Api):
    """CEOS STAC best practice 5370, 5390, 7220 to 7260."""
    found = api.get(f"/collections/{api.catalogue.collection}")
    assert found["title"] == "Collection of Pages" and found["license"] == "CC-BY-4.0"
    assert found["extent"]["spatial"]["bbox"] == [[-180, -40, 180, 86]]
    assert found["extent"]["temporal"]["interval"] == [["2024-05-01T10:00:00Z", "2024-05-01T10:00:25Z"]]
    assert found["summaries"]["platform"] == ["sentinel-2a", "sentinel-2b"]
    assert found["summaries"]["eo:cloud_cover"] == {"minimum": 5, "maximum": 80}
    assert found["providers"] == [{"name": "Agency of Pages"}]
    own = f"{ROOT}/collections/{api.catalogue.collection}"
    assert [link["href"] for link in links(found, "items")] == [f"{own}/items"]
    assert [link["href"] for link in links(found, QUERYABLES)] == [f"{own}/queryables"]
    assert {"self", "root", "parent", "license", "alternate", "child"} <= {
        link["rel"] for link in found["links"]
    }
    assert all(link["title"] for link in found["links"])


def test_an_item_tells_where_else_it_is(api: Api):
    """SA-06; created and updated are those of the catalogue where the provider gives none."""
    dataset = api.catalogue.datasets["north"]
    item = api.get(f"/collections/{api.catalogue.collection}/items/{dataset['identifier']}")
    own = f"{ROOT}/collections/{api.catalogue.collection}"
    assert [link["href"] for link in links(item, "self")] == [f"{own}/items/{item['id']}"]
    assert [link["href"] for link in (*links(item, "parent"), *links(item, "collection"))] == [own, own]
    page, feed = links(item, "alternate")
    assert page == {
        "rel": "alternate",
        "type": "text/html",
        "href": f"http://test.ckan.net/dataset/{dataset['name']}",
    }
    assert feed["type"] == "application/atom+xml" and f"uid={item['id']}" in feed["href"]
    assert item["properties"]["created"].startswith(dataset["metadata_created"][:19])
    assert item["properties"]["updated"].startswith(dataset["metadata_modified"][:19])
    assert len(item["bbox"]) == 4


def test_all_items_are_reached_by_links(api: Api):
    """Browseable and children: from the landing page by child and item alone."""
    (start,) = (link for link in links(api.get(""), "child") if api.catalogue.collection in link["href"])
    waiting, seen = [start["href"]], []
    while waiting:
        document = api.get(waiting.pop().removeprefix(ROOT))
        waiting += [link["href"] for link in links(document, "child")]
        seen += [link["href"] for link in links(document, "item")]
    assert {api.catalogue.datasets[kind]["identifier"] for kind in PUBLIC} == {
        address.rpartition("/")[2] for address in seen
    }


def test_shelves_of_many(api: Api, monkeypatch: pytest.MonkeyPatch):
    """A shelf with more than a page of products is divided by year, month and day, then goes on."""
    monkeypatch.setattr(shelves, "MOST", 1)
    catalogue, collection = catalogue_for(None), api.catalogue.collection
    time = catalogue.holdings(collection)[collection].time
    for period, parts in (("", ("2024",)), ("2024", ("2024-05",)), ("2024-05", ("2024-05-01",))):
        assert shelves.shelf(catalogue, collection, period, time=time).parts == parts
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        found = shelves.shelf(catalogue, collection, "2024-05-01", cursor, time=time)
        seen += found.items
        cursor = found.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 4


@pytest.mark.parametrize("period", ["2024-13", "24", "2024-05-32", "x"])
def test_there_are_no_other_shelves(api: Api, period: str):
    assert api.get(f"/browse/{api.catalogue.collection}", 400, period=period)["description"].startswith(
        "period"
    )


@pytest.mark.parametrize("token", ["no token!", "abc", "AoE="])
def test_a_token_that_no_page_has_told(api: Api, token: str):
    for path in (f"/browse/{api.catalogue.collection}", "/search"):
        assert api.get(path, 400, token=token)["description"].startswith("token:")


def test_what_is_not_seen_is_not_there(api: Api):
    """SA-07: a private product is found by those who may see it, and is unknown to all others."""
    private = api.catalogue.datasets["private"]["identifier"]
    path = f"/collections/{api.catalogue.collection}/items/{private}"
    unseen, unknown = api.get(path, 404), api.get(f"{path}x", 404)
    assert unseen["code"] == unknown["code"] == "NotFound"
    assert api.get(path, 404, api.catalogue.stranger)["code"] == "NotFound"
    assert api.get(path, 200, api.catalogue.token)["id"] == private
    for key, count in (("", 4), (api.catalogue.stranger, 4), (api.catalogue.token, 5)):
        assert api.get("/search", key=key, collections=api.catalogue.collection)["numberMatched"] == count
        assert api.post({"collections": [api.catalogue.collection]}, key=key)["numberMatched"] == count
    assert api.found(ids=private) == set()
    for path in ("", "/items", "/queryables", "/sortables", "/items/x"):
        assert api.get(f"/collections/no-such{path}", 404)["code"] == "NotFound"


def test_unknown_names_find_nothing(api: Api):
    """IS-10."""
    assert api.found(ids="no-such") == set() == api.asked(ids=["no-such"])
    assert api.get("/search", collections="no-such")["features"] == []
    assert (
        api.get("/search", ids=f"no-such,{api.catalogue.datasets['north']['identifier']}")["numberMatched"]
        == 1
    )


@pytest.mark.parametrize(
    ("box", "kinds"),
    [
        ("9,59,12,62", {"north"}),
        ("10.5,60.5,10.5,60.5", {"north"}),
        ("9,59,-5,12,62,9000", {"north"}),
        ("179,-19,-179,-16", {"across"}),
        ("-180,-90,180,90", PUBLIC),
        ("50,0,60,10", set()),
    ],
)
def test_boxes(api: Api, box: str, kinds: set[str]):
    """IS-04."""
    assert api.found(bbox=box) == kinds == api.asked(bbox=[float(number) for number in box.split(",")])


RING = [[9.5, 59.5], [12, 59.5], [12, 62], [9.5, 62], [9.5, 59.5]]
LINE = [[9, 60.5], [12, 60.5]]


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": [10.5, 60.5]},
        {"type": "MultiPoint", "coordinates": [[10.5, 60.5], [0, 0]]},
        {"type": "LineString", "coordinates": LINE},
        {"type": "MultiLineString", "coordinates": [LINE]},
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "GeometryCollection", "geometries": [
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]},
            {"type": "Point", "coordinates": [10.5, 60.5]},
        ]},
        {"type": "GeometryCollection", "geometries": [
            {"type": "Point", "coordinates": [0, 0]},
            {"type": "LineString", "coordinates": LINE},
        ]},
    ],
)  # fmt: skip
def test_shapes(api: Api, shape: dict[str, Any]):
    """IS-06: all seven types of GeoJSON; of a collection, each of its parts."""
    assert api.found(intersects=json.dumps(shape)) == {"north"} == api.asked(intersects=shape)


@pytest.mark.parametrize(
    ("time", "found"),
    [
        ("2024-05-01T10:00:00Z", True),
        ("2024-05-01t10:00:10z", True),
        ("2024-05-01T12:00:10+02:00", True),
        ("2024-05-01T00:00:00Z/2024-05-02T00:00:00Z", True),
        ("2024-05-01T10:00:25Z/..", True),
        ("../2024-05-01T10:00:00Z", True),
        ("/2024-05-01T10:00:00Z", True),
        ("2024-05-01T10:00:26Z/", False),
        ("../2024-05-01T09:59:59Z", False),
    ],
)
def test_times(api: Api, time: str, found: bool):
    """IS-07: by overlap."""
    assert api.found(datetime=time) == (PUBLIC if found else set()) == api.asked(datetime=time)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ({"eo:cloud_cover": {"eq": 5}}, {"across"}),
        ({"eo:cloud_cover": {"eq": "12.5"}}, {"north"}),
        ({"eo:cloud_cover": {"neq": 5}}, {"north", "south"}),
        ({"eo:cloud_cover": {"gt": 5, "lt": 80}}, {"north"}),
        ({"eo:cloud_cover": {"gte": 5, "lte": 800}}, {"north", "south", "across"}),
        ({"properties.eo:cloud_cover": {"in": [5, 80]}}, {"south", "across"}),
        ({"platform": {"eq": "sentinel-2a"}}, {"north"}),
        ({"platform": {"startsWith": "sentinel"}}, {"north", "south"}),
        ({"platform": {"endsWith": "2b"}}, {"south"}),
        ({"platform": {"contains": "nel-2a"}}, {"north"}),
        ({"instruments": {"eq": "msi"}}, {"north"}),
        ({"instruments": {"in": ["msi", "olci"]}}, {"north"}),
        ({"datetime": {"gte": "2024-05-01T10:00:00Z"}}, PUBLIC),
        ({"end_datetime": {"lt": "2024-05-01T10:00:00Z"}}, set()),
        ({"id": {"startsWith": "PRODUCT_NORTH"}}, {"north"}),
        ({"created": {"gt": "2020-01-01T00:00:00Z"}}, PUBLIC),
        ({"updated": {"lt": "2020-01-01T00:00:00Z"}}, set()),
        ({"platform": {"eq": "sentinel-2a"}, "eo:cloud_cover": {"lt": 10}}, set()),
    ],
)
def test_queries(api: Api, query: dict[str, Any], kinds: set[str]):
    assert api.found(query=json.dumps(query)) == kinds == api.asked(query=query)


def test_orders(api: Api):
    by_cloud = {"sortby": "-properties.eo:cloud_cover", "query": '{"eo:cloud_cover":{"gte":0}}'}
    answer = api.get("/search", collections=api.catalogue.collection, **by_cloud)
    assert api.kinds(answer) == ["south", "north", "across"]
    answer = api.get(f"/collections/{api.catalogue.collection}/items", sortby="+eo:cloud_cover", limit=2)
    assert api.kinds(answer) == ["across", "north"]
    for name in ("datetime", "updated", "created", "id", "collection"):
        key = [{"field": f"properties.{name}" if len(name) > 2 else name, "direction": "desc"}]
        assert api.post({"sortby": key, "limit": 2})["numberReturned"] == 2


def test_words(api: Api):
    """Free text: one of the texts between commas."""
    north, south = (api.catalogue.datasets[kind]["identifier"] for kind in ("north", "south"))
    assert api.found(q=north.lower()) == {"north"} == api.asked(q=[north])
    assert api.found(q=f"{north},{south},nothing") == {"north", "south"} == api.asked(q=[north, south])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{north} OR {south}", {"north", "south"}),
        ("{north} {south} -nothing", {"north", "south"}),
        ("{north} AND {south}", set[str]()),
        ("({north} OR {south}) AND -{south}", {"north"}),
        ("NOT {north} AND -{south}", PUBLIC - {"north", "south"}),
        ("-{north}", PUBLIC - {"north"}),
        ("{north} OR NOT {south}", PUBLIC - {"south"}),
        ("+{north} {south}", {"north"}),
        ('"{north}", nothing AND {south}', {"north"}),
        ("sentinel-2a AND -{south}", {"north"}),
    ],
)
def test_words_with_operators(api: Api, text: str, found: set[str]):
    """Extension freetext-search, advanced."""
    written = text.format(**{kind: api.catalogue.datasets[kind]["identifier"] for kind in ("north", "south")})
    assert api.found(q=written) == found == api.asked(q=written) == api.asked(q=[written])


def json_of(text: str) -> Any:
    """The CQL2 JSON that asks the same as the texts below."""
    return {
        "eo:cloud_cover <= 20": {"op": "<=", "args": [{"property": "eo:cloud_cover"}, 20]},
        "platform = 'sentinel-2a' OR eo:cloud_cover IS NULL": {
            "op": "or",
            "args": [
                {"op": "=", "args": [{"property": "platform"}, "sentinel-2a"]},
                {"op": "isNull", "args": [{"property": "eo:cloud_cover"}]},
            ],
        },
    }[text]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("eo:cloud_cover <= 20", {"north", "across"}),
        ("platform = 'sentinel-2a' OR eo:cloud_cover IS NULL", {"north", "arctic"}),
    ],
)
def test_filters(api: Api, text: str, kinds: set[str]):
    """Extension filter 1.0.0: both languages, by each method, under a collection, too."""
    written = json_of(text)
    assert api.found(filter=text) == kinds
    assert api.found(**{"filter": json.dumps(written), "filter-lang": "cql2-json"}) == kinds
    assert api.asked(filter=written) == kinds == api.asked(filter=json.dumps(written))
    assert api.asked(**{"filter": text, "filter-lang": "cql2-text", "filter-crs": CRS84}) == kinds
    found = api.get(f"/collections/{api.catalogue.collection}/items", filter=text)
    assert set(api.kinds(found)) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("properties.eo:cloud_cover < 10", {"across"}),
        ("S_INTERSECTS(geometry, BBOX(170, -30, -170, -5))", {"across"}),
        ("T_AFTER(datetime, TIMESTAMP('2000-01-01T00:00:00Z'))", PUBLIC),
        ("datetime >= TIMESTAMP('2024-05-01T10:00:00Z') AND id LIKE 'PRODUCT_NORTH%'", {"north"}),
        ("A_CONTAINS(instruments, ('msi'))", {"north"}),
        ("CASEI(platform) = CASEI('SENTINEL-2B')", {"south"}),
        ("NOT platform = 'sentinel-2a'", {"south"}),
    ],
)
def test_filters_by_our_names(api: Api, text: str, kinds: set[str]):
    assert api.found(filter=text) == kinds


def test_between_in_either_form(api: Api):
    """As the standard has it, and as drafts had it, which a validator still asks."""
    cover = {"property": "eo:cloud_cover"}
    for args in ([cover, 10, 90], [cover, [10, 90]]):
        assert api.asked(filter={"op": "between", "args": args}) == {"north", "south"}
    for args in ([cover, 10], [cover, [10]], [cover, [10, 20, 30]]):
        api.post({"filter": {"op": "between", "args": args}}, 400)


def test_a_filter_goes_on_through_the_pages(api: Api):
    """IS-09, with a filter: each item once."""
    where = {"collections": api.catalogue.collection, "filter": "eo:cloud_cover >= 0", "limit": 1}
    answer, seen = api.get("/search", **where), list[str]()
    while following := links(answer, "next"):
        seen += api.kinds(answer)
        asked = parse_qs(urlsplit(following[0]["href"]).query)
        assert asked["filter"] == ["eo:cloud_cover >= 0"]
        answer = api.get("/search", **{name: values[0] for name, values in asked.items()})
    assert sorted(seen + api.kinds(answer)) == ["across", "north", "south"]
    body = {"collections": [api.catalogue.collection], "filter": json_of("eo:cloud_cover <= 20"), "limit": 1}
    (way,) = links(api.post(body), "next")
    assert way["body"]["filter"] == body["filter"]
    assert api.kinds(api.post(way["body"])) != api.kinds(api.post(body))


def collections(api: Api, **asked: Any) -> list[str]:
    """Which collections are found, of those of this suite."""
    found = api.get("/collections", limit=1000, **asked)
    assert found["numberMatched"] == found["numberReturned"] == len(found["collections"])
    return [each["id"] for each in found["collections"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filter": "title = 'Collection of Pages'"}, True),
        ({"filter": "title <> 'Collection of Pages'"}, False),
        ({"filter": "CASEI(title) LIKE CASEI('collection OF%')"}, True),
        ({"filter": "nextgeoss:products = 4 AND A_CONTAINS(platform, ('sentinel-2a'))"}, True),
        ({"filter": "S_INTERSECTS(geometry, POINT(0 60)) AND created > DATE('2020-01-01')"}, True),
        ({"filter": "T_BEFORE(datetime, TIMESTAMP('2020-01-01T00:00:00Z'))"}, False),
        (
            {"filter": '{"op":"=","args":[{"property":"license"},"CC-BY-4.0"]}', "filter-lang": "cql2-json"},
            True,
        ),
        ({"query": '{"platform": {"in": ["sentinel-2b"]}}', "datetime": "2024-05-01T10:00:00Z"}, True),
        ({"query": '{"nextgeoss:products": {"gt": 400}}'}, False),
        ({"bbox": "-10,-90,10,90", "filter": "A_CONTAINS(providers, ('Agency of Pages'))"}, True),
        ({"q": "pages AND -nothing"}, True),
        ({"q": "pages AND NOT collection"}, False),
        ({"q": "nothing,Collection of Pages"}, True),
    ],
)  # fmt: skip
def test_collections_are_searched(api: Api, asked: dict[str, str], found: bool):
    """Extension collection-search with filter, query and free text."""
    assert (api.catalogue.collection in collections(api, **asked)) is found


def test_collections_are_sorted(api: Api):
    own = api.catalogue.collection
    with indexed([plain(f"{own}-fewer", "ONE")]):
        names = collections(api, sortby="-id")
        assert names == sorted(names, reverse=True) and {own, f"{own}-fewer"} <= set(names)
        counts = collections(api, sortby="-nextgeoss:products,id", filter="nextgeoss:products > 0")
        assert counts.index(own) < counts.index(f"{own}-fewer")
    own = {"filter": f"id = '{api.catalogue.collection}'"}
    (one,) = api.get("/collections", fields="id,title", **own)["collections"]
    assert set(one) == {"type", "stac_version", "id", "title"}
    (one,) = api.get("/collections", fields="-summaries", **own)["collections"]
    assert "summaries" not in one and one["extent"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("filter", "nosuch = 1"), ("filter", "title ="), ("sortby", "keywords"),
     ("query", '{"nosuch":{"eq":1}}'),
     ("filter-lang", "sql"), ("q", "(a"), ("ids", "a"), ("intersects", "{}")],
)  # fmt: skip
def test_what_is_not_allowed_of_collections(api: Api, name: str, value: str):
    assert api.get("/collections", 400, **{name: value})["description"].startswith(name)


def test_queryables_of_collections(api: Api):
    """They are linked from the answer of the search, not from the landing page."""
    answer = api.get("/collections", limit=1)
    for rel, least in ((QUERYABLES, {"geometry", "title", "keywords"}), (SORTABLES, {"title", "datetime"})):
        (link,) = links(answer, rel)
        found = api.site.get(link["href"].removeprefix("http://test.ckan.net"))
        assert found.headers["Content-Type"] == "application/schema+json" == link["type"]
        assert found.json["$id"] == link["href"] and least <= set(found.json["properties"])
    assert "keywords" not in found.json["properties"]


def test_fields(api: Api):
    def first(**parameters: Any) -> Any:
        return api.get("/search", ids=api.catalogue.datasets["north"]["identifier"], **parameters)[
            "features"
        ][0]

    told = {"type", "stac_version", "id", "collection"}
    assert set(first(fields="id")) == told
    assert set(first(fields="")) == {*told, "geometry", "bbox", "links", "assets", "properties"}
    assert set(first(fields="")["properties"]) == {"datetime"}
    assert first(fields="properties.eo:cloud_cover")["properties"] == {"eo:cloud_cover": 12.5}
    without = first(fields="-geometry,-properties.platform")
    assert "geometry" not in without and "platform" not in without["properties"]
    assert without["properties"]["eo:cloud_cover"] == 12.5
    assert first(fields="-properties,+properties.platform")["properties"] == {"platform": "sentinel-2a"}
    answer = api.site.get("/stac/search?fields=id&limit=1")
    assert answer.headers["Content-Type"] == "application/geo+json"


BAD = [
    ("limit", "0"), ("limit", "-1"), ("limit", "ten"), ("limit", "1.5"),
    ("bbox", "1,2,3,4,5"), ("bbox", "0,10,1,9"), ("bbox", "a,b,c,d"), ("bbox", "0,0,1"),
    ("bbox", "0,-91,1,0"),
    ("bbox", "0,nan,1,2"), ("bbox", ""), ("bbox", "[0,0,1,1]"),
    ("datetime", "../.."), ("datetime", "/"), ("datetime", "zz"), ("datetime", "2024-05-01"),
    ("datetime", "2024-05-01T10:00:00"), ("datetime", ""),
    ("datetime", "2024-05-02T00:00:00Z/2024-05-01T00:00:00Z"),
    ("intersects", "{"), ("intersects", "[]"), ("intersects", '{"type":"Circle"}'),
    ("intersects", '{"type":"Polygon","coordinates":[[[0,0]]]}'), ("intersects", '{"type":"Point"}'),
    ("intersects", '{"type":"GeometryCollection","geometries":[]}'),
    ("intersects", '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}'),
    ("intersects", '{"type":"LineString","coordinates":[[0,0]]}'),
    ("intersects", '{"type":"Point","coordinates":[0,91]}'),
    ("intersects", '{"type":"Point","coordinates":["0",1]}'),
    ("sortby", "nosuch"), ("sortby", "instruments"),
    ("query", "{"), ("query", "[]"), ("query", '{"nosuch":{"eq":1}}'), ("query", '{"platform":"x"}'),
    ("query", '{"platform":{"like":"x"}}'), ("query", '{"eo:cloud_cover":{"eq":"much"}}'),
    ("query", '{"eo:cloud_cover":{"startsWith":"1"}}'), ("query", '{"platform":{"in":"x"}}'),
    ("token", "no cursor!"), ("colections", "a"),
    ("filter", "nosuch = 1"), ("filter", "platform ="), ("filter", ""), ("filter", "nosuch(platform) = 1"),
    ("filter-lang", "cql-text"), ("filter-crs", "http://www.opengis.net/def/crs/EPSG/0/4326"),
    ("q", "(a OR"), ("q", "a AND"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_is_not_allowed_is_named(api: Api, name: str, value: str):
    """standards 4.4: 400 with code and description, which names the parameter."""
    told = api.get("/search", 400, **{name: value})
    assert set(told) == {"code", "description"}
    assert told["description"].startswith(name)


@pytest.mark.parametrize(
    "body",
    [
        {"fields": None}, {"fields": []}, {"fields": {"only": []}}, {"limit": "ten"}, {"limit": True},
        {"bbox": "0,0,1,1"}, {"bbox": [0, 0, "a", 1]}, {"ids": 5}, {"sortby": "id"},
        {"sortby": [{"field": "id", "direction": "up"}]},
        {"query": {"platform": {}}}, {"datetime": 5}, {"token": 5}, {"nosuch": 1}, {"q": 5},
        {"filter": "platform = 'x'"}, {"filter": 5}, {"filter": {"op": "="}}, {"filter-lang": 5},
        {"filter": {"op": "=", "args": [{"property": "nosuch"}, 1]}}, {"q": "a AND"},
        {"bbox": [0, 0, 1, 1], "intersects": {"type": "Point", "coordinates": [0, 0]}}, [], "text",
    ],
)  # fmt: skip
def test_bodies_that_are_not_allowed(api: Api, body: Any):
    assert set(api.post(body, 400)) == {"code", "description"}


def test_the_nearest_name_is_told(api: Api):
    assert "did you mean collections" in api.get("/search", 400, colections="a")["description"]
    assert "did you mean eo:cloud_cover" in api.get("/search", 400, sortby="eo:cloudcover")["description"]
    assert "one value" in api.site.get("/stac/search?limit=1&limit=2", status=400).json["description"]


def test_a_large_limit_is_cut(api: Api):
    """IS-03."""
    answer = api.get("/search", limit=20000)
    assert 0 < answer["numberReturned"] == len(answer["features"]) <= 1000


def test_what_people_write_for_a_checksum_is_not_told_as_one(api: Api):
    """The `hash` of a resource is any text; one of these must not spoil the whole page."""
    name = f"{api.catalogue.collection}-odd"
    asset = Asset(key="data", href="https://data.example/a.zip", checksum="md5:0", size=5)
    with indexed([replace(plain(name, "ODD"), assets=(asset,)), plain(name, "EVEN")]):
        found = api.get("/search", collections=name)["features"]
        assert {each["id"] for each in found} == {"ODD", "EVEN"}
        item = api.get(f"/collections/{name}/items/ODD")
        assert item["assets"]["data"] == {"href": asset.href, "roles": [], "file:size": 5}


def test_what_cannot_be_written_is_left_out_and_logged(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """It is nothing that the caller asked wrongly: never a 400."""
    name = f"{api.catalogue.collection}-bad"

    def write(product: Product, *others: Any) -> Any:
        return write_multihash("none") if product.id == "BAD" else write_entry(product, *others)

    for module in (routes, answers):
        monkeypatch.setattr(module, "write_entry", write)
    with indexed([plain(name, "BAD"), plain(name, "GOOD")]):
        for answer in (api.get("/search", collections=name), api.get(f"/collections/{name}/items")):
            assert [each["id"] for each in answer["features"]] == ["GOOD"]
            assert (answer["numberMatched"], answer["numberReturned"]) == (2, 1)
        assert api.post({"collections": [name]})["numberReturned"] == 1
        assert "'BAD' of collection" in caplog.text
        told = api.get(f"/collections/{name}/items/BAD", 500)
        assert "checksum" not in told["description"] and "checksum" in caplog.text


def test_nothing_below_is_a_page_of_ckan(api: Api):
    """Unknown addresses, and methods that an address does not have, are told as errors of the API."""
    client = api.site.flask_app.test_client()
    for method, path, status in (
        ("GET", "/nothing", 404), ("POST", "/nothing/here", 404), ("TRACE", "/nothing", 404),
        ("TRACE", "/search", 405), ("DELETE", "", 405), ("PUT", "/collections", 405),
        ("DELETE", f"/collections/{api.catalogue.collection}/items", 405),
        ("PUT", f"/collections/{api.catalogue.collection}/queryables", 405),
        ("POST", f"/collections/{api.catalogue.collection}/items/x", 405),
    ):  # fmt: skip
        answer = client.open(f"/stac{path}", method=method)
        assert answer.status_code == status, (method, path)
        assert set(answer.json) == {"code", "description"}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.headers["Allow"].split(", ")) == {
        "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE",
    }  # fmt: skip
    # what only begins with these letters is CKAN's
    assert client.get("/stack").content_type.startswith("text/html")


def test_queryables(api: Api):
    """CEOS STAC best practice 3235 to 3260: types, titles, values and limits of what is there."""
    for path in ("", f"/collections/{api.catalogue.collection}"):
        answer = api.site.get(f"/stac{path}/queryables")
        assert answer.headers["Content-Type"] == "application/schema+json"
        found = answer.json
        assert found["$id"] == f"{ROOT}{path}/queryables" and found["type"] == "object"
        assert found["additionalProperties"] is False and "$ref" not in answer.body
        about = found["properties"]
        assert about.pop("geometry") == {"title": "Footprint", "format": "geometry-any"}
        assert {"title", "type"} <= set.intersection(*(set(each) for each in about.values()))
        assert about["datetime"]["format"] == "date-time"
    assert about["eo:cloud_cover"]["minimum"] == 5 and about["eo:cloud_cover"]["maximum"] == 80
    assert about["platform"]["enum"] == ["sentinel-2a", "sentinel-2b"]
    assert about["instruments"] == {
        "title": about["instruments"]["title"],
        **about["instruments"],
        "type": "array",
    }
    assert "sar:instrument_mode" not in about
    sortable = api.get(f"/collections/{api.catalogue.collection}/sortables")["properties"]
    assert "instruments" not in sortable and "datetime" in sortable


def test_manners(api: Api):
    """HEAD, CORS, conditional requests."""
    whole = api.site.get("/stac/collections")
    assert whole.headers["Access-Control-Allow-Origin"] == "*"
    bare = api.site.flask_app.test_client().head("/stac/collections")
    assert bare.headers["ETag"] == whole.headers["ETag"] and not bare.data
    api.site.get("/stac/collections", headers={"If-None-Match": whole.headers["ETag"]}, status=304)
    assert "POST" in api.site.options("/stac/search").headers["Access-Control-Allow-Methods"]
    assert api.site.get("/stac/").json["id"] == api.get("")["id"]


def test_the_description_is_of_what_is_served(api: Api):
    """Each path of the OpenAPI document answers; its methods are compared in conformance/test_openapi.py."""
    answer = api.site.get("/stac/api")
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    identifier = api.catalogue.datasets["north"]["identifier"]
    for path in answer.json["paths"]:
        filled = path.replace("{collectionId}", api.catalogue.collection).replace("{itemId}", identifier)
        api.site.get(f"/stac{filled}", status=200)
    page = api.site.get("/stac/api.html")
    assert page.headers["Content-Type"].startswith("text/html") and "<h2><code>GET /search" in page.body


def test_a_search_by_post_needs_no_form_token(api: Api):
    """Who is signed in by cookie may search by POST, too: it changes nothing."""
    assert blueprint in csrf._exempt_blueprints
