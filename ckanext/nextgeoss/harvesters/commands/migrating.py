"""`migrate-sources`: sources of the original hub become sources of today."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..migrating import Moved, move_sources


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
