"""Commands that need the catalogue: `ckan nextgeoss ...`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from . import config
from .eo.errors import NextGEOSSError
from .search import probe, schema
from .search.alert_commands import alerts
from .search.catalogue import client
from .search.commands import index

__all__ = ["nextgeoss"]

T = TypeVar("T")


@click.group(short_help="NextGEOSS DataHub")
def nextgeoss() -> None:
    """Commands of the NextGEOSS DataHub."""


nextgeoss.add_command(alerts)
nextgeoss.add_command(index)


@nextgeoss.group()
def solr() -> None:
    """Our fields on the Solr core of this site."""


@solr.command()
def show() -> None:
    """Print what the core lacks and whether it can be added while it runs."""
    changes = _told(schema.differences, client(), config.eo_properties(), config.site_id())
    for change in changes:
        click.echo(f"{_how(change)}: {change.command} {change.name} ({change.reason})")
    click.echo(
        f"{len(changes)} changes are needed" if changes else "the core has all our fields as they must be"
    )


@solr.command()
def apply() -> None:
    """Add our fields to the core; what is there stays as it is, and so do the documents."""
    changes = _told(schema.differences, client(), config.eo_properties(), config.site_id())
    made = _told(schema.apply, client(), changes)
    click.echo(f"{len(made)} changes were made" if made else "nothing had to be changed")
    if made:
        click.echo("datasets indexed before get our fields by: ckan nextgeoss index rebuild")
    left = [change for change in changes if not change.live]
    for change in left:
        click.echo(f"{_how(change)}: {change.name} ({change.reason})", err=True)
    if left:
        raise SystemExit(1)


@solr.command()
def check() -> None:
    """Index a tilted polygon, ask for it, delete it again; say in one line what is wrong."""
    if problem := _told(probe.problem, client(), config.site_id(), config.eo_properties()):
        raise click.ClickException(problem)
    click.echo("Solr answers questions of place, time and EO properties")


def _how(change: schema.Change) -> str:
    return "can be applied" if change.live else "needs a new core"


def _told(function: Callable[..., T], *arguments: object) -> T:
    """Call `function`; what it cannot do is one line, exit code 1."""
    try:
        return function(*arguments)
    except NextGEOSSError as error:
        raise click.ClickException(str(error)) from None
