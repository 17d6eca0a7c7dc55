"""Counts and ends over the products of a search, whoever asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many products have a value, or one from `low` (included) to `high` (not included); None is open."""

    key: str
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregated:
    """One aggregation: a `value`, None where nothing has one, or `buckets`. `data_type` is numeric, string,
    datetime or interval_<period>; `overflow` counts the products in none of the buckets, None: not known."""

    name: str
    data_type: str
    value: int | float | datetime | None = None
    buckets: tuple[Bucket, ...] | None = None
    overflow: int | None = None
