"""What became of a job: its progress, its errors by class, the slices that failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .model import DONE, FAILED, RUNNING, STOPPED, Slice, utc_now
from .progress import Progress

_COUNTED = ("seen", "added", "updated", "unchanged", "deleted", "errored", "requests", "bytes")
_STATES = (DONE, FAILED, RUNNING, STOPPED)

_objects = sa.table("harvest_object", *map(sa.column, ("id", "harvest_job_id", "guid", "content")))
_object_errors = sa.table(
    "harvest_object_error", *map(sa.column, ("id", "harvest_object_id", "message", "stage", "line"))
)
_gather_errors = sa.table("harvest_gather_error", *map(sa.column, ("harvest_job_id", "message")))

_MOST_MESSAGES = 5000

# what differs in messages of one class: where it was, addresses, what is quoted, ids, numbers
_DIFFERS = (
    (r"^source [^,]*, slice:\S+ ", ""),
    (r"https?://\S+[^\s:,;.]", "…"),
    (r"'[^']*'|\"[^\"]*\"", "…"),
    (r"\m[0-9a-f]{8}-[0-9a-f-]{27}\M", "…"),
    (r"\S*\d\S*\d\S*", "N"),
    (r"\d+", "N"),
)


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """Errors that differ only in names and numbers."""

    count: int
    text: str
    example: str


@dataclass(frozen=True, slots=True)
class FailedSlice:
    """A slice that ended before its end, and why; `reason` is empty for one that was stopped."""

    key: str
    state: str
    seen: int
    reason: str


@dataclass(frozen=True, slots=True)
class RecordError:
    """What is wrong with a record; `native` is the record as the provider gave it, where that was kept."""

    object_id: str
    guid: str
    native: str
    message: str
    stage: str
    line: int | None


def job_progress(session: Session, job_id: str) -> Progress:
    """How far a job has come, as of the last page that each of its slices has written."""
    return jobs_progress(session, [job_id])[job_id]


def jobs_progress(session: Session, job_ids: Sequence[str]) -> dict[str, Progress]:
    """How far each of these jobs has come."""
    sums = [sa.func.coalesce(sa.func.sum(getattr(Slice, name)), 0) for name in _COUNTED]
    states = [sa.func.count().filter(Slice.state == state) for state in _STATES]
    # a slice that goes on where another one handed over has the products before it in its total
    before = sa.func.coalesce(_member("before"), 0)
    told = sa.func.coalesce(Slice.total - before, _member("found"))
    will_see = sa.case((Slice.state == DONE, Slice.seen), else_=sa.func.greatest(told, Slice.seen))
    is_read = sa.func.coalesce(Slice.query["reconcile"].astext, "false") != "true"
    untold = sa.func.count().filter(Slice.state != DONE, told.is_(None), is_read)
    query = (
        sa.select(
            Slice.job_id,
            sa.func.min(Slice.started),
            sa.func.max(Slice.finished),
            untold,
            sa.func.sum(will_see),
            sa.func.count(),
            *states,
            *sums,
        )
        .where(Slice.job_id.in_(job_ids))
        .group_by(Slice.job_id)
    )
    found = {row[0]: _progress(row[1:]) for row in session.execute(query)}
    return {job_id: found.get(job_id, Progress()) for job_id in job_ids}


def _member(name: str) -> Any:
    """A number in the query of a slice."""
    return sa.cast(Slice.query[name].astext, sa.Integer)


def _progress(row: Sequence[Any]) -> Progress:
    started, finished, untold, will_see, slices, done, failed, running, stopped, *sums = row
    is_over = done + failed + stopped == slices
    return Progress(
        slices=slices,
        done=done,
        failed=failed,
        running=running,
        stopped=stopped,
        total=None if untold else int(will_see),
        seconds=_seconds(started, finished if is_over else None),
        **{name: int(value) for name, value in zip(_COUNTED, sums, strict=True)},
    )


def _seconds(started: datetime | None, finished: datetime | None) -> float:
    return ((finished or utc_now()) - started).total_seconds() if started else 0.0


def error_classes(session: Session, job_id: str, limit: int = 20) -> list[ErrorClass]:
    """The errors of a job by class, the most frequent first, each with an example; messages beyond the
    most frequent ones are left out."""
    of_records = (
        sa.select(_object_errors.c.message)
        .join_from(_object_errors, _objects, _objects.c.id == _object_errors.c.harvest_object_id)
        .where(_objects.c.harvest_job_id == job_id)
    )
    of_gathering = sa.select(_gather_errors.c.message).where(_gather_errors.c.harvest_job_id == job_id)
    all_messages = sa.union_all(of_records, of_gathering).subquery()
    number = sa.func.count().label("number")
    # most are the same word for word; the patterns are for those that are left
    told = sa.select(all_messages.c.message, number).group_by(all_messages.c.message)
    messages = told.order_by(number.desc()).limit(_MOST_MESSAGES).subquery()
    total = sa.func.sum(messages.c.number)
    query = (
        sa.select(total, _class_of(messages.c.message).label("class"), sa.func.min(messages.c.message))
        .group_by("class")
        .order_by(total.desc(), "class")
        .limit(limit)
    )
    return [ErrorClass(int(row[0]), row[1], row[2]) for row in session.execute(query)]


def _class_of(message: Any) -> Any:
    text = message
    for pattern, instead in _DIFFERS:
        text = sa.func.regexp_replace(text, pattern, instead, "g")
    return sa.func.left(text, 200)


def failed_slices(session: Session, job_id: str, limit: int = 50) -> list[FailedSlice]:
    """The slices of a job that failed or were stopped, failed ones first."""
    query = (
        sa.select(Slice.key, Slice.state, Slice.seen, sa.func.coalesce(Slice.error, ""))
        .where(Slice.job_id == job_id, Slice.state.in_((FAILED, STOPPED)))
        .order_by(Slice.state, Slice.key)
        .limit(limit)
    )
    return [FailedSlice(*row) for row in session.execute(query)]


def gather_errors(session: Session, job_id: str, limit: int) -> list[str]:
    """Why the gathering of a job failed, or what it met."""
    query = sa.select(_gather_errors.c.message).where(_gather_errors.c.harvest_job_id == job_id)
    return list(session.scalars(query.limit(limit)))


def record_errors(session: Session, job_id: str, limit: int) -> list[RecordError]:
    """The errors of single records of a job, those of one record side by side."""
    query = (
        sa.select(
            _objects.c.id,
            _objects.c.guid,
            sa.func.coalesce(_objects.c.content, ""),
            _object_errors.c.message,
            _object_errors.c.stage,
            _object_errors.c.line,
        )
        .join_from(_object_errors, _objects, _objects.c.id == _object_errors.c.harvest_object_id)
        .where(_objects.c.harvest_job_id == job_id)
        .order_by(_objects.c.id, _object_errors.c.id)
        .limit(limit)
    )
    return [RecordError(*row) for row in session.execute(query)]
