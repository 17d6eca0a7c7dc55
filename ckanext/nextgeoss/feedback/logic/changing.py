"""How an item is changed: by its author, whose words may come before a moderator again, or by a moderator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ...eo.errors import BadValue
from .. import config, said
from ..code_lists import MOTIVATIONS
from ..model import Item, Target, utc_now
from ..states import DRAFT, PUBLISHED, changed_share, edited_state, first_state
from ..store import items, versions
from ..store.counting import counted
from ..store.targets import set_raters, targets_of
from . import shown, signals, writing
from .caller import existing, is_trusted, still_there, told, writer_of
from .hidden import hidden_places, restored_targets, told_before
from .rights import moderates_all
from .schema import items as schema
from .schema.values import validated
from .subjects import given_targets, identifiers_of
from .warned import outside, warnings, with_warnings

OWN = frozenset((
    "package_id", "resource_id", "role", "severity", "send", "id", "version", "validate_only",
))  # fmt: skip


def change(action: str, context: Context, data: Mapping[str, Any], *, whole: bool) -> dict[str, Any]:
    """Change an item to what is given: all of it (`whole`), or the parts that are given."""
    own = validated(schema.feedback_update_schema, data, OWN, context)
    session, (user, caller) = model.Session(), writer_of(context)
    existing(action, context, own)
    with told(), counted(session, items.with_questions(session, [own["id"]])):
        item = still_there(own["id"])
        _check_version(item, own.get("version"))
        versions.keep(session, item)
        before, begun = said.comment(item.parts), item.state
        given = writing.parts_of(data, OWN)
        given = given if whole else {**items.complete(item), **given}
        begun_on = {row.package_id for row in targets_of(session, [item.id])[item.id]}
        hidden = hidden_places([item], caller)[item.id]
        targets, rows = _targets(context, _with_targets(data, item, hidden), own, item)
        is_moved = not {row.package_id for row in rows} <= begun_on
        new = _same_standing(item, writing.checked(given, item, targets, _known(item)))
        if own["validate_only"]:
            found = warnings(new, rows)
            session.rollback()
            return {"parts": told_before(new, item, hidden, caller), "warnings": found}
        _rewrite(item, new, own)
        changed = 1.0 if is_moved else changed_share(before, said.comment(item.parts))
        mine = user is not None and item.user_id == user.id
        moderator = caller.sysadmin or moderates_all(caller, rows)
        if is_moved and not (mine or moderator):
            session.rollback()
            raise toolkit.NotAuthorized(toolkit._("You do not moderate feedback on all of these datasets."))
        if mine or item.state == DRAFT:
            trusted = moderator or is_trusted(user, caller)
            _restate(item, user, changed, send=own["send"], trusted=trusted, moderator=moderator)
        set_raters(item, rows)
        items.flush(session, item)
        strange = outside(new, rows)
    session.commit()
    if item.state == PUBLISHED != begun:
        signals.published.send(item.id)
    return with_warnings(shown.document(item, caller), strange)


def _with_targets(data: Mapping[str, Any], item: Item, hidden: Collection[int]) -> Mapping[str, Any]:
    if "target" not in data:
        return data
    return {**data, "target": restored_targets(data["target"], item.parts["target"], hidden)}


def _check_version(item: Item, version: int | None) -> None:
    if version is not None and version != item.version:
        text = toolkit._("The feedback was changed since you have read it: it is version {} now, not {}.")
        raise toolkit.ValidationError({"version": [text.format(item.version, version)]})


def _same_standing(item: Item, new: dict[str, Any]) -> dict[str, Any]:
    """The parts of an answer, which stays what others have made of it (accepted, or the provider's), and
    cannot become so by being edited."""
    said = new.get("user_comment")
    if not (item.root_id and said):
        return new
    if item.motivation in items.STANDINGS:
        return new | {"user_comment": said | {"motivation": item.motivation}}
    if said.get("motivation") in items.STANDINGS:
        allowed = "one of " + ", ".join(
            str(each) for each in MOTIVATIONS.values if each not in items.STANDINGS
        )
        raise BadValue(said["motivation"], "user_comment.motivation", allowed)
    return new


def _known(item: Item) -> dict[str, Any]:
    """What an item says of its author already."""
    return {
        "name": item.author_name,
        "role": item.contact_role,
        "expertise_level": item.expertise_level or 1,
        "domains": [],
    }


def _targets(
    context: Context, data: Mapping[str, Any], own: Mapping[str, Any], item: Item
) -> tuple[list[dict[str, Any]], list[Target]]:
    """The targets that an item has from now on, which are others only when the caller says so."""
    session, kept = model.Session(), item.parts["target"]
    rows = targets_of(session, [item.id])[item.id]
    named = own.get("package_id") or own.get("resource_id")
    if not named and data.get("target") in (None, [], kept):
        return kept, rows
    if not named and identifiers_of(data["target"]) == identifiers_of(kept):
        return data["target"], rows  # the same things: only what of them is meant is new
    author = model.User.get(item.user_id) if item.user_id else None
    targets, new = given_targets(context, {**data, **own}, author)
    for row in rows:
        session.delete(row)
    session.flush()
    for row in new:
        row.item_id = item.id
    session.add_all(new)
    return targets, new


def _rewrite(item: Item, whole: dict[str, Any], own: Mapping[str, Any]) -> None:
    items.fill(item, whole)
    if own.get("severity") and item.issue_state:
        item.issue_severity = own["severity"]
    item.version += 1
    item.modified = utc_now()
    item.edited = item.edited or item.state != DRAFT


def _restate(item: Item, user: Any, changed: float, *, send: bool, trusted: bool, moderator: bool) -> None:
    """The state of an item after its author has changed it."""
    verdict = writing.judge(item, items.complete(item))
    spam, policy = verdict.suspicious and not moderator, config.moderation()
    if item.state == DRAFT:
        state = first_state(policy, trusted=trusted, spam=spam) if send else DRAFT
    else:
        state = edited_state(
            item.state, policy, trusted=trusted, spam=spam, changed=changed, most=config.edit_share()
        )
    if state != item.state:
        action = "send" if item.state == DRAFT else "edit"
        note = "; ".join(verdict.reasons)
        items.set_state(model.Session(), item, state, action, actor_id=user.id, note=note)
