"""Requests and answers of the STAC API as its documents need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from ...eo.errors import BadValue
from ...eo.formats.site import Site
from ...eo.formats.stac_write import JSON, write_entry
from ...eo.held import Held
from ...eo.page import Entry, Page
from ...eo.product import Product
from ...eo.query import Query
from ...search.catalogue import Catalogue
from ...search.collections import find_collection
from ..api import NotThere, Problem
from ..written import written

# parameters that list things, which some clients give several times
_LISTS = ("ids", "collections", "q", "fields", "sortby", "aggregations")


def answer(document: Any, media_type: str = JSON) -> Response:
    """A document as JSON."""
    return Response(orjson.dumps(document), content_type=media_type)


def told(problem: Problem) -> tuple[bytes, str]:
    """An error in the form of STAC API: code and description."""
    return orjson.dumps({"code": problem.code, "description": problem.reason}), JSON


def parameters() -> dict[str, str]:
    """The parameters of the address, each with one value; BadValue for several where one is expected."""
    found: dict[str, str] = {}
    for name, values in request.args.lists():
        if len(values) > 1 and name not in _LISTS:
            raise BadValue(values, name, "one value")
        found[name] = ",".join(values)
    return found


def posted() -> dict[str, Any]:
    """The members of the body; BadValue when it is no JSON object."""
    try:
        body = orjson.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise BadValue(request.get_data(as_text=True), "body", "a JSON object") from error
    if not isinstance(body, dict):
        raise BadValue(body, "body", "a JSON object")
    return body


def with_parameters(address: str, found: Mapping[str, Any]) -> str:
    """An address with these parameters."""
    return f"{address}?{urlencode(found)}" if found else address


def held_collection(catalogue: Catalogue, name: str) -> Held:
    """The collection of this id or alias; NotThere when the caller may see none."""
    held = find_collection(catalogue, name)
    if held is None:
        raise NotThere("collection", name)
    return held


def found_page(catalogue: Catalogue, query: Query) -> Page:
    """What a query finds; BadValue names the token, as which these APIs know a cursor."""
    with cursor_as_token():
        return catalogue.search(query)


@contextmanager
def cursor_as_token() -> Iterator[None]:
    """A BadValue for a cursor becomes one for the token that it was given as."""
    try:
        yield
    except BadValue as error:
        if error.where == "cursor":
            raise BadValue(error.value, "token", "the token of a next link") from error
        raise


def written_item(catalogue: Catalogue, here: Site, collection: str, identifier: str) -> dict[str, Any] | None:
    """The item of this name in a collection; None when the caller may see none."""

    def write(product: Product, entry: Entry) -> dict[str, Any]:
        return write_entry(product, entry, here, catalogue.properties)

    page = catalogue.search(Query(ids=(identifier,), collections=(collection,), limit=2))
    for product, entry in zip(page.products, page.entries, strict=True):
        if product.id == identifier:
            return written(product, entry, write)
    return None
