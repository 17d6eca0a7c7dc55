"""What the simulator serves is judged by the published schemas of STAC."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema.exceptions import best_match

from ckanext.nextgeoss.demo import catalogue
from ckanext.nextgeoss.demo.entries import kept_entries
from ckanext.nextgeoss.demo.holdings import Question
from ckanext.nextgeoss.demo.kept import KeptHoldings
from ckanext.nextgeoss.demo.stac_api import StacApi

from .test_stac_schema import faults, local, validator

BASE = "http://127.0.0.1:5050"
CORE = "https://schemas.stacspec.org/v1.1.0"


@pytest.fixture(scope="module")
def api() -> StacApi:
    found = kept_entries(catalogue.products(250), BASE, with_defects=False)
    return StacApi(BASE, KeptHoldings(found, catalogue.COLLECTIONS))


def judged(document: dict[str, Any], schema: str) -> str:
    error = best_match(validator(f"{CORE}/{schema}").iter_errors(document))
    return f"{error.json_path}: {error.message}" if error else ""


def test_items(api: StacApi):
    """Items of all missions, by the extensions they name too."""
    found = list(api.holdings.matching(Question()))
    assert len(found) == 250
    for entry in found:
        item = json.loads(api.item(entry))
        assert faults(item) == [], entry.id
        assert all(local(address) for address in item["stac_extensions"])


def test_collections(api: StacApi):
    for document in api.collection_list()["collections"]:
        assert judged(document, "collection-spec/json-schema/collection.json") == "", document["id"]


def test_landing(api: StacApi):
    assert judged(api.landing(), "catalog-spec/json-schema/catalog.json") == ""
