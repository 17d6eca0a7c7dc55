"""Validators of our schemas: each takes its facts from the row (scheming field) it stands on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ckan import model
from ckan.plugins import toolkit
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ..eo.errors import BadValue
from ..eo.footprint import Footprint
from ..eo.formats.stac_others import others_text
from ..eo.product import dataset_name, product_uuid
from ..eo.properties import Properties
from ..eo.property import Property
from ..eo.temporal import TemporalExtent, format_time
from ..package import PRODUCT_TYPE, spatial_text

__all__ = [
    "eo_end",
    "eo_footprint",
    "eo_identifier",
    "eo_json_output",
    "eo_object",
    "eo_problems",
    "eo_product_defaults",
    "eo_product_id",
    "eo_product_rule",
    "eo_property",
    "eo_property_output",
    "eo_roles",
    "eo_start",
]

Field = dict[str, Any]
Validator = Callable[[FlattenKey, FlattenDataDict, FlattenErrorDict, Context], None]

MAX_IDENTIFIER = 1000

# Scheming asks for a field's validators on every call, so a row is read once; the field is kept so that no
# other object gets its id.
_rows: dict[int, tuple[Field, Property]] = {}


def eo_property(field: Field, schema: dict[str, Any]) -> Validator:
    """Store a property as its canonical text; an empty value is left out, a bad one is an error."""
    row = _row(field)

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        value = data.get(key)
        if _empty(value):
            _leave_out(key, data)
        data[key] = _told(row.to_text, _told(row.parse, value))

    return validator


def eo_property_output(field: Field, schema: dict[str, Any]) -> Validator:
    """Give a stored number, list or boolean as such; times and what is not readable stay text."""
    row = _row(field)

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        value = data.get(key)
        if isinstance(value, str):
            data[key] = row.shown(value)

    return validator


eo_property.is_a_scheming_validator = True  # type: ignore[attr-defined]
eo_property_output.is_a_scheming_validator = True  # type: ignore[attr-defined]


def eo_identifier(value: str) -> str:
    """Accept an identifier without control characters and of at most 1000 characters; blanks around it go."""
    value = value.strip()
    if not value:
        raise toolkit.Invalid(toolkit._("Missing value"))
    if len(value) > MAX_IDENTIFIER:
        raise toolkit.Invalid(f"{len(value)} characters; at most {MAX_IDENTIFIER} are allowed")
    if not value.isprintable():
        raise toolkit.Invalid(f"{value!r} holds control characters; only printable ones are allowed")
    return value


def eo_start(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Store the start of an acquisition as RFC 3339 in UTC; empty means open."""
    value = data.get(key)
    if _empty(value):
        _leave_out(key, data)
    data[key] = format_time(_told(TemporalExtent.of, str(value), None).start)


def eo_end(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Store the end of an acquisition as RFC 3339 in UTC, not before the start; empty means open."""
    value = data.get(key)
    if _empty(value):
        _leave_out(key, data)
    data[key] = format_time(_told(TemporalExtent.of, None, str(value)).end)
    start = data.get((*key[:-1], "timerange_start"))
    if _empty(start) or not _readable(start):
        return  # the start's own validator tells what is wrong with it
    _told(TemporalExtent.of, str(start), data[key])


def eo_footprint(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Store a footprint as normalised GeoJSON text (RFC 7946); empty means none."""
    value = data.get(key)
    if _empty(value):
        _leave_out(key, data)
    footprint: Footprint | None = _told(Footprint.from_geojson, value)
    if footprint is None:
        _leave_out(key, data)
    else:
        data[key] = spatial_text(footprint)


def eo_roles(value: Any) -> Any:
    """Store the roles of an asset as a JSON list; accepts a list, a JSON list or words between commas."""
    words = _json(value)
    if isinstance(words, str):
        words = words.split(",")
    if not isinstance(words, list):
        raise toolkit.Invalid(f"{value!r} is no list of words")
    return json.dumps([str(role).strip() for role in words if str(role).strip()], ensure_ascii=False)


def eo_problems(value: Any) -> Any:
    """Store what was noted with a product as JSON: a list of objects with `where` and `reason`."""
    value = _json(value)
    if not isinstance(value, list) or not all(
        isinstance(p, dict) and set(p) == {"where", "reason"} for p in value
    ):
        raise toolkit.Invalid("a list of objects with where and reason is allowed")
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def eo_object(value: Any) -> str:
    """Store a JSON object, not too large, as its text with the keys in order."""
    value = _json(value)
    if not isinstance(value, dict):
        raise toolkit.Invalid("a JSON object is allowed")
    return _told(others_text, value)


def eo_json_output(value: Any) -> Any:
    """Give a stored JSON list as a list."""
    return _json(value)


def eo_product_rule(value: str) -> str:
    """Accept a regular expression with a group, the part of an identifier that is the product's key."""
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise toolkit.Invalid(f"{value!r} is no regular expression: {error}") from None
    if not groups:
        raise toolkit.Invalid(f"{value!r} needs a group (...) that is the product's key")
    return value


def eo_product_defaults(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Name a product that comes without a name after its identifier."""
    if _empty(data.get(("name",))) and (uuid := _derived_id(data)):
        data[("name",)] = dataset_name(str(data[("identifier",)]), uuid)


def eo_product_id(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Give a new product the id that collection, identifier and organization make: none comes twice."""
    if context.get("package") or not _empty(data.get(("id",))) or not (uuid := _derived_id(data)):
        return
    if model.Package.get(uuid):
        identifier = data[("identifier",)]
        message = f"{identifier} exists already in this collection of this organization"
        errors.setdefault(("identifier",), []).append(message)
        return
    data[("id",)] = uuid


def _derived_id(data: FlattenDataDict) -> str:
    """The id of a product made by hand; "" as long as collection or identifier is missing."""
    collection, identifier = data.get(("collection_id",)), data.get(("identifier",))
    if data.get(("type",)) != PRODUCT_TYPE or _empty(collection) or _empty(identifier):
        return ""
    owner = data.get(("owner_org",))
    organization = None if _empty(owner) else model.Group.get(str(owner))
    return product_uuid(str(collection), str(identifier).strip(), organization.id if organization else "")


def _row(field: Field) -> Property:
    known = _rows.get(id(field))
    if known is None:
        rows = Properties.from_schema({"dataset_fields": [field]})
        known = _rows[id(field)] = (field, rows[field["field_name"]])
    return known[1]


def _told(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call `function`; what it says of a bad value becomes the error on the field."""
    try:
        return function(*arguments)
    except BadValue as error:
        raise toolkit.Invalid(str(error)) from None


def _readable(value: Any) -> bool:
    try:
        TemporalExtent.of(str(value), None)
    except BadValue:
        return False
    return True


def _json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _empty(value: Any) -> bool:
    return (
        value is toolkit.missing
        or value is None
        or value == []
        or (isinstance(value, str) and not value.strip())
    )


def _leave_out(key: FlattenKey, data: FlattenDataDict) -> None:
    data.pop(key, None)
    raise toolkit.StopOnError
