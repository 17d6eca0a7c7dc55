"""What answers, votes and news of issues accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

from ...states import ISSUE_STATES, SEVERITIES
from .items import feedback_id_schema
from .values import among, text


@validator_args
def feedback_reply_schema(not_empty: Any, ignore_missing: Any) -> dict[str, Any]:
    """The item that is answered, and the words."""
    return {
        "id": [not_empty, text],
        "comment": [ignore_missing],
        "abstract": [ignore_missing],
        "motivation": [ignore_missing, among("comment", "answer", "resolution")],
        "once": [ignore_missing, text],
    }


@validator_args
def feedback_respond_schema(not_empty: Any, ignore_missing: Any) -> dict[str, Any]:
    """The item that the provider answers, and the words."""
    return {
        "id": [not_empty, text],
        "comment": [ignore_missing],
        "abstract": [ignore_missing],
        "once": [ignore_missing, text],
    }


feedback_accept_answer_schema = feedback_id_schema


@validator_args
def feedback_vote_schema(not_empty: Any, not_missing: Any) -> dict[str, Any]:
    """An item, and 1, -1 or 0."""
    return {"id": [not_empty, text], "value": [not_missing, among(1, -1, 0)]}


@validator_args
def feedback_issue_update_schema(not_empty: Any, ignore_missing: Any, ignore_empty: Any) -> dict[str, Any]:
    """An item, and what is new of its issue."""
    return {
        "id": [not_empty, text],
        "state": [ignore_missing, among(*ISSUE_STATES)],
        "severity": [ignore_missing, among(*SEVERITIES)],
        "assignee": [ignore_missing, text],
        "duplicate_of": [ignore_missing, text],
        "expected_fix_date": [ignore_empty, text],
        "fixed_resource": [ignore_missing],
        "work_around": [ignore_empty, text],
        "reason": [ignore_empty, text],
    }
