"""What is below an API but no address of it, or is asked by a method that its address does not have: an error
in the form of the API, never a page of CKAN's."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException

from .api import Problem, Told, finished

# CKAN seeks each address that nothing else answers among its files
_FILES = "static"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def answer_below(blueprint: Blueprint, root: str, told: Told) -> None:
    """Let the API of the blueprint answer for all of the path `root`: 404, or 405 with Allow."""

    def elsewhere() -> Response | None:
        if request.endpoint not in (None, _FILES) or not _is_below(request.path, root):
            return None
        allowed = tuple(_allowed())
        if allowed:
            problem = Problem(405, "MethodNotAllowed", f"{request.method} is not answered here")
        else:
            problem = Problem(404, "NotFound", f"there is nothing at {request.path!r}")
        body, media_type = told(problem)
        headers = {"Allow": ", ".join(allowed)} if allowed else {}
        return finished(Response(body, problem.status, headers, content_type=media_type))

    # no address, no blueprint: only what goes before all requests meets these
    blueprint.before_app_request(elsewhere)


def _allowed() -> Iterator[str]:
    """The methods by which the address of this request is answered, if not as a file."""
    adapter = request_ctx.url_adapter
    if adapter is None:
        return
    for method in _METHODS:
        try:
            endpoint, _ = adapter.match(method=method)
        except HTTPException:
            continue
        if endpoint != _FILES:
            yield method


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")
