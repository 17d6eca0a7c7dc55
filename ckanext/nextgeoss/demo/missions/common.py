"""What the products of all missions have in common: files, clouds, sun, choice of passes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from ...eo.asset import Asset
from ...eo.collection import Collection
from ...eo.footprint import Footprint
from ...eo.product import Product, Value
from ...eo.temporal import TemporalExtent
from .. import images, seeded
from ..orbits import Satellite, sun
from ..satellites import FIRST, LAST

COPERNICUS = "https://sentinel.esa.int/documents/247904/690755/Sentinel_Data_Legal_Notice"
PERIOD = TemporalExtent(FIRST, LAST)
WORLD = Footprint.from_bbox(-180, -90, 180, 90)
_T = TypeVar("_T")


def collection(name: str, title: str, description: str, **more: object) -> Collection:
    """A collection of the demo; it says of itself that its data are made up."""
    text = f"{description} Made-up products on real orbits and tiles, for demonstration and tests."
    return Collection(
        id=name,
        title=title,
        description=text,
        footprint=WORLD,
        time=PERIOD,
        **more,  # type: ignore[arg-type]
    )


def product(
    identifier: str,
    collection_id: str,
    *,
    title: str,
    footprint: Footprint | None,
    time: TemporalExtent,
    properties: Mapping[str, Value],
    published: datetime,
) -> Product:
    """A product with its files, each under a path from the root of the server."""
    dates: dict[str, Value] = {
        "created": published,
        "updated": published + timedelta(minutes=7),
        "published": published,
    }
    return Product(
        id=identifier,
        collection=collection_id,
        title=title,
        footprint=footprint,
        time=time,
        properties={**properties, **dates},
        assets=_assets(identifier, collection_id, footprint),
    )


def _assets(identifier: str, collection_id: str, footprint: Footprint | None) -> tuple[Asset, ...]:
    data = data_file(identifier, collection_id, footprint)
    return (
        Asset(
            key="data",
            href=f"/data/{identifier}.tif",
            roles=("data",),
            title="Image",
            media_type="image/tiff; application=geotiff",
            size=len(data),
            checksum="sha256:" + hashlib.sha256(data).hexdigest(),
        ),
        Asset(
            key="metadata",
            href=f"/metadata/{identifier}.xml",
            roles=("metadata",),
            title="Metadata",
            media_type="application/xml",
        ),
        Asset(
            key="thumbnail",
            href=f"/thumbnails/{identifier}.png",
            roles=("thumbnail",),
            title="Thumbnail",
            media_type="image/png",
        ),
        Asset(
            key="quicklook",
            href=f"/quicklooks/{identifier}.png",
            roles=("overview",),
            title="Quicklook",
            media_type="image/png",
        ),
    )


def data_file(identifier: str, collection_id: str, footprint: Footprint | None) -> bytes:
    """The bytes of a product's data asset."""
    return images.geotiff(images.palette_of(collection_id), identifier, (footprint or WORLD).bbox)


def cloud_cover(lat: float, *seeds: object) -> float:
    """Percent of cloud: much in the storm tracks and the inner tropics, little in the subtropics."""
    mean = 0.62 if abs(lat) < 8 else 0.35 if abs(lat) < 34 else 0.55 if abs(lat) < 50 else 0.66
    return round(100 * seeded.unit("cloud", *seeds) ** (1 / mean - 0.55), 2)


def flight(satellite: Satellite, orbit: int, ascending: bool) -> dict[str, Value]:
    """The properties of an acquisition that follow from satellite and orbit."""
    node = satellite.node(orbit)
    return {
        "platform": satellite.name,
        "platform_international_designator": satellite.designator,
        "absolute_orbit": orbit,
        "relative_orbit": satellite.relative(orbit),
        "orbit_cycle": satellite.cycle(orbit),
        "orbit_state": "ascending" if ascending else "descending",
        "anx_datetime": node.replace(microsecond=node.microsecond // 1000 * 1000),
    }


def light(time: datetime, lon: float, lat: float) -> dict[str, Value]:
    """Where the sun stands."""
    azimuth, elevation = sun(time, lon, lat)
    return {"sun_azimuth": azimuth, "sun_elevation": elevation}


def spread(items: Sequence[_T], wanted: int, *seeds: object) -> Iterator[_T]:
    """`wanted` of the items, or all, evenly apart from a start that depends on the seeds."""
    count = min(wanted, len(items))
    offset = seeded.unit("spread", *seeds)
    for n in range(count):
        yield items[int((n + offset) * len(items) / count)]


def stamp(time: datetime, form: str = "%Y%m%dT%H%M%S") -> str:
    """A time as it stands in a product's name."""
    return time.strftime(form)


def is_day(time: datetime, lon: float, lat: float, elevation: float = 8.0) -> bool:
    """Whether optical images are taken there and then."""
    return sun(time, lon, lat)[1] > elevation
