"""Requests to the simulated provider and what it answers, when nothing is to fail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from xml.sax.saxutils import escape, quoteattr

from ..eo.errors import BadValue
from . import images
from .entries import Entry
from .forms import ATOM, EO_GEOJSON, JSON, ODATA, STAC, Form
from .holdings import Holdings
from .kinds import Reply
from .missions.common import data_file
from .odata_api import BeyondReach, ODataApi
from .opensearch_api import OpenSearchApi
from .stac_api import StacApi, asked_for

_THUMBNAIL, _QUICKLOOK = 128, 320  # pixels
_OPENSEARCH = {"/opensearch/search.atom": ATOM, "/opensearch/search.json": EO_GEOJSON}
_PRODUCTS = "/odata/v1/Products"


class Api:
    """All that a provider at `base_url` answers about its holdings, by protocol and path."""

    def __init__(self, base_url: str, holdings: Holdings):
        self.holdings = holdings
        self.stac = StacApi(base_url, holdings)
        self.opensearch = OpenSearchApi(base_url, holdings)
        self.odata = ODataApi(base_url, holdings)

    def answer(self, method: str, path: str, parameters: Mapping[str, str], body: bytes) -> Reply:
        """The answer to a request; `path` is decoded and has no slash at its end."""
        form = form_of(path)
        try:
            if path == "/search":
                return _search(self.stac, method, parameters, body)
            if method not in ("GET", "HEAD"):
                return refusal(form, 405, f"{method} {path}")
            found = self._list(form, path, parameters) or _document(self.stac, path, parameters)
            return found or _file(self.stac, path) or refusal(form, 404, path)
        except BadValue as error:
            return refusal(form, 422 if isinstance(error, BeyondReach) else 400, str(error), error.where)

    def _list(self, form: Form, path: str, parameters: Mapping[str, str]) -> Reply | None:
        """A search by OpenSearch or OData."""
        if path in _OPENSEARCH:
            body = self.opensearch.search(form, path, parameters)
        elif path == _PRODUCTS:
            body = self.odata.products(path, parameters)
        else:
            return None
        return Reply(200, body, form.media_type, form=form)


def form_of(path: str) -> Form:
    """The form of the protocol that a path belongs to."""
    return _OPENSEARCH.get(path, ODATA if path.startswith("/odata/") else STAC)


def refusal(form: Form, status: int, description: str, where: str = "") -> Reply:
    """An answer that says what is wrong."""
    return Reply(status, form.says(status, description, where), form.error_type, form=form)


def _search(api: StacApi, method: str, parameters: Mapping[str, str], body: bytes) -> Reply:
    if method != "POST":
        return Reply(200, api.search(asked_for(parameters)), STAC.media_type)
    try:
        members: object = json.loads(body or b"{}")
    except ValueError as error:
        raise BadValue(body[:80].decode("utf-8", "replace"), "body", "JSON") from error
    if not isinstance(members, dict):
        raise BadValue(members, "body", "a JSON object")
    return Reply(200, api.search(asked_for(cast(dict[str, Any], members)), post=True), STAC.media_type)


def _document(api: StacApi, path: str, parameters: Mapping[str, str]) -> Reply | None:
    simple = {"": api.landing, "/conformance": api.conformance, "/collections": api.collection_list}
    if path in simple:
        return _json(simple[path]())
    steps = path.split("/")[1:]
    if steps[0] != "collections" or steps[1] not in api.collections:
        return None
    if len(steps) == 2:
        return _json(api.collection(steps[1]))
    if steps[2:] == ["items"]:
        asked = asked_for({**parameters, "collections": steps[1]})
        return Reply(200, api.search(asked, path), STAC.media_type)
    entry = api.holdings.entry(steps[3]) if len(steps) == 4 and steps[2] == "items" else None
    return Reply(200, api.item(entry), STAC.media_type) if entry and entry.collection == steps[1] else None


def _file(api: StacApi, path: str) -> Reply | None:
    """A file that a product links to."""
    _, kind, name, *rest = [*path.split("/"), "", ""]
    stem, _, suffix = name.rpartition(".")
    entry = api.holdings.entry(stem)
    if entry is None or rest != ["", ""]:
        return None
    if (kind, suffix) == ("thumbnails", "png"):
        return Reply(200, _picture(entry.collection, stem, _THUMBNAIL, entry.cloud_cover), "image/png")
    if (kind, suffix) == ("quicklooks", "png"):
        return Reply(200, _picture(entry.collection, stem, _QUICKLOOK, entry.cloud_cover), "image/png")
    if (kind, suffix) == ("data", "tif"):
        return Reply(200, data_file(stem, entry.collection, entry.footprint), "image/tiff")
    return (
        Reply(200, _metadata(api, entry), "application/xml")
        if (kind, suffix) == ("metadata", "xml")
        else None
    )


@lru_cache(maxsize=256)
def _picture(collection: str, name: str, side: int, clouds: float) -> bytes:
    return images.picture(images.palette_of(collection), name, side, clouds)


def _metadata(api: StacApi, entry: Entry) -> bytes:
    """The item's properties as XML."""
    fields = json.loads(api.item(entry))["properties"]
    lines = [
        f"  <property name={quoteattr(name)}>{escape(str(value))}</property>"
        for name, value in fields.items()
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<product id={quoteattr(entry.id)}>'
    return "\n".join([head, *lines, "</product>", ""]).encode()


def _json(document: Mapping[str, Any]) -> Reply:
    return Reply(200, json.dumps(document).encode(), JSON)
