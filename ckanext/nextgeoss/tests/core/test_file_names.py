"""What names of files tell: dates, tiles, properties; and patterns that nobody can make run for ever."""

from __future__ import annotations

import math
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadConfiguration, BadValue
from ckanext.nextgeoss.eo.file_names import NamePatterns
from ckanext.nextgeoss.eo.name_dates import check_period, dates_of, instant_of
from ckanext.nextgeoss.eo.safe_pattern import LONGEST, matched, safe_pattern
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.tiles import tile_footprint
from ckanext.nextgeoss.eo.utm import SQUARE, project, square_name, zone_of
from ckanext.nextgeoss.harvesters.provider_files import provider_from_mapping


@pytest.mark.parametrize(
    ("said", "period", "expected"),
    [
        ({"year": "2024"}, "", "2024-01-01T00:00:00Z/2024-12-31T23:59:59.999999Z"),
        ({"year": "2024", "month": "02"}, "", "2024-02-01T00:00:00Z/2024-02-29T23:59:59.999999Z"),
        ({"year": "2023", "month": "12"}, "", "2023-12-01T00:00:00Z/2023-12-31T23:59:59.999999Z"),
        ({"year": "2024", "month": "02", "day": "29"}, "", "2024-02-29"),
        ({"year": "2024", "doy": "366"}, "", "2024-12-31"),
        ({"yy": "99", "month": "01", "day": "02"}, "", "1999-01-02"),
        ({"yy": "24", "doy": "032"}, "", "2024-02-01"),
        (
            {"year": "2024", "doy": "001", "hour": "06"},
            "",
            "2024-01-01T06:00:00Z/2024-01-01T06:59:59.999999Z",
        ),
        ({"start": "20240131"}, "", "2024-01-31"),
        ({"start": "2024-01-31"}, "8 days", "2024-01-31T00:00:00Z/2024-02-07T23:59:59.999999Z"),
        ({"start": "20240131T102030"}, "", "2024-01-31T10:20:30Z"),
        ({"start": "20240131T1020Z"}, "", "2024-01-31T10:20:00Z"),
        ({"start": "20240131", "end": "20240203"}, "month", "2024-01-31/2024-02-03"),
        ({"start": "20240131", "length": "1mo"}, "", "2024-01-31T00:00:00Z/2024-02-27T23:59:59.999999Z"),
        ({"start": "20240101", "length": "1y"}, "", "2024-01-01/2024-12-31"),
        ({"start": "20240101", "length": "1w"}, "", "2024-01-01/2024-01-07"),
        ({"start": "20240101", "length": "30mn"}, "", "2024-01-01T00:00:00Z/2024-01-01T00:29:59.999999Z"),
        (
            {"year": "2024", "month": "01", "day": "31", "hour": "10", "minute": "00", "end_hour": "12",
             "end_minute": "30"},
            "",
            "2024-01-31T10:00:00Z/2024-01-31T12:30:00Z",
        ),
        ({"year": "2024", "month": "01"}, "year", "2024-01-01T00:00:00Z/2024-12-31T23:59:59.999999Z"),
        ({"hour": "10"}, "", "../.."),
    ],
)  # fmt: skip
def test_dates(said: dict[str, str], period: str, expected: str):
    """The interval as exact as it is told, or as long as the period."""
    assert dates_of(said, period) == TemporalExtent.parse(expected)


@pytest.mark.parametrize(
    "said",
    [
        {"year": "2024", "month": "13"},
        {"start": "20240230"},
        {"year": "2024", "doy": "000"},
        {"year": "2024", "doy": "367"},
        {"start": "20240131", "end": "20240101"},
        {"year": "0000"},
        {"start": "20240101", "length": "0d"},
    ],
)
def test_dates_that_there_are_not(said: dict[str, str]):
    with pytest.raises(BadValue):
        dates_of(said)


def test_periods_and_instants():
    assert check_period("8 days", "period") == "8 days"
    assert instant_of("20240131102030").isoformat() == "2024-01-31T10:20:30+00:00"
    with pytest.raises(BadValue):
        check_period("fortnight", "period")
    with pytest.raises(BadValue):
        instant_of("2024")


def test_a_name():
    """Groups are properties, holes are dates; the first pattern that matches counts."""
    patterns = NamePatterns.of(
        ["never", r"(?P<platform>S2[AB])_{year}{month}{day}_(?P<tile>T\w{5})\.tif"], "day"
    )
    said = patterns.read("S2A_20240131_T31UDQ.tif")
    assert said is not None
    assert said.groups == {"platform": "S2A", "tile": "T31UDQ"}
    assert said.time == TemporalExtent.parse("2024-01-31")
    assert patterns.read("S2A_20240131_T31UDQ.tif.aux") is None
    assert not patterns.has_keys


@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("X18Y02", (0, 45, 10, 55)),
        ("h18v04", (0, 40, 15.557238, 50)),
        ("h35v08", (170, 0, 180, 10)),
        ("N50E010", (10, 40, 20, 50)),
        ("10S_060W", (-60, -20, -50, -10)),
    ],
)
def test_tiles(name: str, box: tuple[float, ...]):
    found = tile_footprint(name)
    assert found is not None
    assert found.bbox == pytest.approx(box, abs=1e-5)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (2.3, 48.8),
        (-58.4, -34.6),
        (5.0, 60.5),
        (15.0, 78.2),
        (179.9, -16.5),
        (0.5, 0.2),
        (-70, -79),
        (30.0, 7.99),
    ],
)
def test_squares_of_utm(lon: float, lat: float):
    """The square of a place is where the place is, and as large as it should be."""
    zone = zone_of(lon, lat)
    column, row = (int(part // SQUARE) for part in project(lon, lat, zone))
    name = square_name(zone, lat, column, row)
    found = tile_footprint(f"T{name}")
    assert found is not None
    west, south, east, north = found.bbox
    assert south <= lat <= north
    assert west <= lon <= east if west <= east else lon >= west or lon <= east
    size = found.area * 111.3**2 * math.cos(math.radians((south + north) / 2))  # square kilometres
    assert size == pytest.approx(10_000, rel=0.05)


def test_a_square_of_sentinel_2():
    """31UDQ is around Paris."""
    found = tile_footprint("T31UDQ")
    assert found is not None
    assert found.bbox == pytest.approx((1.6, 48.7, 3.0, 49.7), abs=0.1)


@pytest.mark.parametrize(
    "name", ["h00v00", "h36v09", "X40Y01", "N95E010", "T31UZZ", "T61UDQ", "T31UIQ", "T31UJQ", ""]
)
def test_tiles_that_there_are_not(name: str):
    assert tile_footprint(name) is None


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+b",
        "(a*)*",
        "(a|aa)+",
        "([a-z]+_)*x",
        "((ab?)c)*",
        r"(\d+){2}",
        "(a+){2,}",
        ".*.*.*.*x",
        r"\w+\w+\w+\w+",
        r"(a)\1",
        "(?P<year>a)(?P=year)",
        "(unclosed",
        "(?:(?:x+)?)+",
    ],
)
def test_patterns_that_are_refused(text: str):
    """Repeats within repeats, many of anything, references back, and what is no expression."""
    with pytest.raises(BadValue):
        safe_pattern(text, "files")


@pytest.mark.parametrize(
    "text",
    [
        r"(?:[\d/]+/)?NAME_[A-Z0-9-]+_\d{8}\.nc",
        r"[^_]+_[^_]+_[^_]+_[^_]+_[^_]+",
        "(?:tif|xml)",
        r"(?i:floodmap)(?:GL|EU)?.*\.zip",
        r"a{2}(b{3}){2}",
        r"[\]+*]+x",
        r"\(a+\)+",
        "(?!x)a+",
    ],
)
def test_patterns_that_are_fine(text: str):
    assert isinstance(safe_pattern(text, "files"), re.Pattern)


def test_no_name_takes_long():
    """The worst that is allowed, on the worst name."""
    pattern = safe_pattern(".*a.*b.*c", "files")
    began = time.thread_time()
    assert matched(pattern, "a" * LONGEST) is None
    assert matched(pattern, "abc" * LONGEST) is None  # too long
    assert time.thread_time() - began < 2


@given(st.text(max_size=400))
def test_any_name(name: str):
    """Whatever a name is, it is read or not, and raises nothing but BadValue."""
    patterns = NamePatterns.of([r".*{start}.*\.nc", r"(?P<title>[^.]+)\.(?P<product_type>\w+)"])
    try:
        patterns.read(name)
    except BadValue:
        assert re.search(r"\d{4}-?\d{2}-?\d{2}", name)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"files": "(a+)+"}, "x: files: .*without repeats within repeats"),
        ({"files": "{yaer}"}, "did you mean year"),
        ({"folders": "(?P<plattform>x)"}, "did you mean platform"),
        ({"period": "fortnight"}, "x: period"),
        ({"records": "opensaerch"}, "did you mean opensearch"),
    ],
)
def test_mistakes_in_provider_files(said: dict[str, str], words: str):
    """Are named before anything is asked."""
    from ckanext.nextgeoss.eo.query import Query
    from ckanext.nextgeoss.harvesters.protocols import protocol

    about = {"title": "X", "organization": "x", "url": "https://example.org", "profile": "listing"}
    with pytest.raises(BadConfiguration, match=words):
        protocol("listing").first_request(provider_from_mapping("x", about | said, "x"), Query())
