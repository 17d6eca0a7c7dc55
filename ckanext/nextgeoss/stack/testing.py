"""`nextgeoss test`: all suites, on servers of their own."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from . import throw_away
from .errors import StackError

TESTS = "ckanext/nextgeoss/tests"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def serve(data: Path) -> int:
    """Keep throw-away servers up until Ctrl-C; prints the path of the ini that names them."""
    signal.signal(signal.SIGTERM, _interrupt)
    with throw_away.servers(data) as ini:
        try:
            throw_away.prepare_database(ini)
        except StackError as error:  # whoever serves while developing can mend it and go on
            click.echo(f"nextgeoss: {error}", err=True)
        click.echo(ini)
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            return 0
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
