"""The text that Prometheus reads."""

from __future__ import annotations

from datetime import datetime

from ckanext.nextgeoss.harvesters.metrics import Measures, text
from ckanext.nextgeoss.harvesters.tally import Brought
from ckanext.nextgeoss.tests.prometheus import Samples, samples


def read(measures: Measures) -> Samples:
    return samples(text(measures).decode())


def test_counters_are_by_source_and_outcome():
    one, two = Brought(), Brought()
    one.counters |= {"seen": 10, "added": 7, "unchanged": 2, "errored": 1, "requests": 4, "bytes": 1234}
    one.slices, two.slices = {"done": 3, "failed": 1}, {"done": 2}
    one.last_added = datetime(2026, 1, 1)
    found = read(Measures(brought={"one": one, "two": two}, offered={"one": 7}, jobs_running=1))
    assert found["nextgeoss_harvest_products_total", "one", "seen"] == 10
    assert found["nextgeoss_harvest_products_total", "one", "added"] == 7
    assert found["nextgeoss_harvest_products_total", "two", "added"] == 0
    assert found["nextgeoss_harvest_requests_total", "one"] == 4
    assert found["nextgeoss_harvest_bytes_total", "one"] == 1234
    assert found["nextgeoss_source_products", "one"] == 7
    assert found["nextgeoss_source_last_added_seconds", "one"] == 1767225600
    assert found["nextgeoss_slices", "done"] == 5
    assert found["nextgeoss_slices", "failed"] == 1
    assert found["nextgeoss_jobs_running",] == 1


def test_the_outbox_is_told_by_number_age_and_refusals():
    found = read(Measures(outbox_waiting=5, outbox_oldest_seconds=2.5, outbox_refused=1))
    assert found["nextgeoss_outbox_waiting",] == 5
    assert found["nextgeoss_outbox_oldest_seconds",] == 2.5
    assert found["nextgeoss_outbox_refused",] == 1


def test_names_of_sources_cannot_break_the_text():
    found = read(Measures(offered={'a"b\\c\nd': 1}))
    assert found["nextgeoss_source_products", 'a"b\\c\nd'] == 1
