"""STAC search: what is asked, and the many kinds of what is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import Answer, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.http import Request, Response

STAC = protocol("stac")
URL = "https://stac.example.org/v1"


def _provider(**said: object) -> Provider:
    base = {
        "title": "X",
        "organization": "x",
        "url": URL,
        "profile": "stac",
        "collections": {"ours": "theirs"},
    }
    return provider_from_mapping("x", base | said, "x.yaml")


def _item(identifier: str = "i", **more: Any) -> dict[str, Any]:
    properties = {"datetime": "2024-01-01T00:00:00Z"}
    return {
        "type": "Feature", "stac_version": "1.0.0", "id": identifier, "collection": "theirs",
        "geometry": None, "properties": properties, "assets": {}, "links": [],
    } | more  # fmt: skip


def _page(*items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(items), "links": []} | more


def _read(document: Any, request: Request | None = None, url: str = f"{URL}/search") -> Answer:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return STAC.read(_provider(), Response(200, {}, body, url), request)


def _refusal(document: Any) -> str:
    with pytest.raises(BadAnswer) as caught:
        _read(document)
    return caught.value.reason


# --- asking


def test_search_by_post():
    """Collections by the provider's names, box, time, ids, and the provider's page size."""
    query = Query(
        collections=("ours", "other"),
        footprint=Footprint.from_bbox(10, 45, 20, 50),
        time=TemporalExtent.parse("2024-01-01T00:00:00Z/.."),
        ids=("a", "b"),
        limit=7,
    )
    request = STAC.first_request(_provider(), query)
    assert (request.method, request.url) == ("POST", f"{URL}/search")
    assert request.body == {
        "collections": ["theirs", "other"],
        "ids": ["a", "b"],
        "bbox": [10.0, 45.0, 20.0, 50.0],
        "datetime": "2024-01-01T00:00:00Z/..",
        "limit": 200,
    }
    assert "application/geo+json" in request.headers["Accept"]


def test_search_by_get():
    """The same in parameters."""
    query = Query(
        collections=("ours",), footprint=Footprint.from_bbox(10, 45, 20, 50), sort=(("start", "desc"),)
    )
    request = STAC.first_request(_provider(method="GET", sorts=True, page_size=50), query)
    assert (request.method, request.body) == ("GET", None)
    assert request.params == {
        "collections": "theirs",
        "bbox": "10.0,45.0,20.0,50.0",
        "limit": "50",
        "sortby": "-properties.datetime",
    }


def test_box_across_the_antimeridian():
    """West is greater than east, as RFC 7946 and the STAC API say."""
    request = STAC.first_request(_provider(), Query(footprint=Footprint.from_bbox(170, -20, -170, 10)))
    assert request.body["bbox"] == [170.0, -20.0, -170.0, 10.0]


def test_area_that_is_no_box():
    """Any other area is asked as geometry."""
    triangle = Footprint.from_wkt("POLYGON ((0 0, 10 0, 5 10, 0 0))")
    request = STAC.first_request(_provider(), Query(footprint=triangle))
    assert "bbox" not in request.body
    assert request.body["intersects"]["type"] == "Polygon"
    by_get = STAC.first_request(_provider(method="GET"), Query(footprint=triangle))
    assert json.loads(by_get.params["intersects"]) == request.body["intersects"]


def test_sort_only_where_it_is_understood():
    """By the names that STAC has for our properties."""
    query = Query(sort=(("cloud_cover", "asc"),))
    assert "sortby" not in STAC.first_request(_provider(), query).body
    request = STAC.first_request(_provider(sorts=True), query)
    assert request.body["sortby"] == [{"field": "properties.eo:cloud_cover", "direction": "asc"}]


@pytest.mark.parametrize(
    ("query", "where"),
    [
        (Query(words="flood"), "words"),
        (Query(conditions=(Condition("cloud_cover", "<=", 10.0),)), "conditions"),
        (Query(offset=10), "offset"),
        (Query(cursor="x"), "cursor"),
        (Query(footprint=Footprint.from_bbox(0, 0, 1, 1), relation="within"), "relation"),
    ],
)
def test_what_cannot_be_asked(query: Query, where: str):
    """A wider answer would pass for the right one, so it is refused."""
    with pytest.raises(BadValue, match=where):
        STAC.first_request(_provider(), query)
    with pytest.raises(BadValue, match=where):
        STAC.count_request(_provider(counts=True), query)


def test_count():
    """One product is asked where the provider tells totals, nothing where it does not."""
    request = STAC.count_request(_provider(counts=True), Query(collections=("ours",)))
    assert request and request.body == {"collections": ["theirs"], "limit": 1}
    assert STAC.count_request(_provider(), Query()) is None


# --- what holds items


@pytest.mark.parametrize(
    "document",
    [
        _page(_item("a"), _item("b")),
        [_item("a"), _item("b")],
        {"features": [_item("a"), _item("b")]},
        _page(
            _item("a"), _item("b"), id="saved", stac_version="1.0.0-beta.2", collections=[{"id": "theirs"}]
        ),
        {"type": "ItemCollection", "features": [_item("a"), _item("b")]},
        b"\xef\xbb\xbf " + json.dumps(_page(_item("a"), _item("b"))).encode(),
    ],
)
def test_kinds_of_item_collections(document: Any):
    """Item collections, arrays, files of saved searches, a byte order mark before them."""
    answer = _read(document)
    assert [product.id for product in answer.products] == ["a", "b"]
    assert {product.collection for product in answer.products} == {"ours"}


def test_single_item():
    """One item is an answer of one product."""
    answer = _read(_item("a", links=[{"rel": "self", "href": "x"}]))
    assert ([product.id for product in answer.products], answer.next) == (["a"], None)


def test_records_that_are_refused():
    """Their reason and place are told, the others are read."""
    answer = _read(_page(_item("a"), "text", {"type": "Feature"}, _item("d"), _item("e", collection=None)))
    assert [product.id for product in answer.products] == ["a", "d"]
    assert [record.position for record in answer.records] == [0, 3]
    assert [(bad.position, bad.reason) for bad in answer.refused] == [
        (1, "not a STAC item but str"),
        (2, "no id"),
        (4, "item e names no collection"),
    ]


@pytest.mark.parametrize(
    ("request_", "more"),
    [
        (Request(url=f"{URL}/collections/theirs/items"), {}),
        (Request(url=f"{URL}/search", method="POST", body={"collections": ["theirs"]}), {}),
        (None, {"links": [{"rel": "self", "href": f"{URL}/collections/theirs/items?limit=1"}]}),
        (None, {"links": [{"rel": "collection", "href": f"{URL}/collections/theirs"}]}),
    ],
)
def test_collection_that_items_do_not_name(request_: Request | None, more: dict[str, Any]):
    """It is the one that was asked, when one was asked."""
    answer = _read(_page(_item("a", collection=None), **more), request_)
    assert [product.collection for product in answer.products] == ["ours"]


@pytest.mark.parametrize(
    "said",
    [
        {"numberMatched": 42},
        {"context": {"matched": 42}},
        {"search:metadata": {"matched": 42}},
        {"meta": {"found": 42}},
        {"numMatched": 42},
        {"numberMatched": "42"},
        {"numberMatched": None, "context": {"matched": 42}},
    ],
)
def test_total(said: dict[str, Any]):
    """Each generation of the API told the total elsewhere."""
    assert _read(_page(**said)).total == 42


@pytest.mark.parametrize("said", [{}, {"numberMatched": True}, {"numberMatched": -1}, {"context": []}])
def test_total_that_is_none(said: dict[str, Any]):
    """What is no number is no total."""
    assert _read(_page(**said)).total is None


def test_next_link_is_relative_to_the_answer():
    """Static catalogues and saved answers have such links."""
    links = [{"rel": "next", "href": "?page=2"}]
    asked = Request(url=f"{URL}/collections/c/items")
    assert _read(_page(links=links), asked).next == Request(url=f"{URL}/collections/c/items?page=2")
    saved = _read(_page(links=links), url="page.json").next
    assert saved and saved.url == f"{URL}/search?page=2"


# --- what is no answer


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "an empty answer instead of JSON"),
        (b"<!DOCTYPE html><html><title>Sign in\n now</title>", "HTML (Sign in now) instead of JSON"),
        (b"<html><body>502</body></html>", "HTML instead of JSON"),
        (b"<?xml version='1.0'?><errors/>", "XML instead of JSON"),
        (b"upstream connect error", "not JSON, at line 1 column 1"),
        (b"\xff\xfe\x00", "not JSON: the answer is not UTF-8 text"),
        (b"[" * 100_000, "JSON"),
        (json.dumps(_page(_item("a"))).encode()[:-20], "JSON that is cut short"),
        (b'{"type": "FeatureCollection", "features": [{"id": "a', "JSON that is cut short"),
        (
            b'{"type": "FeatureCollection", "features": ' + b"9" * 5000 + b"}",
            "JSON with a value that cannot be read",
        ),
        (5, "not a STAC answer but a JSON int"),
        (None, "not a STAC answer but a JSON NoneType"),
        ({}, "not a STAC answer; its members are: none"),
        ({"a": 1}, "not a STAC answer; its members are: a"),
        ([{"a": 1}], "an array of something else than items"),
        ({"collections": [{}, {}], "links": []}, "a list of 2 collections, not products"),
        (
            {"type": "Collection", "id": "c", "extent": {}},
            "the description of the collection c, not products",
        ),
        (
            {"type": "Catalog", "id": "root", "links": []},
            "the landing page of the catalogue root, not products",
        ),
        ({"type": "FeatureCollection", "features": None}, "an item collection without an array of features"),
        ({"$schema": "x", "type": "object", "properties": {}}, "a JSON schema, not products"),
    ],
)
def test_other_documents(document: Any, reason: str):
    """Nothing else is taken for an empty result; the reason says what it is."""
    assert reason in _refusal(document)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"code": "NotFound", "description": "No such collection"}, "NotFound: No such collection"),
        ({"detail": "rate limit exceeded"}, "rate limit exceeded"),
        ({"detail": [{"loc": ["body"], "msg": "bad bbox", "type": "x"}]}, "bad bbox"),
        ({"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "limit"}, "400: limit"),
        ({"message": "Internal server error"}, "Internal server error"),
        ({"errorType": "Error", "errorMessage": "timed out"}, "Error: timed out"),
        ({"error": {"code": "400", "message": "bad filter"}}, "400: bad filter"),
        ({"errors": ["too deep"]}, "too deep"),
        ({"error": "invalid_token", "error_description": "expired"}, "expired"),
        (_page(code="BadRequest", description="half an answer"), "BadRequest: half an answer"),
        (_page(errors=[{"message": "shard failed"}]), "shard failed"),
    ],
)
def test_error_inside_a_success(document: Any, words: str):
    """The server's own words are told, wherever it puts them."""
    assert _refusal(document).endswith(words)


def test_source_is_named_without_secrets():
    """The message names the address that answered, without its token."""
    with pytest.raises(BadAnswer) as caught:
        _read(b"<html>", url=f"{URL}/search?token=geheim")
    assert str(caught.value) == f"{URL}/search?token=***: HTML instead of JSON"


# --- collections


def test_collections():
    """A list with a next page; what has no id is passed over."""
    document = {
        "collections": [{"id": "a", "title": "A"}, {"title": "nameless"}, "text", {"id": "b"}],
        "links": [{"rel": "next", "href": "?page=2"}],
    }
    asked = STAC.collections_request(_provider())
    assert asked.url == f"{URL}/collections"
    answer = STAC.read_collections(
        _provider(), Response(200, {}, json.dumps(document).encode(), asked.url), asked
    )
    assert [(collection.id, collection.title) for collection in answer.collections] == [("a", "A"), ("b", "")]
    assert answer.next and answer.next.url == f"{URL}/collections?page=2"


def test_no_collections():
    """An answer of another kind is no empty list."""
    with pytest.raises(BadAnswer, match="error: NotFound"):
        STAC.read_collections(_provider(), Response(404, {}, b'{"code": "NotFound"}', URL))
