"""Our OGC API Records as an OpenAPI 3.0 document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import openapi
from .openapi import OBJECT, OPENAPI, TEXT, Schema, get, length, path_parameter, query_parameter, record, ref
from .records_api import CATALOG
from .site import Site
from .stac_collection_write import SCHEMA
from .stac_write import GEOJSON, HTML, JSON

_OF_ITEMS = ("limit", "bbox", "datetime", "q", "type", "ids", "externalIds", "sortby", "token")
_LISTED = ("bbox", "q", "type", "ids", "externalIds", "sortby")
_TEXTS: Schema = {"type": "array", "items": TEXT}


def document(site: Site) -> dict[str, Any]:
    """What is served at `/records`."""
    return openapi.document(
        f"{site.base}/records",
        dict(_paths()),
        title=f"{site.title}: OGC API Records",
        description="Records that describe products of Earth observation, in catalogues.",
        components={"schemas": _schemas(), "parameters": _parameters()},
    )


def _paths() -> Iterator[tuple[str, Any]]:
    both, f = (JSON, HTML), ("f",)
    named = (path_parameter("catalogId", "the catalogue"),)
    one = (*named, path_parameter("recordId", "the record"))
    within = "/collections/{catalogId}"
    told = [
        ("/", "landing", "Landing page.", "landingPage", f, (), both),
        ("/conformance", "conformance", "What the API conforms to.", "confClasses", f, (), both),
        ("/api", "description", "This description.", "object", f, (), (OPENAPI, JSON, HTML)),
        ("/api.html", "manual", "This description for people.", "object", f, (), (HTML,)),
        ("/collections", "catalogs", "Catalogues.", "catalogs", f, (), both),
        (within, "catalog", "One catalogue.", "catalog", f, named, (CATALOG, JSON, HTML)),
        (f"{within}/items", "items", "Records of a catalogue.", "recordCollectionGeoJSON",
         ("f", *_OF_ITEMS), named, (GEOJSON, JSON, HTML)),
        (f"{within}/items/{{recordId}}", "record", "One record.", "recordGeoJSON", f, one,
         (GEOJSON, JSON, HTML)),
        (f"{within}/sortables", "sortables", "What records can be sorted by, as a JSON schema.", "object",
         f, named, (SCHEMA, JSON, HTML)),
    ]  # fmt: skip
    for path, name, summary, schema, parameters, own, kinds in told:
        yield path, get(name, summary, schema, parameters, own=own, media_types=kinds, bad=True)


def _parameters() -> dict[str, Any]:
    corners: Schema = {"type": "array", "items": {"type": "number"}, "oneOf": [length(4), length(6)]}
    told: dict[str, tuple[str, Schema]] = {
        "f": ("The format, whatever Accept says.", {"type": "string", "enum": ["json", "html"]}),
        "limit": (
            "How many at most; more than 1000 are not given.",
            {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
        ),
        "bbox": (
            "west,south,east,north in degrees; west greater than east crosses the antimeridian.",
            corners,
        ),
        "datetime": ("An RFC 3339 time, or two with / between, of which one may be .. or empty.", TEXT),
        "q": ("Texts of which one is found; the words of a text stand side by side.", _TEXTS),
        "type": ("Kinds of things that are described: all are `dataset`.", _TEXTS),
        "ids": ("Identifiers of records.", _TEXTS),
        "externalIds": ("Identifiers that others gave; records of products have none.", _TEXTS),
        "sortby": (
            "Names of /sortables, - before one to begin with the greatest.",
            {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "[+-]?.+"}},
        ),
        "token": ("Where the page begins, as the link `next` of the page before says.", TEXT),
    }
    return {
        name: query_parameter(name, described, schema, listed=name in _LISTED)
        for name, (described, schema) in told.items()
    }


def _schemas() -> dict[str, Any]:
    count: Schema = {"type": "integer", "minimum": 0}
    links: Schema = {"type": "array", "items": ref("link")}
    of = ("Feature", "FeatureCollection", "Collection")
    kinds: dict[str, Schema] = {kind: {"type": "string", "enum": [kind]} for kind in of}
    maybe = OBJECT | {"nullable": True}
    described = {
        "type": kinds["Feature"], "id": TEXT, "geometry": maybe, "properties": OBJECT, "time": maybe,
        "conformsTo": _TEXTS, "bbox": {"type": "array", "items": {"type": "number"}}, "links": links,
    }  # fmt: skip
    return {
        "object": OBJECT,
        "exception": openapi.exception_schema(),
        "link": record(
            ("href", "rel"), href=TEXT, rel=TEXT, type=TEXT, title=TEXT, hreflang=TEXT,
            length={"type": "integer"},
        ),
        "landingPage": record(("links",), title=TEXT, description=TEXT, links=links),
        "confClasses": record(("conformsTo",), conformsTo=_TEXTS),
        "catalog": record(
            ("id", "type", "links"), id=TEXT, type=kinds["Collection"], itemType=TEXT, title=TEXT,
            description=TEXT, keywords=_TEXTS, license=TEXT, extent=OBJECT, crs=_TEXTS, links=links,
        ),
        "catalogs": record(
            ("collections", "links"), collections={"type": "array", "items": ref("catalog")}, links=links
        ),
        "recordGeoJSON": record(("id", "type", "geometry", "properties", "links"), **described),
        "recordCollectionGeoJSON": record(
            ("type", "features", "links"), type=kinds["FeatureCollection"], links=links, timeStamp=TEXT,
            features={"type": "array", "items": ref("recordGeoJSON")}, numberMatched=count,
            numberReturned=count,
        ),
    }  # fmt: skip
