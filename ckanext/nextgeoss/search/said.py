"""A Query in the words of an API: its reader turned round, for links and for code that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..eo.footprint import Footprint
from ..eo.product import Value
from ..eo.property import plain_number
from ..eo.query import Query
from ..eo.temporal import TemporalExtent, format_time
from .terms import FIT_FOR


@dataclass(frozen=True, slots=True)
class Said:
    """Parameters by their names; `unsaid` are names of the parts of the query that the API has no words for:
    members of Query, and of conditions the names of their properties."""

    parameters: Mapping[str, Any]
    unsaid: tuple[str, ...] = ()


def written_otherwise(query: Query) -> Iterator[str]:
    """The parts that somebody wrote in a language of another API."""
    if query.text is not None:
        yield "text"
    if query.filter is not None:
        yield "filter"


def sort_keys(query: Query, called: Callable[[str], str]) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """The order of a query where what is fit first is an order, too: pairs of what an API calls our name, and
    "asc" or "desc"; and our names of what it cannot be sorted by. `called` gives "" for these."""
    first = [(f"{FIT_FOR}.{query.fit_first}", "desc", "fit_first")] if query.fit_first else []
    keys = [*first, *((name, way, name) for name, way in query.sort)]
    # keys stand between commas
    said = {name: "" if "," in name else called(name) for name, _, _ in keys}
    return (
        [(said[name], way) for name, way, _ in keys if said[name]],
        tuple(part for name, _, part in keys if not said[name]),
    )


def box_of(footprint: Footprint | None) -> tuple[float, float, float, float] | None:
    """West, south, east, north of a footprint that is a box and nothing else."""
    if footprint is None or Footprint.from_bbox(*footprint.bbox) != footprint:
        return None
    return footprint.bbox


def box_text(box: tuple[float, float, float, float]) -> str:
    """A box as texts have it."""
    return ",".join(str(plain_number(side)) for side in box)


def plain(value: Value | tuple[Value, ...]) -> Any:
    """A value as JSON has it: times as texts, whole numbers without a point."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    return plain_number(value) if isinstance(value, float) else value


def text(value: Value | tuple[Value, ...]) -> str:
    """A value as addresses have it."""
    said = plain(value)
    return str(said).lower() if isinstance(said, bool) else str(said)


def ends_of(time: TemporalExtent) -> tuple[str, str]:
    """Start and end of an interval as texts, "" where it is open."""
    start, end = (format_time(end) if end else "" for end in (time.start, time.end))
    return start, end
