"""Ranges and periods that aggregations count in."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from random import Random

import pytest

from ckanext.nextgeoss.eo.periods import INTERVALS, begin_of, periods, suitable
from ckanext.nextgeoss.eo.temporal import parse_time
from ckanext.nextgeoss.search.aggregation_ranges import edges

AGES = datetime(1, 1, 1, tzinfo=timezone.utc), datetime(9999, 12, 31, 23, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "low, high, whole, expected",
    [
        (0, 100, False, [10, 20, 30, 40, 50, 60, 70, 80, 90]),
        (-90, 90, False, [-80, -60, -40, -20, 0, 20, 40, 60, 80]),
        (0, 0.3, False, [0.05, 0.1, 0.15, 0.2, 0.25]),
        (7, 7, False, [7]),
        (1, 3, True, [2]),
        (4, 5, True, [4]),
    ],
)
def test_ranges_are_round(low: float, high: float, whole: bool, expected: list[float]):
    assert edges(low, high, whole=whole) == expected


def test_any_numbers_have_few_ranges():
    random = Random(1)
    for _ in range(2000):
        low = random.uniform(-1, 1) * 10 ** random.uniform(-9, 17)
        high = low + random.uniform(0, 1) * 10 ** random.uniform(-9, 17)
        found = edges(low, high)
        assert 1 <= len(found) <= 13 and found == sorted(set(found)), (low, high)
        assert all(low <= each <= high for each in found), (low, high)


@pytest.mark.parametrize(
    "interval, expected",
    [
        ("year", "2024-01-01"),
        ("month", "2024-05-01"),
        ("week", "2024-05-06"),
        ("day", "2024-05-12"),
        ("hour", "2024-05-12T10:00:00Z"),
        ("minute", "2024-05-12T10:20:00Z"),
        ("second", "2024-05-12T10:20:30Z"),
    ],
)
def test_periods_begin_where_the_calendar_says(interval: str, expected: str):
    assert begin_of(parse_time("2024-05-12T10:20:30.5Z"), interval) == parse_time(expected)


@pytest.mark.parametrize("interval", INTERVALS)
def test_periods_hold_all_times_and_never_too_many(interval: str):
    random = Random(2)
    for _ in range(200):
        first = datetime(2020, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=random.randrange(10**8))
        last = first + timedelta(seconds=random.choice((0, 1, 1000, 10**6, 10**8)))
        found = periods(first, last, interval, 40)
        assert len(found) <= 40 and found == sorted(set(found))
        assert found[-1] <= last and (found[0] <= first or len(found) == 40)
        assert len(periods(*AGES, interval, 40)) == 40
    assert periods(AGES[0], AGES[0], interval, 40) == [AGES[0]]


def test_a_suitable_interval_is_the_shortest_of_which_not_too_many_are_needed():
    first = parse_time("2024-01-01")
    spans = {"second": 0, "minute": 3600, "hour": 2 * 86400, "day": 30 * 86400, "week": 200 * 86400}
    spans |= {"month": 1000 * 86400, "year": 10_000 * 86400}
    for interval, seconds in spans.items():
        assert suitable(first, first + timedelta(seconds=seconds), 60) == interval
    assert suitable(*AGES, 60) == "year"
