"""Actions that list items: of a dataset, a user or an organization, and by words over all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ..model import Item, utc_now
from ..states import OPEN_ISSUES, PENDING, PUBLISHED, STATES
from ..store import pages, people, versions
from ..store.items import time_text
from ..store.pages import Asked
from ..store.visible import Caller
from . import bursts, shown
from .caller import caller_of
from .hidden import hidden_places, told_before
from .schema import lists as schema
from .schema.values import validated
from .subjects import readable

_MINE = ("draft", "pending", "published", "hidden")


@toolkit.side_effect_free
def feedback_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List feedback, the newest first; answers are not counted, and come under `thread` when asked for.

    :param package_id: id or name of a dataset that it is about (optional)
    :param resource_id: id of a resource that it is about (optional)
    :param code: an identifier of what it is about, with `code_space`; also of what is no dataset (optional)
    :param user: id or name of its author; others do not find so who hides his name (optional)
    :param organization: id or name of the organization of the datasets (optional)
    :param contact_role: of the author, one or several (optional)
    :param motivation: one or several (optional)
    :param aspect: aspects of usage reports, one or several (optional)
    :param rating: stars, one or several (optional)
    :param expertise: level of expertise, one or several (optional)
    :param tag: one or several (optional)
    :param domain: field of application, one or several (optional)
    :param state: one or several; others than published only of what the caller wrote or moderates (published)
    :param has_issue: true for reports of issues, false for all else (optional)
    :param issue_state: one or several (optional)
    :param severity: one or several (optional)
    :param unanswered: true for questions without an accepted answer (optional)
    :param since: published since then, RFC 3339 (optional)
    :param bbox: west,south,east,north that its place touches (optional)
    :param include_replies: true adds the answers to each under `thread` (false)
    :param replies_limit: how many answers to each at most (20; up to 100); `thread_more` says how many there
        are besides, which `feedback_show` gives
    :param include_secondary: false leaves out what is only also about the dataset (true)
    :param sort: newest, oldest, helpful, rating, -rating, severity (newest)
    :param limit: how many at most (20; up to 100)
    :param offset: how many to leave out (0)
    :returns: `count` (up to 1000, `count_is_exact` says whether it is all), `results`: items as
        `feedback_show` gives them
    """
    own = validated(schema.feedback_list_schema, data_dict, None, context)
    toolkit.check_access("feedback_list", context, own)
    caller = caller_of(context)
    packages = (readable(context, own["package_id"]).id,) if own.get("package_id") else ()
    asked = _asked(
        own,
        package_ids=packages,
        resource_id=own.get("resource_id", ""),
        secondary=own["include_secondary"],
    )
    found = pages.page(model.Session(), caller, asked)
    if own["include_replies"]:
        return _answer(found, shown.with_threads(found.items, caller, own["replies_limit"]))
    return _answer(found, shown.documents(found.items, caller))


@toolkit.side_effect_free
def feedback_search(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Search the words of all feedback that the caller may see.

    :param q: words, all of them; "..." for words side by side, -word for one that is not there, or between
        (optional)
    :param package_id: ids or names of datasets (optional)
    :param facets: what to count: rating, motivation, contact_role, expertise_level, aspects, tags, domains,
        issue_state, issue_severity (none)
    :param include_replies: false leaves out answers (true)
    :param sort: relevance and those of `feedback_list` (relevance when there are words, else newest); of more
        than 300 matches the newest 300 are put in the order of relevance, and the older ones follow
    :returns: as `feedback_list`, and `facets`: by name a list of `value` and `count`, of the newest
        1000 items

    All other parameters are those of `feedback_list`.
    """
    own = validated(schema.feedback_search_schema, data_dict, None, context)
    toolkit.check_access("feedback_search", context, own)
    caller = caller_of(context)
    packages = tuple(readable(context, name).id for name in own.get("package_id") or ())
    asked = _asked(
        own,
        package_ids=packages,
        words=own.get("q", ""),
        replies=own["include_replies"],
        sort=own.get("sort") or ("relevance" if own.get("q") else "newest"),
    )
    found = pages.page(model.Session(), caller, asked)
    counted = pages.facets(model.Session(), caller, asked, own.get("facets") or ())
    return _answer(found, shown.documents(found.items, caller)) | {"facets": counted}


@toolkit.side_effect_free
def feedback_issue_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the issues that users have reported, open ones first, the worst first.

    :param package_id: id or name of a dataset (optional)
    :param organization: id or name of the organization of the datasets (optional)
    :param issue_state: open, acknowledged, in_progress, fixed, wont_fix, duplicate, one or several (the first
        three)
    :param severity: info, minor, major, blocking, one or several (optional)
    :param sort: as in `feedback_list` (severity on a dataset or in an organization, else newest)
    :param limit: how many at most (20; up to 100)
    :param offset: how many to leave out (0)
    :returns: as `feedback_list`
    """
    own = validated(schema.feedback_issue_list_schema, data_dict, None, context)
    toolkit.check_access("feedback_issue_list", context, own)
    caller = caller_of(context)
    packages = (readable(context, own["package_id"]).id,) if own.get("package_id") else ()
    states = own.get("issue_state") or list(OPEN_ISSUES)
    sort = "severity" if packages or own.get("organization") else "newest"
    asked = _asked(
        {**own, "issue_state": states},
        package_ids=packages,
        has_issue=True,
        sort=own.get("sort") or sort,
    )
    found = pages.page(model.Session(), caller, asked)
    return _answer(found, shown.documents(found.items, caller))


@toolkit.side_effect_free
def feedback_moderation_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List what waits for the moderators: of the organizations for which the caller moderates.

    :param state: draft is never shown; one or several (pending; all when `flagged`)
    :param flagged: true for what was reported (false)
    :param organization: id or name of one organization (optional)
    :param q: words (optional)
    :param user: id or name of an author (optional)
    :param sort: as in `feedback_list` (oldest)
    :param limit: how many at most (50; up to 100)
    :param offset: how many to leave out (0)
    :returns: as `feedback_list`, and `waiting`: how many there are that are `pending` and `flagged`. Each
        item has `before`: what was last published or decided on, if it was changed since (`version`,
        `changed`, `parts`), else None; and `author_record`: how many items of its author are `published`,
        `hidden`, `pending`, how many reports on them are open (`flags`) and were found right (`upheld`), his
        `trust`, and whether he is `blocked`; None of an author who is no user. `bursts`: datasets that were
        rated much more often than usual: `package_id`, `name`, `title`, `ratings` in 24 hours, how many are
        `usual`, the `score` (deviations above it), their `average`, `since`, `found`, and how many are `held`
    """
    own = validated(schema.feedback_moderation_list_schema, data_dict, None, context)
    toolkit.check_access("feedback_moderation_list", context, own)
    caller, session = caller_of(context), model.Session()
    usual = STATES[1:4] if own["flagged"] else (PENDING,)
    asked = _asked(
        {**own, "state": [each for each in own.get("state") or usual if each != "draft"] or list(usual)},
        words=own.get("q", ""), flagged=own["flagged"], replies=True, moderated=True,
        sort=own.get("sort") or "oldest",
    )  # fmt: skip
    found = pages.page(session, caller, asked)
    mine = {"moderated": True, "replies": True, "limit": 0, "organization_id": asked.organization_id}
    waiting = {
        "pending": pages.page(session, caller, Asked(states=(PENDING,), **mine)).total,
        "flagged": pages.page(session, caller, Asked(states=STATES[1:4], flagged=True, **mine)).total,
    }
    documents = shown.documents(found.items, caller)
    results = [each | more for each, more in zip(documents, _known(found.items, caller), strict=True)]
    return _answer(found, results) | {"waiting": waiting, "bursts": bursts.shown(caller)}


def _known(found: Sequence[Item], caller: Caller) -> Iterator[dict[str, Any]]:
    """What moderators go by, of each item: what it said before, what its author has done."""
    session, now = model.Session(), utc_now()
    before = versions.seen_last(session, [item.id for item in found])
    users = {item.user_id for item in found if item.user_id}
    hidden = hidden_places(found, caller)
    records = versions.records(session, users)
    for item in found:
        old, record = before.get(item.id), None
        if item.user_id:
            author = people.find_person(session, item.user_id)
            blocked = people.is_blocked(author, now)
            record = {**records[item.user_id], "trust": author.trust or 0, "blocked": blocked}
        told = old and {
            "version": old.version,
            "changed": time_text(old.at),
            "parts": told_before(old.parts, item, hidden[item.id], caller),
        }
        yield {"before": told, "author_record": record}


def user_id(name: str) -> str:
    """The id of the user who is called so; NotFound when there is none."""
    user = model.User.get(name)
    if user is None:
        raise toolkit.ObjectNotFound(toolkit._("There is no user {}.").format(name))
    return user.id


def organization_id(name: str) -> str:
    """The id of the organization that is called so; NotFound when there is none."""
    group = model.Group.get(name)
    if group is None or not group.is_organization or group.state != "active":
        raise toolkit.ObjectNotFound(toolkit._("There is no organization {}.").format(name))
    return group.id


def _asked(own: Mapping[str, Any], **more: Any) -> Asked:
    said: dict[str, Any] = {
        "states": tuple(own.get("state") or (PUBLISHED,)),
        "code": own.get("code", ""),
        "code_space": own.get("code_space", ""),
        "user_id": user_id(own["user"]) if own.get("user") else "",
        "organization_id": organization_id(own["organization"]) if own.get("organization") else "",
        "has_issue": own.get("has_issue"),
        "unanswered": bool(own.get("unanswered")),
        "since": own.get("since"),
        "bbox": own.get("bbox"),
        "sort": own.get("sort") or "newest",
        "limit": own["limit"],
        "offset": own["offset"],
    }
    lists = {
        "roles": "contact_role", "motivations": "motivation", "aspects": "aspect", "ratings": "rating",
        "expertise": "expertise", "tags": "tag", "domains": "domain", "issue_states": "issue_state",
        "severities": "severity",
    }  # fmt: skip
    said |= {name: tuple(own.get(key) or ()) for name, key in lists.items()}
    said["domains"] = tuple(each.lower() for each in said["domains"])
    return Asked(**{**said, **more})


def _answer(found: pages.Found, results: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": found.total, "count_is_exact": not found.more, "results": results}
