"""Written items are judged by the published schemas of STAC 1.1.0 and of the extensions they name."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource
from referencing.jsonschema import DRAFT7

from ckanext.nextgeoss.eo.formats.stac import read_item, write_item
from ckanext.nextgeoss.eo.formats.stac_feedback import feedback_schema
from ckanext.nextgeoss.eo.formats.stac_write import write_entry
from ckanext.nextgeoss.eo.page import Entry
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.answers import SITE
from ckanext.nextgeoss.tests.core.strategies import modest, products
from ckanext.nextgeoss.tests.shared import provider_samples, standards

FOLDERS = (
    (r"https?://schemas\.stacspec\.org/(v[\d.]+)/(.*)", r"stac/core/\1/\2"),
    (r"https?://geojson\.org/schema/(.*)", r"stac/geojson/\1"),
    (r"https?://stac-extensions\.github\.io/([\w-]+)/(v[^/]+)/(.*)", r"stac/extensions/\1/\2/\3"),
    (r"https?://proj\.org/schemas/(v[\d.]+)/(.*)", r"stac/projjson/\1/\2"),
)
ITEM = "https://schemas.stacspec.org/v1.1.0/item-spec/json-schema/item.json"


# publications that users name: with a DOI, without one, with what is none
CITED = ("10.5194/essd-12-1-2020\tSnow", "\tA report, https://x.example", "10.x\t")


def local(address: str) -> Path | None:
    for pattern, folder in FOLDERS:
        if found := re.fullmatch(pattern, address.partition("#")[0]):
            path = standards() / found.expand(folder)
            return path if path.is_file() else None
    return None


def retrieve(address: str) -> Resource[Any]:
    path = local(address)
    if path is None:
        raise NoSuchResource(ref=address)
    return Resource.from_contents(json.loads(path.read_text()), default_specification=DRAFT7)


@cache
def validator(address: str) -> Draft7Validator:
    return Draft7Validator(retrieve(address).contents, registry=Registry(retrieve=retrieve))


def faults(item: dict[str, Any]) -> list[str]:
    """What the schemas refuse; an extension whose schema is not at hand is not judged."""
    addresses = [ITEM, *(address for address in item["stac_extensions"] if local(address))]
    errors = [best_match(validator(address).iter_errors(item)) for address in addresses]
    return [f"{error.json_path}: {error.message}" for error in errors if error]


def test_the_judge_finds_faults() -> None:
    item = write_item(Product(id="a", collection="c"))
    item["properties"] = {"datetime": None}
    assert faults(item), "an item without a time is not valid"


@modest
@given(products())
def test_written_items_are_valid(product: Product) -> None:
    assert faults(write_item(product, base_url="https://hub.example/stac")) == []
    assert faults(write_item(product)) == []


@modest
@given(products(), st.sampled_from(CITED))
def test_items_that_tell_what_users_say_are_valid(product: Product, cited: str) -> None:
    """By the published schemas, and by that of our own extension."""
    said = {
        "average": 4.5, "ratings": 2, "items": 3, "latest": "2026-01-01T00:00:00Z", "open_issues": "minor",
        "fit_for": ["ice"], "publications": [cited], "metadata_score": 80, "metadata_band": "good",
    }  # fmt: skip
    entry = Entry(uuid="u", name="n", feedback=said)
    item = write_entry(product, entry, SITE)
    assert SITE.stac_extension() in item["stac_extensions"]
    assert faults(item) == []
    own = Draft7Validator(feedback_schema(SITE.stac_extension()))
    assert [error.message for error in own.iter_errors(item)] == []
    again, told = read_item(item), dict(product.properties).get("publications", ())
    assert again.properties.get("publications", ()) == told


@pytest.mark.parametrize(
    "folder", ["earth-search", "planetary-computer", "cdse-stac", "usgs-landsatlook-stac"]
)
def test_recorded_items_written_again_are_valid(folder: str) -> None:
    for path in sorted((provider_samples() / folder).glob("*.json")):
        document = json.loads(path.read_text("utf-8-sig"))
        if isinstance(document, dict):
            document = [document] if document.get("type") == "Feature" else document.get("features") or []
        for item in document[:10]:
            assert faults(write_item(read_item(item, collection="unnamed"))) == [], (
                f"{path.name}: {item['id']}"
            )
