"""MODIS on Terra: calibrated radiances in granules of five minutes, over the poles too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..places import places
from ..satellites import AM1, TERRA
from . import common

NAME = "modis-021km-061"
COLLECTIONS = (
    common.collection(
        NAME,
        "MODIS/Terra Calibrated Radiances 5-Min L1B Swath 1km",
        "Calibrated radiances in 36 bands, aggregated to 1 km.",
        keywords=("radiance", "thermal", "visible", "MODIS"),
        license="https://www.earthdata.nasa.gov/engage/open-data-services-and-software/data-information-policy",
        doi="10.5067/MODIS/MOD021KM.061",
        platforms=("terra",),
        instruments=("modis",),
        providers=("NASA",),
    ),
)
_GRANULE = 300.0  # seconds
_DEGREES = _GRANULE / TERRA.period * 360
_EDGES = (-1165.0, 1165.0)


def products(visits: int) -> Iterator[Product]:
    """Granules by day over all places, `visits` of each at most; none twice."""
    seen: set[tuple[int, int]] = set()
    for lon, lat in places():
        number = round(TERRA.argument(lat, 0.0, ascending=False) / _DEGREES)
        flights = AM1.passes(lon, lat, 0.0, ascending=False)
        for orbit in common.spread(flights, visits, lon, lat):
            if (orbit, number) not in seen:
                seen.add((orbit, number))
                yield _product(orbit, number)


def _product(orbit: int, number: int) -> Product:
    arc = ((number - 0.5) * _DEGREES, (number + 0.5) * _DEGREES)  # so that some hold a pole
    start, end = AM1.time(orbit, arc[0]), AM1.time(orbit, arc[1])
    made = end + timedelta(hours=int(seeded.between(8, 30, orbit, number)))
    footprint = AM1.footprint(orbit, arc, _EDGES)
    lon, lat = footprint.centroid
    return common.product(
        f"MOD021KM.A{start:%Y%j.%H%M}.061.{made:%Y%j%H%M%S}",
        NAME,
        title=f"Terra MODIS radiances, {start:%Y-%m-%d %H:%M}",
        footprint=footprint,
        time=TemporalExtent(start, end),
        published=made,
        properties=common.flight(AM1, orbit, ascending=False)
        | common.light(start, lon, lat)
        | {
            "constellation": "eos",
            "instruments": ("modis",),
            "sensor_type": "OPTICAL",
            "cloud_cover": common.cloud_cover(lat, NAME, orbit, number),
            "gsd": 1000.0,
            "product_type": "MOD021KM",
            "processing_level": "L1B",
            "processing_version": "6.1",
            "processing_datetime": made,
        },
    )
