"""Clients of OGC API Features find what our own catalogue answers."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.query import Condition, parse_bbox

from .conftest import HELD, ServedHub

COLLECTION = "sentinel-2-l1c"


@pytest.fixture(scope="module")
def owslib(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that its script has found."""
    return served_hub.script(
        clients, "owslib_features", served_hub.address, served_hub.collection(COLLECTION)
    )


def ours(hub: ServedHub, **asked: Any) -> list[str]:
    return hub.ids(collections=[hub.collection(COLLECTION)], **asked)


def test_owslib(served_hub: ServedHub, owslib: dict[str, Any]):
    name = served_hub.collection(COLLECTION)
    assert name in owslib["collections"] and owslib["id"] == name
    assert "/collections/{collectionId}/items" in owslib["paths"]
    assert "cloud_cover" in owslib["queryables"]
    assert owslib["all"] == {"total": HELD[COLLECTION], "ids": ours(served_hub)}
    assert owslib["box"]["ids"] == ours(served_hub, footprint=parse_bbox("-10,30,20,60"))
    assert owslib["time"] == {"total": 0, "ids": []}
    for asked, condition in (
        ("clear", Condition("cloud_cover", "<", 20.0)),
        ("named", Condition("platform", "=", "sentinel-2a")),
    ):
        assert owslib[asked]["ids"] == ours(served_hub, conditions=(condition,)), asked


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        ((), {}),
        (("-spat", "-10", "30", "20", "60"), {"footprint": parse_bbox("-10,30,20,60")}),
        (("-where", "cloud_cover < 20"), {"conditions": (Condition("cloud_cover", "<", 20.0),)}),
        (
            ("-where", "platform = 'sentinel-2a'"),
            {"conditions": (Condition("platform", "=", "sentinel-2a"),)},
        ),
    ],
)
def test_gdal(served_hub: ServedHub, arguments: tuple[str, ...], asked: dict[str, Any]):
    program = shutil.which("ogrinfo")
    if not program:
        pytest.skip("ogrinfo of GDAL is not installed")
    name = served_hub.collection(COLLECTION)
    told = served_hub.run(program, "-ro", "-so", *arguments, f"OAPIF:{served_hub.address}/features", name)
    counted = re.search(r"Feature Count: (\d+)", told)
    assert counted and int(counted[1]) == len(ours(served_hub, **asked)), told
