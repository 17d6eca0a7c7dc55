"""Tokens of OAuth 2.0 from real servers on loopback: got, kept, renewed, refused."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest

from ckanext.nextgeoss.harvesters import oauth
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping, logged_in
from ckanext.nextgeoss.harvesters.oauth import LoginFailed, Send
from ckanext.nextgeoss.harvesters.secret import MissingSecret
from ckanext.nextgeoss.http import HttpClient, HttpError, Limits, RemoteError, Request
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve

CLIENT = {"type": "client_credentials", "client_id": "hub", "client_secret": "env:O_SECRET"}
USER = {"type": "password", "client_id": "cdse-public", "user": "env:O_USER", "password": "env:O_PASSWORD"}


class Sso:
    """Gives tokens t1, t2, ...; the api takes those that are not revoked."""

    def __init__(self) -> None:
        self.given = 0
        self.life: Any = 600
        self.refresh = False
        self.revoked: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.clients: list[str] = []
        self.refused: tuple[int, Any] | None = None

    def token(self, handler: Handler) -> None:
        call = handler.server.seen.calls[-1]
        form = {name: values[0] for name, values in parse_qs(call.body.decode()).items()}
        self.asked.append(form)
        self.clients.append(call.headers.get("authorization", ""))
        if self.refused:
            handler.answer(self.refused[1], self.refused[0])
            return
        if form["grant_type"] == "refresh_token" and form["refresh_token"] in self.revoked:
            handler.answer({"error": "invalid_grant"}, 400)
            return
        self.given += 1
        said: dict[str, Any] = {"access_token": f"t{self.given}-geheim", "token_type": "Bearer"}
        said |= {"expires_in": self.life} if self.life else {}
        said |= {"refresh_token": f"r{self.given}-geheim"} if self.refresh else {}
        handler.answer(said)

    def api(self, handler: Handler) -> None:
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token or token in self.revoked:
            handler.answer({"detail": f"token {token} is not good"}, 401)
        else:
            handler.answer({"token": token})


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a client and a user; no token is left from another test."""
    monkeypatch.setattr(oauth, "_tokens", {})
    monkeypatch.setenv("O_SECRET", "client/geheim")
    monkeypatch.setenv("O_USER", "anna")
    monkeypatch.setenv("O_PASSWORD", "user geheim")


@contextmanager
def _asking(said: dict[str, str], sso: Sso) -> Iterator[tuple[Send, LocalServer]]:
    with serve({"/token": sso.token, "/api": sso.api}) as server:
        client = HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1))
        login = auth_from_mapping(said | {"token_url": f"{server.url}/token"}, "x")
        yield logged_in(login, server.url, client.send), server
        client.close()


def _token(send: Send, server: LocalServer) -> str:
    return json.loads(send(Request(f"{server.url}/api")).body)["token"]


def test_client_credentials():
    """One token for many requests; the client shows its secret in the header only."""
    sso = Sso()
    with _asking(CLIENT | {"scope": "search download"}, sso) as (send, server):
        assert [_token(send, server) for _ in range(3)] == ["t1-geheim"] * 3
    assert sso.asked == [{"grant_type": "client_credentials", "scope": "search download"}]
    assert b64decode(sso.clients[0].removeprefix("Basic ")) == b"hub:client%2Fgeheim"


def test_user_password():
    """As at the Copernicus Data Space Ecosystem: a public client, user and password in the form."""
    sso = Sso()
    with _asking(USER, sso) as (send, server):
        assert _token(send, server) == "t1-geheim"
    said = {"username": "anna", "password": "user geheim", "client_id": "cdse-public"}
    assert sso.asked == [{"grant_type": "password", **said}]
    assert sso.clients == [""]


def test_the_id_of_a_client_may_be_a_reference(monkeypatch: pytest.MonkeyPatch):
    """Where it is given with the secret."""
    monkeypatch.setenv("O_CLIENT", "hub-7")
    sso = Sso()
    with _asking(CLIENT | {"client_id": "env:O_CLIENT"}, sso) as (send, server):
        _token(send, server)
    assert b64decode(sso.clients[0].removeprefix("Basic ")).startswith(b"hub-7:")


def test_all_sources_of_a_process_share_a_token():
    """The login is the same when it refers to the same secrets at the same place."""
    sso = Sso()
    with _asking(CLIENT, sso) as (send, server):
        other = auth_from_mapping(CLIENT | {"token_url": f"{server.url}/token"}, "y")
        client = HttpClient(allowed_private_hosts=[server.host])
        assert _token(send, server) == _token(logged_in(other, server.url, client.send), server)
    assert sso.given == 1


@pytest.mark.parametrize(
    ("life", "passed", "fresh"), [(600, 560, False), (600, 575, True), (20, 17, False), (20, 19, True)]
)
def test_renewed_before_it_ends(monkeypatch: pytest.MonkeyPatch, life: int, passed: float, fresh: bool):
    """Half a minute, or a tenth of a short life, before."""
    now = [1000.0]
    monkeypatch.setattr(oauth.time, "monotonic", lambda: now[0])
    sso = Sso()
    sso.life = life
    with serve({"/token": sso.token, "/api": sso.api}) as server:
        client = HttpClient(allowed_private_hosts=[server.host], clock=lambda: 0.0)
        login = auth_from_mapping(CLIENT | {"token_url": f"{server.url}/token"}, "x")
        send = logged_in(login, server.url, client.send)
        _token(send, server)
        now[0] += passed
        assert (_token(send, server) == "t2-geheim") is fresh


@pytest.mark.parametrize("life", [None, "soon", "600"])
def test_a_life_that_is_not_told_or_not_a_number(life: Any):
    """Such a token is used until it is refused; a number may be text."""
    sso = Sso()
    sso.life = life
    with _asking(CLIENT, sso) as (send, server):
        assert [_token(send, server) for _ in range(2)] == ["t1-geheim"] * 2


def test_refused_once_a_fresh_one_is_shown():
    """A token that ended early costs one more request, and no more than one."""
    sso = Sso()
    with _asking(CLIENT, sso) as (send, server):
        _token(send, server)
        sso.revoked = {"t1-geheim"}
        assert _token(send, server) == "t2-geheim"
        sso.revoked = {f"t{n}-geheim" for n in range(9)}
        before = len(server.calls)
        with pytest.raises(RemoteError, match="answered 401") as caught:
            _token(send, server)
        assert [call.path for call in server.calls[before:]] == ["/api", "/token", "/api"]
    assert "geheim" not in str(caught.value) + repr(caught.value.body)


def test_a_refresh_token_is_used_where_there_is_one():
    """And when it has ended as well, user and password are shown again."""
    sso = Sso()
    sso.refresh = True
    with _asking(USER, sso) as (send, server):
        _token(send, server)
        sso.revoked = {"t1-geheim"}
        assert _token(send, server) == "t2-geheim"
        assert sso.asked[-1] == {
            "grant_type": "refresh_token",
            "refresh_token": "r1-geheim",
            "client_id": "cdse-public",
        }
        sso.revoked = {"t2-geheim", "r2-geheim"}
        assert _token(send, server) == "t3-geheim"
    assert [form["grant_type"] for form in sso.asked] == [
        "password", "refresh_token", "refresh_token", "password",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (
            (401, {"error": "invalid_grant", "error_description": "no user geheim"}),
            "answered 401: .*no [*]{3}",
        ),
        ((400, b"<html>"), "answered 400$"),
        ((200, {"token": "x"}), "/token gave no access_token"),
        ((200, b"<html>hello</html>"), "/token gave no access_token"),
        ((200, {"access_token": 5}), "/token gave no access_token"),
    ],
)
def test_a_login_that_fails(refused: tuple[int, Any], told: str):
    """Is told with the words of the provider, and without ours."""
    sso = Sso()
    sso.refused = refused
    with _asking(USER, sso) as (send, server), pytest.raises(LoginFailed, match=told) as caught:
        _token(send, server)
    assert str(caught.value).startswith("login failed: ")
    assert len(server.calls) == 1
    assert "geheim" not in str(caught.value)


def test_a_missing_secret_is_told_by_its_reference(monkeypatch: pytest.MonkeyPatch):
    """Before anything is asked; an optional login is then none."""
    monkeypatch.delenv("O_PASSWORD")
    sso = Sso()
    with _asking(USER, sso) as (send, server):
        with pytest.raises(MissingSecret, match="the secret env:O_PASSWORD is not there"):
            _token(send, server)
        assert server.calls == []
    with _asking(USER | {"optional": "yes"}, sso) as (send, server):
        with pytest.raises(RemoteError, match="401"):
            send(Request(f"{server.url}/api"))
        assert [call.path for call in server.calls] == ["/api"]


def test_tokens_go_nowhere_else():
    """Not to another host, be it a link's or a redirect's; nor is a password taken along by a redirect."""
    sso = Sso()
    with (
        serve({"/": lambda h: h.answer(b"other")}) as other,
        serve(
            {
                "/token": sso.token,
                "/away": lambda h: h.answer(status=307, Location=f"{other.url}/"),
                "/lured": lambda h: h.answer(status=307, Location=f"{other.url}/"),
            }
        ) as server,
    ):
        client = HttpClient(allowed_private_hosts=["127.0.0.1"])
        login = auth_from_mapping(CLIENT | {"token_url": f"{server.url}/token"}, "x")
        send = logged_in(login, server.url, client.send)
        assert send(Request(f"{server.url}/away")).body == b"other"
        assert send(Request(f"{other.url}/")).body == b"other"
        assert all("authorization" not in call.headers for call in other.calls)
        seen = len(other.calls)
        lured = auth_from_mapping(USER | {"token_url": f"{server.url}/lured"}, "x")
        with pytest.raises(HttpError, match="a redirect to another host would take a login along"):
            logged_in(lured, server.url, client.send)(Request(f"{server.url}/away"))
    assert len(other.calls) == seen


def test_the_address_of_tokens_is_checked_like_any_other():
    """A private one is asked only where the site's options name it."""
    sso = Sso()
    with _asking(CLIENT, sso) as (_, server):
        login = auth_from_mapping(CLIENT | {"token_url": f"{server.url}/token"}, "x")
        send = logged_in(login, "https://api.example.org", HttpClient().send)
        with pytest.raises(HttpError, match="has a private address"):
            send(Request("https://api.example.org/"))
    assert server.calls == []
