"""The schema files: rows that are complete, names that do not collide, a registry that can be read."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import yaml

from ckanext.nextgeoss.demo.catalogue import COLLECTIONS as DEMO_COLLECTIONS
from ckanext.nextgeoss.eo.collection import load_registry
from ckanext.nextgeoss.eo.properties import Properties, load_properties
from ckanext.nextgeoss.eo.property import TYPES
from ckanext.nextgeoss.harvesters.provider_files import load_provider, provider_ids
from ckanext.nextgeoss.tests.shared import standards

# columns of CKAN's package table and computed keys of package_show, which a property must not overwrite
CKAN_KEYS = {
    "author", "author_email", "creator_user_id", "extras", "groups", "id", "isopen", "maintainer",
    "maintainer_email", "metadata_created", "metadata_modified", "num_resources", "num_tags",
    "organization", "plugin_data", "private", "relationships_as_object", "relationships_as_subject",
    "resources", "state", "tags", "type", "url", "version", "license", "license_title", "license_url",
    "score", "capacity", "index_id", "site_id", "entity_type", "text",
}  # fmt: skip


def schema(name: str) -> dict[str, Any]:
    return yaml.safe_load(files("ckanext.nextgeoss").joinpath(f"schemas/{name}.yaml").read_text("utf-8"))


def test_no_property_takes_a_key_of_ckan_or_ends_in_date() -> None:
    names = [field["field_name"] for field in schema("eo_product")["dataset_fields"]]
    assert [name for name, number in Counter(names).items() if number > 1] == []
    assert CKAN_KEYS.isdisjoint(names)
    assert [name for name in names if name.endswith("_date")] == []


def test_every_row_has_label_section_and_known_type() -> None:
    for row in load_properties().values():
        assert row.type in TYPES and row.label and row.section, row.name


def test_no_two_properties_share_a_name_elsewhere() -> None:
    rows = load_properties().values()
    stac = Counter(name for row in rows for name in {row.stac, *row.stac_aliases})
    opensearch = Counter(row.opensearch for row in rows if row.opensearch)
    ours = Counter(name for row in rows for name in {row.name, *row.aliases})
    assert [name for names in (stac, opensearch, ours) for name, number in names.items() if number > 1] == []


def test_every_preset_used_is_defined() -> None:
    scheming = json.loads(files("ckanext.scheming").joinpath("presets.json").read_text("utf-8"))
    defined = {preset["preset_name"] for preset in [*scheming["presets"], *schema("presets")["presets"]]}
    for name in ("eo_product", "eo_collection"):
        kind = schema(name)
        used = {field.get("preset") for field in [*kind["dataset_fields"], *kind["resource_fields"]]}
        assert used - {None} <= defined


def test_product_and_acquisition_parameters_of_ogc_13_026_have_a_row() -> None:
    file = standards() / "stac/ceos/opensearch-eo.json"
    names = list(json.loads(file.read_text("utf-8"))["properties"])
    wanted = set(names[names.index("parentIdentifier") : names.index("classifiedAs")]) - {"classifiedAs"}
    have = {row.opensearch.removeprefix("eo:") for row in load_properties().values()}
    assert wanted <= have


@pytest.mark.parametrize(
    "extension",
    ["eo/v2.0.0", "sar/v1.3.0", "sat/v1.2.0", "view/v1.1.0", "processing/v1.2.0", "product/v1.0.0"],
)
def test_enumerations_and_limits_are_those_of_the_stac_extensions(extension: str) -> None:
    rows = load_properties()
    definitions = dict(
        _definitions(json.loads((standards() / f"stac/extensions/{extension}/schema.json").read_text()))
    )
    assert definitions
    for name, definition in definitions.items():
        if (row := rows.by_stac(name)) is None:
            continue
        items = definition.get("items", definition)
        assert not items.get("enum") or row.choices == tuple(items["enum"]), name
        for limit in ("minimum", "maximum"):
            assert limit not in definition or getattr(row, limit) is not None, name


def test_registry_knows_old_ids_and_strips_packaging() -> None:
    registry = load_registry()
    collection = registry.canonical("SENTINEL2_L2A")
    assert collection and collection.id == "sentinel-2-l2a"
    assert registry.product_key("sentinel-2-l2a", "S2B_X.SAFE") == registry.product_key(
        "SENTINEL2_L2A", "S2B_X"
    )


def test_registry_knows_the_collections_of_the_demo_and_of_every_provider() -> None:
    wanted = {collection.id for collection in DEMO_COLLECTIONS}
    for provider in provider_ids():
        wanted |= set(load_provider(provider).collections)
    assert [name for name in sorted(wanted) if load_registry().canonical(name) is None] == []


def test_registry_has_no_alias_twice() -> None:
    names = Counter(name.lower() for c in load_registry() for name in {c.id, *c.aliases})
    assert [name for name, number in names.items() if number > 1] == []


def test_a_misspelt_preset_is_refused_with_the_near_one() -> None:
    with pytest.raises(Exception, match="did you mean eo_number"):
        Properties.from_schema({"dataset_fields": [{"field_name": "x", "preset": "eo_nmber"}]})


def _definitions(node: Any) -> list[tuple[str, dict[str, Any]]]:
    """Property definitions of a STAC extension's schema that say a type, wherever they stand."""
    if isinstance(node, list):
        return [found for item in node for found in _definitions(item)]
    if not isinstance(node, dict):
        return []
    here = [
        (k, v) for k, v in node.items() if ":" in k and isinstance(v, dict) and isinstance(v.get("type"), str)
    ]
    return here + [found for value in node.values() for found in _definitions(value)]
