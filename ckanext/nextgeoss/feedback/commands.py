"""`ckan nextgeoss feedback ...`: what operators do with feedback."""

from __future__ import annotations

from datetime import timedelta

import click
from ckan import model

from . import config
from .model import utc_now
from .store import counting, items


@click.group(short_help="What users say of datasets")
def feedback() -> None:
    """Feedback of users."""


@feedback.command(short_help="Count the feedback of datasets anew")
@click.argument("datasets", nargs=-1)
def rebuild(datasets: tuple[str, ...]) -> None:
    """Make the summaries of DATASETS (ids; all when none is named) anew from their items, and have those
    datasets indexed of which they were wrong."""
    wrong = counting.rebuild(model.Session(), datasets or None)
    click.echo(f"{wrong} summaries were made anew" if wrong else "all summaries were right")


@feedback.command(short_help="Take deleted feedback out of the database")
@click.option("--days", type=click.IntRange(0), help="How long it stays; usually as the site's option says.")
def purge(days: int | None) -> None:
    """Take feedback out of the database that was deleted long ago, and drafts nobody has touched since."""
    before = utc_now() - timedelta(days=config.retention_days() if days is None else days)
    session, number = model.Session(), 0
    for item_id in items.outdated(session, before):
        item = items.find(session, item_id, lock=True)
        if item is not None:  # an answer goes with what it answers
            items.purge(session, item)
            session.commit()
            number += 1
    click.echo(f"{number} items were taken out")
