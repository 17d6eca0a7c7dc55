"""What the actions on people accept."""

from __future__ import annotations

from typing import Any

from ckan.logic.schema import validator_args

from ...states import FOLLOWED
from .values import among, text, time


@validator_args
def feedback_follow_schema(not_empty: Any) -> dict[str, Any]:
    """What kind of thing, and which."""
    return {"type": [not_empty, among(*FOLLOWED)], "id": [not_empty, text]}


feedback_unfollow_schema = feedback_follow_schema


feedback_mute_schema = feedback_follow_schema


def feedback_follow_list_schema() -> dict[str, Any]:
    """Nothing."""
    return {}


@validator_args
def feedback_user_schema(ignore_missing: Any) -> dict[str, Any]:
    """A user; who calls when none is named."""
    return {"user": [ignore_missing, text]}


feedback_profile_show_schema = feedback_user_schema


feedback_user_export_schema = feedback_user_schema


@validator_args
def feedback_profile_update_schema(ignore_missing: Any) -> dict[str, Any]:
    """What is new of a profile; logic/people.py says what may stand there."""
    names = (
        "orcid",
        "default_role",
        "expertise_level",
        "domains",
        "show_name",
        "show_orcid",
        "notify",
        "language",
    )
    return {"user": [ignore_missing, text], **{name: [ignore_missing] for name in names}}


@validator_args
def feedback_user_forget_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """A user, and whether his words go, too."""
    return {"user": [ignore_missing, text], "delete": [default(False), boolean_validator]}


@validator_args
def feedback_user_block_schema(not_empty: Any, ignore_missing: Any) -> dict[str, Any]:
    """A user, why, and until when."""
    return {"user": [not_empty, text], "reason": [not_empty, text], "until": [ignore_missing, time]}


@validator_args
def feedback_user_unblock_schema(not_empty: Any) -> dict[str, Any]:
    """A user."""
    return {"user": [not_empty, text]}
