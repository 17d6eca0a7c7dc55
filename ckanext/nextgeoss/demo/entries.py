"""What a simulated provider holds: products, written once in each format and ready to be found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from ..eo.footprint import Footprint
from ..eo.product import Product
from ..eo.temporal import TemporalExtent
from . import defects

_T = TypeVar("_T")


class Entry(Protocol):
    """A product as it is served, with what searches look at."""

    @property
    def id(self) -> str:
        """The identifier of the product."""
        ...

    @property
    def collection(self) -> str:
        """The collection of the product."""
        ...

    @property
    def time(self) -> TemporalExtent:
        """When the product was acquired."""
        ...

    @property
    def footprint(self) -> Footprint | None:
        """The product's area."""
        ...

    @property
    def cloud_cover(self) -> float:
        """Percent of clouds, 0 when that is not known."""
        ...

    def made(self, make: Callable[[Product], _T]) -> _T:
        """What `make` makes of the product."""
        ...


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry whose product is kept, and what was made of it, too."""

    # its files on this server, and for a few products something wrong in them
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


def absolute(product: Product, base_url: str) -> Product:
    """The product with the addresses of its assets on this server."""
    assets = (
        replace(asset, href=base_url + asset.href) if asset.href.startswith("/") else asset
        for asset in product.assets
    )
    return replace(product, assets=tuple(assets))


def kept_entries(products: Iterable[Product], base_url: str, with_defects: bool) -> list[KeptEntry]:
    """The entries of products, the newest first."""
    found = [_entry(product, base_url, with_defects) for product in products]
    found.sort(key=lambda entry: (moment(entry), entry.id), reverse=True)
    return found


def moment(entry: Entry) -> float:
    """What entries are sorted by: the start, else the end, in seconds since 1970; 0 without either."""
    known = entry.time.start or entry.time.end
    return known.timestamp() if known else 0.0


def _entry(product: Product, base_url: str, with_defects: bool) -> KeptEntry:
    served = absolute(product, base_url)
    clouds = product.properties.get("cloud_cover")
    return KeptEntry(
        product=defects.spoiled(served) if with_defects else served,
        time=product.time,
        footprint=product.footprint,
        cloud_cover=float(clouds) if isinstance(clouds, (int, float)) else 0.0,
    )
