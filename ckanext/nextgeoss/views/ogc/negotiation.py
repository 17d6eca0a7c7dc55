"""Which format of a document is wanted: that of the parameter `f`, or else of Accept."""

from __future__ import annotations

from collections.abc import Sequence

from ckan.plugins import toolkit
from flask import request
from werkzeug.exceptions import NotAcceptable

from ...eo.errors import BadValue
from ...eo.formats.stac_write import HTML, JSON

# the parameter, and what it can be
PARAMETER, FORMATS = "f", ("json", "html")
# names of the blueprints whose documents are pages too: these are made by CKAN's longer way
PAGED: set[str] = set()


def wants_page() -> bool:
    """Whether this request may want a page; the answer itself is for `chosen`."""
    asked = request.args.get(PARAMETER)
    if asked is not None:
        return asked == FORMATS[1]
    accepted = request.accept_mimetypes
    return accepted.provided and accepted.best_match([JSON, HTML]) == HTML


def asked_format() -> str | None:
    """What `f` says, one of FORMATS; None without it, BadValue for anything else."""
    asked = request.args.get(PARAMETER)
    if asked is not None and asked not in FORMATS:
        raise BadValue(asked, PARAMETER, " or ".join(FORMATS))
    return asked


def chosen(media_type: str, others: Sequence[str] = (JSON,)) -> str:
    """The media type to answer with: HTML, or `media_type` or another name for the same; BadValue for an
    unknown `f`, NotAcceptable (406) when Accept has none of them."""
    if asked := asked_format():
        return HTML if asked == FORMATS[1] else media_type
    accepted = request.accept_mimetypes
    offered = list(dict.fromkeys([media_type, *others, HTML]))
    best = accepted.best_match(offered) if accepted.provided else media_type
    if best is None:
        there_is = toolkit._("There is {types}.").format(types=", ".join(offered))
        raise NotAcceptable(there_is)
    return best
