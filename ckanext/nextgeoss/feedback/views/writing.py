"""The form of feedback: write an item on a dataset, and change one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from time import time
from typing import Any

from ckan.plugins import toolkit
from flask import redirect, request

from .. import config, form_guard, forms
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
from .form_page import KINDS, SHORT, dataset_url, needed, preset, shown_form, thanks

Parts = dict[str, Any]
_DRAFT = re.compile(r"[0-9a-f-]{8,40}")
_MONTH = 30 * 24 * 3600


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
        fields = preset(kind) | forms.adopted(adopted or {}, _number(request.args.get("usage", "")))
        more = _is_long() or bool(adopted) or kind not in ("review", "question")
        return shown_form(page, fields, more=more)
    about: dict[str, Any] = {"resource_id": resource["id"]} if resource else {"package_id": dataset["id"]}

    def create(parts: Parts, *, only: bool = False) -> dict[str, Any]:
        whole = {name: value for name, value in parts.items() if name != "target"}
        if set(whole) <= _AROUND:  # one sentence is enough
            whole["user_comment"] = {"comment": whole.get("abstract", ""), "motivation": "comment"}
        scope = parts.get("target", [{}])[0].get("scope")
        once = form_guard.sending(request.form, _draft())
        return call(
            "feedback_create", **about, **_rest(fields), **whole, scope=scope, once=once, validate_only=only
        )

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
        return shown_form(page, fields, more=True)
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
        return shown_form(page, fields, more=True)
    if step == "doi":
        return _filled_in(page, fields)
    problem = _guarded()
    if problem:
        return shown_form(page, fields, more=_is_long(), errors={"": [problem]})
    if lacking := {name: [needed(name)] for name in forms.missing(fields)}:
        return shown_form(page, fields, more=True, errors=lacking)
    parts = forms.to_parts(fields, base)
    with pages_of_errors():
        try:
            if step == "preview":
                return shown_form(page, fields, more=_is_long(), preview=parts, warnings=check(parts))
            item = action(parts)
        except toolkit.ValidationError as error:
            errors = forms.by_field(reasons(error))
            return shown_form(page, fields, more=_is_long() or bool(set(errors) - SHORT), errors=errors)
        except TooMany as error:
            return shown_form(page, fields, more=_is_long(), errors={"": [str(error)]})
    return _done(page, item)


def _done(page: dict[str, Any], item: dict[str, Any]) -> Any:
    toolkit.h.flash_success(thanks(item["state"]))
    for text in dict.fromkeys(text for texts in item.get("warnings", {}).values() for text in texts):
        toolkit.h.flash_notice(f"{text} {toolkit._('If that is not meant, edit your feedback.')}")
    seen = signed_in() or item["state"] == "published"
    answer = redirect(item_url(item) if seen else dataset_url(page), 303)
    if draft := _draft():  # the script of our pages takes it out of the browser's memory
        answer.set_cookie(form_guard.SENT, draft, max_age=_MONTH, samesite="Lax", path="/")
    return answer


def _draft() -> str:
    """The draft in the browser's memory that a form is sent of."""
    draft = request.form.get("draft", "")
    return draft if _DRAFT.fullmatch(draft) else ""


def _filled_in(page: dict[str, Any], fields: dict[str, str]) -> Any:
    """The form with what the resolver of DOIs knows of a publication."""
    with pages_of_errors():
        try:
            found = call("feedback_doi_show", doi=fields.get("publication_doi", ""))
        except toolkit.ValidationError as error:
            texts = [text for texts in reasons(error).values() for text in texts]
            return shown_form(page, fields, more=True, errors={"publication_doi": texts})
        except TooMany as error:
            return shown_form(page, fields, more=True, errors={"publication_doi": [str(error)]})
    kept = {name: text for name, text in fields.items() if name not in _OF_DOI}
    known = forms.from_parts({"citation": [found["citation"]]})
    told = toolkit._("Filled in: {title}").format(title=found["citation"]["title"])
    return shown_form(page, kept | known, more=True, told_of_doi=told)


# parts that say nothing alone
_AROUND = {"abstract", "contact_role", "contact", "tag"}
# what another DOI has another of
_OF_DOI = {f"publication_{name}" for name in ("title", "authors", "date", "series", "issue", "pages")}


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


def _adopted(id: str) -> dict[str, Any] | None:
    """The item whose usage a reader wants to tell of, too."""
    if not id:
        return None
    with pages_of_errors():
        return call("feedback_show", id=id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


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


ROUTES: tuple[Route, ...] = (
    ("/dataset/<id>/feedback/new", new, (*GET, *POST)),
    ("/feedback/<uuid:id>/edit", edit, (*GET, *POST)),
)
