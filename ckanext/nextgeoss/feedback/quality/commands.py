"""Commands of quality: `ckan nextgeoss quality run | report`."""

from __future__ import annotations

import csv
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import IO, Any

import click
from ckan import model
from ckan.plugins import toolkit
from sqlalchemy import Engine

from ... import config
from ...eo.collection import load_registry
from ...eo.errors import NextGEOSSError
from . import reports
from .around import RunBusy
from .client import asker_maker
from .link_runs import LinkRun
from .runs import Checker, Run
from .schedule import policy

# what spreadsheets take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_WORST = 10


@click.group(short_help="Checks of the quality of what the catalogue holds")
def quality() -> None:
    """Automatic checks of metadata and links, and what they found."""


@quality.command(short_help="Check what has changed, and look at links")
@click.option("--anew", is_flag=True, help="Check all datasets, not only those that have changed.")
@click.option(
    "--links", type=click.IntRange(0), default=1000, show_default=True, metavar="N",
    help="Look at so many links at most.",
)  # fmt: skip
@click.option("--only-links", is_flag=True, help="Check no metadata.")
def run(anew: bool, links: int, only_links: bool) -> None:
    """Look at links, then check the datasets that have changed or whose links have.

    May be interrupted, and goes on when it is run again. Once a day is a good time for it."""
    if only_links and not links:
        raise click.UsageError("--only-links and --links 0 leave nothing to do")
    stop = _stopping()
    with _told():
        if links:
            seen = LinkRun(_engine(), asker_maker(), most=links, policy=policy(), stop=stop).run(
                _teller("links looked at", 100)
            )
            click.echo(f"{seen} links were looked at")
        if only_links or stop.is_set():
            return
        work = Run(_engine(), Checker(config.eo_properties(), load_registry()), anew=anew, stop=stop)
        done = work.run(_teller("datasets checked", 10_000))
        if stop.is_set():
            raise click.ClickException("interrupted; run it again to go on")
        click.echo(f"{done} datasets were checked{', some of them before' if work.resumed else ''}")


@quality.command(short_help="What the last run found")
@click.option("--organization", metavar="NAME", help="Of this one; without: of the whole site.")
@click.option("--csv", "file", type=click.File("w", encoding="utf-8"), help="Write a line for each dataset.")
@click.option("--private", is_flag=True, help="Datasets too that not everybody may read.")
def report(organization: str | None, file: IO[str] | None, private: bool) -> None:
    """Print scores, what is to be mended first, and the trend; or write the results of all datasets as CSV
    (`-` for the console)."""
    owner = _owner(organization)
    with _told(), _engine().connect() as connection:
        if file:
            csv.writer(file).writerows(
                [_cell(value) for value in line]
                for line in reports.table(connection, organization=owner, private=private)
            )
            return
        for line in reports.lines(connection, owner, reports.ALL if private else reports.PUBLIC, _WORST):
            click.echo(line)


def _owner(name: str | None) -> str:
    if not name:
        return reports.SITE
    group = model.Group.get(name)
    if group is None or not group.is_organization:
        raise click.ClickException(f"there is no organization {name!r}")
    return group.id


def _cell(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _teller(what: str, every: int) -> Any:
    """Tells now and then how many there were."""
    told = 0

    def tell(done: int) -> None:
        nonlocal told
        if done // every > told:
            told = done // every
            click.echo(f"{done} {what}")

    return tell


def _stopping() -> Event:
    """Set when the process is told to stop."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _engine() -> Engine:
    engine = model.meta.engine
    assert engine is not None, "a command has read the configuration"
    return engine


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be done is one line, exit code 1."""
    try:
        yield
    except RunBusy:
        raise click.ClickException(toolkit._("another run is at work")) from None
    except NextGEOSSError as error:
        raise click.ClickException(str(error)) from None
