"""What summaries and figures accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

from .values import several, text


@validator_args
def feedback_summary_schema(ignore_missing: Any) -> dict[str, Any]:
    """One dataset or many."""
    return {"id": [ignore_missing, text], "ids": [ignore_missing, several()]}


@validator_args
def feedback_summary_rebuild_schema(ignore_missing: Any) -> dict[str, Any]:
    """Datasets; all when none is named."""
    return {"ids": [ignore_missing, several()]}


@validator_args
def feedback_stats_schema(ignore_missing: Any) -> dict[str, Any]:
    """An organization; the whole site when none is named."""
    return {"organization": [ignore_missing, text]}
