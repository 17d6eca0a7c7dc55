"""Commands that run harvests: `run`, `resume` and `cancel`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import click
from ckan import model

from .. import runs
from ..foreground import work
from ..notifying import tell_of_runs
from ..progress import Progress, line, summary
from ..rehearsal import rehearse
from ..report import ErrorClass, error_classes, failed_slices, job_progress
from ..source import MODES, RECONCILE
from ..sources import find_job, find_source
from ..terms import Row

# exit codes: the harvest had errors; it was interrupted
ERRORS, INTERRUPTED = 1, 130
_CLASSES = 10


@click.command(short_help="Run a harvest here, with its progress")
@click.argument("source")
@click.option("--mode", type=click.Choice(MODES), help="What is asked; without: as the source says.")
@click.option("--limit", type=click.IntRange(1), help="Products at most.")
@click.option(
    "--confirm-deletions", is_flag=True, help="Let a reconcile run withdraw any number of products."
)
@click.option("--dry-run", is_flag=True, help="Decide about all products and write nothing.")
@click.option("--background", is_flag=True, help="Leave it to the workers.")
def run(
    source: str, mode: str | None, limit: int | None, confirm_deletions: bool, dry_run: bool, background: bool
) -> None:
    """Harvest SOURCE in this process, together with any workers, and show how it goes.

    Ctrl-C ends it after the page that is being written. Exit code 1 when there were errors."""
    found = find_source(source)
    if limit and (mode or "") == RECONCILE:
        raise click.UsageError("--limit leaves products out, which --mode reconcile would take for gone")
    if dry_run:
        _rehearse(found, mode or "", limit)
        return
    options: dict[str, Any] = {"limit": limit} if limit else {}
    options |= {"confirm_deletions": True} if confirm_deletions else {}
    job_id = runs.start(found.id, mode or "", options, queue=background)
    go_on(job_id, background)


@click.command(short_help="Go on with a job that failed or was stopped")
@click.argument("source_or_job")
@click.option(
    "--confirm-deletions", is_flag=True, help="Let a reconcile run withdraw any number of products."
)
@click.option("--background", is_flag=True, help="Leave it to the workers.")
def resume(source_or_job: str, confirm_deletions: bool, background: bool) -> None:
    """Go on with a job, or the last one of a source, where its slices failed or were stopped."""
    job = find_job(source_or_job)
    runs.resume(job.id, {"confirm_deletions": True} if confirm_deletions else None)
    go_on(job.id, background)


@click.command(short_help="End a job after the page that is being written")
@click.argument("source_or_job")
def cancel(source_or_job: str) -> None:
    """End a job, or the last one of a source; what was written stays."""
    job = find_job(source_or_job)
    if job.status == "Finished":
        raise click.ClickException(f"job {job.id} has ended already")
    runs.cancel(job.id)
    click.echo(f"job {job.id} is ended; it can go on with: ckan nextgeoss harvest resume {job.id}")


def go_on(job_id: str, background: bool) -> None:
    """Work on a job here, or say how to watch others do so; ends the program with the right exit code."""
    if background:
        click.echo(f"job {job_id} is with the workers; watch it with: ckan nextgeoss harvest status")
        return
    click.echo(f"job {job_id}", err=True)
    stop, show = Event(), _Shown()
    with _stopped_by_signals(stop):
        work(job_id, show, show.every, stop)
    show.end(job_progress(model.Session(), job_id))
    tell_of_runs()
    _tell_end(job_id, stop.is_set())


class _Shown:
    """The line of progress: always the same one on a terminal, else a new one every ten seconds."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._width = 0
        self.every = 0.5 if self._is_terminal else 10.0

    def __call__(self, progress: Progress) -> None:
        text = line(progress) if progress.slices else "planning"
        if self._is_terminal:
            click.echo("\r" + text.ljust(self._width), nl=False, err=True)
            self._width = len(text)
        else:
            click.echo(text, err=True)

    def end(self, progress: Progress) -> None:
        """Show where it ended, and let what follows begin on a line of its own."""
        self(progress)
        if self._is_terminal:
            click.echo(err=True)


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    """For the block, the first Ctrl-C (or SIGTERM) sets `stop`; the second ends the program at once."""

    def told(number: int, frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        click.echo("\nending after this page; once more ends at once", err=True)

    former = {number: signal.signal(number, told) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _tell_end(job_id: str, is_interrupted: bool) -> None:
    session = model.Session()
    session.rollback()
    progress = job_progress(session, job_id)
    errors, failed = error_classes(session, job_id, _CLASSES), failed_slices(session, job_id)
    _tell(progress, errors)
    for piece in failed:
        click.echo(f"slice {piece.key}: {piece.reason or 'stopped'}")
    ended = runs.run_of(job_id)
    if ended is not None and ended.message:
        click.echo(ended.message)
    if failed or is_interrupted:
        click.echo(f"go on with: ckan nextgeoss harvest resume {job_id}")
    if is_interrupted:
        sys.exit(INTERRUPTED)
    if errors or failed:
        sys.exit(ERRORS)


def _tell(progress: Progress, errors: list[ErrorClass]) -> None:
    for name, value in summary(progress):
        click.echo(f"{name:<13}{value}")
    for one in errors:
        click.echo(f"{one.count} x {one.text}")
        if one.example != one.text:
            click.echo(f"    such as: {one.example[:300]}")


def _rehearse(source: Row, mode: str, limit: int | None) -> None:
    """A run that writes nothing: it needs no job, and so leaves none."""
    show = _Shown()
    done, shown = None, 0.0
    for done in rehearse(source, mode, limit):
        if done.progress().seconds - shown >= show.every:
            shown = done.progress().seconds
            show(done.progress())
    assert done is not None
    show.end(done.progress())
    _tell(done.progress(), done.errors())
    if held := done.counted["suppressed"]:
        click.echo(f"held back    {held}, which people have deleted")
    if done.counted["deleted"] and done.kept:
        click.echo(f"not deleted  {done.kept}")
    click.echo("this was a dry run: nothing was written")
    if done.counted["errored"]:
        sys.exit(ERRORS)
