"""What OGC API Records answers is valid by the published schemas (OGC 20-004r1)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.shared import standards

_PUBLISHED = re.compile(r"https://schemas\.opengis\.net/ogcapi/(\w+)/part1/1\.0/openapi/(.*)")


def _json_schema(node: Any) -> Any:
    """A schema of OpenAPI 3.0, whose `nullable` JSON Schema does not know."""
    if isinstance(node, list):
        return [_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {name: _json_schema(each) for name, each in node.items()}
    if made.pop("nullable", False) is True:
        made["type"] = [made["type"], "null"]
    return made


def _retrieve(uri: str) -> Resource[Any]:
    published = _PUBLISHED.fullmatch(uri)
    path = standards() / "ogcapi" / published[1] / "openapi" / published[2] if published else Path(uri[7:])
    return Resource.from_contents(_json_schema(yaml.safe_load(path.read_text())), DRAFT7)


def _errors(schema: str, document: Any) -> list[str]:
    base = f"https://schemas.opengis.net/ogcapi/records/part1/1.0/openapi/schemas/{schema}.yaml"
    validator = Draft7Validator({"$ref": base}, registry=Registry(retrieve=_retrieve))
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", "landingPage"),
        ("/collections", "catalogs"),
        ("/collections/{c}", "catalog"),
        ("/collections/{c}/items?limit=1000", "recordCollectionGeoJSON"),
    ],
)
def test_answers(site: Any, catalogue: Catalogue, path: str, schema: str):
    standards()
    document = site.get("/records" + path.format(c=catalogue.collection), status=200).json
    assert _errors(schema, document) == []


def test_each_record(site: Any, catalogue: Catalogue):
    standards()
    address = f"/records/collections/{catalogue.collection}/items"
    found = site.get(address, query_string={"limit": 1000}, status=200).json["features"]
    assert len(found) > 3
    for record in found:
        one = site.get(f"{address}/{record['id']}", status=200).json
        assert _errors("recordGeoJSON", one) == []


def test_the_schemas_refuse():
    """RC-05, RC-06"""
    standards()
    record = {"id": "a", "type": "Feature", "geometry": None, "properties": {}}
    assert _errors("recordGeoJSON", record) == []
    assert _errors("recordGeoJSON", record | {"time": {"timestamp": "yesterday"}})
    assert _errors("recordGeoJSON", record | {"properties": {"contacts": [{"roles": ["owner"]}]}})
