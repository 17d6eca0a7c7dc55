"""Sentinel-1 ground range detected products: radar slices of 25 seconds, day and night."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..orbits import Satellite
from ..places import places
from ..satellites import S1A, S1C, SENTINEL_1
from . import common

NAME = "sentinel-1-grd"
COLLECTIONS = (
    common.collection(
        NAME,
        "Sentinel-1 Level-1 Ground Range Detected (GRD)",
        "C-band synthetic aperture radar images, detected and projected to ground range.",
        keywords=("radar", "SAR", "C-band", "Copernicus"),
        license=common.COPERNICUS,
        platforms=(S1A.name, S1C.name),
        instruments=("c-sar",),
        providers=("ESA",),
    ),
)
_SLICE = 25.0  # seconds
# mode: km right of the track, incidence angle in the middle, pixel spacing, polarisations
_IW = ("IW", (368.0, 618.0), 38.3, 10.0, ("VV", "VH"), "DV", "H")
_EW = ("EW", (236.0, 636.0), 34.5, 40.0, ("HH", "HV"), "DH", "M")


def products(visits: int) -> Iterator[Product]:
    """Slices over all places, `visits` of each place and direction at most; none twice."""
    seen: set[tuple[str, int, int]] = set()
    for lon, lat in places():
        for ascending in (True, False):
            yield from _over(lon, lat, ascending, visits, seen)


def _over(
    lon: float, lat: float, ascending: bool, visits: int, seen: set[tuple[str, int, int]]
) -> Iterator[Product]:
    mode = _EW if abs(lat) > 62 else _IW
    across = sum(mode[1]) / 2
    argument = SENTINEL_1.argument(lat, across, ascending)
    number = round(argument / 360 * SENTINEL_1.period / _SLICE)
    flights = [(s, orbit) for s in (S1A, S1C) for orbit in s.passes(lon, lat, across, ascending)]
    for satellite, orbit in common.spread(flights, visits, lon, lat, ascending):
        if (key := (satellite.name, orbit, number)) not in seen:
            seen.add(key)
            yield _product(satellite, orbit, number, mode, ascending)


def _product(
    satellite: Satellite,
    orbit: int,
    number: int,
    mode: tuple[str, tuple[float, float], float, float, tuple[str, ...], str, str],
    ascending: bool,
) -> Product:
    name, edges, incidence, spacing, polarisations, letters, resolution = mode
    degrees = _SLICE / SENTINEL_1.period * 360
    arc = (number * degrees, (number + 1) * degrees)
    start = satellite.time(orbit, arc[0])
    end = start + timedelta(seconds=_SLICE - 0.001)
    take = seeded.hexadecimal(6, "take", satellite.name, orbit, number // 12)
    unique = seeded.hexadecimal(4, "file", satellite.name, orbit, number)
    times = f"{common.stamp(start)}_{common.stamp(end)}"
    identifier = f"{satellite.code}_{name}_GRD{resolution}_1S{letters}_{times}_{orbit:06d}_{take}_{unique}"
    return common.product(
        identifier,
        NAME,
        title=f"{satellite.name.title()} {name} GRD, {start:%Y-%m-%d %H:%M}",
        footprint=satellite.footprint(orbit, arc, edges),
        time=TemporalExtent(start, end),
        published=end + timedelta(minutes=int(seeded.between(65, 200, identifier))),
        properties=common.flight(satellite, orbit, ascending)
        | {
            "constellation": "sentinel-1",
            "instruments": ("c-sar",),
            "sensor_type": "RADAR",
            "instrument_mode": name,
            "polarizations": polarisations,
            "polarization_mode": "D",
            "frequency_band": "C",
            "center_frequency": 5.405,
            "observation_direction": "right",
            "incidence_angle": incidence,
            "pixel_spacing_range": spacing,
            "pixel_spacing_azimuth": spacing,
            "gsd": 20.0 if name == "IW" else 93.0,
            "product_type": f"{name}_GRD{resolution}_1S",
            "processing_level": "L1",
            "processing_version": "3.71",
            "timeliness": "PT3H",
            "timeliness_category": "NRT-3h",
            "datatake_id": str(int(take, 16)),
            "slice_number": number % 12 + 1,
            "total_slices": 12,
        },
    )
