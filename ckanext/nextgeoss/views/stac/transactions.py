"""Addresses by which items and collections are made, changed and deleted (STAC API extensions Transaction and
Collection Transaction, 1.0.0); each caller may what CKAN allows him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ckan.config.middleware.flask_app import csrf
from flask import Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import PathConverter

from ...eo.errors import BadValue
from ...eo.formats.stac_collection_write import write_collection
from ...eo.formats.stac_write import GEOJSON
from ...logic.collection_transactions import change_collection, create_collection, delete_collection
from ...logic.item_transactions import (
    Outcome,
    change_item,
    collection_to_fill,
    create_item,
    create_items,
    delete_item,
)
from ...logic.writing import Author, Exists, Missing, NotEmpty, Stale
from ...search.collections import find_collection
from ...search.stac_summaries import summaries
from ..addresses import site
from ..api import Problem, api
from ..caller import catalogue_of_caller
from ..token import user_of_token
from .answers import answer, parameters, told, written_item
from .changes import change, fits, given, tagged

# the longer way: CKAN's actions expect all that it does before and after a request
blueprint = api("nextgeoss_stac_transactions", told, short=False)
# who is signed in by a browser only may change nothing here: there is nothing to protect by a form's token
csrf.exempt(blueprint)


class CollectionConverter(PathConverter):
    """The name of a collection at the end of an address, and not of a document below it: names may have
    slashes."""

    regex = r"(?!.*/(?:items|queryables|sortables|aggregations|aggregate)$)[^/].*?"


def _add_converter(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["collection"] = CollectionConverter


blueprint.record(_add_converter)

MOST_ITEMS = 1000
METHODS = ("insert", "upsert")
_PROBLEMS: dict[type[Exception], tuple[int, str]] = {
    Missing: (404, "NotFound"),
    Exists: (409, "Conflict"),
    NotEmpty: (409, "Conflict"),
    Stale: (412, "PreconditionFailed"),
}


def _refused(error: Exception) -> Response:
    status, code = _PROBLEMS[type(error)]
    body, media_type = told(Problem(status, code, str(error)))
    return Response(body, status, content_type=media_type)


for kind in _PROBLEMS:
    blueprint.register_error_handler(kind, _refused)


@blueprint.post("/stac/collections/<path:name>/items", merge_slashes=False)
def create_items_of(name: str) -> Response:
    """Make an item, or each of an item collection."""
    author, method = _author(), _method()
    held, owner = collection_to_fill(author, name)
    body = given()
    if body.get("type") == "FeatureCollection":
        outcomes = create_items(author, held, owner, _features(body), update=method == "upsert")
        return _answer_of(outcomes, method)
    collection = held.collection.id
    if method == "upsert":
        outcome = create_items(author, held, owner, [body], update=True)[0]
        if outcome.outcome == "refused":
            return _answer_of([outcome], method)
        status, identifier = (201 if outcome.outcome == "created" else 200), outcome.id.strip()
    else:
        status, identifier = 201, create_item(author, held, owner, body).id
    response = _item(author, collection, identifier)
    response.status_code = status
    response.headers["Location"] = author.site.stac_item(collection, identifier)
    return response


@blueprint.route(
    "/stac/collections/<path:name>/items/<path:identifier>", methods=["PUT", "PATCH"], merge_slashes=False
)
def change_item_of(name: str, identifier: str) -> Response:
    """Make an item say this."""
    author = _author()
    change_item(author, name, identifier, change(), fits)
    return _done()


@blueprint.delete("/stac/collections/<path:name>/items/<path:identifier>", merge_slashes=False)
def delete_item_of(name: str, identifier: str) -> Response:
    """Delete an item; without If-Match it is well if there is none."""
    delete_item(_author(), name, identifier, fits, may_be_gone="If-Match" not in request.headers)
    return _done()


@blueprint.post("/stac/collections")
def create_collection_of() -> Response:
    """Make a collection."""
    author = _author()
    collection = create_collection(author, given())
    held = find_collection(author.catalogue, collection.id)
    if held is None:
        raise Missing("collection", collection.id)
    summed = summaries(author.catalogue).get(collection.id, {})
    response = tagged(write_collection(held, summed, author.site))
    response.status_code = 201
    response.headers["Location"] = author.site.stac_collection(collection.id)
    return response


@blueprint.route("/stac/collections/<collection:name>", methods=["PUT", "PATCH"], merge_slashes=False)
def change_collection_of(name: str) -> Response:
    """Make a collection say this."""
    author = _author()
    change_collection(author, name, change(), fits)
    return _done()


@blueprint.delete("/stac/collections/<collection:name>", merge_slashes=False)
def delete_collection_of(name: str) -> Response:
    """Delete a collection without items."""
    delete_collection(_author(), name, fits)
    return _done()


def _author() -> Author:
    user = user_of_token()
    return Author(user, catalogue_of_caller(), site())


def _method() -> str:
    asked = parameters()
    for name in asked:
        if name != "method":
            raise BadValue(name, "parameters", "method")
    method = asked.get("method", METHODS[0])
    if method not in METHODS:
        raise BadValue(method, "method", " or ".join(METHODS))
    return method


def _features(body: dict[str, Any]) -> list[Any]:
    features = body.get("features")
    if not isinstance(features, list):
        raise BadValue(features, "features", "an array of items")
    if len(features) > MOST_ITEMS:
        raise RequestEntityTooLarge(f"{len(features)} items; at most {MOST_ITEMS} are taken at once")
    return features


def _answer_of(outcomes: Sequence[Outcome], method: str) -> Response:
    """Each outcome, in the order of the items. 201 and 200 (nothing was new) say that all is as it was
    wanted."""
    counts = Counter(each.outcome for each in outcomes)
    document: dict[str, Any] = {"counts": dict(counts), "outcomes": [_written(each) for each in outcomes]}
    status = 201 if counts["created"] else 200
    bad = counts["refused"] + counts["exists"] + (counts["unchanged"] if method == METHODS[0] else 0)
    if bad:
        status, code = (400, "InvalidParameterValue") if counts["refused"] else (409, "Conflict")
        said = f"{bad} of {len(outcomes)} items were not created; outcomes tells of each"
        document = {"code": code, "description": said} | document
    response = answer(document)
    response.status_code = status
    return response


def _written(outcome: Outcome) -> dict[str, str]:
    return {name: value for name, value in asdict(outcome).items() if value}


def _item(author: Author, collection: str, identifier: str) -> Response:
    """The item as it is found now."""
    found = written_item(author.catalogue, author.site, collection, identifier)
    if found is None:
        raise Missing("item", identifier)
    return tagged(found, GEOJSON)


def _done() -> Response:
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
