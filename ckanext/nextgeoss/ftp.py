"""The only door to FTP: listings of folders, from the very address that was checked, within bounds of time
and size. No file is ever fetched or stored."""

from __future__ import annotations

import ftplib
import socket
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from threading import Timer
from urllib.parse import unquote, urlsplit

from .addresses import FTP, AddressCheck, Refused, Unreachable, hidden, host_and_port
from .eo.temporal import format_time
from .messages import Request, Response
from .transport import TICK, Bounds, TooLarge

_CHUNK = 64 * 1024
_STRANGER = ("anonymous", "anonymous@")
# what replies of a server are as statuses of the web, which all others know (RFC 959, 4.2)
_STATUSES = {
    "421": 503,
    "425": 503,
    "426": 503,
    "430": 401,
    "450": 503,
    "451": 503,
    "530": 401,
    "532": 401,
    "550": 404,
}
# replies to commands that a server does not know
_UNKNOWN = ("500", "501", "502", "504")


class FtpTransport:
    """Lists folders, each over a connection of its own; safe to use from one thread at a time."""

    def __init__(self, check: AddressCheck) -> None:
        self.requests_sent = 0
        self.bytes_received = 0
        self._check = check

    def ask(self, request: Request, bounds: Bounds) -> Response:
        """The lines of a folder's listing (MLSD, else LIST) with status 200, or a status for what the server
        said instead; Unreachable when there is no answer."""
        _, port = host_and_port(request.url, request.shown, FTP)
        path = _path(request)
        address = self._check.address(request.url, request.shown, FTP)
        self.requests_sent += 1
        session = _Session(bounds)
        try:
            with session.ends_in_time():
                session.open(address, port)
                session.login(*_login(request))
                body = session.listing(path)
        except ftplib.Error as error:
            return _refusal(request, str(error))
        except (OSError, EOFError, UnicodeError) as error:
            reason = session.reason(error)
            cause = None if request.secrets else error
            raise Unreachable(f"{request.shown}: {reason}", reason) from cause
        finally:
            self.bytes_received += session.received
            session.close()
        if body is None:
            raise TooLarge(f"{request.shown}: the answer has more than {bounds.max_bytes} bytes")
        # servers tell no time; lines without a year are of about now
        now = {"date": format_time(datetime.now(timezone.utc))}
        return Response(200, now, body, request.shown)


class _Session:
    """One connection, which is cut when its time is over."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        # what servers say is in any encoding; paths are in UTF-8 (RFC 2640)
        self._client = ftplib.FTP(timeout=bounds.read, encoding="latin-1")  # noqa: S321 - some speak nothing else
        self._data: socket.socket | None = None
        self._late = False
        self.received = 0

    @contextmanager
    def ends_in_time(self) -> Iterator[None]:
        """Cut the connection when the block takes longer than allowed, however the server trickles."""
        timer = Timer(self._bounds.total, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def open(self, address: str, port: int) -> None:
        """Connect to a checked address; data come from it, too, whatever the server says (ftplib)."""
        self._client.connect(address, port, timeout=min(self._bounds.connect, self._bounds.total))
        if self._client.sock:
            self._client.sock.settimeout(self._bounds.read)
        self._client.timeout = self._bounds.read
        self._bounds.tick()

    def login(self, user: str, password: str) -> None:
        """Tell who we are."""
        self._client.login(user, password)
        self._bounds.tick()

    def listing(self, path: str) -> bytes | None:
        """The lines of a folder; None when there are more bytes than allowed."""
        if path:
            # a path with spaces or a leading dash is not understood by all LISTs
            self._client.cwd(path.encode("utf-8").decode("latin-1"))
        self._client.voidcmd("TYPE A")
        try:
            return self._lines("MLSD")
        except ftplib.error_perm as error:
            if not str(error).startswith(_UNKNOWN):
                raise
        return self._lines("LIST")

    def _lines(self, command: str) -> bytes | None:
        self._data = self._client.transfercmd(command)
        parts: list[bytes] = []
        try:
            while part := self._part(self._data):
                self.received += len(part)
                if self.received > self._bounds.max_bytes:
                    return None
                parts.append(part)
        finally:
            self._data.close()
        self._client.voidresp()
        return b"".join(parts)

    def _part(self, data: socket.socket) -> bytes:
        until = self._bounds.clock() + self._bounds.read
        while (left := until - self._bounds.clock()) > 0 and not self._late:
            data.settimeout(min(left, TICK))
            try:
                return data.recv(_CHUNK)
            except TimeoutError:
                self._bounds.tick()
        raise TimeoutError("timed out")

    def reason(self, error: Exception) -> str:
        """What went wrong, in words without addresses."""
        if self._late:
            return f"the answer was not complete after {self._bounds.total:g} seconds"
        if isinstance(error, TimeoutError):
            return "no answer in time"
        if isinstance(error, (EOFError, ConnectionResetError, BrokenPipeError)):
            return "the answer broke off"
        return "no connection" if isinstance(error, OSError) else "the answer could not be decoded"

    def close(self) -> None:
        """Hang up without asking."""
        self._client.close()

    def _cut(self) -> None:
        self._late = True
        for sock in (self._data, self._client.sock):
            if sock is not None:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:  # it is closed already
                    continue


def _path(request: Request) -> str:
    """The folder, without what could be a second command."""
    path = unquote(urlsplit(request.url).path)
    if not path.isprintable():
        raise Refused(f"{request.shown}: a path with control characters is not asked")
    return path.rstrip("/")


def _login(request: Request) -> tuple[str, str]:
    """User and password of the header that a login puts there; without one, those of a stranger."""
    said = {name.lower(): value for name, value in request.headers.items()}.get("authorization", "")
    kind, _, pair = said.partition(" ")
    if kind.lower() != "basic":
        return _STRANGER
    user, _, password = b64decode(pair).decode("utf-8").partition(":")
    return user, password


def _refusal(request: Request, words: str) -> Response:
    """What a server said instead of a listing."""
    status = _STATUSES.get(words[:3], 503 if words.startswith("4") else 502)
    said = hidden(" ".join(words.split())[:300], (*request.secrets, *_login(request)[1:]))
    return Response(status, {}, said.encode("utf-8", "replace"), request.shown)
