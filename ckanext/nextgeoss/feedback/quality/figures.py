"""Figures of many datasets: how many there are, their mean scores, and what is wrong how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .check import BANDS, DIMENSIONS
from .checks import BY_ID
from .score import band_of


@dataclass(slots=True)
class Figures:
    """Sums, so that those of several groups can be added."""

    datasets: int = 0
    # of the score and of each dimension: the sum, and of how many datasets
    sums: dict[str, tuple[float, int]] = field(default_factory=dict[str, tuple[float, int]])
    bands: dict[str, int] = field(default_factory=dict[str, int])
    # datasets that do not pass, by check
    failed: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, other: Figures) -> None:
        """Add those of other datasets."""
        self.datasets += other.datasets
        for name, (total, number) in other.sums.items():
            before = self.sums.get(name, (0.0, 0))
            self.sums[name] = before[0] + total, before[1] + number
        for mine, more in ((self.bands, other.bands), (self.failed, other.failed)):
            for name, number in more.items():
                mine[name] = mine.get(name, 0) + number

    def mean(self, name: str) -> float | None:
        """The mean of the score, or of a dimension; None when nothing could be checked."""
        total, number = self.sums.get(name, (0.0, 0))
        return round(total / number, 1) if number else None

    def write(self) -> dict[str, Any]:
        """As JSON: `datasets`, `score`, `band`, `dimensions`, `bands`, `failed`."""
        score = self.mean("score")
        return {
            "datasets": self.datasets,
            "score": score,
            "band": band_of(None if score is None else round(score)),
            "dimensions": {name: self.mean(name) for name in DIMENSIONS},
            "bands": {name: self.bands.get(name, 0) for name in BANDS},
            "failed": {name: number for name, number in sorted(self.failed.items()) if name in BY_ID},
        }


def total(parts: Iterable[Figures]) -> Figures:
    """The figures of all together."""
    found = Figures()
    for part in parts:
        found.add(part)
    return found


def worst_first(figures: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Checks by what would be won by fixing them, with the number of datasets that fail them: weight of the
    check within its dimension, times the weight of that, times datasets. Indicators come last."""
    failed: Mapping[str, int] = figures["failed"]

    def gain(name: str) -> float:
        check = BY_ID[name]
        return check.weight * DIMENSIONS.get(check.dimension, 0) * failed[name]

    known = [name for name in failed if name in BY_ID]
    return [(name, failed[name]) for name in sorted(known, key=lambda name: (-gain(name), name))]
