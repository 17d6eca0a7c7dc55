"""Where the tiles of common grids are, by their names."""

from __future__ import annotations

import math
import re

from .footprint import Footprint

# Copernicus Global Land and PROBA-V: 10 degrees, from 180 W and 75 N
_TEN = re.compile(r"X(\d\d)Y(\d\d)", re.I)
# MODIS and VIIRS: 10 degrees of the sinusoidal grid, from 180 W and 90 N
_SINUSOIDAL = re.compile(r"h(\d\d)v(\d\d)", re.I)
# one corner in whole degrees, such as N50E010 or 50N_010E: 10 degrees to the east, and to the south of it
_CORNER = re.compile(r"([NS])(\d\d)_?([EW])(\d{3})|(\d\d)([NS])_?(\d{3})([EW])", re.I)


def tile_footprint(name: str) -> Footprint | None:
    """The box of a tile; None for a name of another grid, and for a tile that there is not."""
    if found := _TEN.fullmatch(name):
        return _box(int(found[1]) * 10 - 180, 75 - int(found[2]) * 10)
    if found := _SINUSOIDAL.fullmatch(name):
        return _sinusoidal(int(found[1]), int(found[2]))
    if found := _CORNER.fullmatch(name):
        north, latitude, east, longitude = (
            found.group(1, 2, 3, 4) if found[1] else (found[6], found[5], found[8], found[7])
        )
        sign_y, sign_x = 1 if north.upper() == "N" else -1, 1 if east.upper() == "E" else -1
        return _box(int(longitude) * sign_x, int(latitude) * sign_y)
    return None


def _box(west: float, north: float) -> Footprint | None:
    if not (-180 <= west < 180 and -80 <= north <= 90):
        return None
    return Footprint.from_bbox(west, north - 10, min(west + 10, 180), north)


def _sinusoidal(column: int, row: int) -> Footprint | None:
    """The box around a tile, whose east and west edges are curves."""
    if column > 35 or row > 17:
        return None
    south, north = 80.0 - row * 10, 90.0 - row * 10
    left, right = column * 10 - 180, column * 10 - 170
    # the grid gets narrower towards the poles: an edge is farthest out where the tile is
    near, far = min(abs(south), abs(north)), max(abs(south), abs(north))
    if min(abs(left), abs(right)) >= 180 * math.cos(math.radians(near)):  # beyond the edge of the world
        return None
    cosines = [max(math.cos(math.radians(latitude)), 1e-6) for latitude in (near, far)]
    west = max(-180.0, min(left / cosine for cosine in cosines))
    east = min(180.0, max(right / cosine for cosine in cosines))
    return Footprint.from_bbox(round(west, 6), south, round(east, 6), north)
