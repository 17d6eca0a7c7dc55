"""What OGC API Records asks of records of products (OGC 20-004r1, clause 8.5) as a Query."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..eo.collection import Collection as About
from ..eo.errors import BadValue
from ..eo.filter import NEVER_SO, Condition, Filter, Missing, Not, all_of, any_part
from ..eo.filter_settled import settled
from ..eo.formats.record_write import DATASET, DOI
from ..eo.properties import Properties
from ..eo.property import Property
from ..eo.query import Query
from .features_query import features_search
from .opensearch_parameters import DEEPEST
from .own_terms import SPAN, Names
from .records_inherited import INHERITED, inherited_rows, inherits, of_products, split
from .terms import COUNTED, TERMS, UUID, sortable

NAMES = (
    "limit", "bbox", "bbox-crs", "crs", "datetime", "q", "type", "ids", "externalIds", "filter",
    "filter-lang", "filter-crs", "sortby", "facets", "profile", "offset", "token",
)  # fmt: skip
MOST_EXTERNAL = 50
# the name of the interval, as records have it, and as other APIs do
SPANS = ("time", SPAN)
KIND = Property(name="type", label="Kind", type="text", stac="type", solr="")
# what products are not asked for by these names: records say it under another, or of their collection, too
OTHERWISE = ("keywords", "metadata_created", "metadata_modified")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_COUNTABLE = ("text", "list", "boolean")


@dataclass(frozen=True, slots=True)
class RecordsSearch:
    """What is asked, the system that coordinates are wanted in, and what is counted by its name; whether how
    many records come before the page is told by an `offset`."""

    query: Query
    crs: str
    facets: Mapping[str, Property]
    by_offset: bool


def product_names(properties: Properties, *, every: bool) -> Names:
    """What can be asked of the records of one collection, or of `every` one: their identifiers are those of
    providers, or those of datasets."""
    rows = {**TERMS, **properties, **TERMS}
    for name in OTHERWISE:
        rows.pop(name, None)
    rows |= {"type": KIND, "created": TERMS["metadata_created"], "updated": TERMS["metadata_modified"]}
    rows["id"] = UUID if every else TERMS["id"]
    rows |= inherited_rows(properties)
    return Names(rows=rows, spans=SPANS, sortable=sortable(properties))


def parameters_of(names: Names) -> tuple[str, ...]:
    """The names of all parameters of the items of a catalogue; `type` is one of a list of kinds."""
    return (*NAMES, *(name for name in names.rows if name not in NAMES))


def records_search(
    asked: Mapping[str, str],
    names: Names,
    properties: Properties,
    collections: tuple[str, ...],
    abouts: Callable[[], Iterable[About]] = tuple,
) -> RecordsSearch:
    """The search of the parameters of a request, whose names are known, within one of the `collections` or in
    all there are; `abouts` tells what is said of these, and is not asked where that does not count. BadValue
    names the parameter that is wrong."""
    shared = {name: value for name, value in asked.items() if name != "type"}
    search = features_search(shared, names, collections)
    query = search.query
    facets = asked_facets(asked, names, (*COUNTED, KIND.name))
    conditions, inherited = split(query.conditions)
    if "ids" in asked:
        conditions += (Condition(names.rows["id"].name, "in", listed(asked["ids"])),)
    own = (*inherited, *([query.filter] if query.filter else []))
    query = replace(
        query,
        any_words=tuple(map(_side_by_side, listed(asked.get("q", "")))),
        conditions=conditions,
        filter=_of_products(_filter(asked, own, properties), abouts, alone=bool(collections)),
        facets=tuple(row.name for row in facets.values() if row is not KIND),
        offset=asked_offset(asked),
    )
    return RecordsSearch(query, search.crs, facets, "offset" in asked)


def asked_facets(asked: Mapping[str, str], names: Names, usual: Collection[str] = ()) -> dict[str, Property]:
    """What is counted by its name: what `facets` names, or what is `usual` when it is `true`."""
    said = asked.get("facets", "false").strip()
    if said == "false":
        return {}
    can = {name: row for name, row in names.rows.items() if _counts(row)}
    if said == "true":
        return {name: row for name, row in can.items() if row.facet or name in usual}
    for name in listed(said):
        if name not in can:
            raise BadValue(name, "facets", "true, false, or names out of " + ", ".join(can))
    return {name: can[name] for name in listed(said)}


def asked_offset(asked: Mapping[str, str]) -> int:
    """How many come before the page."""
    said = asked.get("offset", "0").strip()
    if "offset" in asked and asked.get("token"):
        raise BadValue(said, "offset", "either offset or token, not both")
    if not _WHOLE.fullmatch(said) or int(said) > DEEPEST:
        allowed = f"a whole number from 0 to {DEEPEST}; without it, the links next lead through all there are"
        raise BadValue(said, "offset", allowed)
    return int(said)


def external_ids(asked: Mapping[str, str]) -> tuple[str, ...] | None:
    """What `externalIds` lists; None without it."""
    if "externalIds" not in asked:
        return None
    found = listed(asked["externalIds"])
    if len(found) > MOST_EXTERNAL:
        raise BadValue(f"{len(found)} values", "externalIds", f"at most {MOST_EXTERNAL}")
    return found


def listed(text: str) -> tuple[str, ...]:
    """The values between commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _counts(row: Property) -> bool:
    if row.name in TERMS or row is UUID:
        return row.name in COUNTED
    if row.name in INHERITED:
        return False
    return row.type in _COUNTABLE


def _of_products(tree: Filter | None, abouts: Callable[[], Iterable[About]], *, alone: bool) -> Filter | None:
    return of_products(tree, abouts(), alone=alone) if tree and inherits(tree) else tree


def _filter(asked: Mapping[str, str], own: Iterable[Filter], properties: Properties) -> Filter | None:
    parts = [settled(each, {KIND.name: DATASET}) for each in own]
    if "type" in asked and DATASET not in listed(asked["type"]):
        parts.append(NEVER_SO)
    if (external := external_ids(asked)) is not None:
        parts.append(any_part(*_external(external, DOI if DOI in properties else "")))
    return all_of(*parts) if parts else None


def _external(texts: Iterable[str], doi: str) -> Iterator[Filter]:
    """The alternatives of RC-13: an identifier, its scheme, or both with a colon between. Schemes are the
    names of providers, for their identifiers, and `doi`."""
    texts = tuple(texts)
    yield Condition("id", "in", texts)
    yield Condition("provider", "in", texts)
    for scheme, _, value in (text.partition(":") for text in texts):
        if value:
            yield all_of(Condition("provider", "=", scheme), Condition("id", "=", value))
    if doi:
        bare = (text.removeprefix(f"{DOI}:") for text in texts)
        yield Condition(doi, "in", (*texts, *bare))
        if DOI in texts:
            yield Not(Missing(doi))


def _side_by_side(text: str) -> str:
    """Words of a text of `q` stand in its order, with nothing between them (clause 8.5, `q`)."""
    words = text.replace('"', " ").split()
    return f'"{" ".join(words)}"'
