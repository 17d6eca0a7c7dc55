"""Who calls an action of feedback, how often he may, and what he is told when something is wrong."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from ckan import authz, model
from ckan.lib.plugins import get_permission_labels
from ckan.plugins import toolkit
from ckan.types import Context

from ...eo.errors import BadValue
from ...rates import seconds_to_wait
from .. import config
from ..model import Item, utc_now
from ..parts import Refused
from ..states import DELETED
from ..store import items, people
from ..store.visible import Caller

_HOUR = 3600


class TooMany(toolkit.NotAuthorized):
    """Somebody writes more than he may; `retry_after` are the seconds to wait."""

    def __init__(self, seconds: int):
        self.retry_after = seconds
        super().__init__(toolkit._("You have sent a lot; please wait {} seconds.").format(seconds))


def user_of(context: Context) -> Any:
    """The user who calls, or None for a visitor."""
    found = model.User.get(context.get("user") or "")
    return found if found is not None and found.state == "active" else None


def caller_of(context: Context) -> Caller:
    """Who calls and what he may see."""
    user = user_of(context)
    if context.get("ignore_auth") or (user is not None and user.sysadmin):
        return Caller(user_id=user.id if user else None, sysadmin=True)
    labels = tuple(get_permission_labels().get_user_dataset_labels(user))
    if user is None:
        return Caller(labels=labels, visitor=visitor())
    return Caller(user_id=user.id, labels=labels, moderates=tuple(_moderated(user.id)))


def _moderated(user_id: str) -> list[str]:
    member = model.Member
    query = model.Session.query(member.group_id).filter(
        member.table_name == "user",
        member.table_id == user_id,
        member.state == "active",
        member.capacity.in_(config.moderator_roles()),
    )
    return sorted({row[0] for row in query})


def visitor() -> str:
    """What stands for the address of a visitor today: nobody can tell the address from it, and tomorrow it is
    another one; "" outside of a request."""
    address = toolkit.request.remote_addr if toolkit.request else ""
    if not address:
        return ""
    key = f"{toolkit.config['SECRET_KEY']}:{date.today().isoformat()}"
    return "visitor:" + hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()[:32]


def writer_of(context: Context) -> tuple[Any, Caller]:
    """The user who writes, None for a visitor where visitors may; NotAuthorized for who is blocked."""
    user = user_of(context)
    if user is not None and people.is_blocked(people.find_person(model.Session(), user.id), utc_now()):
        raise toolkit.NotAuthorized(toolkit._("You cannot write feedback any more."))
    return user, caller_of(context)


def limit(what: str, most: int, caller: Caller) -> None:
    """Count one more of what somebody sends; TooMany when it is more than he may."""
    who = caller.user_id or caller.visitor
    wait = seconds_to_wait(f"feedback-{what}", who, most, every=_HOUR) if most and who else 0
    if wait:
        raise TooMany(wait)


def existing(action: str, context: Context, data: dict[str, Any], *, lock: bool = False) -> Item:
    """The item that an action is about, after its access is checked; one that the caller may not even see is
    not found, like one that does not exist."""
    missing = toolkit.ObjectNotFound(toolkit._("There is no feedback {}.").format(data["id"]))
    session = model.Session()
    allowed = True
    try:
        toolkit.check_access(action, context, data)
    except toolkit.NotAuthorized:
        if not items.sees(session, caller_of(context), data["id"]):
            raise missing from None
        allowed = False
    item = items.find(session, data["id"], lock=lock)
    if item is None:
        raise missing
    if not allowed:
        raise toolkit.NotAuthorized(toolkit._("You may not do this with the feedback."))
    return item


def still_there(item_id: str) -> Item:
    """The item of this id, now that nobody else can change it; NotFound when it was deleted since it was
    seen that the caller may change it."""
    item = items.find(model.Session(), item_id)
    if item is None or item.state == DELETED:
        model.Session.rollback()
        raise toolkit.ObjectNotFound(toolkit._("There is no feedback {}.").format(item_id))
    return item


@contextmanager
def told() -> Iterator[None]:
    """What is wrong with feedback, as CKAN tells it: reasons by place. Nothing of what was begun stays."""
    try:
        yield
    except toolkit.ValidationError:
        model.Session.rollback()
        raise
    except Refused as error:
        model.Session.rollback()
        raise toolkit.ValidationError(_reasons(error.problems)) from error
    except BadValue as error:
        model.Session.rollback()
        raise toolkit.ValidationError(_reasons([error])) from error


def _reasons(problems: Any) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for problem in problems:
        found.setdefault(problem.where, []).append(problem.worded)
    return dict(found)


def is_trusted(user: Any, caller: Caller) -> bool:
    """Whether what a user writes need not wait."""
    if user is None:
        return False
    trust = people.find_person(model.Session(), user.id).trust
    return caller.sysadmin or trust >= config.trust_after()


def may(action: str, context: Context, data: dict[str, Any]) -> bool:
    """Whether CKAN lets the caller do something."""
    return authz.is_authorized_boolean(action, toolkit.fresh_context(context), data)
