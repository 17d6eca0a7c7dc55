"""Number, time and area of the products the catalogue holds of each collection, by one Solr request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..eo.held import Holdings
from ..eo.temporal import TemporalExtent
from . import fields

_BOX = {"west": f"min({fields.WEST})", "south": f"min({fields.SOUTH})"}
_BOX |= {"east": f"max({fields.EAST})", "north": f"max({fields.NORTH})"}
_ENDS = {"start": f"min({fields.START})", "end": f"max({fields.END})", "last_start": f"max({fields.START})"}


def holdings_request(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The request for the holdings of all collections, of the products that are `asked` for (words and
    filters of a translated query)."""
    facet = {
        "type": "terms",
        "field": fields.COLLECTION,
        "limit": -1,
        "facet": _ENDS | _BOX,
    }
    kept = {name: value for name, value in asked.items() if name not in ("sort", "cursorMark", "start", "fl")}
    return {"q": "*:*", **kept, "rows": 0, "json.facet": json.dumps({"collections": facet})}


def read_holdings(answer: Mapping[str, Any]) -> dict[str, Holdings]:
    """The holdings by collection id, from Solr's answer to `holdings_request`."""
    buckets = answer.get("facets", {}).get("collections", {}).get("buckets", ())
    return {bucket["val"]: _holdings(bucket) for bucket in buckets}


def _holdings(bucket: Mapping[str, Any]) -> Holdings:
    # a product without an end is still going on, but its collection is known to reach its start at least
    end = max((time for time in (bucket.get("end"), bucket.get("last_start")) if time), default=None)
    return Holdings(
        count=int(bucket["count"]),
        time=TemporalExtent.of(bucket.get("start"), end),
        bbox=(bucket["west"], bucket["south"], bucket["east"], bucket["north"]) if "west" in bucket else None,
    )
