"""What a check finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")

# of one check: how many places are told, and how long each may be
MOST_FOUND, LONGEST_FOUND = 10, 300


@dataclass(frozen=True, slots=True)
class Finding:
    """How much of what a check asks for is so, from 0 to 1, and where it is not: names of fields and files,
    values."""

    value: float
    found: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is left to do."""
        return self.value >= 1.0


GOOD = Finding(1.0)


def both(good: bool, otherwise: str) -> Finding:
    """All or nothing."""
    return GOOD if good else Finding(0.0, (otherwise,))


def share(things: Sequence[_T], is_good: Callable[[_T], bool], name: Callable[[_T], str]) -> Finding | None:
    """The share of things that are good; None without any."""
    if not things:
        return None
    bad = [name(thing)[:LONGEST_FOUND] for thing in things if not is_good(thing)]
    return Finding(1 - len(bad) / len(things), tuple(bad[:MOST_FOUND])) if bad else GOOD
