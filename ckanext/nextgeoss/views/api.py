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


def api(name: str, told: Told, *, short: bool = True) -> Blueprint:
    """A blueprint whose errors are `told` in its own form (body and media type), never as a page. One that
    changes what CKAN has is not `short`: its requests go CKAN's own way."""
    blueprint = Blueprint(name, name)

    def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response:
        body, media_type = told(problem)
        return Response(body, problem.status, headers, content_type=media_type)

    def bad_value(error: BadValue) -> Response:
        return answer(Problem(400, "InvalidParameterValue", str(error), error.where))

    def not_there(error: NotThere) -> Response:
        return answer(Problem(404, "NotFound", str(error), error.what))

    def refused(error: toolkit.NotAuthorized) -> Response:
        reason = error.message or toolkit._("You may not ask this.")
        status, code = (403, "Forbidden") if toolkit.current_user.is_authenticated else (401, "Unauthorized")
        return answer(Problem(status, code, str(reason)))

    def no_solr(error: SolrError) -> Response:
        log.warning("%s", error)
        reason = toolkit._("The search is not available at the moment.")
        return answer(Problem(503, "NoApplicableCode", reason), {"Retry-After": str(_RETRY_SECONDS)})

    def http_error(error: HTTPException) -> Response:
        allowed = error.valid_methods if isinstance(error, MethodNotAllowed) else None
        problem = Problem(error.code or 500, error.name.replace(" ", ""), error.description or "")
        return answer(problem, {"Allow": ", ".join(allowed)} if allowed else None)

    def unforeseen(error: Exception) -> Response:
        log.exception("An answer of %s failed", name)
        return answer(Problem(500, "NoApplicableCode", toolkit._("The request could not be answered.")))

    def within_limits() -> Response | None:
        request.max_content_length = MOST_BYTES
        if request.method == "OPTIONS":
            return None
        most = config.api_requests_per_minute()
        wait = most and seconds_to_wait(name, request.remote_addr or "", most)
        if not wait:
            return None
        reason = toolkit._("Too many requests; try again in {seconds} s.").format(seconds=wait)
        return answer(Problem(429, "TooManyRequests", reason), {"Retry-After": str(wait)})

    handlers: list[tuple[type[Exception], Any]] = [
        (BadValue, bad_value),
        (NotThere, not_there),
        (toolkit.NotAuthorized, refused),
        (SolrError, no_solr),
        (HTTPException, http_error),
        (Exception, unforeseen),
    ]
    for kind, handler in handlers:
        blueprint.register_error_handler(kind, handler)
    # CKAN has handlers for these codes, which go before those for a class
    for code in default_exceptions:
        blueprint.register_error_handler(code, http_error)
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
