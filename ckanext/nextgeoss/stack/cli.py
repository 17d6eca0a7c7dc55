"""The `nextgeoss` command: a hub on this machine, its tests and its benchmarks."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from . import checkout
from .errors import StackError


class _Group(click.Group):
    """Show what a person can mend as one line instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StackError as error:
            click.echo(f"nextgeoss: {error}", err=True)
            sys.exit(1)


def _data_option(function):  # type: ignore[no-untyped-def]
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=checkout.default_data,
        help="Folder that everything is kept in (default: .nextgeoss in the checkout).",
    )(function)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """NextGEOSS DataHub: an Earth-observation data hub on CKAN."""


@main.command(context_settings={"ignore_unknown_options": True})
@_data_option
@click.option("--serve", is_flag=True, help="Keep the servers up and print the configuration file's path.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(data: Path, serve: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Run all test suites on throw-away servers; arguments go to pytest."""
    from . import testing

    sys.exit(testing.serve(data) if serve else testing.run(data, pytest_arguments))


if __name__ == "__main__":
    main()
