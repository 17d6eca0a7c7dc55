"""The form of feedback: write an item on a dataset, and change one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from time import time
from typing import Any

from ckan.plugins import toolkit
from flask import redirect, request

from .. import config, form_guard, forms, helpers
from ..logic.caller import TooMany
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

Parts = dict[str, Any]
_DRAFT = re.compile(r"[0-9a-f-]{8,40}")
_MONTH = 30 * 24 * 3600
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
    adopted = _adopted(request.args.get("adopt", ""))
    page = {"dataset": dataset, "resource": resource, "kind": kind, "item": None, "adopted": adopted}
    if request.method == "GET":
        fields = _preset(kind) | forms.adopted(adopted or {}, _number(request.args.get("usage", "")))
        more = _is_long() or bool(adopted) or kind not in ("review", "question")
        return _form(page, fields, more=more)
    about: dict[str, Any] = {"resource_id": resource["id"]} if resource else {"package_id": dataset["id"]}

    def create(parts: Parts, *, only: bool = False) -> dict[str, Any]:
        whole = {name: value for name, value in parts.items() if name != "target"}
        if set(whole) <= _AROUND:  # one sentence is enough
            whole["user_comment"] = {"comment": whole.get("abstract", ""), "motivation": "comment"}
        scope = parts.get("target", [{}])[0].get("scope")
        return call("feedback_create", **about, **_rest(fields), **whole, scope=scope, validate_only=only)

    fields = _sent()
    return _send(page, fields, create, check=lambda parts: create(parts, only=True)["warnings"])


def edit(id: Any) -> Any:
    """Change an item that one may change."""
    with pages_of_errors():
        item = call("feedback_show", id=str(id))
        if not may("feedback_update", id=str(id)):
            raise toolkit.NotAuthorized(toolkit._("You may not change this feedback."))
    named = next((each for each in item["datasets"] if each["name"]), None)
    if named and may("package_show", id=named["id"]):
        named = call("package_show", id=named["id"])
    page = {"dataset": named, "resource": None, "kind": "review", "item": item, "adopted": None}
    if request.method == "GET":
        fields = forms.from_parts(item)
        if item["issue"]:
            fields[forms.SEVERITY] = item["issue"]["severity"]
        return _form(page, fields, more=True)
    fields = _sent()
    base = {name: item[name] for name in forms.ROOTS if name in item}

    def change(parts: Parts, *, only: bool = False) -> dict[str, Any]:
        changed = {name: parts.get(name) for name in forms.ROOTS if parts.get(name) != base.get(name)}
        version = request.form.get("version", "")
        more = _rest(fields) if item["issue"] else {}
        return call(
            "feedback_patch", id=str(id), version=version, validate_only=only,
            send=item["state"] == "draft" and not _as_draft(),
            **{name: value for name, value in more.items() if name != "draft"}, **changed,
        )  # fmt: skip

    return _send(page, fields, change, base=base, check=lambda parts: change(parts, only=True)["warnings"])


def _sent() -> dict[str, str]:
    return {name: text for name, text in request.form.items() if name in forms.NAMES}


def _send(
    page: dict[str, Any],
    fields: dict[str, str],
    action: Callable[[Parts], Any],
    *,
    base: Any = None,
    check: Callable[[Parts], dict[str, list[str]]],
) -> Any:
    """Do what the button of a form says: send it, or show it again with more. `check` tells warnings."""
    step = request.form.get("step")
    if step == "more":
        return _form(page, fields, more=True)
    if step == "doi":
        return _filled_in(page, fields)
    problem = _guarded()
    if problem:
        return _form(page, fields, more=_is_long(), errors={"": [problem]})
    if lacking := {name: [_needed(name)] for name in forms.missing(fields)}:
        return _form(page, fields, more=True, errors=lacking)
    parts = forms.to_parts(fields, base)
    with pages_of_errors():
        try:
            if step == "preview":
                return _form(page, fields, more=_is_long(), preview=parts, warnings=check(parts))
            item = action(parts)
        except toolkit.ValidationError as error:
            errors = forms.by_field(reasons(error))
            return _form(page, fields, more=_is_long() or bool(set(errors) - _SHORT), errors=errors)
        except TooMany as error:
            return _form(page, fields, more=_is_long(), errors={"": [str(error)]})
    return _done(page, item)


def _done(page: dict[str, Any], item: dict[str, Any]) -> Any:
    toolkit.h.flash_success(_told(item["state"]))
    for text in dict.fromkeys(text for texts in item.get("warnings", {}).values() for text in texts):
        toolkit.h.flash_notice(f"{text} {toolkit._('If that is not meant, edit your feedback.')}")
    seen = signed_in() or item["state"] == "published"
    answer = redirect(item_url(item) if seen else _dataset_url(page), 303)
    draft = request.form.get("draft", "")
    if _DRAFT.fullmatch(draft):  # the script of our pages takes it out of the browser's memory
        answer.set_cookie(form_guard.SENT, draft, max_age=_MONTH, samesite="Lax", path="/")
    return answer


def _filled_in(page: dict[str, Any], fields: dict[str, str]) -> Any:
    """The form with what the resolver of DOIs knows of a publication."""
    with pages_of_errors():
        try:
            found = call("feedback_doi_show", doi=fields.get("publication_doi", ""))
        except toolkit.ValidationError as error:
            texts = [text for texts in reasons(error).values() for text in texts]
            return _form(page, fields, more=True, errors={"publication_doi": texts})
        except TooMany as error:
            return _form(page, fields, more=True, errors={"publication_doi": [str(error)]})
    kept = {name: text for name, text in fields.items() if name not in _OF_DOI}
    known = forms.from_parts({"citation": [found["citation"]]})
    told = toolkit._("Filled in: {title}").format(title=found["citation"]["title"])
    return _form(page, kept | known, more=True, told_of_doi=told)


# parts that say nothing alone
_AROUND = {"abstract", "contact_role", "contact", "tag"}
# what another DOI has another of
_OF_DOI = {f"publication_{name}" for name in ("title", "authors", "date", "series", "issue", "pages")}
# fields of the first step
_SHORT = {"", "rating", "abstract", "contact_role", "expertise_level", "comment", "motivation"}


def _needed(name: str) -> str:
    """What must be filled in beside what is."""
    _ = toolkit._
    texts = {
        "known_problem": _("Say what is wrong with the data."),
        "specific_usage": _("Say what you used it for."),
        "used_from": _("Say from when you used it."),
        "code": _("Give the code or its address."),
        "publication_title": _("Give the title of the publication, or its DOI."),
        "event_abstract": _("Say what happened."),
        "event_begin": _("Say from when the event was."),
        "scope_begin": _("Say from when the part of the data is."),
        "quality_measure": _("Choose the quality measure."),
        "quality_value": _("Give the value of the quality measure, or say it in words."),
    }
    return texts.get(name) or _("An area has four sides: {side} is missing.").format(side=_side(name))


def _side(name: str) -> str:
    _ = toolkit._
    sides = {"west": _("West"), "south": _("South"), "east": _("East"), "north": _("North")}
    return sides[name.rpartition("_")[2]]


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
    warnings: Mapping[str, list[str]] | None = None,
    preview: Any = None,
    told_of_doi: str = "",
) -> Any:
    warned = forms.by_field(warnings or {})
    opened = set(KINDS[page["kind"]]) | forms.filled(fields)
    opened |= {field.group for name in (*(errors or ()), *warned) if (field := forms.BY_NAME.get(name))}
    profile = call("feedback_profile_show") if signed_in() else {}
    data = page | {
        "fields": dict(fields), "errors": errors or {}, "more": more, "opened": opened, "profile": profile,
        "preview": preview, "warnings": warned, "told_of_doi": told_of_doi,
        "has_resolver": bool(config.doi_resolver()), "place": helpers.feedback_place(page["dataset"]),
        "draft": _draft_key(page), "stamp": request.form.get(form_guard.STAMP) or helpers.feedback_stamp(),
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


def _adopted(id: str) -> dict[str, Any] | None:
    """The item whose usage a reader wants to tell of, too."""
    if not id:
        return None
    with pages_of_errors():
        return call("feedback_show", id=id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _draft_key(page: Mapping[str, Any]) -> str:
    """What the browser keeps what is typed under: the writer, and what the form is for."""
    who = toolkit.current_user.id if signed_in() else ""
    if page["item"]:
        return f"{who}:{page['item']['id']}:{page['item']['version']}"
    about = (page["resource"] or page["dataset"])["id"]
    return f"{who}:{about}:{page['kind']}:{request.args.get('adopt', '')}"


def _rest(fields: Mapping[str, str]) -> dict[str, Any]:
    """What an action takes besides the parts."""
    rest: dict[str, Any] = {"draft": _as_draft()}
    if fields.get(forms.SEVERITY):
        rest["severity"] = fields[forms.SEVERITY]
    return rest


def _as_draft() -> bool:
    return request.form.get("step") == "draft"


def _is_long() -> bool:
    return request.values.get("long") == "yes"


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
