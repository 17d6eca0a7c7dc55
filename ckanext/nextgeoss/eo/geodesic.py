"""Ways on the ellipsoid of WGS 84."""

from __future__ import annotations

import math

from .unwrap import Point

# metres: half axes of WGS 84, the way from the equator to a pole, half the equator
_A, _B = 6378137.0, 6356752.314245
QUARTER = 10001965.73
HALF_EQUATOR = math.pi * _A
_FLATTENING = 1 - _B / _A


def destination(start: Point, bearing: float, distance: float) -> Point:
    """Where one arrives who goes so many metres from a point (longitude, latitude) along the geodesic that
    leaves it at a bearing, in radians clockwise from north. The longitude may leave -180..180.

    T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid, Survey Review 23 (1975)."""
    reduced = math.atan((1 - _FLATTENING) * math.tan(math.radians(start[1])))
    sin_u, cos_u = math.sin(reduced), math.cos(reduced)
    sin_b, cos_b = math.sin(bearing), math.cos(bearing)
    sin_alpha = cos_u * sin_b
    cos2_alpha = 1 - sin_alpha**2
    first = math.atan2(sin_u, cos_u * cos_b)
    u2 = cos2_alpha * (_A**2 - _B**2) / _B**2
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    sigma = distance / (_B * a)
    for _ in range(20):
        middle = math.cos(2 * first + sigma)
        step = math.cos(sigma) * (2 * middle**2 - 1)
        step -= b / 6 * middle * (4 * math.sin(sigma) ** 2 - 3) * (4 * middle**2 - 3)
        before, sigma = sigma, distance / (_B * a) + b * math.sin(sigma) * (middle + b / 4 * step)
        if abs(sigma - before) < 1e-13:
            break
    sin_s, cos_s, middle = math.sin(sigma), math.cos(sigma), math.cos(2 * first + sigma)
    across = sin_u * sin_s - cos_u * cos_s * cos_b
    latitude = math.atan2(
        sin_u * cos_s + cos_u * sin_s * cos_b, (1 - _FLATTENING) * math.hypot(sin_alpha, across)
    )
    turned = math.atan2(sin_s * sin_b, cos_u * cos_s - sin_u * sin_s * cos_b)
    c = _FLATTENING / 16 * cos2_alpha * (4 + _FLATTENING * (4 - 3 * cos2_alpha))
    series = sigma + c * sin_s * (middle + c * cos_s * (2 * middle**2 - 1))
    return start[0] + math.degrees(turned - (1 - c) * _FLATTENING * sin_alpha * series), math.degrees(
        latitude
    )


def angle_between(a: Point, b: Point) -> float:
    """The angle in radians between two points seen from the centre of a sphere."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    half = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * math.asin(min(1.0, math.sqrt(half)))
