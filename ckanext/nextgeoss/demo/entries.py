"""What a simulated provider holds: products, written once in each format and ready to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from ..eo.footprint import Footprint
from ..eo.product import Product
from ..eo.temporal import TemporalExtent
from . import defects

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A product with what searches look at."""

    # as it is served: its files on this server, and for a few with something wrong in it
    product: Product
    time: TemporalExtent
    footprint: Footprint | None
    cloud_cover: float
    _made: dict[Callable[[Product], Any], Any] = field(default_factory=dict[Any, Any])

    @property
    def id(self) -> str:
        """The identifier of the product."""
        return self.product.id

    @property
    def collection(self) -> str:
        """The collection of the product."""
        return self.product.collection

    def made(self, make: Callable[[Product], _T]) -> _T:
        """What `make` makes of the product, which it does once."""
        if make not in self._made:
            self._made[make] = make(self.product)
        return self._made[make]

    def matches(self, time: TemporalExtent, area: Footprint | None) -> bool:
        """Whether it shares an instant with the time and a point with the area."""
        if time.start and self.time.end and self.time.end < time.start:
            return False
        if time.end and self.time.start and self.time.start > time.end:
            return False
        return area is None or (self.footprint is not None and self.footprint.intersects(area))


def absolute(product: Product, base_url: str) -> Product:
    """The product with the addresses of its assets on this server."""
    assets = (
        replace(asset, href=base_url + asset.href) if asset.href.startswith("/") else asset
        for asset in product.assets
    )
    return replace(product, assets=tuple(assets))


def entries(products: Iterable[Product], base_url: str, with_defects: bool) -> list[Entry]:
    """The entries of products, the newest first."""
    found = [_entry(product, base_url, with_defects) for product in products]
    found.sort(key=lambda entry: (_when(entry.time), entry.id), reverse=True)
    return found


def _entry(product: Product, base_url: str, with_defects: bool) -> Entry:
    served = absolute(product, base_url)
    clouds = product.properties.get("cloud_cover")
    return Entry(
        product=defects.spoiled(served) if with_defects else served,
        time=product.time,
        footprint=product.footprint,
        cloud_cover=float(clouds) if isinstance(clouds, (int, float)) else 0.0,
    )


def _when(time: TemporalExtent) -> float:
    known: datetime | None = time.start or time.end
    return known.timestamp() if known else 0.0
