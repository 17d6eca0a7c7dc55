"""Assets of STAC items and collections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from ..asset import Asset, parse_checksum, parse_media_type, parse_size, write_multihash
from ..product import Problem
from ..text import clean_text
from .loose_json import link, mapping, text, texts
from .noted import parsed

_WEB = re.compile("https?://", re.I)
_SCHEME = re.compile("[a-z][a-z0-9+.-]*:", re.I)
_ROLE_WORDS = {
    "thumbnail": ("thumbnail", "thumb", "icon", "preview"),
    "overview": ("overview", "quicklook", "browse", "visual"),
    "metadata": ("metadata", "manifest", "mtl", "tilejson"),
}
_METADATA_TYPES = ("application/xml", "text/xml", "application/json", "text/plain", "text/html")


def read_assets(document: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    """The assets of an item or collection; what is wrong in many assets is noted once."""
    noted: list[Problem] = []
    assets = tuple(_assets(document, noted))
    if noted:
        problems += _gathered(noted)
    return assets


def write_asset(asset: Asset) -> dict[str, Any]:
    """The asset object of STAC 1.1, with size and checksum by the file extension 2.1."""
    fields: dict[str, Any] = {"href": asset.href, "roles": list(asset.roles)}
    if asset.title:
        fields["title"] = asset.title
    if asset.media_type:
        fields["type"] = asset.media_type
    if asset.size is not None:
        fields["file:size"] = asset.size
    if asset.checksum:
        fields["file:checksum"] = write_multihash(asset.checksum)
    return fields


def guessed_role(key: str, media_type: str) -> str:
    """What an asset without roles is for, by its key and media type."""
    for role, words in _ROLE_WORDS.items():
        if any(word in key.lower() for word in words):
            return role
    return "metadata" if media_type.startswith(_METADATA_TYPES) else "data"


def _assets(document: Mapping[str, Any], problems: list[Problem]) -> Iterator[Asset]:
    base = link(document, "self")
    for key, entry in mapping(document.get("assets")).items():
        where, fields = f"assets.{key}", mapping(entry)
        href = _href(fields, base)
        if not href:
            problems.append(Problem(f"{where}.href", "none given"))
            continue
        media_type = parsed(parse_media_type, fields.get("type"), f"{where}.type", problems) or ""
        checksum = fields.get("file:checksum") or fields.get("checksum:multihash")
        roles = fields.get("roles")
        yield Asset(
            key=clean_text(key),
            href=href,
            roles=(guessed_role(key, media_type),) if roles is None else texts(roles),
            title=text(fields.get("title")),
            media_type=media_type,
            size=parsed(parse_size, fields.get("file:size"), f"{where}.file:size", problems),
            checksum=parsed(parse_checksum, checksum, f"{where}.file:checksum", problems) or "",
        )


def _href(fields: Mapping[str, Any], base: str) -> str:
    """The address of an asset, absolute where the item's own is known; a web address among its alternates is
    preferred to an object store's."""
    href = text(fields.get("href"))
    if _WEB.match(href):
        return href
    if _SCHEME.match(href):
        others = [text(mapping(entry).get("href")) for entry in mapping(fields.get("alternate")).values()]
        return next((other for other in others if _WEB.match(other)), href)
    try:
        return urljoin(base, href) if href else ""
    except ValueError:  # a base that is no address
        return href


def _gathered(problems: list[Problem]) -> Iterator[Problem]:
    """The first problem with each member of an asset, and how many more assets have it."""
    first: dict[str, Problem] = {}
    counts = Counter(problem.where.rpartition(".")[2] for problem in problems)
    for problem in problems:
        first.setdefault(problem.where.rpartition(".")[2], problem)
    for kind, problem in first.items():
        more = f" (and {counts[kind] - 1} more assets)" if counts[kind] > 1 else ""
        yield Problem(problem.where, problem.reason + more)
