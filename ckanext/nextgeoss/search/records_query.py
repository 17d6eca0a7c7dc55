"""What OGC API Records asks (OGC 20-004r1, clause 8.5) as a Query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..eo.filter import NEVER_SO, Condition
from ..eo.formats.record_write import TYPE
from ..eo.properties import Properties
from ..eo.query import Query
from .features_query import features_search

_SHARED = ("limit", "bbox", "datetime", "sortby", "token")
NAMES = (*_SHARED, "q", "type", "ids", "externalIds")


def records_search(asked: Mapping[str, str], properties: Properties, collection: str) -> Query:
    """The search of the parameters of a request, whose names are known; BadValue names the one that is
    wrong."""
    shared = {name: value for name, value in asked.items() if name in _SHARED}
    query = features_search(shared, properties, collection).query
    # no record has an identifier that somebody else gave it
    none = ("type" in asked and TYPE not in _list(asked["type"])) or "externalIds" in asked
    return replace(
        query,
        any_words=tuple(map(_side_by_side, _list(asked.get("q", "")))),
        conditions=(Condition("id", "in", _list(asked["ids"])),) if "ids" in asked else (),
        filter=NEVER_SO if none else None,
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _side_by_side(text: str) -> str:
    """Words of a text of `q` stand in its order, with nothing between them (clause 8.5, `q`)."""
    words = text.replace('"', " ").split()
    return f'"{" ".join(words)}"'
