"""Our STAC API as an OpenAPI 3.0 document, and that document as a page for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..periods import INTERVALS
from . import openapi
from .openapi import (
    OBJECT,
    OPENAPI,
    TEXTS,
    Schema,
    length,
    path_parameter,
    posted,
    query_parameter,
    record,
    ref,
)
from .openapi import page as page
from .site import Site
from .stac_collection_write import SCHEMA
from .stac_transactions_openapi import add_transactions, security_schemes
from .stac_write import GEOJSON, HTML, JSON

_WITHIN = "/collections/{collectionId}"
# what stands in a path
_NAMED = {"collectionId": "the collection", "itemId": "the item"}
_LANGUAGES: Schema = {"type": "string", "enum": ["cql2-text", "cql2-json"]}
_CRS: Schema = {"type": "string", "enum": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]}
# parameters of items of one collection, of searches, of collections; what aggregations are asked besides
_FILTER = ("filter", "filter-lang", "filter-crs")
_OF_ITEMS = (
    "limit", "bbox", "datetime", "ids", "collections", "fields", "sortby", "query", "q", "token", *_FILTER,
)  # fmt: skip
_SEARCH = ("intersects", *_OF_ITEMS)
_OF_COLLECTIONS = ("limit", "bbox", "datetime", "q", "query", "sortby", "fields", "token", *_FILTER)
_COUNTED = ("aggregations", "datetime_frequency_interval")
# path, name, what it is, schema of the answer, parameters, media type
_GET: tuple[tuple[str, str, str, str, tuple[str, ...], str], ...] = (
    ("/", "landing", "Landing page: what there is, and what the API conforms to.", "catalog", (), JSON),
    ("/conformance", "conformance", "What the API conforms to.", "object", (), JSON),
    ("/api", "description", "This description.", "object", (), OPENAPI),
    ("/api.html", "manual", "This description for people.", "text", (), HTML),
    ("/collections", "collections", "Collections.", "collections", _OF_COLLECTIONS, JSON),
    ("/children", "children", "All collections, as children of the landing page.", "object", (), JSON),
    (_WITHIN, "collection", "One collection.", "collection", (), JSON),
    (f"{_WITHIN}/items", "items", "Items of a collection.", "itemCollection", _OF_ITEMS, GEOJSON),
    (f"{_WITHIN}/items/{{itemId}}", "item", "One item.", "item", (), GEOJSON),
    ("/browse/{collectionId}", "browse", "Items of a collection by links: by year, month and day.", "catalog",
     ("period", "token"), JSON),
    ("/aggregations", "aggregations", "What can be counted, by name and type.", "aggregations", (), JSON),
    (f"{_WITHIN}/aggregations", "aggregationsOfCollection", "What can be counted, by name and type.",
     "aggregations", (), JSON),
    ("/queryables", "queryables", "What can be asked of items, as a JSON schema.", "object", (), SCHEMA),
    ("/sortables", "sortables", "What items are sorted by, as a JSON schema.", "object", (), SCHEMA),
    (f"{_WITHIN}/queryables", "queryablesOfCollection",
     "What can be asked of items of a collection, as a JSON schema.", "object", (), SCHEMA),
    (f"{_WITHIN}/sortables", "sortablesOfCollection",
     "What items of a collection are sorted by, as a JSON schema.", "object", (), SCHEMA),
    ("/collection-queryables", "queryablesOfCollections",
     "What can be asked of collections, as a JSON schema.", "object", (), SCHEMA),
    ("/collection-sortables", "sortablesOfCollections",
     "What collections are sorted by, as a JSON schema.", "object", (), SCHEMA),
    ("/extensions/guf/v1.0.0/schema.json", "feedbackExtension",
     "The JSON schema of what items and collections tell of feedback.", "object", (), SCHEMA),
)  # fmt: skip


def document(site: Site) -> dict[str, Any]:
    """What is served at `/stac`."""
    paths = dict(_paths())
    add_transactions(paths)
    components = {
        "schemas": _schemas(),
        "parameters": _parameters(),
        "securitySchemes": security_schemes(),
    }
    return openapi.document(
        f"{site.base}/stac",
        paths,
        title=f"{site.title}: STAC API",
        description="Products of Earth observation as STAC 1.1.0 items, in collections.",
        components=components,
    )


def _paths() -> Iterator[tuple[str, Any]]:
    for path, name, summary, schema, asked, media_type in _GET:
        yield path, _get(path, name, summary, schema, asked, media_type)
    yield (
        "/search",
        _get("/search", "search", "Items.", "itemCollection", _SEARCH, GEOJSON)
        | {
            "post": posted(
                "searchByPost", "Items, asked by a body.", "itemCollection", "searchBody", (GEOJSON,)
            )
        },
    )
    for within, asked, of in (("", _SEARCH, ""), (_WITHIN, _OF_ITEMS, "OfCollection")):
        yield f"{within}/aggregate", _aggregate(f"{within}/aggregate", f"aggregate{of}", asked)


def _get(
    path: str, name: str, summary: str, schema: str, asked: tuple[str, ...], media_type: str
) -> dict[str, Any]:
    """A path with GET: only where something is asked it can be asked wrongly."""
    own = _of_path(path)
    return openapi.get(name, summary, schema, asked, own=own, media_types=(media_type,), bad=bool(asked))


def _aggregate(path: str, name: str, asked: tuple[str, ...]) -> dict[str, Any]:
    told, schema, own = "Counts over the items of a search.", "aggregationCollection", list(_of_path(path))
    by_post = posted(f"{name}ByPost", told, schema, "aggregateBody", may_miss=bool(own))
    by_get = _get(path, name, told, schema, (*asked, *_COUNTED), JSON)
    return by_get | {"post": by_post | ({"parameters": own} if own else {})}


def _of_path(path: str) -> tuple[Schema, ...]:
    return tuple(path_parameter(name, what) for name, what in _NAMED.items() if f"{{{name}}}" in path)


def _parameters() -> dict[str, Any]:
    number: Schema = {"type": "number"}
    told: dict[str, tuple[str, Schema]] = {
        "limit": (
            "How many at most; more than 1000 are not given.",
            {"type": "integer", "minimum": 1, "default": 10},
        ),
        "bbox": (
            "west,south,east,north in degrees, or six numbers with heights, which do not count; west greater "
            "than east crosses the antimeridian.",
            {"type": "array", "items": number, "oneOf": [length(4), length(6)]},
        ),
        "datetime": (
            "An RFC 3339 time, or two with / between, of which one may be .. or empty.",
            {"type": "string"},
        ),
        "intersects": ("A GeoJSON geometry, not beside bbox.", {"type": "string"}),
        "ids": ("Identifiers of items.", TEXTS),
        "collections": ("Identifiers of collections.", TEXTS),
        "fields": ("Members that are wanted, or with - before them not wanted.", {"type": "string"}),
        "sortby": ("Names of /sortables, each with + or - before it.", {"type": "string"}),
        "query": (
            'Conditions as JSON, {"eo:cloud_cover": {"lte": 20}}, with eq, neq, lt, lte, gt, gte, '
            "startsWith, endsWith, contains, in; names of /queryables.",
            {"type": "string"},
        ),
        "filter": ("A filter in CQL2 over the names of the queryables.", {"type": "string"}),
        "filter-lang": ("The language of the filter.", _LANGUAGES | {"default": "cql2-text"}),
        "filter-crs": ("The coordinate system of geometries in the filter.", _CRS),
        "q": (
            "Words; all of those between two commas must be found. With AND, OR, NOT, + or - before a word, "
            "quotes and parentheses; beside these, words are alternatives.",
            {"type": "string"},
        ),
        "aggregations": ("Names of /aggregations.", TEXTS),
        "datetime_frequency_interval": (
            "The periods of datetime_frequency; those that suit the items unless it is said.",
            {"type": "string", "enum": list(INTERVALS)},
        ),
        "period": ("A year, month or day such as 2024-05, or undated.", {"type": "string"}),
        "token": ("Where the page begins, as the link `next` of the page before says.", {"type": "string"}),
    }
    listed = ("bbox", "ids", "collections", "aggregations")
    return {
        name: query_parameter(name, described, schema, listed=name in listed)
        for name, (described, schema) in told.items()
    }


def _schemas() -> dict[str, Any]:
    links = {"type": "array", "items": OBJECT}
    counts: Schema = {name: {"type": "integer", "minimum": 0} for name in ("numberMatched", "numberReturned")}
    text: Schema = {"type": "string"}
    feature = {"type": text, "id": text, "geometry": OBJECT | {"nullable": True}, "properties": OBJECT}
    return {
        "object": OBJECT,
        "exception": openapi.exception_schema(),
        "catalog": record(("id", "links"), id=text, links=links),
        "collection": record(("id",), id=text, links=links),
        "collections": record(
            ("collections", "links"), collections={"type": "array", "items": ref("collection")}, links=links,
            **counts,
        ),
        "item": {"type": "object", "properties": feature | {"links": links, "assets": OBJECT}},
        "itemCollection": record(
            ("type", "features", "links"), type=text, features={"type": "array", "items": ref("item")},
            links=links, **counts,
        ),
        "searchBody": record(
            (), limit={"type": "integer", "minimum": 1}, bbox={"type": "array", "items": {"type": "number"}},
            datetime=text, intersects=OBJECT, ids=TEXTS, collections=TEXTS, fields=OBJECT,
            sortby={"type": "array", "items": OBJECT}, query=OBJECT, token=text,
            q={"oneOf": [text, TEXTS]}, filter={"oneOf": [OBJECT, text, {"type": "boolean"}]},
            **{"filter-lang": _LANGUAGES | {"default": "cql2-json"}, "filter-crs": _CRS},
        ),
        "aggregateBody": {"allOf": [
            ref("searchBody"),
            record((), aggregations=TEXTS, datetime_frequency_interval={**text, "enum": list(INTERVALS)}),
        ]},
        "aggregations": record(
            ("aggregations", "links"), links=links,
            aggregations={"type": "array", "items": record(("name", "data_type"), name=text, data_type=text)},
        ),
        "aggregationCollection": record(
            ("type", "aggregations", "links"), type=text, links=links,
            aggregations={"type": "array", "items": record(
                ("name", "data_type"), name=text, data_type=text, value={"nullable": True}, buckets={
                    "type": "array", "items": record(
                        ("key", "data_type", "frequency"), key=text, data_type=text,
                        frequency={"type": "integer", "minimum": 0},
                        **{"from": {"type": "number"}, "to": {"type": "number"}},
                    ),
                }, overflow={"type": "integer", "minimum": 0},
            )},
        ),
    }  # fmt: skip
