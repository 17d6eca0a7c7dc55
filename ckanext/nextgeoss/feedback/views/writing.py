"""The form of feedback: write an item on a dataset, and change one."""

from __future__ import annotations

from collections.abc import Mapping
from time import time
from typing import Any

from ckan.plugins import toolkit
from flask import redirect, request

from .. import config, form_guard, forms, helpers
from .common import (
    GET,
    POST,
    Route,
    call,
    item_url,
    may,
    pages_of_errors,
    reasons,
    shown_dataset,
    sign_in,
    signed_in,
)

# what one can want to say: which groups of fields are open for it
KINDS: Mapping[str, tuple[str, ...]] = {
    "review": (),
    "question": (),
    "issue": ("issue",),
    "usage": ("usage",),
    "publication": ("publication",),
    "event": ("event",),
    "quality": ("quality",),
}


def new(id: str) -> Any:
    """Write feedback on a dataset, or on one of its resources (`?resource=`)."""
    dataset = shown_dataset(id)
    if not may("feedback_create", package_id=dataset["id"]):
        if not signed_in():
            return sign_in()
        toolkit.abort(403, toolkit._("You cannot write feedback any more."))
    resource = _resource(dataset, request.values.get("resource", ""))
    kind = request.values.get("kind", "review")
    kind = kind if kind in KINDS else "review"
    page = {"dataset": dataset, "resource": resource, "kind": kind, "item": None}
    if request.method == "GET":
        return _form(page, _preset(kind), more=kind not in ("review", "question"))
    fields = {name: text for name, text in request.form.items() if name in forms.NAMES}
    if request.form.get("step") == "more":
        return _form(page, fields, more=True)
    about: dict[str, Any] = {"resource_id": resource["id"]} if resource else {"package_id": dataset["id"]}
    return _send(page, fields, lambda parts: call("feedback_create", **about, **_rest(fields), **parts))


def edit(id: Any) -> Any:
    """Change an item that one may change."""
    with pages_of_errors():
        item = call("feedback_show", id=str(id))
        if not may("feedback_update", id=str(id)):
            raise toolkit.NotAuthorized(toolkit._("You may not change this feedback."))
    named = next((each for each in item["datasets"] if each["name"]), None)
    page = {"dataset": named, "resource": None, "kind": "review", "item": item}
    if request.method == "GET":
        fields = forms.from_parts(item)
        if item["issue"]:
            fields[forms.SEVERITY] = item["issue"]["severity"]
        return _form(page, fields, more=True)
    fields = {name: text for name, text in request.form.items() if name in forms.NAMES}
    base = {name: item[name] for name in forms.ROOTS if name in item}

    def change(parts: dict[str, Any]) -> dict[str, Any]:
        changed = {name: parts.get(name) for name in forms.ROOTS if parts.get(name) != base.get(name)}
        version = request.form.get("version", "")
        more = _rest(fields) if item["issue"] else {}
        return call(
            "feedback_patch", id=str(id), version=version, send=item["state"] == "draft" and not _as_draft(),
            **{name: value for name, value in more.items() if name != "draft"}, **changed,
        )  # fmt: skip

    return _send(page, fields, change, base)


def _send(page: dict[str, Any], fields: dict[str, str], action: Any, base: Any = None) -> Any:
    """Send what a form says; back to the form when something is wrong with it."""
    problem = _guarded()
    if problem:
        return _form(page, fields, more=_is_long(), errors={"": [problem]})
    lacking = {name: [toolkit._("This is needed, too.")] for name in forms.missing(fields)}
    if lacking:
        return _form(page, fields, more=True, errors=lacking)
    parts = forms.to_parts(fields, base)
    with pages_of_errors():
        try:
            if request.form.get("step") == "preview":
                return _form(page, fields, more=_is_long(), preview=parts)
            item = action(parts)
        except toolkit.ValidationError as error:
            errors = forms.by_field(reasons(error))
            return _form(page, fields, more=_is_long() or bool(set(errors) - _SHORT), errors=errors)
    toolkit.h.flash_success(_told(item["state"]))
    return redirect(
        item_url(item) if signed_in() or item["state"] == "published" else _dataset_url(page), 303
    )


# fields of the first step
_SHORT = {"", "rating", "abstract", "contact_role", "expertise_level", "comment", "motivation"}


def _told(state: str) -> str:
    _ = toolkit._
    return {
        "published": _("Thank you: your feedback is published."),
        "pending": _("Thank you: your feedback will be published when a moderator has looked at it."),
        "draft": _("Your draft is kept: only you can see it."),
    }.get(state, _("Your feedback is changed."))


def _guarded() -> str:
    """Why a form is not taken, for its writer."""
    told = form_guard.told(request.form, time(), toolkit.config["SECRET_KEY"], least=config.least_seconds())
    _ = toolkit._
    return {
        "": "",
        "trap": _("The field at the end must stay empty."),
        "fast": _("That was very quick. Please look it over and send it again."),
        "stamp": _("The form was open for too long. Please look it over and send it again."),
    }[told]


def _form(
    page: dict[str, Any],
    fields: Mapping[str, str],
    *,
    more: bool,
    errors: Mapping[str, list[str]] | None = None,
    preview: Any = None,
) -> Any:
    opened = set(KINDS[page["kind"]]) | forms.filled(fields)
    opened |= {field.group for name in errors or () if (field := forms.BY_NAME.get(name))}
    profile = call("feedback_profile_show") if signed_in() else {}
    data = page | {
        "fields": dict(fields), "errors": errors or {}, "more": more, "opened": opened, "profile": profile,
        "preview": preview, "stamp": request.form.get(form_guard.STAMP) or helpers.feedback_stamp(),
        "trap": form_guard.TRAP, "kinds": KINDS, "back": _dataset_url(page),
    }  # fmt: skip
    if errors and "" in errors:  # a stamp that was not good is of no use again
        data["stamp"] = helpers.feedback_stamp()
    return toolkit.render("feedback/form.html", data), 422 if errors else 200


def _preset(kind: str) -> dict[str, str]:
    wanted = request.args.get("rating", "")
    fields = {"rating": wanted} if wanted in ("1", "2", "3", "4", "5") else {}
    if kind == "question":
        fields["motivation"] = "question"
    # what the widget of the original hub handed over
    for name, old in (("abstract", "title"), ("comment", "comment")):
        if text := request.args.get(old, "")[:500]:
            fields[name] = text
    return fields


def _rest(fields: Mapping[str, str]) -> dict[str, Any]:
    """What an action takes besides the parts."""
    rest: dict[str, Any] = {"draft": _as_draft()}
    if fields.get(forms.SEVERITY):
        rest["severity"] = fields[forms.SEVERITY]
    return rest


def _as_draft() -> bool:
    return request.form.get("step") == "draft"


def _is_long() -> bool:
    return request.form.get("long") == "yes"


def _resource(dataset: Mapping[str, Any], id: str) -> dict[str, Any] | None:
    if not id:
        return None
    found = next((each for each in dataset["resources"] if each["id"] == id), None)
    return found or toolkit.abort(404, toolkit._("Resource not found"))


def _dataset_url(page: Mapping[str, Any]) -> str:
    if not page["dataset"]:
        return toolkit.url_for("nextgeoss_feedback.search")
    return toolkit.url_for("nextgeoss_feedback.dataset", id=page["dataset"]["name"])


ROUTES: tuple[Route, ...] = (
    ("/dataset/<id>/feedback/new", new, (*GET, *POST)),
    ("/feedback/<uuid:id>/edit", edit, (*GET, *POST)),
)
