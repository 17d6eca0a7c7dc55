"""Counts and ends over the products of a search, by name: one row each, asked of Solr together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from ..eo.aggregated import Aggregated, Bucket
from ..eo.errors import BadValue, nearest
from ..eo.periods import INTERVALS, periods, suitable
from ..eo.properties import Properties
from ..eo.property import Property, plain_number
from ..eo.query import Query
from ..eo.temporal import format_time, parse_time
from .aggregation_ranges import edges
from .catalogue import Catalogue
from .domains import Domain
from .query import solr_parameters
from .terms import COUNTED, TERMS

TOTAL, TIMES = "total_count", "datetime_frequency"
# values of a property that are counted, the most frequent ones
MOST_VALUES = 1000
# periods that are counted, the latest ones: each costs Solr an entry of its cache of filters
MOST_PERIODS = 400
_USUAL_PERIODS = 60
# terms by the names STAC has for them; all others that are counted are EO properties
_TERMS = {
    "collection": "collection", "datetime": "start", "end_datetime": "end", "provider": "provider",
    "topic": "topic", "access": "access",
}  # fmt: skip
# what items call so may be of the dataset, too
_AMBIGUOUS = ("created", "updated")
# every search can be asked for them
_ALWAYS = (TOTAL, "datetime_min", "datetime_max", TIMES, "collection_frequency")
_NOT_NEEDED = ("sort", "cursorMark", "start", "fl")
# by type of property: what can be told of it
_KINDS = {
    "text": {"frequency": "values"},
    "list": {"frequency": "values"},
    "boolean": {"frequency": "values"},
    "integer": {"frequency": "ranges", "min": "min", "max": "max"},
    "number": {"frequency": "ranges", "min": "min", "max": "max"},
    "time": {"frequency": "periods", "min": "min", "max": "max"},
}
_DATA_TYPES = {"count": "numeric", "values": "string", "ranges": "numeric", "periods": "datetime"}


@dataclass(frozen=True, slots=True)
class Aggregation:
    """What can be asked for by a name: the count of products (no `row`), or of a row its least or greatest
    value (min, max), how often its values are there, or how many are in ranges or periods."""

    name: str
    # count, min, max, values, ranges, periods
    kind: str
    row: Property | None = None

    @property
    def data_type(self) -> str:
        """numeric, string or datetime."""
        usual = "datetime" if self.row and self.row.type == "time" else "numeric"
        return _DATA_TYPES.get(self.kind, usual)

    @property
    def field(self) -> str:
        """The Solr field that it is about."""
        return self.row.solr if self.row else ""


def aggregations(properties: Properties) -> dict[str, Aggregation]:
    """All aggregations by name, whether or not products have such values."""
    rows = [(name, TERMS[own]) for name, own in _TERMS.items()]
    rows += [(row.name, row) for row in properties.values() if row.name not in _AMBIGUOUS]
    told = [Aggregation(TOTAL, "count")]
    told += [
        Aggregation(f"{name}_{ending}", kind, row)
        for name, row in rows
        for ending, kind in _KINDS[row.type].items()
    ]
    return {each.name: each for each in told}


def offered(domains: Mapping[str, Domain], properties: Properties) -> dict[str, Aggregation]:
    """Those that tell something of products that have what `domains` say."""
    return {
        name: each
        for name, each in aggregations(properties).items()
        if name in _ALWAYS or (each.row and _worth(each.row, domains.get(each.row.name)))
    }


def named(
    names: Sequence[str], known: Mapping[str, Aggregation], told: Callable[[], Iterable[str]]
) -> list[Aggregation]:
    """The aggregations of these names, each once; BadValue for one that is not known tells the nearest and
    those `told`."""
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"; did you mean {near}?" if near else ""
            raise BadValue(name, "aggregations", f"one of {', '.join(told())}{hint}")
    return [known[name] for name in dict.fromkeys(names)]


def checked_interval(interval: str) -> str:
    """The name of a period, or none; BadValue for another."""
    if interval and interval not in INTERVALS:
        raise BadValue(interval, f"{TIMES}_interval", "one of " + ", ".join(INTERVALS))
    return interval


def aggregate(
    catalogue: Catalogue, query: Query, asked: Sequence[Aggregation], interval: str = ""
) -> tuple[Aggregated, ...]:
    """What is asked for, in this order, over all products that a query finds, page and order aside; the
    `interval` is that of datetime_frequency, one that suits the products where none is given."""
    if not asked:
        return ()
    query = replace(query, sort=(), offset=0, cursor="", facets=())
    parameters = solr_parameters(query, catalogue.properties)
    parameters = {name: value for name, value in parameters.items() if name not in _NOT_NEEDED}
    parts = list(_parts(catalogue, parameters, asked, interval))
    answer = _select(catalogue, parameters, {part.asked.name: part.facet() for part in parts})
    found, total = _facets(answer), answer["response"]["numFound"]
    return tuple(part.read(found.get(part.asked.name), total) for part in parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """One aggregation as Solr is asked for it, with the ranges of those that have some."""

    asked: Aggregation
    # ends of each range in Solr's syntax, and an empty bucket
    ranges: tuple[tuple[str, Bucket], ...] = ()
    data_type: str = ""

    def facet(self) -> Any:
        """The part of json.facet."""
        kind, field = self.asked.kind, self.asked.field
        if kind in ("min", "max"):
            return f"{kind}({field})"
        if kind == "values":
            has = {"type": "query", "q": f"{field}:[* TO *]"}
            return has | {"facet": {"of": {"type": "terms", "field": field, "limit": MOST_VALUES + 1}}}
        within = {
            str(n): {"type": "query", "q": f"{field}:{ends}"} for n, (ends, _) in enumerate(self.ranges)
        }
        return {"type": "query", "q": "*:*", "facet": within}

    def read(self, found: Any, total: int) -> Aggregated:
        """The answer of a `total` of products to the facet."""
        name, row = self.asked.name, self.asked.row
        if row is None:
            return Aggregated(name=name, data_type="numeric", value=total)
        if self.asked.kind in ("min", "max"):
            value: Any = None if found is None else row.parse(found)
            return Aggregated(name=name, data_type=self.asked.data_type, value=value)
        if self.asked.kind == "values":
            return self._values(row, found or {}, total)
        counts = [int((found or {}).get(str(n), {}).get("count") or 0) for n in range(len(self.ranges))]
        pairs = zip(self.ranges, counts, strict=True)
        buckets = tuple(replace(bucket, count=count) for (_, bucket), count in pairs)
        return self._of(buckets, total - sum(counts))

    def _values(self, row: Property, found: Mapping[str, Any], total: int) -> Aggregated:
        every = (found.get("of") or {}).get("buckets") or ()
        buckets = tuple(Bucket(_text(each["val"]), int(each["count"])) for each in every[:MOST_VALUES])
        if row.type != "list":
            return self._of(buckets, total - sum(bucket.count for bucket in buckets))
        # a product with several values is in several buckets
        known = len(every) <= MOST_VALUES
        return self._of(buckets, total - int(found.get("count") or 0) if known else None)

    def _of(self, buckets: tuple[Bucket, ...], overflow: int | None) -> Aggregated:
        kind = self.data_type or self.asked.data_type
        return Aggregated(name=self.asked.name, data_type=kind, buckets=buckets, overflow=overflow)


def _parts(
    catalogue: Catalogue, parameters: Mapping[str, Any], asked: Sequence[Aggregation], interval: str
) -> Iterator[_Part]:
    spans = _spans(catalogue, parameters, [each for each in asked if each.kind == "periods"])
    for each in asked:
        if each.kind == "ranges" and each.row:
            yield _Part(each, tuple(_ranges(each.row, catalogue)))
        elif each.kind == "periods" and (span := spans.get(each.name)):
            chosen = (each.name == TIMES and interval) or suitable(*span, _USUAL_PERIODS)
            begins = periods(*span, chosen, MOST_PERIODS)
            yield _Part(each, tuple(_periods(begins)), f"interval_{chosen}")
        else:
            yield _Part(each)


def _spans(
    catalogue: Catalogue, parameters: Mapping[str, Any], asked: Sequence[Aggregation]
) -> dict[str, tuple[datetime, datetime]]:
    """From when to when there are values of which the periods are counted; one request if any are."""
    if not asked:
        return {}
    ends = {f"{each.name} {end}": f"{end}({each.field})" for each in asked for end in ("min", "max")}
    found = _facets(_select(catalogue, parameters, ends))
    spans: dict[str, tuple[datetime, datetime]] = {}
    for each in asked:
        first, last = (found.get(f"{each.name} {end}") for end in ("min", "max"))
        if first and last:
            spans[each.name] = parse_time(first), parse_time(last)
    return spans


def _select(catalogue: Catalogue, parameters: Mapping[str, Any], facets: Mapping[str, Any]) -> dict[str, Any]:
    asked = {name: facet for name, facet in facets.items() if name != TOTAL}
    return catalogue.select({"q": "*:*", **parameters, "rows": 0, "json.facet": json.dumps(asked)})


def _facets(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    return answer.get("facets") or {}


def _ranges(row: Property, catalogue: Catalogue) -> Iterator[tuple[str, Bucket]]:
    """Ranges that hold all values: between the limits of the schema, or those that products have."""
    low, high = row.minimum, row.maximum
    if low is None or high is None:
        domain = catalogue.domains().get(row.name)
        low, high = (domain.minimum, domain.maximum) if domain else (None, None)
    inner: list[float] = []
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        inner = edges(low, high, whole=row.type == "integer")
    bounds = [None, *map(plain_number, inner), None]
    for start, end in pairwise(bounds):
        ends = ["*" if each is None else repr(each) for each in (start, end)]
        yield f"[{ends[0]} TO {ends[1]}{']' if end is None else '}'}", Bucket("-".join(ends), 0, start, end)


def _periods(begins: Sequence[datetime]) -> Iterator[tuple[str, Bucket]]:
    for place, begin in enumerate(begins):
        following = begins[place + 1 : place + 2]
        end = f"{format_time(following[0])}}}" if following else "*]"
        yield f"[{format_time(begin)} TO {end}", Bucket(format_time(begin), 0)


def _worth(row: Property, domain: Domain | None) -> bool:
    """Whether counting the values tells something: not of names that nearly each product has alone."""
    few = row.type != "text" or row.facet or row.name in COUNTED
    return domain is not None and (few or bool(domain.values))


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
