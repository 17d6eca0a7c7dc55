"""All checks of a record, and the score of what they find: 0 to 100, in five dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .check import BANDS, DIMENSIONS
from .checks import BY_ID, OF_KIND
from .findings import Finding
from .record import Record


@dataclass(frozen=True, slots=True)
class Score:
    """A score of 0 to 100, and that of each dimension; None where nothing could be checked."""

    total: int | None
    dimensions: Mapping[str, int | None]

    @property
    def band(self) -> str | None:
        """One of BANDS."""
        return band_of(self.total)


def band_of(total: float | None) -> str | None:
    """The band of a score."""
    if total is None:
        return None
    return next(name for name, least in BANDS.items() if total >= least)


def examine(record: Record) -> dict[str, Finding]:
    """What all checks that apply find, by the id of the check."""
    found: dict[str, Finding] = {}
    for check in OF_KIND[record.kind]:
        finding = check.rule(record)
        if finding is not None:
            found[check.id] = finding
    return found


def score_of(found: Mapping[str, Finding]) -> Score:
    """The score of what was found: the share of the weights of a dimension, and the mean of the dimensions by
    their own weights."""
    reached, weights = dict.fromkeys(DIMENSIONS, 0.0), dict.fromkeys(DIMENSIONS, 0)
    for name, finding in found.items():
        check = BY_ID[name]
        if check.weight:
            reached[check.dimension] += check.weight * finding.value
            weights[check.dimension] += check.weight
    shares = {name: reached[name] / weight for name, weight in weights.items() if weight}
    dimensions = {name: round(100 * shares[name]) if name in shares else None for name in DIMENSIONS}
    whole = sum(DIMENSIONS[name] for name in shares)
    total = sum(DIMENSIONS[name] * reached for name, reached in shares.items()) / whole if whole else None
    return Score(None if total is None else round(100 * total), dimensions)
