"""`/dhus/...`: searches and products as DHuS answers them, for sentinelsat and scripts made for its hubs."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import orjson
from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from .. import config
from ..eo.errors import BadValue
from ..eo.formats.atom_write import ATOM_TYPE
from ..eo.formats.dhus_write import DhusSearch, file_asset, has_picture, write_atom, write_json
from ..eo.formats.odata2_write import write_entity
from ..eo.page import Entry
from ..eo.product import Product
from ..eo.query import Query
from ..search.dhus_query import dhus_search
from .addresses import site
from .api import NotThere, Problem, api
from .caller import catalogue_of_caller

_JSON = "application/json"
_STEP = re.compile(r"(\w+)(?:\('([^']*)'\))?")


def _told(problem: Problem) -> tuple[bytes, str]:
    """An error as OData 2 has it, which clients of DHuS read for searches too."""
    message = {"lang": "en", "value": problem.reason}
    return orjson.dumps({"error": {"code": problem.code, "message": message}}), _JSON


blueprint = api("nextgeoss_dhus", _told)


@blueprint.get("/dhus/search")
def search() -> Response:
    """The products that a text in DHuS's language finds, in Atom or, for `format=json`, in JSON."""
    form = request.args.get("format", "xml").lower()
    if form not in ("xml", "json"):
        raise BadValue(form, "format", "xml or json")
    now = datetime.now(timezone.utc)
    query = dhus_search(request.args, config.eo_properties(), now)
    page = catalogue_of_caller().search(query)
    asked = DhusSearch(
        address=f"{site().base}/dhus/search",
        words=request.args.get("q", "*"),
        start=query.offset,
        rows=query.limit,
        order=request.args.get("orderby", ""),
        updated=now,
    )
    if form == "json":
        return Response(orjson.dumps(write_json(page, asked, site())), content_type=_JSON)
    return Response(write_atom(page, asked, site()), content_type=ATOM_TYPE)


@blueprint.get("/dhus/odata/v1/Products('<id>')")
@blueprint.get("/dhus/odata/v1/Products('<id>')/")
def product(id: str) -> Response:
    """A product by the id of its dataset, as JSON; `$expand=Attributes` for all that is told of it."""
    _check_json()
    expanded = [name.strip() for name in request.args.get("$expand", "").split(",")]
    entity = write_entity(*_found(id), site(), with_attributes="Attributes" in expanded)
    return Response(orjson.dumps(entity), content_type=_JSON)


@blueprint.get("/dhus/odata/v1/Products('<id>')/$value")
def file(id: str) -> BaseResponse:
    """The way to the product's file, at its provider."""
    asset = file_asset(_found(id)[0])
    if asset is None:
        raise NotThere("file that can be fetched over HTTP of product", id)
    return redirect(asset.href)


@blueprint.get("/dhus/odata/v1/Products('<id>')/Products('Quicklook')/$value")
def quicklook(id: str) -> BaseResponse:
    """The way to the product's picture."""
    found, entry = _found(id)
    if not has_picture(found):
        raise NotThere("picture of product", id)
    return redirect(site().quicklook(entry.uuid))


@blueprint.get("/dhus/odata/v1/Products('<id>')/<path:path>/$value")
def value(id: str, path: str) -> Response:
    """One value of a product as text, such as Online, Checksum/Value or Attributes('Identifier')/Value."""
    found: Any = write_entity(*_found(id), site(), with_attributes=True)["d"]
    for step in path.split("/"):
        match = _STEP.fullmatch(step)
        found = found.get(match[1]) if match and isinstance(found, dict) else None
        if match and match[2] is not None:
            members = found.get("results", ()) if isinstance(found, dict) else ()
            found = next((each for each in members if each["Id"] == match[2]), None)
    if found is None or isinstance(found, dict):
        raise NotThere("value of a product", path)
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return Response(text, content_type="text/plain; charset=utf-8")


def _check_json() -> None:
    form = request.args.get("$format", "json")
    if form not in ("json", _JSON):
        raise BadValue(form, "$format", "json")


def _found(id: str) -> tuple[Product, Entry]:
    """The product whose dataset has this id."""
    page = catalogue_of_caller().search(Query(ids=(id,), limit=2))
    pairs = zip(page.products, page.entries, strict=True)
    for found, entry in pairs:
        if entry.uuid == id or found.id == id:
            return found, entry
    raise NotThere("product", id)
