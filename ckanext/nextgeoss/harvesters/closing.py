"""The end of jobs: they are closed when their last slice has ended, and their runs say how they ended."""

from __future__ import annotations

import logging

from ckan import model
from ckan.plugins import toolkit

from . import hints, ledger
from .activities import note_run
from .model import FAILED, SHORT, STOPPED, Run, utc_now
from .terms import action_context

log = logging.getLogger(__name__)


def after_slice(job_id: str, source_id: str) -> None:
    """What may be due when a slice has ended: the last slice of its job, or the end of it."""
    session = model.Session()
    hints.send_slices(release([job_id]))
    if ledger.has_open_slices(session, job_id):
        session.rollback()
        return
    try:
        toolkit.get_action("harvest_jobs_run")(action_context(), {"source_id": source_id})
    except Exception:
        # a mail that cannot be sent, an index that does not answer: the scheduler closes the job again
        log.exception("Job %s could not be closed", job_id)
        session.rollback()
    end_runs()


def release(job_ids: list[str]) -> list[str]:
    """Let the last slices of these jobs be sent, where all others have ended; their ids."""
    released = ledger.release_held(model.Session(), job_ids)
    ledger.commit(model.Session())
    return released


def end_runs() -> None:
    """Note of runs whose jobs are over how they ended."""
    session = model.Session()
    for run in ledger.ended_runs(session):
        if run.gathered is None and not ledger.gather_error(session, run.job_id):
            # its gathering died, and stock code took that for a job without anything to do
            ledger.reopen_job(session, run.job_id)
            continue
        run.result, message = _result(run)
        run.message = run.message or message
        run.finished = utc_now()
        note_run(run)
    ledger.commit(session)


def _result(run: Run) -> tuple[str, str]:
    session = model.Session()
    if reason := ledger.gather_error(session, run.job_id):
        return (ledger.BROKEN if run.gathered is None else ledger.INCOMPLETE), reason
    states = ledger.slice_states(session, run.job_id)
    said = {FAILED: "failed", STOPPED: "stopped", SHORT: "brought less than the provider counts"}
    wrong = [f"{states[state]} {words}" for state, words in said.items() if states.get(state)]
    if wrong:
        return ledger.INCOMPLETE, f"of {sum(states.values())} slices {', '.join(wrong)}"
    # what was broken on its way may be whole the next time, and a run of changes would not ask for it; what
    # stays as it is does not keep a source from such runs for ever
    if anew := ledger.refused_anew(session, run):
        return (
            ledger.INCOMPLETE,
            f"{anew} records were refused that were not before: they are asked for again",
        )
    return ledger.COMPLETE, ""
