"""What goes wrong at services, for each protocol that reads documents with entries: nothing bad is taken for
an empty result, and nothing is asked without end."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer, NextGEOSSError
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, RemoteError
from ckanext.nextgeoss.tests.core.local_server import Handler, serve

_FEATURE = {"type": "Feature", "id": "a", "geometry": None, "properties": {}}
_GML = (
    '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" '
    'xmlns:gml="http://www.opengis.net/gml/3.2" numberMatched="{total}">{inside}</wfs:FeatureCollection>'
)
_MEMBER = '<wfs:member><theirs gml:id="a"/></wfs:member>'
# by protocol: what a file says, where it is asked, a good page of one product of nine, and one without any
PROTOCOLS: dict[str, tuple[dict[str, Any], str, Any, Any]] = {
    "cmr": (
        {},
        "/api/granules.umm_json",
        {"hits": 9, "items": [{"meta": {}, "umm": {"GranuleUR": "a"}}]},
        {"hits": 9, "items": []},
    ),
    "json": (
        {"template": "/items?start={startIndex}&n={count}", "layout": {"entries": "items", "total": "total"}},
        "/api/items",
        {"items": [{"id": "a"}], "total": 9},
        {"items": [], "total": 9},
    ),
    "ogc_features": (
        {},
        "/api/collections/theirs/items",
        {"features": [_FEATURE], "numberMatched": 9, "links": [{"rel": "next", "href": "items?limit=1"}]},
        {"features": [], "numberMatched": 9},
    ),
    "wfs": (
        {},
        "/api",
        _GML.format(total=9, inside=_MEMBER).encode(),
        _GML.format(total=9, inside="").encode(),
    ),
}


def _provider(name: str, url: str) -> Provider:
    about = {"title": "X", "organization": "x", "url": f"{url}/api", "profile": name, "page_size": 1}
    about["collections"] = {"ours": {"ids": "theirs", "pattern": ".*"}}
    return provider_from_mapping("x", about | PROTOCOLS[name][0], "x")


def _ids(name: str, answer: Callable[[Handler], None], attempts: int = 1) -> list[str]:
    """The products of all pages; twenty at most are asked."""
    with serve({PROTOCOLS[name][1]: answer}) as server:
        limits = Limits(attempts=attempts, pause=0.01)
        client = HttpClient(allowed_private_hosts=[server.host], limits=limits)
        pages = RemoteCatalogue(_provider(name, server.url), client.send).pages(Query(collections=("ours",)))
        found = [product.id for page in pages for product in page.products]
        assert len(server.calls) < 20
    return found


@pytest.fixture(params=sorted(PROTOCOLS))
def name(request: pytest.FixtureRequest) -> str:
    """Each protocol."""
    return request.param


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><head><title>Maintenance</title></head></html>",
        b"",
        b"7",
        b"null",
        b'"text"',
        b"[1, 2]",
        b'{"errors": ["out of memory"]}',
        b'{"message": "Forbidden"}',
        b"<errors><error>out of memory</error></errors>",
        b'{"items": [{"id": "a"}, {"id"',
        b"<a><b>",
        b"\xff\xfe\x00",
        b'{"hits": "many", "items": 7, "features": {}, "feed": []}',
    ],
)
def test_not_an_answer(name: str, body: bytes):
    """With status 200 too: one line says what it is."""
    with pytest.raises(BadAnswer) as caught:
        _ids(name, lambda handler: handler.answer(body))
    assert "\n" not in str(caught.value)


def test_cut_short(name: str):
    """The connection breaks off in the middle of an answer."""

    def cut(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"items": [')
        handler.close_connection = True

    with pytest.raises(NextGEOSSError):
        _ids(name, cut)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(name: str, status: int):
    """It is waited for as long as the service says, and then asked again."""
    _, _, good, _ = PROTOCOLS[name]
    began: list[float] = []

    def busy(handler: Handler) -> None:
        began.append(time.monotonic())
        if len(began) == 1:
            handler.answer(b"", status, Retry_After="1")
        elif len(began) == 2:
            handler.answer(good)
        else:
            handler.answer(b"", 404)

    with pytest.raises(RemoteError, match="404") if name != "cmr" else _nothing():
        _ids(name, busy, attempts=3)
    assert began[1] - began[0] >= 0.9


class _nothing:
    """A block that raises nothing: CMR's one page has no header that leads on."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def test_empty_page_before_the_end(name: str):
    """Nobody knows what was on it."""
    empty = PROTOCOLS[name][3]
    with pytest.raises(BadAnswer, match="though 9 products match"):
        _ids(name, lambda handler: handler.answer(empty))


def test_the_same_page_for_ever(name: str):
    """It ends, with an error where the service promised more."""
    good = PROTOCOLS[name][2]
    with pytest.raises(BadAnswer, match=r"came twice|read before|though 9"):
        _ids(name, lambda handler: handler.answer(good, CMR_Search_After="here"))
