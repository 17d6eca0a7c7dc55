"""Holdings of collections out of Solr's answer."""

from __future__ import annotations

import json

from ckanext.nextgeoss.eo.held import Holdings
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.holdings import holdings_request, read_holdings

# as Solr 9.10 answers it
ANSWER = {
    "facets": {
        "count": 3,
        "collections": {
            "buckets": [
                {
                    "val": "sentinel-2-l2a", "count": 2,
                    "start": "2024-01-01T00:00:00Z", "end": "2024-02-01T00:00:00Z",
                    "last_start": "2024-03-01T00:00:00Z",
                    "west": -1.0, "south": 43.0, "east": 2.5, "north": 44.0,
                },
                {"val": "bare", "count": 1},
            ]
        },
    }
}  # fmt: skip


def test_number_time_and_area_are_read() -> None:
    assert read_holdings(ANSWER) == {
        "sentinel-2-l2a": Holdings(
            count=2,
            time=TemporalExtent.parse("2024-01-01T00:00:00Z/2024-03-01T00:00:00Z"),
            bbox=(-1, 43, 2.5, 44),
        ),
        "bare": Holdings(count=1),
    }


def test_an_empty_index_holds_nothing() -> None:
    assert read_holdings({"facets": {"count": 0}}) == {}


def test_the_request_asks_once_and_keeps_words_and_filters() -> None:
    request = holdings_request({"q": "rain", "fq": ["state:active"], "sort": "x asc", "cursorMark": "*"})
    assert {name: request[name] for name in ("q", "fq", "rows")} == {
        "q": "rain",
        "fq": ["state:active"],
        "rows": 0,
    }
    assert "sort" not in request and "cursorMark" not in request
    asked = json.loads(request["json.facet"])["collections"]["facet"]
    assert set(asked) >= {"start", "end", "west", "north"}
