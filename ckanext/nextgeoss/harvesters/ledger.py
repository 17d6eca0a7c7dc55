"""What is written down of runs and slices: statements on whole sets of rows, beside ckanext-harvest's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .model import FAILED, OPEN, STOPPED, WAITING, Run, Slice, utc_now

jobs = sa.table(
    "harvest_job",
    *map(
        sa.column, ("id", "source_id", "status", "created", "gather_started", "gather_finished", "finished")
    ),
)
objects = sa.table(
    "harvest_object",
    *map(sa.column, ("id", "harvest_job_id", "state", "report_status", "retry_times", "import_finished")),
)
object_errors = sa.table("harvest_object_error", sa.column("harvest_object_id"))
gather_errors = sa.table("harvest_gather_error", sa.column("harvest_job_id"))

# states of harvest objects that still have something before them
OPEN_OBJECTS = ("WAITING", "FETCH", "IMPORT")
CANCELLED = "cancelled"


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
    return found


def wait_again(session: Session, slice_ids: Iterable[str]) -> None:
    """Let the harvest objects of these slices wait as if they had never been delivered."""
    session.execute(
        sa.update(objects)
        .where(objects.c.id.in_(list(slice_ids)))
        .values(state="WAITING", report_status=None, retry_times=0, import_finished=None)
    )


def reopen_job(session: Session, job_id: str) -> None:
    """Let a job run again, and forget why its gathering failed."""
    session.execute(sa.update(jobs).where(jobs.c.id == job_id).values(status="Running", finished=None))
    again = {"finished": None, "result": None, "message": None}
    session.execute(sa.update(Run).where(Run.job_id == job_id).values(again))


def gather_again(session: Session, job_id: str) -> None:
    """Let a job be gathered as if it had not been."""
    session.execute(sa.delete(gather_errors).where(gather_errors.c.harvest_job_id == job_id))
    session.execute(sa.update(jobs).where(jobs.c.id == job_id).values(gather_finished=None))


def update_run(session: Session, job_id: str, values: Mapping[str, Any]) -> None:
    """Set columns of the run of a job."""
    session.execute(sa.update(Run).where(Run.job_id == job_id).values(dict(values)))
