"""GDAL's driver STACIT reads a search of our STAC API as one picture.

It wants to know of each item where its pixels lie: `proj:code` and two of `proj:shape`, `proj:transform` and
`proj:bbox`. The schema of products has a row for the first alone, so that this applies to items that people
have given us with the others, which are kept as they are; and to GDAL from the version that knows STAC 1.1:
Debian's 3.6 asks for `proj:epsg`, which the projection extension 2.0 of our items forbids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.tests.file_servers import python_server
from ckanext.nextgeoss.tests.venvs import tool_environment

from .conftest import HERE, ServedHub

WIDTH, HEIGHT, METRES = 8, 6, 10
NORTH = 5_500_000
# western edges of two pictures side by side; all pixels of the first are 1, of the second 2
WEST = (500_000, 500_000 + WIDTH * METRES)


def item(number: int, west: int, address: str) -> dict[str, Any]:
    """An item over a picture whose pixels lie in UTM zone 33 north."""
    return {
        "type": "Feature",
        "id": f"PICTURE_{number}",
        "geometry": {"type": "Point", "coordinates": [15, 49.65]},
        "properties": {
            "datetime": f"2024-05-01T10:0{number}:00Z",
            "proj:code": "EPSG:32633",
            "proj:shape": [HEIGHT, WIDTH],
            "proj:transform": [METRES, 0, west, 0, -METRES, NORTH],
        },
        "assets": {
            "data": {
                "href": f"http://{address}/{number}.tif",
                "type": "image/tiff; application=geotiff; profile=cloud-optimized",
                "roles": ["data"],
            },
            "thumbnail": {"href": f"http://{address}/{number}.png", "roles": ["thumbnail"]},
        },
    }


@pytest.fixture(scope="module")
def rasterio() -> Path:
    return tool_environment("rasterio", HERE / "requirements-rasterio.txt")


def test_two_items_are_one_picture(served_hub: ServedHub, rasterio: Path, tmp_path: Path):
    served_hub.script(
        rasterio, "gdal_pictures", str(tmp_path), *map(str, (WIDTH, HEIGHT, METRES, NORTH, *WEST))
    )
    user = factories.UserWithToken(image_url="")
    organization = factories.Organization(image_url="", users=[{"name": user["name"], "capacity": "editor"}])
    collection = f"pictures-{uuid4().hex[:8]}"
    call_action(
        "package_create", {"user": user["name"]}, type="eo_collection", name=collection, title=collection,
        collection_id=collection, owner_org=organization["id"],
    )  # fmt: skip
    with python_server(tmp_path) as files:
        items = [item(number, west, files) for number, west in enumerate(WEST, 1)]
        body = json.dumps({"type": "FeatureCollection", "features": items}).encode()
        address = f"{served_hub.address}/stac/collections/{collection}/items"
        headers = {"Authorization": user["token"], "Content-Type": "application/json"}
        with urlopen(Request(address, body, headers)) as answer:
            assert answer.status == 201
        search = f"{served_hub.address}/stac/search?collections={collection}&limit=1"
        # page by page, as the limit is one
        seen = served_hub.script(rasterio, "gdal_stacit", f'STACIT:"{search}":asset=data')
    assert seen.pop("gdal").split(".") >= ["3", "1"]
    assert seen == {
        "driver": "STACIT", "crs": "EPSG:32633", "size": [2 * WIDTH, HEIGHT], "values": [1, 2],
        "bounds": [WEST[0], NORTH - HEIGHT * METRES, WEST[1] + WIDTH * METRES, NORTH], "left": 1, "right": 2,
    }  # fmt: skip
