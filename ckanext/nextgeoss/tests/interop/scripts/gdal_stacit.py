"""Opens items of a search as one picture by GDAL's driver STACIT, as rasterio brings it along."""

import json
import sys

import rasterio

with rasterio.Env(GDAL_HTTP_TIMEOUT=20), rasterio.open(sys.argv[1]) as found:
    band = found.read(1)
    seen = {
        "gdal": rasterio.__gdal_version__,
        "driver": found.driver,
        "crs": str(found.crs),
        "size": [found.width, found.height],
        "bounds": list(found.bounds),
        "values": sorted({int(value) for value in band.flat}),
        "left": int(band[0, 0]),
        "right": int(band[0, -1]),
    }
print(json.dumps(seen))
