"""Runs of harvest sources: start one, cancel it, go on with it.

Options of a run, all optional: `confirm_deletions` (true: a reconcile run may withdraw any share of what the
source offers), `limit` (products), and those of again.py. Others may be put there by whoever starts a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource

from ..eo.errors import NextGEOSSError, shown
from . import hints, ledger
from .model import Run, utc_now
from .source import SOURCE_TYPE, parse_mode
from .terms import Row, source_config


class NotPossible(NextGEOSSError):
    """What cannot be done with a source or a job as it is."""


def start(
    source_id: str, mode: str = "", options: Mapping[str, Any] | None = None, *, queue: bool = True
) -> str:
    """Make a job of a source, with its run, and have it gathered; the id of the job.

    `mode` is one of MODES, without one what the source says. Without `queue` the job is not sent to the
    workers: the caller gathers it and reads its slices. NotPossible when the source is not active or has a
    job already."""
    source = _source(source_id)
    chosen = parse_mode(mode) if mode else source_config(source).mode
    session = model.Session()
    ledger.serialize(session, f"start {source_id}")
    if open_job := ledger.unfinished_job(session, source_id):
        session.rollback()
        raise NotPossible(f"source {source.title or source.url}: its job {open_job} has not ended yet")
    job: Row = HarvestJob(id=str(uuid4()), source=source, status="Running")
    session.add(job)
    ledger.put_run(session, job_id=job.id, source_id=source_id, mode=chosen, options=_options(options, queue))
    job_id = job.id
    ledger.commit(session)
    if queue:
        hints.send_jobs([job_id])
    return job_id


def cancel(job_id: str) -> None:
    """End a job where it is: workers stop after the page they are writing. What was written stays."""
    _job(job_id)
    ledger.end_job(model.Session(), job_id)
    ledger.commit(model.Session())


def resume(job_id: str, options: Mapping[str, Any] | None = None) -> int:
    """Let the slices of a job that failed or were stopped go on where they were, and a gathering that failed
    be tried again; the number of slices. `options` are added to those of the run.

    NotPossible when nothing is left to do or the source has another job."""
    job = _job(job_id)
    session = model.Session()
    ledger.serialize(session, f"start {job.source_id}")
    other = ledger.unfinished_job(session, job.source_id)
    if other and other != job_id:
        session.rollback()
        raise NotPossible(f"job {job_id}: its source has another one that has not ended yet, {other}")
    run = run_of(job_id)
    is_planned = run is not None and run.gathered is not None
    left = ledger.reopen_slices(session, job_id)
    if is_planned and not left:
        session.rollback()
        raise NotPossible(f"job {job_id}: all its slices are done")
    ledger.reopen_job(session, job_id)
    if run is not None and options:
        ledger.update_run(session, job_id, {"options": {**run.options, **options}})
    if not is_planned:
        ledger.gather_again(session, [job_id])
    ledger.commit(session)
    if is_planned:
        hints.send_slices(ledger.waiting_slices(session, job_id))
    else:
        hints.send_jobs([job_id])
    return len(left)


def run_of(job_id: str) -> Run | None:
    """The run of a job, as it is now; None for a job that was not gathered yet and not started here."""
    return ledger.get_run(model.Session(), job_id)


def begun(job: Row) -> Run:
    """The run of a job that is about to be gathered; made when the job comes from elsewhere (a form, a due
    date, `harvester job`)."""
    session = model.Session()
    if run_of(job.id) is None:
        mode = source_config(job.source).mode
        ledger.put_run(session, job_id=job.id, source_id=job.source_id, mode=mode, options={})
    ledger.update_run(session, job.id, {"started": utc_now()})
    ledger.commit(session)
    run = run_of(job.id)
    assert run is not None
    return run


def _options(options: Mapping[str, Any] | None, queue: bool) -> dict[str, Any]:
    return dict(options or {}) | ({} if queue else {"foreground": True})


def _source(source_id: str) -> Row:
    source: Row = HarvestSource.get(source_id)
    if source is None or source.type != SOURCE_TYPE:
        raise NotPossible(f"{shown(source_id)} is not the id of a source of type {SOURCE_TYPE}")
    if not source.active:
        raise NotPossible(f"source {source.title or source.url}: is not active")
    return source


def _job(job_id: str) -> Row:
    job: Row = HarvestJob.get(job_id)
    if job is None or job.source.type != SOURCE_TYPE:
        raise NotPossible(f"{shown(job_id)} is not the id of a job of a source of type {SOURCE_TYPE}")
    return job
