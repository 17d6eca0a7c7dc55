"""Links of static STAC files: where they lead, and which of them can lead to a wanted collection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from ...addresses import redact
from ...eo.errors import BadAnswer, shown
from ...eo.formats.loose_json import array, mapping, text

_DOWN = ("child", "item", "items")
_OTHER = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"(\.stac)?\.(geo)?json$", re.I)


@dataclass(frozen=True, slots=True)
class Way:
    """A link to a file below."""

    rel: str
    address: str
    title: str


def ways(about: Mapping[str, Any], base: str) -> tuple[list[Way], list[str]]:
    """The links of a catalogue or collection that lead down, in their order, each address once, and what is
    said of those that cannot be followed. Where single items are linked, those of all are not needed."""
    if not isinstance(about.get("links"), list):
        name = shown(text(about.get("id")))
        raise BadAnswer(f"the catalogue {name} has no links: where it goes on is not known", redact(base))
    found: dict[str, Way] = {}
    lost: list[str] = []
    for link in map(mapping, array(about["links"])):
        rel, kind = text(link.get("rel")).lower(), text(link.get("type")).lower()
        if rel not in _DOWN or (kind and "json" not in kind):
            continue
        address = _address(text(link.get("href")), base)
        if not address:
            lost.append(f"the {rel} link {shown(text(link.get('href')))} is no address of the web")
        elif address not in found:
            found[address] = Way(rel, address, text(link.get("title")))
    listed = list(found.values())
    if any(way.rel == "item" for way in listed):
        listed = [way for way in listed if way.rel != "items"]
    return listed, lost


def leading(found: list[Way], names: Iterable[str], patterns: Iterable[str] = ()) -> list[Way]:
    """Those of the links that can lead to collections of these names: whose addresses match one of the
    patterns, where any does; and of these for each name the ones that carry it, else its beginning (`A` for
    `A/B`), else all, since what lies there is not known before it is read."""
    if patterns:
        found = [way for way in found if any(re.search(each, way.address) for each in patterns)] or found
    kept = {way.address for name in names for way in _leading_to(name, found)}
    return [way for way in found if way.address in kept]


def _leading_to(name: str, found: list[Way]) -> list[Way]:
    parts = name.split("/")
    for known in ({_plain(name)}, {_plain("/".join(parts[:end])) for end in range(1, len(parts))}):
        if carrying := [way for way in found if _names(way) & known]:
            return carrying
    return found


def _names(way: Way) -> set[str]:
    """What a link may call the collection it leads to: a part of its path, or its title."""
    parts = [_ENDING.sub("", unquote(part)) for part in urlsplit(way.address).path.split("/")]
    return {plain for name in (*parts, way.title) if (plain := _plain(name))}


def _plain(name: str) -> str:
    """A name in small letters, whatever stands between its parts."""
    return _OTHER.sub("_", name.lower()).strip("_")


def _address(href: str, base: str) -> str:
    """The address of a link, without a fragment; empty when it is none of the web."""
    try:
        address = urldefrag(urljoin(base, href)).url if href else ""
        known = ("http", "https") if urlsplit(base).scheme else ("http", "https", "")  # of a saved file
        return address if urlsplit(address).scheme in known else ""
    except ValueError:  # brackets that are no IPv6 address
        return ""
