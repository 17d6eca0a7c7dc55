"""Conditions of a Query in CQL2 Text, by our own names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from ..eo.footprint import Footprint
from ..eo.product import Value
from ..eo.properties import Properties
from ..eo.query import Condition
from .own_terms import PLACE
from .said import box_of, box_text, text
from .terms import TERMS

# numbers that the parser of texts does not know
_SMALL = re.compile(r"-?\d[\d.]*e[-+]?\d+")
_COMPARED = ("=", "<", "<=", ">", ">=")
_FUNCTIONS = {
    "intersects": "S_INTERSECTS", "within": "S_WITHIN", "contains": "S_CONTAINS", "disjoint": "S_DISJOINT",
}  # fmt: skip


def condition_text(condition: Condition, properties: Properties) -> str:
    """A condition; "" for what cannot be said."""
    name, values = condition.property, tuple(_values(condition))
    row, operator = TERMS.get(name) or properties.get(name), condition.operator
    if row is None:
        return ""
    if row.type == "list":
        return f"A_OVERLAPS({name}, ({', '.join(values)}))" if operator in ("=", "in") else ""
    if operator == "in":
        return f"{name} IN ({', '.join(values)})" if values else ""
    if operator == "between":
        return f"{name} >= {values[0]} AND {name} <= {values[1]}"
    return f"{name} {operator} {values[0]}" if operator in _COMPARED else ""


def place_text(footprint: Footprint, relation: str) -> str:
    """What the footprint of a product does to an area."""
    box = box_of(footprint)
    shape = f"BBOX({box_text(box)})" if box else _SMALL.sub(_in_full, footprint.wkt)
    return f"{_FUNCTIONS[relation]}({PLACE}, {shape})"


def _in_full(found: re.Match[str]) -> str:
    """A number on the grid of footprints without an exponent."""
    return f"{float(found[0]):.7f}".rstrip("0")


def quoted_text(value: str) -> str:
    """A text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def _values(condition: Condition) -> Iterator[str]:
    value = condition.value
    for each in value if isinstance(value, tuple) else (value,):
        yield _literal(each)


def _literal(value: Value) -> str:
    if isinstance(value, datetime):
        return f"TIMESTAMP('{text(value)}')"
    if isinstance(value, bool):
        return str(value).upper()
    return quoted_text(value) if isinstance(value, str) else text(value)
