"""Ways to log in at a provider; secrets are references, never written down, and go to no other host."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit

from ..eo.errors import BadConfiguration, nearest
from ..http import RemoteError, Request, Response
from .aws import AwsKey
from .oauth import ClientCredentials, Send, UserPassword
from .secret import MissingSecret, is_reference, secret

# a secret of fewer characters may be a word of an answer by chance
_LONG = 8
# values of a login that need be no references
_PLAIN = ("header", "parameter", "token_url", "scope", "client_id", "region", "requester_pays")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Auth(Protocol):
    """Adds what a provider wants to see."""

    def apply(self, request: Request, send: Send) -> Request:
        """The request with the login in it; `send` may be used to get a token."""
        ...

    def renew(self) -> bool:
        """After a refusal: whether the next request would show something fresh."""
        ...


class _Lasting:
    """A login that is always the same."""

    __slots__ = ()

    def renew(self) -> bool:
        """There is nothing fresh to show."""
        return False


@dataclass(frozen=True, slots=True)
class Bearer(_Lasting):
    """A token in the header Authorization (RFC 6750)."""

    token: str

    def apply(self, request: Request, send: Send) -> Request:
        """The request with the token."""
        token = secret(self.token)
        return _with_header(request, "Authorization", f"Bearer {token}", token)


@dataclass(frozen=True, slots=True)
class Basic(_Lasting):
    """User and password in the header Authorization (RFC 7617)."""

    user: str
    password: str

    def apply(self, request: Request, send: Send) -> Request:
        """The request with user and password."""
        password = secret(self.password)
        pair = b64encode(f"{secret(self.user)}:{password}".encode()).decode("ascii")
        return _with_header(request, "Authorization", f"Basic {pair}", password, pair)


@dataclass(frozen=True, slots=True)
class HeaderKey(_Lasting):
    """A key in a header of the provider's own."""

    header: str
    key: str

    def apply(self, request: Request, send: Send) -> Request:
        """The request with the key."""
        key = secret(self.key)
        return _with_header(request, self.header, key, key)


@dataclass(frozen=True, slots=True)
class ParameterKey(_Lasting):
    """A key in a query parameter."""

    parameter: str
    key: str

    def apply(self, request: Request, send: Send) -> Request:
        """The request with the key, instead of what may stand there of an earlier answer."""
        key, parts = secret(self.key), urlsplit(request.url)
        said = parse_qsl(parts.query, keep_blank_values=True)
        if any(name == self.parameter for name, _ in said):
            query = urlencode([(name, value) for name, value in said if name != self.parameter])
            request = replace(request, url=parts._replace(query=query).geturl())
        params = {**request.params, self.parameter: key}
        return replace(request, params=params, secrets=(*request.secrets, key))


@dataclass(frozen=True, slots=True)
class WhereGiven:
    """A login that is used when its secrets are there; without them the provider is asked as a stranger."""

    login: Auth

    def apply(self, request: Request, send: Send) -> Request:
        """The request with the login, or as it is."""
        try:
            return self.login.apply(request, send)
        except MissingSecret:
            return request

    def renew(self) -> bool:
        """As the login itself."""
        return self.login.renew()


_KINDS: dict[str, Callable[..., Auth]] = {
    "bearer": Bearer,
    "basic": Basic,
    "header": HeaderKey,
    "parameter": ParameterKey,
    "client_credentials": ClientCredentials,
    "password": UserPassword,
    "aws": AwsKey,
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
    needed = {item.name: item.default is MISSING for item in fields(cast(Any, kind))}
    given = {key: value for key, value in said.items() if key not in ("type", "optional")}
    for key in given:
        if key not in needed:
            raise _unknown(key, list(needed), f"{where}: auth")
    if missing := [name for name, must in needed.items() if must and not given.get(name)]:
        raise BadConfiguration(f"{where}: auth.{missing[0]} must be given")
    for name, value in given.items():
        if name not in _PLAIN and not is_reference(value):
            raise BadConfiguration(f"{where}: auth.{name} must be a reference, env:NAME or file:PATH")
    if "token_url" in given and not _is_safe(given["token_url"]):
        raise BadConfiguration(f"{where}: auth.token_url must be an address with https://")
    login = kind(**given)
    return WhereGiven(login) if optional == "yes" else login


def logged_in(auth: Auth | None, url: str, send: Send) -> Send:
    """Sends requests with the login to the scheme, host and port of `url`, and as they are to all others.

    What is refused with 401 is sent once more where the login has something fresh to show. In answers a key
    of the address is hidden, as they may give it back in links."""
    if auth is None:
        return send

    def sent(request: Request) -> Response:
        shown = auth.apply(request, send)
        return _without_keys(send(shown), shown)

    def asked(request: Request) -> Response:
        if _origin(request.url) != _origin(url):
            return send(request)
        try:
            return sent(request)
        except RemoteError as error:
            if error.status != 401 or not auth.renew():
                raise
        return sent(request)

    return asked


def _without_keys(response: Response, sent: Request) -> Response:
    body = response.body
    for name, value in sent.params.items():
        if value in sent.secrets:
            for form in {value, quote(value, safe=""), quote_plus(value)}:
                told = form if len(form) >= _LONG else f"{name}={form}"
                body = body.replace(told.encode(), b"***" if told == form else f"{name}=***".encode())
    return response if body is response.body else replace(response, body=body)


def _is_safe(url: str) -> bool:
    """Whether secrets may be sent there: encrypted, or to this very machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _unknown(word: str, known: Mapping[str, object] | list[str], where: str) -> BadConfiguration:
    near = nearest(word, known)
    hint = f"did you mean {near}?" if near else f"known: {', '.join(known)}"
    return BadConfiguration(f"{where}: {word!r} is not known; {hint}")


def _with_header(request: Request, name: str, value: str, *secrets: str) -> Request:
    headers = {**request.headers, name: value}
    return replace(request, headers=headers, secrets=(*request.secrets, *secrets))


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
