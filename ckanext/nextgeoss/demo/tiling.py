"""The tiles of Sentinel-2 and the scenes of Landsat."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..eo.footprint import Footprint
from . import utm
from .orbits import wrapped
from .satellites import LANDSAT, WRS_PATHS, path_longitude

_TILE = 109_800.0  # metres
_PIXEL = 60  # the corners lie on multiples of the largest pixel
_ROWS = 248  # rows of WRS-2 in a revolution; row 60 is the equator going south
_SCENE = (185.0, 180.0)  # km across and along the track


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of Sentinel-2: an MGRS square of 100 km, enlarged to the east and south by 9.8 km."""

    name: str
    zone: int
    south: bool
    # upper left corner, metres
    easting: float
    northing: float

    @property
    def code(self) -> str:
        """The EPSG code of its projection."""
        return f"EPSG:{(32700 if self.south else 32600) + self.zone}"

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        middle = _TILE / 2
        lon, lat = utm.unproject(self.easting + middle, self.northing - middle, self.zone, self.south)
        return wrapped(lon), lat

    @property
    def footprint(self) -> Footprint:
        """The tile's area, tilted against the meridians."""
        return _tile_footprint(self)


@lru_cache(maxsize=50_000)
def _tile_footprint(tile: Tile) -> Footprint:
    corners: list[list[float]] = []
    for east, south in ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0)):
        lon, lat = utm.unproject(
            tile.easting + east * _TILE, tile.northing - south * _TILE, tile.zone, tile.south
        )
        corners.append([round(wrapped(lon), 6), round(lat, 6)])
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": [corners]})
    assert found is not None
    return found


def tile_at(lon: float, lat: float) -> Tile:
    """The tile whose square holds a point between 80 south and 84 north."""
    zone = utm.zone_of(lon, lat)
    easting, northing = utm.project(lon, lat, zone)
    column, row = int(easting // utm.SQUARE), int(northing // utm.SQUARE)
    middle = utm.unproject((column + 0.5) * utm.SQUARE, (row + 0.5) * utm.SQUARE, zone, lat < 0)[1]
    left = column * utm.SQUARE // _PIXEL * _PIXEL
    top = -(-(row + 1) * utm.SQUARE // _PIXEL) * _PIXEL
    name = utm.square_name(zone, max(-79.9, min(83.9, middle)), column, row)
    return Tile(name, zone, lat < 0, left, top)


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene of the Worldwide Reference System 2."""

    path: int
    row: int

    @property
    def argument(self) -> float:
        """Degrees of arc from the ascending node to the middle."""
        return 180 + (self.row - 60) * 360 / _ROWS

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        lon, lat = LANDSAT.ground(self.argument)
        return wrapped(lon - LANDSAT.ground(180)[0] + path_longitude(self.path)), lat

    @property
    def arc(self) -> tuple[float, float]:
        """Where it starts and ends, in degrees of arc after the ascending node."""
        half = _SCENE[1] / 2 / 111.195
        return self.argument - half, self.argument + half

    @property
    def edges(self) -> tuple[float, float]:
        """Its left and right edge, in km right of the track."""
        return -_SCENE[0] / 2, _SCENE[0] / 2


def scene_at(lon: float, lat: float) -> Scene:
    """The scene of the day side whose middle is nearest to a place."""
    argument = LANDSAT.argument(lat, 0.0, ascending=False)
    row = round((argument - 180) * _ROWS / 360 + 60)
    at_equator = lon - LANDSAT.ground(argument)[0] + LANDSAT.ground(180)[0]
    path = round((path_longitude(1) - at_equator) * WRS_PATHS / 360) % WRS_PATHS + 1
    return Scene(path, max(1, min(row, 122)))
