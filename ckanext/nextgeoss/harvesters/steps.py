"""How far slices have come: written with what they wrote, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .ledger import HELD, jobs, objects
from .model import DONE, FAILED, RUNNING, SHORT, SHRUNK, Slice, plan_slices, utc_now
from .slices import slice_id

# prefix of the guid of a harvest object that carries a slice
GUID = "slice:"
_carriers = sa.table(
    "harvest_object",
    *map(sa.column, ("id", "guid", "state", "current", "gathered", "retry_times")),
    *map(sa.column, ("harvest_job_id", "harvest_source_id", "report_status", "import_finished")),
)
_errors = sa.table(
    "harvest_object_error", *map(sa.column, ("id", "harvest_object_id", "message", "stage", "created"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a batch of pages adds to a slice."""

    # products and refused records that were not met before
    seen: int
    requests: int
    bytes: int
    # what the provider said to have in all, page after page
    totals: tuple[int, ...]
    # the request of the next page; None: the slice is at its end
    cursor: str | None
    warnings: tuple[str, ...]
    # whether another slice is to go on from there
    hands_over: bool
    # provider, source and slice, for messages
    where: str


def is_running(session: Session, job_id: str) -> bool:
    """Whether a job is neither finished nor aborted."""
    return session.scalar(sa.select(jobs.c.status).where(jobs.c.id == job_id)) == "Running"


def begin(session: Session, piece: Slice) -> None:
    """Note that somebody begins to read a slice, or to go on with it."""
    values = {"state": RUNNING, "started": piece.started or utc_now(), "attempts": Slice.attempts + 1}
    session.execute(sa.update(Slice).where(Slice.id == piece.id).values(values))


def take_step(session: Session, piece: Slice, step: Step) -> None:
    """Add a batch to its slice; the last one ends it, together with its harvest object."""
    values: dict[str, Any] = {
        "state": RUNNING,
        "cursor": step.cursor,
        "seen": Slice.seen + step.seen,
        "requests": Slice.requests + step.requests,
        "bytes": Slice.bytes + step.bytes,
        "progressed": utc_now(),
        "attempts": 0,
    }
    told = [*([] if piece.total is None else [piece.total]), *step.totals]
    if told:
        values["total"] = told[-1]
    if any(later < earlier for earlier, later in pairwise(told)):
        values |= {"error_class": SHRUNK, "error": _shrunk(step.where, told)}
    warnings = list(step.warnings)
    seen = piece.query.get("before", 0) + piece.seen + step.seen
    if step.cursor is None and told and seen < told[-1] and not piece.query.get("limit"):
        short = f"{step.where}: the provider counts {told[-1]} products here, but {seen} came"
        values |= {"error_class": SHORT, "error": short}
        warnings.append(short)
    if step.hands_over:
        values["successor"] = _hand_over(session, piece, step, seen)
    session.execute(sa.update(Slice).where(Slice.id == piece.id).values(values))
    warn(session, piece.id, warnings)
    if step.hands_over or step.cursor is None:
        end(session, piece.id, DONE)
    else:
        session.execute(sa.update(objects).where(objects.c.id == piece.id).values(retry_times=0))


def end(session: Session, piece_id: str, state: str, error: str = "", error_class: str = "") -> None:
    """End a slice and the harvest object that carries it; an error is shown in the job's report."""
    now = utc_now()
    values: dict[str, Any] = {"state": state, "finished": now}
    values |= {"error": error, "error_class": error_class} if error else {}
    session.execute(sa.update(Slice).where(Slice.id == piece_id).values(values))
    carried = {"state": "COMPLETE", "report_status": "not modified"}
    if state != DONE:
        carried = {"state": "ERROR", "report_status": "errored"}
    session.execute(
        sa.update(_carriers).where(_carriers.c.id == piece_id).values(import_finished=now, **carried)
    )
    if state == FAILED:
        warn(session, piece_id, [error])


def warn(session: Session, piece_id: str, messages: Iterable[str]) -> None:
    """Have these messages shown with a slice in the job's report."""
    rows = [
        {
            "id": str(uuid4()),
            "harvest_object_id": piece_id,
            "message": words,
            "stage": "Import",
            "created": utc_now(),
        }
        for words in messages
    ]
    if rows:
        session.execute(sa.insert(_errors), rows)


def plan(session: Session, job_id: str, source_id: str, pieces: Iterable[tuple[str, dict[str, Any]]]) -> None:
    """Store the slices of a job that are not there yet, given as key and query, each with its harvest
    object."""
    rows = [
        {"id": slice_id(job_id, key), "job_id": job_id, "source_id": source_id, "key": key, "query": query}
        for key, query in pieces
    ]
    ids = [row["id"] for row in rows]
    there = set(session.scalars(sa.select(objects.c.id).where(objects.c.id.in_(ids))))
    plan_slices(session, rows)
    _carry(session, [row for row in rows if row["id"] not in there])


def _carry(session: Session, rows: list[dict[str, Any]]) -> None:
    """The harvest objects of slices, waiting for a worker; the last one of a reconcile run for the others."""
    carriers = [
        {
            "id": row["id"],
            "guid": f"{GUID}{row['key']}",
            "state": HELD if row["query"].get("reconcile") else "WAITING",
            "current": False,
            "gathered": utc_now(),
            "retry_times": 0,
            "harvest_job_id": row["job_id"],
            "harvest_source_id": row["source_id"],
        }
        for row in rows
    ]
    if carriers:
        session.execute(sa.insert(_carriers), carriers)


def _hand_over(session: Session, piece: Slice, step: Step, seen: int) -> str:
    """Make the slice that goes on from the cursor; its id."""
    part = piece.query.get("part", 1) + 1
    key = f"{piece.key.rpartition('~')[0] if part > 2 else piece.key}~{part}"
    found = slice_id(piece.job_id, key)
    row: dict[str, Any] = {"id": found, "job_id": piece.job_id, "source_id": piece.source_id, "key": key}
    row |= {"query": {**piece.query, "part": part, "before": seen}, "cursor": step.cursor}
    plan_slices(session, [row | {"total": (step.totals or (piece.total,))[-1]}])
    _carry(session, [row])
    return found


def _shrunk(where: str, told: list[int]) -> str:
    return f"{where}: the provider's count went down from {max(told)} to {told[-1]} while it was read"
