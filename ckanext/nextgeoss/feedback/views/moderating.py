"""The queue of moderators: what waits, what was reported, what is hidden; several items at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ckan.plugins import toolkit
from flask import request

from .. import helpers
from ..changes import changes
from ..logic.shown import KEYS, OF_ROW
from ..states import MODERATION
from .acting import flag_reasons
from .common import GET, POST, Route, back, call, page_number, pages_of_errors, reasons, sign_in, signed_in
from .reading import address

ROWS = 50
# what the list tells of an item besides what it says itself
_ABOUT = KEYS | OF_ROW | {"before", "author_record"}
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
        "items": [each | _told(each) for each in found["results"]], "count": found["count"],
        "waiting": found["waiting"], "bursts": found["bursts"], "view": view, "views": views(),
        "all_chosen": request.args.get("choose") == "all", "state": state, "presets": presets(),
        "viewer": helpers.feedback_viewer(), "flag_reasons": flag_reasons(), "page": number,
        "last_page": max(1, -(-found["count"] // ROWS)),
        "url": lambda **changes: address(path, state, **changes),
    }  # fmt: skip
    return toolkit.render("feedback/moderation.html", page)


def _told(item: dict[str, Any]) -> dict[str, Any]:
    """Of an item, for its moderator: `changes` since it was last seen, and how often each reason was given
    by those who reported it."""
    before = item["before"]
    now = {name: part for name, part in item.items() if name not in _ABOUT}
    changed = changes(before["parts"], now) if before else []
    reports = Counter(each["reason"] for each in (item.get("flags") or {}).get("reasons", ()))
    return {"changes": [(titled(each.where), each) for each in changed], "reports": reports}


def titled(where: str) -> str:
    """What a place in the parts of an item is called."""
    names = [name for name in where.split(".") if not name.isdigit()]
    known = _titles().get(".".join(names)) or _titles().get(names[-1])
    return known or " / ".join(name.replace("_", " ") for name in names)


def _titles() -> dict[str, str]:
    _ = toolkit._
    return {
        "abstract": _("In one sentence"), "user_comment.comment": _("Details"), "rating": _("Stars"),
        "tag": _("Tags"), "contact_role": _("Role"), "motivation": _("Kind"), "linkage": _("Address"),
        "known_problem": _("What is wrong"), "work_around": _("Work-around"), "title": _("Title"),
        "specific_usage": _("Usage"), "application_domain": _("Fields of application"),
        "expertise_level": _("Expertise"), "report_aspect": _("Aspects"),
    }  # fmt: skip


def _moderate() -> Any:
    usual = toolkit.url_for("nextgeoss_feedback.queue")
    ids, action = request.form.getlist("ids"), request.form.get("action", "")
    reason = request.form.get("reason", "").strip() or request.form.get("preset", "").strip()
    note = request.form.get("note", "").strip()
    if action == "burst":
        with pages_of_errors():
            call("feedback_burst_clear", package_id=request.form.get("package_id", ""))
        toolkit.h.flash_success(toolkit._("The alarm is off."))
        return back(usual)
    if not ids:
        toolkit.h.flash_error(toolkit._("Choose some items first."))
        return back(usual)
    with pages_of_errors():
        try:
            _decide(ids, action, reason, note)
        except toolkit.ValidationError as error:
            toolkit.h.flash_error("; ".join(text for said in reasons(error).values() for text in said))
            return back(usual)
    told = toolkit.ungettext("{number} item is done.", "{number} items are done.", len(ids))
    toolkit.h.flash_success(told.format(number=len(ids)))
    return back(usual)


def _decide(ids: list[str], action: str, reason: str, note: str) -> None:
    if action == "clear":
        for each in ids:
            call("feedback_flag_clear", id=each, note=note)
    elif action == "delete":
        if not reason:
            text = toolkit._("The author is told why: a reason is needed.")
            raise toolkit.ValidationError({"reason": [text]})
        for each in ids:
            call("feedback_delete", id=each, reason=reason)
    elif action in MODERATION:
        call("feedback_moderate", ids=ids, action=action, reason=reason, note=note)
    else:
        toolkit.abort(400, toolkit._("There is no such action."))


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
