"""Feedback on a dataset for pages of others to embed: what every visitor may read, no script, no cookie."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ckan.plugins import toolkit
from flask import Response, request

from .common import GET, Route

ITEMS, MOST_ITEMS = 5, 20
# how the address of the page ends, in all languages
_PATH = "/feedback/widget"
# it may be framed by any page; it loads nothing but its style sheet and sends nothing
_FRAMED = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
# all other pages have buttons that act for who is signed in: no other site may lay them under its own
_UNFRAMED = "frame-ancestors 'self'"
_VISITOR = {"user": "", "auth_user_obj": None}
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


def widget(id: str) -> Response:
    """The figures of a dataset and what was said last."""
    try:
        dataset = _ask("package_show", id=id)
        found = _ask("feedback_list", package_id=dataset["id"], limit=_limit())
        summary = _ask("feedback_summary", id=dataset["id"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        page = toolkit.render("feedback/widget.html", {"dataset": None})
        return Response(page, 404, {"Content-Security-Policy": _FRAMED})
    page = toolkit.render(
        "feedback/widget.html",
        {"dataset": dataset, "summary": summary, "items": found["results"], "count": found["count"]},
    )
    return Response(page, headers={"Content-Security-Policy": _FRAMED})


def _ask(action: str, **data: Any) -> Any:
    """Call an action as a visitor, whoever asks."""
    return toolkit.get_action(action)(dict(_VISITOR), data)  # type: ignore[arg-type]


def _limit() -> int:
    text = request.args.get("items", "")
    return min(int(text), MOST_ITEMS) if text.isascii() and text.isdigit() and len(text) < 5 else ITEMS


def keep_out_of_frames(response: Response) -> Response:
    """Let no page of another site frame a page of feedback, but those that say otherwise."""
    if "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = _UNFRAMED
        response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


class WithoutCookies:
    """WSGI: a widget is asked for as if the browser had no cookies, and sets none; all else goes to `app`."""

    def __init__(self, app: WSGI):
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not environ.get("PATH_INFO", "").endswith(_PATH):
            return self.app(environ, start_response)
        environ.pop("HTTP_COOKIE", None)

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [each for each in headers if not _is_of_cookies(*each)], *more)

        return self.app(environ, start)


def _is_of_cookies(name: str, value: str) -> bool:
    return name.lower() == "set-cookie" or (name.lower() == "vary" and value.lower() == "cookie")


ROUTES: tuple[Route, ...] = (("/dataset/<id>/feedback/widget", widget, GET),)
