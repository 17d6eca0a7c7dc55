"""Activities of harvests: one for each run that changed something, of the source's dataset, where the source
wants them. Those of single products are written by the classic writer."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.lib.plugins import get_permission_labels
from ckan.plugins import plugin_loaded
from ckanext.harvest.model import HarvestSource

from ..eo.errors import BadConfiguration
from .model import Run, job_counters
from .source import EACH_RUN
from .terms import Row, site_user_id, source_config

# their type; the template of a line in a stream is called after it
HARVESTED = "harvested"


def note_run(run: Run) -> None:
    """Add the activity of a run that is over, in the transaction of the session."""
    source: Row = HarvestSource.get(run.source_id)
    dataset = model.Package.get(run.source_id)
    if dataset is None or not plugin_loaded("activity") or not _is_wanted(source):
        return
    counted = job_counters(model.Session(), [run.job_id])[run.job_id]
    told = {"added": counted.added, "updated": counted.updated, "deleted": counted.deleted}
    if any(told.values()):
        _add(dataset, {"harvest": told | {"job": run.job_id, "errored": counted.errored + counted.failed}})


def _is_wanted(source: Row) -> bool:
    try:
        return source is not None and source_config(source).activities == EACH_RUN
    except BadConfiguration:
        return False


def _add(dataset: model.Package, told: dict[str, Any]) -> None:
    from ckanext.activity.model import Activity  # the table is there with the plugin only

    # whoever made the source: streams leave out what the site's own user does
    user = dataset.creator_user_id or site_user_id()
    named = {"package": {name: getattr(dataset, name) for name in ("id", "name", "title", "type")}}
    labels = get_permission_labels().get_dataset_labels(dataset)
    model.Session.add(Activity(user, dataset.id, HARVESTED, named | told, labels))
