"""What the products of each collection have, as STAC collections sum it up; one request for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ..eo.properties import Properties
from ..eo.property import Property, plain_number
from ..remembering import remembered_for
from .catalogue import Catalogue
from .fields import COLLECTION

# what people choose a collection by
_SUMMED = (
    "platform", "constellation", "instruments", "processing_level", "product_type", "instrument_mode",
    "polarizations", "orbit_state", "timeliness_category", "gsd", "cloud_cover", "sun_elevation",
)  # fmt: skip
# more values than these are no summary
_MOST = 50


@remembered_for(60, most=64)
def summaries(catalogue: Catalogue) -> Mapping[str, Mapping[str, Any]]:
    """The summaries of each collection by its id, as the caller may see its products: values of texts, the
    least and the greatest of numbers; remembered for a minute."""
    rows = list(_rows(catalogue.properties))
    facets: dict[str, Any] = {}
    for row in rows:
        facets |= _facets(row)
    whole = {"type": "terms", "field": COLLECTION, "limit": -1, "facet": facets}
    answer = catalogue.select({"q": "*:*", "rows": 0, "json.facet": json.dumps({"collections": whole})})
    buckets = answer["facets"].get("collections", {}).get("buckets", ())
    return {bucket["val"]: dict(_read(bucket, rows)) for bucket in buckets}


def _rows(properties: Properties) -> Iterator[Property]:
    return (properties[name] for name in _SUMMED if name in properties)


def _facets(row: Property) -> dict[str, Any]:
    if row.type in ("integer", "number"):
        return {f"{row.name} low": f"min({row.solr})", f"{row.name} high": f"max({row.solr})"}
    return {row.name: {"type": "terms", "field": row.solr, "limit": _MOST + 1}}


def _read(bucket: Mapping[str, Any], rows: list[Property]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        if row.type in ("integer", "number"):
            ends = [bucket.get(f"{row.name} {end}") for end in ("low", "high")]
            if None not in ends:
                low, high = (plain_number(end) for end in ends if end is not None)
                yield row.stac, {"minimum": low, "maximum": high}
        else:
            values = [each["val"] for each in bucket.get(row.name, {}).get("buckets", ())]
            if 0 < len(values) <= _MOST:
                yield row.stac, sorted(values)
