"""What requests that change something say in their bodies and headers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import UnsupportedMediaType

from ...eo.errors import BadValue
from ...eo.formats.stac_write import JSON, OPEN_TIME
from ...eo.merge_patch import merged
from ...logic.writing import Dataset
from .answers import answer, posted

_MEDIA_TYPES = ("application/json", "application/geo+json")
_PATCHES = (*_MEDIA_TYPES, "application/merge-patch+json")


def given() -> dict[str, Any]:
    """The object in the body; UnsupportedMediaType or BadValue when there is none."""
    kinds = _PATCHES if request.method == "PATCH" else _MEDIA_TYPES
    if request.mimetype and request.mimetype not in kinds:
        raise UnsupportedMediaType(f"{request.mimetype} is not read here; send {' or '.join(kinds)}")
    if not request.get_data():
        raise BadValue("", "body", "a JSON object")
    return posted()


def change() -> Callable[[Dataset], Any]:
    """What the body makes of a document: a PATCH is merged into it (RFC 7386), a PUT takes its place."""
    body = given()
    if request.method == "PATCH":
        return lambda document: merged(document, _with_known_time(body))
    return lambda _: body


def fits(document: Dataset) -> bool:
    """Whether the document is the one that If-Match wants (RFC 9110, 13.1.1)."""
    wanted = request.if_match
    return "If-Match" not in request.headers or wanted.contains(tag(document))


def tag(document: Mapping[str, Any]) -> str:
    """The strong entity tag of a document."""
    return hashlib.md5(orjson.dumps(document)).hexdigest()  # noqa: S324 (it guards nothing)


def tagged(document: Mapping[str, Any], media_type: str = JSON) -> Response:
    """A document that can be changed, with the tag by which a change says what it knows."""
    response = answer(document, media_type)
    response.set_etag(tag(document))
    return response


def _with_known_time(patch: dict[str, Any]) -> dict[str, Any]:
    """The patch; where it tells a time, what says that the time is not known goes."""
    told = patch.get("properties")
    if isinstance(told, dict) and {"datetime", "start_datetime", "end_datetime"} & told.keys():
        return {**patch, "properties": {OPEN_TIME: None, **told}}
    return patch
