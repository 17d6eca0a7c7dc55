"""How many of the records found have which value, as answers tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...eo.formats.record_write import DATASET
from ...eo.property import Property
from ...search.query import MAX_FACET_VALUES
from ...search.records_query import KIND

Counts = tuple[tuple[str, int], ...]


def told(asked: Mapping[str, Property], counts: Mapping[str, Counts], total: int) -> dict[str, Any]:
    """The member `facets`: the most frequent values of each property that is `asked` for, with the number of
    records that have them; `more` where there are others. `counts` are by the names of rows."""
    return {name: _facet(name, _of(row, counts, total)) for name, row in asked.items()}


def _of(row: Property, counts: Mapping[str, Counts], total: int) -> Counts:
    if row.name in counts or row is not KIND:
        return counts.get(row.name, ())
    return ((DATASET, total),) if total else ()


def _facet(name: str, counts: Counts) -> dict[str, Any]:
    most = counts[:MAX_FACET_VALUES]
    buckets = [{"value": value, "count": count} for value, count in most]
    return {"type": "terms", "property": name, "buckets": buckets, "more": len(counts) >= MAX_FACET_VALUES}
