"""The planner: cuts what a source asks into bounded pieces of work, collection by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid5

from ..eo.footprint import Footprint
from ..eo.query import Condition, Query
from ..eo.temporal import ALWAYS, TemporalExtent, parse_time

Count = Callable[[Query], int | None]

TARGET = 3000
# neighbours share no instant, so that a product of one instant is in one slice only
_TICK = timedelta(microseconds=1)
# a slice is not cut into shorter ones, however many products it has
_SHORTEST = timedelta(minutes=1)
# when neither query nor collection says: Landsat 1 was launched in July 1972
_FIRST = datetime(1972, 7, 1, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Slice:
    """One piece: a collection (empty: whatever the provider has) in an interval of time."""

    collection: str
    time: TemporalExtent
    # how many products it has; None: nobody says
    found: int | None = field(default=None, compare=False)

    @property
    def key(self) -> str:
        """The same text for the same piece in every run."""
        return f"{self.collection or '*'}/{self.time.isoformat()}"

    def query(self, whole: Query) -> Query:
        """The part of the whole query that this slice asks."""
        return replace(whole, collections=(self.collection,) if self.collection else (), time=self.time)


def plan(
    query: Query,
    collections: Iterable[str],
    count: Count,
    extents: Mapping[str, TemporalExtent],
    now: datetime,
    target: int = TARGET,
    reach: int = 0,
    by_time: bool = True,
) -> Iterator[Slice]:
    """The slices of a query, none twice; together they ask for everything that the query asks.

    `count` tells how many products match a query, None when the provider does not say: such are cut by
    calendar months, but not those that ask for changes only, of which there are few. `extents` are the times
    of collections where known; `now` closes what is open. No slice has more than `target` products, nor more
    than `reach`, those that the provider lets one count to (0: any number); only one of a minute may. Without
    `by_time`, for a provider that cannot be asked for a time, a collection is one slice."""
    target = min(target, reach) if reach else target
    for collection in dict.fromkeys(collections) or ("",):
        whole = Slice(collection, query.time)
        found = count(whole.query(query))
        bounds = _bounds(query.time, extents.get(collection, ALWAYS), now)
        if not by_time or (found is None and query.conditions):
            yield replace(whole, found=found)
        elif found is None:
            yield from _months(whole, *bounds)
        elif found:
            whole = replace(whole, found=found)
            yield from _halves(whole, *bounds, found, target, lambda piece: count(piece.query(query)))


def slice_id(job_id: str, key: str) -> str:
    """The id of a slice and of the harvest object that carries it (UUIDv5)."""
    return str(uuid5(UUID(job_id), key))


def query_of(said: Mapping[str, Any]) -> Query:
    """The query of a stored slice: `collections`, `time`, and `bbox` and `since` if asked."""
    since = parse_time(said["since"], "since") if said.get("since") else None
    return Query(
        collections=tuple(said["collections"]),
        footprint=Footprint.from_bbox(*said["bbox"]) if said.get("bbox") else None,
        time=TemporalExtent.parse(said["time"]),
        conditions=changed_since(since),
    )


def changed_since(since: datetime | None) -> tuple[Condition, ...]:
    """The condition that the provider has changed a product since then; none without a time."""
    return (Condition("updated", ">=", since),) if since else ()


def _bounds(asked: TemporalExtent, extent: TemporalExtent, now: datetime) -> tuple[datetime, datetime]:
    """Where to cut: what is asked, else what the collection has, else everything until now."""
    start = asked.start or extent.start or _FIRST
    return start, asked.end or extent.end or max(start, now)


def _halves(
    piece: Slice,
    start: datetime,
    end: datetime,
    found: int,
    target: int,
    count: Callable[[Slice], int | None],
) -> Iterator[Slice]:
    """The piece, or its halves until each has few enough products; empty ones are left out."""
    if not found:
        return
    middle = start + (end - start) / 2
    if found <= target or end - start < _SHORTEST:
        yield piece
        return
    left, right = _cut(piece, middle)
    for half, first, last in ((left, start, middle - _TICK), (right, middle, end)):
        number = count(half)
        half = replace(half, found=number)
        yield from _halves(half, first, last, found if number is None else number, target, count)


def _months(piece: Slice, start: datetime, end: datetime) -> Iterator[Slice]:
    month = _next_month(start)
    while month <= end:
        left, piece = _cut(piece, month)
        yield left
        month = _next_month(month)
    yield piece


def _cut(piece: Slice, at: datetime) -> tuple[Slice, Slice]:
    """Two slices that meet there; outer ends stay open when they were."""
    piece = replace(piece, found=None)
    before = TemporalExtent(piece.time.start, at - _TICK)
    return replace(piece, time=before), replace(piece, time=TemporalExtent(at, piece.time.end))


def _next_month(time: datetime) -> datetime:
    later = time.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)
    return later.replace(day=1)
