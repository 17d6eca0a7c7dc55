"""A time finds the same beside an area, where both ends are compared, as alone, with open ends, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from ckan.common import config

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.placed import Placed
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.fields import fixed_fields
from ckanext.nextgeoss.search.query import quoted, solr_parameters
from ckanext.nextgeoss.search.solr import SolrClient

SITE = f"times-{uuid4().hex[:8]}"
AREA = Footprint.from_bbox(1, 1, 30, 20)
DAYS = (None, *(f"2024-05-{day:02}T10:00:00Z" for day in (1, 3, 5, 7)))
SPANS = [
    TemporalExtent.of(start, end) for start, end in product(DAYS, DAYS) if not (start and end and start > end)
]


@pytest.fixture(scope="module")
def core() -> Iterator[SolrClient]:
    client = SolrClient(config["solr_url"])
    place = Placed.of(Footprint.from_bbox(5, 5, 6, 6))
    documents = [
        {"index_id": f"{SITE}-{number}", "id": str(number), "site_id": SITE}
        | fixed_fields("times", str(number), span, place, [], provider="times", topics=[], access="")
        for number, span in enumerate(SPANS)
    ]
    client.add(documents, commit=True)
    yield client
    client.delete(f"site_id:{quoted(SITE)}", commit=True)


@pytest.mark.parametrize("asked", [span for span in SPANS if span], ids=TemporalExtent.isoformat)
def test_what_a_time_finds_beside_an_area(core: SolrClient, asked: TemporalExtent) -> None:
    def found(query: Query) -> set[str]:
        parameters: dict[str, Any] = solr_parameters(query, load_properties())
        only = [*parameters["fq"], f"site_id:{quoted(SITE)}"]
        answer = core.select(parameters | {"fq": only, "fl": "id", "rows": 100})
        return {document["id"] for document in answer["response"]["docs"]}

    beside = Query(time=asked, footprint=AREA)
    truth = {str(number) for number, span in enumerate(SPANS) if span and span.intersects(asked)}
    assert truth
    assert found(beside) == truth
    assert found(replace(beside, footprint=None)) == truth
