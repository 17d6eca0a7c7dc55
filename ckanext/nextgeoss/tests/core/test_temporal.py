from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.temporal import TemporalExtent, format_time, parse_time
from ckanext.nextgeoss.tests.core.strategies import extents, modest, times


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-31T10:20:30Z", "2020-01-31T10:20:30Z"),
        ("2020-01-31t10:20:30.5z", "2020-01-31T10:20:30.5Z"),
        ("2016-09-22T01:15:09.9633170Z", "2016-09-22T01:15:09.963317Z"),
        ("2020-01-31T10:20:30.123456789Z", "2020-01-31T10:20:30.123456Z"),
        ("2020-01-31T12:20:30+02:00", "2020-01-31T10:20:30Z"),
        ("2020-01-31T10:20:30+0000", "2020-01-31T10:20:30Z"),
        ("2020-01-31 10:20:30-01:30", "2020-01-31T11:50:30Z"),
        (" 2020-01-31 ", "2020-01-31T00:00:00Z"),
        ("/Date(1474509300563)/", "2016-09-22T01:55:00.563Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_times_as_providers_write_them(text: str, expected: str) -> None:
    assert format_time(parse_time(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2015-01-08T22:57:31ZZ", "2020-01-31T10:20:30", "unknown", "", "2020-13-01", "2020-02-30T00:00:00Z",
        "2020-01-31T25:00:00Z", "PYCSW_TIMESTAMP", "0001-01-01T00:00:00+10:00", "/Date(99999999999999999)/",
        "2020-01-31T10:20:30.Z", "٢٠٢٠-01-31",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadValue, match="RFC 3339") as caught:
        parse_time(text, "start")
    assert str(caught.value).startswith(f"start: {text!r}")


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(BadValue, match="time zone"):
        parse_time(datetime(2020, 1, 1))
    with pytest.raises(BadValue, match="time zone"):
        TemporalExtent(datetime(2020, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-01T00:00:00Z/2020-01-02T00:00:00Z", "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"),
        ("2020-01-01T00:00:00Z/..", "2020-01-01T00:00:00Z/.."),
        ("../2020-01-01T00:00:00Z", "../2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00Z/", "2020-01-01T00:00:00Z/.."),
        ("/2020-01-01T00:00:00Z", "../2020-01-01T00:00:00Z"),
        ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"),
        ("2020-01-01", "2020-01-01T00:00:00Z/2020-01-01T23:59:59.999999Z"),
        ("2020-01-01/2020-01-02", "2020-01-01T00:00:00Z/2020-01-02T23:59:59.999999Z"),
        ("../..", "../.."),
        ("", "../.."),
    ],
)
def test_intervals(text: str, expected: str) -> None:
    assert TemporalExtent.parse(text).isoformat() == expected


def test_an_extent_is_true_when_one_end_is_known() -> None:
    assert TemporalExtent.parse("2020-01-01/..")
    assert not TemporalExtent.parse("../..")


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(BadValue, match=r"end: '2019-12-31T23:59:59.999999Z' .* not before the start"):
        TemporalExtent.parse("2020-01-01/2019-12-31")


def test_ends_in_any_zone_become_utc() -> None:
    zone = timezone(timedelta(hours=2))
    extent = TemporalExtent(datetime(2020, 1, 1, 2, tzinfo=zone))
    assert extent.isoformat() == "2020-01-01T00:00:00Z/.."
    assert extent == TemporalExtent(datetime(2020, 1, 1, tzinfo=timezone.utc))


@modest
@given(times)
def test_a_time_survives_being_written(time: datetime) -> None:
    assert parse_time(format_time(time)) == time


@modest
@given(extents())
def test_an_extent_survives_being_written(extent: TemporalExtent) -> None:
    assert TemporalExtent.parse(extent.isoformat()) == extent


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("2024-01-01T00:00:00Z/2024-01-02T00:00:00Z", "2024-01-02T00:00:00Z/2024-01-03T00:00:00Z", True),
        ("2024-01-01T00:00:00Z/2024-01-02T00:00:00Z", "2024-01-02T00:00:01Z/..", False),
        ("../2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z", True),
        ("../..", "2024-01-01T00:00:00Z", True),
        ("2024-01-03T00:00:00Z/..", "../2024-01-02T00:00:00Z", False),
    ],
)
def test_intervals_that_share_an_instant(one: str, other: str, meet: bool):
    first, second = TemporalExtent.parse(one), TemporalExtent.parse(other)
    assert first.intersects(second) is meet
    assert second.intersects(first) is meet
