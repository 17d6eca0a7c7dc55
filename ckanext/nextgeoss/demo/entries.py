"""What a simulated provider holds: products, rendered once and ready to be found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..eo.footprint import Footprint
from ..eo.formats.stac import write_item
from ..eo.product import Product
from ..eo.temporal import TemporalExtent
from . import defects


@dataclass(frozen=True, slots=True)
class Entry:
    """A product as its STAC item, with what searches look at."""

    id: str
    collection: str
    time: TemporalExtent
    footprint: Footprint | None
    cloud_cover: float
    # the item as JSON
    body: bytes

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
    item = write_item(absolute(product, base_url), base_url=base_url)
    if with_defects:
        item = defects.spoiled(item)
    clouds = product.properties.get("cloud_cover")
    return Entry(
        id=product.id,
        collection=product.collection,
        time=product.time,
        footprint=product.footprint,
        cloud_cover=float(clouds) if isinstance(clouds, (int, float)) else 0.0,
        body=json.dumps(item, separators=(",", ":"), ensure_ascii=False).encode(),
    )


def _when(time: TemporalExtent) -> float:
    known: datetime | None = time.start or time.end
    return known.timestamp() if known else 0.0
