"""The STAC API is judged by stac-api-validator; items and collections by stac-valid and stac-check."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen
from uuid import uuid4

import pytest

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.formats.stac import read_item
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import ALWAYS
from ckanext.nextgeoss.tests.indexed import indexed
from ckanext.nextgeoss.tests.served import served
from ckanext.nextgeoss.tests.shared import provider_samples, standards
from ckanext.nextgeoss.tests.venvs import tool_environment

HERE = Path(__file__).parent
AREA = {"type": "Polygon", "coordinates": [[[-179, -89], [179, -89], [179, 89], [-179, 89], [-179, -89]]]}
TAG = f"stac-{uuid4().hex[:8]}"
CLOUDY = f"{TAG}-sentinel-2-l1c"
CLASSES = (
    "core", "browseable", "children", "collections", "features", "item-search",
    "item-search#fields", "item-search#sort", "item-search#query",
    "features#fields", "features#sort", "features#query", "filter",
)  # fmt: skip
RECORDED = ("earth-search", "planetary-computer", "cdse-stac", "usgs-landsatlook-stac")
COMPARED = ("eq", "neq", "lt", "lte", "gt", "gte")


def varied(count: int) -> Iterator[Product]:
    """Products of all missions in collections of this suite; two of them lack place or time."""
    for number, product in enumerate(demo.products(count)):
        assets = tuple(
            replace(asset, href=f"https://data.example.org/{asset.href.lstrip('/')}")
            for asset in product.assets
        )
        own = replace(product, collection=f"{TAG}-{product.collection}", assets=assets)
        if number == 5:
            own = replace(own, footprint=None)
        if number == 6:
            own = replace(own, time=ALWAYS)
        if "cloud_cover" in own.properties and number % 50 == 0:
            own = replace(own, properties={**own.properties, "cloud_cover": 50.0})
        yield own


def recorded() -> Iterator[Product]:
    """Products that providers have answered with, each once, where recordings are at hand."""
    try:
        folder = provider_samples()
    except pytest.skip.Exception:
        return
    seen: set[str] = set()
    for path in sorted(path for name in RECORDED for path in (folder / name).glob("*.json")):
        document = json.loads(path.read_text("utf-8-sig"))
        if not isinstance(document, dict):
            continue
        items = [document] if document.get("type") == "Feature" else document.get("features") or []
        for item in items[:10]:
            product = read_item(item, collection="unnamed")
            if product.id not in seen:
                seen.add(product.id)
                yield replace(product, collection=f"{TAG}-{product.collection}")


@pytest.fixture(scope="module")
def address(plugins: None) -> Iterator[str]:
    from ckan.plugins import toolkit

    from ckanext.nextgeoss.tests.loaded import site_app

    patch = pytest.MonkeyPatch()
    # a site of its own: the validator walks through all collections there are
    patch.setitem(toolkit.config, "ckan.site_id", TAG)
    with indexed([*varied(500), *recorded()]), served(site_app().flask_app) as base:
        patch.setitem(toolkit.config, "ckan.site_url", base)
        yield f"{base}/stac"
    patch.undo()


@pytest.fixture(autouse=True)
def own_site(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CKAN's options are those of its file again before each test."""
    from ckan.plugins import toolkit

    monkeypatch.setitem(toolkit.config, "ckan.site_id", TAG)
    monkeypatch.setitem(toolkit.config, "ckan.site_url", address.removesuffix("/stac"))


@pytest.fixture(scope="module")
def tools() -> Path:
    return tool_environment("stac", HERE / "requirements-stac.txt")


def run(tool: Path, *arguments: str) -> str:
    """What a validator says, whatever its exit code, which says less."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(HERE / "offline"),
        "STAC_SCHEMAS": str(standards() / "stac"),
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [str(tool), *arguments], env=environment, capture_output=True, text=True, timeout=900, check=False
    )
    return done.stdout + done.stderr


def test_api(address: str, tools: Path):
    """All classes that the API declares, 0 errors and no crash."""
    said = run(
        tools / "stac-api-validator",
        "--root-url", address,
        *(part for name in CLASSES for part in ("--conformance", name)),
        "--collection", CLOUDY,
        "--geometry", json.dumps(AREA),
        "--fields-nested-property", "properties.eo:cloud_cover",
        "--query-comparison-field", "eo:cloud_cover",
        *(part for name in COMPARED for part in (f"--query-{name}-value", "50")),
        "--query-substring-field", "platform",
        "--query-starts-with-value", "sentinel",
        "--query-ends-with-value", "a",
        "--query-contains-value", "nel-2",
        "--query-in-field", "instruments",
        "--query-in-values", "msi,olci",
        "--log-level", "WARN",
    )  # fmt: skip
    assert "Traceback" not in said and not re.search("^Failed", said, re.M), said
    assert re.search("^Errors: none", said, re.M), said


def test_items_and_collections(address: str, tools: Path, tmp_path: Path):
    """SA-08: every item and collection by the schemas of its version and of its extensions."""
    whole = asked(f"{address}/search?limit=1000")
    assert whole["numberReturned"] >= 500
    for name, document, option in (
        ("items", whole, "--item-collection"),
        ("least", asked(f"{address}/search?limit=50&fields="), "--item-collection"),
        ("collections", asked(f"{address}/collections?limit=1000"), "--collections"),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document))
        said = run(tools / "stac-valid", "validate", str(path), option)
        counts = re.findall(r'"valid_stac": (true|false)', said)
        assert counts == ["true"] * document["numberReturned"], said


def asked(address: str) -> Any:
    with urlopen(address) as answer:
        return json.load(answer)


def test_best_practices(address: str, tools: Path):
    """stac-check finds no invalid object, by its own way to get at them; it takes items of one name for one,
    so that those of other tests are left out."""
    known = [each["id"] for each in asked(f"{address}/collections?limit=1000")["collections"]]
    own = ",".join(name for name in known if name.startswith(TAG))
    for path, option, least in (
        (f"/search?limit=500&collections={quote(own)}", "--item-collection", 500),
        (f"/collections/{CLOUDY}/items?limit=50", "--item-collection", 50),
        ("/collections?limit=1000", "--collections", 5),
    ):
        said = run(tools / "stac-check", f"{address}{path}", option)
        assert "Traceback" not in said, said
        passed = re.search(r"[Pp]assed: (\d+)/(\d+)", said)
        assert passed and passed[1] == passed[2] and int(passed[1]) >= least, said
