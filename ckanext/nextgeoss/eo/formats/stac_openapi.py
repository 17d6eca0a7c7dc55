"""Our STAC API as an OpenAPI 3.0 document, and that document as a page for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from ..periods import INTERVALS
from .site import Site
from .stac_collection_write import SCHEMA
from .stac_transactions_openapi import add_transactions, security_schemes
from .stac_write import GEOJSON, HTML, JSON

Schema = dict[str, Any]
_OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
_STYLE = (
    "body{font:1rem/1.5 sans-serif;margin:2rem auto;max-width:50rem;padding:0 1rem;overflow-wrap:anywhere}"
    "dd{margin-bottom:.5rem}"
)
_OBJECT: Schema = {"type": "object"}
_WITHIN = "/collections/{collectionId}"
# what is asked of aggregations beside the parameters of a search
_COUNTED = ("aggregations", "datetime_frequency_interval")
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}


def document(site: Site) -> dict[str, Any]:
    """What is served at `/stac`."""
    paths = dict(_paths())
    add_transactions(paths)
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{site.title}: STAC API",
            "version": "1.0.0",
            "description": "Products of Earth observation as STAC 1.1.0 items, in collections.",
        },
        "servers": [{"url": f"{site.base}/stac"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "parameters": _parameters(),
            "securitySchemes": security_schemes(),
        },
    }


def page(told: Mapping[str, Any]) -> str:
    """The page that shows a document of this module."""
    info, server = told["info"], told["servers"][0]["url"]
    parts = [f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])}</p>"]
    parts.append(f'<p>Address: <a href="{escape(server)}"><code>{escape(server)}</code></a></p>')
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            parts.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2>")
            parts.append(f"<p>{escape(operation['summary'])}</p>")
            rows = [_row(told, parameter) for parameter in operation.get("parameters", ())]
            if rows:
                parts.append(f"<dl>{''.join(rows)}</dl>")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _row(told: Mapping[str, Any], parameter: Mapping[str, Any]) -> str:
    name = parameter.get("$ref", "").rpartition("/")[2]
    about = told["components"]["parameters"][name] if name else parameter
    return f"<dt><code>{escape(about['name'])}</code></dt><dd>{escape(about['description'])}</dd>"


def _paths() -> Iterator[tuple[str, Any]]:
    of_items = (
        "limit", "bbox", "datetime", "ids", "collections", "fields", "sortby", "query", "q", "token",
    )  # fmt: skip
    everywhere = (*of_items[:3], "intersects", *of_items[3:])
    named, one = (_path("collectionId", "the collection"),), _path("itemId", "the item")
    within = _WITHIN
    yield "/", _get("landing", "Landing page: what there is, and what the API conforms to.", "catalog")
    yield "/conformance", _get("conformance", "What the API conforms to.", "object")
    yield "/api", _get("description", "This description.", "object", media_type=_OPENAPI)
    yield "/api.html", _get("manual", "This description for people.", "text", media_type=HTML)
    yield (
        "/collections",
        _get(
            "collections",
            "Collections.",
            "collections",
            ("limit", "bbox", "datetime", "q", "token"),
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
    posted = _posted("searchByPost", "Items, asked by a body.", "itemCollection", "searchBody", GEOJSON)
    yield "/search", search | {"post": posted}
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
    operation = _operation(name, summary, schema, media_type, bad=bad, may_miss=bool(own))
    named = [*own, *({"$ref": f"#/components/parameters/{each}"} for each in parameters)]
    return {"get": operation | ({"parameters": named} if named else {})}


def _aggregations(
    everywhere: tuple[str, ...], of_items: tuple[str, ...], named: tuple[Schema, ...]
) -> Iterator[tuple[str, Any]]:
    for path, asked, own, of in (("", everywhere, (), ""), (_WITHIN, of_items, named, "OfCollection")):
        told = "Counts over the items of a search."
        by_get = _get(f"aggregate{of}", told, "aggregationCollection", asked, own=own, bad=True)
        by_post = _posted(
            f"aggregate{of}ByPost", told, "aggregationCollection", "aggregateBody", may_miss=bool(own)
        )
        yield f"{path}/aggregate", by_get | {"post": by_post | ({"parameters": list(own)} if own else {})}
        yield (
            f"{path}/aggregations",
            _get(f"aggregations{of}", "What can be counted, by name and type.", "aggregations", own=own),
        )


def _posted(
    name: str, summary: str, schema: str, asked: str, media_type: str = JSON, *, may_miss: bool = False
) -> dict[str, Any]:
    operation = _operation(name, summary, schema, media_type, bad=True, may_miss=may_miss)
    return operation | {"requestBody": {"content": {JSON: {"schema": _ref(asked)}}, "required": True}}


def _operation(
    name: str, summary: str, schema: str, media_type: str, *, bad: bool, may_miss: bool = False
) -> dict[str, Any]:
    responses = {"200": {"description": "The answer.", "content": {media_type: {"schema": _ref(schema)}}}}
    problem = {JSON: {"schema": _ref("exception")}}
    if bad:
        responses["400"] = {"description": "A parameter that is not allowed.", "content": problem}
    if may_miss:
        responses["404"] = {
            "description": "There is no such thing, or not for the caller.",
            "content": problem,
        }
    responses["default"] = {"description": "An error.", "content": problem}
    return {"operationId": name, "summary": summary, "responses": responses}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _path(name: str, what: str) -> Schema:
    described = f"The identifier of {what}."
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": described,
        "schema": {"type": "string"},
    }


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
            {"type": "array", "items": number, "oneOf": [_length(4), _length(6)]},
        ),
        "datetime": (
            "An RFC 3339 time, or two with / between, of which one may be .. or empty.",
            {"type": "string"},
        ),
        "intersects": ("A GeoJSON geometry, not beside bbox.", {"type": "string"}),
        "ids": ("Identifiers of items.", _TEXTS),
        "collections": ("Identifiers of collections.", _TEXTS),
        "fields": ("Members that are wanted, or with - before them not wanted.", {"type": "string"}),
        "sortby": ("Names of /sortables, each with + or - before it.", {"type": "string"}),
        "query": (
            'Conditions as JSON, {"eo:cloud_cover": {"lte": 20}}, with eq, neq, lt, lte, gt, gte, '
            "startsWith, endsWith, contains, in; names of /queryables.",
            {"type": "string"},
        ),
        "q": ("Words; one of those between commas must be found.", _TEXTS),
        "aggregations": ("Names of /aggregations.", _TEXTS),
        "datetime_frequency_interval": (
            "The periods of datetime_frequency; those that suit the items unless it is said.",
            {"type": "string", "enum": list(INTERVALS)},
        ),
        "period": ("A year, month or day such as 2024-05, or undated.", {"type": "string"}),
        "token": ("Where the page begins, as the link `next` of the page before says.", {"type": "string"}),
    }
    listed = ("bbox", "ids", "collections", "q", "aggregations")
    return {
        name: {"name": name, "in": "query", "required": False, "description": described, "schema": schema}
        | ({"style": "form", "explode": False} if name in listed else {})
        for name, (described, schema) in told.items()
    }


def _length(length: int) -> Schema:
    return {"minItems": length, "maxItems": length}


def _schemas() -> dict[str, Any]:
    links = {"type": "array", "items": _OBJECT}
    counts: Schema = {name: {"type": "integer", "minimum": 0} for name in ("numberMatched", "numberReturned")}
    text: Schema = {"type": "string"}
    feature = {"type": text, "id": text, "geometry": _OBJECT | {"nullable": True}, "properties": _OBJECT}
    return {
        "object": _OBJECT,
        "text": text,
        "exception": _with(("code", "description"), code=text, description=text),
        "catalog": _with(("id", "links"), id=text, links=links),
        "collection": _with(("id", "description", "license", "extent", "links"), id=text, links=links),
        "collections": _with(
            ("collections", "links"), collections={"type": "array", "items": _ref("collection")}, links=links,
            **counts,
        ),
        "item": {"type": "object", "properties": feature | {"links": links, "assets": _OBJECT}},
        "itemCollection": _with(
            ("type", "features", "links"), type=text, features={"type": "array", "items": _ref("item")},
            links=links, **counts,
        ),
        "searchBody": _with(
            (), limit={"type": "integer", "minimum": 1}, bbox={"type": "array", "items": {"type": "number"}},
            datetime=text, intersects=_OBJECT, ids=_TEXTS, collections=_TEXTS, fields=_OBJECT,
            sortby={"type": "array", "items": _OBJECT}, query=_OBJECT, q=_TEXTS, token=text,
        ),
        "aggregateBody": {"allOf": [
            _ref("searchBody"),
            _with((), aggregations=_TEXTS, datetime_frequency_interval={**text, "enum": list(INTERVALS)}),
        ]},
        "aggregations": _with(
            ("aggregations", "links"), links=links,
            aggregations={"type": "array", "items": _with(("name", "data_type"), name=text, data_type=text)},
        ),
        "aggregationCollection": _with(
            ("type", "aggregations", "links"), type=text, links=links,
            aggregations={"type": "array", "items": _with(
                ("name", "data_type"), name=text, data_type=text, value={"nullable": True}, buckets={
                    "type": "array", "items": _with(
                        ("key", "data_type", "frequency"), key=text, data_type=text,
                        frequency={"type": "integer", "minimum": 0},
                        **{"from": {"type": "number"}, "to": {"type": "number"}},
                    ),
                }, overflow={"type": "integer", "minimum": 0},
            )},
        ),
    }  # fmt: skip


def _with(required: tuple[str, ...], **properties: Any) -> Schema:
    schema: Schema = {"type": "object", "properties": properties}
    return schema | ({"required": list(required)} if required else {})
