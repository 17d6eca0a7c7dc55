"""Logins: secrets by reference, sent to the provider's own host only."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping, logged_in
from ckanext.nextgeoss.harvesters.secret import secret
from ckanext.nextgeoss.http import Request, Response

URL = "https://api.example.org/v1"
OAUTH = {"type": "client_credentials", "token_url": "https://sso.example.org/token", "client_id": "hub"}
SAFE = OAUTH | {"client_secret": "env:S"}


def _sent(said: dict[str, str], url: str = URL, body: bytes = b"") -> Request:
    """A request as it is sent."""
    sent: list[Request] = []

    def send(request: Request) -> Response:
        sent.append(request)
        return Response(200, {}, body, request.url)

    asked = logged_in(auth_from_mapping(said, "x"), URL, send)
    asked(Request(url=url, headers={"Accept": "a"}, params={"q": "1"}))
    return sent[-1]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch):
    """Two secrets of the environment."""
    monkeypatch.setenv("X_USER", "anna")
    monkeypatch.setenv("X_SECRET", " geheim\n")


def test_kinds():
    """Token, user and password, a header or a parameter of the provider's own."""
    bearer = _sent({"type": "bearer", "token": "env:X_SECRET"})
    assert bearer.headers == {"Accept": "a", "Authorization": "Bearer geheim"}
    basic = _sent({"type": "basic", "user": "env:X_USER", "password": "env:X_SECRET"})
    assert basic.headers["Authorization"] == "Basic YW5uYTpnZWhlaW0="
    header = _sent({"type": "header", "header": "X-Api-Key", "key": "env:X_SECRET"})
    assert header.headers["X-Api-Key"] == "geheim"
    parameter = _sent({"type": "parameter", "parameter": "key", "key": "env:X_SECRET"})
    assert parameter.params == {"q": "1", "key": "geheim"}


@pytest.mark.parametrize(
    "url", ["https://other.example.org/v1", "http://api.example.org/v1", "https://api.example.org:8443/v1"]
)
def test_other_hosts_get_nothing(url: str):
    """A next link that leads elsewhere takes no secret along."""
    assert "Authorization" not in _sent({"type": "bearer", "token": "env:X_SECRET"}, url).headers


def test_default_port_is_the_same_host():
    """An address that writes its port is still the provider's."""
    sent = _sent({"type": "bearer", "token": "env:X_SECRET"}, "https://api.example.org:443/v1/search")
    assert sent.headers["Authorization"] == "Bearer geheim"


def test_no_login():
    """Without one, requests stay as they are."""
    assert _sent({}).headers == {"Accept": "a"}


def test_secret_of_a_file(tmp_path: Path):
    """A file holds one secret, white space around it does not count."""
    path = tmp_path / "token"
    path.write_text("geheim\n")
    assert secret(f"file:{path}") == "geheim"


@pytest.mark.parametrize("reference", ["env:X_ABSENT", "file:/nowhere/token"])
def test_absent_secret(reference: str):
    """The message names the reference."""
    with pytest.raises(BadConfiguration, match=f"the secret {reference} is not there"):
        secret(reference)


def test_empty_secret(monkeypatch: pytest.MonkeyPatch):
    """An empty secret is told before it is sent."""
    monkeypatch.setenv("X_EMPTY", " ")
    with pytest.raises(BadConfiguration, match="the secret env:X_EMPTY is empty"):
        secret("env:X_EMPTY")


def _never(request: Request) -> Response:
    raise AssertionError("nothing need be asked")


@pytest.mark.parametrize(
    ("url", "left"),
    [(f"{URL}/search?key=***&page=2", f"{URL}/search?page=2"), (f"{URL}/s?a=b%2Cc", f"{URL}/s?a=b%2Cc")],
)
def test_key_that_an_answer_gave_back(url: str, left: str):
    """A next link that repeats the key, hidden or not, has it once."""
    sent = _sent({"type": "parameter", "parameter": "key", "key": "env:X_SECRET"}, url)
    assert (sent.url, sent.params) == (left, {"q": "1", "key": "geheim"})


def test_keys_do_not_come_back_with_answers(monkeypatch: pytest.MonkeyPatch):
    """Links of an answer that repeat the key of the address do so without it: records are stored."""
    for key in ("k1", "a very/long+key"):
        monkeypatch.setenv("X_KEY", key)
        for written in (key, quote(key, safe=""), quote_plus(key)):
            body = f'{{"href": "https://x.example/?page=2&key={written}&a=1", "id": "mark1"}}'
            asked = logged_in(
                auth_from_mapping({"type": "parameter", "parameter": "key", "key": "env:X_KEY"}, "x"),
                URL,
                lambda request, body=body: Response(200, {}, body.encode(), request.url),
            )
            answer = asked(Request(URL)).body.decode()
            assert answer == '{"href": "https://x.example/?page=2&key=***&a=1", "id": "mark1"}'


def test_login_where_it_is_given(monkeypatch: pytest.MonkeyPatch):
    """An optional login is added when its secret is there; else the provider is asked as a stranger."""
    login = auth_from_mapping({"type": "bearer", "token": "env:X_TOKEN", "optional": "yes"}, "x")
    request = Request(url="https://x.example")
    assert login is not None and login.apply(request, _never) == request
    monkeypatch.setenv("X_TOKEN", "geheim")
    assert login.apply(request, _never).headers["Authorization"] == "Bearer geheim"
    with pytest.raises(BadConfiguration, match=r"auth\.optional: 'maybe' is not allowed"):
        auth_from_mapping({"type": "bearer", "token": "env:T", "optional": "maybe"}, "x")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            {"type": "bearar", "token": "env:T"},
            r"x: auth\.type: 'bearar' is not known; did you mean bearer\?",
        ),
        ({"type": "bearer", "tokn": "env:T"}, r"x: auth: 'tokn' is not known; did you mean token\?"),
        ({"type": "bearer"}, r"x: auth\.token must be given"),
        ({"token": "env:T"}, r"auth\.type: '' is not known; known: "),
        ({"type": "bearer", "token": "geheim"}, r"x: auth\.token must be a reference"),
        (OAUTH | {"client_secret": "geheim"}, r"x: auth\.client_secret must be a reference"),
        (OAUTH | {"client_id": ""}, r"x: auth\.client_id must be given"),
        (OAUTH, r"x: auth\.client_secret must be given"),
        (OAUTH | {"type": "password", "user": "env:U"}, r"x: auth\.password must be given"),
        (OAUTH | {"type": "password", "user": "geheim", "password": "env:P"}, r"x: auth\.user must be a ref"),
        (
            SAFE | {"token_url": "http://sso.example.org/token"},
            r"x: auth\.token_url must be an address with https",
        ),
        (SAFE | {"token_url": "http://[::1"}, r"x: auth\.token_url must be an address with https"),
        (SAFE | {"scopes": "a"}, r"x: auth: 'scopes' is not known; did you mean scope\?"),
    ],
)
def test_mistakes(said: dict[str, str], message: str):
    """A secret that is written down is refused, and not repeated."""
    with pytest.raises(BadConfiguration, match=message) as caught:
        auth_from_mapping(said, "x")
    assert "geheim" not in str(caught.value)
