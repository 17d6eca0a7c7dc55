"""What the hub does in numbers, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from .tally import Brought

CONTENT_TYPE = CONTENT_TYPE_LATEST

_OUTCOMES = ("seen", "added", "updated", "unchanged", "deleted", "errored")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """All that is measured; sources are named as people name them."""

    # by source: what it has brought, and how many products it offers
    brought: Mapping[str, Brought] = field(default_factory=dict[str, Brought])
    offered: Mapping[str, int] = field(default_factory=dict[str, int])
    jobs_running: int = 0
    outbox_waiting: int = 0
    outbox_oldest_seconds: float = 0.0
    outbox_refused: int = 0


def text(measures: Measures) -> bytes:
    """The measures as Prometheus reads them."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Measured(measures))
    return generate_latest(registry)


class _Measured(Collector):
    def __init__(self, measures: Measures):
        self._measures = measures

    def collect(self) -> Iterator[Metric]:
        """The families of metrics."""
        yield from _of_sources(self._measures)
        yield from _of_the_site(self._measures)


def _of_sources(measures: Measures) -> Iterator[Metric]:
    products = GaugeMetricFamily("nextgeoss_source_products", "Products a source offers", labels=["source"])
    for source, number in measures.offered.items():
        products.add_metric([source], number)
    outcomes = CounterMetricFamily(
        "nextgeoss_harvest_products", "Products met in harvests", labels=["source", "outcome"]
    )
    requests = CounterMetricFamily("nextgeoss_harvest_requests", "Requests to providers", labels=["source"])
    volume = CounterMetricFamily("nextgeoss_harvest_bytes", "Bytes of providers' answers", labels=["source"])
    last = GaugeMetricFamily(
        "nextgeoss_source_last_added_seconds", "When a new product came last (Unix time)", labels=["source"]
    )
    for source, one in measures.brought.items():
        for outcome in _OUTCOMES:
            outcomes.add_metric([source, outcome], one.counters[outcome])
        requests.add_metric([source], one.counters["requests"])
        volume.add_metric([source], one.counters["bytes"])
        if one.last_added:
            last.add_metric([source], _unix(one.last_added))
    yield from (products, outcomes, requests, volume, last)


def _of_the_site(measures: Measures) -> Iterator[Metric]:
    slices = GaugeMetricFamily("nextgeoss_slices", "Slices of harvest jobs by state", labels=["state"])
    states: dict[str, int] = {}
    for one in measures.brought.values():
        for state, number in one.slices.items():
            states[state] = states.get(state, 0) + number
    for state, number in sorted(states.items()):
        slices.add_metric([state], number)
    yield slices
    yield _gauge("nextgeoss_jobs_running", "Harvest jobs that run", measures.jobs_running)
    yield _gauge("nextgeoss_outbox_waiting", "Wishes to index a dataset that wait", measures.outbox_waiting)
    yield _gauge(
        "nextgeoss_outbox_oldest_seconds", "Age of the oldest of them", measures.outbox_oldest_seconds
    )
    yield _gauge("nextgeoss_outbox_refused", "Documents that Solr has refused", measures.outbox_refused)


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _unix(time: datetime) -> float:
    return time.replace(tzinfo=timezone.utc).timestamp()
