"""Looks at addresses as a polite robot does: robots.txt first, then the head, then the first bytes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from ...http import HostBusy, HttpClient, HttpError, Refused, RemoteError, Request, Response, Unreachable
from ...manners.hosts import LimitsOf
from ...manners.state import HostLimits
from . import robots
from .links import FAILED, LATER, LOGIN, REFUSED, ROBOTS, WORKS, Look
from .magic import ENOUGH, format_of
from .robots import Robots, read_robots

# by these a host says that it does not want to be asked now, not that the file is gone
_LATER = frozenset((429, 503))
_LOGIN = frozenset((401, 403, 407))
# hosts whose robots.txt is remembered
_REMEMBERED = 1000
# as they are, so that sizes are those of the files
_PLAIN = {"Accept-Encoding": "identity"}
_TOTAL = re.compile(r"bytes \d+-\d+/(\d+)")


class RobotsFile:
    """What hosts let this robot do, by their robots.txt, each read once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: OrderedDict[str, Robots | Look] = OrderedDict()

    def of(self, url: str, send: Callable[[Request], Response]) -> Robots | Look:
        """The rules for an address; a Look when the host cannot be asked at all now."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._known:
            self._known[origin] = self._read(origin, send)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return self._known[origin]

    def delay(self, host: str) -> float:
        """The seconds between two requests that `host:port` asks for, as far as is known."""
        found = (self._known.get(f"{scheme}://{name}") for scheme, name in _origins(host))
        return max((rules.delay for rules in found if isinstance(rules, Robots)), default=0.0)

    def _read(self, origin: str, send: Callable[[Request], Response]) -> Robots | Look:
        try:
            answer = send(Request(f"{origin}/robots.txt", first_bytes=robots.MOST_BYTES))
        except RemoteError as error:
            # RFC 9309, 2.3.1: without such a file all is allowed, while the server errs nothing is
            if error.status in _LATER or error.status >= 500:
                return Look(outcome=LATER, status=error.status, reason=str(error), wait=error.wait)
            return robots.EVERYTHING
        except HttpError as error:
            return _no_answer(error)
        return read_robots(answer.body.decode("utf-8", "replace"), self._name)


class Stopwatch:
    """How long requests took, without the time for which it was not their turn; a client is told to note."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def note(self, seconds: float, well: bool) -> None:
        """Add a request."""
        self.seconds += seconds


class Asker:
    """Looks at addresses through a client whose requests are tried once, and which notes their time on the
    stopwatch; for one thread at a time."""

    def __init__(
        self, client: HttpClient, robots_file: RobotsFile, stopwatch: Stopwatch | None = None
    ) -> None:
        self._client, self._robots = client, robots_file
        self._stopwatch = stopwatch or Stopwatch()

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def look(self, url: str) -> Look:
        """What came of looking at an address; never an error."""
        rules = self._robots.of(url, self._client.send)
        if isinstance(rules, Look):
            return rules
        if not rules.allows(url):
            return Look(outcome=ROBOTS, reason="robots.txt asks not to look at it")
        try:
            return self._ask(url)
        except HttpError as error:
            return _no_answer(error)

    def _ask(self, url: str) -> Look:
        """The head, then the first bytes; many servers do not know HEAD, so only the second one counts."""
        headers: Mapping[str, str] = {}
        try:
            headers = self._client.send(Request(url, "HEAD", headers=_PLAIN)).headers
        except RemoteError as error:
            if error.status in _LATER:
                raise
        self._stopwatch.seconds = 0.0
        wanted = {**_PLAIN, "Range": f"bytes=0-{ENOUGH - 1}"}
        try:
            answer = self._send_again(Request(url, headers=wanted, first_bytes=ENOUGH))
        except RemoteError as error:
            if error.status != 416:  # an empty file has no first byte
                raise
            return Look(outcome=WORKS, status=200, size=0, media_type=headers.get("content-type", ""))
        return Look(
            outcome=WORKS,
            status=answer.status,
            seconds=self._stopwatch.seconds,
            media_type=answer.headers.get("content-type", ""),
            size=_size(answer, headers),
            format=format_of(answer.body),
            moved_to=answer.url if answer.url != url else "",
        )

    def _send_again(self, request: Request) -> Response:
        """The answer, asked for twice when the connection broke: a server that sends a body to HEAD spoils it
        for what comes next, and others close it without a word."""
        try:
            return self._client.send(request)
        except Unreachable:
            return self._client.send(request)


def polite_limits(usual: LimitsOf, robots_file: RobotsFile) -> LimitsOf:
    """The usual limits, slower where a host asks for that."""

    def limits(host: str) -> HostLimits:
        found, delay = usual(host), robots_file.delay(host)
        if not delay or (found.requests_per_second and found.requests_per_second <= 1 / delay):
            return found
        return HostLimits(
            requests_per_second=1 / delay,
            requests_at_once=found.requests_at_once,
            failures_in_a_row=found.failures_in_a_row,
            closed_seconds=found.closed_seconds,
            told_by="its robots.txt",
        )

    return limits


def _no_answer(error: HttpError) -> Look:
    reason = str(error)
    if isinstance(error, RemoteError):
        if error.status in _LATER:
            return Look(outcome=LATER, status=error.status, reason=reason, wait=error.wait)
        outcome = LOGIN if error.status in _LOGIN else FAILED
        return Look(outcome=outcome, status=error.status, reason=reason)
    if isinstance(error, HostBusy):
        return Look(outcome=LATER, reason=reason, wait=error.seconds)
    if isinstance(error, Refused):
        return Look(outcome=REFUSED, reason=reason)
    return Look(outcome=FAILED, reason=error.reason if isinstance(error, Unreachable) else reason)


def _size(answer: Response, head: Mapping[str, str]) -> int | None:
    """The bytes of the whole file, by a part of it or by its head."""
    if answer.status == 206:
        found = _TOTAL.fullmatch(answer.headers.get("content-range", ""))
        return int(found[1]) if found else None
    for headers in (answer.headers, head):
        said = headers.get("content-length", "")
        if said.isdecimal() and "content-encoding" not in headers:
            return int(said)
    return None


def _origins(host: str) -> list[tuple[str, str]]:
    name, _, port = host.rpartition(":")
    usual = {"80": "http", "443": "https"}
    found = [(scheme, host) for scheme in ("http", "https")]
    return [*found, (usual[port], name)] if port in usual else found
