"""`ckan nextgeoss check`: what must hold of a catalogue."""

from __future__ import annotations

import click
from ckan import model

from ..invariants import INVARIANTS, SHOWN, breaches


@click.command(short_help="Check that the catalogue is whole")
def check() -> None:
    """Check what must hold of products, offers, records, jobs and the outbox; exit code 1 when something does
    not. Whether the search index holds the same is told by: ckan nextgeoss index check"""
    assert model.meta.engine is not None, "a command has read the configuration"
    with model.meta.engine.connect() as connection:
        found = list(breaches(connection))
    for breach in found:
        more = ", ..." if breach.count > SHOWN else ""
        click.echo(f"{breach.count} break: {breach.invariant} ({', '.join(breach.ids)}{more})")
    click.echo(f"{len(INVARIANTS) - len(found)} of {len(INVARIANTS)} rules hold")
    if found:
        raise SystemExit(1)
