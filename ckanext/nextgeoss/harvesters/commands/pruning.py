"""`prune`: history that nobody needs goes."""

from __future__ import annotations

import click

from ..pruning import prune as prune_jobs
from ..sources import all_sources, find_source


@click.command(short_help="Delete records and slices of old jobs")
@click.option(
    "--keep", type=click.IntRange(1), required=True, help="The last jobs of a source that stay whole."
)
@click.option("--source", help="Only of this one; without: of all.")
def prune(keep: int, source: str | None) -> None:
    """Delete what old jobs have left: records that are not current any more, and slices.

    What is current stays, and so does what a job has counted."""
    sources = [(find_source(source).id, source)] if source else all_sources()
    for source_id, name in sources:
        gone = prune_jobs(source_id, keep)
        if gone.records or gone.slices or source:
            click.echo(f"{name}: {gone.records} records and {gone.slices} slices of {gone.jobs} jobs deleted")
