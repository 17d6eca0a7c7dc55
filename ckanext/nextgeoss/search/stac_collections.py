"""The collection search of a STAC API (extension collection-search 1.0.0-rc.1) as a Query."""

from __future__ import annotations

from collections.abc import Mapping

from ..eo.errors import BadValue
from ..eo.query import Query
from .stac_query import MOST, asked_box, asked_limit, asked_time, check_names, members_of_get

NAMES = ("limit", "bbox", "datetime", "q", "token")


def collection_search(asked: Mapping[str, str]) -> Query:
    """The query for a page of collections; its token is how many were on the pages before."""
    check_names(asked, NAMES)
    members = members_of_get(asked)
    return Query(
        any_words=tuple(members.get("q") or ()),
        footprint=asked_box(members.get("bbox")),
        time=asked_time(members.get("datetime")),
        limit=asked_limit(members.get("limit"), usual=MOST),
        offset=_offset(asked.get("token", "")),
    )


def _offset(token: str) -> int:
    if not token:
        return 0
    if not token.isdecimal() or len(token) > 9:
        raise BadValue(token, "token", "the token of a next link")
    return int(token)
