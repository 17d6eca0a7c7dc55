"""The satellites: orbits as published by ESA, USGS and NASA; phases close to the real ones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .orbits import Orbit, Satellite, wrapped

FIRST = datetime(2024, 1, 1, tzinfo=timezone.utc)
LAST = datetime(2025, 7, 1, tzinfo=timezone.utc)

SENTINEL_1 = Orbit(inclination=98.18, orbits=175, days=12, node_time=18.0)
SENTINEL_2 = Orbit(inclination=98.62, orbits=143, days=10, node_time=22.5)
SENTINEL_3 = Orbit(inclination=98.65, orbits=385, days=27, node_time=22.0)
SENTINEL_5P = Orbit(inclination=98.74, orbits=227, days=16, node_time=13.5)
LANDSAT = Orbit(inclination=98.2, orbits=233, days=16, node_time=22.2)
TERRA = Orbit(inclination=98.2, orbits=233, days=16, node_time=22.5)

# WRS-2: path 1 crosses the equator going south at 64.6 degrees west (landsat.gsfc.nasa.gov)
WRS_FIRST_NODE = -64.6
WRS_PATHS = 233


def node_over(orbit: Orbit, day: datetime, lon: float, lat: float, *, ascending: bool) -> datetime:
    """The crossing of the ascending node, on this day, of the orbit that then passes over a place."""
    node = wrapped(lon - orbit.ground(orbit.argument(lat, 0.0, ascending))[0])
    return day + timedelta(hours=(orbit.node_time - node / 15) % 24)


def path_longitude(path: int) -> float:
    """Where a path of WRS-2 crosses the equator going south."""
    return wrapped(WRS_FIRST_NODE - (path - 1) * 360 / WRS_PATHS)


def _day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=timezone.utc)


# track 117 goes north past Milan, relative orbit 51 south past Toulouse, path 44 south past San Francisco
_S1 = node_over(SENTINEL_1, _day(2024, 1, 6), 5.4, 45.0, ascending=True)
_S2 = node_over(SENTINEL_2, _day(2024, 1, 6), 1.0, 43.6, ascending=False)
_S3 = node_over(SENTINEL_3, _day(2024, 1, 1), 12.0, 42.0, ascending=False)
_S5P = node_over(SENTINEL_5P, _day(2024, 1, 1), 10.0, 45.0, ascending=True)
_L8 = node_over(LANDSAT, _day(2024, 1, 9), path_longitude(44), 0.0, ascending=False)
_TERRA = node_over(TERRA, _day(2024, 1, 1), path_longitude(44), 0.0, ascending=False)

_S1C_START, _S2C_START = _day(2025, 3, 26), _day(2025, 1, 21)
S1A = Satellite("sentinel-1a", "S1A", "2014-016A", SENTINEL_1, _S1, 51_989, 117, FIRST, LAST)
S1C = Satellite(
    "sentinel-1c",
    "S1C",
    "2024-235A",
    SENTINEL_1,
    _S1 + timedelta(days=438),
    1_489,
    117,
    _day(2025, 3, 26),
    LAST,
)
S2A = Satellite("sentinel-2a", "S2A", "2015-028A", SENTINEL_2, _S2, 44_607, 51, FIRST, _S2C_START)
S2B = Satellite(
    "sentinel-2b", "S2B", "2017-013A", SENTINEL_2, _S2 + timedelta(days=5), 35_770, 51, FIRST, LAST
)
S2C = Satellite(
    "sentinel-2c",
    "S2C",
    "2024-157A",
    SENTINEL_2,
    _S2 + timedelta(days=390),
    2_102,
    51,
    _day(2025, 1, 21),
    LAST,
)
S3A = Satellite("sentinel-3a", "S3A", "2016-011A", SENTINEL_3, _S3, 41_059, 236, FIRST, LAST)
# flies 140 degrees ahead
S3B = Satellite(
    "sentinel-3b",
    "S3B",
    "2018-039A",
    SENTINEL_3,
    _S3 + timedelta(seconds=-140 / 360 * SENTINEL_3.period),
    29_655,
    236,
    FIRST,
    LAST,
)
S5P = Satellite("sentinel-5p", "S5P", "2017-064A", SENTINEL_5P, _S5P, 32_216, 50, FIRST, LAST)
L8 = Satellite("landsat-8", "LC08", "2013-008A", LANDSAT, _L8, 57_881, 44, FIRST, LAST)
L9 = Satellite("landsat-9", "LC09", "2021-088A", LANDSAT, _L8 + timedelta(days=-8), 12_090, 44, FIRST, LAST)
AM1 = Satellite("terra", "MOD", "1999-068A", TERRA, _TERRA, 127_750, 44, FIRST, LAST)
