"""Sentinel-1 orbit files: products with a time and no place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from ..satellites import FIRST, S1A
from . import common

NAME = "sentinel-1-aux-poeorb"
COLLECTIONS = (
    common.collection(
        NAME,
        "Sentinel-1 precise orbit files",
        "Orbit state vectors of one day, restituted with a precision of 5 cm.",
        keywords=("orbit", "auxiliary", "Copernicus"),
        license=common.COPERNICUS,
        platforms=(S1A.name,),
        providers=("ESA",),
    ),
)
_LAG = timedelta(days=20)


def products(wanted: int) -> Iterator[Product]:
    """One file a day, `wanted` days evenly over the period."""
    for day in common.spread(range(500), wanted, NAME):
        start = FIRST + timedelta(days=day - 1, hours=22, minutes=59, seconds=42)
        end = start + timedelta(days=1, minutes=2)
        made = start + _LAG
        yield common.product(
            f"S1A_OPER_AUX_POEORB_OPOD_{common.stamp(made)}_V{common.stamp(start)}_{common.stamp(end)}",
            NAME,
            title=f"Sentinel-1A precise orbit, {end:%Y-%m-%d}",
            footprint=None,
            time=TemporalExtent(start, end),
            published=made,
            properties={
                "platform": S1A.name,
                "constellation": "sentinel-1",
                "product_type": "AUX_POEORB",
                "processing_level": "L0",
            },
        )
