"""A page of a search answer, from a remote provider or from our own catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .product import Product


@dataclass(frozen=True, slots=True)
class Page:
    """Products, how many match in all (None: not told), how to go on (empty: the end), counts by facet."""

    products: tuple[Product, ...]
    total: int | None = None
    next: str = ""
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, int], ...]]
    )
