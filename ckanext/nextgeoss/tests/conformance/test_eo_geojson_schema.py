"""Written features are judged by the schema of EO GeoJSON (OGC 17-003r2)."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
from hypothesis import given

from ckanext.nextgeoss.demo.catalogue import products as demo_products
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.eo.formats.eo_geojson import write_answer, write_page, write_product
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.answers import FEED, SITE, entries_of, recorded_products
from ckanext.nextgeoss.tests.core.strategies import modest, products
from ckanext.nextgeoss.tests.shared import standards


@cache
def judge(part: str) -> Any:
    path = standards() / "eo-geojson" / "17-003r2" / "eo-geojson-schema-standalone.json"
    schema = json.loads(path.read_text("utf-8"))
    # of the two kinds of documents the one that is meant, whose faults the `oneOf` of both would hide
    schema = {"definitions": schema["definitions"], "$ref": f"#/definitions/{part}"}
    # it allows one position in a MultiPoint, by `items` with a list where it has an object elsewhere
    schema["definitions"]["MultiPoint"]["properties"]["coordinates"] |= {"additionalItems": True}
    formats = jsonschema.FormatChecker()
    return jsonschema.Draft4Validator(schema, format_checker=formats)


def faults(document: Any, part: str = "FeatureCollection") -> list[str]:
    document = json.loads(json.dumps(document))
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in judge(part).iter_errors(document)]


def test_the_judge_knows_good_from_bad() -> None:
    folder = standards() / "eo-geojson" / "handmade"
    good, bad = (json.loads((folder / f"product_{name}.json").read_text()) for name in ("valid", "invalid"))
    assert faults(good, "EarthObservation") == []
    assert faults(bad, "EarthObservation")


@modest
@given(products())
def test_features_of_any_product_are_valid(product: Product) -> None:
    assert faults(write_product(product), "EarthObservation") == []
    page = Page((product,), 1, entries=entries_of((product,)))
    assert faults(write_answer(page, FEED, SITE)) == []


def test_demo_and_recorded_products_are_valid() -> None:
    found = (
        *[absolute(product, "https://hub.example") for product in demo_products(500)],
        *recorded_products(),
    )
    assert faults(write_answer(Page(found, entries=entries_of(found)), FEED, SITE)) == []
    assert faults(write_page(Page(found))) == []
