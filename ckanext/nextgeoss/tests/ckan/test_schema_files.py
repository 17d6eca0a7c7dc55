"""Which schema files a site runs with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ckan.exceptions import CkanConfigurationException
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_dataset_schemas

from ckanext.nextgeoss import config
from ckanext.nextgeoss.eo.properties import load_properties

OURS = "ckanext.nextgeoss:schemas/eo_product.yaml ckanext.nextgeoss:schemas/eo_collection.yaml"


@pytest.fixture()
def own_schema(tmp_path: Path) -> str:
    """A schema for ordinary datasets as a site may have it."""
    field = {"field_name": "title", "label": "Title", "preset": "title"}
    schema = {
        "scheming_version": 2,
        "dataset_type": "dataset",
        "dataset_fields": [field],
        "resource_fields": [],
    }
    file = tmp_path / "dataset.yaml"
    file.write_text(yaml.safe_dump(schema | {"about": "Ours", "about_url": "https://example.org"}), "utf-8")
    return file.as_uri()


@pytest.mark.usefixtures("with_plugins")
def test_a_site_that_says_nothing_gets_our_schemas() -> None:
    assert toolkit.config["scheming.dataset_schemas"] == OURS
    assert set(scheming_dataset_schemas()) == {"eo_product", "eo_collection"}
    assert dict(config.eo_properties()) == dict(load_properties())


@pytest.fixture()
def both_schemas(ckan_config: Any, own_schema: str) -> None:
    ckan_config["scheming.dataset_schemas"] = f"{OURS} {own_schema}"


@pytest.mark.usefixtures("both_schemas", "plugins_anew")
def test_a_site_adds_a_schema_of_its_own() -> None:
    assert set(scheming_dataset_schemas()) == {"dataset", "eo_product", "eo_collection"}


def test_a_site_that_forgets_ours_is_told_the_line_to_write() -> None:
    problem = config.schemas_problem({"dataset"}, "mine:dataset.yaml")
    assert problem.endswith(f"write: scheming.dataset_schemas = {OURS} mine:dataset.yaml")
    assert config.schemas_problem({"dataset", "eo_product", "eo_collection"}, "") == ""


def test_the_start_is_refused_without_ours(ckan_config: Any, own_schema: str) -> None:
    from ckan import plugins

    before = ckan_config["scheming.dataset_schemas"]
    ckan_config["scheming.dataset_schemas"] = own_schema
    try:
        with pytest.raises(CkanConfigurationException, match="must be among the schemas"):
            plugins.load_all()
    finally:
        ckan_config["scheming.dataset_schemas"] = before
        plugins.load_all()
