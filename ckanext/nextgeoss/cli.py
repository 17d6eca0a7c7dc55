"""Commands that need the catalogue: `ckan nextgeoss ...`."""

from __future__ import annotations

import click

__all__ = ["nextgeoss"]


@click.group(short_help="NextGEOSS DataHub")
def nextgeoss() -> None:
    """Commands of the NextGEOSS DataHub."""
