"""What OGC API Records answers is valid by the published schemas (OGC 20-004r1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from jsonschema import Draft7Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from ckanext.nextgeoss.eo.collection import Collection, load_registry
from ckanext.nextgeoss.eo.formats.record_series import write_series
from ckanext.nextgeoss.eo.formats.record_write import PRODUCTS, write_record
from ckanext.nextgeoss.eo.held import Held, Holdings
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.search.collection_terms import collection_values
from ckanext.nextgeoss.tests.answers import SITE, entries_of, recorded_products, series_page
from ckanext.nextgeoss.tests.catalogue import Catalogue
from ckanext.nextgeoss.tests.core.strategies import modest, products
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


_REMEMBERED = cache(_retrieve)


def _errors(schema: str, document: Any) -> list[str]:
    document = json.loads(json.dumps(document))
    return [
        f"{error.json_path}: {error.message}"
        for error in _judge(schema).iter_errors(document)
        # a record without a place (RC-05); read as OpenAPI 3.0 the schema has null twice within one oneOf
        if not (error.json_path.endswith(".geometry") and error.instance is None)
    ]


@cache
def _judge(schema: str) -> Draft7Validator:
    base = f"https://schemas.opengis.net/ogcapi/records/part1/1.0/openapi/schemas/{schema}.yaml"
    registry = Registry(retrieve=_REMEMBERED)
    return Draft7Validator({"$ref": base}, registry=registry, format_checker=FormatChecker())


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("", "landingPage"),
        ("/collections", "catalogs"),
        ("/collections/{c}", "catalog"),
        ("/collections/{c}/items?limit=1000&facets=true", "recordCollectionGeoJSON"),
        ("/collections/products", "catalog"),
        ("/collections/products/items?limit=1000", "recordCollectionGeoJSON"),
        ("/collections/collections", "catalog"),
        ("/collections/collections/items?limit=1000&facets=true", "recordCollectionGeoJSON"),
        ("/collections/collections/items/{c}", "recordGeoJSON"),
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


def _both(product: Product) -> Iterator[list[str]]:
    """The faults of a product's record in its own catalogue and in that of all."""
    (entry,) = entries_of((product,))
    about = load_registry().canonical(product.collection) or Collection(id=product.collection)
    for catalog in ("", PRODUCTS):
        yield _errors("recordGeoJSON", write_record(product, entry, about, SITE, catalog))


@modest
@given(products())
def test_records_of_any_product(product: Product):
    standards()
    assert list(_both(product)) == [[], []]


def test_records_of_recorded_products():
    """What providers really answered, read and written again."""
    standards()
    found = recorded_products()
    assert len(found) > 300
    for product in found:
        assert list(_both(product)) == [[], []], product.id


def test_records_of_collections():
    """Those of our registry, and those with products."""
    standards()
    every = [Held(collection=each, holdings=Holdings(), matched=0) for each in load_registry()]
    for held in (*every, *series_page().collections):
        record = write_series(held, collection_values(held, {}), SITE)
        assert _errors("recordGeoJSON", record) == [], held.collection.id


def test_the_schemas_refuse():
    """RC-05, RC-06"""
    standards()
    record = {"id": "a", "type": "Feature", "geometry": None, "properties": {}}
    assert _errors("recordGeoJSON", record) == []
    assert _errors("recordGeoJSON", record | {"time": {"timestamp": "yesterday"}})
    assert _errors("recordGeoJSON", record | {"properties": {"contacts": [{"roles": ["owner"]}]}})
