"""Commands that read once more what is there: `retry-errors` and `replay`."""

from __future__ import annotations

import click
from ckan import model

from .. import runs
from ..again import REPLAY, RETRY
from ..records import failed_job
from ..report import failed_slices
from ..source import FULL
from ..sources import find_job, find_source, last_jobs
from .running import go_on


@click.command("retry-errors", short_help="Try again what failed")
@click.argument("source", required=False)
@click.option("--job", help="The job whose errors are tried again; without: the last one with errors.")
@click.option("--background", is_flag=True, help="Leave it to the workers.")
def retry_errors(source: str | None, job: str | None, background: bool) -> None:
    """Ask the slices of SOURCE or a job again that failed, and read the records again that were refused.

    Failed slices go on where they were, in their own job. When there are none, the refused records are mapped
    again from what is stored of them, in a job of its own."""
    if bool(source) == bool(job):
        raise click.UsageError("either SOURCE or --job JOB must be given")
    failed = find_job(job or source or "")
    if failed_slices(model.Session(), failed.id, 1):
        runs.resume(failed.id)
        go_on(failed.id, background)
        return
    records_of = failed.id if job else failed_job(model.Session(), failed.source_id)
    if not records_of:
        raise click.ClickException(f"nothing of {job or source} failed that could be tried again")
    go_on(runs.start(failed.source_id, FULL, {RETRY: records_of}, queue=background), background)


@click.command(short_help="Read all stored records again, without the network")
@click.argument("source")
@click.option("--background", is_flag=True, help="Leave it to the workers.")
def replay(source: str, background: bool) -> None:
    """Map the stored records of SOURCE again by the rules of today and write what that changes.

    The provider is not asked: this is for provider files that were mended."""
    found = find_source(source)
    if not last_jobs(found.id, 1):
        raise click.ClickException(f"nothing of {source} is stored yet: it was never harvested")
    go_on(runs.start(found.id, FULL, {REPLAY: True}, queue=background), background)
