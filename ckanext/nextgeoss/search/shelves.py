"""The products of a collection on shelves: by year, month and day, down to shelves that one page shows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from ..eo.errors import BadValue
from ..eo.temporal import TemporalExtent, format_time
from .catalogue import Catalogue
from .fields import COLLECTION, IDENTIFIER, START
from .query import UNIQUE_KEY, checked_cursor, quoted
from .solr import SolrError

# a shelf with more is divided
MOST = 1000
UNDATED = "undated"
_PERIOD = re.compile(r"|undated|\d{4}(-\d\d){0,2}", re.ASCII)
# by the number of digits of a period, how its parts differ and how long their names are
_PARTS = {0: ("+1YEAR", 4), 4: ("+1MONTH", 7), 7: ("+1DAY", 10)}


@dataclass(frozen=True, slots=True)
class Shelf:
    """What stands on a shelf: shelves within it, by period, or identifiers of products and how to go on."""

    parts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    next: str = ""


def shelf(
    catalogue: Catalogue, collection: str, period: str = "", cursor: str = "", *, time: TemporalExtent
) -> Shelf:
    """The shelf of a period: a year, month or day such as 2024-05, `undated`, or empty for the whole
    collection, which lies in `time`. Products are by their start."""
    if not _PERIOD.fullmatch(period):
        raise BadValue(period, "period", "a year, month or day such as 2024-05, or undated")
    filters = [f"{COLLECTION}:{quoted(collection)}", *_filters(period)]
    divided = () if cursor or len(period) not in _PARTS else _parts(catalogue, filters, period, time)
    if divided:
        return Shelf(parts=divided)
    asked = {
        "q": "*:*",
        "fq": filters,
        "fl": IDENTIFIER,
        "rows": MOST,
        "sort": f"{START} asc, {UNIQUE_KEY} asc",
        "cursorMark": checked_cursor(cursor),
    }
    try:
        answer = catalogue.select(asked)
    except SolrError as error:
        if cursor and "cursorMark" in error.reason:
            raise BadValue(cursor, "cursor", "what the page before said as next") from error
        raise
    found = [document[IDENTIFIER] for document in answer["response"]["docs"]]
    return Shelf(items=tuple(found), next=answer["nextCursorMark"] if len(found) == MOST else "")


def _filters(period: str) -> list[str]:
    if not period:
        return []
    if period == UNDATED:
        return [f"-{START}:[* TO *]"]
    start, end = _ends(period)
    return [f"{START}:[{format_time(start)} TO {format_time(end)}}}"]


def _ends(period: str) -> tuple[datetime, datetime]:
    """The first instant of a period and of the one after it."""
    year, month, day = (*map(int, period.split("-")), 0, 0)[:3]
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=timezone.utc)
        if day:
            return start, start + timedelta(days=1)
        return start, datetime(year + (month in (0, 12)), (month or 12) % 12 + 1, 1, tzinfo=timezone.utc)
    except (ValueError, OverflowError) as error:
        raise BadValue(period, "period", "a year, month or day such as 2024-05") from error


def _parts(catalogue: Catalogue, filters: list[str], period: str, time: TemporalExtent) -> tuple[str, ...]:
    """The shelves within a shelf; none when all its products are few enough for one."""
    gap, length = _PARTS[len(period)]
    facets: dict[str, Any] = {"undated": {"type": "query", "q": f"-{START}:[* TO *]"}}
    if period or (time.start and time.end):
        start, end = _ends(period) if period else _years(time)
        facets["parts"] = {
            "type": "range", "field": START, "start": format_time(start), "end": format_time(end), "gap": gap,
            "mincount": 1,
        }  # fmt: skip
    answer = catalogue.select({"q": "*:*", "fq": filters, "rows": 0, "json.facet": json.dumps(facets)})
    found = answer["facets"]
    if answer["response"]["numFound"] <= MOST:
        return ()
    names = [bucket["val"][:length] for bucket in found.get("parts", {}).get("buckets", ())]
    return (*names, UNDATED) if found["undated"]["count"] else tuple(names)


def _years(time: TemporalExtent) -> tuple[datetime, datetime]:
    first, last = (end.year if end else 1 for end in (time.start, time.end))
    return datetime(first, 1, 1, tzinfo=timezone.utc), datetime(
        min(last + 1, 9999), 1, 1, tzinfo=timezone.utc
    )
