"""Who may ask which host: the interface, and the keeper for one process alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Protocol, TypeAlias
from uuid import uuid4

from .state import HostLimits, HostState, Outcome, Wait, enter, leave

# the limits of a host, by its name with the port
LimitsOf: TypeAlias = Callable[[str], HostLimits]


@dataclass(frozen=True, slots=True)
class Turn:
    """A request that may be sent now; it is given back with `leave`."""

    # with the port
    host: str
    name: str
    # whether all workers know of it
    shared: bool = False


class Hosts(Protocol):
    """Keeps what is known of hosts; safe to use from several threads."""

    def enter(self, host: str, limits: HostLimits, lease: float) -> Turn | Wait:
        """A turn at `host:port`, which counts for `lease` seconds at most; or how long to wait, and why."""
        ...

    def leave(self, turn: Turn, limits: HostLimits, outcome: Outcome) -> None:
        """Give a turn back, and tell how the request ended."""
        ...


class LocalHosts:
    """Hosts as this process alone knows them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states: dict[str, HostState] = {}
        self._lock = Lock()

    def enter(self, host: str, limits: HostLimits, lease: float) -> Turn | Wait:
        """A turn, or how long to wait."""
        turn = Turn(host, uuid4().hex)
        with self._lock:
            state, wait = enter(self._state(host), self._clock(), limits, turn.name, lease)
            self._states[host] = state
        return wait or turn

    def leave(self, turn: Turn, limits: HostLimits, outcome: Outcome) -> None:
        """Give a turn back."""
        with self._lock:
            state = self._state(turn.host)
            self._states[turn.host] = leave(state, self._clock(), limits, turn.name, outcome)

    def _state(self, host: str) -> HostState:
        return self._states.get(host) or HostState()


def no_limits(host: str) -> HostLimits:
    """Limits that bound nothing."""
    return HostLimits()


def limits_by_host(
    usual: HostLimits, unbound: Iterable[str], special: Mapping[str, Mapping[str, Any]], told_by: str
) -> LimitsOf:
    """The usual limits; none of rate and number for hosts in `unbound`, which are `host` or `host:port`; and
    for hosts in `special`, by `host:port`, the fields that are given there, as `told_by` says."""
    free = frozenset(host.lower() for host in unbound)

    def limits(host: str) -> HostLimits:
        found = usual
        if {host, host.rpartition(":")[0]} & free:
            found = replace(found, requests_per_second=0.0, requests_at_once=0)
        return replace(found, told_by=told_by, **special[host]) if special.get(host) else found

    return limits
