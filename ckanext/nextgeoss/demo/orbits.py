"""Sun-synchronous orbits with a repeating ground track: where a satellite is and what its swath covers.

Circular, on a sphere. In a sun-synchronous orbit the local time of the ascending node stays the same, so the
node's longitude follows from the time of day alone (Capderou, Handbook of Satellite Orbits, chapter 10).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from ..eo.footprint import Footprint

EARTH_RADIUS = 6371.0  # km
DAY = 86_400.0
_STEP = 4.0  # degrees of arc between the corners of a long swath


@dataclass(frozen=True, slots=True)
class Orbit:
    """A kind of orbit: `orbits` revolutions in `days` days repeat the ground track."""

    inclination: float
    orbits: int
    days: int
    # local time of the ascending node, hours
    node_time: float

    @property
    def period(self) -> float:
        """Seconds of a revolution, node to node."""
        return self.days * DAY / self.orbits

    def ground(self, argument: float, across: float = 0.0) -> tuple[float, float]:
        """Longitude after the ascending node's and latitude, `argument` degrees of arc after the node and
        `across` km right of the track."""
        u, i, d = math.radians(argument), math.radians(self.inclination), across / EARTH_RADIUS
        x = math.cos(u) * math.cos(d)
        y = math.sin(u) * math.cos(i) * math.cos(d) + math.sin(i) * math.sin(d)
        z = math.sin(u) * math.sin(i) * math.cos(d) - math.cos(i) * math.sin(d)
        turned = argument / 360 * self.period / DAY * 360
        return math.degrees(math.atan2(y, x)) - turned, math.degrees(math.asin(max(-1.0, min(1.0, z))))

    def argument(self, lat: float, across: float, ascending: bool) -> float:
        """Degrees of arc after the node where the point `across` km right of the track is at this latitude,
        or the nearest that is ever reached; from -90 to 270."""
        i, d = math.radians(self.inclination), across / EARTH_RADIUS
        sine = (math.sin(math.radians(lat)) + math.cos(i) * math.sin(d)) / (math.sin(i) * math.cos(d))
        u = math.degrees(math.asin(max(-1.0, min(1.0, sine))))
        return u if ascending else 180 - u

    def node_longitude(self, time: datetime) -> float:
        """Longitude of the ascending node of an orbit whose node is crossed at this time."""
        hours = (time - time.replace(hour=0, minute=0, second=0, microsecond=0)).total_seconds() / 3600
        return wrapped(15 * (self.node_time - hours))


@dataclass(frozen=True, slots=True)
class Satellite:
    """One satellite: where it was once tells where it is ever after."""

    name: str
    # prefix of its products, such as S2A
    code: str
    # COSPAR
    designator: str
    orbit: Orbit
    # crossing of the ascending node of the orbit with these numbers
    epoch: datetime
    epoch_orbit: int
    epoch_relative: int
    # days of regular service that matter here
    first: datetime
    last: datetime

    def node(self, orbit: int) -> datetime:
        """When the ascending node of the absolute orbit is crossed."""
        return self.epoch + timedelta(seconds=(orbit - self.epoch_orbit) * self.orbit.period)

    def relative(self, orbit: int) -> int:
        """The number of the absolute orbit within its cycle, from 1."""
        return (self.epoch_relative - 1 + orbit - self.epoch_orbit) % self.orbit.orbits + 1

    def cycle(self, orbit: int) -> int:
        """The number of the repeat cycle since launch, from 1."""
        first = orbit - self.relative(orbit) + 1
        return max(0, first) // self.orbit.orbits + 1

    def time(self, orbit: int, argument: float) -> datetime:
        """When the satellite is `argument` degrees of arc after the node of the absolute orbit, to the ms."""
        exact = self.node(orbit) + timedelta(seconds=argument / 360 * self.orbit.period)
        return exact.replace(microsecond=exact.microsecond // 1000 * 1000)

    def passes(self, lon: float, lat: float, across: float, ascending: bool) -> range:
        """Absolute orbits in service whose point `across` km right of the track comes nearest to a place,
        one each cycle."""
        argument = self.orbit.argument(lat, across, ascending)
        wanted = lon - self.orbit.ground(argument, across)[0]
        count = self.orbit.orbits
        slot = round((self.orbit.node_longitude(self.epoch) - wanted) * count / 360)
        step = slot * pow(self.orbit.days, -1, count) % count
        first = math.ceil((self.first - self.epoch).total_seconds() / self.orbit.period)
        last = math.floor((self.last - self.epoch).total_seconds() / self.orbit.period)
        start = self.epoch_orbit + first + (step - first) % count
        return range(start, self.epoch_orbit + last + 1, count)

    def footprint(self, orbit: int, arc: tuple[float, float], edges: tuple[float, float]) -> Footprint:
        """What is seen between two arguments (degrees) and two distances right of the track (km)."""
        node = self.orbit.node_longitude(self.node(orbit))
        return _footprint(self.orbit, round(node, 4), arc, edges)


@lru_cache(maxsize=50_000)
def _footprint(orbit: Orbit, node: float, arc: tuple[float, float], edges: tuple[float, float]) -> Footprint:
    ring = [orbit.ground(u, across) for u, across in _outline(arc, edges)]
    corners = [[round(wrapped(node + lon), 4), round(lat, 4)] for lon, lat in ring]
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": [[*corners, corners[0]]]})
    assert found is not None
    return found


def _outline(arc: tuple[float, float], edges: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Corners of a swath in degrees of arc and km right of the track, counter-clockwise from above."""
    (start, end), (left, right) = arc, edges
    along = max(1, math.ceil((end - start) / _STEP))
    wide = max(1, math.ceil((right - left) / EARTH_RADIUS * 180 / math.pi / _STEP))
    for n in range(along):
        yield start + (end - start) * n / along, right
    for n in range(wide):
        yield end, right - (right - left) * n / wide
    for n in range(along):
        yield end - (end - start) * n / along, left
    for n in range(wide):
        yield start, left + (right - left) * n / wide


def wrapped(lon: float) -> float:
    """A longitude within -180..180."""
    return (lon + 180) % 360 - 180


def sun(time: datetime, lon: float, lat: float) -> tuple[float, float]:
    """Azimuth and elevation of the sun in degrees, to about a degree (Spencer 1971, without refraction)."""
    year = datetime(time.year, 1, 1, tzinfo=timezone.utc)
    day = (time - year).total_seconds() / DAY
    g = 2 * math.pi * day / 365
    declination = 0.006918 - 0.399912 * math.cos(g) + 0.070257 * math.sin(g) - 0.006758 * math.cos(2 * g)
    declination += 0.000907 * math.sin(2 * g)
    equation = 229.18 * (0.000075 + 0.001868 * math.cos(g) - 0.032077 * math.sin(g))
    hour = math.radians(((day % 1) * 24 + equation / 60 - 12) * 15 + lon)
    phi = math.radians(lat)
    up = math.sin(phi) * math.sin(declination) + math.cos(phi) * math.cos(declination) * math.cos(hour)
    east = -math.cos(declination) * math.sin(hour)
    north = math.cos(phi) * math.sin(declination) - math.sin(phi) * math.cos(declination) * math.cos(hour)
    azimuth = math.degrees(math.atan2(east, north)) % 360
    return round(azimuth, 2) % 360, round(math.degrees(math.asin(max(-1.0, min(1.0, up)))), 2)
