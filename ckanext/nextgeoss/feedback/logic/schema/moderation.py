"""What moderation accepts."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

from ...states import FLAG_REASONS, MODERATION
from .items import feedback_id_schema
from .values import among, several, text


@validator_args
def feedback_moderate_schema(ignore_missing: Any, not_empty: Any, default: Any) -> dict[str, Any]:
    """Items, what is done with them, and why."""
    return {
        "id": [ignore_missing, text],
        "ids": [ignore_missing, several()],
        "action": [not_empty, among(*MODERATION)],
        "reason": [default(""), text],
        "note": [default(""), text],
    }


feedback_moderation_log_schema = feedback_id_schema


@validator_args
def feedback_flag_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item, what is wrong with it, and a remark."""
    return {"id": [not_empty, text], "reason": [not_empty, among(*FLAG_REASONS)], "note": [default(""), text]}


@validator_args
def feedback_flag_clear_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item and a remark."""
    return {"id": [not_empty, text], "note": [default(""), text]}


@validator_args
def feedback_burst_clear_schema(not_empty: Any) -> dict[str, Any]:
    """A dataset."""
    return {"package_id": [not_empty, text]}
