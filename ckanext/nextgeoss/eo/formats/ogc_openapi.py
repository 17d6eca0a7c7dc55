"""The parts that the OpenAPI documents of our OGC APIs have in common: paths, parameters and schemas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..cql2 import LANGUAGES
from ..crs import CRS84, SYSTEMS
from ..property import Property
from .openapi import (
    OBJECT,
    OPENAPI,
    TEXT,
    TEXTS,
    Schema,
    exception_schema,
    get,
    length,
    query_parameter,
    record,
    ref,
)
from .stac_collection_write import SCHEMA
from .stac_write import HTML, JSON

# a path, the name of the operation, a summary, the schema of the answer, names of parameters, those of the
# path, media types
Told = tuple[str, str, str, str, Iterable[str], tuple[Schema, ...], tuple[str, ...]]
BOTH, F = (JSON, HTML), ("f",)
# those with values between commas, and those that OGC 17-069r4 writes in the same style
LISTED = ("limit", "datetime", "bbox", "q", "type", "ids", "externalIds", "sortby", "facets", "profile")
_TYPES = {"text": "string", "time": "string", "list": "string"}
_LINKS: Schema = {"type": "array", "items": ref("link")}
COUNT: Schema = {"type": "integer", "minimum": 0}


def common_paths() -> Iterator[Told]:
    """What is served besides collections."""
    yield "/", "landing", "Landing page.", "landingPage", F, (), BOTH
    yield "/conformance", "conformance", "What the API conforms to.", "confClasses", F, (), BOTH
    yield "/api", "description", "This description.", "object", F, (), (OPENAPI, JSON, HTML)
    yield "/api.html", "manual", "This description for people.", "object", F, (), (HTML,)


def schema_paths(within: str, own: tuple[Schema, ...], of: str, name: str = "") -> Iterator[Told]:
    """The queryables and sortables of a collection at the path `within`."""
    asked = f"What can be asked of {of}, as a JSON schema."
    yield f"{within}/queryables", f"queryables{name}", asked, "object", F, own, (SCHEMA, JSON, HTML)
    ordered = f"What {of} can be sorted by, as a JSON schema."
    yield f"{within}/sortables", f"sortables{name}", ordered, "object", F, own, (SCHEMA, JSON, HTML)


def paths(told: Iterable[Told]) -> dict[str, Any]:
    """These paths, each with GET."""
    return {
        path: get(name, summary, schema, parameters, own=own, media_types=kinds, bad=True)
        for path, name, summary, schema, parameters, own, kinds in told
    }


def common_parameters() -> dict[str, tuple[str, Schema]]:
    """What the parameters mean that all have, and their values."""
    # the length is told twice: OGC's tests look for the bare numbers
    corners: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
    corners["oneOf"] = [length(4), length(6)]
    system: Schema = {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84}
    return {
        "f": ("The format, whatever Accept says.", {"type": "string", "enum": ["json", "html"]}),
        "limit": (
            "How many at most; more than 1000 are not given.",
            {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
        ),
        "bbox": (
            "west,south,east,north in degrees, or six numbers with heights, which do not count; west greater "
            "than east crosses the antimeridian.",
            corners,
        ),
        "bbox-crs": ("The system of bbox; in EPSG 4326 latitudes are first.", system),
        "crs": ("The system of the answer; in EPSG 4326 latitudes are first.", system),
        "datetime": ("An RFC 3339 time, or two with / between, of which one may be .. or empty.", TEXT),
        "filter": ("What must be so, in CQL2, with names of /queryables.", TEXT),
        "filter-lang": (
            "The language of filter.",
            {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
        ),
        "filter-crs": ("The system of geometries in filter; in EPSG 4326 latitudes are first.", system),
        "sortby": (
            "Names of /sortables, - before one to begin with the greatest.",
            {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "[+-]?.+"}},
        ),
        "token": ("Where the page begins, as the link `next` of the page before says.", TEXT),
    }


def parameters(told: Mapping[str, tuple[str, Schema]]) -> dict[str, Any]:
    """These parameters as components."""
    return {
        name: query_parameter(name, described, schema, listed=name in LISTED)
        for name, (described, schema) in told.items()
    }


def row_parameter(name: str, row: Property, of: str) -> Schema:
    """The parameter of a property by a name, which narrows what is `of` an API."""
    unit = f" ({row.unit})" if row.unit else ""
    schema: Schema = {"type": _TYPES.get(row.type, row.type)}
    schema |= {"format": "date-time"} if row.type == "time" else {}
    return query_parameter(name, f"{row.label}{unit}: only {of} with this value.", schema)


def common_schemas() -> dict[str, Any]:
    """Schemas of what is not about collections and what is in them."""
    return {
        "object": OBJECT,
        "exception": exception_schema(),
        "link": record(
            ("href", "rel"), href=TEXT, rel=TEXT, type=TEXT, title=TEXT, hreflang=TEXT,
            length={"type": "integer"},
        ),
        "landingPage": record(("links",), title=TEXT, description=TEXT, links=_LINKS),
        "confClasses": record(("conformsTo",), conformsTo=TEXTS, links=_LINKS),
    }  # fmt: skip


def collections_schemas(one: str, every: str, **properties: Schema) -> dict[str, Any]:
    """The schemas of a collection and of all of them, under these names; `properties` are those of one, whose
    `id` and `links` are required, and `type` where it has one."""
    required = ("id", "links", *(name for name in ("type",) if name in properties))
    about = {
        "id": TEXT, "title": TEXT, "description": TEXT, "itemType": TEXT, "extent": OBJECT, "crs": TEXTS,
        "storageCrs": TEXT,
    }  # fmt: skip
    several: Schema = {"type": "array", "items": ref(one)}
    return {
        one: record(required, **about, links=_LINKS, **properties),
        every: record(("collections", "links"), collections=several, links=_LINKS, crs=TEXTS),
    }


def items_schemas(one: str, every: str, required: tuple[str, ...], **properties: Schema) -> dict[str, Any]:
    """The schemas of a feature and of a page of them, under these names; `properties` are those that not
    every feature has."""
    kinds: dict[str, Schema] = {
        kind: {"type": "string", "enum": [kind]} for kind in ("Feature", "FeatureCollection")
    }
    feature: dict[str, Schema] = {
        "type": kinds["Feature"], "id": TEXT, "geometry": OBJECT | {"nullable": True}, "properties": OBJECT,
        "bbox": {"type": "array", "items": {"type": "number"}}, "links": _LINKS,
    }  # fmt: skip
    several: Schema = {"type": "array", "items": ref(one)}
    return {
        one: record(required, **feature, **properties),
        every: record(
            ("type", "features", "links"), type=kinds["FeatureCollection"], links=_LINKS, timeStamp=TEXT,
            features=several, numberMatched=COUNT, numberReturned=COUNT,
        ),
    }  # fmt: skip
