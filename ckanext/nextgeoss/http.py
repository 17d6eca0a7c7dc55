"""Everything that leaves the machine: one HTTP client with address check, manners, limits and retries."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from .addresses import (
    FTP,
    WEB,
    AddressCheck,
    HttpError,
    Refused,
    Resolver,
    Unreachable,
    hidden,
    host_and_port,
    resolve,
)  # fmt: skip
from .ftp import FtpTransport
from .manners.answers import Answers, asking_for_changes, key_of, worth_keeping
from .manners.hosts import Hosts, LimitsOf, LocalHosts, no_limits
from .manners.state import Outcome
from .manners.turns import HostBusy, Turns
from .messages import HARMLESS, Limits, Request, Response
from .transport import TICK, Bounds, TooLarge, Transport

__all__ = [
    "HostBusy",
    "HttpClient",
    "HttpError",
    "Limits",
    "Refused",
    "RemoteError",
    "Request",
    "Response",
    "TooLarge",
    "Unreachable",
    "retry_after",
]

log = logging.getLogger(__name__)

RETRIED = frozenset({429, 500, 502, 503, 504})
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# what says that a host is not well; any other answer says that it is
_UNWELL = frozenset({502, 503, 504})
# seconds added to the time-outs for which a turn counts when its process is killed
_MARGIN = 10.0


class RemoteError(HttpError):
    """An answer with an error status; `status` and the start of its body are kept, and `wait`: for how many
    seconds the host wishes to be left alone, where it says so."""

    def __init__(self, message: str, status: int, body: bytes = b"", wait: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = body
        self.wait = wait


class HttpClient:
    """Sends requests; one for a process and purpose, safe to use from one thread at a time.

    `hosts` remembers how hosts are doing, for all clients that share it, and `host_limits` bounds how often
    they are asked. `answers` keeps those of requests that are marked so. `while_waiting` is called every few
    seconds of any waiting; what it raises ends that. With `ftp`, listings of folders are asked there, too;
    no redirect leads to one. `may_ask` is asked of each address, those of redirects too."""

    def __init__(
        self,
        *,
        user_agent: str = "ckanext-nextgeoss",
        allowed_private_hosts: Iterable[str] = (),
        limits: Limits | None = None,
        ca_file: str = "",
        resolver: Resolver = resolve,
        hosts: Hosts | None = None,
        host_limits: LimitsOf = no_limits,
        answers: Answers | None = None,
        while_waiting: Callable[[], None] = lambda: None,
        ftp: bool = False,
        may_ask: Callable[[str], bool] = lambda url: True,
        measured: Callable[[float, bool], None] = lambda seconds, well: None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or Limits()
        check = AddressCheck(allowed_private_hosts, resolver)
        self._transport = Transport(check, user_agent, ca_file)
        self._ftp = FtpTransport(check) if ftp else None
        self._turns = Turns(hosts or LocalHosts(clock), host_limits, self._rest)
        self._answers = answers
        self._while_waiting, self._sleep, self._clock = while_waiting, sleep, clock
        self._measured, self._may_ask = measured, may_ask

    @property
    def requests_sent(self) -> int:
        """How many requests were sent, repeated ones and redirects included."""
        return self._transport.requests_sent + (self._ftp.requests_sent if self._ftp else 0)

    @property
    def bytes_received(self) -> int:
        """How many bytes of answers came, decompressed."""
        return self._transport.bytes_received + (self._ftp.bytes_received if self._ftp else 0)

    def close(self) -> None:
        """Give back the connections."""
        self._transport.close()

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
                self._rest(self._pause(attempt))
                continue
            if response.status < 400:
                return response
            wish = _wish(response)
            if last or response.status not in RETRIED or (wish or 0) > self.limits.longest_pause:
                raise _remote_error(request, response)
            if wish is None:  # one that is told is waited for with the next turn
                self._rest(self._pause(attempt))
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _pause(self, attempt: int) -> float:
        # jitter, so that workers that failed together do not come back together
        return self.limits.pause * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311

    def _rest(self, seconds: float) -> None:
        """Sleep, and tell now and then that we do."""
        while seconds > 0:
            self._while_waiting()
            self._sleep(min(seconds, TICK))
            seconds -= TICK

    def _follow(self, request: Request) -> Response:
        left = self.limits.total
        if self._ftp and urlsplit(request.url).scheme in FTP:
            return self._once(request, left, FTP)[0]
        for _ in range(MAX_REDIRECTS + 1):
            response, spent = self._once(request, left)
            left -= spent
            target = response.headers.get("location")
            if response.status not in _REDIRECTS or not target:
                return response
            request = _redirected(request, response.status, urljoin(response.url, target))
        raise Refused(f"{request.shown}: more than {MAX_REDIRECTS} redirects")

    def _once(
        self, request: Request, left: float, schemes: Mapping[str, int] = WEB
    ) -> tuple[Response, float]:
        """The answer of one host, and the seconds it took once it was our turn."""
        if not self._may_ask(request.url):
            raise Refused(f"{request.shown}: not an address that may be asked")
        limits = self.limits
        bounds = Bounds(
            connect=limits.connect, read=limits.read, total=left, max_bytes=limits.max_bytes,
            clock=self._clock, tick=self._while_waiting,
        )  # fmt: skip
        host = "{}:{}".format(*host_and_port(request.url, request.shown, schemes))
        lease = min(limits.connect + limits.read, limits.total) + _MARGIN
        with self._turns.turn(host, lease, limits.turn, limits.longest_pause) as told:
            begun = self._clock()
            try:
                response = self._ask(request, bounds)
            except Unreachable as error:
                told.outcome = Outcome(well=False, reason=error.reason)
                self._measured(self._clock() - begun, False)
                raise
            told.outcome = _outcome(response)
            seconds = self._clock() - begun
            self._measured(seconds, response.status < 400)
            return response, seconds

    def _ask(self, request: Request, bounds: Bounds) -> Response:
        """What the host answers, or what it answered the last time when it says that nothing has changed."""
        if self._ftp and urlsplit(request.url).scheme in FTP:
            return self._ftp.ask(request, bounds)
        key = key_of(request) if self._answers else ""
        if not self._answers or not key:
            return self._transport.ask(request, bounds)
        kept = self._answers.get(key)
        response = self._transport.ask(asking_for_changes(request, kept) if kept else request, bounds)
        if kept and response.status == 304:
            return replace(kept, url=response.url)
        if worth_keeping(response):
            self._answers.put(key, response)
        return response


def retry_after(value: str, now: Callable[[], float] = time.time) -> float | None:
    """Seconds of a Retry-After header, in seconds or as a date (RFC 9110, 10.2.3); None for neither."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now())
    except (TypeError, ValueError):
        return None


def _wish(response: Response) -> float | None:
    """For how many seconds a host that refuses wishes to be left alone; None when it does not say."""
    if response.status not in RETRIED:
        return None
    return retry_after(response.headers.get("retry-after", ""), _clock(response.headers.get("date", "")))


def _clock(date: str) -> Callable[[], float]:
    """The clock of a host that says what time it is, which may be wrong: its dates are by this clock."""
    try:
        told = parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return time.time
    return lambda: told


def _outcome(response: Response) -> Outcome:
    unwell = response.status in _UNWELL
    reason = f"it answered {response.status}" if unwell else ""
    return Outcome(well=not unwell, reason=reason, wish=_wish(response) or 0.0)


def _redirected(request: Request, status: int, url: str) -> Request:
    """The request that a redirect asks for; another host gets no header that could be a secret."""
    following = replace(request, url=url, params={})
    if status not in (307, 308) and request.method not in ("GET", "HEAD"):
        following = replace(following, method="GET", body=None, form={})
    before, after = urlsplit(request.url), urlsplit(url)
    if (before.scheme, before.netloc) == (after.scheme, after.netloc):
        return following
    if following.form and following.secrets:
        raise Refused(f"{request.shown}: a redirect to another host would take a login along")
    harmless = {name: value for name, value in request.headers.items() if name.lower() in HARMLESS}
    return replace(following, headers=harmless)


def _remote_error(request: Request, response: Response) -> RemoteError:
    words = hidden(response.body[:2000].decode("utf-8", "replace"), request.secrets).strip()
    shown = "" if words.startswith("<") or not words else f": {' '.join(words[:300].split())}"
    message = f"{request.shown} answered {response.status}{shown}"
    return RemoteError(message, response.status, words.encode(), _wish(response))
