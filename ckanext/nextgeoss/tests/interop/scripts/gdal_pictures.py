"""Writes pictures in UTM zone 33 north into a folder, one for each western edge: 1.tif of ones, and so on."""

import json
import sys

import numpy
import rasterio
from rasterio.transform import Affine

folder, *numbers = sys.argv[1:]
width, height, metres, north, *edges = map(int, numbers)
for number, west in enumerate(edges, 1):
    with rasterio.open(
        f"{folder}/{number}.tif",
        "w",
        driver="GTiff",
        width=width,
        height=height,
        count=1,
        dtype="uint8",
        crs="EPSG:32633",
        transform=Affine(metres, 0, west, 0, -metres, north),
    ) as made:
        made.write(numpy.full((1, height, width), number, "uint8"))
print(json.dumps(len(edges)))
