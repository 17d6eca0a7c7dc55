"""Values, times, sizes, footprints and pictures as the pages show them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.views.footprints import box_text, feature, frame, stored_geometry
from ckanext.nextgeoss.views.images import image_type, quicklook_address
from ckanext.nextgeoss.views.words import days_text, extent_text, size_text, value_text

PROPERTIES = load_properties()


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("platform", "sentinel-2a", "Sentinel-2A"),
        ("platform", "Aqua", "Aqua"),
        ("instruments", ("msi", "c-sar"), "MSI, C-SAR"),
        ("instruments", ("tropomi", "a-long-name"), "TROPOMI, a-long-name"),
        ("orbit_state", "descending", "Descending"),
        ("polarizations", ("VV", "VH"), "VV, VH"),
        ("processing_level", "L2A", "L2A"),
        ("cloud_cover", 12.3400001, "12.34"),
        ("cloud_cover", 0.0, "0"),
        ("absolute_orbit", 51234, "51234"),
        ("gsd", 1234567.0, "1234567"),
        ("created", datetime(2024, 5, 1, 10, 0, 0, 5, timezone.utc), "2024-05-01 10:00:00 UTC"),
    ],
)
def test_values_are_written_as_people_read_them(name: str, value: object, text: str) -> None:
    assert value_text(PROPERTIES[name], value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        ("2024-05-01T10:00:00Z/2024-05-01T10:00:25.5Z", "2024-05-01 10:00:00 – 10:00:25 UTC"),
        ("2024-05-01T10:00:00+02:00", "2024-05-01 08:00:00 UTC"),
        ("2024-05-01T10:00:00Z/..", "2024-05-01 10:00:00 – … UTC"),
        ("2024-05-01T10:00:00Z/2024-05-03T00:00:00Z", "2024-05-01 10:00:00 – 2024-05-03 00:00:00 UTC"),
        ("..", ""),
    ],
)
def test_an_interval_says_nothing_twice(interval: str, text: str) -> None:
    assert extent_text(TemporalExtent.parse(interval)) == text


def test_collections_are_dated_to_the_day() -> None:
    assert days_text(TemporalExtent.parse("2014-04-03T00:00:00Z/..")) == "2014-04-03 – …"


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (714060000, "714 MB"),
        (999_999, "1 MB"),
        (10**15, "1 PB"),
    ],
)
def test_sizes_have_the_unit_that_fits(size: int | None, text: str) -> None:
    assert size_text(size) == text


def test_footprints_on_the_map_are_short_and_framed() -> None:
    geometry = stored_geometry({"spatial": '{"type":"Point","coordinates":[1.23456,43.00049]}'})
    assert geometry
    found = feature("a", "Title", "/dataset/a", geometry)
    assert found["geometry"]["coordinates"] == [1.235, 43.0]
    assert frame([found]) == "1.235,43,1.235,43"
    assert frame([]) == ""


@pytest.mark.parametrize("spatial", [None, "", "{", "[]", '"x"', '{"type": "Polygon"}'])
def test_a_geometry_that_cannot_be_read_is_none(spatial: str | None) -> None:
    assert stored_geometry({"spatial": spatial}) is None


def test_a_frame_across_180_degrees_has_west_greater_than_east() -> None:
    assert box_text(Footprint.from_bbox(179, -18, -179, -17).bbox) == "179,-18,-179,-17"


def asset(key: str, href: str, *roles: str, media_type: str = "image/jpeg") -> Asset:
    return Asset(key=key, href=href, roles=roles, media_type=media_type)


def test_the_thumbnail_shows_a_product_before_its_overview() -> None:
    overview, thumbnail = (
        asset("o", "https://a/o.jpg", "overview"),
        asset("t", "https://a/t.jpg", "thumbnail"),
    )
    assert quicklook_address([overview, thumbnail]) == "https://a/t.jpg"
    assert quicklook_address([overview]) == "https://a/o.jpg"
    assert quicklook_address([thumbnail, overview], large=True) == "https://a/o.jpg"
    assert quicklook_address([thumbnail], large=True) == "https://a/t.jpg"


@pytest.mark.parametrize(
    "bad",
    [
        asset("thumbnail", "s3://bucket/t.jpg", "thumbnail"),
        asset("thumbnail", "file:///etc/passwd", "thumbnail"),
        asset("thumbnail", "https://a/t.tif", "thumbnail", media_type="image/tiff"),
        asset("thumbnail", "https://a/t.svg", "thumbnail", media_type="image/svg+xml"),
        asset("B04", "https://a/B04.jpg", "data"),
    ],
)
def test_what_is_no_small_picture_on_the_web_is_not_shown(bad: Asset) -> None:
    assert quicklook_address([bad]) == ""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_images_are_known_by_their_signature(body: bytes, kind: str) -> None:
    assert image_type(body) == kind
