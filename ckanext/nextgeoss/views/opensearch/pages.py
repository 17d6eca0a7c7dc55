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
from ..api import NotThere, finished
from .answers import TYPES, find, offered, site
from .documents import description

blueprint = Blueprint("nextgeoss_opensearch_pages", __name__)

_XML = ("application/xml", "text/xml")
_PAGE = "text/html"


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
def products() -> Any:
    """Products, as a page."""
    return _results(PRODUCTS)


@blueprint.get("/opensearch/collection_search.html")
def collections() -> Any:
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


def _results(level: str) -> tuple[str, int]:
    template = "nextgeoss/opensearch_results.html"
    try:
        answer = find(level, "html")
    except BadValue as error:
        return toolkit.render(template, {"failure": str(error), "level": level}), 400
    except NotThere as error:
        return toolkit.render(template, {"failure": str(error), "level": level}), 404
    except SolrError:
        failure = toolkit._("The search is not available at the moment.")
        return toolkit.render(template, {"failure": failure, "level": level}), 503
    links = {link.rel: link for link in answer.feed.links}
    return toolkit.render(template, {"answer": answer, "links": links, "level": level}), 200
