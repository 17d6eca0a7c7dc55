"""Sentinel-5P products: trace gases, the sunlit part of one orbit in one product."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..satellites import LAST, S5P, SENTINEL_5P
from . import common

# collection, product type, what is measured
_GASES = (
    ("sentinel-5p-l2-no2-offl", "L2__NO2___", "nitrogen dioxide", "nitrogendioxide_tropospheric_column"),
    ("sentinel-5p-l2-o3-offl", "L2__O3____", "ozone", "ozone_total_vertical_column"),
    ("sentinel-5p-l2-co-offl", "L2__CO____", "carbon monoxide", "carbonmonoxide_total_column"),
    ("sentinel-5p-l2-ch4-offl", "L2__CH4___", "methane", "methane_mixing_ratio"),
)
COLLECTIONS = tuple(
    common.collection(
        name,
        f"Sentinel-5P Level-2 {gas.title()} (OFFL)",
        f"Columns of {gas} measured by TROPOMI, about 5.5 x 3.5 km each.",
        keywords=("atmosphere", gas, "Copernicus"),
        license=common.COPERNICUS,
        platforms=(S5P.name,),
        instruments=("tropomi",),
        providers=("ESA", "KNMI"),
    )
    for name, _, gas, _ in _GASES
)
_ARC = (-72.0, 76.0)  # degrees after the ascending node that have sun at any season, or nearly
_EDGES = (-1300.0, 1300.0)


def products(wanted: int) -> Iterator[Product]:
    """Orbits evenly over the period, all gases of each, `wanted` products in all."""
    first = S5P.epoch_orbit
    count = int((LAST - S5P.node(first)).total_seconds() / SENTINEL_5P.period)
    for orbit in common.spread(range(first, first + count), -(-wanted // len(_GASES)), "s5p"):
        for name, kind, gas, variable in _GASES:
            yield _product(name, kind, gas, variable, orbit)


def _product(name: str, kind: str, gas: str, variable: str, orbit: int) -> Product:
    start, end = S5P.time(orbit, _ARC[0]), S5P.time(orbit, _ARC[1])
    made = end + timedelta(hours=int(seeded.between(30, 60, name, orbit)))
    times = f"{common.stamp(start)}_{common.stamp(end)}_{orbit:05d}_03_020600_{common.stamp(made)}"
    return common.product(
        f"S5P_OFFL_{kind.rstrip('_').ljust(9, '_')}_{times}",
        name,
        title=f"Sentinel-5P {gas}, orbit {orbit}, {start:%Y-%m-%d}",
        footprint=S5P.footprint(orbit, _ARC, _EDGES),
        time=TemporalExtent(start, end),
        published=made,
        properties=common.flight(S5P, orbit, ascending=True)
        | {
            "constellation": "sentinel-5p",
            "instruments": ("tropomi",),
            "sensor_type": "ATMOSPHERIC",
            "gsd": 5500.0,
            "product_type": kind,
            "processing_level": "L2",
            "processing_version": "020600",
            "processing_datetime": made,
            "timeliness": "P14D",
            "timeliness_category": "OFFL",
            "measured_variables": (variable,),
        },
    )
