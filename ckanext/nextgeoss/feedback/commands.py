"""`ckan nextgeoss feedback ...`: what operators do with feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ckan import model
from ckan.plugins import toolkit

from .imports.nimmbus import SERVICE
from .logic import retention
from .logic.schema.exchange import FORMATS
from .store import counting


@click.group(short_help="What users say of datasets")
def feedback() -> None:
    """Feedback of users."""


@feedback.command(short_help="Count the feedback of datasets anew")
@click.argument("datasets", nargs=-1)
def rebuild(datasets: tuple[str, ...]) -> None:
    """Make the summaries of DATASETS (ids; all when none is named) anew from their items, and have those
    datasets indexed of which they were wrong."""
    wrong = counting.rebuild(model.Session(), datasets or None)
    click.echo(f"{wrong} summaries were made anew" if wrong else "all summaries were right")


@feedback.command(short_help="Take deleted feedback out of the database")
@click.option("--days", type=click.IntRange(0), help="How long it stays; usually as the site's option says.")
def purge(days: int | None) -> None:
    """Take feedback out of the database that was deleted long ago, drafts nobody has touched since, and what
    feedback said before it was changed; with it the log of what is gone, as the site's option says. The
    scheduler does so once a day."""
    done = retention.purge(days)
    click.echo(f"{done['items']} items were taken out")
    for name, what in (("versions", "earlier versions"), ("log", "lines of the log")):
        if done[name]:
            click.echo(f"{done[name]} {what} were taken out")


@feedback.command("import", short_help="Keep feedback of another system, from files")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_files(files: tuple[Path, ...], dry_run: bool) -> None:
    """Keep the feedback in FILES: XML of GUF (1.0, 1.1), answers of NiMMbus, JSON of items. What is here
    already is changed when the file has a newer one."""
    for file in files:
        click.echo(f"{file}:")
        data = file.read_bytes()
        encoding = "latin-1" if b"8859-1" in data[:200] else "utf-8"
        _tell(_call("feedback_import", document=data.decode(encoding, "replace"), dry_run=dry_run))


@feedback.command("import-nimmbus", short_help="Fetch feedback from a NiMMbus service")
@click.argument("datasets", nargs=-1, required=True)
@click.option("--code-space", required=True, help="The namespace under which the service knows the datasets.")
@click.option("--url", default=SERVICE, show_default=True, help="The address of the service.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_nimmbus(datasets: tuple[str, ...], code_space: str, url: str, dry_run: bool) -> None:
    """Fetch the feedback on DATASETS (ids or names), and keep it; what the service has no more is hidden."""
    given = {"package_id": list(datasets), "code_space": code_space, "url": url, "dry_run": dry_run}
    _tell(_call("feedback_import_nimmbus", **given))


@feedback.command(short_help="Write feedback to a file")
@click.argument("file", type=click.File("wb"))
@click.option("--dataset", help="That on this one (id or name); without: on all.")
@click.option("--format", "name", type=click.Choice(FORMATS), default="guf")
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to leave out.")
def export(file: Any, dataset: str | None, name: str, offset: int) -> None:
    """Write published feedback to FILE (`-` for the console), 100 items at most, with the answers to them."""
    given = {"package_id": dataset} if dataset else {}
    written = _call("feedback_export", format=name, offset=offset, **given)
    file.write(written["document"].encode())


def _call(name: str, **data: Any) -> dict[str, Any]:
    try:
        return toolkit.get_action(name)({"ignore_auth": True, "user": ""}, data)
    except (toolkit.ValidationError, toolkit.ObjectNotFound) as error:
        raise click.ClickException(str(error)) from error


def _tell(told: dict[str, Any]) -> None:
    """What became of items, and what could not be kept."""
    for each in told["items"]:
        for problem in each["problems"]:
            click.echo(f"  {each['code']}: {problem}")
    for problem in told["problems"]:
        click.echo(f"  {problem}")
    counts = ", ".join(f"{told[name]} {name}" for name in ("created", "updated", "unchanged", "failed"))
    gone = f", {told['hidden']} hidden" if told.get("hidden") else ""
    click.echo(f"  {counts}{gone}")
