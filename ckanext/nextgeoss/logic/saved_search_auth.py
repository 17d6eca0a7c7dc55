"""Who may see and change saved searches: each user his own, sysadmins all."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.types import AuthResult, Context

from ..search import saved


def saved_search_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everybody who is signed in may save searches."""
    return {"success": True}


def saved_search_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everybody who is signed in may list his own searches."""
    user, asked = model.User.get(context.get("user") or ""), data_dict.get("user")
    return {"success": not asked or (user is not None and asked in (user.id, user.name))}


def saved_search_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A user may see the searches that are his own."""
    return _is_own(context, data_dict)


def saved_search_update(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A user may change the searches that are his own."""
    return _is_own(context, data_dict)


def saved_search_delete(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A user may delete the searches that are his own."""
    return _is_own(context, data_dict)


def saved_search_run(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A user may run the searches that are his own."""
    return _is_own(context, data_dict)


def saved_search_check(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """A user may ask for news of the searches that are his own."""
    return _is_own(context, data_dict)


def _is_own(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    user = model.User.get(context.get("user") or "")
    row = saved.find(model.Session(), str(data_dict.get("id") or ""))
    return {"success": user is not None and row is not None and row.user_id == user.id}
