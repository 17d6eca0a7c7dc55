"""Actions on users as authors: profile, what they follow, a copy of their data, forgetting, blocking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.lib.i18n import get_locales
from ckan.plugins import toolkit
from ckan.types import Context

from ...eo.errors import BadValue
from .. import code_lists
from ..addresses import without_addresses
from ..model import Person, utc_now
from ..rules import is_orcid
from ..store import items, people, versions
from . import shown
from .caller import caller_of, told, user_of
from .hidden import hidden_places, told_before
from .lists import organization_id, user_id
from .schema import people as schema
from .schema.values import validated
from .subjects import readable

# how often mails tell of news
NOTICES = ("off", "instant", "daily", "weekly")
_MOST_DOMAINS = 20


def _truth(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadValue(value, where, "true or false")
    return value


def _among(allowed: Any) -> Any:
    def check(value: Any, where: str) -> Any:
        if value not in allowed or isinstance(value, bool):
            raise BadValue(value, where, "one of " + ", ".join(map(str, allowed)))
        return value

    return check


def _orcid(value: Any, where: str) -> str:
    if value and not (isinstance(value, str) and is_orcid(value)):
        raise BadValue(value, where, "an ORCID with its check digit")
    return value.rpartition("/")[2] if value else ""


def _domains(value: Any, where: str) -> list[str]:
    good = isinstance(value, list) and all(isinstance(each, str) and 0 < len(each) <= 100 for each in value)
    if not good or len(value) > _MOST_DOMAINS:
        raise BadValue(value, where, f"a list of at most {_MOST_DOMAINS} texts")
    return [each.strip() for each in value if each.strip()]


def _language(value: Any, where: str) -> str:
    return _among(("", *sorted(get_locales())))(value or "", where)


# what a profile has: how each is checked, and what it is while nothing is said
_PROFILE: Mapping[str, tuple[Any, Any]] = {
    "orcid": (_orcid, ""),
    "default_role": (_among(tuple(code_lists.USER_ROLES.values)), "generalPublic"),
    "expertise_level": (_among(tuple(code_lists.EXPERTISE.values)), 1),
    "domains": (_domains, []),
    "show_name": (_truth, True),
    "show_orcid": (_truth, False),
    "notify": (_among(NOTICES), "daily"),
    "language": (_language, ""),
}


@toolkit.side_effect_free
def feedback_profile_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what a user says of himself as an author.

    :param user: id or name; who calls (optional)
    :returns: `orcid`, `default_role`, `expertise_level`, `domains`, `show_name`, `show_orcid`, `notify` (off,
        instant, daily, weekly), `language` (of mails), `trust`, `blocked` (None, or `reason` and `until`)
    """
    own = validated(schema.feedback_profile_show_schema, data_dict, None, context)
    toolkit.check_access("feedback_profile_show", context, own)
    return _profile(people.find_person(model.Session(), _user(context, own)))


def feedback_profile_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say who one is as an author; what is not given stays as it is. Feedback that was written before keeps
    the name that it was written under, unless `show_name` becomes false.

    :param orcid: an ORCID, "" for none
    :param default_role: the role in which one usually speaks, one of the standard's
    :param expertise_level: 1 to 5
    :param domains: fields of application, a list
    :param show_name: whether feedback tells one's name
    :param show_orcid: whether it tells the ORCID
    :param notify: how often mails tell of news: off, instant, daily, weekly
    :param language: the language of mails, one of the site's; "" for the usual one of the site
    :returns: as `feedback_profile_show`
    """
    own = validated(schema.feedback_profile_update_schema, data_dict, None, context)
    toolkit.check_access("feedback_profile_update", context, own)
    session, who = model.Session(), _user(context, own)
    given = {name: value for name, value in own.items() if name != "user"}
    with told():
        checked = {name: _PROFILE[name][0](value, name) for name, value in given.items()}
        if "show_name" in checked:
            user, shows = model.User.get(who), checked["show_name"]
            people.rename(session, who, without_addresses(user.display_name) if shows and user else "")
        row = people.person(session, who)
        row.profile = {**row.profile, **checked}
        answer = _profile(row)
        session.commit()
    return answer


@toolkit.side_effect_free
def feedback_user_export(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return all that the hub knows of a user in matters of feedback.

    :param user: id or name; who calls (optional)
    :returns: `profile`, `items` (also drafts and deleted ones, as `feedback_show` gives them), `versions`:
        what they said before they were changed, `votes`, `reports`, `follows`
    """
    own = validated(schema.feedback_user_export_schema, data_dict, None, context)
    toolkit.check_access("feedback_user_export", context, own)
    session, who = model.Session(), _user(context, own)
    reacted, written = people.reactions_of(session, who), people.items_of(session, who)
    caller, by_id = caller_of(context), {item.id: item for item in written}
    hidden = hidden_places(written, caller)
    return {
        "profile": _profile(people.find_person(session, who)),
        "items": shown.documents(written, caller),
        "versions": [
            {"id": each.item_id, "version": each.version, "changed": items.time_text(each.at),
             "parts": told_before(each.parts, by_id[each.item_id], hidden[each.item_id], caller)}
            for each in versions.all_of(session, [item.id for item in written])
        ],
        "votes": [
            {"id": each.item_id, "value": each.value, "created": items.time_text(each.created)}
            for each in reacted
            if each.kind == "vote"
        ],
        "reports": [
            {"id": each.item_id, "reason": each.reason, "note": each.note,
             "created": items.time_text(each.created)}
            for each in reacted
            if each.kind == "flag"
        ],
        "follows": _follows(who),
    }  # fmt: skip


def feedback_user_forget(context: Context, data_dict: dict[str, Any]) -> dict[str, int]:
    """Take a user out of all feedback: his name, ORCID, profile and what he follows. His words stay as those
    of nobody, unless he wants them deleted.

    :param user: id or name; who calls (optional)
    :param delete: true deletes his words, too (false)
    :returns: `items`: how many there were
    """
    own = validated(schema.feedback_user_forget_schema, data_dict, None, context)
    toolkit.check_access("feedback_user_forget", context, own)
    session = model.Session()
    number = people.forget(session, _user(context, own), delete=own["delete"])
    session.commit()
    return {"items": number}


def feedback_user_block(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Have a user write no more feedback; what he wrote stays.

    :param user: id or name
    :param reason: why, shown to him
    :param until: until when, RFC 3339 (for good)
    :returns: as `feedback_profile_show`
    """
    own = validated(schema.feedback_user_block_schema, data_dict, None, context)
    toolkit.check_access("feedback_user_block", context, own)
    session, by = model.Session(), user_of(context)
    row = people.person(session, user_id(own["user"]))
    row.blocked, row.blocked_until = utc_now(), own.get("until")
    row.blocked_reason, row.blocked_by = own["reason"], by.id if by else None
    row.trust = 0
    answer = _profile(row)
    session.commit()
    return answer


def feedback_user_unblock(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Let a user write again.

    :param user: id or name
    :returns: as `feedback_profile_show`
    """
    own = validated(schema.feedback_user_unblock_schema, data_dict, None, context)
    toolkit.check_access("feedback_user_unblock", context, own)
    session = model.Session()
    row = people.person(session, user_id(own["user"]))
    row.blocked = row.blocked_until = row.blocked_reason = row.blocked_by = None
    answer = _profile(row)
    session.commit()
    return answer


def feedback_follow(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Be told of new feedback.

    :param type: dataset, thread (an item and the answers to it) or organization
    :param id: its id, or name
    :returns: as `feedback_follow_list`
    """
    return _follow("feedback_follow", context, data_dict, "follow")


def feedback_mute(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Hear no more of something, although one wrote there or belongs to its organization.

    :param type: dataset, thread or organization
    :param id: its id, or name
    :returns: as `feedback_follow_list`
    """
    return _follow("feedback_mute", context, data_dict, "mute")


def feedback_unfollow(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Neither follow something nor mute it any more.

    :param type: dataset, thread or organization
    :param id: its id, or name
    :returns: as `feedback_follow_list`
    """
    return _follow("feedback_unfollow", context, data_dict, "")


@toolkit.side_effect_free
def feedback_follow_list(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what the caller follows and mutes: a list of `type`, `id`, `mode` (follow, mute)."""
    validated(schema.feedback_follow_list_schema, data_dict, None, context)
    toolkit.check_access("feedback_follow_list", context, data_dict)
    return _follows(user_of(context).id)


def _follow(action: str, context: Context, data: dict[str, Any], mode: str) -> list[dict[str, Any]]:
    own = validated(schema.feedback_follow_schema, data, None, context)
    toolkit.check_access(action, context, own)
    session, user = model.Session(), user_of(context)
    try:
        subject = _subject(context, own["type"], own["id"])
    except toolkit.ObjectNotFound:
        if mode:
            raise
        subject = own["id"]  # what is gone, or is not his to see any more, can be left, too
    if mode:
        people.follow(session, user.id, own["type"], subject, mode)
    else:
        people.unfollow(session, user.id, own["type"], subject)
    session.commit()
    return _follows(user.id)


def _subject(context: Context, kind: str, name: str) -> str:
    """The id of what is followed; NotFound when the caller may not see it."""
    if kind == "dataset":
        return readable(context, name).id
    if kind == "organization":
        return organization_id(name)
    session = model.Session()
    item = items.find(session, name)
    if item is None or not items.sees(session, caller_of(context), name):
        raise toolkit.ObjectNotFound(toolkit._("There is no feedback {}.").format(name))
    return item.root_id or item.id


def _follows(who: str) -> list[dict[str, Any]]:
    rows = people.follows_of(model.Session(), who)
    return [{"type": row.subject_type, "id": row.subject_id, "mode": row.mode} for row in rows]


def _user(context: Context, data: Mapping[str, Any]) -> str:
    if data.get("user"):
        return user_id(data["user"])
    user = user_of(context)
    if user is None:
        raise toolkit.NotAuthorized(toolkit._("Please sign in."))
    return user.id


def _profile(row: Person) -> dict[str, Any]:
    said = {name: row.profile.get(name, usual) for name, (_, usual) in _PROFILE.items()}
    blocked = None
    if people.is_blocked(row, utc_now()):
        until = items.time_text(row.blocked_until) if row.blocked_until else None
        blocked = {"reason": row.blocked_reason, "until": until}
    return {**said, "trust": row.trust or 0, "blocked": blocked}
