"""Other catalogues harvested: a stock CKAN, a hub like this one, RDF, description documents, RSS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from ckan.tests.helpers import CKANTestApp

from ckanext.nextgeoss.package import product_from_dataset
from ckanext.nextgeoss.tests.core.local_server import serve
from ckanext.nextgeoss.tests.core.test_dcat_protocol import turtle
from ckanext.nextgeoss.tests.core.test_described import Service
from ckanext.nextgeoss.tests.core.test_provider_contract import SAMPLES
from ckanext.nextgeoss.tests.harvesting import Hub, act, datasets, errors, index_waiting, run, stats
from ckanext.nextgeoss.tests.served import served

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def address(app: CKANTestApp) -> Iterator[str]:
    """Where this hub answers."""
    with served(app.flask_app) as address:
        yield address


def describe(hub: Hub, url: str, more: str, name: str = "other") -> str:
    """A provider at this address, described by these lines."""
    provider = f"{hub.tag}_{name}"
    hub.allow(urlsplit(url).netloc)
    about = f"title: {provider}\norganization: {provider.replace('_', '-')}\nurl: {url}\n{more}\n"
    (hub.folder / f"{provider}.yaml").write_text(about)
    return provider


def stock(hub: Hub, number: int, group: str) -> dict[str, Any]:
    """A dataset such as any CKAN has."""
    box = [[10, 45], [12, 45], [12, 47], [10, 47], [10, 45]]
    extras = {
        "spatial": json.dumps({"type": "Polygon", "coordinates": [box]}),
        "temporal_start": f"2024-01-0{number}",
        "temporal_end": f"2024-02-0{number}",
    }
    return act(
        "package_create",
        name=f"{hub.tag}-stock-{number}",
        title=f"Stock dataset {number}",
        notes="Words",
        owner_org=hub.organization(),
        license_id="cc-by",
        groups=[{"name": group}],
        tags=[{"name": "snow"}, {"name": "ice"}],
        extras=[{"key": key, "value": value} for key, value in extras.items()],
        resources=[
            {"url": f"https://data.example.org/{number}.nc", "name": "Grid", "format": "NetCDF", "size": 12}
        ],
    )


def test_stock_datasets_of_a_ckan(hub: Hub, address: str):
    """By group, page by page; later only what was changed, as the same products."""
    group = act("group_create", name=f"{hub.tag}-water")["name"]
    made = [stock(hub, number, group) for number in range(1, 6)]
    index_waiting()
    rule = f"{{ids: {group}, where: {{groups: {group}}}}}"
    provider = describe(
        hub, address, f"profile: ckan\npage_size: 2\ncollections:\n  {hub.collection}: {rule}"
    )
    source = hub.source(provider)
    job = run(source)
    assert stats(job) == (5, 0, 0, 0), errors(job)
    found = datasets(hub.collection)
    assert {each["identifier"] for each in found} == {each["id"] for each in made}
    (first,) = [each for each in found if each["identifier"] == made[0]["id"]]
    assert (first["title"], first["type"]) == ("Stock dataset 1", "eo_product")
    assert first["timerange_start"].startswith("2024-01-01")
    assert json.loads(first["spatial"])["type"] == "Polygon"
    assert {tag["name"] for tag in first["tags"]} >= {"snow", "ice"}
    assert {each["url"] for each in first["resources"]} == {
        "https://data.example.org/1.nc", f"{address}/dataset/{hub.tag}-stock-1",
    }  # fmt: skip

    act("package_patch", id=made[0]["id"], title="Another title")
    index_waiting()
    job = run(source)
    assert stats(job)[:2] == (0, 1), errors(job)
    (again,) = [each for each in datasets(hub.collection) if each["identifier"] == made[0]["id"]]
    assert (again["id"], again["title"]) == (first["id"], "Another title")


def test_a_hub_like_this_one(hub: Hub, address: str):
    """Its products come back as what they are: properties, times, places and files."""
    products = hub.products(5)
    with hub.provider(products) as (provider, _):
        run(hub.source(provider))
    before = datasets(hub.collection)
    there = {each["identifier"]: product_from_dataset(each) for each in before}
    assert len(there) == 5
    lines = f"profile: hub\npage_size: 2\ncollections: [{hub.collection}]"
    other = describe(hub, "https://hub.example.org", lines)
    hub.allow(urlsplit(address).netloc)
    source = hub.source(other, url=address)
    job = run(source)
    assert stats(job) == (5, 0, 0, 0), errors(job)
    known = {each["id"] for each in before}
    copies = [each for each in datasets(hub.collection) if each["id"] not in known]
    assert len(copies) == 5
    for each in copies:
        copy, original = product_from_dataset(each), there[each["identifier"]]
        assert (copy.title, copy.time, copy.footprint) == (original.title, original.time, original.footprint)
        assert dict(copy.properties) == dict(original.properties)
        assert {a.key: a.href for a in copy.assets} == {a.key: a.href for a in original.assets}


def test_a_catalogue_in_rdf(hub: Hub):
    """Page by page, by the links of Hydra."""
    body = (SAMPLES / "dcat" / "page.ttl").read_bytes()

    with serve({}) as server:
        server_routes = {
            "/catalog.jsonld": lambda h: h.answer(
                body.replace(b"https://demo.ckan.org/catalog.ttl", f"{h.server.seen.url}/more".encode())
            ),
            "/more": lambda h: h.answer(turtle("three", kind="PagedCollection")),
        }
    with serve(server_routes) as server:
        lines = f"profile: dcat\ncollections:\n  {hub.collection}: {{ids: all, pattern: '.*'}}"
        source = hub.source(describe(hub, server.url, lines))
        job = run(source)
        assert stats(job) == (3, 0, 0, 0), errors(job)
        assert stats(run(source)) == (0, 0, 3, 0)
    assert [each["identifier"] for each in datasets(hub.collection)] == [
        "invented-one",
        "invented-two",
        "three",
    ]


def test_two_steps_of_opensearch(hub: Hub):
    """From the main document to the collections, their documents and their products."""
    with serve(Service().routes) as server:
        lines = "profile: opensearch\npage_size: 2\ndescription_document: /osdd"
        lines += f"\ncollections: {{{hub.collection}: A}}"
        source = hub.source(describe(hub, server.url, lines))
        job = run(source)
        assert stats(job) == (5, 0, 0, 0), errors(job)
        assert stats(run(source)) == (0, 0, 5, 0)
        collection = act("package_search", fq='dataset_type:eo_collection AND title:"About A"', rows=50)
    assert [each["identifier"] for each in datasets(hub.collection)] == [f"g{n}" for n in range(1, 6)]
    assert hub.collection in [each["collection_id"] for each in collection["results"]]


def test_events_by_rss(hub: Hub):
    """An event is the same dataset while it goes on."""
    body = (SAMPLES / "gdacs" / "page.xml").read_bytes()
    later = body.replace(b"Orange alert", b"Red alert")
    said = [body]
    with serve({"/rss.xml": lambda h: h.answer(said[-1])}) as server:
        lines = "profile: opensearch\ntemplate: /rss.xml\ncounts: false"
        lines += f"\ncollections:\n  {hub.collection}: {{ids: events, pattern: '[A-Z]{{2}}\\d+'}}"
        source = hub.source(describe(hub, server.url, lines))
        job = run(source)
        assert stats(job) == (2, 0, 0, 0), errors(job)
        first = {each["identifier"]: each["id"] for each in datasets(hub.collection)}
        said.append(later)
        assert stats(run(source)) == (0, 1, 1, 0)
    found = datasets(hub.collection)
    assert {each["identifier"]: each["id"] for each in found} == first
    assert [each["title"] for each in found if each["identifier"] == "TC1900001"] == [
        "Red alert for INVENTA-24"
    ]
