"""Servers of STAC and how each leads on: links of every style, tokens, pages, and collections one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.harvesters.protocols import AREA, COLLECTIONS, TIME, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import Request, Response

URL = "https://stac.example.org/v1"
QUERY = Query(collections=("c",), time=TemporalExtent.parse("2024-01-01T00:00:00Z/2024-02-01T00:00:00Z"))


def _provider(profile: str = "stac", **said: object) -> Provider:
    about: dict[str, object] = {"title": "X", "organization": "x", "url": URL, "profile": profile}
    return provider_from_mapping("x", about | said, "x.yaml")


def _item(identifier: str = "i", **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": identifier, "collection": "c", "geometry": None,
            "properties": {"datetime": "2024-01-01T00:00:00Z"}, "assets": {}, "links": []} | more  # fmt: skip


def _next(document: dict[str, Any], headers: dict[str, str] | None = None, **said: object) -> Request | None:
    provider = _provider(**said)
    asked = protocol(provider.protocol).first_request(provider, QUERY)
    page = {"type": "FeatureCollection", "features": [_item()], **document}
    response = Response(200, headers or {}, json.dumps(page).encode(), asked.url)
    return protocol(provider.protocol).read(provider, response, asked).next


def _parameters(request: Request | None) -> dict[str, str]:
    assert request is not None
    return dict(parse_qsl(urlsplit(request.url).query)) | dict(request.params)


def _link(href: str, **more: Any) -> dict[str, Any]:
    return {"links": [{"rel": "self", "href": URL}, {"rel": "next", "href": href, **more}]}


# --- by post


def test_ldproxy_merges():
    """Its body has only what changes, and its address keeps `f`."""
    href = f"{URL}/search?f=application%2Fgeo%2Bjson"
    found = _next(_link(href, method="POST", merge=True, body={"startIndex": 20, "limit": 20}))
    assert found is not None
    assert (found.method, found.url) == ("POST", href)
    assert found.body == {
        "collections": ["c"], "datetime": "2024-01-01T00:00:00Z/2024-02-01T00:00:00Z",
        "startIndex": 20, "limit": 20,
    }  # fmt: skip


def test_pgstac_and_stac_server_give_whole_bodies():
    """A token with all that was asked; headers too."""
    body = {"collections": ["c"], "limit": 5, "token": "next:c:i"}
    found = _next(_link(f"{URL}/search", method="POST", body=body, headers={"X-Page": ["a", "b"]}))
    assert found is not None
    assert found.body == body
    assert found.headers["X-Page"] == "a, b"


# --- by get


@pytest.mark.parametrize(
    ("href", "name", "value"),
    [
        ("https://stac.example.org/v1/search?collections=c&limit=10&_o=10&_full=True", "_o", "10"),  # ODC
        ("/v1/collections/c/items?limit=2&page=2", "page", "2"),  # GEODES
        ("?collections=c&startRecord=11", "startRecord", "11"),  # Spacebel
        ("search?f=application%2Fgeo%2Bjson&startIndex=10", "f", "application/geo+json"),  # GeoServer
        ("https://stac.example.org/v1/search?next=%5B%22a%22%5D", "next", '["a"]'),  # Franklin
        ("https://stac.example.org/v1/search?token=next%3Ac%3Ai", "token", "next:c:i"),  # eoAPI
    ],
)
def test_addresses_are_followed_as_given(href: str, name: str, value: str):
    """Absolute or relative to what was asked, nothing built anew."""
    found = _next(_link(href), method="GET")
    assert _parameters(found)[name] == value
    assert found is not None
    assert (found.method, dict(found.params), found.body) == ("GET", {}, None)


def test_no_next_is_the_end():
    """ODC counts its pages from 0 and has no link on the last one."""
    context = {"context": {"page": 0, "limit": 10, "returned": 1, "matched": 1}}
    assert _next({"links": [{"rel": "root", "href": URL}], **context}) is None


def test_links_in_headers():
    """Where the document has none (RFC 8288)."""
    header = f'<{URL}?x=1>; rel="self", <{URL}/search?page=2>; rel="next"'
    assert _parameters(_next({}, {"link": header}, method="GET")) == {"page": "2"}
    assert _next({}, {"link": '<https://stac.example.org/v1/conformance>; rel="self"; title="next"'}) is None


# --- before 1.0


def test_tokens_beside_the_items():
    """`search:metadata` (0.8) and `context` (0.9) give one that goes back as `next`."""
    for place in ("search:metadata", "context"):
        found = _next({place: {"next": "abc", "matched": 9}})
        assert found is not None
        assert found.body["next"] == "abc"
        assert found.body["collections"] == ["c"]
        assert _parameters(_next({"links": [], place: {"next": "abc"}}, method="GET"))["next"] == "abc"
        assert _next({place: {"next": None, "matched": 9}}) is None


def test_links_by_relation_and_page_numbers():
    """sat-api: links that are an object, and before there were any the number of the page."""
    assert _parameters(_next({"links": {"next": {"href": f"{URL}/search?page=2"}}})) == {"page": "2"}
    meta = {"meta": {"page": 1, "limit": 1, "found": 2, "returned": 1}}
    assert _parameters(_next(meta, method="GET"))["page"] == "2"
    last = {"meta": {"page": 2, "limit": 1, "found": 2, "returned": 1}}
    assert _next(last, method="GET") is None


# --- servers without a search


def test_items_of_one_collection():
    """By the provider's id, with time and box, fixed parameters and the page size."""
    provider = _provider("stac_items", collections={"ours": "a/b"}, page_size=7, parameters={"f": "json"})
    area = Footprint.from_bbox(1, 2, 3, 4)
    query = Query(collections=("ours",), time=QUERY.time, footprint=area)
    request = protocol("stac_items").first_request(provider, query)
    assert request.url == f"{URL}/collections/a%2Fb/items"
    assert dict(request.params) == {
        "f": "json", "limit": "7", "bbox": "1.0,2.0,3.0,4.0",
        "datetime": "2024-01-01T00:00:00Z/2024-02-01T00:00:00Z",
    }  # fmt: skip
    assert protocol("stac_items").asks(provider) == {COLLECTIONS, TIME, AREA}
    assert protocol("stac_items").count_request(provider, query) is None


def test_collections_one_after_the_other():
    """Each with its pages; items that name none, or one that is not known, are of the one that was asked."""
    provider = _provider("stac_items", collections={"a": "theirs-a", "b": "theirs-b"}, counts=True)
    asked: list[str] = []

    def send(request: Request) -> Response:
        asked.append(request.url)
        name = request.url.split("/")[5]
        is_second = request.params.get("page") == "2" or "page=2" in request.url
        item = _item(f"{name}-{1 + is_second}", collection=None if is_second else "else")
        links = [] if is_second else [{"rel": "next", "href": f"{request.url}?page=2"}]
        page = {"type": "FeatureCollection", "features": [item], "links": links, "numberMatched": 2}
        return Response(200, {}, json.dumps(page).encode(), request.url)

    catalogue = RemoteCatalogue(provider, send)
    products = [p for answer in catalogue.pages(Query(collections=("a", "b"))) for p in answer.products]
    assert [(p.collection, p.id) for p in products] == [
        ("a", "theirs-a-1"), ("a", "theirs-a-2"), ("b", "theirs-b-1"), ("b", "theirs-b-2"),
    ]  # fmt: skip
    assert len(asked) == 4
    assert catalogue.count(Query(collections=("a",))) == 2


def test_what_items_cannot_be_asked():
    """All collections at once, and an area that is no box."""
    provider = _provider("stac_items", collections=["a", "b"])
    triangle = Footprint.from_wkt("POLYGON ((0 0, 4 0, 2 3, 0 0))")
    for query in (Query(), Query(collections=("a",), footprint=triangle)):
        with pytest.raises(BadValue):
            protocol("stac_items").first_request(provider, query)


# --- fixed parameters and what collections there are


def test_parameters_that_are_always_the_same():
    """With each search and the list of collections, by both methods (GeoServer's `f`)."""
    stac, parameters = protocol("stac"), {"f": "application/json"}
    for method in ("GET", "POST"):
        provider = _provider(parameters=parameters, method=method)
        assert stac.first_request(provider, QUERY).params["f"] == "application/json"
    asked = stac.collections_request(_provider(parameters=parameters))
    assert asked is not None
    assert asked.params["f"] == "application/json"


def test_all_collections_of_a_provider():
    """Page after page, under our ids where the registry knows them; what has no id is left out."""
    pages = {
        "": {"collections": [{"id": "S2MSI2A"}, None, {"title": "no id"}, {"id": "new", "title": "New"}],
             "links": [{"rel": "next", "href": "collections?token=2"}]},
        "token=2": {"collections": [{"id": "last"}], "links": []},
    }  # fmt: skip

    def send(request: Request) -> Response:
        body = json.dumps(pages[urlsplit(request.url).query]).encode()
        return Response(200, {}, body, request.url)

    found = list(RemoteCatalogue(_provider(), send).collections())
    assert [each.id for each in found[1:]] == ["new", "last"]
    assert found[1].title == "New"


def test_collections_as_a_bare_array():
    response = Response(200, {}, b'[{"id": "a"}, {"id": "b"}]', f"{URL}/collections")
    found = protocol("stac").read_collections(_provider(), response)
    assert [each.id for each in found.collections] == ["a", "b"]


@pytest.mark.parametrize(
    "body", [b"<html><title>x</title>", b'{"code": 500}', b'{"collections": {"a": 1}}', b"[1"]
)
def test_what_is_no_list_of_collections(body: bytes):
    with pytest.raises(BadAnswer):
        protocol("stac").read_collections(_provider(), Response(200, {}, body, f"{URL}/collections"))


# --- whatever is in it

_ODD: list[Any] = [
    None, "", "x", [], {}, [None], {"a": None}, -1, 1e308, True, "9999-99-99", [[["a"]]],
    {"type": "Polygon", "coordinates": None},
]  # fmt: skip
_SAMPLES = Path(__file__).parents[1] / "samples"


def _odd(document: Any, depth: int = 5) -> Iterator[Any]:
    """The document with each of its members being something else, or gone."""
    entries = document.items() if isinstance(document, dict) else enumerate(document[:1])
    for name, value in list(entries):
        for odd in _ODD:
            changed = copy(document)
            changed[name] = odd
            yield changed
        if isinstance(value, (dict, list)) and depth:
            for below in _odd(value, depth - 1):
                changed = copy(document)
                changed[name] = below
                yield changed


@pytest.mark.parametrize("name", ["copernicus_marine", "gee_stac", "theia_geodes", "swiss_geoadmin"])
def test_anything_may_be_something_else(name: str):
    """Documents are refused in one line, records and values noted; nothing else is raised."""
    provider = load_provider(name)
    speech = protocol(provider.protocol)
    for file in sorted((_SAMPLES / name).glob("[pc]a*.json")):
        document = json.loads(file.read_text("utf-8"))
        for changed in _odd(document):
            response = Response(200, {}, json.dumps(changed).encode(), provider.url)
            for read in (speech.read, speech.read_collections):
                try:
                    read(provider, response, None)
                except BadAnswer as error:
                    assert "\n" not in str(error)
