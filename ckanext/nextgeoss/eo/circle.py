"""Circles as areas: filters of Solr for circles lose hits, a polygon drawn round the circle loses none."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from .errors import BadValue
from .footprint import Footprint
from .geodesic import HALF_EQUATOR, QUARTER, angle_between, destination
from .unwrap import Point, Ring

# how much farther than the circle the area reaches at most: as far as the corners of a regular 36-gon
MARGIN = 1 / math.cos(math.pi / 36)
# where the plane is flat, and how far the corners are: so that the edges touch neither circle
_CORNERS, _REACH = 40, MARGIN * (1 - 1e-4)
# metres, from where on geodesics meet on the other side of the Earth
_WORLD = 19_900_000.0
# degrees of longitude that an edge spans at most, radians of bearing between corners at least
_LONGEST, _FINEST = 90.0, 1e-9


def circle(lon: float, lat: float, radius_m: float) -> Footprint:
    """The area round all points at most `radius_m` metres (along the ellipsoid) from a point: none of them is
    outside, and nothing inside is farther than `radius_m * MARGIN`. BadValue when there is no such circle."""
    _check(lon, -180, 180, "lon", "a longitude within -180..180 degrees")
    _check(lat, -90, 90, "lat", "a latitude within -90..90 degrees")
    _check(radius_m, 0, HALF_EQUATOR, "radius", f"metres, more than 0 and at most {HALF_EQUATOR:.0f}")
    reach = radius_m * _REACH
    if radius_m <= 0:
        raise BadValue(radius_m, "radius", f"metres, more than 0 and at most {HALF_EQUATOR:.0f}")
    # a pole itself has no longitude from which bearings could be told
    centre = (float(lon), max(-90 + 1e-9, min(90 - 1e-9, float(lat))))
    ring = None
    while ring is None and reach < _WORLD:
        ring = _ring(centre, radius_m, reach)
        reach *= 1 + 1e-6  # off the pole
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": _rings(ring, lat, reach)})
    assert found is not None
    return found


def _check(value: float, low: float, high: float, where: str, allowed: str) -> None:
    if not low <= value <= high:
        raise BadValue(value, where, allowed)


def _rings(ring: Ring | None, lat: float, reach: float) -> list[Ring]:
    """The rings of the area inside a circle's ring, whose longitudes are in one plane; None: of the world."""
    if ring is None:
        return [_world()]
    gained = round((ring[-1][0] - ring[0][0]) / 360)
    if gained:  # round one pole
        pole = math.copysign(90.0, lat)
        corners = [(ring[-1][0] - gained * 90.0 * step, pole) for step in range(5)]
        return [[*ring, *corners, ring[0]]]
    # without a pole, or round both
    return [ring] if reach < QUARTER else [_world(), ring]


def _world() -> Ring:
    east = [(-180.0 + 90 * step, -90.0) for step in range(5)]
    return [*east, *((-x, 90.0) for x, _ in east), east[0]]


def _ring(centre: Point, radius: float, reach: float) -> Ring | None:
    """The corners all round; None when the circle passes through a pole."""
    step = 2 * math.pi / _CORNERS
    starts = [(step * number, destination(centre, step * number, reach)) for number in range(_CORNERS)]
    ring, x = [starts[0][1]], starts[0][1][0]
    for one, other in pairwise([*starts, (2 * math.pi, starts[0][1])]):
        for _, corner in _between(centre, radius, reach, one, other):
            x += _turned(x, corner[0])
            if abs(x - ring[-1][0]) > _LONGEST:
                return None
            ring.append((x, corner[1]))
    return ring


def _between(
    centre: Point, radius: float, reach: float, one: tuple[float, Point], other: tuple[float, Point]
) -> Iterator[tuple[float, Point]]:
    """The corners after one and up to the other, each a bearing and a point: as many as it takes for the
    straight edges to stay between the two distances."""
    bearing = (one[0] + other[0]) / 2
    middle = destination(centre, bearing, reach)
    if other[0] - one[0] < _FINEST or _keeps(centre, radius, reach, one[1], other[1], middle):
        yield other
        return
    yield from _between(centre, radius, reach, one, (bearing, middle))
    yield from _between(centre, radius, reach, (bearing, middle), other)


def _keeps(centre: Point, radius: float, reach: float, one: Point, other: Point, middle: Point) -> bool:
    """Whether the straight edge from one to the other stays between the two distances. The angle of the point
    of the circle between them tells how metres and angles compare in that direction."""
    width = _turned(one[0], other[0])
    if abs(width) > _LONGEST:
        return False
    metres = reach / angle_between(centre, middle)
    farthest = reach * MARGIN / _REACH
    for part in (0.25, 0.5, 0.75):
        x, y = one[0] + part * width, one[1] + part * (other[1] - one[1])
        if not radius < metres * angle_between(centre, (x, y)) < farthest:
            return False
    return True


def _turned(x: float, other: float) -> float:
    """The short way in degrees from one longitude to the other."""
    return (other - x + 180) % 360 - 180
