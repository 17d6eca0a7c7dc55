"""Commands that only look: `plan`, `preview` and `status`."""

from __future__ import annotations

from typing import Any

import click
from ckan import model

from ...eo.product import Product
from .. import runs
from ..console import table
from ..progress import line
from ..rehearsal import plan_of
from ..rehearsal import preview as first_products
from ..report import jobs_progress
from ..source import MODES
from ..sources import find_source, last_jobs, running_jobs
from ..terms import Row

_JOBS = 10


@click.command(short_help="Show what a run would ask")
@click.argument("source")
@click.option("--mode", type=click.Choice(MODES), help="Of the run; without: as the source says.")
@click.option("--limit", type=click.IntRange(1), help="Products of the run.")
def plan(source: str, mode: str | None, limit: int | None) -> None:
    """Show the slices that a run of SOURCE would ask for, and how many products the provider says they have.

    Nothing is written."""
    found = plan_of(find_source(source), mode or "", limit)
    rows = [
        (", ".join(query["collections"]), *_times(query["time"]), _count(query)) for _, query in found.pieces
    ]
    for text in table(("COLLECTION", "FROM", "TO", "PRODUCTS"), rows):
        click.echo(text)
    counts = [query.get("found", query.get("limit")) for _, query in found.pieces]
    told = "an unknown number of" if None in counts else str(sum(number or 0 for number in counts))
    since = f", only what changed since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    click.echo(f"{len(rows)} slices, {told} products{since}")


def _times(interval: str) -> tuple[str, str]:
    start, _, end = interval.partition("/")
    return start, end or start


def _count(query: dict[str, Any]) -> str:
    if query.get("limit"):
        return str(query["limit"])
    return "?" if query.get("found") is None else str(query["found"])


@click.command(short_help="Show the first products")
@click.argument("source")
@click.option(
    "-n", "--number", type=click.IntRange(1, 1000), default=10, show_default=True, help="Of products."
)
def preview(source: str, number: int) -> None:
    """Show the first products of SOURCE as the provider gives them, and what a harvest would do with them.

    Nothing is written."""
    seen = list(first_products(find_source(source), number))
    rows = [(each.action, *_cells(each.product, each.reason)) for each in seen]
    for text in table(("WOULD BE", "IDENTIFIER", "COLLECTION", "TIME", "CLOUD", "FILES"), rows):
        click.echo(text)
    if not rows:
        click.echo("the provider has no such products")
    for each in seen:
        if each.product is not None and each.reason:
            click.echo(f"{each.product.id}: {each.reason}")


def _cells(product: Product | None, reason: str) -> tuple[str, ...]:
    if product is None:
        return (reason, "", "", "", "")
    cloud = product.properties.get("cloud_cover")
    start = product.time.isoformat().partition("/")[0] if product.time else ""
    return (
        product.id,
        product.collection,
        start,
        "" if cloud is None else str(cloud),
        str(len(product.assets)),
    )


@click.command(short_help="Show running jobs, or the last ones of a source")
@click.argument("source", required=False)
def status(source: str | None) -> None:
    """Show the jobs that run, or the last jobs of SOURCE."""
    jobs = last_jobs(find_source(source).id, _JOBS) if source else running_jobs()
    if not jobs:
        click.echo("no job yet" if source else "no job is running")
    progress = jobs_progress(model.Session(), [job.id for job in jobs])
    for job in jobs:
        click.echo(f"{job.id}  {job.source.title or job.source.url}: {_state(job)}")
        click.echo(f"  {line(progress[job.id])}")


def _state(job: Row) -> str:
    run = runs.run_of(job.id)
    words = [run.result or job.status.lower() if run else job.status.lower(), run.mode if run else ""]
    words.append(f"created {job.created:%Y-%m-%d %H:%M}")
    return ", ".join([word for word in words if word] + ([run.message] if run and run.message else []))
