"""EO GeoJSON: what is read of features, what is written, and back."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.eo_geojson import EO_GEOJSON, write_page, write_product
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.tests.core.strategies import junk, modest, pages

SQUARE = {"type": "Polygon", "coordinates": [[[3, 50], [4, 50], [4, 51], [3, 51], [3, 50]]]}


def _feature(**said: Any) -> dict[str, Any]:
    properties = {"identifier": "urn:x:P1", "parentIdentifier": "urn:x", "date": "2024-05-01T10:00:00Z"}
    return {"type": "Feature", "id": "https://x/P1", "geometry": SQUARE, "properties": properties | said}


def _read(**said: Any) -> Product:
    return EO_GEOJSON.product(_feature(**said))


def _noted(product: Product) -> dict[str, str]:
    return {problem.where: problem.reason for problem in product.problems}


@modest
@given(pages())
def test_comes_back(page: Page):
    """read(write(page)) == page, through JSON."""
    assert read_page(EO_GEOJSON, json.loads(json.dumps(write_page(page)))) == page


def test_where_things_are_written():
    """Members stand where 17-003 has them, code lists in capitals; the rest is in additionalAttributes."""
    product = Product(
        id="P1",
        collection="c",
        time=TemporalExtent.parse("2024-05-01T10:00:00Z/2024-05-01T10:00:10Z"),
        properties={
            "platform": "sentinel-1a",
            "instruments": ("c-sar", "gnss"),
            "orbit_state": "ascending",
            "polarizations": ("VV", "VH"),
            "cloud_cover": 10.0,
            "incidence_angle": 33.5,
            "gsd": 10.0,
            "grid_code": "MGRS-31TCJ",
        },
    )
    said = write_product(product)["properties"]
    first, second = said["acquisitionInformation"]
    assert first["platform"] == {"platformShortName": "sentinel-1a"}
    assert [entry["instrument"]["instrumentShortName"] for entry in (first, second)] == ["c-sar", "gnss"]
    assert first["acquisitionParameters"] == {
        "acquisitionType": "NOMINAL",
        "beginningDateTime": "2024-05-01T10:00:00.000Z",
        "endingDateTime": "2024-05-01T10:00:10.000Z",
        "resolution": 10,
        "orbitDirection": "ASCENDING",
        "polarisationChannels": "VV, VH",
        "acquisitionAngles": {"incidenceAngle": 33.5},
    }
    assert said["productInformation"] == {"cloudCover": 10, "availabilityTime": "2024-05-01T10:00:10Z"}
    assert said["status"] == "ARCHIVED"
    assert said["additionalAttributes"] == {
        "grid_code": "MGRS-31TCJ",
        "nextgeoss:assets": [],
        "nextgeoss:assumed": ["acquisitionType", "status", "updated", "published", "availabilityTime"],
    }
    assert said["date"] == "2024-05-01T10:00:00Z/2024-05-01T10:00:10Z"


def test_acquisition_is_preferred_to_date():
    """`date` may be that of the processing."""
    parameters = {"beginningDateTime": "1978-09-27T01:04:30Z", "endingDateTime": "1978-09-27T01:04:45Z"}
    product = _read(
        date="2016-07-02T18:13:41Z", acquisitionInformation=[{"acquisitionParameters": parameters}]
    )
    assert product.time.isoformat() == "1978-09-27T01:04:30Z/1978-09-27T01:04:45Z"


@pytest.mark.parametrize(
    ("date", "expected", "noted"),
    [
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z", False),
        ("2024-05-01T10:00:00Z/2024-05-02T10:00:00Z", "2024-05-01T10:00:00Z/2024-05-02T10:00:00Z", False),
        ("2024-05-01T10:00:00Z/", "2024-05-01T10:00:00Z/..", False),
        ("2015-01-08T22:57:31ZZ", "2015-01-08T22:57:31Z", True),
        ("2015-01-08T22:57:31", "2015-01-08T22:57:31Z", True),
        ("2015-01-08T22:57Z", "2015-01-08T22:57:00Z", True),
        ("2015-01-09T00:00:00Z/2015-01-08T00:00:00Z", "2015-01-08T00:00:00Z/2015-01-09T00:00:00Z", True),
        ("2015-01-09T00:00:00Z/tomorrow", "2015-01-09T00:00:00Z/..", True),
        ("yesterday", "../..", True),
    ],
)
def test_dates(date: str, expected: str, noted: bool):
    """What can be mended is mended, what cannot is left out, both are noted."""
    product = _read(date=date)
    assert product.time.isoformat() == expected
    assert ("date" in _noted(product)) is noted


@pytest.mark.parametrize(
    ("short_name", "serial", "platform", "constellation"),
    [
        ("SENTINEL-2", "S2A", "sentinel-2a", "sentinel-2"),
        ("SENTINEL-2", "A", "sentinel-2a", "sentinel-2"),
        ("Sentinel-1", "1B", "sentinel-1b", "sentinel-1"),
        ("Landsat", "7", "landsat-7", None),
        ("LANDSAT_8", "", "landsat-8", None),
        ("Cryosat", "2", "cryosat-2", None),
        ("S3A", "2016-011A", "sentinel-3a", None),
        ("PV01", "", "proba-v", None),
        ("Terra", "", "terra", None),
    ],
)
def test_satellites(short_name: str, serial: str, platform: str, constellation: str | None):
    """Short name and serial identifier together name the satellite; a designator has its own row."""
    said = {"platformShortName": short_name} | ({"platformSerialIdentifier": serial} if serial else {})
    found = _read(acquisitionInformation=[{"platform": said}]).properties
    assert (found["platform"], found.get("constellation")) == (platform, constellation)
    assert found.get("platform_international_designator") == ("2016-011A" if "-011A" in serial else None)


def test_two_acquisitions():
    """The instruments of all are listed; what else they say twice counts once."""
    entries = [
        {"platform": {"platformShortName": "S3A"}, "instrument": {"instrumentShortName": "OLCI"}},
        {"platform": {"platformShortName": "S3B"}, "instrument": {"instrumentShortName": "SLSTR"}},
    ]
    found = _read(acquisitionInformation=entries).properties
    assert (found["platform"], found["instruments"]) == ("sentinel-3a", ("olci", "slstr"))


def test_links():
    """Data first; pictures, metadata and masks by their relation and category; searches are no files."""
    links = {
        "via": [{"href": "https://x/eop", "type": "application/xml"}],
        "previews": [
            {"href": "https://x/q", "category": "QUICKLOOK"},
            {"href": "https://x/t", "category": "THUMBNAIL"},
        ],
        "related": [{"href": "https://x/mask", "category": "CLOUD", "length": 7}],
        "up": [{"href": "https://x/search"}],
        "data": [{"href": "https://x/d", "type": "image/tiff", "title": "Image"}],
    }
    product = _read(links=links, productInformation={"size": 100})
    assert [(asset.key, asset.roles, asset.size) for asset in product.assets] == [
        ("data", ("data",), 100),
        ("overview", ("overview",), None),
        ("thumbnail", ("thumbnail",), None),
        ("cloud", ("cloud",), 7),
        ("metadata", ("metadata",), None),
    ]


def test_media_types():
    """`type`, unless that is the type of a JSON-LD object."""
    links = {"data": [{"href": "https://x/1", "type": "image/tiff"}, {"href": "https://x/2", "type": "Link"}]}
    links["via"] = [{"href": "https://x/3", "type": "Link", "mediaType": "application/xml"}]
    product = _read(links=links)
    assert [asset.media_type for asset in product.assets] == ["image/tiff", "", "application/xml"]
    assert product.problems == ()


def test_files_nobody_can_reach():
    """A file on the provider's own disk is noted, not offered."""
    product = _read(links={"data": [{"href": "file:///data/x.tif"}]})
    assert product.assets == ()
    assert "no address that others can reach" in _noted(product)["links"]


def test_bbox_in_place_of_the_geometry():
    """It is taken where there is no geometry, and that is noted."""
    feature = _feature() | {"geometry": None, "bbox": [3, 50, 4, 51]}
    assert EO_GEOJSON.product(feature).footprint == _read().footprint
    assert "bbox" in _noted(EO_GEOJSON.product(feature))["geometry"]


def test_identity():
    """The identifier before the id, which may be an address; the collection is the parent, else the asked."""
    assert (_read().id, _read().collection) == ("urn:x:P1", "urn:x")
    feature = _feature(identifier=None, parentIdentifier=None)
    product = EO_GEOJSON.product(feature, collection="asked")
    assert (product.id, product.collection) == ("https://x/P1", "asked")
    with pytest.raises(BadRecord, match="names no collection"):
        EO_GEOJSON.product(feature)
    with pytest.raises(BadRecord, match="record 2: not a feature but str"):
        EO_GEOJSON.product("x", position=2)


def test_feed():
    """Total and next link of 17-047, the total also where older services have it."""
    links = {"next": [{"href": "https://x?startIndex=2"}]}
    document = {"features": [_feature()], "totalResults": "7", "properties": {"links": links}}
    feed = EO_GEOJSON.feed(document, "x")
    assert (len(feed.entries), feed.total, feed.next) == (1, 7, "https://x?startIndex=2")
    assert EO_GEOJSON.feed(_feature(), "x").entries == (_feature(),)


def test_collections_are_no_products():
    """A list of collections, each with a search of its own, is not taken for products."""
    series = _feature(parentIdentifier=None, links={"search": [{"href": "https://x/osdd"}]})
    with pytest.raises(BadAnswer, match="a list of 2 collections, not products"):
        EO_GEOJSON.feed({"features": [series, series]}, "x")
    with pytest.raises(BadAnswer, match="without an array"):
        EO_GEOJSON.feed({"type": "FeatureCollection", "features": "none"}, "x")


@modest
@given(
    st.sampled_from(["date", "links", "acquisitionInformation", "productInformation", "title", "identifier"]),
    junk,
)
def test_junk(member: str, value: object):
    """Whatever stands in a member, it is read or refused."""
    with suppress(BadRecord):
        _read(**{member: value})


@modest
@given(junk)
def test_junk_documents(document: object):
    """Whatever an answer is, it is read or refused."""
    if EO_GEOJSON.recognises(document):
        with suppress(BadAnswer, BadRecord):
            for entry in EO_GEOJSON.feed(document, "x").entries:
                EO_GEOJSON.product(entry, collection="c")
