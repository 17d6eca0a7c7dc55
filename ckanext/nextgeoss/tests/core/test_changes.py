"""Asking providers for what has changed since a time, each in its own language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

import pytest

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.simulator import Simulator
from ckanext.nextgeoss.eo.errors import BadConfiguration, BadValue
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.harvesters.protocols import CHANGES, protocol
from ckanext.nextgeoss.harvesters.provider import Provider
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.harvesters.slices import changed_since
from ckanext.nextgeoss.http import HttpClient, Request

SINCE = datetime(2024, 6, 1, tzinfo=timezone.utc)
QUERY = Query(collections=("sentinel-2-l2a",), conditions=changed_since(SINCE))


def provider(profile: str, **said: object) -> Provider:
    about = {"title": "T", "organization": "t", "url": "https://t.example", "profile": profile}
    return provider_from_mapping("tester", about | {"collections": ["sentinel-2-l2a"]} | said, "tester.yaml")


def asked(of: Provider, query: Query = QUERY) -> Request:
    return protocol(of.protocol).first_request(of, query)


def test_stac_by_the_query_extension():
    body = asked(provider("stac", changes={"query": "updated"})).body
    assert body["query"] == {"updated": {"gte": "2024-06-01T00:00:00Z"}}


def test_stac_by_the_filter_extension():
    body = asked(provider("stac", changes={"filter": "updated"})).body
    told = {"op": ">=", "args": [{"property": "updated"}, {"timestamp": "2024-06-01T00:00:00Z"}]}
    assert (body["filter-lang"], body["filter"]) == ("cql2-json", told)
    params = asked(provider("stac", changes={"filter": "updated"}, method="GET")).params
    assert params["filter"] == "updated >= TIMESTAMP('2024-06-01T00:00:00Z')"


def test_clauses_of_odata_and_dhus():
    assert "and ModificationDate ge 2024-06-01T00:00:00Z" in asked(provider("odata")).params["$filter"]
    assert "ingestiondate:[2024-06-01T00:00:00Z TO NOW]" in asked(provider("dhus")).params["q"]


@pytest.mark.parametrize(
    ("hole", "said"),
    [("eo:modificationDate", "[2024-06-01T00:00:00Z"), ("changedSince", "2024-06-01T00:00:00Z")],
)
def test_templates_as_an_interval_or_a_time(hole: str, said: str):
    template = f"/s?c={{eo:parentIdentifier}}&m={{{hole}?}}&n={{count}}&p={{startIndex}}"
    of = provider("opensearch", template=template)
    assert asked(of).params["m"] == said
    assert "m" not in asked(of, Query(collections=("sentinel-2-l2a",))).params


@pytest.mark.parametrize(
    ("name", "tells"),
    [("earth_search", True), ("cdse_stac", True), ("cdse_odata", True), ("dhus_national", True),
     ("planetary_computer", False), ("creodias_resto", False), ("terrascope", False),
     ("nextgeoss_demo", True), ("nextgeoss_demo_atom", True), ("nextgeoss_demo_odata", True)],
)  # fmt: skip
def test_which_providers_can_be_asked(name: str, tells: bool):
    of = load_provider(name)
    assert (CHANGES in protocol(of.protocol).asks(of)) is tells


def test_who_cannot_be_asked_is_not():
    with pytest.raises(BadValue, match="conditions"):
        asked(provider("stac"))
    with pytest.raises(BadValue, match="conditions"):
        other = Query(conditions=(Condition("cloud_cover", "<=", 5.0),))
        asked(provider("stac", changes={"query": "updated"}), other)
    with pytest.raises(BadConfiguration, match="changes: expected query or filter"):
        asked(provider("stac", changes={"queryy": "updated"}))


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(catalogue.products(400)) as served:
        yield served


@pytest.mark.parametrize(
    ("name", "path"),
    [("nextgeoss_demo", ""), ("nextgeoss_demo_atom", "/opensearch"),
     ("nextgeoss_demo_geojson", "/opensearch"), ("nextgeoss_demo_odata", "/odata/v1")],
)  # fmt: skip
def test_the_simulator_answers_with_what_was_updated(simulator: Simulator, name: str, path: str):
    client = HttpClient(allowed_private_hosts=[urlsplit(simulator.url).netloc])
    remote = RemoteCatalogue(replace(load_provider(name), url=simulator.url + path), client.send)
    came = [product.id for page in remote.pages(QUERY) for product in page.products]
    wanted = [p.id for p in catalogue.products(400) if p.collection == "sentinel-2-l2a" and _is_later(p)]
    assert sorted(came) == sorted(wanted)
    assert len(wanted) > 0
    assert remote.count(QUERY) == len(wanted)
    client.close()


def _is_later(product: Any) -> bool:
    return product.properties["updated"] >= SINCE
