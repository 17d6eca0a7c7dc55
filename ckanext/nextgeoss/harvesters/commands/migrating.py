"""`migrate-sources` and `migrate-datasets`: what the original hub left becomes of today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import click

from ...eo.errors import NextGEOSSError
from ..migrating import Moved, move_sources
from ..migrating_datasets import Report
from ..migrating_datasets import migrate_datasets as move_datasets

_SHOWN = 20


@click.command("migrate-sources", short_help="Turn sources of the original hub into sources of today")
@click.argument("source", required=False)
@click.option("--apply", is_flag=True, help="Do it; without: only say what would be done.")
def migrate_sources(source: str | None, apply: bool) -> None:
    """Turn SOURCE, or all harvest sources of the original hub, into sources of today.

    Each gets a source of type nextgeoss with its organization, title, topics and frequency, and is set
    inactive. What becomes of each key of its configuration is told; secrets are neither shown nor copied."""
    found = []
    for each in move_sources(apply=apply, only=source or ""):
        found.append(each)
        for line in _lines(each, apply):
            click.echo(line)
    click.echo(_summary(found, apply))
    if any(each.problem for each in found):
        raise SystemExit(1)


def _lines(each: Moved, apply: bool) -> Iterator[str]:
    yield f"{each.name} (type {each.source_type}): {_became(each, apply)}"
    if each.before:
        return
    for told in each.translation.told:
        yield f"  {told}"
    for note in each.translation.notes:
        yield f"  {'warning: ' if note.warning else ''}{note.key}: {note.text}"
    if each.topics and each.new_name:
        yield f"  topics: {', '.join(each.topics)}"


def _became(each: Moved, apply: bool) -> str:
    if each.before:
        return f"was moved before, to {each.new_name}" if each.new_name else "was set inactive before"
    if each.problem:
        return f"cannot be moved: {each.problem}"
    if not each.new_name:
        return "nothing takes its place, it is set inactive" if apply else "nothing would take its place"
    what = f"{each.new_name}, provider {each.translation.provider}"
    if each.existed:
        return f"the same as {what}, which is there"
    return f"becomes {what}" if apply else f"would become {what}"


def _summary(found: list[Moved], apply: bool) -> str:
    before = sum(each.before for each in found)
    problems = sum(bool(each.problem) for each in found)
    left = len(found) - before - problems
    text = f"{left} sources {'moved' if apply else 'to move'}, {before} moved before"
    text += f", {problems} cannot be moved" if problems else ""
    return text if apply or not left else f"{text}; nothing is changed without --apply"


@click.command("migrate-datasets", short_help="Turn datasets of the original hub into products of today")
@click.option("--apply", is_flag=True, help="Do it; without: only say what would be done.")
@click.option("--limit", type=click.IntRange(1), help="At most so many datasets.")
def migrate_datasets(apply: bool, limit: int | None) -> None:
    """Turn the datasets of the original hub into products of today, with new ids and names.

    The old ones are set deleted and lead to the new ones. Sources come first: what a migrated source offers
    is brought up to date by its next harvest. A run that was stopped is started again and goes on."""
    report = Report()
    try:
        for report in move_datasets(apply=apply, limit=limit):
            done = sum(report.moved.values()) + sum(report.there.values()) + len(report.failed)
            click.echo(f"{done} datasets read", err=True)
    except NextGEOSSError as error:
        raise click.ClickException(str(error)) from error
    for line in _report(report, apply):
        click.echo(line)
    if report.failed:
        raise SystemExit(1)


def _report(report: Report, apply: bool) -> Iterator[str]:
    moved, there = sum(report.moved.values()), sum(report.there.values())
    yield f"{moved} datasets {'moved' if apply else 'to move'}, {there} of products that are there already"
    yield from _counted("moved, by collection", report.moved)
    yield from _counted("there already, by collection", report.there)
    yield from _counted("extras that are no property and stay as they are", report.kept)
    yield from _counted("extras that have no use any more and go", report.left_out)
    yield from _counted("values that could not be read and are noted", report.unreadable)
    yield from _failed(report.failed)
    if not apply and moved + there:
        yield "nothing is changed without --apply"


def _counted(title: str, counts: Counter[str]) -> Iterator[str]:
    if counts:
        yield f"{title}:"
    for name, count in sorted(counts.items()):
        yield f"  {name}: {count}"


def _failed(failed: Mapping[str, str]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for name, reason in failed.items():
        by_reason.setdefault(reason, []).append(name)
    if failed:
        yield f"{len(failed)} cannot be moved:"
    for reason, names in sorted(by_reason.items()):
        more = f", and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        yield f"  {reason}: {', '.join(names[:_SHOWN])}{more}"
