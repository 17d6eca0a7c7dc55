"""Which hooks of plugins take part in the document of a product, and what they need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ckan.lib.plugins import DefaultPermissionLabels, get_permission_labels
from ckan.plugins import IActions, IPackageController, IResourceController, PluginImplementations

# What these do to products is nothing, or is done for a whole batch in product_documents.py.
KNOWN = frozenset((
    "ckanext.nextgeoss.plugin.NextgeossPlugin",
    "ckanext.nextgeoss.harvesters.plugin.NextgeossHarvesterPlugin",
    "ckanext.harvest.plugin.Harvest",
    "ckanext.spatial.plugin.SpatialMetadata",
    "ckanext.dcat.plugins.DCATPlugin",
    "ckanext.scheming.plugins.SchemingNerfIndexPlugin",
))  # fmt: skip
_HARVEST = "ckanext.harvest.plugin.Harvest"
_OURS = "ckanext.nextgeoss.plugin.NextgeossPlugin"


@dataclass(frozen=True, slots=True)
class Hooks:
    """Plugins that are asked for each product, in their order; `obstacle` is why documents of products cannot
    be made of rows at all, "" when they can."""

    obstacle: str = ""
    before_index: tuple[Any, ...] = ()
    after_show: tuple[Any, ...] = ()
    before_resource_show: tuple[Any, ...] = ()
    # of a plugin; None when CKAN's own rule holds
    labels: Any = None
    # whether ckanext-harvest has its tables
    harvest: bool = False

    @property
    def told(self) -> str:
        """Who is asked for each product, for people."""
        plugins = (*self.before_index, *self.after_show, *self.before_resource_show)
        labels = () if self.labels is None else (self.labels,)
        return ", ".join(dict.fromkeys(_name(plugin) for plugin in (*plugins, *labels)))


def read_hooks() -> Hooks:
    """The hooks of the plugins that are loaded."""
    controllers = list(PluginImplementations(IPackageController))
    names = [plugin_path(plugin) for plugin in controllers]
    before_index = tuple(_strangers(IPackageController, "before_dataset_index"))
    labels = get_permission_labels()
    return Hooks(
        obstacle=_obstacle(controllers, before_index),
        before_index=before_index,
        after_show=tuple(_strangers(IPackageController, "after_dataset_show")),
        before_resource_show=tuple(_strangers(IResourceController, "before_resource_show")),
        labels=None if type(labels) is DefaultPermissionLabels else labels,
        harvest=_HARVEST in names,
    )


def _obstacle(controllers: list[Any], before_index: tuple[Any, ...]) -> str:
    for plugin in PluginImplementations(IActions):
        # ours is CKAN's, but for datasets that are there under another id
        if "package_show" in plugin.get_actions() and plugin_path(plugin) != _OURS:
            return f"{_name(plugin)} has a package_show of its own"
    for plugin in _strangers(IPackageController, "read"):
        return f"{_name(plugin)} takes part in package_show (read)"
    harvest = next((i for i, plugin in enumerate(controllers) if plugin_path(plugin) == _HARVEST), 0)
    for plugin in controllers[:harvest]:
        if plugin in before_index:
            return f"{_name(plugin)} changes documents before harvest does; name it after harvest"
    return ""


def _strangers(interface: Any, hook: str) -> Iterator[Any]:
    """Plugins not known here that have a hook of their own."""
    for plugin in PluginImplementations(interface):
        method = getattr(type(plugin), hook, None)
        if method is not None and method is not getattr(interface, hook) and plugin_path(plugin) not in KNOWN:
            yield plugin


def plugin_path(plugin: Any) -> str:
    """The class of a plugin, with its module."""
    return f"{type(plugin).__module__}.{type(plugin).__qualname__}"


def _name(plugin: Any) -> str:
    return getattr(plugin, "name", "") or plugin_path(plugin)
