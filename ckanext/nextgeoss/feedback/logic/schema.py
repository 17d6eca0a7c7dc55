"""What the actions of feedback accept besides the parts of the standard, one function per action."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone
from typing import Any

from ckan.logic.schema import validator_args
from ckan.plugins import toolkit
from ckan.types import Context

from ...eo.errors import BadValue, nearest
from ...eo.query import parse_bbox
from ...eo.temporal import parse_time
from .. import code_lists
from ..imports.nimmbus import SERVICE
from ..states import FLAG_REASONS, FOLLOWED, ISSUE_STATES, MODERATION, SEVERITIES, STATES
from ..store.pages import FACETS, SORTS

MOST_IDS = 1000
MOST_ITEMS = 100
MOST_DOCUMENT = 16_000_000
_MOST_TEXT = 2000


def validated(
    function: Callable[[], dict[str, Any]],
    data: Mapping[str, Any],
    names: Collection[str] | None,
    context: Context,
) -> dict[str, Any]:
    """The words of an action out of its data, as its schema has them; all data are its words when no `names`
    say which. ValidationError names each that is not known or not allowed."""
    schema = function()
    own = {name: value for name, value in data.items() if names is None or name in names}
    strange = sorted(name for name in own if name not in schema)
    if strange:
        raise toolkit.ValidationError({name: [_unknown(name, schema)] for name in strange})
    # lists are ours to check; navl would take them apart
    found, errors = toolkit.navl_validate(own, schema, context)
    if errors:
        raise toolkit.ValidationError(errors)
    return {name: value for name, value in found.items() if name in schema}


def _unknown(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return toolkit._("There is no such parameter.") + (
        " " + toolkit._("Did you mean {}?").format(near) if near else ""
    )


def among(*allowed: Any) -> Callable[[Any], Any]:
    """Accept one of these values."""

    def check(value: Any) -> Any:
        for each in allowed:
            if value == each or (isinstance(value, str) and value == str(each)):
                return each
        raise toolkit.Invalid(BadValue(value, "", "one of " + ", ".join(map(str, allowed))).reason)

    return check


def several(*allowed: Any) -> Callable[[Any], Any]:
    """Accept one of these values or a list of them; all texts when none are named."""
    check = among(*allowed) if allowed else text

    def check_all(value: Any) -> list[Any]:
        values = value.split(",") if isinstance(value, str) and allowed else value
        values = values if isinstance(values, list | tuple) else [values]
        if len(values) > MOST_IDS:
            raise toolkit.Invalid(BadValue(f"{len(values)} values", "", f"at most {MOST_IDS}").reason)
        return [check(each.strip() if isinstance(each, str) else each) for each in values]

    return check_all


def text(value: Any) -> str:
    """Accept a text of some length without what a database does not take."""
    if not isinstance(value, str) or len(value) > _MOST_TEXT or "\x00" in value:
        raise toolkit.Invalid(BadValue(value, "", f"text of at most {_MOST_TEXT} characters").reason)
    return value.strip()


def time(value: Any) -> datetime:
    """Accept a time as text, RFC 3339 or a date; naive UTC."""
    try:
        return parse_time(str(value)).astimezone(timezone.utc).replace(tzinfo=None)
    except BadValue as error:
        raise toolkit.Invalid(error.reason) from error


def box(value: Any) -> tuple[float, float, float, float]:
    """Accept west,south,east,north, as a text or a list; west > east crosses 180 degrees."""
    said = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    try:
        parse_bbox(said)
    except BadValue as error:
        raise toolkit.Invalid(error.reason) from error
    west, south, east, north = (float(each) for each in said.split(","))
    return west, south, east, north


@validator_args
def feedback_create_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """Datasets, a resource, and what becomes of the item."""
    return {
        "package_id": [ignore_missing, several()],
        "resource_id": [ignore_missing, text],
        "role": [ignore_missing, among(*code_lists.TARGET_ROLES.values)],
        "severity": [ignore_missing, among(*SEVERITIES)],
        "draft": [default(False), boolean_validator],
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
        "package_id": [ignore_missing, several()],
        "resource_id": [ignore_missing, text],
        "role": [ignore_missing, among(*code_lists.TARGET_ROLES.values)],
        "severity": [ignore_missing, among(*SEVERITIES)],
        "send": [default(False), boolean_validator],
    }


feedback_patch_schema = feedback_update_schema


@validator_args
def feedback_show_schema(not_empty: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """An item, and whether the answers come along."""
    return {"id": [not_empty, text], "include_replies": [default(False), boolean_validator]}


@validator_args
def feedback_id_schema(not_empty: Any) -> dict[str, Any]:
    """An item."""
    return {"id": [not_empty, text]}


feedback_purge_schema = feedback_id_schema
feedback_moderation_log_schema = feedback_id_schema
feedback_accept_answer_schema = feedback_id_schema


@validator_args
def feedback_delete_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item and a reason."""
    return {"id": [not_empty, text], "reason": [default(""), text]}


def _page(usual: int = 20) -> dict[str, Any]:
    number = toolkit.get_validator("natural_number_validator")
    limited: Any = toolkit.get_validator("limit_to_configured_maximum")
    default: Any = toolkit.get_validator("default")
    most = limited("ckan.search.rows_max", MOST_ITEMS)
    return {"limit": [default(usual), number, most], "offset": [default(0), number]}


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
        "include_secondary": [default(True), boolean_validator],
        **_filters(),
        **_page(),
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
        **_page(),
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
        **_page(),
    }


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
        **_page(50),
    }


@validator_args
def feedback_flag_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item, what is wrong with it, and a remark."""
    return {"id": [not_empty, text], "reason": [not_empty, among(*FLAG_REASONS)], "note": [default(""), text]}


@validator_args
def feedback_flag_clear_schema(not_empty: Any, default: Any) -> dict[str, Any]:
    """An item and a remark."""
    return {"id": [not_empty, text], "note": [default(""), text]}


@validator_args
def feedback_vote_schema(not_empty: Any, not_missing: Any) -> dict[str, Any]:
    """An item, and 1, -1 or 0."""
    return {"id": [not_empty, text], "value": [not_missing, among(1, -1, 0)]}


@validator_args
def feedback_reply_schema(not_empty: Any, ignore_missing: Any) -> dict[str, Any]:
    """The item that is answered, and the words."""
    return {
        "id": [not_empty, text],
        "comment": [ignore_missing],
        "abstract": [ignore_missing],
        "motivation": [ignore_missing, among("comment", "answer", "resolution")],
    }


@validator_args
def feedback_respond_schema(not_empty: Any, ignore_missing: Any) -> dict[str, Any]:
    """The item that the provider answers, and the words."""
    return {"id": [not_empty, text], "comment": [ignore_missing], "abstract": [ignore_missing]}


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


@validator_args
def feedback_summary_schema(ignore_missing: Any) -> dict[str, Any]:
    """One dataset or many."""
    return {"id": [ignore_missing, text], "ids": [ignore_missing, several()]}


@validator_args
def feedback_summary_rebuild_schema(ignore_missing: Any) -> dict[str, Any]:
    """Datasets; all when none is named."""
    return {"ids": [ignore_missing, several()]}


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


@validator_args
def feedback_stats_schema(ignore_missing: Any) -> dict[str, Any]:
    """An organization; the whole site when none is named."""
    return {"organization": [ignore_missing, text]}


@validator_args
def feedback_export_schema(ignore_missing: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """An item or a dataset, a format, and a page."""
    return {
        "id": [ignore_missing, text],
        "package_id": [ignore_missing, text],
        "format": [default("guf"), among("guf", "atom", "jsonld", "csv")],
        "include_replies": [default(True), boolean_validator],
        **_page(MOST_ITEMS),
    }


def document(value: Any) -> str:
    """Accept the text of a document, of 16 million characters at most."""
    if not isinstance(value, str) or not value.strip() or len(value) > MOST_DOCUMENT:
        allowed = f"the text of a document, of at most {MOST_DOCUMENT} characters"
        raise toolkit.Invalid(BadValue(value, "", allowed).reason)
    return value


@validator_args
def feedback_import_schema(not_empty: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """A document, and whether it is only looked at."""
    return {"document": [not_empty, document], "dry_run": [default(False), boolean_validator]}


@validator_args
def feedback_import_nimmbus_schema(not_empty: Any, default: Any, boolean_validator: Any) -> dict[str, Any]:
    """Datasets, how the service knows them, and where it is."""
    return {
        "package_id": [not_empty, several()],
        "code_space": [not_empty, text],
        "url": [default(SERVICE), text],
        "dry_run": [default(False), boolean_validator],
    }
