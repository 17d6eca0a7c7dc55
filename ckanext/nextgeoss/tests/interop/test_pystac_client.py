"""pystac-client and its command find in our STAC API what our own catalogue finds, without a warning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox
from ckanext.nextgeoss.eo.temporal import TemporalExtent

from .conftest import HELD, ServedHub

COLLECTION, OTHER = "sentinel-2-l1c", "sentinel-1-grd"
BOX, TIME = parse_bbox("-10,30,20,60"), TemporalExtent.of("2024-01-01", "2024-06-30")
DESCENDING = Condition("orbit_state", "=", "descending")


@pytest.fixture(scope="module")
def said(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that the script has found."""
    names = map(served_hub.collection, (COLLECTION, OTHER))
    return served_hub.script(clients, "pystac_client_api", served_hub.address, *names)


@pytest.fixture()
def ours(served_hub: ServedHub) -> Any:
    return lambda **asked: served_hub.ids(collections=[served_hub.collection(COLLECTION)], **asked)


@pytest.mark.parametrize("method", ["get", "post"])
def test_searches(said: dict[str, Any], ours: Any, method: str):
    found = said[method]
    assert found["all"] == ours()
    assert len(found["all"]) == HELD[COLLECTION]
    assert found["box_and_time"] == ours(footprint=BOX, time=TIME)
    assert found["sorted"] == ours(sort=(("start", "desc"),))
    assert found["clouds"] == ours(conditions=(Condition("cloud_cover", "<=", 20.0),))
    assert found["two"] == ours(conditions=(Condition("cloud_cover", "<=", 60.0), DESCENDING))
    assert all(0 < len(found[name]) < HELD[COLLECTION] for name in ("box_and_time", "clouds", "two"))


def test_filters(said: dict[str, Any], ours: Any):
    """CQL2 in both languages, by GET and by POST."""
    assert set(map(tuple, said["filters"].values())) == {tuple(said["get"]["clouds"])}
    where = ours(footprint=BOX, conditions=(Condition("cloud_cover", "<=", 60.0),))
    assert said["placed"] == where and 0 < len(where) < HELD[COLLECTION]


def test_collections_are_searched(said: dict[str, Any], served_hub: ServedHub):
    own = served_hub.collection(COLLECTION)
    assert own in said["searched"] and said["kept"] == [own]


def test_numbers_matched(said: dict[str, Any]):
    assert said["matched"] == {name: len(said["get"][name]) for name in ("all", "box_and_time", "clouds")}
    assert said["two_collections"] == 100
    assert said["page_sizes"] == [25, 25, HELD[COLLECTION] - 50]


def test_areas_and_ids(said: dict[str, Any], ours: Any):
    assert said["intersects"] == ours(footprint=BOX)
    assert said["by_id"] == [said["item"]["id"]]


def test_collections(said: dict[str, Any], served_hub: ServedHub):
    assert {served_hub.collection(name) for name in HELD} <= set(said["collections"])
    assert len(said["collections"]) == len(set(said["collections"]))
    assert said["items_of_collection"] == HELD[COLLECTION]
    assert said["named"] == [said["item"]["id"]]
    assert said["of_collection"] == said["item"]["id"]
    assert said["extent"]["temporal"]["interval"][0][0]


def test_items(said: dict[str, Any], served_hub: ServedHub):
    own = f"{served_hub.address}/stac/collections/{served_hub.collection(COLLECTION)}/items/"
    assert said["item"]["self"] == own + said["item"]["id"]
    assert {"data", "thumbnail"} <= set(said["item"]["assets"])
    assert said["fields"] == ["eo:cloud_cover"]


def test_queryables(said: dict[str, Any]):
    assert {"eo:cloud_cover", "sat:orbit_state", "datetime"} <= set(said["queryables"])


def test_the_command(served_hub: ServedHub, clients: Path, ours: Any, tmp_path: Path):
    """`stac-client` counts, and saves what it finds."""
    search = (clients / "stac-client", "search", f"{served_hub.address}/stac", "-c")
    named = (served_hub.collection(COLLECTION), "--error")
    area = ("--bbox", "-10", "30", "20", "60", "--datetime", "2024")
    told = served_hub.run(*search, *named, *area, "--matched")
    year = ours(footprint=BOX, time=TemporalExtent.of("2024-01-01", "2024-12-31"))
    assert told.split() == [str(len(year)), "items", "matched"]
    for method in ("GET", "POST"):
        saved = tmp_path / f"{method}.json"
        served_hub.run(*search, *named, *area, "--method", method, "--max-items", "5", "--save", saved)
        assert [item["id"] for item in json.loads(saved.read_text())["features"]] == year[:5]


def test_the_command_filters(served_hub: ServedHub, clients: Path, said: dict[str, Any], tmp_path: Path):
    """By GET as the text that it is, by POST as a text in JSON."""
    search = (clients / "stac-client", "search", f"{served_hub.address}/stac", "--error")
    asked = ("-c", served_hub.collection(COLLECTION), "--filter", "eo:cloud_cover <= 20")
    for way in (("--method", "GET"), ()):
        saved = tmp_path / f"filtered{len(way)}.json"
        served_hub.run(*search, *asked, "--filter-lang", "cql2-text", *way, "--save", saved)
        found = [item["id"] for item in json.loads(saved.read_text())["features"]]
        assert found == said["get"]["clouds"]


def test_items_of_a_collection_are_of_no_other(served_hub: ServedHub):
    """The client names the collection once more, which is no reason to refuse it; another one is."""
    address = f"{served_hub.address}/stac/collections/{served_hub.collection(COLLECTION)}/items"
    with pytest.raises(HTTPError) as error:
        urlopen(f"{address}?collections={served_hub.collection(OTHER)}")
    told = error.value.read().decode()
    assert error.value.code == 400
    assert "collections" in told
