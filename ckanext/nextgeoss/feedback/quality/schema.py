"""What the actions of quality accept, one function per action."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

__all__ = ["quality_check_run_schema", "quality_list_schema", "quality_report_schema"]


@validator_args
def quality_check_run_schema(not_empty: Any, unicode_safe: Any) -> dict[str, Any]:
    """A dataset."""
    return {"id": [not_empty, unicode_safe]}


@validator_args
def quality_list_schema(not_empty: Any, unicode_safe: Any) -> dict[str, Any]:
    """A dataset."""
    return {"id": [not_empty, unicode_safe]}


@validator_args
def quality_report_schema(
    ignore_missing: Any,
    ignore_empty: Any,
    unicode_safe: Any,
    default: Any,
    natural_number_validator: Any,
    limit_to_configured_maximum: Any,
) -> dict[str, Any]:
    """An organization, how far the trend goes back, and how many broken links are named."""
    return {
        "organization": [ignore_missing, ignore_empty, unicode_safe],
        "runs": [
            default(50), natural_number_validator,
            limit_to_configured_maximum("ckan.search.rows_max", 1000),
        ],
        "links": [
            default(0), natural_number_validator,
            limit_to_configured_maximum("ckan.search.rows_max", 1000),
        ],
    }  # fmt: skip
