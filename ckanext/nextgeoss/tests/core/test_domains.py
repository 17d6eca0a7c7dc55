"""Options and ranges of properties out of Solr's answer."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.search.domains import MOST_VALUES, Domain, domains_request, read_domains
from ckanext.nextgeoss.search.terms import TERMS

PROPERTIES = load_properties()


def read(**facets: Any) -> dict[str, Domain]:
    return read_domains({"facets": {"count": 9} | facets}, PROPERTIES)


def test_all_is_asked_at_once() -> None:
    request = domains_request(PROPERTIES, ["x:y"])
    assert request["fq"] == ["x:y"] and request["rows"] == 0
    assert set(json.loads(request["json.facet"])) == {*TERMS, *PROPERTIES}


def test_ranges() -> None:
    found = read(
        cloud_cover={"count": 2, "low": 0.5, "high": 99.0},
        start={"count": 2, "low": "2024-01-01T00:00:00Z", "high": "2024-02-01T00:00:00Z"},
        absolute_orbit={"count": 1, "low": 7.0, "high": 7.0},
    )
    assert found["cloud_cover"] == Domain(count=2, minimum=0.5, maximum=99.0)
    assert found["start"].maximum == datetime(2024, 2, 1, tzinfo=timezone.utc)
    assert repr(found["absolute_orbit"].minimum) == "7"


def test_options() -> None:
    buckets = [{"val": "a", "count": 2}, {"val": "b", "count": 1}]
    found = read(platform={"count": 3, "values": {"buckets": buckets}}, mission={"count": 0})
    assert found == {"platform": Domain(count=3, values=(("a", 2), ("b", 1)))}


def test_too_many_values_are_no_options() -> None:
    buckets = [{"val": str(number), "count": 1} for number in range(MOST_VALUES + 1)]
    found = read(file_name={"count": 500, "values": {"buckets": buckets}})
    assert found == {"file_name": Domain(count=500)}


def test_booleans_are_options_as_they_are_asked_for() -> None:
    (name,) = [row.name for row in PROPERTIES.values() if row.type == "boolean"][:1]
    found = read(**{name: {"count": 1, "values": {"buckets": [{"val": True, "count": 1}]}}})
    assert found[name].values == (("true", 1),)
