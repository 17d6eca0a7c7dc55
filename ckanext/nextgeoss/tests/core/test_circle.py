"""A circle as an area: nothing nearer is left out, nothing much farther is taken in."""

from __future__ import annotations

import math
import re

import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.circle import MARGIN, circle
from ckanext.nextgeoss.eo.errors import BadValue

A, B = 6378137.0, 6356752.314245
F = (A - B) / A


def distance(lon1: float, lat1: float, lon2: float, lat2: float) -> float | None:
    """Metres along the ellipsoid by Vincenty's inverse formula; None where it does not converge."""
    u1, u2 = (math.atan((1 - F) * math.tan(math.radians(lat))) for lat in (lat1, lat2))
    wide = math.radians((lon2 - lon1 + 180) % 360 - 180)
    turn = wide
    for _ in range(200):
        a = math.cos(u2) * math.sin(turn)
        b = math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(turn)
        sin_s = math.hypot(a, b)
        if sin_s == 0:
            return 0.0
        cos_s = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(turn)
        sigma = math.atan2(sin_s, cos_s)
        sin_a = math.cos(u1) * math.cos(u2) * math.sin(turn) / sin_s
        cos2_a = 1 - sin_a**2
        middle = cos_s - 2 * math.sin(u1) * math.sin(u2) / cos2_a if cos2_a > 1e-15 else 0.0
        c = F / 16 * cos2_a * (4 + F * (4 - 3 * cos2_a))
        before = turn
        series = middle + c * cos_s * (2 * middle**2 - 1)
        turn = wide + (1 - c) * F * sin_a * (sigma + c * sin_s * series)
        if abs(turn) > math.pi:
            return None
        if abs(turn - before) < 1e-12:
            break
    else:
        return None
    k = cos2_a * (A**2 - B**2) / B**2
    big = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    small = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    step = cos_s * (2 * middle**2 - 1) - small / 6 * middle * (4 * sin_s**2 - 3) * (4 * middle**2 - 3)
    return B * big * (sigma - small * sin_s * (middle + small / 4 * step))


radii = st.one_of(
    st.floats(10, 2_000),
    st.floats(2_000, 2_000_000),
    st.floats(2_000_000, 20_000_000),
)
points = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@settings(max_examples=80, deadline=None)
@given(points, radii, st.lists(st.tuples(st.floats(0, 2 * math.pi), st.floats(0.9, 1.1)), min_size=20))
# over a pole, nearly to a pole, through it, across 180 degrees, round both poles, nearly the world
@example((30.0, 85.0), 1_000_000.0, [])
@example((0.0, 80.0), 1_109_000.0, [])
@example((0.0, 80.0), 1_116_825.86 / MARGIN, [])
@example((179.99, 10.0), 100_000.0, [])
@example((-180.0, -64.0), 500_000.0, [])
@example((0.0, 0.0), 12_000_000.0, [])
@example((170.0, 20.0), 15_000_000.0, [])
@example((20.0, -30.0), 19_700_000.0, [])
@example((0.0, 90.0), 300_000.0, [])
@example((77.0, -90.0), 11_000_000.0, [])
@example((0.0, 0.0), 10_001_965.73 / MARGIN, [])
def test_it_holds_what_is_nearer_and_little_else(
    centre: tuple[float, float], radius: float, tries: list[tuple[float, float]]
) -> None:
    area = circle(*centre, radius)
    assert shapely.is_valid(area.shape)
    grid = [(x * math.pi / 45, part) for x in range(90) for part in (0.2, 0.9, 0.9999, 1.0045, 1.1, 2.0)]
    for bearing, part in [*tries, *grid]:
        where = beyond(centre, bearing, radius * part)
        metres = distance(*centre, *where)
        if metres is None:
            continue
        inside = shapely.intersects(area.shape, shapely.Point(where))
        if metres < radius - 0.05:  # the grid of footprints is a centimetre
            assert inside, (where, metres)
        if metres > radius * MARGIN * 1.00001 + 0.05 and radius * MARGIN < 19_900_000:
            assert not inside, (where, metres)


def beyond(centre: tuple[float, float], bearing: float, metres: float) -> tuple[float, float]:
    """A point about so far from the centre, on the sphere."""
    angle = min(metres / 6371008.8, math.pi)
    x, y = math.radians(centre[0]), math.radians(centre[1])
    sine = math.sin(y) * math.cos(angle) + math.cos(y) * math.sin(angle) * math.cos(bearing)
    lat = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(
        math.sin(bearing) * math.sin(angle) * math.cos(y), math.cos(angle) - math.sin(y) * math.sin(lat)
    )
    return (math.degrees(x + turn) + 180) % 360 - 180, math.degrees(lat)


def test_in_the_plane_it_has_forty_corners() -> None:
    assert len(circle(10, 45, 1000).geojson["coordinates"][0]) == 41


def test_across_the_antimeridian_it_has_two_parts() -> None:
    area = circle(179.9, 0, 50_000)
    assert area.geojson["type"] == "MultiPolygon"
    west, _, east, _ = area.bbox
    assert west > 179 and east < -179


@pytest.mark.parametrize("lat", [90, -90, 89, -89])
def test_round_a_pole_it_holds_the_pole(lat: float) -> None:
    area = circle(12, lat, 500_000)
    assert area.bbox[0::2] == (-180, 180)
    assert abs(area.bbox[1 if lat < 0 else 3]) == 90


def test_half_the_circumference_is_the_world() -> None:
    assert circle(5, 5, 20_037_508).bbox == (-180, -90, 180, 90)
    assert circle(5, 5, 20_037_508).area == pytest.approx(360 * 180)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((181, 0, 1), "lon: 181 is not allowed; expected a longitude within -180..180 degrees"),
        ((0, -91, 1), "lat: -91 is not allowed"),
        ((float("nan"), 0, 1), "lon: nan"),
        ((0, 0, 0), "radius: 0 is not allowed; expected metres, more than 0 and at most 20037508"),
        ((0, 0, -5), "radius: -5"),
        ((0, 0, 3e7), "radius: 30000000.0"),
        ((0, 0, float("inf")), "radius: inf"),
    ],
)
def test_what_is_no_circle_is_named(arguments: tuple[float, float, float], told: str) -> None:
    with pytest.raises(BadValue, match=re.escape(told)):
        circle(*arguments)
