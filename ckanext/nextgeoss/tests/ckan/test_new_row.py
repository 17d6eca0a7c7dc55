"""One more row in the schema file is all that a new property needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.nextgeoss import config
from ckanext.nextgeoss.cli import nextgeoss
from ckanext.nextgeoss.eo.parameters import query_from_parameters
from ckanext.nextgeoss.search import catalogue

ROW = {
    "field_name": "wave_height",
    "preset": "eo_number",
    "label": "Wave height",
    "help_text": "Significant height of the waves",
    "unit": "m",
    "minimum": 0,
    "maximum": 40,
    "facet": True,
    "section": "Ocean",
    "stac": "ocean:wave_height",
}


@pytest.fixture()
def one_row_more(tmp_path: Path, ckan_config: Any) -> None:
    """A site whose schema of products has ROW."""
    shipped = files("ckanext.nextgeoss").joinpath("schemas/eo_product.yaml").read_text("utf-8")
    eo_product = yaml.safe_load(shipped)
    eo_product["dataset_fields"].append(ROW)
    file = tmp_path / "eo_product.yaml"
    file.write_text(yaml.safe_dump(eo_product), "utf-8")
    ckan_config["scheming.dataset_schemas"] = f"{file.as_uri()} ckanext.nextgeoss:schemas/eo_collection.yaml"


@pytest.fixture()
def its_field(one_row_more: None, plugins_anew: None, cli: Any) -> Iterator[None]:
    """A core to which `ckan nextgeoss solr apply` added the field of ROW."""
    done = cli.invoke(nextgeoss, ["solr", "apply"])
    assert done.exit_code == 0, done.output
    catalogue.core.cache_clear()
    yield
    client = catalogue.client()
    client.delete("eo_wave_height:*", commit=True)
    client.change_schema([("delete-field", {"name": "eo_wave_height"})])
    catalogue.core.cache_clear()


@pytest.fixture()
def editor(plugins_anew: None) -> dict[str, str]:
    """A user and the organization in which he edits."""
    user = factories.User()
    owner = factories.Organization(users=[{"name": user["name"], "capacity": "editor"}])
    return {"name": user["name"], "owner": owner["id"]}


def create(editor: dict[str, str], **fields: Any) -> dict[str, Any]:
    return call_action(
        "package_create", {"user": editor["name"], "ignore_auth": False}, type="eo_product",
        owner_org=editor["owner"], identifier=f"P{uuid4().hex}", collection_id="waves", **fields,
    )  # fmt: skip


@pytest.mark.usefixtures("one_row_more", "its_field")
def test_one_row_is_enough_to_check_store_index_filter_and_show(app: Any, editor: dict[str, str]) -> None:
    with pytest.raises(toolkit.ValidationError) as caught:
        create(editor, wave_height=41)
    assert "from 0 up to 40" in caught.value.error_dict["wave_height"][0]

    made = create(editor, wave_height="2.50")
    create(editor, wave_height=11)
    assert call_action("package_show", id=made["id"])["wave_height"] == 2.5

    def found(**search: Any) -> list[str]:
        answer = call_action("package_search", {"user": "", "ignore_auth": False}, **search)
        return [dataset["id"] for dataset in answer["results"]]

    assert found(fq="eo_wave_height:[2 TO 3]") == [made["id"]]
    assert found(extras={"ext_wave_height_max": "3"}) == [made["id"]]
    counted = call_action("package_search", **{"facet.field": ["eo_wave_height"], "rows": 0})["search_facets"]
    assert {item["name"] for item in counted["eo_wave_height"]["items"]} == {"2.5", "11.0"}

    rows = config.eo_properties()
    page = catalogue.catalogue_for(None).search(query_from_parameters({"wave_height": "2..3"}, rows))
    assert [product.properties["wave_height"] for product in page.products] == [2.5]

    shown = app.get(f"/dataset/{made['name']}").body
    assert "Wave height" in shown and re.search(r"2\.5(\s|&nbsp;|<[^>]+>)*m\b", shown)
    assert "Wave height" in app.get("/dataset/").body
