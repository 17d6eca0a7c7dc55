"""The page of the form of feedback: what it shows before something is sent, and again after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit
from flask import request

from .. import config, form_guard, forms, helpers
from .common import call, signed_in

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

# fields of the first step
SHORT = {"", "rating", "abstract", "contact_role", "expertise_level", "comment", "motivation"}


def shown_form(
    page: dict[str, Any],
    fields: Mapping[str, str],
    *,
    more: bool,
    errors: Mapping[str, list[str]] | None = None,
    warnings: Mapping[str, list[str]] | None = None,
    preview: Any = None,
    told_of_doi: str = "",
) -> Any:
    """The page with these fields filled in, and those of all groups with `more`. What is wrong, or might
    be, is told by field; `preview` is how it would look."""
    warned = forms.by_field(warnings or {})
    opened = set(KINDS[page["kind"]]) | forms.filled(fields)
    opened |= {field.group for name in (*(errors or ()), *warned) if (field := forms.BY_NAME.get(name))}
    profile = call("feedback_profile_show") if signed_in() else {}
    data = page | {
        "fields": dict(fields), "errors": errors or {}, "more": more, "opened": opened, "profile": profile,
        "preview": preview, "warnings": warned, "told_of_doi": told_of_doi,
        "has_resolver": bool(config.doi_resolver()), "place": helpers.feedback_place(page["dataset"]),
        "draft": _draft_key(page), "stamp": request.form.get(form_guard.STAMP) or helpers.feedback_stamp(),
        "trap": form_guard.TRAP, "kinds": KINDS, "back": dataset_url(page),
    }  # fmt: skip
    if errors and "" in errors:  # a stamp that was not good is of no use again
        data["stamp"] = helpers.feedback_stamp()
    return toolkit.render("feedback/form.html", data), 422 if errors else 200


def preset(kind: str) -> dict[str, str]:
    """Fields that are filled in before anybody has written, as the address says."""
    wanted = request.args.get("rating", "")
    fields = {"rating": wanted} if wanted in ("1", "2", "3", "4", "5") else {}
    if kind == "question":
        fields["motivation"] = "question"
    # what the widget of the original hub handed over
    for name, old in (("abstract", "title"), ("comment", "comment")):
        if text := request.args.get(old, "")[:500]:
            fields[name] = text
    return fields


def _draft_key(page: Mapping[str, Any]) -> str:
    """What the browser keeps what is typed under: the writer, and what the form is for."""
    who = toolkit.current_user.id if signed_in() else ""
    if page["item"]:
        return f"{who}:{page['item']['id']}:{page['item']['version']}"
    about = (page["resource"] or page["dataset"])["id"]
    return f"{who}:{about}:{page['kind']}:{request.args.get('adopt', '')}"


def needed(name: str) -> str:
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


def thanks(state: str) -> str:
    """What is said of an item that was sent and now has this state."""
    _ = toolkit._
    return {
        "published": _("Thank you: your feedback is published."),
        "pending": _("Thank you: your feedback will be published when a moderator has looked at it."),
        "draft": _("Your draft is kept: only you can see it."),
    }.get(state, _("Your feedback is changed."))


def dataset_url(page: Mapping[str, Any]) -> str:
    """Where the form was come from: the page of the dataset, or all feedback where it is gone."""
    if not page["dataset"]:
        return toolkit.url_for("nextgeoss_feedback.search")
    return toolkit.url_for("nextgeoss_feedback.dataset", id=page["dataset"]["name"])
