"""The one question all catalogues answer, remote ones and our own."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import BadValue
from .filter import Condition as Condition
from .filter import Filter
from .footprint import Footprint
from .free_text import Text
from .temporal import ALWAYS, TemporalExtent

# what the product's footprint does to the one asked for
RELATIONS = ("intersects", "within", "contains", "disjoint")
# what the product's time does to the one asked for
TIME_RELATIONS = ("intersects", "within", "contains", "disjoint", "equals")
# the last four compare texts, letter by letter; in what is "like" a text, `*` and `?` of it stand for any
# letters and for any one, unless a backslash is before them
OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "between", "in", "starts", "ends", "has", "like")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which products, in which order, how many; empty parts ask for everything."""

    # all of them, in any order; words between quotes stand side by side
    words: str = ""
    # at least one of these texts, each read like `words`
    any_words: tuple[str, ...] = ()
    # words with operators between them
    text: Text | None = None
    # identifiers of products, or ids of their datasets
    ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    footprint: Footprint | None = None
    # one of RELATIONS
    relation: str = "intersects"
    time: TemporalExtent = ALWAYS
    # one of TIME_RELATIONS
    time_relation: str = "intersects"
    conditions: tuple[Condition, ...] = ()
    # a filter that somebody wrote, besides the conditions
    filter: Filter | None = None
    # of the products found that are editions of one scene, only the latest
    latest: bool = False
    # names of properties to count
    facets: tuple[str, ...] = ()
    # a field of application, in small letters: what users found fit for it, and where no issue blocks its
    # use in it, comes before the rest, and each in the order of `sort`
    fit_first: str = ""
    # pairs of a name and "asc" or "desc"
    sort: tuple[tuple[str, str], ...] = ()
    limit: int = 20
    offset: int = 0
    # what the page before said as next; goes before an offset
    cursor: str = ""


def parse_bbox(text: str, where: str = "bbox") -> Footprint:
    """The area of `west,south,east,north` in degrees; west greater than east crosses the antimeridian."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise BadValue(text, where, "four numbers: west,south,east,north") from error
    try:
        return Footprint.from_bbox(west, south, east, north)
    except BadValue as error:
        raise BadValue(text, where, error.allowed) from error
