"""Who may call our actions."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from ckan.types import AuthResult, Context

from .saved_search_auth import (
    saved_search_check,
    saved_search_create,
    saved_search_delete,
    saved_search_list,
    saved_search_run,
    saved_search_show,
    saved_search_update,
)

__all__ = [
    "collection_list",
    "collection_show",
    "product_aggregate",
    "product_resolve",
    "product_search",
    "product_show",
    "saved_search_check",
    "saved_search_create",
    "saved_search_delete",
    "saved_search_list",
    "saved_search_run",
    "saved_search_show",
    "saved_search_update",
]


@toolkit.auth_allow_anonymous_access
def collection_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everybody may list collections; each sees those that a search would show him."""
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def collection_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may see the dataset may see the collection."""
    toolkit.check_access("package_show", context, data_dict)
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def product_search(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may search datasets may search products, and finds those that he may see."""
    toolkit.check_access("package_search", context, {})
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def product_aggregate(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may search may have counted what a search would find."""
    toolkit.check_access("package_search", context, {})
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def product_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may search may ask for a product; one that he may not see is not found."""
    toolkit.check_access("package_search", context, {})
    return {"success": True}


@toolkit.auth_allow_anonymous_access
def product_resolve(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Who may search may ask for links; products that he may not see are not found."""
    toolkit.check_access("package_search", context, {})
    return {"success": True}
