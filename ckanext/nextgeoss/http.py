"""Everything that leaves the machine: one HTTP client with address check, time-outs, limits and retries."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError
from urllib3.exceptions import HTTPError as Urllib3Error

from .addresses import (
    AddressCheck,
    HttpError,
    Refused,
    Resolver,
    Unreachable,
    host_and_port,
    redact,
    resolve,
)

log = logging.getLogger(__name__)


RETRIED = frozenset({429, 500, 502, 503, 504})
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# what may follow a redirect to another host: nothing that could be a secret
_HARMLESS = frozenset({"accept", "accept-language", "content-type", "user-agent"})
_CHUNK = 64 * 1024


class TooLarge(HttpError):
    """An answer of more bytes than allowed."""


class RemoteError(HttpError):
    """An answer with an error status; `status` and the start of its body are kept."""

    def __init__(self, message: str, status: int, body: bytes = b"") -> None:
        super().__init__(message)
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask; `body` is a JSON value."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None
    # what the asker wants to know of it later; not sent
    about: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered; names of headers are in lower case, `url` is the one that answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one request: seconds, bytes after decompression, and how often it is tried."""

    connect: float = 10.0
    read: float = 60.0
    total: float = 300.0
    max_bytes: int = 100 * 1024 * 1024
    attempts: int = 4
    # first pause before a retry, doubled each time; and the longest pause a provider may ask for
    pause: float = 1.0
    longest_pause: float = 120.0


class _CheckedAdapter(HTTPAdapter):
    """Connects to the very address that was checked, so that a second look-up cannot give another one."""

    def __init__(self, check: AddressCheck) -> None:
        self._check = check
        super().__init__(max_retries=0)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Host and TLS settings of the connection; the name is still what the certificate must show."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc.rpartition("@")[2]
        if parts.scheme == "https":
            pool |= {"server_hostname": parts.hostname, "assert_hostname": parts.hostname}
        return host | {"host": self._check.address(str(request.url))}, pool


class HttpClient:
    """Sends requests; one for a process and purpose, safe to use from one thread at a time."""

    def __init__(
        self,
        *,
        user_agent: str = "ckanext-nextgeoss",
        allowed_private_hosts: Iterable[str] = (),
        limits: Limits | None = None,
        ca_file: str = "",
        resolver: Resolver = resolve,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        self.requests_sent = 0
        self.bytes_received = 0
        self._check = AddressCheck(allowed_private_hosts, resolver)
        self._sleep, self._clock = sleep, clock
        self._session = requests.Session()
        # certificates to trust instead of the public ones
        self._session.verify = ca_file or True
        self._session.trust_env = False  # a proxy of the environment would connect where nobody checked
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.headers.update({"User-Agent": user_agent, "Accept": "*/*"})
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _CheckedAdapter(self._check))

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    def send(self, request: Request) -> Response:
        """The answer (status below 400), retried where that may help; HttpError when there is none."""
        for attempt in range(1, self.limits.attempts + 1):
            last = attempt == self.limits.attempts
            try:
                response = self._follow(request)
            except Unreachable as error:
                if last:
                    raise
                log.info("%s; trying again", error)
                self._sleep(self._pause(attempt))
                continue
            if response.status < 400:
                return response
            wait = self._wait(response, attempt)
            if last or response.status not in RETRIED or wait is None:
                raise _remote_error(request, response)
            self._sleep(wait)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _pause(self, attempt: int) -> float:
        # jitter, so that workers that failed together do not come back together
        return self.limits.pause * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311

    def _wait(self, response: Response, attempt: int) -> float | None:
        """Seconds before the next attempt; None when the provider asks for more patience than we have."""
        asked = retry_after(response.headers.get("retry-after", ""))
        wait = self._pause(attempt) if asked is None else asked
        return wait if wait <= self.limits.longest_pause else None

    def _follow(self, request: Request) -> Response:
        deadline = self._clock() + self.limits.total
        for _ in range(MAX_REDIRECTS + 1):
            response = self._once(request, deadline)
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target:
                return response
            request = _redirected(request, response.status, urljoin(response.url, target))
        raise Refused(f"{redact(request.url)}: more than {MAX_REDIRECTS} redirects")

    def _once(self, request: Request, deadline: float) -> Response:
        host_and_port(request.url)
        self.requests_sent += 1
        where = redact(request.url)
        try:
            with self._session.request(
                request.method,
                request.url,
                params=dict(request.params) or None,
                headers=dict(request.headers),
                json=request.body,
                timeout=(self.limits.connect, self.limits.read),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = self._read(answer, deadline, where)
                headers = {name.lower(): value for name, value in answer.headers.items()}
                return Response(answer.status_code, headers, body, str(answer.url))
        except requests.Timeout as error:
            raise Unreachable(f"{where}: no answer in time") from error
        except ReadTimeoutError as error:
            raise Unreachable(f"{where}: no answer in time") from error
        except (requests.RequestException, Urllib3Error) as error:
            raise Unreachable(f"{where}: {_reason(error)}") from error

    def _read(self, answer: requests.Response, deadline: float, where: str) -> bytes:
        """The decompressed body, within the limits of size and time."""
        parts: list[bytes] = []
        size = 0
        # read1 gives what has come, so that an answer that trickles is ended in time
        while part := answer.raw.read1(_CHUNK, decode_content=True):
            size += len(part)
            self.bytes_received += len(part)
            if size > self.limits.max_bytes:
                raise TooLarge(f"{where}: the answer has more than {self.limits.max_bytes} bytes")
            if self._clock() > deadline:
                raise Unreachable(f"{where}: the answer was not complete after {self.limits.total:g} seconds")
            parts.append(part)
        return b"".join(parts)


def retry_after(value: str, now: Callable[[], float] = time.time) -> float | None:
    """Seconds of a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3); None for neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now())
    except (TypeError, ValueError):
        return None


def _redirected(request: Request, status: int, url: str) -> Request:
    """The request that a redirect asks for; another host gets no header that could be a secret."""
    headers = request.headers
    before, after = urlsplit(request.url), urlsplit(url)
    if (before.scheme, before.netloc) != (after.scheme, after.netloc):
        headers = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}
    keep_body = status in (307, 308) or request.method in ("GET", "HEAD")
    changed = {} if keep_body else {"method": "GET", "body": None}
    return replace(request, url=url, headers=headers, params={}, **changed)


def _remote_error(request: Request, response: Response) -> RemoteError:
    words = response.body[:300].decode("utf-8", "replace").strip()
    shown = "" if words.startswith("<") or not words else f": {' '.join(words.split())}"
    message = f"{redact(request.url)} answered {response.status}{shown}"
    return RemoteError(message, response.status, response.body[:2000])


def _reason(error: Exception) -> str:
    """What went wrong with a connection, without addresses of objects and repeated URLs."""
    names = {
        requests.exceptions.SSLError: "the certificate could not be verified",
        requests.exceptions.ChunkedEncodingError: "the answer broke off",
        requests.exceptions.ContentDecodingError: "the answer could not be decompressed",
        requests.exceptions.ConnectionError: "no connection",
        DecodeError: "the answer could not be decompressed",
        ProtocolError: "the answer broke off",
    }
    return next((text for kind, text in names.items() if isinstance(error, kind)), type(error).__name__)
