"""A shorter way to our APIs: CKAN's app, its routes and its way to know who asks, without what it does before
and after each page (a query for changed settings, a commit, a line of log), which is most of the time a small
answer takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ckan import model
from ckan.views import identify_user
from flask import Flask, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from .api import APIS, finished
from .ogc.negotiation import PAGED, wants_page

Environ = dict[str, Any]
# what addresses of APIs begin with
ROOTS = ("/stac", "/opensearch", "/dhus", "/records", "/features")
WSGI = Callable[[Environ, Any], Iterable[bytes]]


class Shortcut:
    """WSGI: requests that an API answers go the shorter way, all others on to `app`."""

    def __init__(self, app: WSGI, flask: Flask):
        self.app, self.flask = app, flask

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(ROOTS) or environ.get("SCRIPT_NAME"):
            return self.app(environ, start_response)
        with self.flask.request_context(environ):
            blueprint = request.blueprint or ""
            # templates need what CKAN does before a page
            short = blueprint in APIS and not (blueprint in PAGED and wants_page())
            response = self._answer(blueprint) if short else None
            return (response or self.app)(environ, start_response)

    def _answer(self, blueprint: str) -> BaseResponse:
        """What CKAN would answer; an API changes no session, so none is saved."""
        try:
            return finished(self.flask.make_response(self._found(blueprint)))
        except Exception as error:
            return finished(self.flask.make_response(self.flask.handle_user_exception(error)))
        finally:
            model.Session.remove()

    def _found(self, blueprint: str) -> ResponseReturnValue:
        # those of plugins that know users by other means may answer themselves
        answered: Any = identify_user()
        for before in self.flask.before_request_funcs.get(blueprint, ()):
            if answered is None:
                answered = before()
        return self.flask.dispatch_request() if answered is None else answered
