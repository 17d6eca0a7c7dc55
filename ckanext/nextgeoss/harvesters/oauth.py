"""Tokens of OAuth 2.0 (RFC 6749): got with secrets of a client or a user, kept in memory, renewed in time."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeAlias, cast
from urllib.parse import quote_plus

from ..addresses import HttpError, redact
from ..http import RemoteError, Request, Response
from .secret import is_reference, secret

Send: TypeAlias = Callable[[Request], Response]

# a token is renewed so many seconds, or this part of its life, before it ends
_MARGIN = 30.0
_PART = 0.1


class LoginFailed(HttpError):
    """A token that a provider did not give; the message has its words, and no secret."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    # of the process's clock
    until: float
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _OAuth:
    """What both grants need; `client_id` is an id or a reference, `client_secret` a reference."""

    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""

    def apply(self, request: Request, send: Send) -> Request:
        """The request with a token that is good for a while; `send` asks for one where there is none."""
        token = _kept(self)
        if token is None or token.until <= time.monotonic():
            token = _keep(self, self._renewed(token, send))
        headers = {**request.headers, "Authorization": f"Bearer {token.value}"}
        return replace(request, headers=headers, secrets=(*request.secrets, token.value))

    def renew(self) -> bool:
        """Have a fresh token the next time; this one was refused."""
        token = _kept(self)
        if token is not None:
            _keep(self, replace(token, until=0.0))
        return token is not None

    def grant(self) -> dict[str, str]:
        """The grant as fields of a form, secrets among them."""
        raise NotImplementedError

    def _renewed(self, token: _Token | None, send: Send) -> _Token:
        if token and token.refresh:
            try:
                return self._asked({"grant_type": "refresh_token", "refresh_token": token.refresh}, send)
            except LoginFailed:
                pass  # it has ended as well
        return self._asked(self.grant(), send)

    def _asked(self, grant: Mapping[str, str], send: Send) -> _Token:
        begun = time.monotonic()
        try:
            answer = send(self._request(grant))
        except RemoteError as error:
            raise LoginFailed(f"login failed: {error}") from None
        said = _object(answer.body)
        value = said.get("access_token")
        if not isinstance(value, str) or not value:
            raise LoginFailed(f"login failed: {redact(self.token_url)} gave no access_token")
        refresh, life = said.get("refresh_token"), _seconds(said.get("expires_in"))
        until = begun + life - min(_MARGIN, life * _PART)
        return _Token(value, until, refresh if isinstance(refresh, str) else "")

    def _request(self, grant: Mapping[str, str]) -> Request:
        """A client with a secret shows it in the header (RFC 6749, 2.3.1), one without only says its name."""
        client = secret(self.client_id) if is_reference(self.client_id) else self.client_id
        form = {**grant, **({"scope": self.scope} if self.scope else {})}
        headers = {"Accept": "application/json"}
        hidden = [value for name, value in grant.items() if name in ("password", "refresh_token")]
        if self.client_secret:
            password = secret(self.client_secret)
            pair = b64encode(f"{quote_plus(client)}:{quote_plus(password)}".encode()).decode("ascii")
            headers["Authorization"] = f"Basic {pair}"
            hidden += [password, pair]
        else:
            form["client_id"] = client
        return Request(self.token_url, method="POST", headers=headers, form=form, secrets=tuple(hidden))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials(_OAuth):
    """A token for a client (RFC 6749, 4.4)."""

    def grant(self) -> dict[str, str]:
        """The client's own name and secret are all there is."""
        return {"grant_type": "client_credentials"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPassword(_OAuth):
    """A token for a user whose password we have (RFC 6749, 4.3); `user` and `password` are references."""

    user: str
    password: str
    # most clients of users have none
    client_secret: str = ""

    def grant(self) -> dict[str, str]:
        """User and password."""
        return {"grant_type": "password", "username": secret(self.user), "password": secret(self.password)}


# by the login, which has references and no secrets; of this process alone
_tokens: dict[_OAuth, _Token] = {}
_lock = Lock()


def _kept(login: _OAuth) -> _Token | None:
    with _lock:
        return _tokens.get(login)


def _keep(login: _OAuth, token: _Token) -> _Token:
    with _lock:
        _tokens[login] = token
    return token


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said: object = json.loads(body)
    except ValueError:
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}


def _seconds(value: object) -> float:
    """The life of a token; one that does not tell it is good until it is refused."""
    try:
        return max(0.0, float(cast(Any, value)))
    except (TypeError, ValueError):
        return float("inf")
