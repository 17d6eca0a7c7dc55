"""OData products: what is read of them, what is written, and back."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.formats.odata import ODATA
from ckanext.nextgeoss.eo.formats.odata_write import write_page
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.core.strategies import junk, modest, pages

NAME = "S2B_MSIL2A_20240604T101559_N0510_R065_T32TQM_20240604T140203.SAFE"


def _attribute(name: str, value: object) -> dict[str, Any]:
    return {"Name": name, "Value": value}


def _entity(**more: Any) -> dict[str, Any]:
    return {
        "@odata.mediaContentType": "application/octet-stream",
        "Id": "0b1c",
        "Name": NAME,
        "ContentDate": {"Start": "2024-06-04T10:15:59.024000Z", "End": "2024-06-04T10:15:59.024000Z"},
        "GeoFootprint": {"type": "Polygon", "coordinates": [[[11, 44], [12, 44], [12, 45], [11, 44]]]},
    } | more


def _read(**more: Any) -> Product:
    return ODATA.product(_entity(**more), collection="asked")


@modest
@given(pages())
def test_comes_back(page: Page):
    """read(write(page)) == page, through JSON."""
    assert read_page(ODATA, json.loads(json.dumps(write_page(page)))) == page


def test_attributes():
    """The names of EO metadata become our rows, spelled as everywhere."""
    said = [
        _attribute("platformShortName", "SENTINEL-2"),
        _attribute("platformSerialIdentifier", "B"),
        _attribute("instrumentShortName", "MSI"),
        _attribute("operationalMode", "INS-NOBS"),
        _attribute("productType", "S2MSI2A"),
        _attribute("processingLevel", "S2MSI2A"),
        _attribute("orbitNumber", 37850),
        _attribute("relativeOrbitNumber", 65),
        _attribute("orbitDirection", "DESCENDING"),
        _attribute("cloudCover", 12.5),
        _attribute("illuminationZenithAngle", 23.4),
        _attribute("tileId", "32TQM"),
        _attribute("processorVersion", "05.10"),
        _attribute("timeliness", "NRT-3h"),
        _attribute("authority", "ESA"),
    ]
    product = _read(Attributes=said, PublicationDate="2024-06-04T15:00:00.123456Z")
    assert dict(product.properties) == {
        "platform": "sentinel-2b",
        "platform_serial": "B",
        "constellation": "sentinel-2",
        "instruments": ("msi",),
        "instrument_mode": "INS-NOBS",
        "product_type": "S2MSI2A",
        "processing_level": "L2A",
        "absolute_orbit": 37850,
        "relative_orbit": 65,
        "orbit_state": "descending",
        "cloud_cover": 12.5,
        "sun_zenith": 23.4,
        "tile_id": "32TQM",
        "processing_version": "05.10",
        "timeliness_category": "NRT-3h",
        "published": product.properties["published"],
    }
    assert product.problems == ()


@pytest.mark.parametrize("said", ["VV", "VV&VH", "VV VH", "VV,VH", "VV/VH"])
def test_polarizations(said: str):
    """Codes are told apart however they are joined."""
    product = _read(Attributes=[_attribute("polarisationChannels", said)])
    expected = tuple(code for code in ("VV", "VH") if code in said)
    assert product.properties["polarizations"] == expected


def test_serial_in_the_attribute_platform():
    """Sentinel-1 at CREODIAS: `platform` is the letter alone."""
    said = [_attribute("platformShortName", "SENTINEL-1"), _attribute("platform", "A")]
    assert _read(Attributes=said).properties["platform"] == "sentinel-1a"


def test_own_file():
    """Its address is below the service, with the size and the first checksum we know how to write."""
    md5 = "0123456789abcdef0123456789abcdef"
    checksums = [{"Algorithm": "CRC", "Value": "1"}, {"Algorithm": "MD5", "Value": md5}]
    (asset,) = _read(ContentLength=100, Checksum=checksums, ContentType="application/zip").assets
    assert (asset.href, asset.roles) == ("Products(0b1c)/$value", ("data",))
    assert (asset.size, asset.checksum, asset.media_type) == (100, f"md5:{md5}", "application/zip")


def test_size_that_was_not_measured():
    """0 bytes and an empty list of checksums tell nothing."""
    (asset,) = _read(ContentLength=0, Checksum=[]).assets
    assert (asset.size, asset.checksum) == (None, "")


def test_quicklook():
    """A picture among the assets stands behind the product itself."""
    picture = {"Type": "QUICKLOOK", "DownloadLink": "https://odata.example/Assets(1)/$value"}
    data, quicklook = _read(Assets=[picture]).assets
    assert (data.roles, quicklook.roles, quicklook.href) == (
        ("data",),
        ("overview",),
        "https://odata.example/Assets(1)/$value",
    )


def test_footprint_as_text():
    """EWKT is read where there is no GeoJSON."""
    text = "geography'SRID=4326;POLYGON ((11 44, 12 44, 12 45, 11 44))'"
    assert _read(GeoFootprint=None, Footprint=text).footprint == _read().footprint


def test_no_footprint():
    """Orbit files have none; that is no problem."""
    product = _read(GeoFootprint=None, Footprint=None)
    assert (product.footprint, product.problems) == (None, ())


def test_values_that_cannot_be():
    """They are noted, and the product is kept without them."""
    said = [_attribute("cloudCover", 130), _attribute("orbitNumber", "many")]
    product = _read(Attributes=said, ContentLength="large", ContentDate={"Start": "soon", "End": None})
    assert {problem.where for problem in product.problems} == {
        "Attributes/cloudCover",
        "Attributes/orbitNumber",
        "ContentLength",
        "ContentDate",
    }
    assert product.properties == {}


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ("text", "not an OData product but str"),
        ({"ContentDate": {}}, "no identifier"),
        ({"Name": "a", "ContentDate": {}}, "product a names no collection"),
    ],
)
def test_refused(entity: object, reason: str):
    """Without a name or a collection there is no product."""
    with pytest.raises(BadRecord, match=reason):
        ODATA.product(entity, position=3)


def test_collection():
    """The record's own before the asked one, and the series where nothing else is told."""
    assert _read(Collection={"Name": "SENTINEL-2"}).collection == "SENTINEL-2"
    assert _read().collection == "asked"
    series = _entity(Attributes=[_attribute("platformShortName", "SENTINEL-2")])
    assert ODATA.product(series).collection == "SENTINEL-2"


def test_set_of_something_else():
    """Attributes or collections are no products."""
    with pytest.raises(BadAnswer, match="something else than products"):
        ODATA.feed({"value": [{"Name": "cloudCover", "ValueType": "Double"}]}, "x")


def test_feed():
    """Count and next link as OData names them."""
    feed = ODATA.feed({"@odata.count": 7, "value": [_entity()], "@odata.nextLink": "https://n"}, "x")
    assert (len(feed.entries), feed.total, feed.next) == (1, 7, "https://n")
    assert ODATA.feed({"value": []}, "x").entries == ()


@modest
@given(st.sampled_from([*_entity(), "Attributes", "Assets", "Checksum", "Collection", "Footprint"]), junk)
def test_junk(member: str, value: object):
    """Whatever stands in a member, it is read or refused."""
    with suppress(BadRecord):
        _read(**{member: value})
