"""How long a source's requests take, and how many fail: counts in buckets of a day, for a month."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

# seconds at which buckets end; what takes longer is in one more
BOUNDS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300)
DAYS = 30
_DAY = 86400
_FAILED = "failed"
# seconds for which a Valkey that did not answer is not asked
_PEACE = 5.0


@dataclass(frozen=True, slots=True)
class Latencies:
    """Requests by the bucket of their time, and how many of them failed."""

    counts: Mapping[int, int] = field(default_factory=dict[int, int])
    failed: int = 0

    @property
    def requests(self) -> int:
        """How many requests were measured."""
        return sum(self.counts.values())

    @property
    def error_rate(self) -> float | None:
        """The share of requests that failed; None without any."""
        return self.failed / self.requests if self.requests else None

    def percentile(self, share: float) -> float | None:
        """The seconds within which this share of the requests was answered, between the bounds of its bucket
        by its place in it; None without any."""
        left = share * self.requests
        for bucket in sorted(self.counts):
            number = self.counts[bucket]
            if number and left <= number:
                low = BOUNDS[bucket - 1] if bucket else 0.0
                high = BOUNDS[bucket] if bucket < len(BOUNDS) else BOUNDS[-1]
                return low + (high - low) * max(left, 0.0) / number
            left -= number
        return None


class SharedLatencies:
    """Latencies in Valkey, under keys that begin with `prefix`.

    They are figures for people to look at: what is lost with Valkey is not missed, nobody waits for it."""

    def __init__(self, connection: Redis, prefix: str) -> None:
        self._connection: Any = connection
        self._prefix = prefix
        self._lost_until = 0.0

    def note(self, name: str, seconds: float, well: bool) -> None:
        """Count a request of the source `name`."""
        if self._lost_until > time.monotonic():
            return
        key = self._key(name, _today())
        try:
            steps = self._connection.pipeline(transaction=False).hincrby(key, _bucket(seconds), 1)
            if not well:
                steps = steps.hincrby(key, _FAILED, 1)
            steps.expire(key, (DAYS + 1) * _DAY).execute()
        except RedisError:
            self._lost_until = time.monotonic() + _PEACE

    def read(self, names: Iterable[str]) -> Latencies:
        """What was counted of these sources in the last month; nothing while Valkey is gone."""
        today = _today()
        keys = [self._key(name, today - ago) for name in names for ago in range(DAYS)]
        try:
            steps = self._connection.pipeline(transaction=False)
            for key in keys:
                steps.hgetall(key)
            found: list[dict[bytes, bytes]] = steps.execute() if keys else []
        except RedisError:
            return Latencies()
        counts: dict[int, int] = {}
        failed = 0
        for kept in found:
            for field_name, number in kept.items():
                if field_name == _FAILED.encode():
                    failed += int(number)
                else:
                    counts[int(field_name)] = counts.get(int(field_name), 0) + int(number)
        return Latencies(counts, failed)

    def _key(self, name: str, day: int) -> str:
        return f"{self._prefix}:latency:{name}:{day}"


def _bucket(seconds: float) -> int:
    return bisect_left(BOUNDS, seconds)


def _today() -> int:
    return int(time.time() // _DAY)
