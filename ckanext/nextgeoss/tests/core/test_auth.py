"""Logins: secrets by reference, sent to the provider's own host only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.nextgeoss.eo.errors import BadConfiguration
from ckanext.nextgeoss.harvesters.auth import auth_from_mapping, for_host, secret
from ckanext.nextgeoss.http import Request

URL = "https://api.example.org/v1"


def _sent(said: dict[str, str], url: str = URL) -> Request:
    return for_host(auth_from_mapping(said, "x"), URL)(
        Request(url=url, headers={"Accept": "a"}, params={"q": "1"})
    )


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


def test_login_where_it_is_given(monkeypatch: pytest.MonkeyPatch):
    """An optional login is added when its secret is there; else the provider is asked as a stranger."""
    login = auth_from_mapping({"type": "bearer", "token": "env:X_TOKEN", "optional": "yes"}, "x")
    request = Request(url="https://x.example")
    assert login is not None and login.apply(request) == request
    monkeypatch.setenv("X_TOKEN", "geheim")
    assert login.apply(request).headers["Authorization"] == "Bearer geheim"
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
    ],
)
def test_mistakes(said: dict[str, str], message: str):
    """A secret that is written down is refused, and not repeated."""
    with pytest.raises(BadConfiguration, match=message) as caught:
        auth_from_mapping(said, "x")
    assert "geheim" not in str(caught.value)
