"""Collections of the catalogue as a search finds them: described by datasets, judged by their products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import orjson

from ..eo.collection import Collection, load_registry
from ..eo.errors import BadValue
from ..eo.filter import Filter
from ..eo.filter_match import matches
from ..eo.held import CollectionPage, Held, Holdings
from ..eo.page import Entry
from ..eo.query import Query
from ..package import COLLECTION_TYPE, collection_from_dataset
from .catalogue import Catalogue, shown_fields
from .collection_terms import COLLECTION_SORTABLE, collection_values
from .fields import COLLECTION
from .index import dataset_entry
from .query import any_of, collection_names
from .stac_summaries import summaries
from .words import words

_MOST = 10_000
_NONE = Holdings()


def search_collections(
    catalogue: Catalogue, query: Query, keep: Filter | None = None, sort: Iterable[tuple[str, str]] = ()
) -> CollectionPage:
    """The collections that a query finds: its words are sought in their own descriptions, its ids are theirs;
    place, time and conditions must be met by a product, or by what is said of a collection without any. Of
    these, those of which `keep` is true, in the order of `sort`: pairs of a name of COLLECTION_TERMS and
    "asc" or "desc"; what has no value comes last."""
    holdings = catalogue.holdings()
    narrowed = replace(
        query,
        words="",
        any_words=(),
        text=None,
        ids=(),
        fit_first="",
        sort=(),
        offset=0,
        cursor="",
        facets=(),
    )
    narrows = narrowed != Query(limit=query.limit)
    matched = catalogue.holdings(query=narrowed) if narrows else holdings
    found = [
        Held(
            collection=each,
            holdings=holdings.get(each.id, _NONE),
            matched=matched.get(each.id, _NONE).count,
            entry=entry,
        )
        for each, entry in _described(catalogue, query, holdings)
        if not narrows or each.id in matched or (each.id not in holdings and _said(each, narrowed))
    ]
    found = _ordered(_kept(catalogue, found, keep), tuple(sort))
    return CollectionPage(tuple(found[query.offset : query.offset + query.limit]), len(found))


def _kept(catalogue: Catalogue, found: list[Held], keep: Filter | None) -> list[Held]:
    if keep is None:
        return found
    summed = summaries(catalogue)
    return [
        held for held in found if matches(keep, collection_values(held, summed.get(held.collection.id, {})))
    ]


def _ordered(found: list[Held], sort: tuple[tuple[str, str], ...]) -> list[Held]:
    found = sorted(found, key=lambda held: held.collection.id)
    values = {id(held): collection_values(held, {}) for held in found} if sort else {}
    for name, way in reversed(sort):
        if name not in COLLECTION_SORTABLE:
            raise BadValue(name, "sort", "one of " + ", ".join(COLLECTION_SORTABLE))
        told = [held for held in found if values[id(held)][name] is not None]
        untold = [held for held in found if values[id(held)][name] is None]
        told.sort(key=lambda held, name=name: values[id(held)][name], reverse=way == "desc")
        found = [*told, *untold]
    return found


def find_collection(catalogue: Catalogue, name: str) -> Held | None:
    """The collection of this id or alias; None when the user may see none."""
    page = search_collections(catalogue, Query(ids=(name,), limit=1))
    return page.collections[0] if page.collections else None


def _described(
    catalogue: Catalogue, query: Query, holdings: Mapping[str, Holdings]
) -> Iterator[tuple[Collection, Entry | None]]:
    """Collections with the asked-for words and ids; those that only products name are described by
    the registry."""
    wanted = set(collection_names(query.ids, load_registry()))
    asked: dict[str, Any] = {
        **words(query.words, query.any_words, query.text),
        # one of hundreds need not be sought among all
        "fq": [any_of(COLLECTION, wanted)] if wanted else [],
        "fl": shown_fields(),
        "rows": _MOST,
    }
    documents = catalogue.select(asked, COLLECTION_TYPE)["response"]["docs"]
    seen: set[str] = set()
    for dataset, document in _datasets(documents):
        collection = collection_from_dataset(dataset)
        if collection.id not in seen and (not query.ids or collection.id in wanted):
            yield collection, dataset_entry(dataset, document)
        seen.add(collection.id)
    if query.words or query.any_words or query.text:
        return
    for name in sorted(holdings.keys() - seen):
        if not query.ids or name in wanted:
            # an alias that products still have is a collection beside the one it is an alias of
            known = load_registry().canonical(name) or Collection(id=name)
            yield replace(known, id=name), None


def _datasets(
    documents: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[dict[str, Any], Mapping[str, Any]]]:
    found = [(orjson.loads(document["validated_data_dict"]), document) for document in documents]
    return iter(sorted(found, key=lambda pair: pair[0]["id"]))


def _said(collection: Collection, query: Query) -> bool:
    """Whether place and time that are said of a collection are those asked for."""
    if query.conditions or (query.collections and collection.id not in query.collections):
        return False
    here = query.footprint is None or (
        collection.footprint is not None and collection.footprint.intersects(query.footprint)
    )
    return here and (not query.time or collection.time.intersects(query.time))
