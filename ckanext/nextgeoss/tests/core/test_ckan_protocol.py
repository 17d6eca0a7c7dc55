"""CKAN portals and hubs like this one, by their action API, against a server that answers as CKAN does."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.ckan import CKAN
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.harvesters.protocols import protocol
from ckanext.nextgeoss.harvesters.protocols.ckan import HubDatasets
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_from_mapping
from ckanext.nextgeoss.harvesters.remote import RemoteCatalogue
from ckanext.nextgeoss.http import HttpClient, Limits, RemoteError, Response
from ckanext.nextgeoss.package import dataset_from_product
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve

SEARCH, SHOW = "/api/3/action/package_search", "/api/3/action/package_show"
SAID = {
    "title": "X",
    "organization": "x",
    "profile": "ckan",
    "collections": {"ours": {"ids": "all", "pattern": ".*"}},
}
_SINCE = re.compile(r"metadata_modified:\[(\S+) TO \*\]")


def dataset(number: int, modified: str = "", **more: Any) -> dict[str, Any]:
    """A dataset as a stock CKAN gives it."""
    return {
        "id": f"d{number:03}",
        "name": f"name-{number}",
        "title": f"Dataset {number}",
        "state": "active",
        "type": "dataset",
        "metadata_modified": modified or f"2024-01-01T00:00:{number:02}.000001",
        "extras": [],
        "tags": [],
        "resources": [],
    } | more


class Portal:
    """A CKAN with these datasets: sorts, filters by time of change and counts, as `package_search` does."""

    def __init__(self, datasets: list[dict[str, Any]], most: int = 1000) -> None:
        self.datasets, self.most = datasets, most

    def __call__(self, handler: Handler) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(handler.path).query).items()}
        found = sorted(self.datasets, key=lambda each: (each["metadata_modified"], each["id"]))
        for since in _SINCE.findall(asked["fq"]):
            found = [each for each in found if each["metadata_modified"] >= since.rstrip("Z")]
        start, rows = int(asked["start"]), min(int(asked["rows"]), self.most)
        result = {"count": len(found), "results": found[start : start + rows]}
        handler.answer({"help": "", "success": True, "result": result})


def harvested(server: LocalServer, **said: Any) -> RemoteCatalogue:
    """A provider at the server."""
    provider = provider_from_mapping("x", SAID | {"url": server.url} | said, "x")
    return RemoteCatalogue(
        provider, HttpClient(allowed_private_hosts=[server.host], limits=Limits(attempts=1)).send
    )


def ids(remote: RemoteCatalogue, query: Query | None = None) -> list[str]:
    """The identifiers of all products, in the order in which they come."""
    pages = remote.pages(query or Query(collections=("ours",)))
    return [product.id for page in pages for product in page.products]


@given(
    st.lists(st.integers(0, 5), max_size=14),
    st.integers(1, 5),
    st.integers(1, 5),
)
@settings(max_examples=25, deadline=None)
def test_each_dataset_comes_once(seconds: list[int], size: int, most: int):
    """However many were changed at the very same time, and whatever a portal gives at most at once."""
    portal = Portal([dataset(n, f"2024-01-01T00:00:{s:02}.000001") for n, s in enumerate(seconds)], most)
    with serve({SEARCH: portal}) as server:
        found = ids(harvested(server, page_size=size))
    assert sorted(found) == [each["id"] for each in portal.datasets]


def test_all_changed_at_once():
    """A load of a whole portal has one time: pages are counted then, and end."""
    portal = Portal([dataset(n, "2024-01-01T00:00:00.5") for n in range(10)])
    with serve({SEARCH: portal}) as server:
        assert ids(harvested(server, page_size=3)) == [f"d{n:03}" for n in range(10)]
        assert len(server.calls) == 4


def test_what_changes_meanwhile_shifts_nothing():
    """A dataset that is changed while pages are read moves to the end; none behind it is left out."""
    portal = Portal([dataset(n) for n in range(9)])
    with serve({SEARCH: portal}) as server:
        found: list[str] = []
        for page in harvested(server, page_size=3).pages(Query(collections=("ours",))):
            found += [product.id for product in page.products]
            portal.datasets[0]["metadata_modified"] = "2024-02-01T00:00:00.0"
    assert set(found) == {f"d{n:03}" for n in range(9)}


def test_changes_since():
    """Only what was changed since the last run is asked for."""
    since = Condition("updated", ">=", datetime(2024, 1, 1, 0, 0, 6, tzinfo=timezone.utc))
    with serve({SEARCH: Portal([dataset(n) for n in range(9)])}) as server:
        query = Query(collections=("ours",), conditions=(since,))
        assert ids(harvested(server, page_size=2), query) == ["d006", "d007", "d008"]


def test_collections_are_conditions():
    """Groups, organizations, tags and types of a portal are collections."""
    rules = {"collections": {"ours": {"ids": "water", "where": {"groups": "water", "tags": ["a", "b"]}}}}
    with serve({SEARCH: Portal([dataset(1)])}) as server:
        (page,) = harvested(server, **rules).pages(Query(collections=("ours",)))
        asked = parse_qs(urlsplit(server.calls[0].path).query)
    assert asked["fq"] == ['groups:"water" AND (tags:"a" OR tags:"b")']
    assert asked["sort"] == ["metadata_modified asc, id asc"]
    assert [product.collection for product in page.products] == ["ours"]


def test_a_list_of_names():
    """Where a portal only lists names, each dataset is shown; one that is gone is refused with the reason."""

    def show(handler: Handler) -> None:
        number = int(parse_qs(urlsplit(handler.path).query)["id"][0])
        if number == 2:
            handler.answer({"success": False, "error": {"__type": "Not Found Error"}}, 404)
        else:
            handler.answer({"success": True, "result": dataset(number)})

    names = {"success": True, "result": ["1", "2", "3"]}
    with serve({"/list": lambda h: h.answer(names), SHOW: show}) as server:
        remote = harvested(server, template="/list?fq={searchTerms}")
        answers = list(remote.pages(Query(collections=("ours",))))
    assert [product.id for answer in answers for product in answer.products] == ["d001", "d003"]
    assert ["404" in bad.reason for answer in answers for bad in answer.refused] == [True]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"success": False, "error": {"__type": "Search Query Error", "message": "no such field"}},
            "error: Search Query Error: no such field",
        ),
        (
            {"success": False, "error": {"__type": "Validation Error", "rows": ["Must be a number"]}},
            "error: Validation Error: rows: Must be a number",
        ),
        ({"success": False}, "no reason is given"),
        ({"success": True, "result": {"count": 3}}, "without datasets"),
        ({"success": True, "result": 7}, "without datasets"),
        ({"hello": "world"}, "not a search answer"),
        (b"<html><title>Maintenance</title></html>", "HTML (Maintenance) instead of"),
        (b"", "an empty answer"),
        (b'{"success": true, "result": {"count": 5, "resul', "cut short"),
        (b"[1, 2]", "not a search answer"),
        (b"null", "not a search answer"),
    ],
)
def test_bad_answers(body: Any, words: str):
    """Each is told in one line, and none is an empty portal."""
    with serve({SEARCH: lambda h: h.answer(body)}) as server, pytest.raises(BadAnswer) as caught:
        ids(harvested(server))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_refusals():
    with serve({SEARCH: lambda h: h.answer({"success": False}, 403)}) as server, pytest.raises(RemoteError):
        ids(harvested(server))


def test_bad_datasets_are_refused_alone():
    """What has no id, is no object or is deleted is refused; strange values are noted with the product."""
    odd = dataset(
        4, extras="none", tags={"a": 1}, resources=[None, {"url": 7}, {"url": "x"}], notes=["a"], groups="g"
    )
    entries = [dataset(1), {"title": "no id"}, None, "text", dataset(2, state="deleted"), odd]
    body = {"success": True, "result": {"count": 6, "results": entries}}
    with serve({SEARCH: lambda h: h.answer(body)}) as server:
        (page,) = harvested(server).pages(Query(collections=("ours",)))
    assert [product.id for product in page.products] == ["d001", "d004"]
    assert [bad.reason for bad in page.refused] == [
        "no identifier",
        "not a dataset but NoneType",
        "not a dataset but str",
        "d002 is deleted",
    ]


_SPATIAL = {
    "GeoJSON in a text": {"spatial": '{"type": "Point", "coordinates": [10, 50]}'},
    "GeoJSON": {"spatial": {"type": "Point", "coordinates": [10, 50]}},
    "WKT": {"spatial": "POINT (10 50)"},
    "four numbers": {"spatial": "10.0,50.0,10.0,50.0"},
    "a list of WKT": {"spatial_coverage_wkt": '["POINT (10 50)"]'},
    "sides": {"spatial_coverage": [{"west": 10, "east": 10, "north": 50, "south": 50}]},
    "bbox of ISO": {
        "bbox-west-long": "10",
        "bbox-east-long": "10",
        "bbox-north-lat": "50",
        "bbox-south-lat": "50",
    },
    "a name, then a box": {"spatial": "Germany", "bbox": [10, 50, 10, 50]},
    "broken, then a box": {
        "spatial": '{"type": "Polygon", "coordinates": "x"}',
        "bbox_extended": '["10 50 10 50"]',
    },
}


@pytest.mark.parametrize("place", ["top", "list", "object"])
@pytest.mark.parametrize("said", list(_SPATIAL.values()), ids=list(_SPATIAL))
def test_spatial(said: dict[str, Any], place: str):
    """Wherever a portal keeps the area, and however it writes it."""
    written = {name: value if isinstance(value, str) else json.dumps(value) for name, value in said.items()}
    extras = {"list": [{"key": k, "value": v} for k, v in written.items()], "object": written}
    entry = dataset(1) | (said if place == "top" else {"extras": extras[place]})
    found = CKAN.product(entry, collection="c").footprint
    assert found is not None
    assert found.bbox == (10, 50, 10, 50)


@pytest.mark.parametrize(
    ("said", "interval"),
    [
        (
            {"temporal_start": "2020-01-01", "temporal_end": "2020-01-31"},
            "2020-01-01T00:00:00Z/2020-01-31T23:59:59.999999Z",
        ),
        ({"temporal-extent-begin": "2020-01-01T00:00:00"}, "2020-01-01T00:00:00Z/.."),
        ({"dataset_date": "01/31/2020"}, "2020-01-31T00:00:00Z/2020-01-31T23:59:59.999999Z"),
        (
            {"dataset_date": "[2020-01-01T00:00:00 TO 2020-01-31T00:00:00]"},
            "2020-01-01T00:00:00Z/2020-01-31T00:00:00Z",
        ),
        ({"temporal_coverage-from": "[]", "temporal_coverage-to": "[]"}, "../.."),
        (
            {"temporal_coverage-from": '["2020-01-01"]', "temporal_coverage-to": '["2020-01-02"]'},
            "2020-01-01T00:00:00Z/2020-01-02T23:59:59.999999Z",
        ),
        ({"temporal": "soon"}, "../.."),
    ],
)
def test_time(said: dict[str, str], interval: str):
    entry = dataset(1, extras=[{"key": key, "value": value} for key, value in said.items()])
    assert CKAN.product(entry, collection="c").time.isoformat() == interval


def test_roles_of_resources():
    """What a person would call each file."""
    said = {
        "data": {"format": "CSV"},
        "service": {"format": "WMS"},
        "documentation": {"format": "HTML"},
        "thumbnail": {"name": "Thumbnail", "format": "PNG"},
        "metadata": {"name": "manifest.safe"},
    }
    resources = [{"url": f"https://x.example/{role}"} | about for role, about in said.items()]
    found = CKAN.product(dataset(1, resources=resources), collection="c").assets
    assert {asset.roles[0] for asset in found if asset.href.endswith(asset.roles[0])} == set(said)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    [
        "extras",
        "tags",
        "resources",
        "spatial",
        "bbox",
        "temporal",
        "dataset_date",
        "notes",
        "title",
        "state",
        "collection_id",
        "identifier",
        "url",
        "license_id",
        "metadata_modified",
        "type",
        "temporal_start",
    ]
)


@given(st.dictionaries(_KEYS, _ANYTHING | st.just("eo_product")))
@settings(max_examples=300, deadline=None)
def test_no_dataset_breaks_it(said: dict[str, Any]):
    """Any values become a product with problems, or are refused with a reason."""
    entry = {"id": "d", "resources": []} | said
    try:
        assert HubDatasets().product(entry, collection="c").id
    except BadRecord as error:
        assert error.reason


def test_products_of_a_hub_come_back():
    """What `package_search` of a hub like this one gives of a product is that product."""
    for number, product in enumerate(list(catalogue.products(300))[::15]):
        written = dataset_from_product(
            product, owner_org="o", uuid=f"u{number}", name=f"n{number}", provider_id="p"
        )
        as_asked = json.loads(json.dumps(written)) | {"metadata_modified": "2024-01-01T00:00:00.1"}
        read = HubDatasets().product(as_asked)
        ordered = replace(product, assets=tuple(sorted(product.assets, key=lambda each: each.key)))
        assert replace(read, assets=tuple(sorted(read.assets, key=lambda each: each.key))) == ordered


def test_a_hub_as_a_provider():
    """Through the provider, too, of which nothing is added."""
    provider = load_provider("nextgeoss_hub")
    product = next(each for each in catalogue.products(300) if each.collection in provider.collections)
    written = dataset_from_product(product, owner_org="o", uuid="u", name="n")
    body = {"success": True, "result": {"count": 1, "results": [written]}}
    response = Response(200, {}, json.dumps(body).encode(), provider.url)
    (read,) = protocol("ckan").read(provider, response).products
    assert read.content_hash() == replace(product, assets=read.assets).content_hash()
    assert {asset.key: asset.href for asset in read.assets} == {a.key: a.href for a in product.assets}


def test_what_a_hub_is_asked():
    """Its products by collection and time, and its descriptions of collections."""
    described = {
        "type": "eo_collection",
        "collection_id": "ours",
        "title": "Ours",
        "notes": "About",
        "id": "c",
        "name": "c",
        "platforms": ["sentinel-2a"],
        "tags": [{"name": "land"}],
    }
    body = {"success": True, "result": {"count": 1, "results": [described]}}
    with serve({SEARCH: lambda h: h.answer(body)}) as server:
        remote = harvested(server, profile="hub", collections=["ours"])
        (found,) = remote.collections()
        remote.probe(Query(collections=("ours",)))
        asked = [parse_qs(urlsplit(call.path).query)["fq"][0] for call in server.calls]
    assert (found.id, found.title, found.description, found.keywords) == ("ours", "Ours", "About", ("land",))
    assert asked == ["dataset_type:eo_collection", 'dataset_type:eo_product AND eo_collection:"ours"']
