"""A user's own page: what he wrote and follows, who he is as an author, a copy of it all, and forgetting."""

from __future__ import annotations

import json
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from flask import Response, request

from .. import forms, helpers
from ..form_fields import WORDS
from .common import GET, POST, Route, back, call, page_number, pages_of_errors, reasons, sign_in, signed_in
from .reading import ROWS, address

_STATES = ("draft", "pending", "published", "hidden")
_NOTICES = ("off", "instant", "daily", "weekly")


def mine() -> Any:
    """The user's own page."""
    if not signed_in():
        return sign_in()
    if request.method == "POST":
        return _save()
    return _page({})


def _page(errors: dict[str, list[str]]) -> Any:
    state = {name: text for name in ("state",) if (text := request.args.get(name, "")) in _STATES}
    number = page_number()
    with pages_of_errors():
        found = call(
            "feedback_list", user=toolkit.current_user.id, state=[state["state"]] if state else list(_STATES),
            limit=ROWS, offset=(number - 1) * ROWS,
        )  # fmt: skip
        profile = call("feedback_profile_show")
        follows = [each | _named(each) for each in call("feedback_follow_list")]
    path = toolkit.url_for("nextgeoss_feedback.mine")
    page = {
        "items": found["results"], "count": found["count"], "profile": profile, "follows": follows,
        "errors": errors, "state": state, "states": states(), "notices": notices(), "page": number,
        "last_page": max(1, -(-found["count"] // ROWS)), "viewer": helpers.feedback_viewer(),
        "url": lambda **changes: address(path, state, **changes),
    }  # fmt: skip
    return toolkit.render("feedback/mine.html", page), 422 if errors else 200


def _named(follow: dict[str, Any]) -> dict[str, str]:
    """What is followed, for people; nothing of it when it is gone or not theirs to see."""
    kind, id = follow["type"], follow["id"]
    try:
        if kind == "thread":
            item = call("feedback_show", id=id)
            return {"title": item["abstract"], "url": toolkit.url_for("nextgeoss_feedback.show", id=id)}
        if kind == "organization":
            group = model.Group.get(id)
            if group is not None:
                url = toolkit.url_for("organization.read", id=group.name)
                return {"title": group.title or group.name, "url": url}
        else:
            dataset = call("package_show", id=id)
            url = toolkit.url_for("nextgeoss_feedback.dataset", id=dataset["name"])
            return {"title": dataset["title"] or dataset["name"], "url": url}
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        pass
    return {"title": toolkit._("No longer there"), "url": ""}


def _save() -> Any:
    form = request.form
    said: dict[str, Any] = {
        "orcid": form.get("orcid", "").strip(),
        "domains": WORDS.read(form.get("domains", "")),
        "show_name": bool(form.get("show_name")),
        "show_orcid": bool(form.get("show_orcid")),
        "notify": form.get("notify", ""),
        "language": toolkit.h.lang(),
        "default_role": form.get("default_role", ""),
        "expertise_level": forms.BY_NAME["expertise_level"].spelling.read(form.get("expertise_level", "")),
    }
    with pages_of_errors():
        try:
            call("feedback_profile_update", **said)
        except toolkit.ValidationError as error:
            return _page(reasons(error))
    toolkit.h.flash_success(toolkit._("Your profile is saved."))
    return back(toolkit.url_for("nextgeoss_feedback.mine"), "profile")


def states() -> dict[str, str]:
    """The states of items, for people."""
    _ = toolkit._
    return {
        "draft": _("Draft"), "pending": _("Waiting for a moderator"), "published": _("Published"),
        "hidden": _("Hidden"), "deleted": _("Deleted"),
    }  # fmt: skip


def notices() -> dict[str, str]:
    """How often mails come."""
    _ = toolkit._
    return {
        "instant": _("At once"), "daily": _("Once a day"), "weekly": _("Once a week"), "off": _("Never"),
    }  # fmt: skip


def export() -> Any:
    """All that the hub knows of the user in matters of feedback, as a file."""
    if not signed_in():
        return sign_in()
    with pages_of_errors():
        found = call("feedback_user_export")
    text = json.dumps(found, indent=2, ensure_ascii=False)
    named = {"Content-Disposition": 'attachment; filename="my-feedback.json"', "Cache-Control": "private"}
    return Response(text, mimetype="application/json", headers=named)


def forget() -> Any:
    """Take the user out of all feedback, after a page that asks again."""
    if not signed_in():
        return sign_in()
    if request.method == "GET" or request.form.get("sure") != "yes":
        asked = {"error": request.method == "POST"}
        return toolkit.render("feedback/forget.html", asked), 422 if asked["error"] else 200
    with pages_of_errors():
        done = call("feedback_user_forget", delete=request.form.get("words") == "delete")
    told = toolkit.ungettext("{number} item is no longer yours.", "{number} items are no longer yours.",
                             done["items"])  # fmt: skip
    toolkit.h.flash_success(told.format(number=done["items"]))
    return back(toolkit.url_for("nextgeoss_feedback.mine"))


ROUTES: tuple[Route, ...] = (
    ("/feedback/mine", mine, (*GET, *POST)),
    ("/feedback/mine/export", export, POST),
    ("/feedback/mine/forget", forget, (*GET, *POST)),
)
