"""The plugin `nextgeoss`: wiring only."""

from __future__ import annotations

from typing import Any

from ckan import model, plugins
from ckan.exceptions import CkanConfigurationException
from ckan.lib.plugins import DefaultTranslation
from ckan.plugins import toolkit
from ckanext.scheming.helpers import scheming_dataset_schemas

from .config import plugins_problem, schemas_problem, search_boost
from .search import hooks
from .search.outbox import enqueue_waiting
from .views.shortcut import Shortcut


@toolkit.blanket.actions
@toolkit.blanket.auth_functions
@toolkit.blanket.blueprints
@toolkit.blanket.cli
@toolkit.blanket.config_declarations
@toolkit.blanket.helpers
@toolkit.blanket.validators
class NextgeossPlugin(plugins.SingletonPlugin, DefaultTranslation):
    """Schema, search, APIs and pages of the hub."""

    plugins.implements(plugins.IConfigurable)
    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IFacets, inherit=True)
    plugins.implements(plugins.IMiddleware, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)
    plugins.implements(plugins.ITranslation)

    def update_config(self, config: Any) -> None:
        """Refuse a wrong order of plugins; say where templates and files are."""
        if problem := plugins_problem(toolkit.aslist(config["ckan.plugins"])):
            raise CkanConfigurationException(problem)
        toolkit.add_template_directory(config, "templates")
        toolkit.add_public_directory(config, "public")
        toolkit.add_resource("assets", "nextgeoss")

    def configure(self, config: Any) -> None:
        """Refuse to start without the schemas of products and collections, and with weights that are none."""
        types = scheming_dataset_schemas(expanded=False) or {}
        if problem := schemas_problem(types, config["scheming.dataset_schemas"]):
            raise CkanConfigurationException(problem)
        search_boost()

    def make_middleware(self, app: Any, config: Any) -> Any:
        """Lead requests for our APIs a shorter way."""
        app.wsgi_app = Shortcut(app.wsgi_app, app)
        return app

    def create(self, entity: Any) -> None:
        """Let no older document come after the one that CKAN sends now."""
        enqueue_waiting(model.Session(), entity.id)

    def edit(self, entity: Any) -> None:
        """Let no older document come after the one that CKAN sends now."""
        enqueue_waiting(model.Session(), entity.id)

    def delete(self, entity: Any) -> None:
        """Let no older document come after the one that CKAN sends now."""
        enqueue_waiting(model.Session(), entity.id)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Fill our typed fields."""
        return hooks.complete_document(pkg_dict)

    def before_dataset_search(self, search_params: dict[str, Any]) -> dict[str, Any]:
        """Understand place and time, and our fields."""
        return hooks.complete_search(search_params)

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Give readable names to the values of our facets."""
        return hooks.name_facets(search_results)

    def dataset_facets(self, facets_dict: dict[str, str], package_type: str) -> dict[str, str]:
        """The facets of the search page."""
        return hooks.facet_titles() | {
            name: title for name, title in facets_dict.items() if name in hooks.KEPT_FACETS
        }
