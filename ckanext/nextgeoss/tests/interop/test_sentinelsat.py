"""sentinelsat finds in our DHuS-style search what our own catalogue finds."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition

from .conftest import HELD, ServedHub

AREA = "POLYGON((-10 30,20 30,20 60,-10 60,-10 30))"
COLLECTION = "sentinel-2-l1c"


@pytest.fixture(scope="module")
def said(served_hub: ServedHub, clients: Path) -> dict[str, Any]:
    """All that the script has found."""
    return served_hub.script(
        clients, "sentinelsat_client", served_hub.address, served_hub.collection(COLLECTION), AREA
    )


@pytest.fixture()
def ours(served_hub: ServedHub) -> Any:
    def found(*conditions: tuple[str, str, Any], sort: str = "", **asked: Any) -> list[str]:
        name, _, direction = sort.partition(" ")
        return served_hub.ids(
            collections=[served_hub.collection(COLLECTION)],
            conditions=tuple(Condition(*each) for each in conditions),
            sort=((name, direction),) if sort else (("metadata_created", "desc"),),
            **asked,
        )

    return found


def test_pages_bring_all(said: dict[str, Any], ours: Any):
    assert said["count"] == len(said["all"]) == HELD[COLLECTION]
    assert said["all"] == sorted(ours())
    assert said["some"] == 7


def test_areas(said: dict[str, Any], ours: Any):
    area = Footprint.from_wkt(AREA)
    assert said["area"] == ours(footprint=area)
    assert said["area_count"] == len(said["area"])
    assert said["within"] == ours(footprint=area, relation="within")
    assert 0 < len(said["within"]) <= len(said["area"]) < HELD[COLLECTION]


def test_attributes(said: dict[str, Any], ours: Any):
    clouds = ours(("cloud_cover", "between", (0, 30)), sort="cloud_cover asc")
    assert said["clouds"] == clouds
    assert 0 < len(clouds) < HELD[COLLECTION]
    first, last = (datetime(2024, month, 1, tzinfo=timezone.utc) for month in (1, 6))
    assert said["dates"] == ours(("start", "between", (first, last)), sort="start desc")
    assert said["dates"]
    assert len(said["platform"]) == HELD[COLLECTION]
    assert said["orbits"] == ours(("relative_orbit", "in", (51, 8)))
    assert said["orbits"]


def test_details(said: dict[str, Any], served_hub: ServedHub):
    uuid = said["first"]["uuid"]
    page = served_hub.find(ids=(uuid,))
    product, own = page.products[0], f"{served_hub.address}/dhus/odata/v1/Products('{uuid}')"
    assert said["first"]["link"] == f"{own}/$value"
    assert said["first"]["cloud"] == product.properties["cloud_cover"]
    odata = said["odata"]
    assert (odata["id"], odata["title"], odata["url"]) == (uuid, product.id, f"{own}/$value")
    assert odata["size"] == str(product.assets[0].size)
    assert odata["sha256"].lower() == product.assets[0].checksum.removeprefix("sha256:")
    assert Footprint.from_wkt(odata["footprint"]) == product.footprint
    assert odata["Satellite name"] == "Sentinel-2"
    assert said["online"] is True
    assert said["file_name"] == product.assets[0].href.rpartition("/")[2]
    assert said["geojson"] == HELD[COLLECTION]


def test_errors_are_understood(said: dict[str, Any]):
    assert "cloudcoverpercentage: 'many' is not allowed; expected a number" in said["told"]
    assert "there is no product 'nothing'" in said["missing"]
