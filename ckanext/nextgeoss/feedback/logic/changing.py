"""How an item is changed: by its author, whose words may come before a moderator again, or by a moderator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config, said
from ..model import Item, Target, utc_now
from ..states import DRAFT, PUBLISHED, changed_share, edited_state, first_state
from ..store import items, versions
from ..store.counting import counted
from ..store.targets import set_raters, targets_of
from . import shown, signals, writing
from .caller import existing, is_trusted, told, writer_of
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
    with told(), counted(session, [own["id"]]):
        item = items.find(session, own["id"])
        assert item is not None
        _check_version(item, own.get("version"))
        versions.keep(session, item)
        before, begun = said.comment(item.parts), item.state
        given = writing.parts_of(data, OWN)
        given = given if whole else {**items.complete(item), **given}
        targets, rows = _targets(context, data, own, item, user)
        new = writing.checked(given, item, targets, _known(item))
        if own["validate_only"]:
            found = warnings(new, rows)
            session.rollback()
            return {"parts": new, "warnings": found}
        _rewrite(item, new, own)
        changed = changed_share(before, said.comment(item.parts))
        mine = user is not None and item.user_id == user.id
        moderator = caller.sysadmin or any(row.owner_org in caller.moderates for row in rows)
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


def _check_version(item: Item, version: int | None) -> None:
    if version is not None and version != item.version:
        text = toolkit._("The feedback was changed since you have read it: it is version {} now, not {}.")
        raise toolkit.ValidationError({"version": [text.format(item.version, version)]})


def _known(item: Item) -> dict[str, Any]:
    """What an item says of its author already."""
    return {
        "name": item.author_name,
        "role": item.contact_role,
        "expertise_level": item.expertise_level or 1,
        "domains": [],
    }


def _targets(
    context: Context, data: Mapping[str, Any], own: Mapping[str, Any], item: Item, user: Any
) -> tuple[list[dict[str, Any]], list[Target]]:
    """The targets that an item has from now on, which are others only when the caller says so."""
    session, kept = model.Session(), item.parts["target"]
    rows = targets_of(session, [item.id])[item.id]
    named = own.get("package_id") or own.get("resource_id")
    if not named and data.get("target") in (None, [], kept):
        return kept, rows
    if not named and identifiers_of(data["target"]) == identifiers_of(kept):
        return data["target"], rows  # the same things: only what of them is meant is new
    targets, new = given_targets(context, {**data, **own}, user)
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
