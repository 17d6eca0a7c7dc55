"""The plugin `nextgeoss_harvester`: wiring only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckan import model, plugins
from ckan.plugins import toolkit
from ckanext.harvest.interfaces import IHarvester

from ..cli import nextgeoss
from ..config import metrics_access
from ..interfaces import IProductIndex
from ..package import PRODUCT_TYPE
from ..search.fields import TOPIC
from ..views.metrics import blueprint as metrics_blueprint
from ..views.providers import blueprint as providers_blueprint
from .commands import harvest
from .commands.checking import check
from .commands.migrating import migrate_datasets
from .harvester import Harvester
from .job_page import nextgeoss_job
from .model import hold_offers
from .old_sources import old_keys, old_types
from .source import KEYS, SOURCE_TYPE
from .source_form import nextgeoss_source_form
from .topics import source_topics

_OLD_KEYS = old_keys() - {"groups", "source"}


@toolkit.blanket.actions
@toolkit.blanket.auth_functions
class NextgeossHarvesterPlugin(plugins.SingletonPlugin, Harvester):
    """Harvests providers that a file describes, through ckanext-harvest."""

    plugins.implements(IHarvester)
    plugins.implements(plugins.IBlueprint)
    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IConfigurable)
    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IPackageController, inherit=True)
    plugins.implements(plugins.ITemplateHelpers)
    plugins.implements(IProductIndex)

    def update_config(self, config: Any) -> None:
        """Say where the templates are."""
        toolkit.add_template_directory(config, "templates")

    def configure(self, config: Any) -> None:
        """Refuse to start with options that cannot be understood."""
        metrics_access()

    def get_blueprint(self) -> Any:
        """Pages that need our tables: the metrics, and the endpoints of providers."""
        return [metrics_blueprint, providers_blueprint]

    def get_commands(self) -> list[Any]:
        """Nothing at the top: our commands stand under `ckan nextgeoss`."""
        nextgeoss.add_command(harvest)
        nextgeoss.add_command(check)
        nextgeoss.add_command(migrate_datasets)
        return []

    def get_helpers(self) -> dict[str, Any]:
        """What the form of a source and the page of a job ask for."""
        return {"nextgeoss_source_form": nextgeoss_source_form, "nextgeoss_job": nextgeoss_job}

    def after_dataset_delete(self, context: Any, data_dict: dict[str, Any]) -> None:
        """A product that a person deletes is not brought back by the next harvest."""
        hold_offers(model.Session(), [data_dict["id"]])

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """So is one whose state a person changes, and brought back when it is active again."""
        package = context.get("package")
        if package is not None and package.type == PRODUCT_TYPE:
            hold_offers(model.Session(), [package.id], package.state == "deleted")

    def after_dataset_show(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """Send a new source to the database, where ckanext-harvest looks for it before it has sent it."""
        if pkg_dict.get("type") == "harvest":
            model.Session.flush()

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Keep configurations out of the index: ckanext-harvest spreads them over the source's dataset."""
        if pkg_dict.get("source_type") == SOURCE_TYPE:
            return {key: value for key, value in pkg_dict.items() if key == "url" or key not in KEYS}
        if pkg_dict.get("source_type") in old_types():  # with secrets in them
            return {key: value for key, value in pkg_dict.items() if key not in _OLD_KEYS}
        return pkg_dict

    def add_fields(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Topics that products inherit from their sources."""
        return {uuid: {TOPIC: topics} for uuid, topics in source_topics(ids).items()}
