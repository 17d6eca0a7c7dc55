"""Search documents of products from the database, a batch at a time, with the hooks of all plugins."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from ckan import model
from ckan.lib.dictization import model_dictize, table_dictize
from ckan.lib.plugins import DefaultPermissionLabels, lookup_package_plugin, plugin_validate
from ckan.logic.schema import default_show_package_schema
from ckan.plugins import toolkit
from sqlalchemy import Connection

from .. import config
from ..package import PRODUCT_TYPE
from .catalogue import core
from .hooks import add_fields_of_others
from .index import Document
from .plugin_hooks import Hooks, plugin_path, read_hooks
from .product_documents import Site, product_documents
from .rows import COLUMNS, Rows, read_rows
from .show_probe import probes, shown_group
from .shown import Dataset, License, NotCompiled, Show
from .titles import collections

log = logging.getLogger(__name__)

_FORM = "ckanext.scheming.plugins.SchemingDatasetsPlugin"
_CONTEXT = {"ignore_auth": True, "use_cache": False, "validate": False}


class ProductDocuments:
    """Makes documents of products as CKAN would; `obstacle` says why it cannot here, "" when it can."""

    def __init__(self) -> None:
        self.hooks: Hooks = read_hooks()
        self.obstacle = self.hooks.obstacle
        try:
            self._show = compiled_show()
        except NotCompiled as error:
            self.obstacle = self.obstacle or str(error)
        self._licenses = _licenses()
        self._resource_fields = tuple(model.Resource.get_extra_columns())

    def tell(self) -> None:
        """Say in the log what makes indexing slow here, if anything does."""
        if self.obstacle:
            log.warning("Products are indexed one by one by CKAN itself: %s", self.obstacle)
        elif told := self.hooks.told:
            log.info("Asked for each product that is indexed: %s", told)

    def make(self, connection: Connection, ids: Sequence[str]) -> tuple[dict[str, Document], list[str]]:
        """Documents of these products by id, and the ids of those that CKAN itself must make."""
        rows = read_rows(connection, ids, harvest=self.hooks.harvest)
        packages = self._packages(ids)
        found, left = product_documents(rows, self._site(rows, packages))
        add_fields_of_others(found)
        for package in rows.packages:
            if document := found.get(package["id"]):
                found[package["id"]] = self._finished(document, package, packages)
        return found, left

    def _packages(self, ids: Sequence[str]) -> Mapping[str, model.Package]:
        """The datasets as objects, when a plugin that we do not know asks for them."""
        if not self.hooks.after_show and self.hooks.labels is None:
            return {}
        query = model.Session.query(model.Package).filter(model.Package.id.in_(ids))
        return {package.id: package for package in query}

    def _finished(
        self, document: Document, package: Mapping[str, Any], packages: Mapping[str, model.Package]
    ) -> Document:
        for plugin in self.hooks.before_index:
            document = plugin.before_dataset_index(document)
        if self.hooks.labels is None:
            labels = default_labels(SimpleNamespace(**package))
        else:
            labels = self.hooks.labels.get_dataset_labels(packages[package["id"]])
        document["permission_labels"] = labels
        return document

    def _site(self, rows: Rows, packages: Mapping[str, model.Package]) -> Site:
        described = collections()

        def after_show(dataset: Dataset) -> None:
            context = {**_CONTEXT, "session": model.Session, "package": packages[dataset["id"]]}
            for plugin in self.hooks.after_show:
                plugin.after_dataset_show(context, dataset)

        def before_resource_show(resource: Dataset) -> None:
            for plugin in self.hooks.before_resource_show:
                plugin.before_resource_show(resource)

        return Site(
            site_id=config.site_id(),
            properties=config.eo_properties(),
            known=core().fields,
            show=self._show,
            licenses=self._licenses,
            resource_fields=self._resource_fields,
            groups=_groups({group for groups in rows.groups.values() for group in groups}),
            organizations=_organizations({package["owner_org"] for package in rows.packages}),
            topics_of=lambda name: described[name].topics if name in described else (),
            after_show=after_show if self.hooks.after_show else None,
            before_resource_show=before_resource_show if self.hooks.before_resource_show else None,
        )


def default_labels(package: Any) -> list[str]:
    """CKAN's own permission labels of a dataset, from the columns of its row."""
    return DefaultPermissionLabels().get_dataset_labels(package)


def compiled_show() -> Show:
    """The show schemas of products, compiled and compared with CKAN's; NotCompiled says what is unlike."""
    form = lookup_package_plugin(PRODUCT_TYPE)
    if plugin_path(form) != _FORM:
        raise NotCompiled(f"{plugin_path(form)} is the form of products")
    for name, columns in COLUMNS.items():
        if strange := set(columns) ^ set(model.meta.metadata.tables[name].columns.keys()):
            raise NotCompiled(f"table {name} is not as we know it: {', '.join(sorted(strange))}")
    default = default_show_package_schema()
    properties = config.eo_properties()
    show = Show(config.product_schema(), default.keys(), properties, toolkit.h.unified_resource_format)
    for dictized, shown in probes(show, properties):
        _compare(_validated(object(), dictized, default), shown.default, "CKAN's schema of datasets")
        _compare(
            _validated(form, dictized, form.show_package_schema()), shown.custom, "the schema of products"
        )
    return show


def _validated(form: Any, dictized: Dataset, schema: Any) -> Dataset:
    context: Any = {**_CONTEXT, "session": model.Session}
    copy = {key: list(value) if isinstance(value, list) else value for key, value in dictized.items()}
    return plugin_validate(form, context, copy, schema, "package_show")[0]


def _compare(theirs: Dataset, ours: Dataset, which: str) -> None:
    for name in sorted(theirs.keys() | ours.keys()):
        if name not in theirs or name not in ours or theirs[name] != ours[name]:
            raise NotCompiled(f"{which} does something unknown to {name}")


def _licenses() -> dict[str, License]:
    register = model.Package.get_license_register()
    return {
        each.id: License(
            each.title.split("::")[-1] if each.url else each.title, each.url or None, each.isopen()
        )
        for each in register.values()
    }


def _groups(ids: Iterable[str]) -> dict[str, Dataset]:
    wanted = list(ids)
    if not wanted:
        return {}
    groups = model.Session.query(model.Group).filter(model.Group.id.in_(wanted)).all()
    context: Any = {**_CONTEXT, "session": model.Session, "with_capacity": False}
    listed = model_dictize.group_list_dictize(
        groups, context, with_package_counts=False, with_member_counts=False
    )
    return {group["id"]: shown_group(group) for group in listed}


def _organizations(ids: Iterable[str | None]) -> dict[str, Dataset]:
    group = model.Group
    query = model.Session.query(group).filter(group.id.in_([i for i in ids if i]), group.state == "active")
    context: Any = {}
    found = {each.id: table_dictize(each, context) for each in query}
    for organization in found.values():
        del organization["extras"]
    # keys and values of plain types, which the writer of JSON takes
    return {key: {str(name): value for name, value in each.items()} for key, each in found.items()}
