"""Commands of the index: `ckan nextgeoss index ...`."""

from __future__ import annotations

import gc
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from threading import Event
from typing import Any

import click
from ckan import model
from ckan.lib.search.common import SearchIndexError
from ckan.plugins import toolkit
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from .. import config
from ..eo.errors import NextGEOSSError
from .catalogue import client
from .compare import KINDS, Comparison
from .documents import Documents
from .indexer import Indexer, IndexerBusy, is_at_work
from .outbox import Waiting, count_fulfilled, enqueue, read_waiting
from .plugin_hooks import read_hooks
from .rebuild import Rebuild
from .sending import Sender
from .setwise import default_labels

# seconds for which the indexer is watched
_LOOK = 2.0
_NOBODY = "no indexer is at work; start one: ckan nextgeoss index run"


@click.group(short_help="The search index")
def index() -> None:
    """The search index, which the indexer fills from the outbox."""


@index.command(short_help="How many datasets wait to be indexed")
def status() -> None:
    """Print what waits, since when, whether an indexer is at work, how fast, and what was refused and why."""
    with _told(), _engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        waiting, at_work = read_waiting(connection), is_at_work(connection)
        rate = _rate(connection) if waiting.datasets and at_work else 0.0
        click.echo(_status_text(waiting, at_work, rate), nl=False)


@index.command(short_help="Index what waits, again and again")
@click.option("--once", is_flag=True, help="End when nothing waits.")
@click.pass_context
def run(context: click.Context, once: bool) -> None:
    """Index what waits in the outbox until told to stop (SIGTERM, SIGINT); what is on its way is finished."""
    stop = _stopping()
    with _told(), _site(context):
        indexer = Indexer(_engine(), Sender(client(), config.site_id()), Documents(), stop)
        gc.freeze()  # what CKAN has loaded stays, and is not to be looked at each time documents are dropped
        indexer.run(once=once)
    if once:
        click.echo(f"{indexer.done} datasets were indexed")


@index.command(short_help="Make all documents again")
@click.option("--type", "dataset_type", default="", metavar="TYPE", help="Only datasets of this type.")
@click.pass_context
def rebuild(context: click.Context, dataset_type: str) -> None:
    """Index all datasets again from the database, without emptying the index first; at the end, delete
    documents of datasets that are gone. Goes through the outbox: an indexer that is at work does it, else
    this command.

    May be interrupted and run again."""
    stop = _stopping()
    with _told(), _site(context):
        documents = Documents()

        def drain() -> None:
            Indexer(_engine(), Sender(client(), config.site_id()), documents, stop).run(once=True)

        ghosts = Rebuild(_engine(), _comparison(dataset_type), drain, stop).run(
            lambda done, total: click.echo(f"{done} of {total} datasets")
        )
    if stop.is_set():
        raise click.ClickException("interrupted; run it again to have all datasets indexed")
    click.echo(f"{ghosts} documents of datasets that are gone were deleted")


@index.command(short_help="Compare the index with the database")
@click.option("--repair", is_flag=True, help="Have all that is different indexed again.")
@click.option("--show", default=20, show_default=True, help="Print so many differences.")
@click.pass_context
def check(context: click.Context, repair: bool, show: int) -> None:
    """Compare existence, time of change and permission labels of all datasets in database and index; exit
    code 1 when something is different. What waits in the outbox is not a difference."""
    counts = dict.fromkeys(KINDS, 0)
    with _told(), _site(context), _engine().connect() as connection:
        comparison = _comparison("")
        if comparison.labels_of is None:
            click.echo("permission labels are those of a plugin, and not compared")
        for difference in comparison.differences(connection):
            counts[difference.kind] += 1
            if sum(counts.values()) <= show:
                click.echo(f"{difference.kind} {difference.package_id}")
            if repair:
                with Session(_engine()) as session, session.begin():
                    enqueue(session, [difference.package_id])
    for kind, count in counts.items():
        click.echo(f"{count} {kind}: {KINDS[kind]}")
    if any(counts.values()):
        click.echo("they are indexed again" if repair else "have them indexed again: --repair")
        raise SystemExit(1)
    click.echo("index and database agree")


def _comparison(dataset_type: str) -> Comparison:
    return Comparison(
        client(),
        config.site_id(),
        deleted=not toolkit.config["ckan.search.remove_deleted_packages"],
        dataset_type=dataset_type,
        labels_of=default_labels if read_hooks().labels is None else None,
    )


def _stopping() -> Event:
    """Set when the process is told to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _rate(connection: Connection) -> float:
    """Wishes that are fulfilled in a second, by looking for some."""
    before, began = count_fulfilled(connection), time.monotonic()
    time.sleep(_LOOK)
    return (count_fulfilled(connection) - before) / (time.monotonic() - began)


def _status_text(waiting: Waiting, at_work: bool, rate: float) -> str:
    since = f", the oldest for {_age(waiting.oldest)}" if waiting.oldest else ""
    lines = [f"{waiting.datasets} datasets wait{since}"]
    if rate > 0:
        left = _span(waiting.datasets / rate)
        lines.append(f"an indexer is at work: {rate:.0f} datasets/s, {left} left if no more come")
    else:
        lines.append("an indexer is at work" if at_work else _NOBODY)
    for package_id, reason in waiting.refused.items():
        lines.append(f"refused {package_id}: {reason}")
    return "\n".join([*lines, ""])


def _age(since: datetime) -> str:
    return _span((datetime.now(timezone.utc).replace(tzinfo=None) - since).total_seconds())


def _span(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _engine() -> Engine:
    engine = model.meta.engine
    assert engine is not None, "a command has read the configuration"
    return engine


@contextmanager
def _site(context: click.Context) -> Iterator[None]:
    """The site as a request meets it: helpers that make addresses need one."""
    application: Any = context.find_root().meta["flask_app"]
    with application.test_request_context():
        yield


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be done is one line, exit code 1."""
    try:
        yield
    except IndexerBusy:
        raise click.ClickException("another indexer is at work") from None
    except (NextGEOSSError, SearchIndexError) as error:
        raise click.ClickException(str(error)) from None
    except DBAPIError as error:
        raise click.ClickException(f"the database: {str(error.orig).strip().splitlines()[0]}") from None
