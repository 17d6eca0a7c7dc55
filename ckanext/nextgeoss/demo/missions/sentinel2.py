"""Sentinel-2 products: one tile of one datatake, as Level-2A and every third also as Level-1C."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..orbits import Satellite
from ..places import places
from ..satellites import S2A, S2B, S2C, SENTINEL_2
from ..tiling import Tile, tile_at
from . import common

L1C, L2A = "sentinel-2-l1c", "sentinel-2-l2a"
_SATELLITES = (S2A, S2B, S2C)
_ABOUT = {
    "keywords": ("multispectral", "land", "Copernicus"),
    "license": common.COPERNICUS,
    "platforms": tuple(satellite.name for satellite in _SATELLITES),
    "instruments": ("msi",),
    "providers": ("ESA",),
}
COLLECTIONS = (
    common.collection(
        L2A,
        "Sentinel-2 Level-2A",
        "Surface reflectance in 13 bands of 10 to 60 m, in tiles of 110 km, with a scene classification.",
        **_ABOUT,
    ),
    common.collection(
        L1C,
        "Sentinel-2 Level-1C",
        "Top-of-atmosphere reflectance in 13 bands of 10 to 60 m, in tiles of 110 km.",
        **_ABOUT,
    ),
)


def products(visits: int) -> Iterator[Product]:
    """Tiles at all places where the mission works, `visits` clear of night of each; none twice."""
    seen: set[str] = set()
    for lon, lat in places():
        if not -79 < lat < 83 or (tile := tile_at(lon, lat)).name in seen:
            continue
        seen.add(tile.name)
        for number, (satellite, orbit, start) in enumerate(common.spread(_days(tile), visits, tile.name)):
            yield _product(L2A, satellite, orbit, start, tile)
            if number % 3 == 0:
                yield _product(L1C, satellite, orbit, start, tile)


def _days(tile: Tile) -> list[tuple[Satellite, int, datetime]]:
    """All acquisitions of a tile by daylight."""
    lon, lat = tile.centre
    argument = SENTINEL_2.argument(lat, 0.0, ascending=False)
    flights = (
        (satellite, orbit, satellite.time(orbit, argument))
        for satellite in _SATELLITES
        for orbit in satellite.passes(lon, lat, 0.0, ascending=False)
    )
    return sorted(
        (flight for flight in flights if common.is_day(flight[2], lon, lat)), key=lambda flight: flight[2]
    )


def _product(name: str, satellite: Satellite, orbit: int, start: datetime, tile: Tile) -> Product:
    level = "L1C" if name == L1C else "L2A"
    version = "0510" if start.year == 2024 else "0511"
    made = start + timedelta(minutes=int(seeded.between(120, 600, name, satellite.name, orbit, tile.name)))
    identifier = (
        f"{satellite.code}_MSI{level}_{common.stamp(start)}_N{version}"
        f"_R{satellite.relative(orbit):03d}_T{tile.name}_{common.stamp(made)}"
    )
    lon, lat = tile.centre
    clouds = common.cloud_cover(lat, tile.name, orbit)
    return common.product(
        identifier,
        name,
        title=f"{satellite.name.title()} {level} {tile.name}, {start:%Y-%m-%d}",
        footprint=tile.footprint,
        time=TemporalExtent(start, start),
        published=made + timedelta(minutes=20),
        properties=common.flight(satellite, orbit, ascending=False)
        | common.light(start, lon, lat)
        | {
            "constellation": "sentinel-2",
            "instruments": ("msi",),
            "sensor_type": "OPTICAL",
            "instrument_mode": "INS-NOBS",
            "tile_id": tile.name,
            "grid_code": f"MGRS-{tile.name}",
            "proj_code": tile.code,
            "gsd": 10.0,
            "cloud_cover": clouds,
            "snow_cover": _snow(lat, start, clouds),
            "product_type": f"S2MSI{level[1:]}",
            "processing_level": level,
            "processing_version": f"{version[:2]}.{version[2:]}",
            "processing_datetime": made,
            "timeliness": "PT24H",
            "timeliness_category": "NRT",
            "datatake_id": f"GS2{satellite.code[-1]}_{common.stamp(start)}_{orbit:06d}_N{version}",
        },
    )


def _snow(lat: float, time: datetime, clouds: float) -> float:
    """Percent of snow that is seen: more towards the poles and in winter, none under clouds."""
    winter = (abs((time.month - 7) % 12 - 6) if lat < 0 else 6 - abs((time.month - 1 + 6) % 12 - 6)) / 6
    line = 82 - 30 * (1 - winter)
    share = max(0.0, min(1.0, (abs(lat) - line) / 15))
    return round((100 - clouds) * share, 2)
