"""Records in which nothing is wrong, one of each kind, and what may be planted in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.collection import Collection
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.feedback.quality.gaps import Gaps, gaps_of
from ckanext.nextgeoss.feedback.quality.links import BROKEN, WORKS, Link
from ckanext.nextgeoss.feedback.quality.record import COLLECTION, DATASET, PRODUCT, Record

NOW = datetime(2026, 11, 30, 9, tzinfo=timezone.utc)
TODAY = NOW.date()
DATA, PICTURE = "https://data.example/one.tif", "https://data.example/one.png"
TEXT = "Reflectances at the bottom of the atmosphere, of all land, every five days since 2015."

ABOUT = Collection(
    id="s2-l2a",
    title="Sentinel-2 Level-2A",
    description=TEXT,
    keywords=("optical", "land", "reflectance"),
    license="CC-BY-4.0",
    doi="10.5270/S2_-znk9xsj",
    citation="Copernicus Sentinel data",
    platforms=("sentinel-2a",),
    instruments=("msi",),
    footprint=Footprint.from_bbox(-30, 30, 60, 75),
    time=TemporalExtent.of("2015-06-23", None),
)
FILES = (
    Asset(
        key="data", href=DATA, roles=("data",), media_type="image/tiff; application=geotiff", size=2048,
        checksum="md5:" + 32 * "0",
    ),
    Asset(key="thumbnail", href=PICTURE, roles=("thumbnail",), media_type="image/png", size=100),
)  # fmt: skip
GOOD_LINK = Link(
    url=DATA, state=WORKS, checked=NOW, seconds=0.2, media_type="image/tiff", size=2048, format="TIFF"
)
LINKS = {
    DATA: GOOD_LINK,
    PICTURE: replace(GOOD_LINK, url=PICTURE, media_type="image/png", size=100, format="PNG"),
}
VALUES: dict[str, Any] = {
    "platform": "sentinel-2a",
    "instruments": ("msi",),
    "product_type": "S2MSI2A",
    "processing_level": "L2A",
    "processing_datetime": datetime(2026, 11, 1, 14, tzinfo=timezone.utc),
    "cloud_cover": 3.5,
}


def product_record() -> Record:
    """A product to which no check objects."""
    product = Product(
        id="S2A_1",
        collection=ABOUT.id,
        footprint=Footprint.from_bbox(10, 50, 11, 51),
        time=TemporalExtent.of("2026-11-01T10:00:00Z", "2026-11-01T10:00:20Z"),
        properties=VALUES,
        assets=FILES,
    )
    return Record(
        id="p1", kind=PRODUCT, product=product, now=NOW, title="S2A_1", description="sentinel-2a MSI",
        keywords=("sentinel-2a",), topics=("land",), license="CC-BY-4.0", publisher="ESA",
        formats=("GeoTIFF", "PNG"), collection=ABOUT, collection_described=True, has_geometry=True,
        links=LINKS, source_faults=(),
    )  # fmt: skip


def collection_record() -> Record:
    """A collection to which none does."""
    product = Product(
        id=ABOUT.id, collection=ABOUT.id, title=ABOUT.title, footprint=ABOUT.footprint, time=ABOUT.time,
        properties={"license_id": ABOUT.license}, assets=(FILES[0],),
    )  # fmt: skip
    return Record(
        id="c1", kind=COLLECTION, product=product, now=NOW, title=ABOUT.title, description=TEXT,
        keywords=ABOUT.keywords, topics=("land",), license=ABOUT.license, publisher="ESA",
        formats=("GeoTIFF",), collection=ABOUT, collection_described=True, has_geometry=True, gaps=series(),
        links=LINKS, source_faults=(),
    )  # fmt: skip


def dataset_record() -> Record:
    """An ordinary dataset to which none does."""
    product = replace(product_record().product, id="dataset-1", collection="", properties={"doi": "10.1/2"})
    return replace(
        product_record(), id="d1", kind=DATASET, product=product, title="Land cover of Sicily",
        description=TEXT, keywords=("land", "cover", "map"), contact="A. Person", collection=None,
        collection_described=False,
    )  # fmt: skip


def series(*, until: date = TODAY, without: range = range(0)) -> Gaps | None:
    """The gaps of a series of a product every five days, 40 of them, but some by their number."""
    return gaps_of([until - timedelta(5 * i) for i in range(40) if i not in without])


def changed(record: Record, **parts: Any) -> Record:
    """The record with other parts of its product."""
    return replace(record, product=replace(record.product, **parts))


def with_values(record: Record, **values: Any) -> Record:
    """The record with other values of properties; None takes one away."""
    found = {**record.product.properties, **values}
    return changed(record, properties={name: value for name, value in found.items() if value is not None})


def with_file(record: Record, **parts: Any) -> Record:
    """The record with other parts of its file of data."""
    first, *others = record.product.assets
    return changed(record, assets=(replace(first, **parts), *others))


def with_link(record: Record, **parts: Any) -> Record:
    """The record with another answer of its file of data."""
    return replace(record, links={**record.links, DATA: replace(GOOD_LINK, **parts)})


BROKEN_LINK = {"state": BROKEN, "failures": 3, "reason": "answered 404"}
