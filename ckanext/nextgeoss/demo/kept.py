"""Holdings whose products are all kept in memory, found by their times."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from math import inf
from threading import Lock

from ..eo.collection import Collection
from ..eo.product import Product
from ..eo.temporal import TemporalExtent
from .entries import Entry, KeptEntry, moment
from .holdings import Question

_KEPT_SEARCHES = 64


class KeptHoldings:
    """Entries, the newest first, and what is known of their collections."""

    def __init__(self, found: Sequence[KeptEntry], about: Iterable[Collection]):
        self._entries = found
        self._by_id = {entry.id: entry for entry in found}
        self._all = _Timeline(found, range(len(found)))
        members: dict[str, list[int]] = {}
        for position in reversed(range(len(found))):
            members.setdefault(found[position].collection, []).append(position)
        self._timelines = {name: _Timeline(found, positions[::-1]) for name, positions in members.items()}
        known = {collection.id: collection for collection in about}
        self.collections = {name: known.get(name) or Collection(id=name, title=name) for name in members}
        self._kept: OrderedDict[Question, list[KeptEntry]] = OrderedDict()
        self._lock = Lock()

    def matching(self, asked: Question) -> Sequence[Entry]:
        """The entries that match, in order; kept for the next pages of the same search."""
        with self._lock:
            if (kept := self._kept.get(asked)) is not None:
                self._kept.move_to_end(asked)
                return kept
        found = [entry for entry in self._candidates(asked) if asked.matches(entry)]
        if asked.oldest_first:
            found.reverse()
        with self._lock:
            self._kept[asked] = found
            if len(self._kept) > _KEPT_SEARCHES:
                self._kept.popitem(last=False)
        return found

    def entry(self, name: str) -> Entry | None:
        """The entry of the product with this identifier."""
        return self._by_id.get(name)

    def period(self, collection: str) -> TemporalExtent:
        """From the first start to the last end of a collection's products."""
        times = [self._entries[position].time for position in self._timelines[collection].positions]
        starts = [time.start for time in times if time.start]
        ends = [time.end for time in times if time.end]
        return TemporalExtent(min(starts, default=None), max(ends, default=None))

    def prepare(self, make: Callable[[Product], bytes]) -> None:
        """Make these texts of all products."""
        for entry in self._entries:
            entry.made(make)

    def _candidates(self, asked: Question) -> Iterable[KeptEntry]:
        """In order, the entries among which all are that match."""
        if asked.ids:
            positions = [at for at in self._all.positions if self._entries[at].id in asked.ids]
        elif asked.collections:
            chosen = [self._timelines[name] for name in set(asked.collections) if name in self._timelines]
            positions = sorted(at for timeline in chosen for at in timeline.near(asked.time))
        else:
            positions = self._all.near(asked.time)
        return (self._entries[at] for at in positions)


class _Timeline:
    """Positions of entries that stand by the time of their start, the newest first."""

    def __init__(self, entries: Sequence[Entry], positions: Sequence[int]):
        self.positions = positions
        self._ages = [-moment(entries[at]) for at in positions]
        times = [entries[at].time for at in positions]
        # entries with an open end are looked at whatever is asked
        self._open = [at for at, time in zip(positions, times, strict=True) if not (time.start and time.end)]
        lengths = ((time.end - time.start).total_seconds() for time in times if time.start and time.end)
        self._longest = max(lengths, default=0.0)

    def near(self, time: TemporalExtent) -> Sequence[int]:
        """The positions of all entries that may share an instant with this time."""
        newest = -time.end.timestamp() if time.end else -inf
        oldest = self._longest - time.start.timestamp() if time.start else inf
        found = self.positions[bisect_left(self._ages, newest) : bisect_right(self._ages, oldest)]
        return sorted({*found, *self._open}) if self._open else found
