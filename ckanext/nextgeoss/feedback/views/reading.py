"""Pages to read: feedback on a dataset, one item, all feedback, the label."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from ckan.plugins import toolkit
from flask import Response, request

from .. import code_lists, helpers, label
from ..states import ISSUE_STATES, SEVERITIES
from ..store.pages import SORTS
from .common import GET, Route, call, page_number, pages_of_errors, shown_dataset

ROWS = 20
# of the answers on the page of an item
ANSWERS = 50
# what of the address narrows the list, and which values it may have (any where None)
_FILTERS: dict[str, Any] = {
    "rating": [str(each) for each in code_lists.RATINGS.values],
    "contact_role": list(code_lists.USER_ROLES.values),
    "expertise": [str(each) for each in code_lists.EXPERTISE.values],
    "issue_state": list(ISSUE_STATES),
    "severity": list(SEVERITIES),
    "tag": None,
    "domain": None,
}
_FACETS = ["rating", "motivation", "contact_role", "expertise_level", "aspects", "tags", "domains"]


def shows() -> dict[str, tuple[str, dict[str, Any]]]:
    """The kinds of items to choose from: a title and what is asked for."""
    _ = toolkit._
    return {
        "": (_("Everything"), {}),
        "reviews": (_("Reviews"), {"rating": ["1", "2", "3", "4", "5"]}),
        "questions": (_("Questions"), {"motivation": ["question"]}),
        "open-questions": (_("Unanswered questions"), {"unanswered": True}),
        "issues": (_("Issues"), {"has_issue": True}),
        "usage": (_("Usage"), {"aspect": ["usage", "fitnessForPurpose", "limitation"]}),
    }


def sorts() -> dict[str, str]:
    """The orders to choose from."""
    _ = toolkit._
    return {
        "newest": _("Newest"), "helpful": _("Most helpful"), "rating": _("Best rating"),
        "-rating": _("Worst rating"), "severity": _("Worst issue"), "oldest": _("Oldest"),
    }  # fmt: skip


def asked() -> tuple[dict[str, Any], dict[str, str]]:
    """What the address asks of a list: words for the action, and the filters as they stand in the address;
    what is not known is not asked for."""
    state: dict[str, str] = {}
    said: dict[str, Any] = {}
    for name, allowed in _FILTERS.items():
        text = request.args.get(name, "").strip()[:200]
        values = [each for each in text.split(",") if not allowed or each in allowed] if text else []
        values = [text] if text and allowed is None else values
        if values:
            state[name], said[name] = ",".join(values), values
    show = request.args.get("show", "")
    if show in shows():
        said = {**shows()[show][1], **said}
        state |= {"show": show} if show else {}
    sort = request.args.get("sort", "")
    if sort in SORTS and sort != "relevance":
        said["sort"] = state["sort"] = sort
    number = page_number()
    return {**said, "limit": ROWS, "offset": (number - 1) * ROWS}, state


def address(path: str, state: dict[str, str], /, **changes: str) -> str:
    """The address of a list with other filters; "" takes one away, and the page begins anew."""
    pairs = {name: value for name, value in {**state, **changes}.items() if value}
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _listing(found: dict[str, Any], state: dict[str, str], path: str) -> dict[str, Any]:
    number = page_number()
    return {
        "items": found["results"], "count": found["count"], "exact": found["count_is_exact"], "state": state,
        "shows": {name: title for name, (title, _) in shows().items()}, "sorts": sorts(), "page": number,
        "last_page": max(1, -(-found["count"] // ROWS)), "viewer": helpers.feedback_viewer(),
        "url": lambda **changes: address(path, state, **changes),
    }  # fmt: skip


def dataset(id: str) -> str:
    """All feedback on a dataset."""
    found = shown_dataset(id)
    said, state = asked()
    if resource := request.args.get("resource", ""):
        said["resource_id"] = state["resource"] = resource[:200]
    path = toolkit.url_for("nextgeoss_feedback.dataset", id=found["name"])
    with pages_of_errors():
        listed = call("feedback_list", package_id=found["id"], include_replies=True, **said)
        summary = call("feedback_summary", id=found["id"])
    page = _listing(listed, state, path) | {
        "dataset": found,
        "summary": summary,
        "follows": _follows(found["id"]),
    }
    return toolkit.render("feedback/dataset.html", page)


def _follows(package_id: str) -> bool:
    if not toolkit.current_user.is_authenticated:
        return False
    return any(each["id"] == package_id and each["mode"] == "follow" for each in call("feedback_follow_list"))


def show(id: Any) -> str:
    """One item with the answers to it, a page of them; with `answer` the page that has this one."""
    with pages_of_errors():
        answers = {"limit": ANSWERS, "offset": (page_number() - 1) * ANSWERS}
        answer = request.args.get("answer", "").strip()[:200]
        item = call("feedback_show", id=str(id), include_replies=True, answer=answer, **answers)
        number = item["thread_offset"] // ANSWERS + 1
        log = []
        if "flags" in item or helpers.feedback_viewer().is_author(item):
            log = call("feedback_moderation_log", id=str(id))
    root = None
    if item["root"]:
        # what was answered may not be shown any more; the answer is
        with suppress(toolkit.ObjectNotFound, toolkit.NotAuthorized):
            root = call("feedback_show", id=item["root"])
    path = toolkit.url_for("nextgeoss_feedback.show", id=id)
    page = {
        "item": item, "root": root, "viewer": helpers.feedback_viewer(), "log": log, "page": number,
        "last_page": number + -(-item["thread_more"] // ANSWERS),
        "url": lambda **changes: address(path, {}, **changes),
    }  # fmt: skip
    return toolkit.render("feedback/show.html", page)


def search() -> str:
    """All feedback by words."""
    said, state = asked()
    if words := request.args.get("q", "").strip()[:500]:
        said["q"] = state["q"] = words
    path = toolkit.url_for("nextgeoss_feedback.search")
    with pages_of_errors():
        found = call("feedback_search", include_replies=False, facets=_FACETS, **said)
    page = _listing(found, state, path) | {"facets": found["facets"]}
    return toolkit.render("feedback/search.html", page)


def label_svg(id: str) -> Response:
    """The quality label of a dataset as a picture."""
    dataset, summary, collection = _labelled(id)
    size = request.args.get("size", "")
    pixels = min(max(int(size), 32), 1024) if size.isascii() and size.isdigit() and len(size) < 6 else 200
    drawn = helpers.feedback_label(dataset, summary, collection, pixels)
    return Response(str(drawn), mimetype="image/svg+xml", headers=_HARMLESS)


def label_json(id: str) -> Response:
    """The quality label of a dataset for programs."""
    dataset, summary, collection = _labelled(id)
    above = collection or {}
    states = label.facets(dataset, summary, above.get("dataset"), above.get("summary"))
    told = label.label_json(dataset.get("title") or dataset["name"], states, helpers.feedback_links(dataset))
    return Response(json.dumps(told), mimetype="application/json")


# a picture that is opened on its own runs nothing
_HARMLESS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


def _labelled(id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]:
    dataset = shown_dataset(id)
    with pages_of_errors():
        summary = call("feedback_summary", id=dataset["id"])
    return dataset, summary, helpers.collection_of(dataset)


ROUTES: tuple[Route, ...] = (
    ("/dataset/<id>/feedback", dataset, GET),
    ("/dataset/<id>/label.svg", label_svg, GET),
    ("/dataset/<id>/label.json", label_json, GET),
    ("/feedback", search, GET),
    ("/feedback/<uuid:id>", show, GET),
)
