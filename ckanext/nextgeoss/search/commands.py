"""Commands of the index: `ckan nextgeoss index ...`."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from threading import Event
from typing import Any

import click
from ckan import model
from ckan.lib.search.common import SearchIndexError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from .. import config
from ..eo.errors import NextGEOSSError
from .catalogue import client
from .documents import Documents
from .indexer import Indexer, IndexerBusy, is_at_work
from .outbox import Waiting, read_waiting
from .sending import Sender

_NOBODY = "no indexer is at work; start one: ckan nextgeoss index run"


@click.group(short_help="The search index")
def index() -> None:
    """The search index, which the indexer fills from the outbox."""


@index.command(short_help="How many datasets wait to be indexed")
def status() -> None:
    """Print what waits, since when, whether an indexer is at work, and what was refused and why."""
    with _told(), _engine().connect() as connection:
        click.echo(_status_text(read_waiting(connection), is_at_work(connection)), nl=False)


@index.command(short_help="Index what waits, again and again")
@click.option("--once", is_flag=True, help="End when nothing waits.")
@click.pass_context
def run(context: click.Context, once: bool) -> None:
    """Index what waits in the outbox until told to stop (SIGTERM, SIGINT); what is on its way is finished."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with _told(), _site(context):
        indexer = Indexer(_engine(), Sender(client(), config.site_id()), Documents(), stop)
        indexer.run(once=once)
    if once:
        click.echo(f"{indexer.done} datasets were indexed")


def _status_text(waiting: Waiting, at_work: bool) -> str:
    since = f", the oldest for {_age(waiting.oldest)}" if waiting.oldest else ""
    lines = [f"{waiting.datasets} datasets wait{since}"]
    lines.append(
        "an indexer is at work" if at_work else "no indexer is at work; start: ckan nextgeoss index run"
    )
    for package_id, reason in waiting.refused.items():
        lines.append(f"refused {package_id}: {reason}")
    return "\n".join([*lines, ""])


def _age(since: datetime) -> str:
    seconds = (datetime.now(timezone.utc).replace(tzinfo=None) - since).total_seconds()
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
