"""A job worked on by this process, beside any workers there are, and watched while it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

from ckan import model
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject

from . import closing, importing, ledger, runs, steps
from .lease import free
from .progress import Progress
from .report import job_progress
from .source import SOURCE_TYPE
from .terms import Row

# seconds between two looks at what others do
_PAUSE = 0.5


def work(job_id: str, show: Callable[[Progress], None], every: float, stop: Event) -> None:
    """Gather a job and read its slices until none is left; those that workers read are waited for.

    `show` gets the progress every so many seconds. When `stop` is set, the job is cancelled: it ends after
    the page that is being written."""
    over = Event()
    watcher = Thread(target=_watch, args=(job_id, show, every, stop, over), name="watching", daemon=True)
    watcher.start()
    try:
        _work(job_id)
    finally:
        over.set()
        watcher.join()


def _work(job_id: str) -> None:
    harvester: Any = queue.get_harvester(SOURCE_TYPE)
    job: Row = HarvestJob.get(job_id)
    source_id = job.source_id
    run = runs.run_of(job_id)
    if run is None or run.gathered is None:
        queue.gather_stage(harvester, job)
    session = model.Session()
    while steps.is_running(session, job_id):
        waiting = ledger.open_slices(session, job_id)
        names = {importing.lease_name(piece): piece for piece in waiting}
        nobodys = free(session, names)
        session.rollback()
        if not waiting:
            closing.after_slice(job_id, source_id)
            if not ledger.has_open_slices(session, job_id):
                return
        elif nobodys:
            piece = next(piece for name, piece in names.items() if name in nobodys)
            queue.fetch_and_import_stages(harvester, HarvestObject.get(piece))
        else:
            time.sleep(_PAUSE)


def _watch(job_id: str, show: Callable[[Progress], None], every: float, stop: Event, over: Event) -> None:
    shown, is_cancelled = time.monotonic(), False
    while not over.wait(_PAUSE):
        if stop.is_set() and not is_cancelled:
            runs.cancel(job_id)
            is_cancelled = True
        if time.monotonic() - shown >= every:
            show(job_progress(model.Session(), job_id))
            shown = time.monotonic()
        model.Session.remove()
    model.Session.remove()
