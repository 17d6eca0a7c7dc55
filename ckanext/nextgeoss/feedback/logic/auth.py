"""Who may call the actions of feedback. Sysadmins may all; what is said here is for everybody else."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import AuthResult, Context

from ..states import DELETED, DRAFT, HIDDEN, MOST_TARGETS, PENDING, PUBLISHED
from ..store import items
from .caller import caller_of, may
from .rights import (
    ids_of,
    in_edit_window,
    is_author,
    is_moderator,
    is_provider,
    is_self,
    item_of,
    moderates_other,
    sees,
    sees_others,
    signed_in,
    writes,
)


def _answer(success: bool) -> AuthResult:
    return {"success": success} if success else {"success": False, "msg": toolkit._("Not authorized")}


@toolkit.auth_allow_anonymous_access
def feedback_create(context: Context, data_dict: Any) -> AuthResult:
    """Who is signed in and not blocked may write on what he may see; visitors by option."""
    names = (data_dict or {}).get("package_id") or []
    names = [names] if isinstance(names, str) else names
    names = names[:MOST_TARGETS]  # more are refused by the schema
    return _answer(writes(context) and all(may("package_show", context, {"id": name}) for name in names))


@toolkit.auth_allow_anonymous_access
def feedback_show(context: Context, data_dict: Any) -> AuthResult:
    """What is published, who may read the datasets; all else its author and the moderators."""
    return _answer(sees(context, item_of(data_dict)))


@toolkit.auth_allow_anonymous_access
def feedback_list(context: Context, data_dict: Any) -> AuthResult:
    """Everybody may list; each sees what he may see. Of a dataset, who may read it."""
    name = (data_dict or {}).get("package_id")
    return _answer(not name or may("package_show", context, {"id": name}))


@toolkit.auth_allow_anonymous_access
def feedback_search(context: Context, data_dict: Any) -> AuthResult:
    """Everybody may search; each finds what he may see."""
    return _answer(True)


@toolkit.auth_allow_anonymous_access
def feedback_doi_show(context: Context, data_dict: Any) -> AuthResult:
    """Who may write: it is asked for by our machine."""
    return _answer(writes(context))


def feedback_update(context: Context, data_dict: Any) -> AuthResult:
    """An author may change his own, as long as the site lets him; moderators what is sent."""
    item = item_of(data_dict)
    if item is None or item.state == DELETED:
        return _answer(False)
    if is_author(context, item):
        return _answer(writes(context) and (item.state != PUBLISHED or in_edit_window(item)))
    return _answer(item.state != DRAFT and is_moderator(context, item))


def feedback_patch(context: Context, data_dict: Any) -> AuthResult:
    """As feedback_update."""
    return feedback_update(context, data_dict)


def feedback_delete(context: Context, data_dict: Any) -> AuthResult:
    """An author may delete his own, moderators what is sent."""
    item = item_of(data_dict)
    if item is None or item.state == DELETED:
        return _answer(False)
    return _answer(is_author(context, item) or (item.state != DRAFT and is_moderator(context, item)))


def feedback_purge(context: Context, data_dict: Any) -> AuthResult:
    """Sysadmins."""
    return _answer(False)


def feedback_moderate(context: Context, data_dict: Any) -> AuthResult:
    """The moderators of what the items are about, for none that they wrote themselves."""
    found = [items.find(model.Session(), each) for each in ids_of(data_dict)]
    return _answer(bool(found) and all(moderates_other(context, item) for item in found))


def feedback_burst_clear(context: Context, data_dict: Any) -> AuthResult:
    """The moderators of the dataset."""
    package = model.Package.get((data_dict or {}).get("package_id") or "")
    return _answer(package is not None and package.owner_org in caller_of(context).moderates)


def feedback_moderation_list(context: Context, data_dict: Any) -> AuthResult:
    """Who moderates something sees what waits there."""
    return _answer(bool(caller_of(context).moderates))


def feedback_moderation_log(context: Context, data_dict: Any) -> AuthResult:
    """The moderators of what the item is about, and its author without their notes."""
    item = item_of(data_dict)
    if item is None:
        return _answer(False)
    return _answer(is_author(context, item) or (item.state != DRAFT and is_moderator(context, item)))


@toolkit.auth_allow_anonymous_access
def feedback_flag(context: Context, data_dict: Any) -> AuthResult:
    """Who may write may report what he sees and did not write."""
    return _answer(writes(context) and sees_others(context, data_dict))


def feedback_flag_clear(context: Context, data_dict: Any) -> AuthResult:
    """The moderators of what the item is about, but not of what they wrote themselves."""
    item = item_of(data_dict)
    if item is None or item.state not in (PENDING, PUBLISHED, HIDDEN):
        return _answer(False)
    return _answer(is_moderator(context, item) and not is_author(context, item))


def feedback_vote(context: Context, data_dict: Any) -> AuthResult:
    """Who is signed in, on what he sees and did not write."""
    return _answer(signed_in(context) and writes(context) and sees_others(context, data_dict))


@toolkit.auth_allow_anonymous_access
def feedback_reply(context: Context, data_dict: Any) -> AuthResult:
    """Who may write may answer what is published and he may see."""
    item = item_of(data_dict)
    there = item is not None and item.state == PUBLISHED and sees(context, item)
    return _answer(there and writes(context))


def feedback_respond(context: Context, data_dict: Any) -> AuthResult:
    """Who may change the dataset answers for its provider."""
    item = item_of(data_dict)
    there = item is not None and item.state == PUBLISHED and sees(context, item)
    return _answer(there and writes(context) and item is not None and is_provider(context, item))


def feedback_accept_answer(context: Context, data_dict: Any) -> AuthResult:
    """Who asked, and the provider of the dataset."""
    item = item_of(data_dict)
    if item is None or item.state != PUBLISHED or not sees(context, item):
        return _answer(False)
    question = items.find(model.Session(), item.root_id) if item.root_id else None
    return _answer(question is not None and (is_author(context, question) or is_provider(context, question)))


def feedback_issue_update(context: Context, data_dict: Any) -> AuthResult:
    """The provider of the dataset."""
    item = item_of(data_dict)
    there = item is not None and item.state == PUBLISHED and sees(context, item)
    return _answer(there and item is not None and is_provider(context, item))


@toolkit.auth_allow_anonymous_access
def feedback_issue_list(context: Context, data_dict: Any) -> AuthResult:
    """Everybody; each sees the issues that he may see."""
    return _answer(True)


@toolkit.auth_allow_anonymous_access
def feedback_summary(context: Context, data_dict: Any) -> AuthResult:
    """Everybody, of the datasets that he may read."""
    return _answer(True)


def feedback_summary_rebuild(context: Context, data_dict: Any) -> AuthResult:
    """Sysadmins."""
    return _answer(False)


def feedback_follow(context: Context, data_dict: Any) -> AuthResult:
    """Who is signed in, what he may see."""
    return _answer(signed_in(context))


def feedback_unfollow(context: Context, data_dict: Any) -> AuthResult:
    """Who is signed in."""
    return _answer(signed_in(context))


def feedback_mute(context: Context, data_dict: Any) -> AuthResult:
    """Who is signed in."""
    return _answer(signed_in(context))


def feedback_follow_list(context: Context, data_dict: Any) -> AuthResult:
    """Everybody his own."""
    return _answer(signed_in(context))


def feedback_profile_show(context: Context, data_dict: Any) -> AuthResult:
    """Everybody his own."""
    return _answer(is_self(context, data_dict))


def feedback_profile_update(context: Context, data_dict: Any) -> AuthResult:
    """Everybody his own."""
    return _answer(is_self(context, data_dict))


def feedback_user_export(context: Context, data_dict: Any) -> AuthResult:
    """Everybody his own."""
    return _answer(is_self(context, data_dict))


def feedback_user_forget(context: Context, data_dict: Any) -> AuthResult:
    """Everybody himself."""
    return _answer(is_self(context, data_dict))


def feedback_user_block(context: Context, data_dict: Any) -> AuthResult:
    """Sysadmins."""
    return _answer(False)


def feedback_user_unblock(context: Context, data_dict: Any) -> AuthResult:
    """Sysadmins."""
    return _answer(False)


@toolkit.auth_allow_anonymous_access
def feedback_stats(context: Context, data_dict: Any) -> AuthResult:
    """Everybody: they are counts only."""
    return _answer(True)


def quality_check_run(context: Context, data_dict: Any) -> AuthResult:
    """Who may edit a dataset may have it checked."""
    return _answer(may("package_update", context, {"id": (data_dict or {}).get("id")}))


@toolkit.auth_allow_anonymous_access
def quality_list(context: Context, data_dict: Any) -> AuthResult:
    """Who may read a dataset may see what was found of it."""
    return _answer(may("package_show", context, {"id": (data_dict or {}).get("id")}))


@toolkit.auth_allow_anonymous_access
def quality_report(context: Context, data_dict: Any) -> AuthResult:
    """Everybody; whose datasets are counted depends on who asks."""
    return _answer(True)


@toolkit.auth_allow_anonymous_access
def feedback_export(context: Context, data_dict: Any) -> AuthResult:
    """As to list, or to read one item."""
    if (data_dict or {}).get("id"):
        return _answer(sees(context, item_of(data_dict)))
    return feedback_list(context, data_dict)


def feedback_import(context: Context, data_dict: Any) -> AuthResult:
    """Who moderates feedback somewhere; he keeps what is about datasets of his organizations."""
    return _answer(bool(caller_of(context).moderates))


def feedback_import_nimmbus(context: Context, data_dict: Any) -> AuthResult:
    """Only sysadmins have the hub ask another system."""
    return _answer(False)
