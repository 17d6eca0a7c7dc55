"""When a dataset is rated much more often than usual: a plain rule on counts by day."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, pstdev

# days before the last one that say what is usual
USUAL_DAYS = 28


def usual(days: Sequence[int]) -> float:
    """How many ratings come in a day."""
    return fmean(days) if days else 0.0


def score(today: int, days: Sequence[int]) -> float:
    """By how many deviations the ratings of the last 24 hours are above those of the days before. The
    deviation is at least that of chance, and one rating: a dataset that nobody rated has one, too."""
    mean = usual(days)
    deviation = max(pstdev(days) if days else 0.0, sqrt(mean), 1.0)
    return (today - mean) / deviation
