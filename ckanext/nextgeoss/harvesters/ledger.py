"""What is written down of runs and slices: statements on whole sets of rows, beside ckanext-harvest's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from .model import DONE, FAILED, OPEN, RUNNING, SHORT, SHRUNK, STOPPED, WAITING, Run, Slice, utc_now

jobs = sa.table(
    "harvest_job",
    *map(
        sa.column, ("id", "source_id", "status", "created", "gather_started", "gather_finished", "finished")
    ),
)
sources = sa.table("harvest_source", sa.column("id"), sa.column("type"))
objects = sa.table(
    "harvest_object",
    *map(
        sa.column,
        (
            "id", "harvest_job_id", "state", "report_status", "retry_times", "import_finished",
            "guid", "content",
        ),
    ),
)  # fmt: skip
object_errors = sa.table("harvest_object_error", sa.column("harvest_object_id"))
gather_errors = sa.table("harvest_gather_error", sa.column("harvest_job_id"), sa.column("message"))

# states of harvest objects that still have something before them
OPEN_OBJECTS = ("WAITING", "FETCH", "IMPORT", "HELD")
# of our own: is not sent to a worker before the other slices of its job have ended
HELD = "HELD"
# how runs end
COMPLETE, INCOMPLETE, BROKEN, CANCELLED = "complete", "incomplete", "failed", "cancelled"


def commit(session: Session) -> None:
    """Commit, and forget what the session remembers of rows: statements on sets of them have changed it."""
    session.commit()
    session.expire_all()


def put_run(session: Session, **values: Any) -> None:
    """Insert a row of `nextgeoss_run`; one that is there already is left alone."""
    session.execute(insert(Run).values(**values).on_conflict_do_nothing(index_elements=[Run.job_id]))


def get_run(session: Session, job_id: str) -> Run | None:
    """The run of a job, as it is in the database now."""
    return session.get(Run, job_id, populate_existing=True)


def unfinished_job(session: Session, source_id: str) -> str:
    """The id of a job of the source that is new or running; empty when there is none."""
    query = sa.select(jobs.c.id).where(jobs.c.source_id == source_id, jobs.c.status.in_(("New", "Running")))
    return session.scalar(query.limit(1)) or ""


def serialize(session: Session, name: str) -> None:
    """Let no other transaction that says the same name go on before this one has ended."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(name, 0))))


def end_job(session: Session, job_id: str) -> None:
    """Mark a job as finished and what is open of it as stopped; its run says that it was cancelled."""
    now = utc_now()
    session.execute(
        sa.update(jobs)
        .where(jobs.c.id == job_id, jobs.c.status != "Finished")
        .values(status="Finished", finished=now)
    )
    session.execute(
        sa.update(Run)
        .where(Run.job_id == job_id, Run.finished.is_(None))
        .values(finished=now, result=CANCELLED)
    )
    stop_slices(session, [job_id])


def stop_slices(session: Session, job_ids: Sequence[str]) -> None:
    """Mark what is open of these jobs as stopped, harvest objects too."""
    now = utc_now()
    session.execute(
        sa.update(Slice)
        .where(Slice.job_id.in_(job_ids), Slice.state.in_(OPEN))
        .values(state=STOPPED, finished=now)
    )
    session.execute(
        sa.update(objects)
        .where(objects.c.harvest_job_id.in_(job_ids), objects.c.state.in_(OPEN_OBJECTS))
        .values(state="ERROR", report_status="errored", import_finished=now)
    )


def reopen_slices(session: Session, job_id: str) -> list[str]:
    """Let the slices of a job that failed or were stopped wait again, without what was told of them; their
    ids."""
    query = sa.select(Slice.id).where(Slice.job_id == job_id, Slice.state.in_((FAILED, STOPPED, *OPEN)))
    found = list(session.scalars(query.order_by(Slice.key)))
    again = {"state": WAITING, "finished": None, "error": None, "error_class": None, "attempts": 0}
    session.execute(sa.update(Slice).where(Slice.id.in_(found)).values(again))
    session.execute(sa.delete(object_errors).where(object_errors.c.harvest_object_id.in_(found)))
    wait_again(session, found)
    hold(session, job_id)
    return found


def hold(session: Session, job_id: str) -> None:
    """Let the last slice of a reconcile run wait for the others, if any has not ended."""
    last = sa.select(Slice.id).where(Slice.job_id == job_id, Slice.query["reconcile"].astext == "true")
    session.execute(
        sa.update(objects).where(objects.c.id.in_(last), objects.c.state == "WAITING").values(state=HELD)
    )
    release_held(session, [job_id])


def wait_again(session: Session, slice_ids: Iterable[str]) -> None:
    """Let these slices wait as if they had never been delivered; those that do so already are left alone."""
    ids = list(slice_ids)
    session.execute(sa.update(Slice).where(Slice.id.in_(ids), Slice.state == RUNNING).values(state=WAITING))
    is_moved = sa.or_(objects.c.state != "WAITING", objects.c.retry_times != 0)
    session.execute(
        sa.update(objects)
        .where(objects.c.id.in_(ids), is_moved)
        .values(state="WAITING", report_status=None, retry_times=0, import_finished=None)
    )


def reopen_job(session: Session, job_id: str) -> None:
    """Let a job run again, and forget why its gathering failed."""
    session.execute(sa.update(jobs).where(jobs.c.id == job_id).values(status="Running", finished=None))
    again = {"finished": None, "result": None, "message": None}
    session.execute(sa.update(Run).where(Run.job_id == job_id).values(again))


def gather_again(session: Session, job_ids: Sequence[str]) -> None:
    """Let jobs be gathered as if they had not been."""
    session.execute(sa.delete(gather_errors).where(gather_errors.c.harvest_job_id.in_(job_ids)))
    session.execute(
        sa.update(jobs)
        .where(jobs.c.id.in_(job_ids), jobs.c.gather_finished.is_not(None))
        .values(gather_finished=None)
    )


def update_run(session: Session, job_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of the run of a job."""
    session.execute(sa.update(Run).where(Run.job_id == job_id).values(dict(values)))


def last_complete(session: Session, source_id: str, asked: Mapping[str, Any]) -> Run | None:
    """The last run that brought everything that `asked` asks for, of which the job is still there."""
    query = sa.select(Run).where(
        Run.source_id == source_id,
        Run.asked == dict(asked),
        Run.result == COMPLETE,
        sa.exists().where(jobs.c.id == Run.job_id),
    )
    return session.scalar(query.order_by(Run.started.desc()).limit(1))


def refused_anew(session: Session, run: Run) -> int:
    """How many records of a run's job are in error that were not when the source last asked the same."""
    earlier = sa.select(Run.job_id).where(
        Run.source_id == run.source_id, Run.asked == run.asked, Run.started < run.started
    )
    before = session.scalar(earlier.order_by(Run.started.desc()).limit(1))
    known = _records_in_error(before or "").subquery()
    records = _records_in_error(run.job_id).subquery()
    query = sa.select(sa.func.count()).where(records.c.record.not_in(sa.select(known.c.record)))
    return session.scalar(query) or 0


def _records_in_error(job_id: str) -> sa.Select[Any]:
    record = sa.func.md5(sa.func.coalesce(sa.func.nullif(objects.c.content, ""), objects.c.guid))
    is_wrong = sa.exists().where(object_errors.c.harvest_object_id == objects.c.id)
    return sa.select(record.label("record")).where(objects.c.harvest_job_id == job_id, is_wrong)


def release_held(session: Session, job_ids: Sequence[str]) -> list[str]:
    """Let the last slices of these jobs wait for a worker, where all others have ended; their ids."""
    others = sa.exists().where(
        Slice.job_id == objects.c.harvest_job_id, Slice.state.in_(OPEN), Slice.id != objects.c.id
    )
    is_due = (objects.c.harvest_job_id.in_(job_ids), objects.c.state == HELD, ~others)
    released = sa.update(objects).where(*is_due).values(state="WAITING").returning(objects.c.id)
    return list(session.scalars(released)) if job_ids else []


def waiting_slices(session: Session, job_id: str) -> list[str]:
    """The slices of a job that wait for a worker, by key."""
    query = sa.select(Slice.id).join(objects, objects.c.id == Slice.id)
    is_due = (Slice.job_id == job_id, objects.c.state == "WAITING")
    return list(session.scalars(query.where(*is_due).order_by(Slice.key)))


def has_open_slices(session: Session, job_id: str) -> bool:
    """Whether any slice of a job has not ended."""
    query = sa.select(Slice.id).where(Slice.job_id == job_id, Slice.state.in_(OPEN)).limit(1)
    return session.scalar(query) is not None


def ended_runs(session: Session) -> list[Run]:
    """The runs that are not ended although their jobs are."""
    is_over = sa.exists().where(jobs.c.id == Run.job_id, jobs.c.status == "Finished")
    return list(session.scalars(sa.select(Run).where(Run.finished.is_(None), is_over)))


def slice_states(session: Session, job_id: str) -> dict[str, int]:
    """How many slices of a job are in each state; those that are done with less than the provider counts, as
    SHORT says, are counted under that word."""
    state = sa.case((sa.and_(Slice.state == DONE, Slice.error_class == SHORT), SHORT), else_=Slice.state)
    is_read = sa.func.coalesce(Slice.query["reconcile"].astext, "false") != "true"
    query = sa.select(state, sa.func.count()).where(Slice.job_id == job_id, is_read).group_by(state)
    return {row[0]: row[1] for row in session.execute(query)}


def gather_error(session: Session, job_id: str) -> str:
    """Why the gathering of a job failed; empty when it did not."""
    query = sa.select(gather_errors.c.message).where(gather_errors.c.harvest_job_id == job_id)
    return session.scalar(query.limit(1)) or ""


def is_lost(error: BaseException) -> bool:
    """Whether an error says that the database is gone, which is no fault of what was being done."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def unread_slices(session: Session, job_id: str, but: str) -> int:
    """How many slices of a job, but one, were not read to their end."""
    query = sa.select(sa.func.count()).where(Slice.job_id == job_id, Slice.id != but, Slice.state != DONE)
    return session.scalar(query) or 0


def doubtful_slices(session: Session, job_id: str) -> int:
    """In how many slices of a job products may be missing though they were read to their end."""
    doubtful = Slice.error_class.in_((SHORT, SHRUNK))
    return session.scalar(sa.select(sa.func.count()).where(Slice.job_id == job_id, doubtful)) or 0


def _ours(source_type: str) -> sa.ColumnElement[bool]:
    return sa.exists().where(sources.c.id == jobs.c.source_id, sources.c.type == source_type)


def run_new_jobs(session: Session, source_type: str) -> None:
    """Let jobs of sources of this type that wait to be sent be running ones."""
    is_new = (jobs.c.status == "New", _ours(source_type))
    session.execute(sa.update(jobs).where(*is_new).values(status="Running"))


def ungathered_jobs(session: Session, source_type: str) -> list[str]:
    """The running jobs of sources of this type whose slices are not planned, and not for an error."""
    is_planned = sa.exists().where(Run.job_id == jobs.c.id, Run.gathered.is_not(None))
    has_failed = sa.exists().where(gather_errors.c.harvest_job_id == jobs.c.id)
    query = sa.select(jobs.c.id).where(jobs.c.status == "Running", _ours(source_type))
    return list(session.scalars(query.where(~is_planned, ~has_failed)))


def _jobs_of_open_slices(is_running: bool) -> sa.Select[tuple[str]]:
    is_right = jobs.c.status == "Running" if is_running else jobs.c.status == "Finished"
    return sa.select(jobs.c.id).where(
        is_right, sa.exists().where(Slice.job_id == jobs.c.id, Slice.state.in_(OPEN))
    )


def running_jobs(session: Session) -> list[str]:
    """The running jobs that have slices which have not ended."""
    return list(session.scalars(_jobs_of_open_slices(True)))


def over_jobs(session: Session) -> list[str]:
    """The jobs that are over although slices of theirs have not ended: of these, ckanext-harvest has lost
    patience."""
    return list(session.scalars(_jobs_of_open_slices(False)))


def open_slices(session: Session, job_id: str = "") -> list[str]:
    """The slices of running jobs, or of this one, that have not ended, by key, but those held for others."""
    query = (
        sa.select(Slice.id)
        .join(objects, objects.c.id == Slice.id)
        .where(Slice.state.in_(OPEN), objects.c.state != HELD)
        .where(Slice.job_id.in_(sa.select(jobs.c.id).where(jobs.c.status == "Running")))
    )
    query = query.where(Slice.job_id == job_id) if job_id else query
    return list(session.scalars(query.order_by(Slice.key)))
