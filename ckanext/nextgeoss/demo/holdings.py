"""What all protocols of the simulated provider ask of its products."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from ..eo.collection import Collection
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.temporal import ALWAYS, TemporalExtent
from .entries import Entry

MAX_COUNT = 1000  # products of one page, in all protocols
_KEPT_SEARCHES = 64


@dataclass(frozen=True, slots=True)
class Question:
    """A search, whatever the page; empty members ask for everything."""

    collections: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    time: TemporalExtent = ALWAYS
    area: Footprint | None = None
    # what one protocol alone can ask; equal ones ask the same
    also: tuple[Callable[[Entry], bool], ...] = ()
    oldest_first: bool = False

    def matches(self, entry: Entry) -> bool:
        """Whether an entry is wanted."""
        return (
            (not self.collections or entry.collection in self.collections)
            and (not self.ids or entry.id in self.ids)
            and entry.matches(self.time, self.area)
            and all(condition(entry) for condition in self.also)
        )


class Holdings:
    """The entries of a provider, and its collections that have any; safe to use from many threads."""

    def __init__(self, found: list[Entry], about: Iterable[Collection]):
        self.entries = found
        self.by_id = {entry.id: entry for entry in found}
        known = {collection.id: collection for collection in about}
        present = dict.fromkeys(entry.collection for entry in reversed(found))
        self.collections = {name: known.get(name) or Collection(id=name, title=name) for name in present}
        self._kept: OrderedDict[Question, list[Entry]] = OrderedDict()
        self._lock = Lock()

    def matching(self, asked: Question) -> list[Entry]:
        """The entries that match, in order; kept for the next pages of the same search."""
        with self._lock:
            if (kept := self._kept.get(asked)) is not None:
                self._kept.move_to_end(asked)
                return kept
        found = [entry for entry in self.entries if asked.matches(entry)]
        if asked.oldest_first:
            found.reverse()
        with self._lock:
            self._kept[asked] = found
            if len(self._kept) > _KEPT_SEARCHES:
                self._kept.popitem(last=False)
        return found


def whole_number(value: object, where: str, low: int, high: int) -> int:
    """A number in these bounds; else BadValue."""
    text = str(value)
    if not text.isascii() or not text.isdecimal() or not low <= int(text[:20]) <= high:
        raise BadValue(value, where, f"a whole number from {low} to {high}")
    return int(text)


def box(value: object) -> Footprint | None:
    """The area of a parameter `bbox`, a text or a list of numbers; else BadValue."""
    numbers = value.split(",") if isinstance(value, str) else value
    try:
        return Footprint.from_geojson([float(number) for number in numbers])  # type: ignore[union-attr]
    except (TypeError, ValueError) as error:
        raise BadValue(value, "bbox", "four or six numbers: west, south, east, north in degrees") from error
