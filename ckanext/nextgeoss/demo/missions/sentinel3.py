"""Sentinel-3 products: ocean colour by day, land temperature by day and night, in frames of three minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...eo.product import Product, Value
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..orbits import Satellite
from ..places import places
from ..satellites import S3A, S3B, SENTINEL_3
from . import common

OLCI, SLSTR = "sentinel-3-olci-1-efr-ntc", "sentinel-3-sl-2-lst-ntc"
_ABOUT = {
    "license": common.COPERNICUS,
    "platforms": (S3A.name, S3B.name),
    "providers": ("ESA", "EUMETSAT"),
}
COLLECTIONS = (
    common.collection(
        OLCI,
        "Sentinel-3 OLCI Level-1 Full Resolution (NTC)",
        "Top-of-atmosphere radiance of ocean and land in 21 bands of 300 m.",
        keywords=("ocean colour", "radiance", "Copernicus"),
        instruments=("olci",),
        **_ABOUT,
    ),
    common.collection(
        SLSTR,
        "Sentinel-3 SLSTR Level-2 Land Surface Temperature (NTC)",
        "Temperature of the land surface with 1 km resolution.",
        keywords=("land surface temperature", "thermal infrared", "Copernicus"),
        instruments=("slstr",),
        **_ABOUT,
    ),
)
_FRAME = 180.0  # seconds
_DEGREES = _FRAME / SENTINEL_3.period * 360
# km right of the track: OLCI looks away from the sun, SLSTR's nadir view is wider than its oblique one
_EDGES = {OLCI: (-497.0, 773.0), SLSTR: (-700.0, 700.0)}
_NAMES = {OLCI: "OL_1_EFR___", SLSTR: "SL_2_LST___"}


def products(visits: int) -> Iterator[Product]:
    """Frames over all places, `visits` of each place, instrument and direction at most; none twice."""
    seen: set[tuple[str, str, int, int]] = set()
    for lon, lat in places():
        for name, ascending in ((OLCI, False), (SLSTR, False), (SLSTR, True)):
            flights = [
                (satellite, orbit)
                for satellite in (S3A, S3B)
                for orbit in satellite.passes(lon, lat, 0.0, ascending)
            ]
            number = round(SENTINEL_3.argument(lat, 0.0, ascending) / _DEGREES - 0.5)
            for satellite, orbit in common.spread(flights, visits, name, lon, lat):
                key = (name, satellite.name, orbit, number)
                time = satellite.time(orbit, (number + 0.5) * _DEGREES)
                if key not in seen and (name == SLSTR or common.is_day(time, lon, lat)):
                    seen.add(key)
                    yield _product(name, satellite, orbit, number, ascending)


def _product(name: str, satellite: Satellite, orbit: int, number: int, ascending: bool) -> Product:
    arc = (number * _DEGREES, (number + 1) * _DEGREES)
    start, end = satellite.time(orbit, arc[0]), satellite.time(orbit, arc[1])
    made = end + timedelta(hours=int(seeded.between(20, 40, name, satellite.name, orbit, number)))
    cycle, relative = satellite.cycle(orbit), satellite.relative(orbit)
    frame = round((arc[0] % 360) * 10)
    times = "_".join(common.stamp(time) for time in (start, end, made))
    identifier = (
        f"{satellite.code}_{_NAMES[name]}_{times}_{round(_FRAME) - 1:04d}"
        f"_{cycle:03d}_{relative:03d}_{frame:04d}_PS1_O_NT_004"
    )
    footprint = satellite.footprint(orbit, arc, _EDGES[name])
    lon, lat = footprint.centroid
    return common.product(
        identifier,
        name,
        title=f"{satellite.name.title()} {'OLCI' if name == OLCI else 'SLSTR'} frame, {start:%Y-%m-%d %H:%M}",
        footprint=footprint,
        time=TemporalExtent(start, end),
        published=made + timedelta(minutes=30),
        properties=common.flight(satellite, orbit, ascending)
        | _described(name)
        | {
            "constellation": "sentinel-3",
            "cloud_cover": common.cloud_cover(lat, name, orbit, number),
            "frame": str(frame),
            "processing_datetime": made,
            "timeliness": "P1M",
            "timeliness_category": "NTC",
        }
        | common.light(start, lon, lat),
    )


def _described(name: str) -> dict[str, Value]:
    if name == OLCI:
        return {
            "instruments": ("olci",),
            "sensor_type": "OPTICAL",
            "gsd": 300.0,
            "product_type": "OL_1_EFR___",
            "processing_level": "L1",
        }
    return {
        "instruments": ("slstr",),
        "sensor_type": "OPTICAL",
        "gsd": 1000.0,
        "product_type": "SL_2_LST___",
        "processing_level": "L2",
        "measured_variables": ("land_surface_temperature",),
    }
