"""Conditional GET: what is kept of answers, in a real Valkey, of real servers that know their versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from redis import Redis

from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.manners import answers
from ckanext.nextgeoss.manners.answers import SharedAnswers, key_of
from ckanext.nextgeoss.tests.core.local_server import Handler, serve
from ckanext.nextgeoss.tests.core.local_valkey import Valkey


class Document:
    """A document with a version, which is given when it is not the one asked for."""

    def __init__(self, body: object = b"first", by: str = "ETag", version: str = '"v1"', **headers: str):
        self.body, self.by, self.version, self.headers = body, by, version, headers
        self.given = 0

    def __call__(self, handler: Handler) -> None:
        asked = handler.headers.get("If-None-Match" if self.by == "ETag" else "If-Modified-Since")
        told = {self.by.replace("-", "_"): self.version, **self.headers}
        if asked == self.version:
            handler.answer(b"", 304, **told)
        else:
            self.given += 1
            handler.answer(self.body, **told)


@pytest.fixture()
def client(connection: Redis) -> Iterator[HttpClient]:
    """A client that keeps answers."""
    client = HttpClient(
        allowed_private_hosts=["127.0.0.1"],
        limits=Limits(attempts=1),
        answers=SharedAnswers(connection, "nextgeoss:test"),
    )
    yield client
    client.close()


@pytest.mark.parametrize(
    ("by", "version"), [("ETag", 'W/"v1"'), ("Last-Modified", "Mon, 05 Jan 2026 10:00:00 GMT")]
)
def test_an_answer_that_has_not_changed_comes_once(
    client: HttpClient, connection: Redis, by: str, version: str
):
    """The same answer again, for all who ask the same; a new one when it has changed."""
    document = Document(by=by, version=version, Content_Type="text/plain")
    with serve({"/": document}) as server:
        request = Request(server.url, params={"page": "1"}, keep=True)
        for _ in range(3):
            answer = client.send(request)
            assert (answer.status, answer.body, answer.headers["content-type"]) == (
                200,
                b"first",
                "text/plain",
            )
            assert answer.url == f"{server.url}/?page=1"
        assert (document.given, len(server.calls)) == (1, 3)
        document.body, document.version = b"second", version.replace("1", "2", 1).replace("05", "06")
        assert [client.send(request).body for _ in range(2)] == [b"second"] * 2
        assert document.given == 2
        assert client.send(Request(server.url, params={"page": "2"}, keep=True)).body == b"second"
        assert client.send(Request(server.url, params={"page": "1"})).body == b"second"
    assert document.given == 4
    assert all(0 < connection.ttl(key) <= 86400 for key in connection.keys("nextgeoss:test:answer:*"))


def test_after_a_redirect(client: HttpClient):
    """Each host is asked by what it said itself; another one is not shown it."""
    here, there = Document(b"here"), Document(b"there", version='"other"')
    target = [""]
    routes = {
        "/list": lambda h: h.answer(status=302, Location=target[0] or "/here"),
        "/here": here,
    }
    with serve({"/there": there}) as other, serve(routes) as server:
        request = Request(f"{server.url}/list", keep=True)
        for _ in range(2):
            answer = client.send(request)
            assert (answer.body, answer.url) == (b"here", f"{server.url}/here")
        target[0] = f"{other.url}/there"
        for _ in range(2):
            answer = client.send(request)
            assert (answer.body, answer.url) == (b"there", f"{other.url}/there")
    assert (here.given, there.given) == (1, 1)
    asked = [call.headers.get("if-none-match") for call in other.calls]
    assert asked == [None, '"other"']


@pytest.mark.parametrize(
    "request_",
    [
        Request("u", keep=True, secrets=("geheim",)),
        Request("u", keep=True, headers={"Authorization": "Bearer geheim"}),
        Request("u", keep=True, headers={"X-Whatever": "geheim"}),
        Request("u", keep=True, params={"apikey": "geheim"}),
        Request("u?token=geheim", keep=True),
        Request("u", keep=True, method="POST"),
        Request("u", keep=True, body={}),
        Request("u"),
    ],
)
def test_what_is_not_kept(client: HttpClient, connection: Redis, request_: Request):
    """Answers to logins, or to what may be one, and to what is no marked GET."""
    from dataclasses import replace

    assert key_of(request_) == ""
    document = Document()
    with serve({"/": document, "/u": document}) as server:
        asked = replace(request_, url=f"{server.url}/{request_.url}")
        assert [client.send(asked).body for _ in range(2)] == [b"first"] * 2
    assert (document.given, connection.keys("*")) == (2, [])


@pytest.mark.parametrize(
    "document",
    [
        Document(Cache_Control="private, no-store"),
        Document(Vary="*"),
        Document(b"x" * 1_000_001),
        Document(by="X-Version"),
    ],
)
def test_answers_that_are_not_kept(client: HttpClient, connection: Redis, document: Document):
    """Those that must not be stored, that are large, or that have no version."""
    with serve({"/": document}) as server:
        for _ in range(2):
            client.send(Request(server.url, keep=True))
    assert connection.keys("*") == []


def test_the_key_is_all_that_an_answer_depends_on():
    """Address, parameters, and what may be told in headers; order and case do not count against it."""
    same = {key_of(Request("u?a=1", headers={"Accept": a}, keep=True)) for a in ("x", "y")}
    other = {
        key_of(Request(url, params=params, keep=True)) for url in ("u", "v") for params in ({}, {"p": "1"})
    }
    assert len(same) == 2
    assert len(other) == 4
    assert "" not in same | other


def test_only_so_many_are_kept(connection: Redis, monkeypatch: pytest.MonkeyPatch):
    """The oldest make room."""
    monkeypatch.setattr(answers, "MAX_ANSWERS", 3)
    kept = SharedAnswers(connection, "nextgeoss:test")
    for number in range(6):
        kept.put(str(number), Response(200, {"etag": "e"}, b"body" * number, "http://x.example/"))
    assert [kept.get(str(number)) is not None for number in range(6)] == [False] * 3 + [True] * 3
    assert len(connection.keys("*")) == 4
    assert kept.get("5") == Response(200, {"etag": "e"}, b"body" * 5, "http://x.example/")


@pytest.mark.parametrize("spoil", [
    lambda c, key: c.flushall(),
    lambda c, key: c.hset(key, "body", b"no zlib"),
    lambda c, key: c.hset(key, "headers", b"{"),
    lambda c, key: c.hdel(key, "url"),
])  # fmt: skip
def test_what_is_lost_or_spoilt_is_asked_anew(
    client: HttpClient, connection: Redis, spoil: Callable[[Redis, Any], object]
):
    """Nothing is taken for the answer but the answer."""
    document = Document()
    with serve({"/": document}) as server:
        client.send(Request(server.url, keep=True))
        spoil(connection, connection.keys("nextgeoss:test:answer:*")[0])
        assert client.send(Request(server.url, keep=True)).body == b"first"
    assert document.given == 2


def test_without_valkey(valkey: Valkey):
    """Everything is asked anew."""
    document = Document()
    kept = SharedAnswers(valkey.connect(), "nextgeoss:test")
    valkey.stop()
    with serve({"/": document}) as server:
        client = HttpClient(allowed_private_hosts=[server.host], answers=kept)
        assert [client.send(Request(server.url, keep=True)).body for _ in range(2)] == [b"first"] * 2
    assert document.given == 2


def test_lists_of_collections_are_asked_for_changes(client: HttpClient):
    """And pages of products are not."""
    listed = Document({"collections": [{"id": "a", "title": "A"}], "links": []})
    page = Document({"type": "FeatureCollection", "features": [], "links": []})
    with serve({"/v1/collections": listed, "/v1/search": page}) as server:
        said = {
            "title": "X", "organization": "x", "profile": "stac", "url": f"{server.url}/v1", "method": "GET",
            "collections": ["a"],
        }  # fmt: skip
        remote = RemoteCatalogue(provider_from_mapping("x", said, "x"), client.send)
        for _ in range(3):
            assert [collection.title for collection in remote.collections()] == ["A"]
            assert len(list(remote.pages(Query(collections=("a",))))) == 1
    assert (listed.given, page.given) == (1, 3)
