"""What all protocols of the simulated provider ask of its products."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ..eo.collection import Collection
from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.product import Product
from ..eo.temporal import ALWAYS, TemporalExtent
from .entries import Entry

MAX_COUNT = 1000  # products of one page, in all protocols


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether an entry was changed then or later."""

    since: datetime

    def __call__(self, entry: Entry) -> bool:
        updated = entry.made(_updated)
        return updated is not None and updated >= self.since


def _updated(product: Product) -> datetime | None:
    found = product.properties.get("updated")
    return found if isinstance(found, datetime) else None


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
            and self._in_time(entry.time)
            and self.reaches(entry.footprint)
            and all(condition(entry) for condition in self.also)
        )

    def reaches(self, footprint: Footprint | None) -> bool:
        """Whether an area shares a point with what is asked."""
        return self.area is None or (footprint is not None and footprint.intersects(self.area))

    def _in_time(self, time: TemporalExtent) -> bool:
        if self.time.start and time.end and time.end < self.time.start:
            return False
        return not (self.time.end and time.start and time.start > self.time.end)


class Holdings(Protocol):
    """The products of a provider; safe to use from many threads."""

    @property
    def collections(self) -> Mapping[str, Collection]:
        """The collections that have products, by id."""
        ...

    def matching(self, asked: Question) -> Sequence[Entry]:
        """The entries that match, the newest first or as asked."""
        ...

    def entry(self, name: str) -> Entry | None:
        """The entry of the product with this identifier."""
        ...

    def period(self, collection: str) -> TemporalExtent:
        """From the first start to the last end of a collection's products."""
        ...

    def prepare(self, make: Callable[[Product], bytes]) -> None:
        """Make these texts of all products beforehand, so that nobody waits for them."""
        ...


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
