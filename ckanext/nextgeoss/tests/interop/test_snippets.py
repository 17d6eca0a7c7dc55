"""The code that pages show for a search finds what our own catalogue finds, when it is run as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss.eo.query import Condition, parse_bbox
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.tests.ckan.test_apis_page import programs

from .conftest import ServedHub

S2 = "sentinel-2-l1c"
BOX = "-10,30,20,60"
# by name: what the search page is asked beside the collection, and the same of our own catalogue
SEARCHES: Mapping[str, tuple[dict[str, str], dict[str, Any]]] = {
    "all": ({}, {}),
    "box": ({"bbox": BOX}, {"footprint": parse_bbox(BOX)}),
    "across": ({"bbox": "150,-60,-120,60"}, {"footprint": parse_bbox("150,-60,-120,60")}),
    "time": (
        {"start": "2024-01-01", "end": "2024-04-30"},
        {"time": TemporalExtent.of("2024-01-01", "2024-04-30")},
    ),
    "clouds": (
        {"cloud_cover_max": "40", "bbox": BOX},
        {"conditions": (Condition("cloud_cover", "<=", 40.0),), "footprint": parse_bbox(BOX)},
    ),
    "range": (
        {"cloud_cover": "10..50"},
        {"conditions": (Condition("cloud_cover", "between", (10.0, 50.0)),)},
    ),
    "words": ({"q": "sentinel S2A"}, {"words": "sentinel S2A"}),
    "order": ({"sort": "cloud"}, {"sort": (("cloud_cover", "asc"),)}),
}
# what eodag is told of these is the whole search
OF_EODAG = ("all", "box", "across", "time")


@pytest.fixture()
def shown(served_hub: ServedHub) -> Any:
    """The programs of the page for a search."""
    toolkit.config["ckan.site_url"] = served_hub.address

    def of(name: str) -> dict[str, str]:
        asked = {"collection": served_hub.collection(S2), **SEARCHES[name][0]}
        with urlopen(f"{served_hub.address}/apis?{urlencode(asked)}") as answer:
            return programs(answer.read().decode())

    return of


@pytest.fixture()
def expected(served_hub: ServedHub) -> Any:
    return lambda name: served_hub.ids(collections=[served_hub.collection(S2)], **SEARCHES[name][1])


@pytest.mark.parametrize("name", list(SEARCHES))
def test_curl(served_hub: ServedHub, shown: Any, expected: Any, name: str) -> None:
    found = json.loads(served_hub.run("sh", "-c", shown(name)["curl"]))["result"]
    assert [product["id"] for product in found["results"]] == expected(name)


@pytest.mark.parametrize("library", ["requests", "pystac-client", "owslib"])
@pytest.mark.parametrize("name", list(SEARCHES))
def test_python(
    served_hub: ServedHub, clients: Path, shown: Any, expected: Any, name: str, library: str
) -> None:
    if (name, library) == ("words", "pystac-client"):
        pytest.skip("pystac-client asks no words, as the page says (test_apis_page.py)")
    *ids, count = _run(served_hub, clients, shown(name)[library])
    assert ids == expected(name)
    assert count == f"{len(ids)} products"


@pytest.mark.parametrize("name", OF_EODAG)
def test_eodag(
    served_hub: ServedHub, eodag: Path, shown: Any, expected: Any, name: str, tmp_path: Path
) -> None:
    alone = {"EODAG_CFG_DIR": str(tmp_path), "EODAG_EXT_COLLECTIONS_CFG_URI": ""}
    *ids, count = _run(served_hub, eodag, shown(name)["eodag"], **alone)
    assert ids == expected(name)
    assert count == f"{len(ids)} products"


def _run(served_hub: ServedHub, programs: Path, code: str, **environment: str) -> list[str]:
    return served_hub.run(programs / "python", "-c", code, **environment).splitlines()
