"""`ckan nextgeoss feedback ...`: what operators do with feedback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from ckan import model
from ckan.plugins import toolkit

from .imports.nimmbus import SERVICE
from .logic import retention
from .logic.exporting import ISO
from .logic.schema.exchange import FORMATS
from .logic.summaries import counted_anew
from .model import Target

# items of an export, as its action allows
MOST = 100


@click.group(short_help="What users say of datasets")
def feedback() -> None:
    """Feedback of users."""


@feedback.command(short_help="Count the feedback of datasets anew")
@click.argument("datasets", nargs=-1)
def rebuild(datasets: tuple[str, ...]) -> None:
    """Make the summaries of DATASETS (ids or names; all when none is named) anew from their items, and have
    those datasets indexed of which they were wrong."""
    ids = [_id_of(name) for name in datasets]
    wrong = counted_anew(ids or None)
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
    """Keep the feedback in FILES: XML of GUF (1.0, 1.1), records of ISO 19115-3, answers of NiMMbus, JSON of
    items. What is here already is changed when the file has a newer one. The exit code is 1 when something
    could not be kept."""
    failed = 0
    for file in files:
        click.echo(f"{file}:")
        try:
            failed += _tell(_call("feedback_import", document=_text(file), dry_run=dry_run))
        except click.ClickException as error:
            # the other files are read all the same
            click.echo(f"  {error.message}")
            failed += 1
    _end(failed)


@feedback.command("import-nimmbus", short_help="Fetch feedback from a NiMMbus service")
@click.argument("datasets", nargs=-1, required=True)
@click.option("--code-space", required=True, help="The namespace under which the service knows the datasets.")
@click.option("--url", default=SERVICE, show_default=True, help="The address of the service.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_nimmbus(datasets: tuple[str, ...], code_space: str, url: str, dry_run: bool) -> None:
    """Fetch the feedback on DATASETS (ids or names), and keep it; what the service has no more is hidden."""
    given = {"package_id": list(datasets), "code_space": code_space, "url": url, "dry_run": dry_run}
    _end(_tell(_call("feedback_import_nimmbus", **given)))


@feedback.command(short_help="Write feedback to a file")
@click.argument("file", type=click.File("wb"))
@click.option("--dataset", help="That on this one (id or name); without: on all.")
@click.option(
    "--format", "name", type=click.Choice(FORMATS), default="guf", show_default=True,
    help="guf: XML of OGC GUF 1.0; iso: the record of one dataset by ISO 19115-3.",
)  # fmt: skip
@click.option("--offset", type=click.IntRange(0), default=0, help="How many to leave out.")
def export(file: Any, dataset: str | None, name: str, offset: int) -> None:
    """Write published feedback to FILE (`-` for the console), 100 items at most, with the answers to them.
    When there are more, it is said how to go on."""
    if name == ISO and not dataset:
        raise click.UsageError("--format iso is the record of one dataset: say --dataset, too")
    given = {"package_id": dataset} if dataset else {}
    written = _call("feedback_export", format=name, offset=offset, **given)
    file.write(written["document"].encode())
    if name != ISO and (following := offset + MOST) < written["count"]:
        click.echo(f"there are {written['count']} items; go on with --offset {following}", err=True)


def _id_of(name: str) -> str:
    """The id of a dataset, which may be gone: what was said of it stays."""
    session = model.Session()
    if package := model.Package.get(name):
        return str(package.id)
    if session.query(Target).filter(Target.package_id == name).first():
        return name
    raise click.ClickException(f"there is no dataset {name!r}, and no feedback on one of this id")


def _text(file: Path) -> str:
    data = file.read_bytes()
    if not data.strip():
        raise click.ClickException("the file is empty")
    return data.decode("latin-1" if b"8859-1" in data[:200] else "utf-8", "replace")


def _call(name: str, **data: Any) -> dict[str, Any]:
    try:
        return toolkit.get_action(name)({"ignore_auth": True, "user": ""}, data)
    except toolkit.ValidationError as error:
        raise click.ClickException("; ".join(_reasons(error, data))) from error
    except toolkit.ObjectNotFound as error:
        raise click.ClickException(str(error)) from error


def _reasons(error: toolkit.ValidationError, given: dict[str, Any]) -> Iterator[str]:
    """What is wrong, each by our option and what it says; of a document, which may be long, the reason."""
    for name, told in error.error_dict.items():
        texts = ", ".join(map(str, told)) if isinstance(told, list) else str(told)
        said = f" {given[name]}" if name in given else ""
        yield texts if name == "document" else f"--{name.replace('_', '-')}{said}: {texts}"


def _tell(told: dict[str, Any]) -> int:
    """Print what became of items, and what could not be kept; how many could not."""
    for each in told["items"]:
        for problem in each["problems"]:
            click.echo(f"  {each['code']}: {problem}")
    for problem in told["problems"]:
        click.echo(f"  {problem}")
    counts = ", ".join(f"{told[name]} {name}" for name in ("created", "updated", "unchanged", "failed"))
    gone = f", {told['hidden']} hidden" if told.get("hidden") else ""
    click.echo(f"  {counts}{gone}")
    return int(told["failed"])


def _end(failed: int) -> None:
    if failed:
        raise click.ClickException(f"{failed} could not be kept; the reasons are told above")
