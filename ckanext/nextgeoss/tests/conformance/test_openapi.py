"""The OpenAPI documents of our APIs are valid, tell of all that is served and of nothing else, and what they
promise is kept whatever is asked (schemathesis)."""

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

import pytest

from ckanext.nextgeoss.demo import catalogue as demo
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.indexed import indexed
from ckanext.nextgeoss.tests.served import served
from ckanext.nextgeoss.tests.venvs import tool_environment

HERE = Path(__file__).parent
APIS = ("stac", "features", "records")
TAG = f"openapi-{uuid4().hex[:8]}"
CLOUDY = f"{TAG}-sentinel-2-l1c"
# all that schemathesis knows of OpenAPI documents, but positive_data_acceptance: that a text is a time, a
# filter or a name of a property is not told by its schema, but in words
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "missing_required_header",
    "unsupported_method", "use_after_free", "ensure_resource_availability",
    "ignored_auth", "allow_header_conformance", "negative_data_rejection",
)  # fmt: skip
EXAMPLES = 10  # of each operation, made at random; those for each limit of a schema come on top
METHODS = {"get", "post", "put", "patch", "delete"}
_WHOLE_PARAMETER = re.compile(r"<(?:[^:<>]+:)?(\w+)>|\{\w+\}")
_CHOICE = re.compile(r"<any\(([^)]*)\):\w+>")


def products(count: int) -> Iterator[Product]:
    for product in demo.products(count):
        yield replace(product, collection=f"{TAG}-{product.collection}")


@pytest.fixture(scope="module")
def base(plugins: None) -> Iterator[str]:
    from ckan.plugins import toolkit

    from ckanext.nextgeoss.tests.loaded import site_app

    patch = pytest.MonkeyPatch()
    # a site of its own: what others have left behind is no part of this
    patch.setitem(toolkit.config, "ckan.site_id", TAG)
    with indexed(products(60)), served(site_app().flask_app) as address:
        patch.setitem(toolkit.config, "ckan.site_url", address)
        yield address
    patch.undo()


@pytest.fixture(autouse=True)
def own_site(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CKAN's options are those of its file again before each test."""
    from ckan.plugins import toolkit

    monkeypatch.setitem(toolkit.config, "ckan.site_id", TAG)
    monkeypatch.setitem(toolkit.config, "ckan.site_url", base)


@pytest.fixture(scope="module")
def tools() -> Path:
    return tool_environment("openapi", HERE / "requirements-openapi.txt")


def document(base: str, api: str) -> Any:
    with urlopen(f"{base}/{api}/api") as answer:
        return json.load(answer)


def run(*command: str | Path, folder: Path) -> str:
    """What a program says, whatever its exit code."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("api", APIS)
def test_valid(base: str, tools: Path, tmp_path: Path, api: str):
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document(base, api)))
    said = run(tools / "openapi-spec-validator", "--schema", "3.0", path, folder=tmp_path)
    assert said.strip().endswith("OK"), said


def described(told: Any) -> set[tuple[str, str]]:
    """Methods and paths of a document, whatever the names of what stands in a path."""
    return {
        (method.upper(), _WHOLE_PARAMETER.sub("{}", path).rstrip("/"))
        for path, methods in told["paths"].items()
        for method in METHODS & methods.keys()
    }


def routes(api: str) -> set[tuple[str, str]]:
    """Methods and paths that are served below an API."""
    from ckanext.nextgeoss.tests.loaded import site_app

    found: set[tuple[str, str]] = set()
    for rule in site_app().flask_app.url_map.iter_rules():
        path = rule.rule.removeprefix(f"/{api}")
        if not rule.rule.startswith(f"/{api}") or path[:1] not in ("", "/"):
            continue
        choices = _CHOICE.search(path)
        kinds = re.split(r",\s*", choices[1]) if choices else [""]
        for kind in kinds:
            own = _WHOLE_PARAMETER.sub("{}", _CHOICE.sub(kind, path)).rstrip("/")
            found |= {(method, own) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    return found


@pytest.mark.parametrize("api", APIS)
def test_tells_of_all_that_is_served_and_of_nothing_else(base: str, api: str):
    told, served_here = described(document(base, api)), routes(api)
    assert told - served_here == set(), "told, not served"
    assert served_here - told == set(), "served, not told"
    assert len(told) >= 9


@pytest.mark.parametrize("api", APIS)
def test_what_is_promised_is_kept(base: str, tools: Path, tmp_path: Path, api: str):
    """No error of the server, and no status that is not told of by itself: `default` does not count."""
    told = document(base, api)
    for operations in told["paths"].values():
        for operation in operations.values():
            del operation["responses"]["default"]
    # a limit above the greatest is cut, as OGC's standards say, and no mistake
    told["components"]["parameters"].get("limit", {"schema": {}})["schema"].pop("maximum", None)
    (tmp_path / "openapi.json").write_text(json.dumps(told))
    identifier = next(product.id for product in products(60) if product.collection == CLOUDY)
    names = {"stac": "itemId", "features": "featureId", "records": "recordId"}
    parameters = {
        f"path.{'catalogId' if api == 'records' else 'collectionId'}": CLOUDY,
        f"path.{names[api]}": identifier,
    }
    lines = ["[parameters]", *(f'"{name}" = {json.dumps(values)}' for name, values in parameters.items())]
    (tmp_path / "schemathesis.toml").write_text("\n".join(lines))
    said = run(
        tools / "schemathesis", "--config-file", "schemathesis.toml", "run", "openapi.json",
        "--url", f"{base}/{api}", "--checks", ",".join(CHECKS),
        "--max-examples", str(EXAMPLES),
        "--phases", "examples,coverage,fuzzing", "--generation-deterministic", "--request-timeout", "20",
        "--continue-on-failure", "--suppress-health-check", "all", "--no-color",
        folder=tmp_path,
    )  # fmt: skip
    counts = re.search(r"(\d+) generated, (\d+) passed", said)
    assert counts and counts[1] == counts[2] and int(counts[1]) > 300 and "❌" not in said, said[-20000:]
