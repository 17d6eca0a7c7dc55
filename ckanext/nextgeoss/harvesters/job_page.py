"""What the page of a job shows besides what ckanext-harvest tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckanext.harvest.model import HarvestSource

from .progress import duration
from .protocols.records import record_link
from .report import error_classes, failed_slices, gather_errors, job_progress, record_errors
from .source import SOURCE_TYPE
from .terms import Row

# the page of a running job is asked for again so often
REFRESH_SECONDS = 5


def nextgeoss_job(job: Mapping[str, Any]) -> dict[str, Any] | None:
    """Progress, errors by class and failed slices of a dictized job; None when its source is not of ours."""
    source: Row = model.Session.get(HarvestSource, job["source_id"])
    if source is None or source.type != SOURCE_TYPE:
        return None
    session = model.Session()
    progress = job_progress(session, job["id"])
    left = progress.seconds_left
    return {
        "refresh": 0 if job["status"] in ("Finished", "Aborted") else REFRESH_SECONDS,
        "progress": progress,
        "duration": duration(progress.seconds),
        "left": "" if left is None else duration(left),
        "classes": error_classes(session, job["id"]),
        "failed": failed_slices(session, job["id"]),
    }


def error_report(session: Any, job_id: str, limit: int) -> dict[str, Any]:
    """The report of a job in the form of ckanext-harvest, with at most `limit` errors of each kind."""
    found = record_errors(session, job_id, limit + 1)
    by_record: dict[str, dict[str, Any]] = {}
    for error in found[:limit]:
        told = by_record.setdefault(error.object_id, {"guid": error.guid, "errors": []})
        told["errors"].append({"message": error.message, "line": error.line, "type": error.stage})
        if link := record_link(error.native):
            told["original_url"] = link
    messages = [{"message": message} for message in gather_errors(session, job_id, limit)]
    return {"gather_errors": messages, "object_errors": by_record, "left_off": len(found) > limit}
