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
_FILTER = ("filter", "filter-lang", "filter-crs")
_LANGUAGES: Schema = {"type": "string", "enum": ["cql2-text", "cql2-json"]}
_CRS: Schema = {"type": "string", "enum": ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]}
# what is asked of aggregations beside the parameters of a search
_COUNTED = ("aggregations", "datetime_frequency_interval")


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
    of_items = (
        "limit", "bbox", "datetime", "ids", "collections", "fields", "sortby", "query", "q", "token",
        *_FILTER,
    )  # fmt: skip
    everywhere = (*of_items[:3], "intersects", *of_items[3:])
    named, one = (path_parameter("collectionId", "the collection"),), path_parameter("itemId", "the item")
    within = _WITHIN
    yield "/", _get("landing", "Landing page: what there is, and what the API conforms to.", "catalog")
    yield "/conformance", _get("conformance", "What the API conforms to.", "object")
    yield "/api", _get("description", "This description.", "object", media_type=OPENAPI)
    yield "/api.html", _get("manual", "This description for people.", "text", media_type=HTML)
    yield (
        "/collections",
        _get(
            "collections",
            "Collections.",
            "collections",
            ("limit", "bbox", "datetime", "q", "query", "sortby", "fields", "token", *_FILTER),
            bad=True,
        ),
    )
    yield "/children", _get("children", "All collections, as children of the landing page.", "object")
    yield within, _get("collection", "One collection.", "collection", own=named)
    yield (
        f"{within}/items",
        _get(
            "items",
            "Items of a collection.",
            "itemCollection",
            of_items,
            own=named,
            media_type=GEOJSON,
            bad=True,
        ),
    )
    yield (
        f"{within}/items/{{itemId}}",
        _get("item", "One item.", "item", own=(*named, one), media_type=GEOJSON),
    )
    yield "/browse/{collectionId}", _get(
        "browse", "Items of a collection by links: by year, month and day.", "catalog", ("period", "token"),
        own=named, bad=True,
    )  # fmt: skip
    search = _get("search", "Items.", "itemCollection", everywhere, media_type=GEOJSON, bad=True)
    by_post = posted("searchByPost", "Items, asked by a body.", "itemCollection", "searchBody", (GEOJSON,))
    yield "/search", search | {"post": by_post}
    yield from _aggregations((*everywhere, *_COUNTED), (*of_items, *_COUNTED), named)
    for kind, what in (
        ("queryables", "What can be asked of items"),
        ("sortables", "What items are sorted by"),
    ):
        yield f"/{kind}", _get(kind, f"{what}, as a JSON schema.", "object", media_type=SCHEMA)
        yield f"{within}/{kind}", _get(
            f"{kind}OfCollection", f"{what} of a collection, as a JSON schema.", "object", own=named,
            media_type=SCHEMA,
        )  # fmt: skip
    yield "/collection-queryables", _get(
        "queryablesOfCollections", "What can be asked of collections, as a JSON schema.", "object",
        media_type=SCHEMA,
    )  # fmt: skip
    yield "/collection-sortables", _get(
        "sortablesOfCollections", "What collections are sorted by, as a JSON schema.", "object",
        media_type=SCHEMA,
    )  # fmt: skip


def _get(
    name: str,
    summary: str,
    schema: str,
    parameters: tuple[str, ...] = (),
    *,
    own: tuple[Schema, ...] = (),
    media_type: str = JSON,
    bad: bool = False,
) -> dict[str, Any]:
    return openapi.get(name, summary, schema, parameters, own=own, media_types=(media_type,), bad=bad)


def _aggregations(
    everywhere: tuple[str, ...], of_items: tuple[str, ...], named: tuple[Schema, ...]
) -> Iterator[tuple[str, Any]]:
    for path, asked, own, of in (("", everywhere, (), ""), (_WITHIN, of_items, named, "OfCollection")):
        told = "Counts over the items of a search."
        by_get = _get(f"aggregate{of}", told, "aggregationCollection", asked, own=own, bad=True)
        by_post = posted(
            f"aggregate{of}ByPost", told, "aggregationCollection", "aggregateBody", may_miss=bool(own)
        )
        yield f"{path}/aggregate", by_get | {"post": by_post | ({"parameters": list(own)} if own else {})}
        yield (
            f"{path}/aggregations",
            _get(f"aggregations{of}", "What can be counted, by name and type.", "aggregations", own=own),
        )


def _parameters() -> dict[str, Any]:
    number: Schema = {"type": "number"}
    told: dict[str, tuple[str, Schema]] = {
        "limit": (
            "How many at most; more than 1000 are not given.",
            {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
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
