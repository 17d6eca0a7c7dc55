"""What all our APIs have in common: errors in the form of each, manners of HTTP, limits."""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, default_exceptions

from .. import config
from ..eo.errors import BadValue, NextGEOSSError
from ..rates import seconds_to_wait
from ..search.solr import SolrError

log = logging.getLogger(__name__)

# of what is sent to us: a geometry of a hundred thousand corners has four
MOST_BYTES = 10_000_000
_RETRY_SECONDS = 30
_WORTH_PACKING = 1000
_SHOWN_HEADERS = "Content-Disposition, ETag, Link, Location, Retry-After, X-Total-Count"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request is not answered: HTTP status, a code for programs, a sentence for people, and the
    parameter or part of the address it is about."""

    status: int
    code: str
    reason: str
    where: str = ""


class NotThere(NextGEOSSError):
    """Nothing has this name, or nothing that the caller may see."""

    def __init__(self, what: str, name: str):
        self.what = what
        super().__init__(f"there is no {what} {name!r}")


# what an answer depends on besides its address
VARY = ("Accept", "Accept-Encoding", "Authorization", "Cookie")
# names of the blueprints that are APIs, and may be reached the shorter way (shortcut.py)
APIS: set[str] = set()
Told = Callable[[Problem], tuple[str | bytes, str]]
# why not, and headers of the answer
Answered = tuple[Problem, dict[str, str] | None]


def _bad_value(error: BadValue) -> Answered:
    return Problem(400, "InvalidParameterValue", str(error), error.where), None


def _not_there(error: NotThere) -> Answered:
    return Problem(404, "NotFound", str(error), error.what), None


def _refused(error: toolkit.NotAuthorized) -> Answered:
    reason = error.message or toolkit._("You may not ask this.")
    status, code = (403, "Forbidden") if toolkit.current_user.is_authenticated else (401, "Unauthorized")
    return Problem(status, code, str(reason)), None


def _no_solr(error: SolrError) -> Answered:
    log.warning("%s", error)
    reason = toolkit._("The search is not available at the moment.")
    return Problem(503, "NoApplicableCode", reason), {"Retry-After": str(_RETRY_SECONDS)}


def _http_error(error: HTTPException) -> Answered:
    allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    problem = Problem(error.code or 500, error.name.replace(" ", ""), error.description or "")
    return problem, {"Allow": ", ".join(allowed)} if allowed else None


def _unforeseen(error: Exception) -> Answered:
    log.exception("An answer of %s failed", request.blueprint)
    return Problem(500, "NoApplicableCode", toolkit._("The request could not be answered.")), None


def _beyond_limits(name: str) -> Answered | None:
    """Why a request of the API of this name is not answered; None when it is."""
    request.max_content_length = MOST_BYTES
    if request.method == "OPTIONS":
        return None
    most = config.api_requests_per_minute()
    wait = most and seconds_to_wait(name, request.remote_addr or "", most)
    if not wait:
        return None
    reason = toolkit._("Too many requests; try again in {seconds} s.").format(seconds=wait)
    return Problem(429, "TooManyRequests", reason), {"Retry-After": str(wait)}


# CKAN has handlers for the codes of HTTP, which go before those for a class
_ANSWERED: tuple[tuple[type[Exception] | int, Callable[[Any], Answered]], ...] = (
    (BadValue, _bad_value),
    (NotThere, _not_there),
    (toolkit.NotAuthorized, _refused),
    (SolrError, _no_solr),
    (HTTPException, _http_error),
    (Exception, _unforeseen),
    *((code, _http_error) for code in default_exceptions),
)


def api(name: str, told: Told, *, short: bool = True) -> Blueprint:
    """A blueprint whose errors are `told` in its own form (body and media type), never as a page. One that
    changes what CKAN has is not `short`: its requests go CKAN's own way."""
    blueprint = Blueprint(name, name)

    def answer(answered: Answered) -> Response:
        problem, headers = answered
        body, media_type = told(problem)
        return Response(body, problem.status, headers, content_type=media_type)

    def within_limits() -> Response | None:
        beyond = _beyond_limits(name)
        return answer(beyond) if beyond else None

    for kind, answered in _ANSWERED:
        blueprint.register_error_handler(kind, lambda error, answered=answered: answer(answered(error)))
    blueprint.before_request(within_limits)
    blueprint.after_request(finished)
    if short:
        APIS.add(name)
    return blueprint


def finished(response: Response) -> Response:
    """The answer as a client may want it: for other sites, packed, or not at all when it has it already."""
    # CKAN would let anybody keep it
    request.environ["__no_cache__"] = True
    if origins := config.api_origins():
        response.headers["Access-Control-Allow-Origin"] = origins
        response.headers["Access-Control-Expose-Headers"] = _SHOWN_HEADERS
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Accept, If-Match"
        return response
    if response.is_streamed or response.direct_passthrough:
        return response
    response.vary.update(VARY)
    if response.status_code == 200:
        tagged = bool(response.get_etag()[0])
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if tagged:
            # a strong tag is that of these bytes, and so not of packed ones
            response.make_conditional(request)
            return response
        # MD5 names a state of the answer, it guards nothing
        response.set_etag(hashlib.md5(response.get_data()).hexdigest(), weak=True)  # noqa: S324
        response.make_conditional(request)
    return _packed(response)


def takes_gzip() -> bool:
    """Whether the client of this request understands gzip."""
    return request.accept_encodings.quality("gzip") > 0 and "gzip" in request.accept_encodings


def _packed(response: Response) -> Response:
    if response.status_code != 200 or not takes_gzip() or (response.content_length or 0) < _WORTH_PACKING:
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=1, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    return response
