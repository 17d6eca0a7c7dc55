"""Actions of moderators, and reports to them."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from .. import config
from ..model import Item
from ..states import HIDDEN, PUBLISHED, moderated
from ..store import facts, items, people, reactions
from ..store.counting import counted
from . import rights, shown, signals
from .caller import caller_of, existing, limit, still_there, told, user_of, writer_of
from .schema import moderation as schema
from .schema.values import validated

MOST_AT_ONCE = 100
# what is noted when so many people report an item
STRIKES = "hidden until a moderator looks at it, because several people reported it"


def feedback_moderate(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Let items through, or take them away; all of them or none.

    :param id: an item, or
    :param ids: a list of items, up to 100
    :param action: approve (what waits or is hidden), reject (what waits), hide, restore (what is hidden)
    :param reason: why, shown to the author; must be given to reject and to hide
    :param note: for moderators (optional)
    :returns: the items as `feedback_show` gives them
    """
    own = validated(schema.feedback_moderate_schema, data_dict, None, context)
    ids = rights.ids_of(own)
    action, reason = own["action"], own["reason"]
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        text = toolkit._("1 to {} items are expected.").format(MOST_AT_ONCE)
        raise toolkit.ValidationError({"ids": [text]})
    if action in ("reject", "hide") and not reason:
        raise toolkit.ValidationError({"reason": [toolkit._("The author is told why: a reason is needed.")]})
    for item_id in ids:
        existing("feedback_moderate", context, {**own, "id": item_id, "ids": [item_id]})
    session, user = model.Session(), user_of(context)
    actor = user.id if user else None
    with told(), counted(session, items.with_questions(session, ids)):
        found = [item for item_id in dict.fromkeys(ids) if (item := items.find(session, item_id))]
        # authors are locked, too, in one order for all
        for item in sorted(found, key=lambda item: item.user_id or ""):
            _moderate(item, action, actor, reason, own["note"])
    session.commit()
    for item in found:
        signals.moderated.send(item.id, action=action, state=item.state, reason=reason)
    return shown.documents(found, caller_of(context))


def _moderate(item: Item, action: str, actor: str | None, reason: str, note: str) -> None:
    session = model.Session()
    state = moderated(item.state, action)
    was_published = item.published is not None
    items.set_state(session, item, state, action, actor_id=actor, reason=reason, note=note)
    if state == PUBLISHED:
        reactions.resolve_flags(session, item, upheld=False)
        if not was_published:
            people.add_trust(session, item.user_id, 1)
    else:
        reactions.resolve_flags(session, item, upheld=True)
        people.add_trust(session, item.user_id, -1)


@toolkit.side_effect_free
def feedback_moderation_log(context: Context, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what became of an item, the first first.

    :param id: its id; also of one that was taken out of the database, for sysadmins
    :returns: a list of `action`, `from_state`, `to_state`, `reason`, `at`, and for moderators `actor` (name)
        and `note`
    """
    own = validated(schema.feedback_moderation_log_schema, data_dict, None, context)
    caller, session = caller_of(context), model.Session()
    lines = facts.log_of(session, own["id"])
    if not (caller.sysadmin and lines):
        existing("feedback_moderation_log", context, own)
    moderates = caller.sysadmin or items.moderates(session, caller, own["id"])
    names = {each.actor_id for each in lines if each.actor_id}
    users = {user.id: user.name for user in session.query(model.User).filter(model.User.id.in_(names))}
    return [
        {
            "action": line.action,
            "from_state": line.from_state,
            "to_state": line.to_state,
            "reason": line.reason,
            "at": items.time_text(line.at),
        }
        | ({"actor": users.get(line.actor_id or ""), "note": line.note} if moderates else {})
        for line in lines
        if moderates or line.action != "burst"
    ]


def feedback_flag(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Report that something is wrong with an item. When several people do, it is hidden until a moderator
    looks at it (`ckanext.nextgeoss.feedback.max_strikes`).

    :param id: its id
    :param reason: spam, offensive, personal_data, wrong, off_topic, other
    :param note: a remark for the moderators (optional)
    :returns: `id` and `hidden`
    """
    own = validated(schema.feedback_flag_schema, data_dict, None, context)
    existing("feedback_flag", context, own)
    _, caller = writer_of(context)
    limit("reactions", config.reactions_per_hour(), caller)
    session, who = model.Session(), caller.user_id or caller.visitor
    with counted(session, items.with_questions(session, [own["id"]])):
        item = still_there(own["id"])
        reactions.flag(session, item, who or "visitor:", own["reason"], own["note"])
        strikes = config.max_strikes()
        if strikes and item.flags >= strikes and item.state == PUBLISHED:
            items.set_state(session, item, HIDDEN, "flagged", actor_id=None, reason=STRIKES)
    session.commit()
    signals.flagged.send(item.id, reason=own["reason"], state=item.state)
    return {"id": item.id, "hidden": item.state == HIDDEN}


def feedback_flag_clear(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say that what was reported of an item is not so: it is published again if reports had hidden it.

    :param id: its id
    :param note: for moderators (optional)
    :returns: the item as `feedback_show` gives it
    """
    own = validated(schema.feedback_flag_clear_schema, data_dict, None, context)
    existing("feedback_flag_clear", context, own)
    session, user = model.Session(), user_of(context)
    with counted(session, [own["id"]]):
        item = still_there(own["id"])
        reactions.resolve_flags(session, item, upheld=False)
        log = facts.log_of(session, item.id)
        by_reports = item.state == HIDDEN and bool(log) and log[-1].action == "flagged"
        state = PUBLISHED if by_reports else item.state
        actor = user.id if user else None
        items.set_state(session, item, state, "flags_cleared", actor_id=actor, note=own["note"])
    session.commit()
    return shown.document(item, caller_of(context))
