"""The `nextgeoss` command: a hub on this machine, its tests and its benchmarks."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import click

from . import checkout, demo_harvest, logs
from .errors import StackError
from .hub import Hub


class _Group(click.Group):
    """Shows what a person can mend as one line instead of a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; exit code 1 when something is to be mended."""
        try:
            return super().invoke(ctx)
        except (StackError, OSError) as error:
            click.echo(f"nextgeoss: {error}", err=True)
            sys.exit(1)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Also `provider`, whose code is loaded only when it is asked for."""
        return sorted([*super().list_commands(ctx), "provider"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command `cmd_name`."""
        if cmd_name == "provider":
            from ..harvesters.cli import provider

            return provider
        return super().get_command(ctx, cmd_name)


def _data_option(function: Any) -> Any:
    return click.option(
        "--data",
        type=click.Path(file_okay=False, path_type=Path),
        default=checkout.default_data,
        help="Folder that everything is kept in (default: .nextgeoss in the checkout).",
    )(function)


def _hub(data: Path) -> Hub:
    """The hub of a folder where `up` has been."""
    if not (data / "secrets.json").exists():
        raise StackError(f"there is no hub in {data}: start one with `nextgeoss up`")
    return Hub(checkout.make(data))


def _tell(line: str) -> None:
    click.echo(line, err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ckanext-nextgeoss")
def main() -> None:
    """NextGEOSS DataHub: an Earth-observation data hub on CKAN."""


_heap_option = click.option(
    "--heap", default="1g", show_default=True, help="Solr's memory, as Java writes it."
)


@main.command()
@_data_option
@click.option("-d", "--detach", is_flag=True, help="Return when everything runs.")
@click.option("--port", type=click.IntRange(1, 65535), help="The site's port.")
@_heap_option
@click.option("--demo/--no-demo", default=True, help="Harvest the demo catalogue into an empty hub.")
def up(data: Path, detach: bool, port: int | None, heap: str, demo: bool) -> None:
    """Bring up the hub, in front unless -d is given; Ctrl-C then ends it."""
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    hub = Hub(checkout.make(data), heap)
    ran = hub.running
    try:
        with hub.locked():
            source = hub.up({"web": port} if port else {}, demo, _tell)
            ran = True
            if demo and (source := source or demo_harvest.unfinished_source(hub)):
                demo_harvest.watch(hub, source, hub.simulated_products(), _tell)
        _show_addresses(hub)
        if not detach:
            _stay(hub)
    except StackError:
        if not ran:  # half a hub helps nobody
            hub.down()
        raise
    except KeyboardInterrupt:
        _tell("ending")
        hub.down()
        sys.exit(130 if detach else 0)


def _show_addresses(hub: Hub) -> None:
    click.echo(f"site       {hub.site_url}")
    click.echo(f"search     {hub.site_url}/dataset/")
    click.echo(f"STAC       {hub.site_url}/stac")
    click.echo(f"OpenSearch {hub.site_url}/opensearch")
    click.echo(f"CKAN API   {hub.site_url}/api/3/action/product_search")
    click.echo(f"sysadmin   admin, password in {hub.folder / 'admin.txt'}")


def _stay(hub: Hub) -> None:
    click.echo("Ctrl-C ends the hub")
    while hub.running:
        time.sleep(1)
    raise StackError("the supervisor has ended; `nextgeoss up` starts it again")


@main.command()
@_data_option
def down(data: Path) -> None:
    """End the hub; its data stays."""
    hub = _hub(data)
    with hub.locked():
        click.echo("ended" if hub.down() else "nothing ran")


@main.command()
@_data_option
def status(data: Path) -> None:
    """Show what runs; exit code 1 unless everything does."""
    hub = _hub(data)
    if not hub.running:
        raise StackError("the hub is not running")
    states = hub.supervisor.states().values()
    for state in states:
        click.echo(f"{state['name']:<12}{state['statename']:<10}{state['description']}")
    _show_addresses(hub)
    sys.exit(0 if all(state["statename"] == "RUNNING" for state in states) else 1)


@main.command("logs")
@_data_option
@click.option("-f", "--follow", is_flag=True, help="Go on showing what is added.")
@click.option("-n", "--lines", default=50, show_default=True, help="How many lines of each program.")
@click.argument("program", required=False)
def show_logs(data: Path, follow: bool, lines: int, program: str | None) -> None:
    """Show the log of PROGRAM, or of all programs."""
    folder = _hub(data).folder / "log"
    known = logs.programs(folder)
    if program and program not in known:
        raise StackError(f"no log of {program!r}; there are {', '.join(known) or 'none yet'}")
    logs.show(folder, [program] if program else known, lines, follow)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def ckan(words: tuple[str, ...]) -> None:
    """Run any CKAN command in this hub."""
    data, words = _take_data(words)
    hub = _hub(data)
    if not hub.running:
        raise StackError("the hub is not running: start it with `nextgeoss up -d`")
    os.environ["CKAN_INI"] = str(hub.ini)
    program = Path(sys.executable).with_name("ckan")
    os.execv(sys.executable, [sys.executable, str(program), "-c", str(hub.ini), *words])  # noqa: S606


def _take_data(words: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """`--data DIR` when it comes first; all that follows belongs to CKAN."""
    if words[:1] == ("--data",) and len(words) > 1:
        return Path(words[1]), words[2:]
    return checkout.default_data(), words


@main.command()
@_data_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def reset(data: Path, yes: bool) -> None:
    """End the hub and delete all its data."""
    hub = _hub(data)
    if not yes:
        click.confirm(f"Delete all data of the hub in {hub.folder}?", abort=True)
    with hub.locked():
        hub.reset()
    click.echo(f"{hub.folder} is empty")


@main.command(context_settings={"ignore_unknown_options": True})
@_data_option
@click.option("--serve", is_flag=True, help="Keep the servers up and print the configuration file's path.")
@click.argument("pytest_arguments", nargs=-1, type=click.UNPROCESSED)
def test(data: Path, serve: bool, pytest_arguments: tuple[str, ...]) -> None:
    """Run all test suites on throw-away servers; arguments go to pytest."""
    from . import testing

    sys.exit(testing.serve(data) if serve else testing.run(data, pytest_arguments))


@main.command(context_settings={"ignore_unknown_options": True})
@_data_option
@_heap_option
@click.option("--products", type=click.IntRange(1), help="How many products.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write there."
)
@click.argument("name")
@click.argument("more", nargs=-1, type=click.UNPROCESSED)
def bench(
    data: Path, heap: str, products: int | None, json_file: Path | None, name: str, more: tuple[str, ...]
) -> None:
    """Run the benchmark NAME on throw-away servers; `bench NAME -- --help` tells its own arguments."""
    from . import testing

    sys.exit(testing.bench(data, name, products, json_file, more, heap))


if __name__ == "__main__":
    main()
