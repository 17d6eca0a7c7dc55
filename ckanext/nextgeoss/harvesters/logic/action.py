"""Stock actions of ckanext-harvest, answered in products for our sources."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.logic import auth_audit_exempt
from ckan.plugins import toolkit
from ckanext.harvest.logic.dictization import harvest_job_dictize
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestSource

from .. import ledger, runs
from ..job_page import error_report
from ..migrating import of_today, refuse_job
from ..model import (
    Counters,
    Slice,
    count_offers,
    detach_objects,
    forget_source,
    job_counters,
    shared_packages,
)
from ..old_sources import old_types
from ..source import SOURCE_TYPE
from ..tally import drop_slices
from ..withdrawing import withdraw_deleted
from ..writers import withdrawing_writer

# seconds for which whoever deletes a source waits
_AT_ONCE = 5.0


@toolkit.chained_action
@toolkit.side_effect_free
def harvest_job_show(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A job; for our sources its `stats` count products."""
    job: Any = HarvestJob.get(data_dict.get("id"), attr=data_dict.get("attr"))
    if job is None or job.source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    shown = next_action({**context, "return_stats": False}, data_dict)
    return _with_stats(context, [shown])[0]


@toolkit.chained_action
@toolkit.side_effect_free
def harvest_job_list(next_action: Any, context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The jobs; for our sources their `stats` count products."""
    jobs = next_action({**context, "return_stats": False}, data_dict)
    ours = set(_source_ids(job["source_id"] for job in jobs))
    _with_stats(context, [job for job in jobs if job["source_id"] in ours])
    if context.get("return_stats", True):
        for job in jobs:
            if job["source_id"] not in ours:
                short = {**context, "return_error_summary": False}
                job["stats"] = harvest_job_dictize(HarvestJob.get(job["id"]), short)["stats"]
    return jobs


# ckanext-harvest takes its actions for auth functions, too: who may do this is asked of harvest_job_show
@auth_audit_exempt
@toolkit.chained_action
@toolkit.side_effect_free
def harvest_job_report(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The errors of a job; for our sources at most `limit` (200), and `left_off` says if there are more."""
    job: Any = HarvestJob.get(data_dict.get("id"))
    if job is None or job.source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    toolkit.check_access("harvest_job_show", context, data_dict)
    limit = toolkit.asint(data_dict.get("limit", 200))
    return error_report(model.Session(), job.id, limit)


@toolkit.chained_action
@toolkit.side_effect_free
def harvest_source_show_status(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The state of a source; for ours its last job and its datasets are counted in products."""
    source: Any = HarvestSource.get(data_dict["id"])
    if source is None or source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    toolkit.check_access("harvest_source_show_status", context, data_dict)
    jobs = HarvestJob.filter(source_id=source.id)
    last = jobs.order_by(HarvestJob.created.desc()).first()
    status = {"job_count": jobs.count(), "last_job": None, "total_datasets": 0}
    if last is not None:
        shown = harvest_job_dictize(last, {**context, "model": model, "return_stats": False})
        status["last_job"] = _with_stats(context, [shown])[0]
        status["total_datasets"] = count_offers(model.Session(), source.id)
    return status


@auth_audit_exempt
@toolkit.chained_action
def harvest_job_abort(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a job, or the last one of a source; for ours at the same cost however many slices it has."""
    job = _job_to_abort(data_dict.get("source_id") or data_dict.get("id"))
    if job is None or job.source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    toolkit.check_access("harvest_job_abort", context, data_dict)
    runs.cancel(job.id)
    return toolkit.get_action("harvest_job_show")(context, {"id": job.id})


def _job_to_abort(said: str | None) -> Any:
    """The job of this id, or the last one of the source of this id or name."""
    source: Any = model.Package.get(said)
    if source is None:
        return HarvestJob.get(said)
    return HarvestJob.filter(source_id=source.id).order_by(HarvestJob.created.desc()).first()


@auth_audit_exempt
@toolkit.chained_action
def harvest_source_delete(next_action: Any, context: Any, data_dict: dict[str, Any]) -> Any:
    """Delete a source; what ours offers goes too, if not in seconds then in the rounds of the scheduler."""
    package: Any = model.Package.get(data_dict.get("id"))
    source: Any = HarvestSource.get(package.id) if package else None
    if source is None or source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    deleted = next_action(context, data_dict)
    if running := ledger.unfinished_job(model.Session(), package.id):
        runs.cancel(running)
    withdraw_deleted(_AT_ONCE)
    return deleted


@toolkit.chained_action
def harvest_source_clear(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Clear a source; datasets that others of our sources offer, too, stay, without what this one said."""
    source: Any = HarvestSource.get(data_dict.get("id"))
    if source is None or source.type != SOURCE_TYPE:
        return next_action(context, data_dict)
    toolkit.check_access("harvest_source_clear", context, data_dict)
    if running := ledger.unfinished_job(model.Session(), source.id):
        runs.cancel(running)
    shared = shared_packages(model.Session(), source.id)
    withdrawing_writer(source.id).withdraw(shared)
    detach_objects(model.Session(), source.id, shared)
    model.Session.commit()
    cleared = next_action(context, data_dict)
    forget_source(model.Session(), source.id)
    drop_slices(model.Session(), Slice.source_id == source.id)
    model.Session.commit()
    return cleared


@auth_audit_exempt
@toolkit.chained_action
def harvest_source_create(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a source; one of a type of the original hub is made as what takes its place today."""
    if data_dict.get("source_type") in old_types():
        data_dict = of_today(data_dict)
    return next_action(context, data_dict)


@auth_audit_exempt
@toolkit.chained_action
def harvest_job_create(next_action: Any, context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make a job; that of a source of the original hub ends at once and says what to do."""
    source: Any = HarvestSource.get(data_dict.get("source_id"))
    if source is None or source.type not in old_types():
        return next_action(context, data_dict)
    job = next_action(context, {**data_dict, "run": False})
    refuse_job(job["id"])
    return toolkit.get_action("harvest_job_show")(context, {"id": job["id"]})


def _source_ids(source_ids: Any) -> list[str]:
    """Those of these ids that belong to sources of our type."""
    sources = model.Session.query(HarvestSource.id).filter(HarvestSource.type == SOURCE_TYPE)
    return [row[0] for row in sources.filter(HarvestSource.id.in_(set(source_ids)))]


def _with_stats(context: Any, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The jobs with the stock keys filled from the counters of their slices."""
    if not context.get("return_stats", True):
        return jobs
    counted = job_counters(model.Session(), [job["id"] for job in jobs])
    for job in jobs:
        job["stats"] = _stats(counted[job["id"]], _gather_errors(job["id"]))
    return jobs


def _stats(counters: Counters, gather_errors: int) -> dict[str, int]:
    return {
        "added": counters.added,
        "updated": counters.updated,
        "not modified": counters.unchanged,
        "errored": counters.errored + counters.failed + gather_errors,
        "deleted": counters.deleted,
    }


def _gather_errors(job_id: str) -> int:
    return HarvestGatherError.filter(harvest_job_id=job_id).count()
