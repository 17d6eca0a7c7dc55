"""What a catalogue holds of a collection."""

from __future__ import annotations

from dataclasses import dataclass

from .collection import Collection
from .page import Entry
from .temporal import ALWAYS, TemporalExtent


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """The products of one collection; `bbox` is west, south, east, north, None without footprints."""

    count: int = 0
    time: TemporalExtent = ALWAYS
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A collection, what the catalogue holds of it, and how many of its products a search finds; without an
    `entry` no dataset describes it."""

    collection: Collection
    holdings: Holdings
    matched: int
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """Collections by identifier, and how many match in all."""

    collections: tuple[Held, ...]
    total: int
