"""What parameters of actions may hold, and how they are checked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timezone
from typing import Any

from ckan.plugins import toolkit
from ckan.types import Context

from ....eo.errors import BadValue, nearest
from ....eo.query import parse_bbox
from ....eo.temporal import parse_time

MOST_IDS = 1000


MOST_ITEMS = 100


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


def several(*allowed: Any, most: int = MOST_IDS) -> Callable[[Any], Any]:
    """Accept one of these values or a list of `most` of them; all texts when none are named."""
    check = among(*allowed) if allowed else text

    def check_all(value: Any) -> list[Any]:
        values = value.split(",") if isinstance(value, str) and allowed else value
        values = values if isinstance(values, list | tuple) else [values]
        if len(values) > most:
            raise toolkit.Invalid(BadValue(f"{len(values)} values", "", f"at most {most}").reason)
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


def page(usual: int = 20) -> dict[str, Any]:
    """What says which part of a long answer is wanted, `usual` many when nobody says."""
    number = toolkit.get_validator("natural_number_validator")
    limited: Any = toolkit.get_validator("limit_to_configured_maximum")
    default: Any = toolkit.get_validator("default")
    most = limited("ckan.search.rows_max", MOST_ITEMS)
    return {"limit": [default(usual), number, most], "offset": [default(0), number]}
