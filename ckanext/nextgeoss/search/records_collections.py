"""What OGC API Records asks of records of collections, which are so few that each is looked at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..eo.crs import checked_crs
from ..eo.filter import And, Condition, Filter, Place, Span
from ..eo.filter_match import matches
from ..eo.folding import fold
from ..eo.formats.record_series import SERIES, external
from ..eo.formats.record_write import license_name
from ..eo.held import Held, Holdings
from ..eo.property import Property
from ..eo.query import Query
from ..eo.temporal import TemporalExtent
from .catalogue import Catalogue
from .collection_terms import COLLECTION_SORTABLE, COLLECTION_TERMS, Summaries, collection_values
from .collections import search_collections
from .features_query import asked_area, asked_conditions, asked_filter, asked_sort
from .own_terms import Names
from .records_inherited import LICENSE
from .records_query import KIND, NAMES, SPANS, asked_facets, asked_offset, external_ids, listed, parameters_of
from .stac_query import asked_limit, asked_time
from .stac_summaries import summaries

MOST = 10_000
# of the list of catalogues
OF_LIST = ("limit", "bbox", "datetime", "q", "ids", "offset")
_COUNTED = ("type", "keywords", "providers", "platform", "instruments")


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A collection with the values that can be asked for."""

    held: Held
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionsSearch:
    """What is asked of collections: what must be so, texts of which one is said, identifiers that others
    gave, order and page, the system of coordinates, and what is counted by its name."""

    keep: Filter
    texts: tuple[str, ...]
    external: tuple[str, ...] | None
    sort: tuple[tuple[str, str], ...]
    limit: int
    offset: int
    crs: str
    facets: Mapping[str, Property]

    def finds(self, one: Judged) -> bool:
        """Whether a collection is as it is asked for."""
        return (
            matches(self.keep, one.values)
            and (not self.texts or any(_says(one.held, text) for text in self.texts))
            and (self.external is None or any(_called(one.held, text) for text in self.external))
        )

    def page(self, found: Sequence[Any]) -> Sequence[Any]:
        """Those of what is found that are on the page."""
        return found[self.offset : self.offset + self.limit]

    def counted(self, found: Iterable[Judged]) -> dict[str, tuple[tuple[str, int], ...]]:
        """How many of what is found have which value, the most frequent first."""
        every = list(found)
        return {name: _counts(each.values[row.name] for each in every) for name, row in self.facets.items()}


def collection_names() -> Names:
    """What can be asked of the records of collections."""
    # licences have other names in records than in STAC
    rows = {**COLLECTION_TERMS, "license": replace(LICENSE, help="SPDX identifier"), KIND.name: KIND}
    return Names(rows=rows, spans=SPANS, sortable=COLLECTION_SORTABLE)


def collection_parameters(names: Names) -> tuple[str, ...]:
    """The names of all parameters of the records of collections; pages are told by an offset."""
    return tuple(name for name in parameters_of(names) if name != "token")


def collections_search(asked: Mapping[str, str], names: Names, usual: int = 10) -> CollectionsSearch:
    """The search of the parameters of a request, whose names are known, for `usual` so many collections
    unless it says how many; BadValue names the one that is wrong."""
    return CollectionsSearch(
        keep=And(tuple(_conditions(asked, names))),
        texts=listed(asked.get("q", "")),
        external=external_ids(asked),
        sort=asked_sort(asked, names),
        limit=asked_limit(asked.get("limit"), usual=usual),
        offset=asked_offset(asked),
        crs=checked_crs(asked.get("crs"), "crs"),
        facets=asked_facets(asked, names, _COUNTED),
    )


def judged_collections(catalogue: Catalogue, sort: Iterable[tuple[str, str]] = ()) -> list[Judged]:
    """All collections that the caller may see, in this order."""
    summed = summaries(catalogue)
    found = search_collections(catalogue, Query(limit=MOST), sort=sort).collections
    return [judged(held, summed.get(held.collection.id, {})) for held in found]


def judged(held: Held, summed: Summaries) -> Judged:
    """A collection with its values."""
    own = {KIND.name: SERIES, LICENSE.name: license_name(held.collection.license)}
    return Judged(held=held, values=collection_values(held, summed) | own)


def together(held: Iterable[Held]) -> Holdings:
    """What several collections hold."""
    every = [each.holdings for each in held if each.holdings.count]
    boxes = [each.bbox for each in every if each.bbox]
    sides = list(zip(*boxes, strict=True))
    starts = [each.time.start for each in every if each.time.start]
    ends = [each.time.end for each in every if each.time.end]
    return Holdings(
        count=sum(each.count for each in every),
        time=TemporalExtent(min(starts, default=None), max(ends, default=None)),
        bbox=(min(sides[0]), min(sides[1]), max(sides[2]), max(sides[3])) if sides else None,
    )


def _conditions(asked: Mapping[str, str], names: Names) -> Iterator[Filter]:
    if (area := asked_area(asked)) is not None:
        yield Place(area)
    if time := asked_time(asked.get("datetime")):
        yield Span("intersects", time)
    for name in ("ids", "type"):
        if name in asked:
            yield Condition("id" if name == "ids" else name, "in", listed(asked[name]))
    yield from asked_conditions({name: value for name, value in asked.items() if name not in NAMES}, names)
    if (own := asked_filter(asked, names)) is not None:
        yield own


def _says(held: Held, text: str) -> bool:
    """Whether the words of a text stand side by side, in its order, in what a collection says (RC-12)."""
    about = held.collection
    wanted = r"\s+".join(re.escape(fold(word, case=True)) for word in text.split())
    said = (about.id, about.title, about.description, *about.keywords, *about.platforms, *about.instruments)
    return any(re.search(rf"(?<!\w){wanted}(?!\w)", fold(each, case=True)) for each in said)


def _called(held: Held, text: str) -> bool:
    """Whether others call a collection so: by an identifier, its scheme, or both with a colon between."""
    return any(
        text in (each.get("scheme"), each["value"], f"{each.get('scheme')}:{each['value']}")
        for each in external(held)
    )


def _counts(values: Iterable[Any]) -> tuple[tuple[str, int], ...]:
    found: Counter[str] = Counter()
    for value in values:
        found.update(value if isinstance(value, tuple) else (value,) if value else ())
    return tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))
