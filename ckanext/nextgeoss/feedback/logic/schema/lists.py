"""What lists and searches accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args
from ckan.plugins import toolkit

from ... import code_lists
from ...states import ISSUE_STATES, SEVERITIES, STATES
from ...store.pages import FACETS, SORTS
from .values import among, box, page, several, text, time


def _filters() -> dict[str, Any]:
    """What lists and searches narrow items down by."""
    ignore_missing = toolkit.get_validator("ignore_missing")
    boolean = toolkit.get_validator("boolean_validator")
    found = {
        "contact_role": several(*code_lists.USER_ROLES.values),
        "motivation": several(*code_lists.MOTIVATIONS.values),
        "aspect": several(*code_lists.REPORT_ASPECTS.values),
        "rating": several(*code_lists.RATINGS.values),
        "expertise": several(*code_lists.EXPERTISE.values),
        "tag": several(),
        "domain": several(),
        "state": several(*STATES),
        "has_issue": boolean,
        "issue_state": several(*ISSUE_STATES),
        "severity": several(*SEVERITIES),
        "unanswered": boolean,
        "since": time,
        "bbox": box,
        "user": text,
        "organization": text,
        "code": text,
        "code_space": text,
        "sort": among(*SORTS),
    }
    return {name: [ignore_missing, check] for name, check in found.items()}


@validator_args
def feedback_list_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """What the items are about, filters, order and page."""
    return {
        "package_id": [ignore_missing, text],
        "resource_id": [ignore_missing, text],
        "include_replies": [default(False), boolean_validator],
        "replies_limit": page()["limit"],
        "include_secondary": [default(True), boolean_validator],
        **_filters(),
        **page(),
    }


@validator_args
def feedback_search_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """Words, filters, what is counted, order and page."""
    return {
        "q": [ignore_missing, text],
        "package_id": [ignore_missing, several()],
        "facets": [ignore_missing, several(*FACETS)],
        "include_replies": [default(True), boolean_validator],
        **_filters(),
        **page(),
    }


@validator_args
def feedback_issue_list_schema(ignore_missing: Any) -> dict[str, Any]:
    """Of which datasets, how far and how bad."""
    return {
        "package_id": [ignore_missing, text],
        "organization": [ignore_missing, text],
        "issue_state": [ignore_missing, several(*ISSUE_STATES)],
        "severity": [ignore_missing, several(*SEVERITIES)],
        "sort": [ignore_missing, among(*SORTS)],
        **page(),
    }


@validator_args
def feedback_moderation_list_schema(
    ignore_missing: Any, default: Any, boolean_validator: Any
) -> dict[str, Any]:
    """What waits: states, whether reported, of which organization."""
    return {
        "state": [ignore_missing, several(*STATES)],
        "flagged": [default(False), boolean_validator],
        "organization": [ignore_missing, text],
        "q": [ignore_missing, text],
        "user": [ignore_missing, text],
        "sort": [ignore_missing, among(*SORTS)],
        **page(50),
    }
