"""No secret is seen anywhere, whatever the login and whatever goes wrong, on servers that repeat it all."""

from __future__ import annotations

import logging
import socket
import ssl
import traceback
from base64 import b64decode, b64encode
from collections.abc import Callable
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.addresses import hidden
from ckanext.nextgeoss.eo.errors import NextGEOSSError
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.harvesters import oauth
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping
from ckanext.nextgeoss.harvesters.pagination import request_to_text
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, Request, Response
from ckanext.nextgeoss.tests.core.local_server import Handler, serve

KEY, PASSWORD, TOKEN = "S3cret/key+1 %&", "pass wörd/2", "t0ken.of.some-length"
PAIR = b64encode(f"anna:{PASSWORD}".encode()).decode()
LOGINS = {
    "bearer": {"type": "bearer", "token": "env:N_KEY"},
    "basic": {"type": "basic", "user": "env:N_USER", "password": "env:N_PASSWORD"},
    "header": {"type": "header", "header": "X-Api-Key", "key": "env:N_KEY"},
    # a name that does not look like that of a secret
    "parameter": {"type": "parameter", "parameter": "kw", "key": "env:N_KEY"},
    "client_credentials": {"type": "client_credentials", "client_id": "hub", "client_secret": "env:N_KEY"},
    "password": {"type": "password", "client_id": "hub", "user": "env:N_USER", "password": "env:N_PASSWORD"},
}
SECRETS = (KEY, PASSWORD, TOKEN, PAIR)
FORBIDDEN = [form for value in SECRETS for form in (value, quote(value, safe=""), quote_plus(value))]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oauth, "_tokens", {})
    monkeypatch.setenv("N_USER", "anna")
    monkeypatch.setenv("N_PASSWORD", PASSWORD)
    monkeypatch.setenv("N_KEY", KEY)


def _told(handler: Handler) -> str:
    """All that a request had in it, as a careless server repeats it."""
    said = f"{unquote_plus(handler.path)} {handler.path} {dict(handler.headers)}"
    pair = handler.headers.get("Authorization", "").removeprefix("Basic ")
    return said + (b64decode(pair).decode() if pair == PAIR else "")


def _refuse(handler: Handler) -> None:
    handler.answer(_told(handler).encode(), 403)


def _unauthorized(handler: Handler) -> None:
    handler.answer(_told(handler).encode(), 401)


def _busy(handler: Handler) -> None:
    handler.answer(_told(handler).encode(), 503)


def _broken(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.close_connection = True


def _reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    handler.connection.close()
    handler.close_connection = True


def _headers_that_cannot_be_read(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n[]")
    handler.close_connection = True


def _huge(handler: Handler) -> None:
    handler.answer(b"x" * 20_000)


def _circle(handler: Handler) -> None:
    handler.answer(status=302, Location=handler.path)


def _lure(handler: Handler) -> None:
    handler.answer(status=302, Location="http://169.254.169.254" + handler.path)


def _not_json(handler: Handler) -> None:
    handler.answer(f"<html>{_told(handler)}</html>".encode())


def _bad_link(handler: Handler) -> None:
    links = [{"rel": "next", "href": f"javascript:{handler.path}"}]
    handler.answer({"type": "FeatureCollection", "features": [], "links": links})


FAULTS: list[Callable[[Handler], None]] = [
    _refuse, _unauthorized, _busy, _broken, _reset, _headers_that_cannot_be_read, _huge, _circle, _lure,
    _not_json, _bad_link,
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", LOGINS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_secret_is_seen(
    kind: str, fault: Callable[[Handler], None], method: str, caplog: pytest.LogCaptureFixture
):
    """In no message of an error, in nothing beneath it, and in no line of the log, however detailed."""
    caplog.set_level(logging.DEBUG)
    routes = {
        "/token": lambda h: h.answer({"access_token": TOKEN, "expires_in": 600}),
        "/v1/search": fault,
        "/v1/collections": fault,
    }
    with serve(routes) as server:
        auth = LOGINS[kind] | ({"token_url": f"{server.url}/token"} if "client_id" in LOGINS[kind] else {})
        said = {
            "title": "X", "organization": "x", "profile": "stac", "url": f"{server.url}/v1", "method": method,
            "collections": ["a"], "auth": auth,
        }  # fmt: skip
        client = HttpClient(
            allowed_private_hosts=[server.host],
            limits=Limits(attempts=2, pause=0, max_bytes=10_000, read=5),
        )
        remote = RemoteCatalogue(provider_from_mapping("x", said, "x"), client.send)
        found: list[object] = []
        for ask in (
            lambda: list(remote.pages(Query(collections=("a",)))),
            lambda: list(remote.collections()),
        ):
            try:
                found.append(ask())
            except NextGEOSSError as error:
                found.append("".join(traceback.format_exception(error)))
                found.append(getattr(error, "body", b"").decode())
        found.append(auth_from_mapping(auth, "x"))
    assert any(call.path.startswith("/v1/") for call in server.calls)
    seen = f"{found} {found!r} {caplog.text}"
    for form in FORBIDDEN:
        assert form not in seen
    assert PAIR not in seen


def test_a_certificate_or_a_name_that_is_not_good(caplog: pytest.LogCaptureFixture):
    """Nor where no connection comes about."""
    caplog.set_level(logging.DEBUG)
    request = Request("http://127.0.0.1:9/?a=1", params={"kw": KEY}, secrets=(KEY,))
    client = HttpClient(allowed_private_hosts=["127.0.0.1:9"], limits=Limits(attempts=2, pause=0))
    with pytest.raises(NextGEOSSError) as caught:
        client.send(request)
    seen = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(ssl.OPENSSL_VERSION)
    assert "no connection" in seen
    assert [form for form in FORBIDDEN if form in seen] == []


def test_what_is_stored_has_no_secret():
    """The cursor of a slice, and the records, of a provider that repeats the key in its links."""
    page = (
        '{{"type": "FeatureCollection", "features": [{{"type": "Feature", "id": "p1", "collection": "a",'
        '"geometry": null, "properties": {{"datetime": "2024-01-01T00:00:00Z"}}, "assets": {{}}, "links":'
        '[{{"rel": "self", "href": "{url}/p1?kw={key}"}}]}}],'
        '"links": [{{"rel": "next", "href": "{url}/search?page=2&kw={key}"}}]}}'
    )
    with serve({}) as server:
        server_routes = {
            "/v1/search": lambda h: h.answer(
                page.format(url=f"{server.url}/v1", key=quote_plus(KEY)).encode()
            )
        }
    with serve(server_routes) as server:
        said = {
            "title": "X", "organization": "x", "profile": "stac", "url": f"{server.url}/v1", "method": "GET",
            "collections": ["a"], "auth": LOGINS["parameter"],
        }  # fmt: skip
        client = HttpClient(allowed_private_hosts=[server.host])
        remote = RemoteCatalogue(provider_from_mapping("x", said, "x"), client.send)
        pages = remote.pages(Query(collections=("a",)))
        answer = next(pages)
        assert answer.next is not None
        stored = request_to_text(answer.next) + answer.records[0].text()
        next(pages)
    assert "kw=***" in stored
    assert [form for form in FORBIDDEN if form in stored] == []
    assert all(call.path.count("kw=") == 1 and quote_plus(KEY) in call.path for call in server.calls)


def test_requests_and_answers_show_their_address_only():
    """Without headers, parameters and forms."""
    request = Request(
        f"https://x.example/?a=1&token={quote(KEY)}&b={PASSWORD}", headers={"X": KEY}, params={"p": KEY},
        form={"password": PASSWORD}, secrets=(KEY, PASSWORD),
    )  # fmt: skip
    assert repr(request) == str(request) == "Request(GET https://x.example/?a=1&token=***&b=***)"
    answer = Response(200, {"x": KEY}, KEY.encode(), f"https://x.example/?token={quote(KEY)}")
    assert repr(answer) == f"Response(200 https://x.example/?token=***, {len(KEY)} bytes)"


@given(st.text(min_size=1), st.text(), st.text())
def test_hidden(value: str, before: str, after: str):
    """Whatever a secret looks like, as it is or in an address, and wherever it stands."""
    for form in (value, quote(value, safe=""), quote_plus(value)):
        shown = hidden(f"{before}{form}{after}", [value])
        if form not in f"{before}***{after}" and "*" not in value:
            assert form not in shown
