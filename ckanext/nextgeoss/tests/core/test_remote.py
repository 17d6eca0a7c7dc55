"""A provider as a catalogue, against a server on loopback that serves pages, faults and circles."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters.pagination import request_from_text, request_to_text
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve

SAID = {"title": "X", "organization": "x", "profile": "stac", "collections": {"ours": "theirs"}}


def _item(number: int) -> dict[str, Any]:
    return {
        "type": "Feature", "id": f"p{number}", "collection": "theirs", "geometry": None, "links": [],
        "properties": {"datetime": "2024-01-01T00:00:00Z"}, "assets": {},
    }  # fmt: skip


def _paged(handler: Handler) -> None:
    """Seven products, paged by a token in the body that is merged with the first one."""
    asked = json.loads(handler.server.seen.calls[-1].body)
    begin, limit = asked.get("token", 0), asked["limit"]
    end = min(begin + limit, 7)
    links = [{"rel": "next", "method": "POST", "href": "search", "merge": True, "body": {"token": end}}]
    handler.answer(
        {
            "type": "FeatureCollection",
            "features": [_item(number) for number in range(begin, end)],
            "links": links if end < 7 else [],
            "numberMatched": 7,
        }
    )


def _catalogue(server: LocalServer, **said: Any) -> RemoteCatalogue:
    provider = provider_from_mapping("x", SAID | {"url": f"{server.url}/v1", "page_size": 3} | said, "x")
    return RemoteCatalogue(
        provider, HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1)).send
    )


def test_page_after_page():
    """All products, each once, in pages of the provider's size, the query in each request."""
    with serve({"/v1/search": _paged}) as server:
        pages = list(_catalogue(server).pages(Query(collections=("ours",))))
    assert [len(page.products) for page in pages] == [3, 3, 1]
    assert [product.id for page in pages for product in page.products] == [f"p{n}" for n in range(7)]
    assert {product.collection for page in pages for product in page.products} == {"ours"}
    assert all(json.loads(call.body)["collections"] == ["theirs"] for call in server.calls)
    assert [page.total for page in pages] == [7, 7, 7]


def test_going_on_from_a_stored_request():
    """The next request of a page, put down as text, leads to the rest."""
    with serve({"/v1/search": _paged}) as server:
        catalogue = _catalogue(server)
        first = next(iter(catalogue.pages(Query(collections=("ours",)))))
        assert first.next is not None
        start = request_from_text(request_to_text(first.next))
        rest = [product.id for page in catalogue.pages(Query(), start) for product in page.products]
    assert rest == ["p3", "p4", "p5", "p6"]


@pytest.mark.parametrize(("limit", "requests"), [(2, 1), (3, 1), (5, 2), (99, 3), (0, 0)])
def test_limit(limit: int, requests: int):
    """No more products than wanted, and no request that is not needed."""
    with serve({"/v1/search": _paged}) as server:
        pages = list(_catalogue(server).pages(Query(), limit=limit))
    products = [product for page in pages for product in page.products]
    assert len(products) == min(limit, 7)
    assert sum(len(page.records) for page in pages) == len(products)
    assert len(server.calls) == requests
    if requests and limit < 7:
        assert pages[-1].next is None


def _sending(*pages: dict[str, Any]) -> tuple[Callable[[Request], Response], list[Request]]:
    asked: list[Request] = []

    def send(request: Request) -> Response:
        asked.append(request)
        page = pages[min(len(asked), len(pages)) - 1]
        return Response(
            200, {}, json.dumps({"type": "FeatureCollection", "links": []} | page).encode(), request.url
        )

    return send, asked


def _remote(send: Callable[[Request], Response], **said: Any) -> RemoteCatalogue:
    return RemoteCatalogue(provider_from_mapping("x", SAID | {"url": "https://x.example"} | said, "x"), send)


def test_circle():
    """A next link that leads back is an error, not an end and not for ever."""
    link = [{"rel": "next", "href": "https://x.example/search?page=2"}]
    send, asked = _sending({"features": [_item(1)], "links": link})
    pages = _remote(send).pages(Query())
    assert next(pages).products and next(pages).products
    with pytest.raises(BadAnswer, match="a page that was read before"):
        next(pages)
    assert len(asked) == 2


def test_same_page_for_ever():
    """A server that does not heed the number of the page is found out, too."""
    pages = [{"features": [_item(1)], "links": [{"rel": "next", "href": f"?page={n}"}]} for n in range(9)]
    send, asked = _sending(*pages)
    with pytest.raises(BadAnswer, match="the same products came twice"):
        list(_remote(send).pages(Query()))
    assert len(asked) == 2


def _by_collection(request: Request) -> Response:
    """Three products of each collection, two a page."""
    begin, name = int(request.params["from"]), request.params["c"]
    said = {"parentIdentifier": name, "date": "2024-01-01T00:00:00Z"}
    numbers = range(begin, min(begin + 2, 4))
    found = [{"type": "Feature", "properties": said | {"identifier": f"{name}{n}"}} for n in numbers]
    body = {"type": "FeatureCollection", "features": found, "totalResults": 3}
    return Response(200, {}, json.dumps(body).encode(), request.url)


def _one_at_a_time(send: Callable[[Request], Response]) -> RemoteCatalogue:
    template = "/search?c={eo:parentIdentifier}&from={startIndex}&size={count}"
    said = {"profile": "opensearch", "template": template, "page_size": 2, "collections": ["a", "b", "c"]}
    return _remote(send, **said)


def test_collections_one_after_another():
    """Where a search asks one collection at a time they follow one another, from any page on."""
    catalogue, query = _one_at_a_time(_by_collection), Query(collections=("a", "b", "c"))
    pages = list(catalogue.pages(query))
    ids = [product.id for page in pages for product in page.products]
    assert ids == [f"{name}{n}" for name in "abc" for n in (1, 2, 3)]
    assert pages[-1].next is None
    for number, page in enumerate(pages[:-1], 1):
        start = request_from_text(request_to_text(page.next)) if page.next else None
        rest = [product.id for later in catalogue.pages(query, start) for product in later.products]
        assert rest == [product.id for later in pages[number:] for product in later.products]


def test_limit_over_collections():
    """A limit is one of all collections together."""
    pages = _one_at_a_time(_by_collection).pages(Query(collections=("a", "b", "c")), limit=5)
    assert [product.id for page in pages for product in page.products] == ["a1", "a2", "a3", "b1", "b2"]


def test_empty_page_is_the_end():
    """Whatever its next link says."""
    link = [{"rel": "next", "href": "https://x.example/search?page=3"}]
    send, asked = _sending(
        {"features": [_item(1)], "links": [{"rel": "next", "href": "?page=2"}]},
        {"features": [], "links": link},
    )
    assert [len(page.products) for page in _remote(send).pages(Query())] == [1, 0]
    assert len(asked) == 2


def test_page_of_refused_records_is_not_the_end():
    """Records that cannot be products are still records."""
    send, asked = _sending(
        {"features": [{"type": "Feature"}], "links": [{"rel": "next", "href": "?page=2"}]},
        {"features": [_item(1)]},
    )
    pages = list(_remote(send).pages(Query()))
    assert [(len(page.products), len(page.refused)) for page in pages] == [(0, 1), (1, 0)]
    assert len(asked) == 2


def test_error_in_the_middle():
    """What came before is given, then the error; it is no end."""
    send, _ = _sending(
        {"features": [_item(1)], "links": [{"rel": "next", "href": "?page=2"}]},
        {"features": None, "detail": "busy"},
    )
    pages = _remote(send).pages(Query())
    assert len(next(pages).products) == 1
    with pytest.raises(BadAnswer, match="busy"):
        next(pages)


def test_login_for_the_own_host_only(monkeypatch: pytest.MonkeyPatch):
    """Each request to the provider has it, one to another host has not; stored requests never have it."""
    monkeypatch.setenv("X_TOKEN", "geheim")
    send, asked = _sending(
        {"features": [_item(1)], "links": [{"rel": "next", "href": "?page=2"}]},
        {"features": [_item(2)], "links": [{"rel": "next", "href": "https://elsewhere.example/?page=3"}]},
        {"features": []},
    )
    pages = list(_remote(send, auth={"type": "bearer", "token": "env:X_TOKEN"}).pages(Query()))
    assert ["Authorization" in request.headers for request in asked] == [True, True, False]
    assert all("geheim" not in request_to_text(page.next) for page in pages if page.next)


def test_count():
    """What the provider says, asked with one product; None where it says nothing."""
    with serve({"/v1/search": _paged}) as server:
        assert _catalogue(server, counts=True).count(Query(collections=("ours",))) == 7
        assert json.loads(server.calls[0].body)["limit"] == 1
        assert _catalogue(server).count(Query()) is None
    assert len(server.calls) == 1


def test_collections():
    """All pages of them, under our ids."""
    first = {"collections": [{"id": "theirs", "title": "T"}], "links": [{"rel": "next", "href": "?page=2"}]}
    send, asked = _sending(first, {"collections": [{"id": "sentinel-s2-l2a-cogs"}]}, first)
    found = list(_remote(send).collections())
    assert [(collection.id, collection.aliases) for collection in found] == [
        ("ours", ("theirs",)),
        ("sentinel-2-l2a", ("sentinel-s2-l2a-cogs",)),
    ]
    assert [request.url for request in asked] == [
        "https://x.example/collections",
        "https://x.example/collections?page=2",
    ]


def test_memory_is_constant():
    """However many pages there are, only one is held."""

    def send(request: Request) -> Response:
        page = int(request.url.rpartition("=")[2]) if "=" in request.url else 0
        features = [_item(number) for number in range(page * 20, page * 20 + 20)]
        links = [{"rel": "next", "href": f"https://x.example/search?page={page + 1}"}] if page < 30 else []
        return Response(200, {}, json.dumps({"features": features, "links": links}).encode(), request.url)

    peaks: list[int] = []
    tracemalloc.start()
    try:
        for number, page in enumerate(_remote(send).pages(Query())):
            assert len(page.products) == 20
            if number in (5, 30):
                peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    # all pages together would take some six times as much
    assert peaks[1] < peaks[0] * 2
