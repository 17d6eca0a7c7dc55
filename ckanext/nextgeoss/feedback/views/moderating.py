"""The queue of moderators: what waits, what was reported, what is hidden; several items at once."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import request

from .. import helpers
from ..states import MODERATION
from .acting import flag_reasons
from .common import GET, POST, Route, back, call, page_number, pages_of_errors, reasons, sign_in, signed_in
from .reading import address

ROWS = 50
_VIEWS: dict[str, dict[str, Any]] = {
    "pending": {"state": ["pending"]},
    "flagged": {"flagged": True},
    "hidden": {"state": ["hidden"]},
    "published": {"state": ["published"], "sort": "newest"},
}


def queue() -> Any:
    """What waits for the moderators."""
    if not signed_in():
        return sign_in()
    if request.method == "POST":
        return _moderate()
    view = request.args.get("view", "pending")
    view = view if view in _VIEWS else "pending"
    state = {"view": view}
    said = dict(_VIEWS[view])
    for name in ("organization", "q", "user"):
        if text := request.args.get(name, "").strip()[:200]:
            said[name] = state[name] = text
    number = page_number()
    with pages_of_errors():
        found = call("feedback_moderation_list", limit=ROWS, offset=(number - 1) * ROWS, **said)
    path = toolkit.url_for("nextgeoss_feedback.queue")
    page = {
        "items": found["results"], "count": found["count"], "waiting": found["waiting"], "view": view,
        "views": views(), "state": state, "viewer": helpers.feedback_viewer(), "presets": presets(),
        "flag_reasons": flag_reasons(), "page": number, "last_page": max(1, -(-found["count"] // ROWS)),
        "url": lambda **changes: address(path, state, **changes),
    }  # fmt: skip
    return toolkit.render("feedback/moderation.html", page)


def _moderate() -> Any:
    usual = toolkit.url_for("nextgeoss_feedback.queue")
    ids, action = request.form.getlist("ids"), request.form.get("action", "")
    reason = request.form.get("reason", "").strip() or request.form.get("preset", "").strip()
    note = request.form.get("note", "").strip()
    if not ids:
        toolkit.h.flash_error(toolkit._("Choose some items first."))
        return back(usual)
    with pages_of_errors():
        try:
            if action == "clear":
                for each in ids:
                    call("feedback_flag_clear", id=each, note=note)
            elif action in MODERATION:
                call("feedback_moderate", ids=ids, action=action, reason=reason, note=note)
            else:
                toolkit.abort(400, toolkit._("There is no such action."))
        except toolkit.ValidationError as error:
            toolkit.h.flash_error("; ".join(text for said in reasons(error).values() for text in said))
            return back(usual)
    told = toolkit.ungettext("{number} item is done.", "{number} items are done.", len(ids))
    toolkit.h.flash_success(told.format(number=len(ids)))
    return back(usual)


def views() -> dict[str, str]:
    """The parts of the queue."""
    _ = toolkit._
    return {
        "pending": _("Waiting"), "flagged": _("Reported"), "hidden": _("Hidden"), "published": _("Published"),
    }  # fmt: skip


def presets() -> list[str]:
    """Reasons that are often given; the author reads them."""
    _ = toolkit._
    return [
        _("It advertises something."),
        _("It insults somebody."),
        _("It tells personal data of somebody."),
        _("It is not about the data."),
        _("It says the same as another item."),
    ]


ROUTES: tuple[Route, ...] = (("/feedback/moderation", queue, (*GET, *POST)),)
