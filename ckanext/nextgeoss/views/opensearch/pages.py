"""OpenSearch for people: what it is and how to use it here, and what a search finds."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as BaseResponse

from ...eo.errors import BadValue
from ...eo.formats.site import OSDD_TYPE
from ...search.opensearch_parameters import COLLECTIONS, DEEPEST, DEFAULT_COUNT, MOST, PRODUCTS
from ...search.solr import SolrError
from ..addresses import site
from ..api import NotThere, finished
from .answers import TYPES, find, offered
from .documents import description

blueprint = Blueprint("nextgeoss_opensearch_pages", __name__)

_XML = ("application/xml", "text/xml")
_PAGE = "text/html"
_RESULTS = "nextgeoss/opensearch_results.html"
_STATUS: dict[type[Exception], int] = {
    BadValue: 400,
    NotThere: 404,
    toolkit.NotAuthorized: 403,
    SolrError: 503,
}


@blueprint.get("/opensearch")
def start() -> BaseResponse | str:
    """The description document for programs, help for people, who ask for a page."""
    wanted = request.accept_mimetypes
    best = wanted.best_match([OSDD_TYPE, *_XML, _PAGE]) if wanted.provided else OSDD_TYPE
    if best == _PAGE:
        return toolkit.render("nextgeoss/opensearch.html", _help())
    if best is None:
        return Response(f"There is {OSDD_TYPE} and {_PAGE}.", 406, content_type="text/plain")
    return finished(Response(description("collection"), content_type=f"{OSDD_TYPE}; charset=utf-8"))


@blueprint.get("/opensearch/search.html")
def products() -> str:
    """Products, as a page."""
    return _results(PRODUCTS)


@blueprint.get("/opensearch/collection_search.html")
def collections() -> str:
    """Collections, as a page."""
    return _results(COLLECTIONS)


def _help() -> dict[str, Any]:
    ours = site()
    return {
        "site": ours,
        "parameters": {level: offered(level) for level in (PRODUCTS, COLLECTIONS)},
        "types": TYPES,
        "default_count": DEFAULT_COUNT,
        "most": MOST,
        "deepest": DEEPEST,
    }


def _results(level: str) -> str:
    answer = find(level, "html")
    links = {link.rel: link for link in answer.feed.links}
    return toolkit.render(_RESULTS, {"answer": answer, "links": links, "level": level})


def _failure(error: Exception) -> tuple[str, int]:
    """The page that says why there is nothing to see."""
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    unsaid = {
        403: toolkit._("You may not search here."),
        503: toolkit._("The search is not available at the moment."),
    }
    level = COLLECTIONS if "collection_search" in request.path else PRODUCTS
    return toolkit.render(_RESULTS, {"failure": unsaid.get(status, str(error)), "level": level}), status


for kind in _STATUS:
    blueprint.register_error_handler(kind, _failure)
