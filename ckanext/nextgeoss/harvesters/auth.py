"""Ways to log in at a provider; secrets are references, `env:NAME` or `file:PATH`, never written down."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from ..eo.errors import BadConfiguration, nearest
from ..http import Request


class Auth(Protocol):
    """Adds what a provider wants to see."""

    def apply(self, request: Request) -> Request:
        """The request with the login in it."""
        ...


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token in the header Authorization (RFC 6750)."""

    token: str

    def apply(self, request: Request) -> Request:
        """The request with the token."""
        return _with_header(request, "Authorization", f"Bearer {secret(self.token)}")


@dataclass(frozen=True, slots=True)
class Basic:
    """User and password in the header Authorization (RFC 7617)."""

    user: str
    password: str

    def apply(self, request: Request) -> Request:
        """The request with user and password."""
        pair = f"{secret(self.user)}:{secret(self.password)}".encode()
        return _with_header(request, "Authorization", "Basic " + b64encode(pair).decode("ascii"))


@dataclass(frozen=True, slots=True)
class HeaderKey:
    """A key in a header of the provider's own."""

    header: str
    key: str

    def apply(self, request: Request) -> Request:
        """The request with the key."""
        return _with_header(request, self.header, secret(self.key))


@dataclass(frozen=True, slots=True)
class ParameterKey:
    """A key in a query parameter."""

    parameter: str
    key: str

    def apply(self, request: Request) -> Request:
        """The request with the key."""
        return replace(request, params={**request.params, self.parameter: secret(self.key)})


@dataclass(frozen=True, slots=True)
class WhereGiven:
    """A login that is used when its secrets are there; without them the provider is asked as a stranger."""

    login: Auth

    def apply(self, request: Request) -> Request:
        """The request with the login, or as it is."""
        try:
            return self.login.apply(request)
        except MissingSecret:
            return request


class MissingSecret(BadConfiguration):
    """A secret that is referred to and is not there."""


_KINDS: dict[str, Callable[..., Auth]] = {
    "bearer": Bearer,
    "basic": Basic,
    "header": HeaderKey,
    "parameter": ParameterKey,
}


def auth_from_mapping(said: Mapping[str, str], where: str) -> Auth | None:
    """The login that `{type, ...}` of a provider file describes; None when it is empty.

    `optional: "yes"` makes it one that is used when its secrets are there."""
    if not said:
        return None
    if (optional := said.get("optional", "no")) not in ("yes", "no"):
        raise BadConfiguration(f"{where}: auth.optional: {optional!r} is not allowed; expected yes or no")
    kind = _KINDS.get(said.get("type", ""))
    if kind is None:
        raise _unknown(said.get("type", ""), _KINDS, f"{where}: auth.type")
    wanted = [item.name for item in fields(kind)]  # pyright: ignore[reportArgumentType] all are dataclasses
    for key in said:
        if key not in ("type", "optional", *wanted):
            raise _unknown(key, wanted, f"{where}: auth")
    if missing := [name for name in wanted if not said.get(name)]:
        raise BadConfiguration(f"{where}: auth.{missing[0]} must be given")
    for name in wanted:
        if name not in ("header", "parameter") and not said[name].startswith(("env:", "file:")):
            raise BadConfiguration(f"{where}: auth.{name} must be a reference, env:NAME or file:PATH")
    login = kind(**{name: said[name] for name in wanted})
    return WhereGiven(login) if optional == "yes" else login


def for_host(auth: Auth | None, url: str) -> Callable[[Request], Request]:
    """The login, added to requests to the scheme, host and port of `url` and to no others."""

    def added(request: Request) -> Request:
        return auth.apply(request) if auth and _origin(request.url) == _origin(url) else request

    return added


def secret(reference: str) -> str:
    """The secret that `env:NAME` or `file:PATH` refers to; messages name the reference only."""
    kind, _, name = reference.partition(":")
    try:
        value = os.environ[name] if kind == "env" else Path(name).read_text("utf-8")
    except (KeyError, OSError, UnicodeDecodeError) as error:
        raise MissingSecret(f"the secret {reference} is not there") from error
    if not value.strip():
        raise MissingSecret(f"the secret {reference} is empty")
    return value.strip()


def _unknown(word: str, known: Mapping[str, object] | list[str], where: str) -> BadConfiguration:
    near = nearest(word, known)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
    return BadConfiguration(f"{where}: {word!r} is not known; {hint}")


def _with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers={**request.headers, name: value})


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
