"""Clients of OGC API Records find what our own catalogue answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"


@pytest.fixture(scope="module")
def owslib(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that its script has found."""
    return served_hub.script(clients, "owslib_records", served_hub.address, served_hub.collection(COLLECTION))


def ours(hub: ServedHub, **asked: Any) -> list[str]:
    return hub.ids(collections=[hub.collection(COLLECTION)], **asked)


def test_owslib(served_hub: ServedHub, owslib: dict[str, Any]):
    name = served_hub.collection(COLLECTION)
    assert owslib["catalogs"][:2] == ["collections", "products"] and name in owslib["catalogs"]
    assert owslib["series"] == "series" and owslib["products"] == HELD[COLLECTION]
    assert "/collections/{catalogId}/items" in owslib["paths"]
    assert {"cloud_cover", "type", "title"} <= set(owslib["queryables"])
    assert "products" in owslib["first_queryables"]
    assert owslib["pages"] == ours(served_hub)
    titled = served_hub.find(collections=[name]).products
    assert owslib["like"]["ids"] == [each.id for each in titled if each.title.startswith("Sentinel-2A")] != []
    assert owslib["clear"]["ids"] == ours(served_hub, conditions=(Condition("cloud_cover", "<", 20.0),))
    assert owslib["box"]["ids"] == ours(served_hub, footprint=parse_bbox("-10,30,20,60"))
    assert owslib["time"] == {"total": 0, "ids": []}
    assert owslib["sorted"]["ids"] == ours(served_hub, sort=(("id", "desc"),))
