"""Orders and facets of OpenSearch requests in the manner of SRU 2.0 (sortKeys, facetLimit, facetSort)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..eo.properties import Properties
from .opensearch_given import Given
from .opensearch_parameters import SORTS
from .query import MAX_FACET_VALUES
from .terms import COUNTED, sortable

_LIMIT = re.compile(r"\d{1,5}", re.ASCII)
SORT, LIMIT, SORT_BY = "sru:sortKeys", "sru:facetLimit", "guf:sortBy"
_ORDERS = ("recordCount", "alphanumeric")
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many values of each term or property are told, and in which order."""

    limits: Mapping[str, int] = field(default_factory=dict[str, int])
    alphanumeric: bool = False
    ascending: bool = False

    def told(self, name: str, counts: Iterable[tuple[str, int]]) -> Counts:
        """Of the counts of a name, as the catalogue gives them, those that are told."""
        most = tuple(counts)[: self.limits[name]]
        if self.alphanumeric:
            return tuple(sorted(most, key=lambda each: each[0].casefold(), reverse=not self.ascending))
        return tuple(sorted(most, key=lambda each: each[1], reverse=not self.ascending))


def read_facets(given: Given, properties: Properties) -> Facets:
    """The facets a request asks for; none unless there is a facetLimit."""
    text = given.one("sru:facetLimit")
    alphanumeric, ascending = _order(given)
    if not text:
        return Facets()
    if _LIMIT.fullmatch(text):
        usual = (*COUNTED, *(row.name for row in properties.facets()))
        limits = dict.fromkeys(usual, _limit(text, given))
    else:
        limits = dict(_named_limit(part, given, properties) for part in text.split(","))
    return Facets({name: limit for name, limit in limits.items() if limit}, alphanumeric, ascending)


def read_sort(given: Given, properties: Properties) -> tuple[tuple[str, str], ...]:
    """The order that users and checks give, then that of SRU sort keys,
    `path,schema,ascending,caseSensitive,missingValue` each: what is missing comes last whatever is said,
    letters compare as they are."""
    best = ((given.choice(SORT_BY, SORTS, ""), "desc"),) if SORT_BY in given else ()
    return (*best, *(_key(key, given, sortable(properties)) for key in given.one(SORT).split()))


def _key(key: str, given: Given, known: Collection[str]) -> tuple[str, str]:
    path, _, ascending, *_ = (*key.split(","), "", "")
    found = given.table.find(path)
    name = found.term if found and found.term in known else path
    if name not in known:
        raise given.bad(SORT, "keys that begin with one of " + _names(given, known))
    if ascending.lower() not in ("", "0", "1", "false", "true"):
        raise given.bad(SORT, "1 (ascending) or 0 (descending) as third part of a key")
    return name, "desc" if ascending.lower() in ("0", "false") else "asc"


def _named_limit(text: str, given: Given, properties: Properties) -> tuple[str, int]:
    """From `platform:5` or `platform=5`, the name of a parameter, also qualified, and a limit."""
    path, _, limit = (text.strip().replace("=", ":")).rpartition(":")
    found = given.table.find(path)
    known = (*COUNTED, *(row.name for row in properties.values() if row.type in ("text", "list")))
    if not found or found.term not in known:
        raise given.bad(LIMIT, "a number, or name:number of " + _names(given, known))
    return found.term, _limit(limit, given)


def _names(given: Given, terms: Collection[str]) -> str:
    return ", ".join(each.url for each in given.table.parameters if each.term in terms)


def _limit(text: str, given: Given) -> int:
    if not _LIMIT.fullmatch(text) or int(text) > MAX_FACET_VALUES:
        raise given.bad(LIMIT, f"a whole number up to {MAX_FACET_VALUES}")
    return int(text)


def _order(given: Given) -> tuple[bool, bool]:
    """Whether values are told by name, and in ascending order; else the most frequent first."""
    text = given.one("sru:facetSort", "recordCount")
    by, direction, *_ = (*(part.strip() for part in text.split(",")), "")
    if by not in _ORDERS or direction not in ("", "ascending", "descending"):
        allowed = "recordCount or alphanumeric, then ascending or descending after a comma"
        raise given.bad("sru:facetSort", allowed)
    usual = "ascending" if by == "alphanumeric" else "descending"
    return by == "alphanumeric", (direction or usual) == "ascending"
