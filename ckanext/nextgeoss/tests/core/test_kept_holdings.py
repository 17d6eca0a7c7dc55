"""Products kept in memory are found by their times as if each had been looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import product as combinations

import pytest

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.entries import Entry, KeptEntry, kept_entries
from ckanext.nextgeoss.demo.holdings import Question
from ckanext.nextgeoss.demo.kept import KeptHoldings
from ckanext.nextgeoss.eo.temporal import TemporalExtent

BASE = "http://provider.example"


@pytest.fixture(scope="module")
def entries() -> list[KeptEntry]:
    """Instants, intervals of seconds and of a day, open ends, and one without any time."""
    made = list(catalogue.products(400))
    long = TemporalExtent(made[7].time.start, made[7].time.start + timedelta(days=40))  # type: ignore[operator]
    open_ones = {
        3: TemporalExtent(made[3].time.start, None),
        50: TemporalExtent(None, made[50].time.end),
        90: TemporalExtent(None, None),
        7: long,
    }
    changed = [replace(p, time=open_ones.get(n, p.time)) for n, p in enumerate(made)]
    return kept_entries(changed, BASE, with_defects=False)


@pytest.fixture(scope="module")
def holdings(entries: list[KeptEntry]) -> KeptHoldings:
    return KeptHoldings(entries, catalogue.COLLECTIONS)


def names(found: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in found]


def instants() -> list[datetime | None]:
    start = datetime(2024, 1, 1, tzinfo=timezone.utc)
    return [None, *(start + timedelta(days=days) for days in (-10, 3, 45, 200, 201, 900))]


@pytest.mark.parametrize("collections", [(), ("sentinel-2-l2a",), ("landsat-c2-l2", "sentinel-1-grd", "x")])
def test_any_interval(entries: list[KeptEntry], holdings: KeptHoldings, collections: tuple[str, ...]):
    pairs = [(a, b) for a, b in combinations(instants(), repeat=2) if a is None or b is None or a <= b]
    assert len(pairs) > 20
    for start, end in pairs:
        asked = Question(collections=collections, time=TemporalExtent(start, end))
        assert names(holdings.matching(asked)) == [e.id for e in entries if asked.matches(e)]


def test_each_instant_of_a_product(entries: list[KeptEntry], holdings: KeptHoldings):
    for entry in entries[::9]:
        for moment in (entry.time.start, entry.time.end):
            asked = Question(time=TemporalExtent(moment, moment))
            assert names(holdings.matching(asked)) == [e.id for e in entries if asked.matches(e)]


def test_by_identifier_and_the_other_way_round(entries: list[KeptEntry], holdings: KeptHoldings):
    wanted = (entries[8].id, entries[3].id)
    assert names(holdings.matching(Question(ids=wanted))) == [wanted[1], wanted[0]]
    assert names(holdings.matching(Question(ids=wanted, oldest_first=True))) == list(wanted)
    assert holdings.entry("none") is None


def test_the_period_of_a_collection(entries: list[KeptEntry], holdings: KeptHoldings):
    times = [entry.time for entry in entries if entry.collection == "sentinel-1-grd"]
    assert holdings.period("sentinel-1-grd") == TemporalExtent(
        min(time.start for time in times if time.start), max(time.end for time in times if time.end)
    )
