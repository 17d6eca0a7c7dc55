"""Metrics as Prometheus' own reader takes them."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, ...], float]


def samples(text: str) -> Samples:
    """Values by name, source and what other label there is."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = dict(sample.labels)
            source = (labels.pop("source"),) if "source" in labels else ()
            found[(sample.name, *source, *labels.values())] = sample.value
    return found
