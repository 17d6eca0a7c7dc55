"""Our part of the Solr schema, and the typed fields of a product: the one source of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from ..eo.collection import load_registry
from ..eo.placed import Placed
from ..eo.product import Problem, Product, Value
from ..eo.properties import Properties, load_properties
from ..eo.temporal import TemporalExtent, format_time

# (kind in Solr's Schema API, its attributes)
Definition: TypeAlias = tuple[str, dict[str, Any]]

FOOTPRINT, TIME, START, END = "eo_footprint", "eo_time", "eo_start", "eo_end"
# cells of eo/cells.py in which the footprint lies, and a word that says that they are known
CELL, PLACED = "eo_cell", "placed"
COLLECTION, IDENTIFIER, PROVIDER, TOPIC = "eo_collection", "eo_identifier", "eo_provider", "eo_topic"
ACCESS, PROBLEM = "eo_access", "eo_problem"
# what the editions of a product have in common, and what orders them: the greatest is the latest
SCENE, EDITION = "eo_scene", "eo_edition"
# sides of the box of the footprint, for the extent of collections; -180 and 180 when it crosses 180 degrees
WEST, SOUTH, EAST, NORTH = "eo_west", "eo_south", "eo_east", "eo_north"
# what users say of a dataset, filled by the plugin of feedback: the mean of the stars, the same drawn to the
# mean of the site (to sort by), how many stars it has at least, number of ratings, worst open issue
RATING, RATING_RANK, RATING_BAND, REVIEWS = "guf_rating", "guf_rank", "guf_rating_band", "guf_reviews"
HAS_FEEDBACK, LATEST_FEEDBACK, OPEN_ISSUES = "guf_feedback", "guf_latest", "guf_open_issues"
FIT_FOR, FEEDBACK_TAG = "guf_fit_for", "guf_tag"
# number of items, answers aside, and the publications that users name: DOI (or nothing), a tab, what it is
FEEDBACK_ITEMS, PUBLICATIONS = "guf_items", "guf_publication"
# what automatic checks found of the metadata: 0 to 100, and the name of the band
METADATA_SCORE, METADATA_BAND = "guf_metadata_score", "guf_metadata_band"

# Solr refuses a document with a longer term (32 766 bytes); nobody filters by such texts
MAX_TEXT = 1000

# when a product was made, the best answer first
_MADE = ("processing_datetime", "published", "created")

_POINT = {"docValues": True, "indexed": True, "stored": False}

# Exact on footprints normalised by us, and only on these: edges are straight in longitude and latitude,
# nothing is wrapped or mended by Solr. autoIndex true is four times faster than false.
_TYPES: tuple[dict[str, Any], ...] = (
    {
        "name": "eo_rpt",
        "class": "solr.RptWithGeometrySpatialField",
        "spatialContextFactory": "JTS",
        "geo": True,
        "distanceUnits": "kilometers",
        "prefixTree": "packedQuad",
        "distErrPct": "0.5",
        "maxDistErr": "0.001",
        "autoIndex": True,
        "validationRule": "error",
        "datelineRule": "none",
        "normWrapLongitude": False,
    },
    {"name": "eo_date_range", "class": "solr.DateRangeField"},
    {"name": "eo_text", "class": "solr.StrField", "sortMissingLast": True} | _POINT,
    {"name": "eo_integer", "class": "solr.LongPointField", "sortMissingLast": True} | _POINT,
    {"name": "eo_number", "class": "solr.DoublePointField", "sortMissingLast": True} | _POINT,
    {"name": "eo_time", "class": "solr.DatePointField", "sortMissingLast": True} | _POINT,
    {"name": "eo_boolean", "class": "solr.BoolField", "sortMissingLast": True} | _POINT,
    {"name": "eo_term", "class": "solr.StrField", "docValues": False, "indexed": True, "stored": False},
)

_FIXED: tuple[dict[str, Any], ...] = (
    {"name": FOOTPRINT, "type": "eo_rpt", "indexed": True, "stored": False, "multiValued": False},
    {"name": CELL, "type": "eo_term", "multiValued": True},
    {"name": TIME, "type": "eo_date_range", "indexed": True, "stored": False, "multiValued": False},
    {"name": START, "type": "eo_time"},
    {"name": END, "type": "eo_time"},
    {"name": COLLECTION, "type": "eo_text"},
    {"name": IDENTIFIER, "type": "eo_text"},
    {"name": PROVIDER, "type": "eo_text"},
    {"name": TOPIC, "type": "eo_text", "multiValued": True},
    {"name": ACCESS, "type": "eo_text"},
    {"name": PROBLEM, "type": "eo_text", "multiValued": True},
    {"name": SCENE, "type": "eo_text"},
    {"name": EDITION, "type": "eo_text"},
    *({"name": side, "type": "eo_number"} for side in (WEST, SOUTH, EAST, NORTH)),
    *({"name": name, "type": "eo_number"} for name in (RATING, RATING_RANK)),
    *({"name": name, "type": "eo_integer"} for name in (REVIEWS, FEEDBACK_ITEMS, METADATA_SCORE)),
    {"name": HAS_FEEDBACK, "type": "eo_boolean"},
    {"name": LATEST_FEEDBACK, "type": "eo_time"},
    *({"name": name, "type": "eo_text"} for name in (OPEN_ISSUES, METADATA_BAND)),
    *(
        {"name": name, "type": "eo_text", "multiValued": True}
        for name in (RATING_BAND, FIT_FOR, FEEDBACK_TAG, PUBLICATIONS)
    ),
)


def schema_fields(properties: Properties | None = None) -> list[Definition]:
    """Types and fields we add to CKAN's Solr schema: (kind, attributes) with kind "field-type" or "field"."""
    properties = load_properties() if properties is None else properties
    rows: list[dict[str, Any]] = [
        {"name": row.solr, "type": "eo_text", "multiValued": True}
        if row.type == "list"
        else {"name": row.solr, "type": f"eo_{row.type}"}
        for row in properties.values()
    ]
    fields = [("field", dict(field)) for field in (*_FIXED, *rows)]
    return [("field-type", dict(kind)) for kind in _TYPES] + fields


def field_names(properties: Properties | None = None) -> frozenset[str]:
    """The names of our fields."""
    return frozenset(attributes["name"] for kind, attributes in schema_fields(properties) if kind == "field")


def solr_fields(
    product: Product,
    *,
    provider: str = "",
    topics: Iterable[str] = (),
    access: str = "",
    properties: Properties | None = None,
) -> dict[str, Any]:
    """The typed fields of a product's search document; parts it does not have are left out."""
    footprint, properties = product.footprint, load_properties() if properties is None else properties
    place = Placed.of(footprint) if footprint is not None else None
    fixed = fixed_fields(
        product.collection, product.id, product.time, place, product.problems,
        provider=provider, topics=topics, access=access,
    )  # fmt: skip
    typed = {
        properties[name].solr: solr_value(value)
        for name, value in product.properties.items()
        if name in properties
    }
    typed = {name: value for name, value in typed.items() if value not in ("", [])}
    return fixed | typed | edition_fields(product.collection, product.id, typed, properties)


def fixed_fields(
    collection: str,
    identifier: str,
    time: TemporalExtent,
    place: Placed | None,
    problems: Iterable[Problem],
    *,
    provider: str,
    topics: Iterable[str],
    access: str,
) -> dict[str, Any]:
    """The typed fields of a product but those of its properties; empty ones are left out."""
    fields: dict[str, Any] = {
        COLLECTION: collection[:MAX_TEXT],
        IDENTIFIER: identifier[:MAX_TEXT],
        PROVIDER: provider,
        TOPIC: sorted(set(topics)),
        ACCESS: access,
        PROBLEM: [f"{problem.where}: {problem.reason}"[:MAX_TEXT] for problem in problems],
    }
    fields = {name: value for name, value in fields.items() if value}
    if place is not None:
        fields |= {FOOTPRINT: place.wkt, CELL: [PLACED, *place.cells]}
        fields |= _box_fields(*place.bbox)
    return fields | _time_fields(time)


def edition_fields(
    collection: str, identifier: str, typed: Mapping[str, Any], properties: Properties
) -> dict[str, str]:
    """Scene and edition of a product, of whose properties these are the `typed` fields; empty where its
    collection has no rule."""
    times = (typed.get(properties[name].solr) for name in _MADE if name in properties)
    found = load_registry().edition(collection, identifier, next(filter(None, times), ""))
    return {SCENE: found.scene[:MAX_TEXT], EDITION: found.order[:MAX_TEXT]} if found else {}


def date_range(time: TemporalExtent) -> str:
    """The interval as a DateRangeField takes it, cut to seconds: milliseconds cost a thousand terms each."""
    ends = ["*" if end is None else f"{format_time(end)[:19]}Z" for end in (time.start, time.end)]
    return f"[{ends[0]} TO {ends[1]}]"


def solr_value(value: Value) -> Any:
    """A value of a property as our typed fields hold it."""
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [text[:MAX_TEXT] for text in value]
    return value[:MAX_TEXT] if isinstance(value, str) else value


def _box_fields(west: float, south: float, east: float, north: float) -> dict[str, float]:
    if west > east:
        west, east = -180.0, 180.0
    return {WEST: west, SOUTH: south, EAST: east, NORTH: north}


def _time_fields(time: TemporalExtent) -> dict[str, Any]:
    if not time:
        return {}
    ends = {START: time.start, END: time.end}
    return {TIME: date_range(time)} | {name: format_time(end) for name, end in ends.items() if end}
