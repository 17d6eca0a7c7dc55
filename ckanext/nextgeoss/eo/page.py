"""A page of a search answer, from a remote provider or from our own catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .product import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What our own catalogue knows of a product besides the product."""

    # of the dataset
    uuid: str
    name: str
    # name and title of the organization
    provider: str = ""
    provider_title: str = ""
    # when the dataset was made and last changed here
    created: datetime | None = None
    modified: datetime | None = None
    # "online", "offline" or "sign-in"
    access: str = ""
    private: bool = False
    # ids of the providers that offer the product's assets, one for each; "" for what people added
    offered_by: tuple[str, ...] = ()
    # what users say of it, as far as they do: `average` of `ratings`, how many `items` in all and when the
    # `latest` came, how bad the worst of the `open_issues` is ("none"), the fields it is `fit_for`,
    # `publications` (DOI or nothing, a tab, what it is); what automatic checks say: `metadata_score`,
    # `metadata_band`
    feedback: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Page:
    """Products, how many match in all (None: not told), how to go on (empty: the end), counts by facet."""

    products: tuple[Product, ...]
    total: int | None = None
    next: str = ""
    facets: Mapping[str, tuple[tuple[str, int], ...]] = field(
        default_factory=dict[str, tuple[tuple[str, int], ...]]
    )
    # one for each product, in their order; empty for pages of remote providers
    entries: tuple[Entry, ...] = ()
