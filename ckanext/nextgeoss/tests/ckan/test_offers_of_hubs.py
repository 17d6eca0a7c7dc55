"""One Sentinel product harvested from four hubs and, as files in a cloud, from a fifth."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ckan import model
from ckan.tests import factories

from ckanext.nextgeoss.harvesters.model import Offer
from ckanext.nextgeoss.harvesters.provider_files import PROVIDERS
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.tests.core.local_server import Handler, LocalServer, serve
from ckanext.nextgeoss.tests.harvesting import Hub, act, clear, errors, run, stats

pytestmark = pytest.mark.usefixtures("with_plugins")

COLLECTION = "sentinel-2-l2a"
TIME = ("2024-06-27T09:55:59.000Z", "2024-06-27T09:55:59.000Z")
WHERE = {"type": "Polygon", "coordinates": [[[15, 48], [16, 48], [16, 49], [15, 49], [15, 48]]]}
WKT = "POLYGON((15 48,16 48,16 49,15 49,15 48))"
# by the id of the provider file: where it is asked, below the server's address
HUBS = {
    "cdse_odata": "/odata/v1",
    "cdse_stac": "/cdse/v1",
    "creodias_resto": "/resto",
    "dhus_national": "/dhus",
    "earth_search": "/es/v1",
}


def _stac(identifier: str, address: str, **properties: Any) -> Any:
    item = {
        "type": "Feature", "stac_version": "1.0.0", "id": identifier, "collection": COLLECTION,
        "geometry": WHERE, "links": [], "properties": {"datetime": TIME[0], **properties},
        "assets": {"product": {"href": address, "roles": ["data"]}},
    }  # fmt: skip
    return {"type": "FeatureCollection", "features": [item], "links": [], "numberMatched": 1}


def _answers(name: str, tile: str) -> dict[str, Any]:
    """What each hub answers, by path: one product, or its tile in a cloud."""
    odata = {
        "@odata.count": 1,
        "value": [{
            "Id": "6f0c9d1e-2a34-4b56-8c78-9d0e1f2a3b4c", "Name": f"{name}.SAFE",
            "ContentDate": {"Start": TIME[0], "End": TIME[1]}, "Footprint": f"geography'SRID=4326;{WKT}'",
            "Attributes": [], "Assets": [],
        }],
    }  # fmt: skip
    resto = {
        "type": "FeatureCollection", "properties": {"totalResults": 1, "exactCount": 1, "links": []},
        "features": [{
            "type": "Feature", "id": "5c0d7f92-1e8a-5b64-a3f7-9b2e4d6c8a01", "geometry": WHERE,
            "properties": {
                "collection": "SENTINEL-2", "title": f"{name}.SAFE", "startDate": TIME[0],
                "completionDate": TIME[1],
                "services": {"download": {"url": "https://zipper.example/creodias"}},
            },
        }],
    }  # fmt: skip
    dhus = {"feed": {
        "xmlns:opensearch": "http://a9.com/-/spec/opensearch/1.1/", "opensearch:totalResults": "1",
        "entry": {
            "title": name, "id": "6f0c9d1e-2a34-4b56-8c78-9d0e1f2a3b4d",
            "link": {"href": "https://hub.example/Products('6f0c9d1e')/$value"},
            "str": [
                {"name": "identifier", "content": name}, {"name": "filename", "content": f"{name}.SAFE"},
                {"name": "platformname", "content": "Sentinel-2"}, {"name": "footprint", "content": WKT},
            ],
            "date": [
                {"name": "beginposition", "content": TIME[0]}, {"name": "endposition", "content": TIME[1]},
            ],
        },
    }}  # fmt: skip
    return {
        "/odata/v1/Products": odata,
        "/cdse/v1/collections": {"collections": []},
        "/es/v1/collections": {"collections": []},
        "/cdse/v1/search": _stac(name, f"s3://eodata/{name}.SAFE"),
        "/resto/api/collections/Sentinel2/search.json": resto,
        "/dhus/search": dhus,
        "/es/v1/search": _stac(tile, "https://cogs.example/B04.tif", **{"s2:product_uri": f"{name}.SAFE"}),
    }


@contextmanager
def _hubs(hub: Hub, name: str, tile: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """The shipped provider files, with the addresses of one server on loopback, which answers for all."""

    def route(answer: Any) -> Any:
        def reply(handler: Handler) -> None:
            handler.answer(answer, content_type="application/json")

        return reply

    routes = {path: route(answer) for path, answer in _answers(name, tile).items()}
    monkeypatch.setenv("NOA_DHUS_USER", "somebody")
    monkeypatch.setenv("NOA_DHUS_PASSWORD", "some-password")
    with serve(routes) as server:
        hub.allow(server.host)
        for provider_id, path in HUBS.items():
            text = (PROVIDERS / f"{provider_id}.yaml").read_text("utf-8")
            text = re.sub("(?m)^url: .*$", f"url: {server.url}{path}", text)
            text = re.sub("(?m)^organization: .*$", f"organization: {hub.tag}-{path[1:3]}", text)
            # as if those were alive that are not any more
            text = re.sub("(?m)^(status|replaced_by): .*\n", "", text)
            (hub.folder / f"{hub.tag}_{provider_id}.yaml").write_text(text, "utf-8")
        yield server


def _harvest(hub: Hub, provider_id: str, **settings: Any) -> dict[str, Any]:
    days = {"start": "2024-06-27", "end": "2024-06-28"}
    source = hub.source(f"{hub.tag}_{provider_id}", collections=[COLLECTION], **days, **settings)
    job = run(source)
    added, updated, _, errored = stats(job)
    assert (added + updated, errored) == (1, 0), (provider_id, errors(job))
    return source


def _page(app: Any, dataset: dict[str, Any], token: str = "") -> str:
    headers = {"Authorization": token} if token else {}
    return app.get(f"/dataset/{dataset['name']}", headers=headers, status=200).body


@pytest.fixture()
def names(hub: Hub) -> tuple[str, str]:
    """Of a product and its tile, of this test only."""
    tag = hub.tag.upper()
    return f"S2B_MSIL2A_20240627T095559_N0510_R122_T33UWP_{tag}", f"S2B_33UWP_{tag}_0_L2A"


@pytest.mark.parametrize("order", [list(HUBS)[:4], list(HUBS)[3::-1]], ids=["forwards", "backwards"])
def test_four_hubs_one_dataset(
    hub: Hub, names: tuple[str, str], order: list[str], monkeypatch: pytest.MonkeyPatch
):
    """The best rank gives the metadata, each gives its files, whatever the order of the harvests."""
    with _hubs(hub, *names, monkeypatch):
        sources = [_harvest(hub, provider_id) for provider_id in order]
        found = act("package_search", fq=f'name:"{names[0].lower()}"')["results"]
        assert len(found) == 1
        dataset = act("package_show", id=found[0]["id"])
        offers = model.Session.query(Offer).filter_by(package_id=dataset["id"]).order_by(Offer.rank)
        ranks = [(offer.provider_id.removeprefix(f"{hub.tag}_"), offer.rank) for offer in offers]
        assert sorted(ranks) == [
            ("cdse_odata", 100), ("cdse_stac", 100), ("creodias_resto", 150), ("dhus_national", 200)
        ]  # fmt: skip
        assert dataset["identifier"] == f"{names[0]}.SAFE"
        assert dataset["organization"]["name"] == f"{hub.tag}-od"
        offered_by = {resource["provider"].removeprefix(f"{hub.tag}_") for resource in dataset["resources"]}
        assert offered_by == set(order)
        for source in sources:
            clear(source)


def test_forms_are_linked_both_ways(
    hub: Hub, app: Any, names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    """The tile is a dataset of its own; each page shows the other to who may see it, by one question."""
    token = factories.SysadminWithToken()["token"]
    with _hubs(hub, *names, monkeypatch):
        sources = [_harvest(hub, "cdse_stac"), _harvest(hub, "earth_search", private_products=True)]
        original, hidden = (_found(identifier) for identifier in names)
        assert hidden["original_product"] == names[0]
        assert "Other forms" not in _page(app, original)
        assert f"/dataset/{hidden['name']}" in _page(app, original, token)
        sources.append(_harvest(hub, "earth_search"))
        (tile,) = (each for each in _all(names[1]) if not each["private"])
        page = _page(app, original)
        assert "Other forms of this product" in page
        assert f">{tile['title']}</a>, " in page
        assert f"/dataset/{tile['name']}" in page
        assert f"/dataset/{hidden['name']}" not in page
        asked: list[Any] = []
        select = type(client()).select
        monkeypatch.setattr(type(client()), "select", lambda c, p: asked.append(p) or select(c, p))
        page = _page(app, tile)
        assert f"/dataset/{original['name']}" in page
        assert len(asked) == 1
        for source in sources:
            clear(source)


def _all(identifier: str) -> list[dict[str, Any]]:
    return act("package_search", fq=f'eo_identifier:"{identifier}"', include_private=True)["results"]


def _found(identifier: str) -> dict[str, Any]:
    (found,) = _all(identifier)
    return json.loads(json.dumps(found))
