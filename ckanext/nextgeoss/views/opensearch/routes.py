"""Addresses of OpenSearch for programs; those of the original hub among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, redirect, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.wrappers import Response as BaseResponse

from ...eo import fast_json
from ...eo.formats import atom_series, atom_write, eo_geojson_write, eo_series_geojson, rss_write
from ...eo.formats.exceptions import EXCEPTION_TYPE, exception_object, exception_report
from ...eo.formats.site import OSDD_TYPE
from ...search.opensearch_parameters import COLLECTIONS, PRODUCTS
from ..addresses import site
from ..api import Problem, api
from .answers import PATHS, TYPES, Answer, find
from .documents import description

JSON_TYPE = "application/json"
_JSON_PATHS = ("/opensearch/collections", "/opensearch/products")
_SUFFIXES = "<any(atom, rss, json):suffix>"


def told(problem: Problem) -> tuple[bytes, str]:
    """An error in the form of what was asked for."""
    path = request.path
    if path.endswith(".json") or path.startswith(_JSON_PATHS):
        error = exception_object(problem.code, problem.reason, problem.where)
        return fast_json.dumps(error).encode(), JSON_TYPE
    return exception_report(problem.code, problem.reason, problem.where), EXCEPTION_TYPE


blueprint = api("nextgeoss_opensearch", told)

_WRITERS: Mapping[tuple[str, str], Callable[[Any, Any, Any], Any]] = {
    (PRODUCTS, "atom"): atom_write.write_feed,
    (PRODUCTS, "rss"): rss_write.write_feed,
    (PRODUCTS, "json"): eo_geojson_write.write_answer,
    (COLLECTIONS, "atom"): atom_series.write_series,
    (COLLECTIONS, "rss"): rss_write.write_series,
    (COLLECTIONS, "json"): eo_series_geojson.write_answer,
}


@blueprint.get("/opensearch/description.xml")
def describe() -> Response:
    """The description document of what can be searched."""
    osdd = request.args.get("osdd", "").strip() or "collection"
    return Response(description(osdd), content_type=f"{OSDD_TYPE}; charset=utf-8")


@blueprint.get(f"/opensearch/search.{_SUFFIXES}")
def products(suffix: str) -> Response:
    """Products."""
    return _written(PRODUCTS, suffix)


@blueprint.get(f"/opensearch/collection_search.{_SUFFIXES}")
def collections(suffix: str) -> Response:
    """Collections."""
    return _written(COLLECTIONS, suffix)


@blueprint.get("/opensearch/collections")
def collections_as_json() -> Response:
    """Collections, where clients of the Terrascope catalogue and of eodag look for them."""
    return _written(COLLECTIONS, "json")


@blueprint.get("/opensearch/products")
def products_as_json() -> Response:
    """Products, where the same clients look for them."""
    return _written(PRODUCTS, "json")


@blueprint.get("/opensearch/collections/<path:collection>/products")
def products_of(collection: str) -> Response:
    """The products of a collection."""
    return _written(PRODUCTS, "json", {"parentIdentifier": collection})


@blueprint.get("/opensearch/<any(search, collection_search):path>")
def negotiated(path: str) -> BaseResponse:
    """What is found, in the format that the client would rather have (`Accept`, or `httpAccept` of SRU)."""
    level = PRODUCTS if path == PATHS[PRODUCTS] else COLLECTIONS
    wanted = request.args.get("httpAccept", "").strip()
    suffix = _suffix_of(wanted) if wanted else _preferred()
    if suffix == "html":
        query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
        return redirect(f"{site().base}/opensearch/{path}.html{query}", 303)
    return _written(level, suffix)


def _preferred() -> str:
    offered = {**{TYPES[suffix]: suffix for suffix in TYPES}, JSON_TYPE: "json"}
    best = request.accept_mimetypes.best_match(list(offered))
    if request.accept_mimetypes.provided and best is None:
        raise NotAcceptable(f"There is {', '.join(offered)}.")
    return offered[best] if best else "atom"


def _suffix_of(media_type: str) -> str:
    found = next((suffix for suffix, kind in TYPES.items() if kind == media_type), "")
    if not found:
        raise NotAcceptable(f"There is {', '.join(TYPES.values())}.")
    return found


def _written(level: str, suffix: str, fixed: dict[str, str] | None = None) -> Response:
    answer: Answer = find(level, suffix, fixed)
    body = _WRITERS[level, suffix](answer.page, answer.feed, answer.site)
    if suffix == "json":
        return Response(fast_json.dumps(body), content_type=TYPES[suffix])
    return Response(body, content_type=f"{TYPES[suffix]}; charset=utf-8")
