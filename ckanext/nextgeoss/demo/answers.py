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
from .faults import JSON, Reply
from .missions.common import data_file
from .stac_api import GEOJSON, StacApi, question

_THUMBNAIL, _QUICKLOOK = 128, 320  # pixels


def answer(api: StacApi, method: str, path: str, parameters: Mapping[str, str], body: bytes) -> Reply:
    """The answer to a request; `path` is decoded and has no slash at its end."""
    try:
        if path == "/search":
            return _search(api, method, parameters, body)
        if method not in ("GET", "HEAD"):
            return _refusal(405, "MethodNotAllowed", f"{method} {path}")
        return _document(api, path, parameters) or _file(api, path) or _refusal(404, "NotFound", path)
    except BadValue as error:
        return _refusal(400, "BadRequest", str(error))


def _search(api: StacApi, method: str, parameters: Mapping[str, str], body: bytes) -> Reply:
    if method != "POST":
        return Reply(200, api.search(question(parameters)), GEOJSON)
    try:
        members: object = json.loads(body or b"{}")
    except ValueError as error:
        raise BadValue(body[:80].decode("utf-8", "replace"), "body", "JSON") from error
    if not isinstance(members, dict):
        raise BadValue(members, "body", "a JSON object")
    return Reply(200, api.search(question(cast(dict[str, Any], members)), post=True), GEOJSON)


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
        asked = question({**parameters, "collections": steps[1]})
        return Reply(200, api.search(asked, path), GEOJSON)
    entry = api.by_id.get(steps[3]) if len(steps) == 4 and steps[2] == "items" else None
    return Reply(200, entry.body, GEOJSON) if entry and entry.collection == steps[1] else None


def _file(api: StacApi, path: str) -> Reply | None:
    """A file that a product links to."""
    _, kind, name, *rest = [*path.split("/"), "", ""]
    stem, _, suffix = name.rpartition(".")
    entry = api.by_id.get(stem)
    if entry is None or rest != ["", ""]:
        return None
    if (kind, suffix) == ("thumbnails", "png"):
        return Reply(200, _picture(entry.collection, stem, _THUMBNAIL, entry.cloud_cover), "image/png")
    if (kind, suffix) == ("quicklooks", "png"):
        return Reply(200, _picture(entry.collection, stem, _QUICKLOOK, entry.cloud_cover), "image/png")
    if (kind, suffix) == ("data", "tif"):
        return Reply(200, data_file(stem, entry.collection, entry.footprint), "image/tiff")
    return Reply(200, _metadata(entry), "application/xml") if (kind, suffix) == ("metadata", "xml") else None


@lru_cache(maxsize=256)
def _picture(collection: str, name: str, side: int, clouds: float) -> bytes:
    return images.picture(images.palette_of(collection), name, side, clouds)


def _metadata(entry: Entry) -> bytes:
    """The item's properties as XML."""
    fields = json.loads(entry.body)["properties"]
    lines = [
        f"  <property name={quoteattr(name)}>{escape(str(value))}</property>"
        for name, value in fields.items()
    ]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<product id={quoteattr(entry.id)}>'
    return "\n".join([head, *lines, "</product>", ""]).encode()


def _json(document: Mapping[str, Any]) -> Reply:
    return Reply(200, json.dumps(document).encode(), JSON)


def _refusal(status: int, code: str, description: str) -> Reply:
    return Reply(status, json.dumps({"code": code, "description": description}).encode(), JSON)
