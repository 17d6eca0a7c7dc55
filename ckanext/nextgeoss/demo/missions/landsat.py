"""Landsat Collection 2 Level-2 products: one scene of the Worldwide Reference System."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from ...eo.product import Product
from ...eo.temporal import TemporalExtent
from .. import seeded
from ..orbits import Satellite
from ..places import places
from ..satellites import L8, L9
from ..tiling import Scene, scene_at
from . import common

NAME = "landsat-c2-l2"
COLLECTIONS = (
    common.collection(
        NAME,
        "Landsat Collection 2 Level-2",
        "Surface reflectance and surface temperature of Landsat 8 and 9, 30 m.",
        keywords=("multispectral", "surface temperature", "Landsat"),
        license="https://www.usgs.gov/core-science-systems/hdds/data-policy",
        doi="10.5066/P9OGBGM6",
        platforms=(L8.name, L9.name),
        instruments=("oli", "tirs"),
        providers=("USGS", "NASA"),
    ),
)


def products(visits: int) -> Iterator[Product]:
    """Scenes at all places, `visits` by daylight of each; none twice."""
    seen: set[Scene] = set()
    for lon, lat in places():
        if abs(lat) > 81 or (scene := scene_at(lon, lat)) in seen:
            continue
        seen.add(scene)
        for satellite, orbit, middle in common.spread(_days(scene), visits, scene.path, scene.row):
            yield _product(satellite, orbit, middle, scene)


def _days(scene: Scene) -> list[tuple[Satellite, int, datetime]]:
    """All acquisitions of a scene by daylight."""
    lon, lat = scene.centre
    flights = (
        (satellite, orbit, satellite.time(orbit, scene.argument))
        for satellite in (L8, L9)
        for orbit in satellite.passes(lon, lat, 0.0, ascending=False)
    )
    return sorted(
        (flight for flight in flights if common.is_day(flight[2], lon, lat)), key=lambda flight: flight[2]
    )


def _product(satellite: Satellite, orbit: int, middle: datetime, scene: Scene) -> Product:
    lon, lat = scene.centre
    clouds = common.cloud_cover(lat, scene.path, scene.row, orbit)
    made = middle + timedelta(days=int(seeded.between(3, 15, satellite.name, orbit, scene.row)))
    tier = "T1" if clouds < 75 else "T2"
    place, date = f"{scene.path:03d}{scene.row:03d}", common.stamp(middle, "%Y%m%d")
    identifier = f"{satellite.code}_L2SP_{place}_{date}_{common.stamp(made, '%Y%m%d')}_02_{tier}"
    half = timedelta(seconds=13.5)
    return common.product(
        identifier,
        NAME,
        title=f"{satellite.name.title()} {scene.path}/{scene.row}, {middle:%Y-%m-%d}",
        footprint=satellite.footprint(orbit, scene.arc, scene.edges),
        time=TemporalExtent(middle - half, middle + half),
        published=made + timedelta(hours=6),
        properties=common.flight(satellite, orbit, ascending=False)
        | common.light(middle, lon, lat)
        | {
            "constellation": "landsat",
            "instruments": ("oli", "tirs"),
            "sensor_type": "OPTICAL",
            "wrs_path": scene.path,
            "wrs_row": scene.row,
            "wrs_type": "2",
            "grid_code": f"WRS2-{place}",
            "scene_id": f"{satellite.code[:2]}{satellite.code[-1]}{place}{middle:%Y%j}LGN00",
            "cloud_cover": clouds,
            "cloud_cover_land": round(clouds * 0.93, 2),
            "gsd": 30.0,
            "off_nadir": 0.0,
            "product_type": "L2SP",
            "processing_level": "L2SP",
            "collection_category": tier,
            "collection_number": "02",
            "processing_datetime": made,
        },
    )
