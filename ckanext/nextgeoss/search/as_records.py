"""A Query as the parameters of the items of a catalogue in OGC API Records."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..eo.properties import Properties
from ..eo.query import Query
from .as_features import as_features, plain_ids
from .records_query import OTHERWISE
from .said import Said
from .synonyms import synonyms

# words that stand side by side, or one
_PHRASE = re.compile(r'"[^",]*[^\s",][^",]*"|[^\s",]+')


def as_records(query: Query, properties: Properties) -> Said:
    """What records_query reads as the same query of the one collection that it is about, or of all products
    where it is about none: there identifiers are those of datasets."""
    others = tuple(each for each in query.conditions if each.property in OTHERWISE)
    rest = replace(
        query,
        words="",
        any_words=(),
        ids=(),
        conditions=tuple(each for each in query.conditions if each not in others),
        sort=tuple(key for key in query.sort if key[0] not in OTHERWISE),
    )
    shared = as_features(rest, properties)
    ids = bool(query.collections) and plain_ids(query)
    asked: dict[str, Any] = {
        "q": ",".join(text.strip('"') for text in _texts(query)) if _sought_as_written(query) else "",
        "ids": ",".join(query.ids) if ids else "",
        **shared.parameters,
    }
    unsaid = (
        *([] if _sought_as_written(query) else ["q"]),
        *(["id"] if query.ids and not ids else []),
        *shared.unsaid,
        *(each.property for each in others),
        *(name for name, _ in query.sort if name in OTHERWISE),
    )
    return Said({name: value for name, value in asked.items() if value}, unsaid)


def _texts(query: Query) -> tuple[str, ...]:
    """The texts of which one must be found."""
    return (query.words,) if query.words else query.any_words


def _sought_as_written(query: Query) -> bool:
    """Whether words need not be found elsewhere in a product, nor under another name: what is between two
    commas of `q` stands side by side."""
    texts = _texts(query)
    single = not (query.words and query.any_words)
    return single and all(
        _PHRASE.fullmatch(each) and (each[0] == '"' or not synonyms(each)) for each in texts
    )
