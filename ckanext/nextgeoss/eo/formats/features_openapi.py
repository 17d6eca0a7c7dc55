"""Our OGC API Features as an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..cql2 import LANGUAGES
from ..crs import CRS84, SYSTEMS
from ..properties import Property
from . import openapi
from .openapi import (
    OBJECT,
    OPENAPI,
    TEXT,
    Schema,
    get,
    length,
    path_parameter,
    query_parameter,
    record,
    ref,
)
from .site import Site
from .stac_collection_write import SCHEMA
from .stac_write import GEOJSON, HTML, JSON

_TYPES = {"text": "string", "time": "string", "list": "string"}


def document(site: Site, names: Sequence[str], rows: Iterable[Property]) -> dict[str, Any]:
    """What is served at `/features`; `names` are the parameters of items, `rows` properties among them."""
    asked = {row.name: row for row in rows}
    return openapi.document(
        f"{site.base}/features",
        dict(_paths(names)),
        title=f"{site.title}: OGC API Features",
        description="Products of Earth observation as features, in collections.",
        components={"schemas": _schemas(), "parameters": _parameters() | _properties(asked)},
    )


def _paths(of_items: Sequence[str]) -> Iterator[tuple[str, Any]]:
    both, f = (JSON, HTML), ("f",)
    named = (path_parameter("collectionId", "the collection"),)
    one = (*named, path_parameter("featureId", "the feature"))
    within = "/collections/{collectionId}"
    told = [
        ("/", "landing", "Landing page.", "landingPage", f, (), both),
        ("/conformance", "conformance", "What the API conforms to.", "confClasses", f, (), both),
        ("/api", "description", "This description.", "object", f, (), (OPENAPI, JSON, HTML)),
        ("/api.html", "manual", "This description for people.", "object", f, (), (HTML,)),
        ("/collections", "collections", "Collections.", "collections", f, (), both),
        (within, "collection", "One collection.", "collection", f, named, both),
        (f"{within}/items", "items", "Features of a collection.", "featureCollectionGeoJSON",
         ("f", *of_items), named, (GEOJSON, JSON, HTML)),
        (f"{within}/items/{{featureId}}", "feature", "One feature.", "featureGeoJSON", ("f", "crs"), one,
         (GEOJSON, JSON, HTML)),
        (f"{within}/queryables", "queryables", "What can be asked of features, as a JSON schema.", "object",
         f, named, (SCHEMA, JSON, HTML)),
        (f"{within}/sortables", "sortables", "What features can be sorted by, as a JSON schema.", "object",
         f, named, (SCHEMA, JSON, HTML)),
    ]  # fmt: skip
    for path, name, summary, schema, parameters, own, kinds in told:
        yield path, get(name, summary, schema, parameters, own=own, media_types=kinds, bad=True)


def _parameters() -> dict[str, Any]:
    system: Schema = {"type": "string", "format": "uri", "enum": list(SYSTEMS), "default": CRS84}
    corners: Schema = {
        "type": "array",
        "items": {"type": "number"},
        "oneOf": [length(4), length(6)],
    }
    told: dict[str, tuple[str, Schema]] = {
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
        "datetime": (
            "An RFC 3339 time, or two with / between, of which one may be .. or empty.",
            TEXT,
        ),
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
    listed = ("bbox", "sortby")
    return {
        name: query_parameter(name, described, schema, listed=name in listed)
        for name, (described, schema) in told.items()
    }


def _properties(rows: dict[str, Property]) -> dict[str, Any]:
    return {name: query_parameter(name, _meaning(row), _values(row)) for name, row in rows.items()}


def _meaning(row: Property) -> str:
    unit = f" ({row.unit})" if row.unit else ""
    return f"{row.label}{unit}: only features with this value."


def _values(row: Property) -> Schema:
    schema: Schema = {"type": _TYPES.get(row.type, row.type)}
    return schema | ({"format": "date-time"} if row.type == "time" else {})


def _schemas() -> dict[str, Any]:
    count: Schema = {"type": "integer", "minimum": 0}
    links: Schema = {"type": "array", "items": ref("link")}
    link = record(
        ("href", "rel"), href=TEXT, rel=TEXT, type=TEXT, title=TEXT, hreflang=TEXT, length={"type": "integer"}
    )
    texts: Schema = {"type": "array", "items": TEXT}
    kinds: dict[str, Schema] = {
        kind: {"type": "string", "enum": [kind]} for kind in ("Feature", "FeatureCollection")
    }
    feature = {
        "type": kinds["Feature"], "id": TEXT, "geometry": OBJECT | {"nullable": True}, "properties": OBJECT,
        "bbox": {"type": "array", "items": {"type": "number"}}, "links": links,
    }  # fmt: skip
    return {
        "object": OBJECT,
        "exception": openapi.exception_schema(),
        "link": link,
        "landingPage": record(("links",), title=TEXT, description=TEXT, links=links),
        "confClasses": record(("conformsTo",), conformsTo=texts),
        "collection": record(
            ("id", "links"), id=TEXT, title=TEXT, description=TEXT, extent=OBJECT, itemType=TEXT, crs=texts,
            storageCrs=TEXT, links=links,
        ),
        "collections": record(
            ("collections", "links"), collections={"type": "array", "items": ref("collection")}, crs=texts,
            links=links,
        ),
        "featureGeoJSON": record(("type", "geometry", "properties", "links"), **feature),
        "featureCollectionGeoJSON": record(
            ("type", "features", "links"), type=kinds["FeatureCollection"], links=links, timeStamp=TEXT,
            features={"type": "array", "items": ref("featureGeoJSON")}, numberMatched=count,
            numberReturned=count,
        ),
    }  # fmt: skip
