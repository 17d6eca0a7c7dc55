"""The UTM projection on WGS 84, and the names of its zones and squares (MGRS, NGA.STND.0037)."""

from __future__ import annotations

import math

_A, _F = 6378137.0, 1 / 298.257223563
_N = _F / (2 - _F)
_SCALE = 0.9996 * _A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
# Krüger's series to the third order: errors below a millimetre within a zone
_ALPHA = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16,
    13 * _N**2 / 48 - 3 * _N**3 / 5,
    61 * _N**3 / 240,
)
_BETA = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96,
    _N**2 / 48 + _N**3 / 15,
    17 * _N**3 / 480,
)
_DELTA = (2 * _N - 2 * _N**2 / 3 - 2 * _N**3, 7 * _N**2 / 3 - 8 * _N**3 / 5, 56 * _N**3 / 15)
_FALSE_EASTING, _FALSE_NORTHING = 500_000.0, 10_000_000.0

_BANDS = "CDEFGHJKLMNPQRSTUVWXX"  # 8 degrees each from 80 south, the last 12
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
SQUARE = 100_000


def zone_of(lon: float, lat: float) -> int:
    """The zone (1 to 60) of a point, with the wide zones of Norway and Svalbard."""
    zone = min(60, int((lon + 180) // 6) + 1)
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if 72 <= lat < 84 and 0 <= lon < 42:
        return 31 if lon < 9 else 33 if lon < 21 else 35 if lon < 33 else 37
    return zone


def project(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Easting and northing in metres; south of the equator the northing counts from 10 000 km."""
    phi, lam = math.radians(lat), math.radians(lon - _meridian(zone))
    root = 2 * math.sqrt(_N) / (1 + _N)
    t = math.sinh(math.atanh(math.sin(phi)) - root * math.atanh(root * math.sin(phi)))
    xi, eta = math.atan2(t, math.cos(lam)), math.atanh(math.sin(lam) / math.sqrt(1 + t * t))
    x, y = eta, xi
    for j, a in enumerate(_ALPHA, 1):
        x += a * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
        y += a * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
    return _FALSE_EASTING + _SCALE * x, _SCALE * y + (_FALSE_NORTHING if lat < 0 else 0)


def unproject(easting: float, northing: float, zone: int, south: bool) -> tuple[float, float]:
    """Longitude and latitude in degrees; the longitude may go beyond 180 at the edge of a zone."""
    xi = (northing - (_FALSE_NORTHING if south else 0)) / _SCALE
    eta = (easting - _FALSE_EASTING) / _SCALE
    x, y = eta, xi
    for j, b in enumerate(_BETA, 1):
        x -= b * math.cos(2 * j * xi) * math.sinh(2 * j * eta)
        y -= b * math.sin(2 * j * xi) * math.cosh(2 * j * eta)
    chi = math.asin(math.sin(y) / math.cosh(x))
    phi = chi + sum(d * math.sin(2 * j * chi) for j, d in enumerate(_DELTA, 1))
    return _meridian(zone) + math.degrees(math.atan2(math.sinh(x), math.cos(y))), math.degrees(phi)


def square_name(zone: int, lat: float, column: int, row: int) -> str:
    """The MGRS name, such as 31TCJ, of the square in `column` and `row` (of 100 km) at latitude `lat`."""
    band = _BANDS[int((lat + 80) // 8)]
    letters = _COLUMNS[(zone - 1) % 3]
    return f"{zone:02d}{band}{letters[column - 1]}{_ROWS[(row + (0 if zone % 2 else 5)) % 20]}"


def square_corner(zone: int, band: str, letters: str) -> tuple[float, float] | None:
    """Easting and northing of the south-west corner of a square, such as 31, T, CJ; None when a zone has no
    such square. The letters of rows come again every 2000 km: the band tells which are meant."""
    columns = _COLUMNS[(zone - 1) % 3]
    if not 1 <= zone <= 60 or letters[0] not in columns or letters[1] not in _ROWS or band not in _BANDS:
        return None
    lowest = -80 + 8 * _BANDS.index(band)
    easting = (columns.index(letters[0]) + 1) * SQUARE
    row = (_ROWS.index(letters[1]) - (0 if zone % 2 else 5)) % 20
    for northing in range(row * SQUARE, int(_FALSE_NORTHING), 20 * SQUARE):
        # a square at the edge of a band has its name of either
        latitude = unproject(easting + SQUARE / 2, northing + SQUARE / 2, zone, band < "N")[1]
        if lowest - 1 <= latitude <= lowest + (13 if band == "X" else 9):
            return easting, northing
    return None


def _meridian(zone: int) -> float:
    return zone * 6 - 183.0
