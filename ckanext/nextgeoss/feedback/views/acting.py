"""What buttons of an item do: answer, vote, report, accept, tell how far an issue is, delete, follow."""

from __future__ import annotations

from time import time
from typing import Any

from ckan.plugins import toolkit
from flask import request

from .. import form_guard, helpers
from ..states import FLAG_REASONS
from .common import GET, POST, Route, back, call, item_url, pages_of_errors, reasons, sign_in, signed_in


def _act(id: Any, action: str, done: str, **data: Any) -> Any:
    """Call an action on an item, and go back to where the button was."""
    return _acted(id, lambda: call(action, id=str(id), **data), done)


def _acted(id: Any, action: Any, done: str) -> Any:
    usual = toolkit.url_for("nextgeoss_feedback.show", id=id)
    with pages_of_errors():
        try:
            action()
        except toolkit.ValidationError as error:
            return _refused(error, usual, f"fb-{id}")
    if done:
        toolkit.h.flash_success(done)
    return back(usual, f"fb-{id}")


def _refused(error: toolkit.ValidationError, usual: str, anchor: str = "") -> Any:
    toolkit.h.flash_error("; ".join(text for said in reasons(error).values() for text in said))
    return back(usual, anchor)


def reply(id: Any) -> Any:
    """Answer an item; as its provider with `as=provider`."""
    data = {"comment": request.form.get("comment", "").strip(), "once": form_guard.sending(request.form, "")}
    if form_guard.told(request.form, time(), toolkit.config["SECRET_KEY"], least=0):
        toolkit.h.flash_error(toolkit._("The form was open for too long. Please send it again."))
        return back(toolkit.url_for("nextgeoss_feedback.show", id=id), f"fb-{id}")
    if not data["comment"]:
        toolkit.h.flash_error(toolkit._("An answer needs some words."))
        return back(toolkit.url_for("nextgeoss_feedback.show", id=id), f"fb-{id}")
    if request.form.get("as") == "provider":
        return _act(id, "feedback_respond", toolkit._("Your answer for the provider is published."), **data)
    motivation = request.form.get("motivation")
    if motivation in ("comment", "answer"):
        data["motivation"] = motivation
    return _acted(id, lambda: _told(call("feedback_reply", id=str(id), **data)), "")


def _told(item: dict[str, Any]) -> None:
    waits = item["state"] == "pending"
    text = toolkit._("Your answer will be published when a moderator has looked at it.")
    toolkit.h.flash_success(text if waits else toolkit._("Your answer is published."))


def vote(id: Any) -> Any:
    """Say that an item is helpful or not; `value` 0 takes the vote back."""
    if not signed_in():
        return sign_in()
    return _act(id, "feedback_vote", "", value=request.form.get("value", ""))


def report(id: Any) -> Any:
    """Tell moderators what is wrong with an item."""
    with pages_of_errors():
        item = call("feedback_show", id=str(id))
    viewer = helpers.feedback_viewer()
    if not viewer.writes:
        return sign_in()
    if request.method == "GET":
        return toolkit.render(
            "feedback/report.html", {"item": item, "reasons": flag_reasons(), "viewer": viewer}
        )
    reason, note = request.form.get("reason", ""), request.form.get("note", "").strip()
    done = toolkit._("Thank you: the moderators will look at it.")
    if reason not in FLAG_REASONS:
        page = {"item": item, "reasons": flag_reasons(), "viewer": viewer, "error": True}
        return toolkit.render("feedback/report.html", page), 422
    with pages_of_errors():
        try:
            found = call("feedback_flag", id=str(id), reason=reason, note=note)
        except toolkit.ValidationError as error:
            return _refused(error, item_url(item))
    toolkit.h.flash_success(done)
    dataset = next((each["name"] for each in item["datasets"] if each["name"]), None)
    if found["hidden"] and dataset:  # nothing is to be seen at its own address any more
        return back(toolkit.url_for("nextgeoss_feedback.dataset", id=dataset))
    return back(item_url(item))


def flag_reasons() -> dict[str, str]:
    """What can be wrong with an item."""
    _ = toolkit._
    return {
        "spam": _("Spam or advertising"), "offensive": _("Offensive"),
        "personal_data": _("Personal data of somebody"), "wrong": _("It is wrong"),
        "off_topic": _("It is about something else"), "other": _("Something else"),
    }  # fmt: skip


def accept(id: Any) -> Any:
    """Accept an answer as the best."""
    return _act(id, "feedback_accept_answer", toolkit._("The answer is accepted."))


def issue(id: Any) -> Any:
    """Tell how far an issue is."""
    names = ("state", "severity", "expected_fix_date", "work_around", "reason", "duplicate_of")
    data = {name: text for name in names if (text := request.form.get(name, "").strip())}
    return _act(id, "feedback_issue_update", toolkit._("The state of the issue is changed."), **data)


def delete(id: Any) -> Any:
    """Delete an item, after a page that asks again."""
    with pages_of_errors():
        item = call("feedback_show", id=str(id))
    if request.method == "GET":
        return toolkit.render("feedback/delete.html", {"item": item})
    with pages_of_errors():
        try:
            call("feedback_delete", id=str(id), reason=request.form.get("reason", "").strip())
        except toolkit.ValidationError as error:
            return _refused(error, item_url(item))
    toolkit.h.flash_success(toolkit._("The feedback is deleted."))
    dataset = next((each["name"] for each in item["datasets"] if each["name"]), None)
    if item["root"]:
        return back(toolkit.url_for("nextgeoss_feedback.show", id=item["root"]))
    if dataset:
        return back(toolkit.url_for("nextgeoss_feedback.dataset", id=dataset))
    return back(toolkit.url_for("nextgeoss_feedback.mine"))


def follow() -> Any:
    """Follow, mute or forget a dataset, a thread or an organization."""
    if not signed_in():
        return sign_in()
    action = request.form.get("action", "")
    if action not in ("follow", "unfollow", "mute"):
        toolkit.abort(400, toolkit._("follow, unfollow or mute is expected"))
    with pages_of_errors():
        try:
            call(f"feedback_{action}", type=request.form.get("type", ""), id=request.form.get("id", ""))
        except toolkit.ValidationError as error:
            toolkit.abort(400, "; ".join(text for said in reasons(error).values() for text in said))
    return back(toolkit.url_for("nextgeoss_feedback.mine"))


ROUTES: tuple[Route, ...] = (
    ("/feedback/<uuid:id>/reply", reply, POST),
    ("/feedback/<uuid:id>/vote", vote, POST),
    ("/feedback/<uuid:id>/report", report, (*GET, *POST)),
    ("/feedback/<uuid:id>/accept", accept, POST),
    ("/feedback/<uuid:id>/issue", issue, POST),
    ("/feedback/<uuid:id>/delete", delete, (*GET, *POST)),
    ("/feedback/follow", follow, POST),
)
