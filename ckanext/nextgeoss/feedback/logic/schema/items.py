"""What the actions on items accept besides the parts of the standard."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

from ... import code_lists
from ...states import MOST_TARGETS, SEVERITIES
from .values import MOST_ITEMS, among, page, several, text


@validator_args
def feedback_create_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """Datasets, a resource, and what becomes of the item."""
    return {
        "package_id": [ignore_missing, several(most=MOST_TARGETS)],
        "resource_id": [ignore_missing, text],
        "role": [ignore_missing, among(*code_lists.TARGET_ROLES.values)],
        # read with the target that it becomes a part of
        "scope": [ignore_missing],
        "severity": [ignore_missing, among(*SEVERITIES)],
        "draft": [default(False), boolean_validator],
        "once": [ignore_missing, text],
        "validate_only": [default(False), boolean_validator],
    }


@validator_args
def feedback_update_schema(
    not_empty: Any, ignore_missing: Any, default: Any, boolean_validator: Any, int_validator: Any
) -> dict[str, Any]:
    """An item, the version that the caller has read, and what else is new."""
    return {
        "id": [not_empty, text],
        "version": [ignore_missing, int_validator],
        "package_id": [ignore_missing, several(most=MOST_TARGETS)],
        "resource_id": [ignore_missing, text],
        "role": [ignore_missing, among(*code_lists.TARGET_ROLES.values)],
        "severity": [ignore_missing, among(*SEVERITIES)],
        "send": [default(False), boolean_validator],
        "validate_only": [default(False), boolean_validator],
    }


feedback_patch_schema = feedback_update_schema


@validator_args
def feedback_show_schema(
    not_empty: Any, default: Any, boolean_validator: Any, ignore_missing: Any
) -> dict[str, Any]:
    """An item, and which of the answers come along."""
    answers = {"include_replies": [default(False), boolean_validator], **page(MOST_ITEMS)}
    return {"id": [not_empty, text], **answers, "answer": [ignore_missing, text]}


@validator_args
def feedback_doi_show_schema(not_empty: Any) -> dict[str, Any]:
    """A DOI."""
    return {"doi": [not_empty, text]}


@validator_args
def feedback_id_schema(not_empty: Any) -> dict[str, Any]:
    """An item."""
    return {"id": [not_empty, text]}


feedback_purge_schema = feedback_id_schema


@validator_args
def feedback_delete_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item and a reason."""
    return {"id": [not_empty, text], "reason": [default(""), text]}
