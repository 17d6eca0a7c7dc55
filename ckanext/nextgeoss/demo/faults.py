"""Which requests to the simulated provider fail: those that were announced, and some at random."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from threading import Lock
from typing import Any, cast

from ..eo.errors import BadValue, nearest
from . import seeded
from .kinds import KINDS, Fault

# where the searches of the protocols are
SEARCHES = ("/search", "/opensearch/search.", "/odata/v1/Products")


@dataclass(frozen=True, slots=True)
class Mishaps:
    """Searches that fail at random: whether and how follows from seed, request and how often it came.

    So the same harvest meets the same faults whatever the order of its requests, and a request that is tried
    again can go well."""

    rate: float
    kinds: Sequence[str]
    seed: int = 0
    # of the kinds that tell a time
    retry_after: str = ""
    seconds: float = 5.0
    _came: Counter[str] = field(default_factory=Counter[str])

    def take(self, path: str, request: str) -> Fault | None:
        """The fault of a request, if any."""
        if not path.startswith(SEARCHES):
            return None
        self._came[request] += 1
        told = (self.seed, request, self._came[request])
        if seeded.unit("mishap", *told) >= self.rate:
            return None
        kind = self.kinds[seeded.number("kind", *told) % len(self.kinds)]
        return Fault(kind=kind, retry_after=self.retry_after, seconds=self.seconds)


class FaultList:
    """The faults that are due; safe to use from many threads."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._mishaps: Mishaps | None = None
        self._lock = Lock()
        # what has failed so far, by kind
        self.done: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        """Put a fault behind those that are there."""
        with self._lock:
            self._faults.append(fault)

    def at_random(self, mishaps: Mishaps) -> None:
        """From now on, let searches for which no fault was announced fail at random."""
        with self._lock:
            self._mishaps = mishaps

    def clear(self) -> None:
        """Forget all, and count from zero."""
        with self._lock:
            self._faults.clear()
            self._mishaps = None
            self.done.clear()

    def listing(self) -> list[dict[str, Any]]:
        """What is due, as JSON values."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, path: str, request: str = "") -> Fault | None:
        """The fault of a request to this path, if any; counts it. `request` tells it from others."""
        with self._lock:
            found, is_meant = self._announced(path, request)
            if not is_meant and self._mishaps:
                found = self._mishaps.take(path, request)
            if found:
                self.done[found.kind] += 1
            return found

    def _announced(self, path: str, request: str) -> tuple[Fault | None, bool]:
        """The fault, and whether one is meant for this request at all, which then may be still to come."""
        for index, fault in enumerate(self._faults):
            if not path.startswith(fault.path or SEARCHES) or fault.about not in request:
                continue
            if fault.skip:
                self._faults[index] = replace(fault, skip=fault.skip - 1)
                return None, True
            if fault.times > 1:
                self._faults[index] = replace(fault, times=fault.times - 1)
            else:
                del self._faults[index]
            return fault, True
        return None, False


_MEMBERS: dict[str, Callable[[Any], Any]] = {
    "kind": str, "times": int, "skip": int, "path": str, "about": str, "retry_after": str,
    "seconds": float,
}  # fmt: skip
_MISHAPS: dict[str, Callable[[Any], Any]] = {
    "rate": float, "kinds": list, "seed": int, "retry_after": str, "seconds": float
}  # fmt: skip


def fault(said: Mapping[str, Any]) -> Fault:
    """The fault that a mapping describes; BadValue says what is wrong with it."""
    values = _values(said, _MEMBERS)
    _known(str(said.get("kind", "")))
    return Fault(**values)


def mishaps(said: Mapping[str, Any]) -> Mishaps:
    """The random faults that a mapping with a `rate` describes; BadValue says what is wrong with it."""
    values = _values(said, _MISHAPS)
    kinds = cast(list[object], values.get("kinds") or [])
    for kind in kinds:
        _known(str(kind))
    if not kinds or not 0 <= values.get("rate", -1) <= 1:
        raise BadValue(dict(said), "fault", "a rate from 0 to 1 and a list of kinds")
    return Mishaps(**values)


def _values(said: Mapping[str, Any], members: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    for name in said:
        if name not in members:
            raise BadValue(name, "fault", f"the members {', '.join(members)}")
    try:
        return {name: members[name](value) for name, value in said.items()}
    except (TypeError, ValueError) as error:
        raise BadValue(dict(said), "fault", "numbers for times, skip, seconds, rate and seed") from error


def _known(kind: str) -> None:
    if kind not in KINDS:
        near = nearest(kind, tuple(KINDS))
        raise BadValue(kind, "kind", f"{near}, perhaps" if near else f"one of {', '.join(KINDS)}")
