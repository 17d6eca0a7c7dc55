"""Where the products are: round places that people search, then evenly over the world."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .orbits import EARTH_RADIUS, wrapped

# longitude, latitude of the middle
REGIONS = {
    "Toulouse": (1.4, 43.6),
    "Po valley": (10.5, 45.2),
    "Rhine delta": (4.6, 51.9),
    "Attica": (23.7, 38.0),
    "Guadalquivir": (-5.6, 37.3),
    "Danube delta": (29.2, 45.1),
    "Southern Iceland": (-19.0, 64.2),
    "Svalbard": (16.0, 78.3),
    "Ellesmere Island": (-76.0, 81.3),
    "Fiji": (179.3, -17.2),
    "Chukotka": (179.5, 66.8),
    "Antarctic Peninsula": (-61.5, -66.2),
    "McMurdo Sound": (165.5, -77.6),
    "Ross Ice Shelf": (-178.0, -81.4),
    "Amazon at Manaus": (-60.0, -3.1),
    "Inner Niger delta": (-4.3, 14.9),
    "Nile delta": (31.1, 30.8),
    "Ganges delta": (90.2, 22.9),
    "Great Barrier Reef": (146.5, -18.6),
    "San Francisco Bay": (-122.2, 37.7),
    "Patagonian ice field": (-73.2, -49.6),
    "Ilulissat": (-50.0, 69.2),
}
ROUNDS = 12
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_SPREAD = 75.0  # km; the area of a region grows by its square with each round
_WORLD = 200_000


def places() -> Iterator[tuple[float, float]]:
    """Longitudes and latitudes: region by region in rounds that lead outwards, then everywhere."""
    for turn in range(ROUNDS):
        for lon, lat in REGIONS.values():
            yield _beside(lon, lat, turn)
    for n in range(_WORLD):  # Fibonacci lattice, in an order that covers the world at any length
        height = 1 - 2 * ((n * 0.6180339887498949 + 0.5) % 1)
        yield wrapped(n * 0.7548776662466927 * 360), math.degrees(math.asin(height))


def _beside(lon: float, lat: float, turn: int) -> tuple[float, float]:
    distance = math.degrees(_SPREAD * math.sqrt(turn) / EARTH_RADIUS)
    angle = turn * _GOLDEN_ANGLE
    north = distance * math.sin(angle)
    east = distance * math.cos(angle) / math.cos(math.radians(lat))
    return wrapped(lon + east), max(-89.0, min(89.0, lat + north))
