"""What of an item a caller may do, for auth functions and what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from ckan import model
from ckan.types import Context

from .. import config
from ..model import Item, Target, utc_now
from ..states import DELETED, DRAFT, PUBLISHED
from ..store import items, people
from ..store.visible import Caller
from .caller import caller_of, may, user_of


def item_of(data_dict: Any) -> Item | None:
    """The item that an action names."""
    return items.find(model.Session(), str((data_dict or {}).get("id") or ""))


def ids_of(data_dict: Any) -> list[str]:
    """The items that an action names."""
    found = (data_dict or {}).get("ids") or (data_dict or {}).get("id") or []
    return [found] if isinstance(found, str) else [str(each) for each in found]


def sees(context: Context, item: Item | None) -> bool:
    """Whether the caller may see it."""
    return item is not None and items.sees(model.Session(), caller_of(context), item.id)


def writes(context: Context) -> bool:
    """Signed in and not blocked; a visitor where visitors may write."""
    user = user_of(context)
    if user is None:
        return config.anonymous()
    return not people.is_blocked(people.find_person(model.Session(), user.id), utc_now())


def signed_in(context: Context) -> bool:
    """Whether a user calls."""
    return user_of(context) is not None


def is_self(context: Context, data_dict: Any) -> bool:
    """Whether an action is about the caller."""
    user, asked = user_of(context), (data_dict or {}).get("user")
    return user is not None and (not asked or asked in (user.id, user.name))


def is_author(context: Context, item: Item) -> bool:
    """Whether the caller wrote it."""
    user = user_of(context)
    return user is not None and item.user_id == user.id


def in_edit_window(item: Item) -> bool:
    """Whether its author may still edit it."""
    hours = config.edit_window_hours()
    return not hours or item.published is None or item.published + timedelta(hours=hours) > utc_now()


def is_moderator(context: Context, item: Item) -> bool:
    """Whether the caller moderates feedback on what an item is about."""
    return items.moderates(model.Session(), caller_of(context), item.id)


def is_provider(context: Context, item: Item) -> bool:
    """Whether the caller may change one of the datasets that an item is about."""
    packages = items.package_ids(model.Session(), item.id)
    return any(may("package_update", context, {"id": package_id}) for package_id in packages)


def moderates_other(context: Context, item: Item | None) -> bool:
    """Whether the caller moderates it, and would not let through what he wrote himself."""
    if item is None or item.state in (DRAFT, DELETED):
        return False
    return is_moderator(context, item) and not (is_author(context, item) and item.state != PUBLISHED)


def moderates_all(caller: Caller, targets: Iterable[Target]) -> bool:
    """Whether the caller moderates all datasets of ours that something is about, of which there are some: who
    also names a dataset of his own is no moderator of the others."""
    ours = [target.owner_org for target in targets if target.package_id]
    return bool(ours) and all(organization in caller.moderates for organization in ours)


def sees_others(context: Context, data_dict: Any) -> bool:
    """Whether it is published, and somebody else wrote it."""
    item = item_of(data_dict)
    if item is None or item.state != PUBLISHED or is_author(context, item):
        return False
    return sees(context, item)
