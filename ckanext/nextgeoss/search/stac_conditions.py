"""What is asked of properties in a STAC API: the extensions query, filter and sort."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, cast

from ..eo.cql2 import LANGUAGES, Vocabulary, read_cql2
from ..eo.errors import BadValue
from ..eo.filter import Condition, Filter
from ..eo.product import Value
from ..eo.property import Property

FILTER = ("filter", "filter-lang", "filter-crs")
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
OPERATORS = {
    "eq": "=", "neq": "!=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">=",
    "startsWith": "starts", "endsWith": "ends", "contains": "has", "in": "in",
}  # fmt: skip

# the row of a name, and where it stands; BadValue when there is none
RowOf: TypeAlias = Callable[[str, str], Property]


def asked_filter(asked: Mapping[str, Any], names: Vocabulary) -> Filter | None:
    """The tree of the members of the filter extension, whose language is CQL2 JSON unless it is said."""
    lang, crs, written = (asked.get(name) for name in ("filter-lang", "filter-crs", "filter"))
    if lang not in (None, *LANGUAGES):
        raise BadValue(lang, "filter-lang", "one of " + ", ".join(LANGUAGES))
    if crs not in (None, CRS84):
        raise BadValue(crs, "filter-crs", CRS84)
    if written is None:
        return None
    if not isinstance(written, (str, dict, bool)):
        raise BadValue(written, "filter", "CQL2 JSON: an object, or its text; or a text of CQL2 Text")
    return read_cql2(cast(Any, written), lang or "cql2-json", names)


def asked_sort(keys: object, name_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Our names and directions of `sortby`; `name_of` gives ours of a name, BadValue for what is no order."""
    if keys is None:
        return
    allowed = '[{"field": name, "direction": "asc" or "desc"}, ...]'
    if not isinstance(keys, list):
        raise BadValue(keys, "sortby", allowed)
    for key in cast(list[Any], keys):
        known = isinstance(key, dict) and isinstance(cast(dict[str, Any], key).get("field"), str)
        way = cast(dict[str, Any], key).get("direction", "asc") if known else ""
        if way not in ("asc", "desc"):
            raise BadValue(key, "sortby", allowed)
        yield name_of(key["field"]), way


def asked_conditions(asked: object, row_of: RowOf) -> Iterator[Condition]:
    """The conditions of `query`."""
    if asked is None:
        return
    allowed = "{property: {operator: value}} with operators " + ", ".join(OPERATORS)
    if not isinstance(asked, dict):
        raise BadValue(asked, "query", allowed)
    for stac, said in cast(dict[str, Any], asked).items():
        row = row_of(stac, "query")
        if not isinstance(said, dict) or not said:
            raise BadValue(
                said, f"query.{stac}", "an object of operators and values: " + ", ".join(OPERATORS)
            )
        for operator, value in cast(dict[str, Any], said).items():
            if operator not in OPERATORS:
                raise BadValue(operator, f"query.{stac}", "one of " + ", ".join(OPERATORS))
            yield from _condition(row, OPERATORS[operator], value, f"query.{stac}.{operator}")


def _condition(row: Property, operator: str, value: object, where: str) -> Iterator[Condition]:
    if operator in ("starts", "ends", "has"):
        if row.type not in ("text", "list") or not isinstance(value, str) or not value:
            raise BadValue(value, where, "a text, for a property of texts")
        yield Condition(row.name, operator, value)
    elif operator == "in":
        if not isinstance(value, list) or not value:
            raise BadValue(value, where, "an array of values")
        parsed = [each for item in cast(list[object], value) for each in _values(row, item, where)]
        yield Condition(row.name, "in", tuple(parsed))
    else:
        for each in _values(row, value, where):
            yield Condition(row.name, operator, each)


def _values(row: Property, value: object, where: str) -> Iterator[Value]:
    """The typed values; limits do not bind what a value is compared with."""
    try:
        if row.type in ("integer", "number", "time") and isinstance(value, (str, int, float)):
            if isinstance(value, bool):
                raise BadValue(value, where, f"a {row.type}")
            yield row.from_text(str(value))
            return
        parsed = row.parse(value)
    except BadValue as error:
        raise BadValue(value, where, error.allowed) from error
    yield from parsed if isinstance(parsed, tuple) else (parsed,)
