"""Repair: what the database says is to be done is sent to the workers again, whatever the queues remember."""

from __future__ import annotations

from ckan import model

from . import closing, gathering, hints, importing, lease, ledger
from .source import SOURCE_TYPE


def repair() -> None:
    """Send jobs that nobody gathers and slices that nobody reads to the workers; end what is over."""
    hints.send_jobs(_jobs())
    hints.send_slices(_slices())
    ledger.stop_slices(model.Session(), ledger.over_jobs(model.Session()))
    ledger.commit(model.Session())
    closing.end_runs()


def _jobs() -> list[str]:
    """The jobs that are new, or that are not gathered and whose gathering nobody does."""
    session = model.Session()
    ledger.run_new_jobs(session, SOURCE_TYPE)
    names = {gathering.lease_name(job_id): job_id for job_id in ledger.ungathered_jobs(session, SOURCE_TYPE)}
    left = [names[name] for name in lease.free(session, names)]
    ledger.gather_again(session, left)
    ledger.commit(session)
    return left


def _slices() -> list[str]:
    """The slices that have not ended and that nobody reads, as if they had never been delivered."""
    session = model.Session()
    closing.release(ledger.running_jobs(session))
    names = {importing.lease_name(piece): piece for piece in ledger.open_slices(session)}
    left = [names[name] for name in lease.free(session, names)]
    ledger.wait_again(session, left)
    ledger.commit(session)
    return left
