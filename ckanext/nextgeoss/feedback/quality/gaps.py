"""Gaps in a series of products: how often there is one as a rule, and when there was none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

# days with products from which on one may speak of a rule
LEAST_DAYS = 10
# a pause of so many times the usual one is a gap
_FACTOR = 3
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a product, the first and the last of them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Gaps:
    """A series of products: its first and last day, the usual number of days from one day with products to
    the next, and the pauses that are much longer."""

    first: date
    last: date
    revisit: int
    gaps: tuple[Gap, ...]

    @property
    def coverage(self) -> float:
        """The share of its days that are in no gap."""
        whole = (self.last - self.first).days + 1
        return 1 - sum(gap.days for gap in self.gaps) / whole

    def is_late(self, today: date) -> bool:
        """Whether the next product should have come long ago."""
        return (today - self.last).days > max(_FACTOR * self.revisit, 7)


def gaps_of(days: Iterable[date]) -> Gaps | None:
    """The gaps of a series that has products on these days; None when they are too few to tell."""
    present = sorted(set(days))
    if len(present) < LEAST_DAYS:
        return None
    pauses = sorted((after - before).days for before, after in pairwise(present))
    # as three of four are: a few long pauses do not make a rule, nor do pairs of days side by side
    revisit = pauses[3 * (len(pauses) - 1) // 4]
    gaps = [
        Gap(before + _DAY, after - _DAY)
        for before, after in pairwise(present)
        if (after - before).days > _FACTOR * revisit
    ]
    return Gaps(present[0], present[-1], revisit, tuple(gaps))
