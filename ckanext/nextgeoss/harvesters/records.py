"""The records that are stored: those that datasets were made of, and those that could not be read."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .steps import GUID

_objects = sa.table(
    "harvest_object",
    *map(sa.column, ("id", "guid", "content", "state", "current", "harvest_job_id", "harvest_source_id")),
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as the provider gave it, and the name it has in reports, which begins with its collection."""

    id: str
    guid: str
    native: str


@dataclass(frozen=True, slots=True)
class Records:
    """Which records: the current ones of a source, or those that a job of it could not read (`failed_in`);
    none that the job `reader` has stored itself."""

    source_id: str
    reader: str
    failed_in: str = ""


def stored_records(session: Session, which: Records, after: str, most: int) -> list[Stored]:
    """Records by id, the first ones behind the id `after`."""
    query = (
        sa.select(_objects.c.id, _objects.c.guid, _objects.c.content)
        .where(_wanted(which), _objects.c.id > after)
        .order_by(_objects.c.id)
        .limit(most)
    )
    return [Stored(*row) for row in session.execute(query)]


def count_stored(session: Session, which: Records) -> int:
    """How many there are."""
    query = sa.select(sa.func.count()).select_from(_objects).where(_wanted(which))
    return session.scalar(query) or 0


def failed_job(session: Session, source_id: str) -> str:
    """The last job of a source with records that could not be read; empty when there is none."""
    jobs = sa.table("harvest_job", *map(sa.column, ("id", "source_id", "created")))
    has_any = sa.exists().where(_failed(), _objects.c.harvest_job_id == jobs.c.id)
    query = sa.select(jobs.c.id).where(jobs.c.source_id == source_id, has_any)
    return session.scalar(query.order_by(jobs.c.created.desc()).limit(1)) or ""


def _wanted(which: Records) -> sa.ColumnElement[bool]:
    job = _objects.c.harvest_job_id
    has_text = sa.and_(_objects.c.harvest_source_id == which.source_id, _objects.c.content.is_not(None))
    if which.failed_in:
        return sa.and_(has_text, _failed(), job == which.failed_in)
    return sa.and_(has_text, _objects.c.current.is_(True), job != which.reader)


def _failed() -> sa.ColumnElement[bool]:
    is_slice = _objects.c.guid.startswith(GUID)
    return sa.and_(_objects.c.state == "ERROR", _objects.c.content.is_not(None), ~is_slice)
