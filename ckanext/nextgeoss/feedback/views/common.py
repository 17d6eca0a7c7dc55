"""What the pages of feedback share: who asks, actions with errors told to people, ways back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from ckan.plugins import toolkit
from flask import redirect, request
from werkzeug.wrappers import Response

from ...eo.worded import in_language

GET, POST = ("GET",), ("POST",)
# address, view, methods
Route = tuple[str, Callable[..., Any], tuple[str, ...]]


def context() -> Any:
    """The context of an action that the caller calls."""
    return {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user}


def call(action: str, /, **data: Any) -> Any:
    """Call an action as who asks."""
    return toolkit.get_action(action)(context(), data)


def may(action: str, /, **data: Any) -> bool:
    """Whether who asks may do something."""
    try:
        return bool(toolkit.check_access(action, context(), data))
    except (toolkit.NotAuthorized, toolkit.ObjectNotFound):
        return False


@contextmanager
def pages_of_errors() -> Iterator[None]:
    """What an action refuses, as pages."""
    try:
        yield
    except toolkit.ObjectNotFound as error:
        toolkit.abort(404, str(error) or toolkit._("There is no such feedback."))
    except toolkit.NotAuthorized as error:
        wait = getattr(error, "retry_after", None)
        if wait:
            toolkit.abort(429, str(error), headers={"Retry-After": str(wait)})
        toolkit.abort(403, str(error) or toolkit._("Not authorized"))


def shown_dataset(id: str) -> dict[str, Any]:
    """What the caller may see of a dataset; else the same answer as for one that does not exist."""
    try:
        return toolkit.get_action("package_show")(context() | {"for_view": True}, {"id": id})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return toolkit.abort(404, toolkit._("Dataset not found or you have no permission to view it"))


def reasons(error: toolkit.ValidationError) -> dict[str, list[str]]:
    """What an action found wrong, texts by place."""
    return {place: list(_texts(said)) for place, said in error.error_dict.items()}


def _texts(said: Any) -> Iterator[str]:
    if isinstance(said, dict):
        for part in said.values():
            yield from _texts(part)
    elif isinstance(said, (list, tuple)):
        for part in said:
            yield from _texts(part)
    else:
        yield str(in_language(said, toolkit._))


def back(usual: str, anchor: str = "") -> Response:
    """To the page that a form was sent from, when it is one of ours, else to the usual one."""
    wanted = request.form.get("next", "")
    parts = urlsplit(wanted)
    inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    inside = inside and "\n" not in wanted and "\r" not in wanted
    return redirect((wanted.partition("#")[0] if inside else usual) + (f"#{anchor}" if anchor else ""), 303)


def sign_in() -> Response:
    """To the page to sign in, and here again after it."""
    toolkit.h.flash_notice(toolkit._("Please sign in first."))
    return redirect(toolkit.url_for("user.login", came_from=request.full_path.rstrip("?")), 303)


def signed_in() -> bool:
    """Whether a user asks."""
    return bool(toolkit.current_user.is_authenticated)


def item_url(item: dict[str, Any]) -> str:
    """The page of the thread that an item is in, at the item."""
    root = item.get("root")
    place = {"id": root, "answer": item["id"]} if root else {"id": item["id"]}
    return toolkit.url_for("nextgeoss_feedback.show", **place) + f"#fb-{item['id']}"


def page_number(most: int = 500) -> int:
    """The number of the page of a list that is asked for."""
    text = request.args.get("page", "1")
    return min(int(text), most) if text.isascii() and text.isdigit() and int(text) > 0 else 1
