"""The action by which a provider tells how far an issue is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context

from ..model import Item, utc_now
from ..states import OPEN_ISSUES
from ..store import items
from ..store.counting import counted
from ..store.visible import Caller
from . import shown, signals, writing
from .caller import caller_of, existing, still_there, told, user_of
from .lists import user_id
from .schema import answers as schema
from .schema.values import validated

_FIX_TYPE = "released"


def feedback_issue_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell how far an issue is that a user has reported; what is not given stays as it is.

    :param id: the item
    :param state: open, acknowledged, in_progress, fixed, wont_fix, duplicate (optional)
    :param severity: info, minor, major, blocking (optional)
    :param assignee: id or name of the user who sees to it; "" for nobody (optional)
    :param duplicate_of: id of the item that reported it first, with the state duplicate (optional)
    :param expected_fix_date: a date (optional)
    :param fixed_resource: a citation of what is right now (optional)
    :param work_around: what to do meanwhile, beside what is there already (optional)
    :param reason: why, for those who follow it (optional)
    :returns: the item as `feedback_show` gives it
    """
    own = validated(schema.feedback_issue_update_schema, data_dict, None, context)
    item = existing("feedback_issue_update", context, own)
    if item.issue_state is None:
        raise toolkit.ValidationError({"id": [toolkit._("The feedback reports no issue.")]})
    session, user = model.Session(), user_of(context)
    with told(), counted(session, [own["id"]]):
        item = still_there(own["id"])
        before = item.issue_state
        _set(item, own, caller_of(context))
        _tell(item, own)
        if own.get("state") and own["state"] != before:
            actor, note = (user.id if user else None), f"{before} -> {own['state']}"
            reason = own.get("reason", "")
            items.log(session, item, item.state, "issue", actor_id=actor, reason=reason, note=note)
    session.commit()
    signals.issue_changed.send(item.id, before=before, state=item.issue_state)
    return shown.document(item, caller_of(context))


def _set(item: Item, own: Mapping[str, Any], caller: Caller) -> None:
    state = own.get("state") or item.issue_state
    duplicate = own.get("duplicate_of", item.issue_duplicate_of) or None
    if state == "duplicate":
        first = items.find(model.Session(), duplicate or "")
        seen = first is not None and items.sees(model.Session(), caller, first.id)
        if not seen or first is None or first.id == item.id or first.issue_state is None:
            text = toolkit._("The item that reported the same issue first is expected.")
            raise toolkit.ValidationError({"duplicate_of": [text]})
    is_open = state in OPEN_ISSUES
    if is_open:
        item.issue_closed = None
    elif item.issue_closed is None:
        item.issue_closed = utc_now()
    item.issue_state = state
    item.issue_duplicate_of = duplicate if state == "duplicate" else None
    item.issue_severity = own.get("severity") or item.issue_severity
    if "assignee" in own:
        item.issue_assignee_id = user_id(own["assignee"]) if own["assignee"] else None


def _tell(item: Item, own: Mapping[str, Any]) -> None:
    """Add to the report what the provider knows of the issue; it is the issue that comes first."""
    new: dict[str, Any] = {}
    if own.get("expected_fix_date"):
        new["expected_fix_date"] = {"date": own["expected_fix_date"], "date_type": _FIX_TYPE}
    if own.get("fixed_resource"):
        new["fixed_resource"] = own["fixed_resource"]
    if not new and not own.get("work_around"):
        return
    parts = items.complete(item)
    usages = [dict(usage) for usage in parts["usage"]]
    usage = next(each for each in usages if each.get("discovered_issue"))
    first, *others = usage["discovered_issue"]
    if own.get("work_around"):
        new["work_around"] = [*first.get("work_around", ()), own["work_around"]]
    usage["discovered_issue"] = [{**first, **new}, *others]
    known = {"role": item.contact_role, "expertise_level": item.expertise_level or 1, "domains": []}
    whole = writing.checked({**parts, "usage": usages}, item, parts["target"], known)
    items.fill(item, whole)
    item.version += 1
    item.modified = utc_now()
