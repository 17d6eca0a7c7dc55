"""Faults in single records, as real providers have them: the product is kept and its problem noted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from ..eo.footprint import Footprint
from ..eo.product import Product
from . import seeded

_ONE_IN = 150


def spoiled(product: Product) -> Product:
    """The product, for a few of them with something wrong in it that the formats write down as it is; the
    same ones in every run."""
    place = seeded.number("defect", product.id)
    if place % _ONE_IN:
        return product
    return _DEFECTS[place // _ONE_IN % len(_DEFECTS)](product)


class _Crossed(Footprint):
    """An area whose outline crosses itself, which a footprint that was read never does."""

    __slots__ = ()

    @property
    def geojson(self) -> dict[str, Any]:
        said = Footprint(self.shape).geojson
        ring = said["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]
        return said

    @property
    def wkt(self) -> str:
        ring = ", ".join(f"{lon} {lat}" for lon, lat in self.geojson["coordinates"][0])
        return f"POLYGON (({ring}))"


def _impossible_cloud(product: Product) -> Product:
    return replace(product, properties={**product.properties, "cloud_cover": 104.3})


def _crossing_ring(product: Product) -> Product:
    footprint = product.footprint
    if footprint is None or footprint.geojson["type"] != "Polygon":
        return product
    return replace(product, footprint=_Crossed(footprint.shape))


def _size_in_words(product: Product) -> Product:
    assets = (
        replace(asset, size=cast(int, "large")) if asset.key == "data" else asset for asset in product.assets
    )
    return replace(product, assets=tuple(assets))


_DEFECTS: tuple[Callable[[Product], Product], ...] = (_impossible_cloud, _crossing_ring, _size_in_words)
