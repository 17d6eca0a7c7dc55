"""The plugin `nextgeoss_feedback`: wiring only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ckan import plugins
from ckan.plugins import toolkit

from ..cli import nextgeoss
from ..interfaces import IChores, IProductIndex
from . import config as options
from . import dcat
from .commands import feedback
from .helpers import HELPERS
from .logic import bursts, indexing, remembered, retention
from .notify import commands as mails
from .notify import jobs, sending
from .notify.views import blueprint as mails_blueprint
from .quality.commands import quality
from .quality.schedule import check_a_while
from .views import blueprint, exchange
from .views.widget import WithoutCookies

# seconds between two looks at mails with news, at questions that wait, at what is too old, at bursts
_NEWS, _QUESTIONS, _PURGE, _BURSTS = 60.0, 3600.0, 86400.0, 600.0
# between two pieces of checks
_CHECKS = 60.0


@toolkit.blanket.actions
@toolkit.blanket.auth_functions
@toolkit.blanket.config_declarations
class NextgeossFeedbackPlugin(plugins.SingletonPlugin):
    """What users say of datasets: the OGC Geospatial User Feedback model."""

    plugins.implements(plugins.IBlueprint)
    plugins.implements(plugins.IClick)
    plugins.implements(plugins.IConfigurable)
    plugins.implements(plugins.IConfigurer)
    plugins.implements(plugins.IFacets, inherit=True)
    plugins.implements(plugins.IMiddleware, inherit=True)
    plugins.implements(plugins.IPackageController, inherit=True)
    plugins.implements(plugins.ITemplateHelpers)
    plugins.implements(plugins.ISignal)
    plugins.implements(IChores)
    plugins.implements(IProductIndex)

    def update_config(self, config: Any) -> None:
        """DCAT documents tell ratings, too."""
        dcat.offer(config)

    def get_blueprint(self) -> list[Any]:
        """Feedback for people and for programs."""
        return [blueprint, exchange.blueprint, mails_blueprint]

    def make_middleware(self, app: Any, config: Any) -> Any:
        """What other sites embed knows nothing of who looks."""
        app.wsgi_app = WithoutCookies(app.wsgi_app)
        return app

    def get_helpers(self) -> dict[str, Any]:
        """What templates ask of feedback; they do so only where this plugin is on."""
        return HELPERS

    def get_signal_subscriptions(self) -> Any:
        """What happens to feedback is told by mail."""
        return jobs.subscriptions()

    def chores(self) -> dict[str, tuple[float, Callable[[], object]]]:
        """Mails that are due and what jobs could not send; checks of quality, a piece at a time; what is kept
        for some time only."""
        return {
            "sending news of feedback": (_NEWS, sending.send_news),
            "sending questions that wait": (_QUESTIONS, sending.send_questions),
            "checking quality": (_CHECKS, check_a_while),
            "taking out old feedback": (_PURGE, retention.purge),
            "looking for bursts of ratings": (_BURSTS, bursts.look_for_bursts),
        }

    def configure(self, config: Any) -> None:
        """Refuse to start with options that cannot be understood."""
        options.check()

    def get_commands(self) -> list[Any]:
        """Nothing at the top: our commands stand under `ckan nextgeoss`."""
        for command in (mails.notify, mails.digest):
            feedback.add_command(command)
        nextgeoss.add_command(feedback)
        nextgeoss.add_command(quality)
        return []

    def add_fields(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What users say of these datasets, for their search documents."""
        return indexing.fields_of(ids)

    def forget(self, ids: Sequence[str]) -> None:
        """What is said of these datasets and of others is not in the figures of the others any more."""
        indexing.forget(ids)

    def dataset_facets(self, facets_dict: dict[str, str], package_type: str) -> dict[str, str]:
        """The facets of the search page, with those of feedback."""
        return {**facets_dict, **indexing.facet_titles()}

    def after_dataset_search(
        self, search_results: dict[str, Any], search_params: dict[str, Any]
    ) -> dict[str, Any]:
        """Lists of what was found show what users say of it, and ask for all of it together."""
        remembered.remember(search_results["results"])
        return search_results

    def after_dataset_create(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """Feedback on a product that was gone is found with it again."""
        indexing.attach_new(pkg_dict["id"])

    def after_dataset_update(self, context: Any, pkg_dict: dict[str, Any]) -> None:
        """So it is when it is active again, or has another identifier."""
        indexing.attach_new(pkg_dict["id"])

    def after_dataset_delete(self, context: Any, data_dict: dict[str, Any]) -> None:
        """What is said of it and of another dataset only few can see now."""
        indexing.note_deleted(data_dict["id"])
