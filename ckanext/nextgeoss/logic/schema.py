"""What our actions accept, one function per action."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args
from ckan.plugins import toolkit

from ..search.collection_orders import ORDERS, TITLE
from ..search.fields import MAX_TEXT

__all__ = ["collection_list_schema", "collection_show_schema", "product_show_schema"]


@validator_args
def collection_list_schema(
    ignore_missing: Any,
    unicode_safe: Any,
    default: Any,
    natural_number_validator: Any,
    limit_to_configured_maximum: Any,
    one_of: Any,
) -> dict[str, Any]:
    """Words to look for, an organization, the order, and a page of the list."""
    return {
        "q": [ignore_missing, unicode_safe],
        "owner_org": [ignore_missing, unicode_safe],
        "sort": [default(TITLE), one_of(list(ORDERS))],
        "fit_first": [ignore_missing, unicode_safe, _is_short],
        "offset": [default(0), natural_number_validator],
        "limit": [
            default(1000),
            natural_number_validator,
            limit_to_configured_maximum("ckan.search.rows_max", 1000),
        ],
    }


def _is_short(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise toolkit.Invalid(toolkit._("at most {} letters").format(MAX_TEXT))
    return value


@validator_args
def collection_show_schema(not_empty: Any, unicode_safe: Any, eo_identifier: Any) -> dict[str, Any]:
    """The id or name of the dataset, or the collection's own identifier or an alias of it."""
    return {"id": [not_empty, unicode_safe, eo_identifier]}


@validator_args
def product_show_schema(not_empty: Any, ignore_missing: Any, unicode_safe: Any) -> dict[str, Any]:
    """The id or name of the dataset or the product's own identifier, and its collection."""
    return {"id": [not_empty, unicode_safe], "collection": [ignore_missing, unicode_safe]}
