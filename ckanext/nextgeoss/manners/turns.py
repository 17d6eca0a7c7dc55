"""Waiting until a host may be asked, with patience that ends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from ..addresses import HttpError
from .hosts import Hosts, LimitsOf, Turn
from .state import HostLimits, Outcome, Wait, Why

log = logging.getLogger(__name__)

# seconds of waiting that are worth a line in the log
_LONG = 5.0


class HostBusy(HttpError):
    """A host that is not asked now; `seconds` later it may be."""

    def __init__(self, message: str, host: str, seconds: float) -> None:
        super().__init__(message)
        self.host = host
        self.seconds = seconds


class Outcomes:
    """Takes how a request ended; without a word that is not known."""

    outcome = Outcome()


class Turns:
    """Turns at hosts; `rest` sleeps for so many seconds."""

    def __init__(self, hosts: Hosts, limits: LimitsOf, rest: Callable[[float], None]) -> None:
        self._hosts, self._limits, self._rest = hosts, limits, rest

    @contextmanager
    def turn(
        self, host: str, lease: float, patience: float, longest_wish: float
    ) -> Generator[Outcomes, None, None]:
        """A turn at `host:port` for the time of the block, which says there how it ended.

        HostBusy when the host is closed once more after a trial, wishes to be left alone for more than
        `longest_wish` seconds, or has no turn within `patience` seconds."""
        limits = self._limits(host)
        turn = self._wait(host, limits, lease, patience, longest_wish)
        told = Outcomes()
        try:
            yield told
        finally:
            self._hosts.leave(turn, limits, told.outcome)

    def _wait(
        self, host: str, limits: HostLimits, lease: float, patience: float, longest_wish: float
    ) -> Turn:
        waited = 0.0
        while isinstance(found := self._hosts.enter(host, limits, lease), Wait):
            # a short outage is waited for; one that lasts fails many requests quickly rather than each slowly
            lasts = found.why is Why.CLOSED and not (found.was_well and waited + found.seconds <= patience)
            if lasts or (found.why is Why.WISH and found.seconds > longest_wish):
                raise HostBusy(_refusal(host, found, longest_wish), host, found.seconds)
            if waited + found.seconds > patience:
                said = f"no turn within {patience:g} seconds: {_rule(found, limits)}"
                raise HostBusy(f"{host}: {said}", host, found.seconds)
            if found.seconds > _LONG:
                log.info("%s: waiting for %.0f seconds: %s", host, found.seconds, _rule(found, limits))
            self._rest(found.seconds)
            waited += found.seconds
        return found


def _refusal(host: str, wait: Wait, longest_wish: float) -> str:
    until = datetime.now(timezone.utc) + timedelta(seconds=wait.seconds)
    when = f"until {until:%Y-%m-%d %H:%M:%S} UTC"
    if wait.why is Why.CLOSED:
        return f"{host} is not asked {when}: {wait.reason}"
    asked = f"it asked (Retry-After) for {wait.seconds:.0f} seconds of peace"
    return f"{host} is not asked {when}: {asked}, and {longest_wish:g} are waited at most"


def _rule(wait: Wait, limits: HostLimits) -> str:
    """What makes us wait, and who says so."""
    rules = {
        Why.RATE: f"{limits.requests_per_second:g} requests a second are allowed by {limits.told_by}",
        Why.FULL: f"{limits.requests_at_once} requests at once are allowed by {limits.told_by}",
        Why.WISH: "the host asked for it (Retry-After)",
        Why.TRIAL: "one request tries whether the host is well again",
        Why.CLOSED: wait.reason,
    }
    return rules[wait.why]
