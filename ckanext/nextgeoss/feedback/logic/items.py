"""Actions on single items: write, read, change, delete."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config
from ..states import DELETED
from ..store import items, people, threads
from ..store.counting import counted
from ..store.targets import set_raters, targets_of
from . import shown, writing
from .caller import caller_of, existing, limit, still_there, told, user_of, writer_of
from .changing import change
from .rights import moderates_all
from .schema import items as schema
from .schema.values import validated
from .subjects import given_targets
from .warned import outside, warnings, with_warnings

OWN = frozenset(("package_id", "resource_id", "role", "scope", "draft", "severity", "once", "validate_only"))


def feedback_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write feedback on datasets, resources or whatever has an identifier.

    What it says is given under the names of the OGC Geospatial User Feedback model (`abstract`, `purpose`,
    `contact_role`, `tag`, `rating`, `usage`, `user_comment`, `citation`, `significant_event`,
    `additional_quality`, `additional_lineage_steps`, `contact`, `target`, ...); who writes, the dates and
    the identifier come from the hub. `abstract` may be left out beside a comment, `contact_role`,
    `expertise_level` and `application_domain` of `contact` where the profile says them.

    :param package_id: id or name of a dataset, or a list of these: the targets (or `target` says them)
    :param resource_id: id of a resource: the target (optional)
    :param role: role of these as targets: primary, secondary, supplementary (primary)
    :param scope: which part of these it is about, as `scope` of a target: `level`, `extent`,
        `level_description` (optional)
    :param severity: how bad an issue is: info, minor, major, blocking (minor)
    :param draft: true keeps it for its author only, until `feedback_update` sends it (false)
    :param once: a word that tells this sending from others: when the same caller sends it again, the item
        that was made of it is returned, and no second one is made (optional)
    :param validate_only: true says what is wrong and keeps nothing (false)
    :returns: the item as `feedback_show` gives it; with `validate_only` its parts under `parts`, and
        `warnings`: lists of texts by the place of the part that they are about, such as
        `significant_event[0].extent.geographic_element[0]` for an area that is not that of the data; under ""
        what will have a moderator look at it. An item that is kept has `warnings`, too, where its places or
        times are not those of the data
    """
    toolkit.check_access("feedback_create", context, data_dict)
    own = validated(schema.feedback_create_schema, data_dict, OWN, context)
    user, caller = writer_of(context)
    sent_as = "" if own["validate_only"] else writing.sent_as(caller, "create", own.get("once", ""))
    if sent_as and (made := writing.made_of(sent_as)):
        return with_warnings(shown.document(made, caller), {})
    with told():
        targets, rows = given_targets(context, {**data_dict, **own}, user)
        author = writing.author_of(user)
        item = writing.new_item(user, author, sent_as)
        whole = writing.checked(writing.parts_of(data_dict, OWN), item, targets, author)
        if own["validate_only"]:
            return {"parts": whole, "warnings": warnings(whole, rows)}
        limit("items", config.items_per_hour(), caller)
        item.issue_severity = own.get("severity")
        moderator = moderates_all(caller, rows)
        writing.send(context, caller, user, item, whole, rows, draft=own["draft"], moderator=moderator)
        strange = outside(whole, rows)
    return with_warnings(shown.document(item, caller), strange)


@toolkit.side_effect_free
def feedback_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return one item of feedback.

    :param id: its id
    :param include_replies: true adds the published answers under `thread` (false)
    :param limit: how many answers at most (100; up to 100); `thread_more` says how many come after them
    :param offset: how many answers to leave out (0)
    :param answer: the id of an answer: the page that has it, in place of `offset` (optional)
    :returns: all parts of the standard under their names, and what feedback/logic/shown.py lists
    """
    own = validated(schema.feedback_show_schema, data_dict, None, context)
    item = existing("feedback_show", context, own)
    caller = caller_of(context)
    if not own["include_replies"]:
        return shown.document(item, caller)
    limit, offset = own["limit"], own["offset"]
    if own.get("answer"):
        offset = threads.offset_of(model.Session(), caller, item.id, own["answer"], limit)
    return shown.with_threads([item], caller, limit, offset)[0] | {"thread_offset": offset}


def feedback_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change an item: all its parts become those that are given; targets stay when none are given.

    The answer of `feedback_show` may be given back. What its author changes of published words may make it
    wait for a moderator (see `ckanext.nextgeoss.feedback.moderation`).

    :param id: its id
    :param version: the `version` that the caller has read; another one by now is a conflict (optional)
    :param send: true sends a draft (false)
    :param validate_only: true says what is wrong and keeps nothing (false), as in `feedback_create`
    :param severity: how bad its issue is (optional)
    :returns: the item as `feedback_show` gives it
    """
    return change("feedback_update", context, data_dict, whole=True)


def feedback_patch(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change some parts of an item: those that are given, each as a whole; null takes one away.

    :param id: its id
    :param version: the `version` that the caller has read; another one by now is a conflict (optional)
    :param send: true sends a draft (false)
    :param validate_only: true says what is wrong and keeps nothing (false), as in `feedback_create`
    :returns: the item as `feedback_show` gives it
    """
    return change("feedback_patch", context, data_dict, whole=False)


def feedback_delete(context: Context, data_dict: dict[str, Any]) -> None:
    """Delete an item: nobody but moderators sees it any more, and after some days nobody does.

    :param id: its id
    :param reason: why, for its author (optional)
    """
    own = validated(schema.feedback_delete_schema, data_dict, None, context)
    session, user = model.Session(), user_of(context)
    existing("feedback_delete", context, own)
    with counted(session, items.with_questions(session, [own["id"]])):
        item = still_there(own["id"])
        actor = user.id if user else None
        if item.user_id != actor:
            people.add_trust(session, item.user_id, -1)
        items.set_state(session, item, DELETED, "delete", actor_id=actor, reason=own["reason"])
        set_raters(item, targets_of(session, [item.id])[item.id])
    session.commit()


def feedback_purge(context: Context, data_dict: dict[str, Any]) -> None:
    """Take an item out of the database for good, with the answers to it.

    :param id: its id
    """
    own = validated(schema.feedback_id_schema, data_dict, None, context)
    item = existing("feedback_purge", context, own)
    items.purge(model.Session(), item)
    model.Session().commit()
