"""Who asks, and what of the catalogue is theirs to see."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ..search.catalogue import Catalogue, catalogue_for


def catalogue_of_caller() -> Catalogue:
    """The catalogue as the caller may see it; NotAuthorized where a site lets him search nothing."""
    user = toolkit.current_user
    toolkit.check_access("package_search", context(), {})
    sees_all = bool(getattr(user, "sysadmin", False))
    return catalogue_for(user if user.is_authenticated else None, sees_all=sees_all)


def context() -> Any:
    """The context of an action that the caller calls."""
    return {"user": toolkit.current_user.name, "auth_user_obj": toolkit.current_user, "for_view": True}
