"""Links of an entry as assets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ..asset import Asset, parse_checksum, parse_media_type, parse_size
from ..product import Problem
from ..text import clean_text
from .noted import parsed

_ADDRESS = re.compile(r"(?:https?|s?ftps?|s3|gs|az)://", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it stands in a record; empty members are not told."""

    href: str
    roles: tuple[str, ...]
    title: str = ""
    media_type: Any = ""
    size: Any = None
    checksum: Any = ""
    # the name of the asset; empty: its first role
    key: str = ""


def assets_of(links: Iterable[Link], problems: list[Problem], *, as_given: bool = False) -> tuple[Asset, ...]:
    """The assets of links, data first; a second link to the same address only adds what the first left out.

    `as_given`: the links are assets already, whose order stands and of which none is another's."""
    merged: dict[str, Link] = {}
    unreachable: list[str] = []
    for number, link in enumerate(links):
        if not link.href:
            continue
        if not _ADDRESS.match(link.href):
            unreachable.append(link.href)
            continue
        place = str(number) if as_given else link.href
        known = merged.get(place)
        merged[place] = _completed(known, link) if known else link
    if unreachable:
        more = f" (and {len(unreachable) - 1} more)" if len(unreachable) > 1 else ""
        problems.append(Problem("links", f"{unreachable[0][:80]} is no address that others can reach{more}"))
    ordered = list(merged.values())
    if not as_given:
        ordered.sort(key=lambda link: "data" not in link.roles)
    taken: set[str] = set()
    return tuple(_asset(link, taken, problems) for link in ordered)


def _completed(known: Link, more: Link) -> Link:
    names = ("title", "media_type", "size", "checksum")
    return replace(
        known, **{name: getattr(more, name) for name in names if getattr(known, name) in ("", None)}
    )


def _asset(link: Link, taken: set[str], problems: list[Problem]) -> Asset:
    key = base = clean_text(link.key) or (link.roles[0] if link.roles else "link")
    number = 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    taken.add(key)
    where = f"links.{key}"
    return Asset(
        key=key,
        href=link.href,
        roles=link.roles,
        title=clean_text(link.title),
        media_type=parsed(parse_media_type, link.media_type, f"{where}.type", problems) or "",
        size=parsed(parse_size, link.size, f"{where}.length", problems),
        checksum=parsed(parse_checksum, link.checksum, f"{where}.checksum", problems) or "",
    )
