"""One request to the very address that was checked, within bounds of time and size."""

from __future__ import annotations

import http.client
import io
import logging
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import DecodeError, ProtocolError, ReadTimeoutError
from urllib3.exceptions import HTTPError as Urllib3Error

from .addresses import AddressCheck, HttpError, Unreachable, hidden, host_and_port, redact
from .messages import Request, Response

_CHUNK = 64 * 1024
# seconds between two calls of `tick` while an answer is waited for
TICK = 3.0


class TooLarge(HttpError):
    """An answer of more bytes than allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Of one request: seconds to connect, between two bytes and in all, bytes of the answer.

    `tick` is called every few seconds of waiting; what it raises ends the request."""

    connect: float
    read: float
    total: float
    max_bytes: int
    clock: Callable[[], float]
    tick: Callable[[], None]


@dataclass(slots=True)
class _Watch:
    """The clock of a request under way, and what nobody may read of it."""

    bounds: Bounds
    secrets: tuple[str, ...]
    begun: float = field(init=False)
    ticked: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.ticked = self.bounds.clock()

    def left(self) -> float:
        """Seconds until the request must be over."""
        return self.begun + self.bounds.total - self.bounds.clock()

    def tick(self) -> None:
        """Tell that we are waiting, when that was not told for a while."""
        if self.bounds.clock() - self.ticked >= TICK:
            self.ticked = self.bounds.clock()
            self.bounds.tick()


# of the request that this thread sends
_WATCH: ContextVar[_Watch] = ContextVar("watch")


class _Bounded(io.RawIOBase):
    """The bytes of a socket while there is time, of headers and of a body, however they trickle."""

    def __init__(self, sock: Any, file: Any) -> None:
        self._sock, self._file, self._watch = sock, file, _WATCH.get()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        watch = self._watch
        until = watch.bounds.clock() + min(watch.bounds.read, watch.left())
        while (left := until - watch.bounds.clock()) > 0:
            watch.tick()
            self._sock.settimeout(min(left, TICK))
            try:
                return self._sock.recv_into(buffer)
            except TimeoutError:
                continue
        raise TimeoutError("timed out")

    def close(self) -> None:
        # the connection is free when its file is closed
        self._file.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: Any, *args: Any, **named: Any) -> None:
        super().__init__(sock, *args, **named)
        self.fp = io.BufferedReader(_Bounded(sock, self.fp))


class _Connection(HTTPConnection):
    response_class = _Answer


class _TlsConnection(HTTPSConnection):
    response_class = _Answer


class _Pool(HTTPConnectionPool):
    ConnectionCls: Any = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls: Any = _TlsConnection


class _CheckedAdapter(HTTPAdapter):
    """Connects to the very address that was checked, so that a second look-up cannot give another one."""

    def __init__(self, check: AddressCheck) -> None:
        self._check = check
        super().__init__(max_retries=0)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Host and TLS settings of the connection; the name is still what the certificate must show."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        parts = urlsplit(str(request.url))
        request.headers["Host"] = parts.netloc.rpartition("@")[2]
        if parts.scheme == "https":
            pool |= {"server_hostname": parts.hostname, "assert_hostname": parts.hostname}
        shown = hidden(redact(str(request.url)), _WATCH.get().secrets)
        return host | {"host": self._check.address(str(request.url), shown)}, pool


class _NoSecrets(logging.Filter):
    """Hides secrets of the request under way in what urllib3 writes: it shows whole addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        watch = _WATCH.get(None)
        if watch and watch.secrets:
            record.msg, record.args = hidden(record.getMessage(), watch.secrets), ()
        return True


for _name in ("urllib3.connectionpool", "urllib3.connection"):
    logging.getLogger(_name).addFilter(_NoSecrets())


class Transport:
    """Connections to hosts; safe to use from one thread at a time."""

    def __init__(self, check: AddressCheck, user_agent: str, ca_file: str = "") -> None:
        self.requests_sent = 0
        self.bytes_received = 0
        self._session = requests.Session()
        # certificates to trust instead of the public ones
        self._session.verify = ca_file or True
        self._session.trust_env = False  # a proxy of the environment would connect where nobody checked
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._session.headers.update({"User-Agent": user_agent, "Accept": "*/*"})
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _CheckedAdapter(check))

    def close(self) -> None:
        """Give back the connections."""
        self._session.close()

    def ask(self, request: Request, bounds: Bounds) -> Response:
        """The answer, whatever its status and without following redirects; Unreachable when there is none."""
        host_and_port(request.url, request.shown)
        watch = _Watch(bounds, request.secrets)
        before = _WATCH.set(watch)
        self.requests_sent += 1
        try:
            return self._ask(request, bounds)
        except (requests.Timeout, ReadTimeoutError) as error:
            late = f"the answer was not complete after {bounds.total:g} seconds"
            raise _unreachable(request, late if watch.left() <= 0 else "no answer in time") from _cause(
                error, request
            )
        except (requests.RequestException, Urllib3Error) as error:
            raise _unreachable(request, _reason(error)) from _cause(error, request)
        finally:
            _WATCH.reset(before)

    def _ask(self, request: Request, bounds: Bounds) -> Response:
        with self._session.request(
            request.method,
            request.url,
            params=dict(request.params) or None,
            headers=dict(request.headers),
            json=request.body,
            data=dict(request.form) or None,
            timeout=(min(bounds.connect, bounds.total), bounds.read),
            allow_redirects=False,
            stream=True,
        ) as answer:
            body = self._read(answer, request, bounds.max_bytes)
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(answer.status_code, headers, body, hidden(str(answer.url), request.secrets))

    def _read(self, answer: requests.Response, request: Request, max_bytes: int) -> bytes:
        """The decompressed body, or as much of it as was asked for, within the limit of size."""
        parts: list[bytes] = []
        size = 0
        # read1 gives what has come, so that an answer that trickles is ended in time
        while part := cast(bytes, answer.raw.read1(_CHUNK, decode_content=True)):
            size += len(part)
            self.bytes_received += len(part)
            if size > max_bytes:
                raise TooLarge(f"{request.shown}: the answer has more than {max_bytes} bytes")
            parts.append(part)
            if 0 < request.first_bytes <= size:
                return b"".join(parts)[: request.first_bytes]
        return b"".join(parts)


def _unreachable(request: Request, reason: str) -> Unreachable:
    return Unreachable(f"{request.shown}: {reason}", reason)


def _cause(error: Exception, request: Request) -> Exception | None:
    """What is shown beneath our own message: nothing, where it could show a secret."""
    return None if request.secrets else error


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
