"""OGC API Features and Records are judged by OGC's tests of Features, by a validator of OpenAPI and by the
published schemas."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import jsonschema
import pytest
import yaml
from referencing import Registry, Resource

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.indexed import indexed
from ckanext.nextgeoss.tests.served import served
from ckanext.nextgeoss.tests.shared import standards
from ckanext.nextgeoss.tests.venvs import tool_environment

HERE = Path(__file__).parent
TAG = f"features-{uuid4().hex[:8]}"
CLOUDY = f"{TAG}-sentinel-2-l1c"
# of OGC's tests, all there are
CORE = 29


def products(count: int) -> Iterator[Product]:
    """Products of all missions in collections of this suite; all have a place, as the published schema
    forgets the null that RFC 7946 has for those without."""
    for product in demo.products(count):
        if product.footprint:
            yield replace(product, collection=f"{TAG}-{product.collection}")


@pytest.fixture(scope="module")
def address(plugins: None) -> Iterator[str]:
    from ckan.plugins import toolkit

    from ckanext.nextgeoss.tests.loaded import site_app

    patch = pytest.MonkeyPatch()
    # a site of its own: the tests walk through all collections there are
    patch.setitem(toolkit.config, "ckan.site_id", TAG)
    with indexed(products(200)), served(site_app().flask_app) as base:
        patch.setitem(toolkit.config, "ckan.site_url", base)
        yield base
    patch.undo()


@pytest.fixture(autouse=True)
def own_site(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CKAN's options are those of its file again before each test."""
    from ckan.plugins import toolkit

    monkeypatch.setitem(toolkit.config, "ckan.site_id", TAG)
    monkeypatch.setitem(toolkit.config, "ckan.site_url", address)


@pytest.fixture(scope="module")
def tools() -> Path:
    return tool_environment("ogc", HERE / "requirements-ogc.txt")


def run(*command: str | Path, folder: Path) -> str:
    """What a program says, whatever its exit code; its pytest has no settings of ours."""
    settings = folder / "pytest.ini"
    settings.write_text("[pytest]\n")
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "PYTEST_ADDOPTS": f"-c {settings}"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.stdout + done.stderr


def asked(address: str) -> Any:
    with urlopen(address) as answer:
        return json.load(answer)


@pytest.mark.parametrize("api", ["features", "records"])
def test_core(address: str, tools: Path, tmp_path: Path, api: str):
    """All of its tests, as records are features, too; its exit code may say otherwise than its lines,
    and no folder above it may be called features."""
    said = run(
        tools / "python",
        "-m",
        "ogctests",
        "features/core",
        "-v",
        "1",
        "-i",
        f"{address}/{api}",
        folder=tmp_path,
    )
    counts = {
        name: int(number) for number, name in re.findall(r"(\d+) (passed|failed|errors?|skipped)", said)
    }
    assert counts == {"passed": CORE}, said


@pytest.mark.parametrize("api", ["features", "records"])
def test_openapi(address: str, tools: Path, tmp_path: Path, api: str):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(asked(f"{address}/{api}/api")))
    said = run(tools / "openapi-spec-validator", "--schema", "3.0", path, folder=tmp_path)
    assert said.strip().endswith("OK"), said


def test_schemas(address: str):
    """Every answer by the published schema of its kind (OGC 17-069r4)."""
    folder = standards() / "ogcapi" / "features" / "openapi" / "schemas"
    found: dict[str, Any] = {}

    def judged(name: str, document: Any) -> None:
        faults = [
            f"{fault.json_path}: {fault.message[:200]}"
            for fault in _judge(folder, name).iter_errors(document)
        ]
        assert faults == [], name
        found[name] = document

    address += "/features"
    collection = f"{address}/collections/{CLOUDY}"
    items = asked(f"{collection}/items?limit=50")
    judged("landingPage", asked(address))
    judged("confClasses", asked(f"{address}/conformance"))
    judged("collections", asked(f"{address}/collections"))
    judged("collection", asked(collection))
    judged("featureCollectionGeoJSON", items)
    judged("featureGeoJSON", asked(f"{collection}/items/{items['features'][0]['id']}"))
    with pytest.raises(AssertionError):
        judged("featureGeoJSON", {"type": "Feature"})
    assert len(found) == 6 and items["numberReturned"] > 10


def _judge(folder: Path, name: str) -> Any:
    def read(path: Path) -> Any:
        return _as_json_schema({**yaml.safe_load(path.read_text("utf-8")), "$id": path.as_uri()})

    def retrieve(uri: str) -> Any:
        own = read(folder / uri.rpartition("/")[2])
        return Resource.from_contents(own, default_specification=_DRAFT)

    from referencing.jsonschema import DRAFT7 as _DRAFT

    return jsonschema.Draft7Validator(
        read(folder / f"{name}.yaml"),
        registry=Registry(retrieve=retrieve),
        format_checker=jsonschema.FormatChecker(),
    )


def _as_json_schema(node: Any) -> Any:
    """OpenAPI's `nullable` as JSON Schema says it."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {name: _as_json_schema(value) for name, value in node.items() if name != "nullable"}
    return {"anyOf": [told, {"type": "null"}]} if node.get("nullable") is True else told
