"""Commands of the harvester that need the catalogue: `ckan nextgeoss harvest ...`."""

from __future__ import annotations

import click

from ...eo.errors import NextGEOSSError
from .again import replay, retry_errors
from .looking import plan, preview, status
from .migrating import migrate_sources
from .pruning import prune
from .running import cancel, resume, run
from .scheduler import scheduler

__all__ = ["harvest"]


class _Group(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what a person can mend is one line."""
        try:
            return super().invoke(ctx)
        except NextGEOSSError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group, short_help="Harvesting of products")
def harvest() -> None:
    """Harvesting of products. SOURCE is the id, name or title of a harvest source."""


for command in (
    run, plan, preview, status, resume, cancel, retry_errors, replay, prune, scheduler, migrate_sources,
):  # fmt: skip
    harvest.add_command(command)
