"""What the plugin tells CKAN and the index of feedback, and what it hears of datasets from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ...search import fields
from .. import config
from ..index import index_fields, publication_text
from ..store.cited import publications_of
from ..store.targets import attach, attach_apart, known_to_index, note_gone, note_gone_apart
from ..summary import Summary
from .summaries import site_mean


def fields_of(ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The fields of search documents by dataset, by one query, and by another of those that users cite
    publications of; feedback that belongs to these datasets and was on others that are gone comes to them."""
    session = model.Session()
    summaries, scores, apart = known_to_index(session, ids)
    if apart:
        attach_apart(model.ensure_engine(), apart)
        summaries, scores, _ = known_to_index(session, ids)
    cited = publications_of(session, [key for key, each in summaries.items() if each.count("citations")])
    mean, weight = site_mean() if summaries else None, config.bayes_weight()
    made = {
        key: index_fields(
            summaries.get(key) or Summary(),
            mean=mean,
            weight=weight,
            score=scores.get(key),
            publications=map(publication_text, cited.get(key, ())),
        )
        for key in summaries.keys() | scores.keys()
    }
    return {key: value for key, value in made.items() if value}


def attach_new(package_id: str) -> None:
    """Have feedback found with a dataset that is made or changed in this transaction."""
    model.Session.flush()
    attach(model.Session(), [package_id])
    note_gone(model.Session(), [package_id])


def note_deleted(name: str) -> None:
    """Note of feedback on a dataset, by its name or id, that this goes in this transaction."""
    if package := model.Package.get(name):
        note_gone(model.Session(), [package.id], going=True)


def forget(ids: Sequence[str]) -> None:
    """Note of feedback which of these datasets are gone."""
    note_gone_apart(model.ensure_engine(), ids)


def facet_titles() -> dict[str, str]:
    """The facets of feedback on the search page."""
    _ = toolkit._
    return {
        fields.RATING_BAND: _("Rating"),
        fields.FIT_FOR: _("Fit for"),
        fields.HAS_FEEDBACK: _("Feedback"),
        fields.OPEN_ISSUES: _("Open issues"),
        fields.METADATA_BAND: _("Quality of the metadata"),
    }
