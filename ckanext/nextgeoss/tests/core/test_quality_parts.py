"""Gaps of series, formats by first bytes, robots.txt, what is the same product, what is no geometry."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.soundness import geometry_faults
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.feedback.quality.duplicates import same_key, same_scene
from ckanext.nextgeoss.feedback.quality.gaps import LEAST_DAYS, gaps_of
from ckanext.nextgeoss.feedback.quality.magic import ENOUGH, format_of, is_as_declared
from ckanext.nextgeoss.feedback.quality.reading import Around, records
from ckanext.nextgeoss.feedback.quality.robots import LONGEST_DELAY, read_robots
from ckanext.nextgeoss.feedback.quality.score import examine
from ckanext.nextgeoss.package import spatial_text
from ckanext.nextgeoss.search.rows import Rows
from ckanext.nextgeoss.tests.core.quality_records import NOW, VALUES, product_record
from ckanext.nextgeoss.tests.core.strategies import footprints, modest

DAY = timedelta(days=1)
REGISTRY = load_registry()


@modest
@given(st.integers(1, 20), st.integers(2 * LEAST_DAYS, 60), st.data())
def test_a_pause_that_is_planted_is_the_only_gap(every: int, number: int, data: st.DataObject) -> None:
    """A regular series has none; where some products are taken out, exactly these days are one."""
    days = [date(2026, 1, 1) + every * i * DAY for i in range(number)]
    whole = gaps_of(days)
    assert whole is not None and (whole.revisit, whole.gaps, whole.coverage) == (every, (), 1.0)
    first = data.draw(st.integers(1, number - 6))
    length = data.draw(st.integers(3, min(number - first - 1, number - LEAST_DAYS)))
    found = gaps_of(days[:first] + days[first + length :])
    assert found is not None
    (gap,) = found.gaps
    assert (gap.first, gap.last) == (days[first - 1] + DAY, days[first + length] - DAY)
    assert found.coverage == pytest.approx(1 - gap.days / ((number - 1) * every + 1))


def test_too_few_days_tell_nothing() -> None:
    assert gaps_of([date(2026, 1, 1) + i * DAY for i in range(LEAST_DAYS - 1)]) is None
    assert gaps_of([date(2026, 1, 1)] * 100) is None


def test_pairs_of_days_do_not_make_a_rule() -> None:
    """Two satellites a day apart every ten days: nine days without are usual."""
    days = [date(2026, 1, 1) + (10 * i + twin) * DAY for i in range(20) for twin in (0, 1)]
    found = gaps_of(days)
    assert found is not None and (found.revisit, found.gaps) == (9, ())
    assert not found.is_late(found.last + 27 * DAY)
    assert found.is_late(found.last + 28 * DAY)


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("S2A.SAFE/manifest.safe", "x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("first", "name"),
    [
        (b"II*\0\x08\0\0\0", "TIFF"),
        (b"MM\0+\0\x08\0\0", "TIFF"),
        (b"CDF\x01\0\0\0\0", "NetCDF"),
        (b"\x89HDF\r\n\x1a\n\0\0", "HDF5"),
        (b"\0\0\0\x0cjP  \r\n\x87\n\0\0", "JPEG2000"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "JPEG"),
        (_zip(), "ZIP"),
        (b"\x1f\x8b\x08\0", "GZIP"),
        (b"a" * 257 + b"ustar\x0000", "TAR"),
        (b"%PDF-1.7\n", "PDF"),
        (b"GRIB\0\0\0\2", "GRIB"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"SQLite format 3\0\x10", "SQLite"),
        (b' \n{"type": "Feature"}', "JSON"),
        (b"\xef\xbb\xbf[1]", "JSON"),
        (b'<?xml version="1.0"?><a/>', "XML"),
        (b"<gmd:MD_Metadata xmlns", "XML"),
        (b"<!DOCTYPE html><html>", "HTML"),
        (b"\n<!-- login -->\n<HTML lang='en'>", "HTML"),
        (b"name,value\n1,2\n", "text"),
        (b"\x00\x01\x02\x03", ""),
        (b"", ""),
    ],
)
def test_formats_are_known_by_their_first_bytes(first: bytes, name: str) -> None:
    assert format_of(first[:ENOUGH]) == name


@pytest.mark.parametrize(
    ("found", "media_type", "written", "good"),
    [
        ("TIFF", "image/tiff; application=geotiff; profile=cloud-optimized", "", True),
        ("HTML", "image/tiff; application=geotiff", "GeoTIFF", False),
        ("HDF5", "application/x-netcdf", "", True),
        ("ZIP", "", "SAFE", True),
        ("HTML", "", "GeoTIFF", False),
        ("JPEG2000", "image/jp2", "", True),
        ("JSON", "application/geo+json", "", True),
        ("XML", "application/json", "", False),
        ("PNG", "application/vnd.unknown", "", None),
        ("", "image/png", "PNG", None),
        ("TIFF", "application/vnd.unknown", "GeoTIFF", True),
    ],
)
def test_a_format_is_what_was_declared(found: str, media_type: str, written: str, good: bool | None) -> None:
    assert is_as_declared(found, media_type, written) is good


ROBOTS = """
# all
User-agent: *
Disallow: /private/
Allow: /private/open
Disallow: /*.zip$
Disallow: /search?q=
Crawl-delay: 2

User-agent: BadBot
User-agent: ckanext-nextgeoss
Disallow: /hub
crawl-delay: 5
Sitemap: https://a.example/map.xml
"""


@pytest.mark.parametrize(
    ("path", "robot", "may"),
    [
        ("/", "other", True),
        ("/private/a", "other", False),
        ("/private/open/a", "other", True),
        ("/a/b.zip", "other", False),
        ("/a/b.zip?x=1", "other", True),
        ("/a/b.zipped", "other", True),
        ("/search?q=a", "other", False),
        ("/search", "other", True),
        ("/%70rivate/a", "other", False),
        ("/private/a", "ckanext-nextgeoss", True),
        ("/hub/a", "ckanext-nextgeoss", False),
        ("/hub/a", "badbot", False),
    ],
)
def test_robots_txt_is_read_as_the_standard_says(path: str, robot: str, may: bool) -> None:
    assert read_robots(ROBOTS, robot).allows(f"https://a.example{path}") is may


def test_what_robots_txt_cannot_do() -> None:
    """An empty one forbids nothing; delays are bounded; a pattern of many stars costs nothing."""
    assert read_robots("", "x").allows("https://a.example/a")
    assert read_robots("User-agent: *\nDisallow:", "x").allows("https://a.example/a")
    assert read_robots(ROBOTS, "ckanext-nextgeoss").delay == 5
    assert read_robots("User-agent: *\nCrawl-delay: 86400", "x").delay == LONGEST_DELAY
    assert read_robots("User-agent: *\nCrawl-delay: nan\nDisallow: /a", "x").delay == 0
    stars = read_robots("User-agent: *\nDisallow: /" + "*a" * 2000 + "$", "x")
    assert stars.allows("https://a.example/" + "a" * 1900 + "b")


@modest
@given(st.text(max_size=300))
def test_any_robots_txt_can_be_read(text: str) -> None:
    read_robots(f"user-agent: *\n{text}\ndisallow: {text}", "x").allows("https://a.example/" + text[:50])


def test_the_same_product_has_the_same_numbers() -> None:
    """Spelling of the collection, order of properties and assets do not matter; another edition does."""
    product = replace(product_record().product, collection="sentinel-2-l2a", id="S2A_1.SAFE")
    spatial = '{"coordinates":[1,2],"type":"Point"}'
    again = replace(product, id="S2A_1.SAFE", properties=dict(reversed(VALUES.items())), assets=())
    alias = next(iter(REGISTRY.canonical("sentinel-2-l2a").aliases), "SENTINEL-2-L2A")  # type: ignore[union-attr]
    assert same_key(product, REGISTRY) == same_key(replace(again, collection=alias), REGISTRY)
    assert same_key(product, REGISTRY) != same_key(replace(product, id="S2A_2"), REGISTRY)
    elsewhere = replace(again, collection="other", id="OTHER_NAME")
    assert same_scene(product, spatial, REGISTRY) == same_scene(elsewhere, spatial, REGISTRY)
    later = {**VALUES, "processing_datetime": NOW}
    for other in (
        replace(product, time=TemporalExtent(NOW, NOW)),
        replace(product, properties={**VALUES, "product_type": "L1C"}),
        replace(product, properties={**VALUES, "platform": "sentinel-2b"}),
        replace(product, properties=later),
    ):
        assert same_scene(product, spatial, REGISTRY) != same_scene(other, spatial, REGISTRY)
    assert same_scene(product, "", REGISTRY) is None
    assert same_scene(replace(product, properties={"platform": "a"}), spatial, REGISTRY) is None
    assert same_scene(replace(product, time=TemporalExtent()), spatial, REGISTRY) is None


@modest
@given(st.lists(footprints(), max_size=4))
def test_footprints_of_ours_are_sound(found: list[Any]) -> None:
    assert geometry_faults([spatial_text(footprint) for footprint in found]) == [""] * len(found)


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}, "Self-intersection"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2]]]}, "a ring is not closed"),
        ({"type": "Polygon", "coordinates": [[[0, 80], [2, 80], [2, 95], [0, 80]]]}, "outside the world"),
        ({"type": "Point", "coordinates": [200, 0]}, "outside the world"),
        ({"type": "Polygon", "coordinates": []}, "empty geometry"),
        ({"type": "Box"}, "no GeoJSON geometry"),
        ("POINT (1 2)", "no GeoJSON geometry"),
        ([1, 2, 3, 4], "no GeoJSON geometry"),
    ],
)
def test_what_is_wrong_with_a_geometry_is_told(geometry: Any, told: str) -> None:
    good = '{"coordinates":[1,2],"type":"Point"}'
    text = geometry if isinstance(geometry, str) else json.dumps(geometry)
    first, found, last = geometry_faults([good, text, good])
    assert (first, last) == ("", "")
    assert found.startswith(told)


def _rows(**parts: Any) -> Rows:
    """One product as its rows are; extras and columns may be other ones."""
    extras = {
        "identifier": "S2A_1", "collection_id": "s2-l2a", "timerange_start": "2026-11-01T10:00:00Z",
        "timerange_end": "2026-11-01T10:00:20Z", "platform": "sentinel-2a", "instruments": '["msi"]',
        "spatial": '{"coordinates":[[[10,50],[11,50],[11,51],[10,50]]],"type":"Polygon"}',
        "cloud_cover": "3.5",
    }  # fmt: skip
    columns = ("id", "name", "title", "notes", "license_id", "maintainer", "maintainer_email", "author")
    package: dict[str, Any] = {**dict.fromkeys((*columns, "author_email", "owner_org")), "type": "eo_product"}
    package |= {"id": "p1", "name": "s2a_1", "title": "S2A_1", "owner_org": "o1"}
    resource = {
        **dict.fromkeys(("created", "last_modified", "metadata_modified", "cache_last_updated")),
        "id": "r1", "url": "https://data.example/1.tif", "format": "GeoTIFF", "name": "data",
        "mimetype": "image/tiff", "size": 12, "hash": "",
        "extras": '{"key": "data", "roles": "[\\"data\\"]"}',
    }  # fmt: skip
    package["extras"] = {**extras, **parts.pop("extras", {})}
    return Rows([{**package, **parts}], {"p1": [resource]}, {"p1": [("msi", "t1", None)]}, {"p1": ["g1"]})


def _around() -> Around:
    groups = {"o1": "ESA", "g1": "land"}
    return Around(now=NOW, properties=load_properties(), registry=REGISTRY, groups=groups)


def test_rows_become_a_record() -> None:
    (record,) = records(_rows(), _around())
    assert (record.publisher, record.topics, record.keywords) == ("ESA", ("land",), ("msi",))
    assert record.product.properties["cloud_cover"] == 3.5
    assert record.product.properties["instruments"] == ("msi",)
    assert record.product.time.end == datetime(2026, 11, 1, 10, 0, 20, tzinfo=timezone.utc)
    assert record.product.assets[0].roles == ("data",)
    assert record.product.footprint is not None
    assert (record.geometry_fault, record.time_fault, record.product.problems) == ("", "", ())


@pytest.mark.parametrize(
    ("extras", "wanted", "told"),
    [
        ({"cloud_cover": "120"}, "values", "cloud_cover: 120.0 is not allowed"),
        ({"cloud_cover": "much"}, "values", "cloud_cover"),
        ({"orbit_state": "sideways"}, "values", "orbit_state: 'sideways' is not allowed"),
        ({"problems": '[{"where": "gsd", "reason": "no number"}]'}, "values", "gsd: no number"),
        ({"timerange_end": "2026-10-01T10:00:00Z"}, "chronology", "end: "),
        ({"timerange_start": "yesterday"}, "chronology", "start: "),
        ({"spatial": '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}'}, "geometry", "a ring"),
        ({"spatial": "nowhere"}, "geometry", "no GeoJSON geometry"),
    ],
)  # fmt: skip
def test_what_is_stored_wrongly_is_found(extras: dict[str, str], wanted: str, told: str) -> None:
    """And by one check only."""
    (good,) = records(_rows(), _around())
    (bad,) = records(_rows(extras=extras), _around())
    before, after = examine(good), examine(bad)
    failed = {name for name, finding in after.items() if not finding.passed}
    assert failed - {name for name, finding in before.items() if not finding.passed} == {wanted}
    assert after[wanted].found[0].startswith(told)


@modest
@given(
    st.dictionaries(
        st.sampled_from(["spatial", "timerange_start", "timerange_end", "problems", "instruments", "gsd"]),
        st.text(max_size=20) | st.sampled_from(["[1]", "{}", "null", '[{"where": 1}]', "2026-01-01"]),
    )
)
def test_whatever_is_stored_can_be_examined(extras: dict[str, str]) -> None:
    for kind in ("eo_product", "eo_collection", "dataset"):
        (record,) = records(_rows(extras=extras, type=kind), _around())
        examine(record)


def test_a_product_of_nothing_is_examined() -> None:
    empty = Rows([{**_rows().packages[0], "extras": {}, "title": None}], {}, {}, {})
    (record,) = records(empty, _around())
    assert record.product == Product(id="s2a_1", collection="")
    assert {"place", "period", "file", "license"} <= {
        name for name, finding in examine(record).items() if not finding.passed
    }
