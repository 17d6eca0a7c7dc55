"""Actions that give figures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ...remembering import remembered_for
from .. import config
from ..states import OPEN_ISSUES
from ..store import counting, facts, pages
from ..store.targets import note_gone
from ..store.visible import Caller
from ..summary import shown
from .caller import caller_of
from .lists import organization_id
from .schema import summaries as schema
from .schema.values import validated
from .subjects import readable


@toolkit.side_effect_free
def feedback_summary(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what the published feedback on datasets says in figures.

    :param id: id or name of a dataset, or
    :param ids: a list of ids of datasets, up to 1000; those that the caller may not read are left out
    :returns: the figures; with `ids` an object of them by id. `items`, `replies`, `ratings`, `average`
        (exact), `under_review` (many ratings came at once, and a moderator is to look at them),
        `bayes` (drawn to the mean of the site), `histogram` by stars, `latest`, `by_target_role`,
        `by_role`, `by_expertise`, `by_tag`, `open_issues` by severity, `fit_for` (`domain`, `fit` of
        `reports`), counts of `comments`, `usages`, `citations`, ...
    """
    own = validated(schema.feedback_summary_schema, data_dict, None, context)
    toolkit.check_access("feedback_summary", context, own)
    if own.get("ids") is None:
        if not own.get("id"):
            raise toolkit.ValidationError({"id": [toolkit._("Missing value")]})
        package = readable(context, own["id"])
        return summarized([package.id])[package.id]
    return summarized(own["ids"], caller_of(context))


def summarized(ids: Collection[str], caller: Caller | None = None) -> dict[str, dict[str, Any]]:
    """The summaries of datasets as the action gives them, by one query; of those that a caller may read."""
    found = counting.read_summaries(model.Session(), ids, caller)
    mean, weight = site_mean(), config.bayes_weight()
    return {package_id: shown(each, mean=mean, weight=weight) for package_id, each in found.items()}


def pressing_issue(package_id: str, caller: Caller) -> dict[str, Any] | None:
    """The worst open issue of a dataset, of several the newest, by one query: `id`, `abstract`, `issue`."""
    states = tuple(sorted(OPEN_ISSUES))
    asked = pages.Asked(package_ids=(package_id,), secondary=False, issue_states=states, sort="severity")
    item = pages.first(model.Session(), caller, asked)
    if item is None:
        return None
    issue = {"state": item.issue_state, "severity": item.issue_severity}
    return {"id": item.id, "abstract": item.parts["abstract"], "issue": issue}


@remembered_for(300)
def site_mean() -> float | None:
    """The mean of all ratings, some minutes old at most."""
    return counting.mean_rating(model.Session())


def feedback_summary_rebuild(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Count the feedback of datasets anew.

    :param ids: ids of datasets (all)
    :returns: `wrong`: how many summaries were not as they should be
    """
    own = validated(schema.feedback_summary_rebuild_schema, data_dict, None, context)
    toolkit.check_access("feedback_summary_rebuild", context, own)
    return {"wrong": counted_anew(own.get("ids"))}


def counted_anew(ids: Collection[str] | None) -> int:
    """Make the summaries of these datasets anew, or those of all; how many were not as they should be.
    What is gone without having been noted is noted."""
    note_gone(model.Session(), ids)
    model.Session.commit()
    return counting.rebuild(model.Session(), ids)


@toolkit.side_effect_free
def feedback_stats(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return figures of all feedback, or of that on the datasets of an organization.

    :param organization: id or name (optional)
    :returns: counts of `items`, `replies`, `ratings`, `authors`, `open_issues`, `questions`,
        `open_questions`; `average`; `median_answer_hours` of the provider; `by_month`: `month`, `items`,
        `average`; for moderators `pending` and `flagged`. What others than moderators are told may be a
        minute old
    """
    own = validated(schema.feedback_stats_schema, data_dict, None, context)
    toolkit.check_access("feedback_stats", context, own)
    organization = organization_id(own["organization"]) if own.get("organization") else ""
    caller = caller_of(context)
    if caller.sysadmin or organization in caller.moderates:
        return facts.figures(model.Session(), caller, organization)
    found = figures(replace(caller, visitor=""), organization)
    return {name: value for name, value in found.items() if name not in ("pending", "flagged")}


@remembered_for(60, most=500)
def figures(caller: Caller, organization: str) -> dict[str, Any]:
    """The figures that a caller with these permissions is told, a minute old at most: anybody may ask for
    those of the whole site, which go through all feedback."""
    return facts.figures(model.Session(), caller, organization)
