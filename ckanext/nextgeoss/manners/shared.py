"""Hosts as all workers of a site know them: their states are kept in Valkey."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

from redis import Redis
from redis.exceptions import RedisError

from .hosts import LocalHosts, Turn
from .state import HostLimits, HostState, Outcome, Wait, enter, leave

log = logging.getLogger(__name__)

_T = TypeVar("_T")

# a state takes the place of the one it was made from, and of no other
_SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
_TRIES = 100
# seconds for which a Valkey that did not answer is not asked
_PEACE = 5.0


class SharedHosts:
    """Hosts in Valkey, under keys that begin with `prefix`; its clock is the one that counts.

    While Valkey is gone the process bounds itself alone; when it was emptied, hosts are unknown again."""

    def __init__(self, connection: Redis, prefix: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._connection: Any = connection
        self._prefix, self._clock = prefix, clock
        self._swap: Any = connection.register_script(_SWAP)
        self._local = LocalHosts(clock)
        self._lost_until = 0.0

    def enter(self, host: str, limits: HostLimits, lease: float) -> Turn | Wait:
        """A turn, or how long to wait."""
        turn = Turn(host, uuid4().hex, shared=True)

        def entered(state: HostState, now: float) -> tuple[HostState, Turn | Wait]:
            state, wait = enter(state, now, limits, turn.name, lease)
            return state, wait or turn

        found = self._step(host, entered)
        return self._local.enter(host, limits, lease) if found is None else found

    def leave(self, turn: Turn, limits: HostLimits, outcome: Outcome) -> None:
        """Give a turn back."""
        if not turn.shared:
            self._local.leave(turn, limits, outcome)
            return
        self._step(turn.host, lambda state, now: (leave(state, now, limits, turn.name, outcome), True))

    def _step(self, host: str, step: Callable[[HostState, float], tuple[HostState, _T]]) -> _T | None:
        """What a step gives that is made at once with others or not at all; None without Valkey."""
        if self._lost_until > self._clock():
            return None
        try:
            found = self._swapped(f"{self._prefix}:host:{host}", step)
        except RedisError as error:
            if not self._lost_until:
                log.warning("Valkey does not answer (%s): this process bounds its requests alone", error)
            self._lost_until = self._clock() + _PEACE
            return None
        if self._lost_until:
            log.info("Valkey answers again: all workers bound their requests together")
            self._lost_until = 0.0
        return found

    def _swapped(self, key: str, step: Callable[[HostState, float], tuple[HostState, _T]]) -> _T:
        for _ in range(_TRIES):
            kept, (seconds, micros) = self._connection.pipeline(transaction=False).get(key).time().execute()
            old = HostState.from_text((kept or b"{}").decode("utf-8", "replace"))
            now = seconds + micros / 1e6
            new, found = step(old, now)
            text, life = new.to_text(), int(new.lifetime(now) * 1000)
            if new == old or self._swap(keys=[key], args=[kept or b"", text, life]):
                return found
        raise RedisError(f"{key} changes too fast")
