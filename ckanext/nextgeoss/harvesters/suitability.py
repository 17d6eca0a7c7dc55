"""Whether the bulk writer can do all that other plugins and the site want of a new dataset."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import yaml
from ckan import plugins
from ckan.lib.plugins import lookup_package_plugin
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_get_dataset_schema

from .. import config
from ..package import PRODUCT_TYPE

# Plugins whose hooks for single datasets we know: they do nothing for products, or what they do is done by us
# for whole batches (docs/operating.md says which).
KNOWN = frozenset(
    {
        "activity", "audio_view", "ckan_harvester", "dcat", "dcat_json_interface", "harvest", "image_view",
        "resource_proxy", "scheming_datasets", "scheming_groups", "scheming_organizations",
        "spatial_metadata", "stats", "structured_data", "text_view", "tracking", "video_view", "webpage_view",
    }
)  # fmt: skip
# of IPackageController, called while a dataset is written
HOOKS = ("create", "edit", "delete", "after_dataset_create", "after_dataset_update", "after_dataset_delete")
# actions that a chained one may change
ACTIONS = ("package_create", "package_update", "package_delete", "package_owner_org_update")


def obstacle() -> str:
    """Why products of this site must be written one by one; "" when batches do."""
    return next(_obstacles(), "")


def _obstacles() -> Iterator[str]:
    for interface in (plugins.IDomainObjectModification, plugins.IResourceUrlChange):
        for plugin in _unknown(interface):
            yield f"plugin {plugin.name} wants to see each changed row ({interface.__name__})"
    for plugin in _unknown(plugins.IPackageController):
        if overridden := [name for name in HOOKS if _overrides(plugin, plugins.IPackageController, name)]:
            yield f"plugin {plugin.name} wants to see each dataset ({', '.join(overridden)})"
    for plugin in _unknown(plugins.IActions):
        if changed := [name for name in ACTIONS if name in plugin.get_actions()]:
            yield f"plugin {plugin.name} changes the action {', '.join(changed)}"
    form: Any = lookup_package_plugin(PRODUCT_TYPE)
    if getattr(form, "name", "") != "scheming_datasets":
        yield f"plugin {getattr(form, 'name', form)} validates datasets of type {PRODUCT_TYPE}"
    if views := _default_views():
        yield f"ckan.views.default_views wants {', '.join(views)} for each resource"
    yield from _schema()


def _unknown(interface: Any) -> Iterator[Any]:
    for plugin in plugins.PluginImplementations(interface):
        if plugin.name not in KNOWN and plugin.name not in config.PLUGINS:
            yield plugin


def _overrides(plugin: Any, interface: Any, name: str) -> bool:
    return getattr(type(plugin), name, None) is not getattr(interface, name)


def _default_views() -> list[str]:
    loaded = {plugin.info()["name"] for plugin in plugins.PluginImplementations(plugins.IResourceView)}
    return sorted(loaded & set(toolkit.aslist(toolkit.config["ckan.views.default_views"])))


def _schema() -> Iterator[str]:
    """A site may add EO properties to the schema and change words, but not what else is validated."""
    path = files("ckanext.nextgeoss").joinpath(f"schemas/{PRODUCT_TYPE}.yaml")
    ours = yaml.safe_load(path.read_text("utf-8"))
    live = scheming_get_dataset_schema(PRODUCT_TYPE, expanded=False) or {}
    for part in ("dataset_fields", "resource_fields"):
        known = {field["field_name"]: field for field in ours[part]}
        found = {field["field_name"]: field for field in live.get(part, ())}
        if missing := sorted(set(known) - set(found)):
            yield f"the schema of products has no {part} {', '.join(missing)}"
        for name, field in found.items():
            if _rules(field) != _rules(known.get(name, {"preset": field.get("preset")})) or (
                name not in known and not str(field.get("preset")).startswith("eo_")
            ):
                yield f"the schema of products has other rules for {name}"
    for name in ("before_validators", "after_validators"):
        if live.get(name) != ours.get(name):
            yield f"the schema of products has other {name}"


def _rules(field: dict[str, Any]) -> list[Any]:
    names = ("preset", "validators", "output_validators", "required", "repeating_subfields")
    return [field.get(name) for name in names]
