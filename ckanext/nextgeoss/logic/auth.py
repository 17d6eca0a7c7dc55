"""Who may call our actions."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from ckan.types import AuthResult, Context

__all__ = ["eo_collection_list", "eo_collection_show"]


@toolkit.auth_allow_anonymous_access
def eo_collection_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everybody may list collections; each sees those that a search would show him."""
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def eo_collection_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may see the dataset may see the collection."""
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}
