"""Feedback for programs: documents in each format, and what widgets written for NiMMbus ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from ... import config as site
from ...eo.errors import BadValue
from ...eo.query import parse_bbox
from ...eo.temporal import parse_time
from ..exports import feature, nimmbus
from ..exports.entries import Page
from ..exports.guf import TYPE as XML
from ..exports.guf import write as write_guf
from ..exports.guf import write_entry
from ..exports.nimmbus_request import (
    ENUMERATE,
    MOST,
    RETRIEVE,
    Asked,
    BadRequest,
    external_ids,
    read,
)
from ..logic import exporting, things

blueprint = Blueprint("nextgeoss_feedback_exchange", __name__)
_FORMATS = {suffix: name for name, suffix in exporting.SUFFIXES.items()}
_OF_DATASETS = f"<any({','.join(_FORMATS)}):suffix>"
# a record is of one dataset
_SUFFIX = f"<any({','.join(suffix for suffix, name in _FORMATS.items() if name != exporting.ISO)}):suffix>"
JSON = "application/json"


def dataset(id: str, suffix: str) -> Response:
    """The feedback on a dataset in a format."""
    return _document(_FORMATS[suffix], package_id=id)


def everything(suffix: str) -> Response:
    """The newest feedback on all datasets in a format."""
    return _document(_FORMATS[suffix])


def item(id: UUID, suffix: str) -> Response:
    """One item in a format; in GUF it stands alone, in others with its answers."""
    try:
        if suffix == "xml":
            entry = exporting.single(_context(), str(id))
            return _answer(write_entry(entry), XML, entry.updated)
        written = exporting.write(exporting.item_page(_context(), str(id)), _FORMATS[suffix])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, toolkit._("There is no such feedback."))
    return _answer(written.body, written.media_type, written.updated)


def service() -> Response:
    """ENUMERATE, RETRIEVE and SUMMARY as NiMMbus answers them."""
    try:
        asked = read(request.args)
        return _open(_answer(*_served(asked)))
    except BadRequest as error:
        return _open(_answer(nimmbus.exception(error.code, error.where, error.reason), XML, "", 400))
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        told = nimmbus.exception("InvalidParameterValue", "RESOURCE", "There is no such feedback.")
        return _open(_answer(told, XML, "", 404))


def collections() -> Response:
    """The one collection, as OGC APIs describe it."""
    return _json(feature.collections(_root()))


def collection() -> Response:
    """The description of the collection."""
    return _json(feature.collection(_root()))


def items() -> Response:
    """Items as GeoJSON or GUF; what cannot be understood is answered by 400."""
    try:
        page = _items_page()
        if _form() == "xml":
            return _open(_answer(write_guf(page), XML, page.updated))
        return _json(feature.items(page, _root()))
    except BadValue as error:
        return _json({"code": "InvalidParameterValue", "description": str(error)}, 400)


def one_item(id: UUID) -> Response:
    """One item as GeoJSON or GUF."""
    try:
        entry = exporting.single(_context(), str(id))
        if _form() == "xml":
            return _open(_answer(write_entry(entry), XML, entry.updated))
        return _json(feature.item(entry))
    except BadValue as error:
        return _json({"code": "InvalidParameterValue", "description": str(error)}, 400)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return _json({"code": "NotFound", "description": "There is no such feedback."}, 404)


def stats() -> Response:
    """Summaries of the things of `externalIds`, one each, with `/` between."""
    try:
        told = [
            things.summary_of(_context(), code, space)
            for code, space in external_ids(request.args.get("externalIds", ""), "/")
        ]
    except BadValue as error:
        return _json({"code": "InvalidParameterValue", "description": str(error)}, 400)
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return _json({"code": "NotFound", "description": "No dataset of this site is called so."}, 404)
    return _json({"summaries": told})


def _served(asked: Asked) -> tuple[bytes, str, str]:
    if asked.operation == RETRIEVE:
        entry = exporting.single(_context(), asked.id)
        written = nimmbus.retrieve_answer(entry, site.site_base(), asked.language)
        return written, nimmbus.TYPE, entry.updated
    if asked.role not in ("", "primary"):
        raise BadRequest(asked.role, "TRG_ROLE", "primary, or none for all")
    if asked.operation == ENUMERATE:
        page = things.page_of(
            _context(), asked.code, asked.code_space, primary=bool(asked.role),
            limit=asked.limit, offset=asked.offset, address=request.url,
        )  # fmt: skip
        return nimmbus.enumerate_answer(page, asked.language, full=asked.full), nimmbus.TYPE, page.updated
    page = Page((), "Summary", request.url, site.site_base(), 0,
                summary=things.summary_of(_context(), asked.code, asked.code_space))  # fmt: skip
    return nimmbus.summary_answer(page), nimmbus.TYPE, ""


def _items_page() -> Page:
    told = request.args
    code, space = "", ""
    if told.get("externalIds"):
        found = external_ids(told["externalIds"])
        if len(found) > 1:
            raise BadRequest(told["externalIds"], "externalIds", "one thing")
        code, space = found[0]
    box = told.get("bbox", "")
    if box:
        parse_bbox(box)
    return things.page_of(
        _context(), code, space, limit=min(_number("limit", 10), MOST), offset=_number("offset", 0),
        address=request.url, words=told.get("q", ""), since=_since(told.get("datetime", "")),
        bbox=tuple(map(float, box.split(","))) if box else None,
    )  # fmt: skip


def _since(text: str) -> datetime | None:
    """The beginning of an interval that has an open end; others are not offered."""
    if not text:
        return None
    start, _, end = text.strip('"').partition("/")
    if end != "..":
        raise BadRequest(text, "datetime", "an interval with an open end, such as 2026-01-01T00:00:00Z/..")
    return parse_time(start, "datetime").replace(tzinfo=None)


def _number(name: str, usual: int) -> int:
    text = request.args.get(name) or str(usual)
    if not text.isdecimal() or len(text) > 9:
        raise BadRequest(text, name, "a whole number")
    return int(text)


def _form() -> str:
    told = request.args.get("f", "json")
    if told not in ("json", "xml"):
        raise BadRequest(told, "f", "json or xml")
    return told


def _document(name: str, **own: Any) -> Response:
    try:
        told = {
            **own,
            "limit": min(_number("limit", 100), 100),
            "offset": _number("offset", 0),
            "format": name,
        }
        written = exporting.write(exporting.page_of(_context(), told), name)
    except BadValue as error:
        return toolkit.abort(400, str(error))
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, toolkit._("Dataset not found or you have no permission to view it"))
    return _answer(written.body, written.media_type, written.updated)


def _context() -> Any:
    return {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}


def _root() -> str:
    return f"{site.site_base()}{nimmbus.PATH}"


def _json(told: Mapping[str, Any], status: int = 200) -> Response:
    return _open(_answer(json.dumps(told, ensure_ascii=False).encode(), JSON, "", status))


def _answer(body: bytes, media_type: str, updated: str = "", status: int = 200) -> Response:
    """A document that is not sent again to who has it."""
    response = Response(body, status, content_type=media_type)
    # never run as a page, whatever people wrote
    response.headers["X-Content-Type-Options"] = "nosniff"
    if status == 200:
        response.add_etag()
        if updated:
            response.last_modified = parse_time(updated)
        response.make_conditional(request)
    return response


def _open(response: Response) -> Response:
    """An answer that widgets on pages of others may read; browsers send no login for such."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


for _rule, _view in (
    (f"/dataset/<id>/feedback.{_OF_DATASETS}", dataset),
    (f"/feedback.{_SUFFIX}", everything),
    (f"/feedback/<uuid:id>.{_SUFFIX}", item),
    (nimmbus.PATH, service),
    (f"{nimmbus.PATH}/collections", collections),
    (f"{nimmbus.PATH}/collections/feedback", collection),
    (f"{nimmbus.PATH}/collections/feedback/items", items),
    (f"{nimmbus.PATH}/collections/feedback/items/<uuid:id>", one_item),
    (f"{nimmbus.PATH}/collections/feedback/stats", stats),
):
    blueprint.add_url_rule(_rule, view_func=_view)
