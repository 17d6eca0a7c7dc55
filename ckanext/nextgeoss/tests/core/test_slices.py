"""The planner: slices are bounded, meet without overlap, and together ask for everything."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import ALWAYS, TemporalExtent
from ckanext.nextgeoss.harvesters.slices import Count, Slice, changed_since, plan, query_of, slice_id

NOW = datetime(2024, 7, 1, tzinfo=timezone.utc)
BEGIN = datetime(2014, 4, 3, tzinfo=timezone.utc)
TICK = timedelta(microseconds=1)


def _counting(times: dict[str, list[datetime]]) -> Count:
    """A provider of products at these times, by collection."""

    def count(query: Query) -> int:
        names = query.collections or tuple(times)
        return sum(_within(time, query.time) for name in names for time in times[name])

    return count


def _within(time: datetime, extent: TemporalExtent) -> bool:
    return (extent.start or time) <= time <= (extent.end or time)


def _plan(times: dict[str, list[datetime]], query: Query | None = None, target: int = 10) -> list[Slice]:
    extents = {name: TemporalExtent(min(found), None) for name, found in times.items() if found}
    return list(plan(query or Query(), times, _counting(times), extents, NOW, target))


def test_few_products_are_one_slice():
    """Nothing is cut that need not be; open ends stay open, so products without our bounds are found, too."""
    assert _plan({"a": [BEGIN] * 10}) == [Slice("a", ALWAYS)]


def test_no_products_are_no_slice():
    """A collection without products is no work."""
    assert _plan({"a": [], "b": [BEGIN]}) == [Slice("b", ALWAYS)]


def test_query_without_collections():
    """The whole provider is one piece."""
    found = list(plan(Query(), [], lambda query: 5, {}, NOW))
    assert found == [Slice("", ALWAYS)]
    assert found[0].key == "*/../.."
    assert found[0].query(Query()).collections == ()


def test_halves():
    """A hundred days of products are cut until each slice has few enough; empty ones are left out."""
    days = [BEGIN + timedelta(days=day) for day in range(100)]
    slices = _plan({"a": days})
    assert len(slices) >= 10
    assert slices[0].time.start is None
    assert slices[-1].time.start and slices[-1].time.start < days[-1]
    _check(slices, days, target=10)


def test_asked_time_is_kept():
    """What is asked bounds the slices."""
    days = [BEGIN + timedelta(days=day) for day in range(100)]
    asked = TemporalExtent(days[20], days[79])
    slices = _plan({"a": days}, Query(time=asked))
    assert (slices[0].time.start, slices[-1].time.end) == (asked.start, asked.end)
    _check(slices, days[20:80], target=10)


def test_many_at_one_instant_are_not_cut_for_ever():
    """A mosaic has all its products at one time: one slice, however many."""
    slices = _plan({"a": [BEGIN] * 1000})
    assert sum(_counting({"a": [BEGIN] * 1000})(piece.query(Query())) for piece in slices) == 1000
    assert len(slices) <= 3


def test_provider_that_does_not_count():
    """Calendar months, the first and last open."""
    extent = TemporalExtent(datetime(2024, 1, 15, tzinfo=timezone.utc), None)
    slices = list(
        plan(Query(), ["a"], lambda query: None, {"a": extent}, datetime(2024, 4, 2, tzinfo=timezone.utc))
    )
    assert [piece.key for piece in slices] == [
        "a/../2024-01-31T23:59:59.999999Z",
        "a/2024-02-01T00:00:00Z/2024-02-29T23:59:59.999999Z",
        "a/2024-03-01T00:00:00Z/2024-03-31T23:59:59.999999Z",
        "a/2024-04-01T00:00:00Z/..",
    ]


def test_months_of_what_is_asked():
    """A month that is asked is one slice."""
    asked = TemporalExtent.of("2024-02-01", "2024-02-29")
    assert list(plan(Query(time=asked), ["a"], lambda query: None, {}, NOW)) == [Slice("a", asked)]


def test_collection_that_ended():
    """Its extent closes what is open, and products after that are still asked for."""
    extent = TemporalExtent.of("2000-01-01", "2000-03-31")
    slices = list(plan(Query(), ["a"], lambda query: None, {"a": extent}, NOW))
    assert len(slices) == 3
    assert slices[-1].time.end is None


def test_asked_after_the_end_of_the_collection():
    """Nothing is lost when what is asked lies outside what the collection says of itself."""
    asked = TemporalExtent.of("2024-01-01", None)
    extent = TemporalExtent.of("2000-01-01", "2000-03-31")
    assert list(plan(Query(time=asked), ["a"], lambda query: 99, {"a": extent}, NOW, 10)) == [
        Slice("a", asked)
    ]
    assert list(plan(Query(time=asked), ["a"], lambda query: None, {"a": extent}, NOW)) == [Slice("a", asked)]


def test_same_plan_again():
    """The same provider gives the same keys; no key comes twice, not even for a collection named twice."""
    days = [BEGIN + timedelta(days=day) for day in range(60)]
    extents = {"a": TemporalExtent(BEGIN, None)}
    keys = [
        [
            piece.key
            for piece in plan(Query(), ["a", "b", "a"], _counting({"a": days, "b": days}), extents, NOW, 10)
        ]
        for _ in range(2)
    ]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == len(keys[0])


def test_query_of_a_slice_keeps_the_rest():
    """Area and ids are asked in each slice."""
    asked = Query(ids=("x",), collections=("a", "b"))
    assert Slice("a", ALWAYS).query(asked) == Query(ids=("x",), collections=("a",))


def test_few_counts():
    """A count costs a request: about two for each slice."""
    asked: list[Query] = []
    days = [BEGIN + timedelta(hours=hour) for hour in range(1000)]

    def count(query: Query) -> int:
        asked.append(query)
        return _counting({"a": days})(query)

    extents = {"a": TemporalExtent(BEGIN, days[-1])}
    slices = list(plan(Query(), ["a"], count, extents, NOW, 10))
    assert len(asked) <= 2 * len(slices)


moments = st.datetimes(datetime(2014, 4, 3), datetime(2024, 6, 30), timezones=st.just(timezone.utc))


@settings(max_examples=60, deadline=None)
@given(st.lists(moments, min_size=1, max_size=80))
def test_every_product_is_in_one_slice(times: list[datetime]):
    """Whatever the times of products are."""
    _check(_plan({"a": times}, target=5), times, target=5)


def _check(slices: list[Slice], times: list[datetime], target: int) -> None:
    """Each product is in one slice; slices meet; none has too many unless it is as short as can be."""
    for time in times:
        assert sum(_within(time, piece.time) for piece in slices) == 1
    for before, after in pairwise(slices):
        assert before.time.end is not None and after.time.start is not None
        assert before.time.end < after.time.start
    for piece in slices:
        found = sum(_within(time, piece.time) for time in times)
        assert found
        if found > target:
            start, end = piece.time.start or min(times), piece.time.end or NOW
            assert end - start < timedelta(minutes=2)


@pytest.mark.parametrize(
    "now", [datetime(2024, 7, 1, tzinfo=timezone.utc), datetime(1960, 1, 1, tzinfo=timezone.utc)]
)
def test_nothing_is_known(now: datetime):
    """Neither extent nor counts: months since the first Landsat, also with a wrong clock."""
    slices = list(plan(Query(), ["a"], lambda query: None, {}, now))
    assert 1 <= len(slices) <= 630
    assert slices[0].time.start is None
    assert slices[-1].time.end is None


def test_no_slice_is_larger_than_the_provider_lets_one_count():
    """A reach below the target is what slices are cut to."""
    days = [BEGIN + timedelta(days=day) for day in range(100)]
    found = list(plan(Query(), ["a"], _counting({"a": days}), {}, NOW, target=50, reach=7))
    assert all(sum(_within(day, piece.time) for day in days) <= 7 for piece in found)


def test_changes_are_not_cut_by_months_where_nobody_counts_them():
    """A question for changes only is one slice a collection: there are few."""
    query = Query(conditions=changed_since(BEGIN))
    found = list(plan(query, ["a", "b"], lambda query: None, {}, NOW))
    assert found == [Slice("a", ALWAYS), Slice("b", ALWAYS)]
    assert found[0].query(query).conditions == changed_since(BEGIN)


def test_a_stored_query_is_read_again():
    """What a slice asks survives its way through the database."""
    said = {"collections": ["a"], "time": "2024-01-01T00:00:00Z/..", "bbox": [0, 1, 2, 3]}
    query = query_of(said | {"since": "2024-02-01T00:00:00Z"})
    assert query.collections == ("a",)
    assert query.time.isoformat() == said["time"]
    assert query.footprint and query.footprint.bbox == (0, 1, 2, 3)
    assert query.conditions == changed_since(datetime(2024, 2, 1, tzinfo=timezone.utc))
    assert query_of(said).conditions == ()


def test_the_id_of_a_slice_is_that_of_its_job_and_key():
    """So that planning it twice is planning it once."""
    job = "5b0b3f3c-6c8e-4d51-8c3f-6d8f7e3c1a11"
    assert slice_id(job, "a/../..") == slice_id(job, "a/../..")
    assert len({slice_id(job, "a"), slice_id(job, "b")}) == 2
