"""What the actions on saved searches accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args
from ckan.plugins import toolkit

from ..search.saved import ALERTS

MOST_NAME = 200


def search_name(value: Any) -> str:
    """Accept a name of one line and at most 200 characters; blanks around it go."""
    name = str(value).strip()
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise toolkit.Invalid(f"one line of 1 to {MOST_NAME} characters is allowed")
    return name


def alert_kind(value: Any) -> str:
    """Accept when mails are sent."""
    if value not in ALERTS:
        raise toolkit.Invalid(f"{value!r} is not allowed; expected one of {', '.join(ALERTS)}")
    return value


@validator_args
def saved_search_create_schema(not_empty: Any, not_missing: Any, default: Any) -> dict[str, Any]:
    """A name, a query, and when mails are sent."""
    return {
        "name": [not_empty, search_name],
        "query": [not_missing],
        "alert": [default("none"), alert_kind],
    }


@validator_args
def saved_search_update_schema(not_empty: Any, ignore_missing: Any, unicode_safe: Any) -> dict[str, Any]:
    """An id, and what is to be changed."""
    return {
        "id": [not_empty, unicode_safe],
        "name": [ignore_missing, search_name],
        "query": [ignore_missing],
        "alert": [ignore_missing, alert_kind],
    }


@validator_args
def saved_search_list_schema(ignore_missing: Any, unicode_safe: Any) -> dict[str, Any]:
    """A user, for sysadmins."""
    return {"user": [ignore_missing, unicode_safe]}


@validator_args
def saved_search_id_schema(not_empty: Any, unicode_safe: Any) -> dict[str, Any]:
    """An id."""
    return {"id": [not_empty, unicode_safe]}


@validator_args
def saved_search_run_schema(not_empty: Any, ignore_missing: Any, unicode_safe: Any) -> dict[str, Any]:
    """An id and a page; `product_search` says what of a page is not allowed."""
    return {
        "id": [not_empty, unicode_safe],
        "limit": [ignore_missing],
        "offset": [ignore_missing],
        "cursor": [ignore_missing],
    }


@validator_args
def saved_search_check_schema(
    not_empty: Any,
    unicode_safe: Any,
    default: Any,
    natural_number_validator: Any,
    limit_to_configured_maximum: Any,
    boolean_validator: Any,
) -> dict[str, Any]:
    """An id, how many products, and whether this counts as a look."""
    return {
        "id": [not_empty, unicode_safe],
        "limit": [
            default(20),
            natural_number_validator,
            limit_to_configured_maximum("ckan.search.rows_max", 1000),
        ],
        "keep": [default(False), boolean_validator],
    }
