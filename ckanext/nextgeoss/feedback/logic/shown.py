"""Items as the actions give them, a page at a time: whatever the number, a handful of queries.

The document of an item has all parts of the standard under their names (`abstract`, `rating`, `usage`, ...),
which `guf.FeedbackItem` reads, and beside them:

`id`, `code_space`, `source` (local, api, xml, nimmbus), `state` (draft, pending, published, hidden, deleted),
`version` (counts edits; to be sent with a change), `edited`; `created`, `modified`, `published` (RFC 3339);
`author`: `id`, `name`, `display_name`, `is_provider`; the first two are None when he does not show them;
`on_behalf_of`: `id`, `name`, `title` of the organization for which a provider answers, else None;
`reply_to` and `root` (ids), `replies` (how many published answers); when asked for, `thread`: answers, the
accepted one first, then the oldest, and `thread_more`: how many there are after them, of one item alone
`thread_offset`: how many before them;
`accepted_answer` (id) of a question; `votes`: `up`, `down`, `mine` (1, -1, 0);
`issue`: `state`, `severity`, `assignee`, `duplicate_of`, `closed`, or None when it reports none;
`datasets`: those of ours that it is about: `id`, `name`, `title`, `type`, `role`, `kind`, `resource_id`; of
one that the caller may not read, nothing but `role` and `kind`, and as a target its role;
`flags` (`count`, `reasons`) and `spam_score`, for moderators only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from ckan.plugins import toolkit

from ..model import Item, Reaction, Target
from ..states import EXTERNAL
from ..store import items as rows
from ..store import people, reactions, threads
from ..store.targets import targets_of
from ..store.visible import Caller, packages_for
from .hidden import is_hidden, told_targets, unnamed

# answers of one item that come with it
MOST_ANSWERS = 100
# keys of the document that are no parts; a change leaves them alone
KEYS = frozenset((
    "id", "code_space", "source", "state", "version", "edited", "created", "modified", "published", "author",
    "on_behalf_of", "reply_to", "root", "replies", "thread", "thread_more", "thread_offset",
    "accepted_answer", "votes", "issue", "datasets", "flags", "spam_score", "warnings",
))  # fmt: skip
# parts that are made of the row
OF_ROW = frozenset(("item_identifier", "date_info", "item_is_reply_to"))


@dataclass(frozen=True, slots=True)
class _Around:
    """What a page of items needs of other tables, by id."""

    caller: Caller
    targets: Mapping[str, list[Target]]
    replies: Mapping[str, int]
    mine: Mapping[str, int]
    packages: Mapping[str, Any]
    users: Mapping[str, Any]
    organizations: Mapping[str, Any]
    profiles: Mapping[str, Mapping[str, Any]]
    flags: Mapping[str, list[Reaction]]


def documents(found: Sequence[Item], caller: Caller) -> list[dict[str, Any]]:
    """The documents of items that the caller may see."""
    if not found:
        return []
    around = _around(found, caller)
    return [_document(item, around) for item in found]


def document(item: Item, caller: Caller) -> dict[str, Any]:
    """The document of one item."""
    return documents([item], caller)[0]


def with_threads(
    found: Sequence[Item], caller: Caller, limit: int = MOST_ANSWERS, offset: int = 0
) -> list[dict[str, Any]]:
    """The documents of first items, each with so many of the answers to it under `thread`."""
    below = threads.pages_of(model.Session(), caller, [item.id for item in found], limit, offset)
    shown = documents([*found, *(item for answers, _ in below.values() for item in answers)], caller)
    by_id = {each["id"]: each for each in shown}
    told: list[dict[str, Any]] = []
    for item in found:
        answers, more = below[item.id]
        told.append(by_id[item.id] | {"thread": [by_id[each.id] for each in answers], "thread_more": more})
    return told


def _around(found: Sequence[Item], caller: Caller) -> _Around:
    session, ids = model.Session(), [item.id for item in found]
    targets = targets_of(session, ids)
    packages = (target.package_id for each in targets.values() for target in each)
    users = {user for item in found for user in (item.user_id, item.issue_assignee_id)}
    moderates = caller.sysadmin or bool(caller.moderates)
    return _Around(
        caller=caller,
        targets=targets,
        replies=threads.reply_counts(session, ids),
        mine=reactions.votes_of(session, caller.user_id, ids),
        packages=packages_for(session, caller, packages),
        users=_by_id(model.User, users),
        organizations=_by_id(model.Group, {item.organization_id for item in found}),
        profiles=people.profiles(session, [user for user in users if user]),
        flags=reactions.flags_of(session, ids) if moderates else {},
    )


def _by_id(kind: Any, ids: Iterable[str | None]) -> dict[str, Any]:
    wanted = sorted(each for each in ids if each)
    if not wanted:
        return {}
    return {each.id: each for each in model.Session.query(kind).filter(kind.id.in_(wanted))}


def _document(item: Item, around: _Around) -> dict[str, Any]:
    profile = around.profiles.get(item.user_id or "", {})
    orcid = profile.get("orcid") if profile.get("show_orcid") and profile.get("show_name", True) else ""
    targets = around.targets[item.id]
    found = {
        "id": item.id,
        "code_space": item.code_space,
        "source": item.source,
        "state": item.state,
        "version": item.version,
        "edited": item.edited,
        "created": rows.time_text(item.created),
        "modified": rows.time_text(item.modified),
        "published": rows.time_text(item.published) if item.published else None,
        "author": _author(item, around, profile),
        "on_behalf_of": _organization(around.organizations.get(item.organization_id or "")),
        "reply_to": item.reply_to_id,
        "root": item.root_id,
        "replies": around.replies.get(item.id, 0),
        "accepted_answer": item.accepted_id,
        "votes": {"up": item.votes_up, "down": item.votes_down, "mine": around.mine.get(item.id, 0)},
        "issue": _issue(item, around),
        "datasets": [_dataset(target, around) for target in targets if target.kind != EXTERNAL],
    }
    whole = rows.complete(item, orcid=orcid or "")
    hidden = {each.position for each in targets if _is_hidden(each, around)}
    if hidden:
        whole["target"] = told_targets(whole["target"], hidden)
    return whole | found | _for_moderators(item, targets, around)


def _author(item: Item, around: _Around, profile: Mapping[str, Any]) -> dict[str, Any]:
    user = around.users.get(item.user_id or "")
    if user is not None and not profile.get("show_name", True) and user.id != around.caller.user_id:
        user = None
    return {
        "id": user.id if user else None,
        "name": user.name if user else None,
        "display_name": item.author_name or toolkit._("Anonymous"),
        "is_provider": bool(item.organization_id) or any(each.own for each in around.targets[item.id]),
    }


def _organization(group: Any) -> dict[str, Any] | None:
    return {"id": group.id, "name": group.name, "title": group.title or group.name} if group else None


def _issue(item: Item, around: _Around) -> dict[str, Any] | None:
    if item.issue_state is None:
        return None
    assignee = around.users.get(item.issue_assignee_id or "")
    return {
        "state": item.issue_state,
        "severity": item.issue_severity,
        "assignee": {"id": assignee.id, "name": assignee.name} if assignee else None,
        "duplicate_of": item.issue_duplicate_of,
        "closed": rows.time_text(item.issue_closed) if item.issue_closed else None,
    }


def _is_hidden(target: Target, around: _Around) -> bool:
    return is_hidden(target, around.packages.get(target.package_id or ""), around.caller)


def _dataset(target: Target, around: _Around) -> dict[str, Any]:
    if _is_hidden(target, around):
        nothing = dict.fromkeys(("id", "name", "type", "resource_id"))
        return {**nothing, "title": unnamed(), "role": target.role, "kind": target.kind}
    package = around.packages.get(target.package_id or "")
    if package is not None and package.state != "active":
        package = None
    return {
        "id": target.package_id,
        "name": package.name if package else None,
        "title": (package.title or package.name) if package else target.title,
        "type": package.type if package else None,
        "role": target.role,
        "kind": target.kind,
        "resource_id": target.resource_id,
    }


def _for_moderators(item: Item, targets: Sequence[Target], around: _Around) -> dict[str, Any]:
    caller = around.caller
    if not caller.sysadmin and not any(target.owner_org in caller.moderates for target in targets):
        return {}
    reports = around.flags.get(item.id, [])
    reasons = [{"reason": each.reason, "note": each.note or ""} for each in reports]
    return {"flags": {"count": item.flags, "reasons": reasons}, "spam_score": item.spam_score}
