"""Small pictures for products: PNG, and GeoTIFF as the data file, made with the standard library."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache

from . import seeded

Colour = tuple[int, int, int]
# colours from low to high values: false colours of vegetation, radar backscatter, ocean colour, ...
PALETTES: dict[str, tuple[Colour, ...]] = {
    "sentinel-1": ((8, 10, 16), (60, 64, 70), (128, 132, 136), (210, 214, 214)),
    "sentinel-2": ((10, 26, 66), (92, 70, 60), (168, 60, 52), (226, 74, 70)),
    "sentinel-3": ((4, 22, 70), (8, 92, 122), (40, 158, 120), (196, 206, 120)),
    "sentinel-5p": ((16, 8, 60), (120, 28, 110), (220, 80, 60), (252, 220, 120)),
    "landsat": ((6, 36, 60), (34, 92, 52), (150, 128, 78), (222, 190, 140)),
    "terra": ((12, 34, 78), (38, 78, 60), (128, 118, 80), (218, 214, 196)),
}
DATA_SIDE = 64
_VARIANTS = 6
_CLOUD: Colour = (244, 246, 250)


def palette_of(collection_id: str) -> str:
    """The palette for the products of a collection."""
    return next((name for name in PALETTES if collection_id.startswith(name)), "terra")


def picture(palette: str, seed: str, side: int, cloud: float = 0.0) -> bytes:
    """A square PNG of `side` pixels, the same for the same seed; `cloud` percent of it are white."""
    rows = _pixels(PALETTES[palette], seed, side, cloud)
    raw = b"".join(b"\0" + row for row in rows)  # filter 0 before each row
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(raw, 6)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def geotiff(palette: str, name: str, bbox: tuple[float, float, float, float]) -> bytes:
    """The data file of a product: an RGB GeoTIFF on WGS 84 over its box (TIFF 6.0, OGC 19-008r4)."""
    west, south, east, north = bbox
    if west > east:
        east += 360
    scale = ((east - west) / DATA_SIDE or 1e-7, (north - south) / DATA_SIDE or 1e-7, 0.0)
    keys = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326)  # geographic, pixel is area
    body = _body(palette, seeded.number("body", name) % _VARIANTS)
    tags: list[tuple[int, int, bytes]] = [
        (256, 3, struct.pack("<H", DATA_SIDE)),
        (257, 3, struct.pack("<H", DATA_SIDE)),
        (258, 3, struct.pack("<3H", 8, 8, 8)),
        (259, 3, struct.pack("<H", 1)),
        (262, 3, struct.pack("<H", 2)),
        (270, 2, name.encode("ascii") + b"\0"),
        (273, 4, b""),  # where the pixels start
        (277, 3, struct.pack("<H", 3)),
        (278, 3, struct.pack("<H", DATA_SIDE)),
        (279, 4, struct.pack("<I", len(body))),
        (33550, 12, struct.pack("<3d", *scale)),
        (33922, 12, struct.pack("<6d", 0, 0, 0, west, north, 0)),
        (34735, 3, struct.pack("<16H", *keys)),
    ]
    return _tiff(tags) + body


_SIZES = {2: 1, 3: 2, 4: 4, 12: 8}


def _tiff(tags: list[tuple[int, int, bytes]]) -> bytes:
    """Header and directory; values over four bytes follow it, the pixels follow these."""
    start = 8 + 2 + 12 * len(tags) + 4
    extra = b""
    entries: list[tuple[int, int, int, bytes]] = []
    for tag, kind, value in tags:
        count = max(1, len(value) // _SIZES[kind])
        if len(value) > 4:
            entries.append((tag, kind, count, struct.pack("<I", start + len(extra))))
            extra += value + b"\0" * (len(value) % 2)
        else:
            entries.append((tag, kind, count, value.ljust(4, b"\0")))
    pixels = struct.pack("<I", start + len(extra))
    lines = [struct.pack("<HHI", *entry[:3]) + (entry[3] if entry[0] != 273 else pixels) for entry in entries]
    head = struct.pack("<2sHIH", b"II", 42, 8, len(tags))
    return head + b"".join(lines) + b"\0\0\0\0" + extra


@lru_cache(maxsize=64)
def _body(palette: str, variant: int) -> bytes:
    return b"".join(_pixels(PALETTES[palette], f"data {variant}", DATA_SIDE, 10.0 * variant))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixels(palette: tuple[Colour, ...], seed: str, side: int, cloud: float) -> Iterator[bytes]:
    """Rows of RGB: smooth noise through the palette, white where a second noise is low."""
    land, sky = _noise(seed + " land"), _noise(seed + " sky")
    lowest = [[sky(x / side, y / side) for x in range(side)] for y in range(side)]
    below = sorted(value for row in lowest for value in row)
    limit = below[min(len(below) - 1, int(len(below) * cloud / 100))] if cloud > 0 else -1.0
    colours = [_colour(palette, n / 255) for n in range(256)]
    for y in range(side):
        row = bytearray()
        for x in range(side):
            if lowest[y][x] <= limit:
                row += bytes(_CLOUD)
            else:
                row += colours[int(255 * land(x / side, y / side))]
        yield bytes(row)


def _colour(palette: tuple[Colour, ...], value: float) -> bytes:
    place = value * (len(palette) - 1)
    n = min(int(place), len(palette) - 2)
    part = place - n
    return bytes(round(a + (b - a) * part) for a, b in zip(palette[n], palette[n + 1], strict=True))


def _noise(seed: str) -> Callable[[float, float], float]:
    """Value noise of two octaves on the unit square, 0 to 1."""
    grids = [(cells, weight, _grid(seed, cells)) for cells, weight in ((4, 0.6), (13, 0.4))]

    def value(x: float, y: float) -> float:
        total = 0.0
        for cells, weight, grid in grids:
            i, j = int(x * cells), int(y * cells)
            u, v = x * cells - i, y * cells - j
            u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
            top = grid[j][i] * (1 - u) + grid[j][i + 1] * u
            low = grid[j + 1][i] * (1 - u) + grid[j + 1][i + 1] * u
            total += weight * (top * (1 - v) + low * v)
        return total

    return value


def _grid(seed: str, cells: int) -> list[list[float]]:
    return [[seeded.unit(seed, cells, i, j) for i in range(cells + 2)] for j in range(cells + 2)]
