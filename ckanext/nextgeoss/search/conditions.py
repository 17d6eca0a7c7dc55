"""One condition on products in Lucene's syntax; no text that a user typed is read as part of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from ..eo.errors import BadValue
from ..eo.filter import Condition
from ..eo.footprint import Footprint
from ..eo.placed import asked
from ..eo.product import Value
from ..eo.properties import Properties, Property
from ..eo.query import OPERATORS, RELATIONS
from ..eo.wildcards import ANY, ONE, pieces_of
from . import fields
from .terms import EITHER, term
from .wild import check_wild

_PREDICATES = {"intersects": "Intersects", "within": "IsWithin", "contains": "Contains"}
_COMPARISONS = {"<": "[* TO {}}}", "<=": "[* TO {}]", ">": "{{{} TO *]", ">=": "[{} TO *]"}
_PATTERNS = {"starts": "{}*", "ends": "*{}", "has": "*{}*"}
_MAGIC = re.compile(r"(_\s*):")
_NOT_PLAIN = re.compile(r"([^\w])")
# no product is this
NOTHING = "-*:*"


def place_filter(footprint: Footprint, relation: str = "intersects") -> str:
    """The filter for footprints that intersect, lie within, contain or are disjoint from the given one. What
    is within another one does not lie in its border alone (OGC 06-103r4, 6.1.15.3); a point or a line in the
    border of a footprint is contained by it all the same."""
    if relation not in RELATIONS:
        raise BadValue(relation, "relation", "one of " + ", ".join(RELATIONS))
    if relation == "disjoint":  # Solr's own answers with an error
        return f"+{fields.FOOTPRINT}:[* TO *] -({place_filter(footprint)})"
    if relation == "intersects":
        return _intersects(footprint)
    found = _predicate(footprint, relation)
    border = footprint.border if relation == "within" else None
    return f"+{found} -{_predicate(border, relation)}" if border else found


def _intersects(footprint: Footprint) -> str:
    """Shapes are compared where cells of the index leave open whether they intersect, and where documents
    are older than the cells."""
    predicate, cells = _predicate(footprint, "intersects"), asked(footprint)
    if cells is None:
        return predicate
    unplaced = without(f"{fields.CELL}:{fields.PLACED}")
    open_ = f"+({_cells(cells.edge)} OR {unplaced}) +{predicate}"
    return f"{_cells(cells.sure)} OR ({open_})"


def _cells(names: Iterable[str]) -> str:
    return f"{fields.CELL}:({' OR '.join(names)})"


def without(found: str) -> str:
    """The filter for what another one does not find; Solr keeps it, for it is asked often and finds few."""
    return f"filter(+*:* -{found})"


def _predicate(footprint: Footprint, relation: str) -> str:
    """What Solr answers: for `IsWithin` and `Contains`, whether one covers the other."""
    return f'{fields.FOOTPRINT}:"{_PREDICATES[relation]}({footprint.solr_wkt()})"'


def any_of(field: str, values: Iterable[str]) -> str:
    """The filter for a text field that has one of these values exactly."""
    return f"{field}:({' OR '.join(quoted(value) for value in values)})"


def quoted(text: str) -> str:
    """A text as one term between quotes."""
    return _between_quotes(text[: fields.MAX_TEXT].replace("\\", "\\\\").replace('"', '\\"'))


def end_of_range(text: str) -> str:
    """A text between quotes as one end of a range, where Solr takes a backslash before the quote for its
    escape, even one that is escaped itself."""
    return _between_quotes(text[: fields.MAX_TEXT].replace("\\", "\\u005c").replace('"', "\\u0022"))


def _between_quotes(text: str) -> str:
    # what CKAN refuses anywhere: the beginning of local parameters, and the fields _query_ and _val_
    return '"' + _MAGIC.sub(r"\1\\:", text.replace("{!", "{\\!")) + '"'


def condition_filter(condition: Condition, properties: Properties) -> str:
    """The filter for products whose property is as a condition says."""
    row = term(condition.property, properties)
    found = _of_field(condition, row)
    if condition.property not in EITHER:
        return found
    other = _of_field(condition, EITHER[condition.property][1])
    return f"({found}) OR (+({other}) -{row.solr}:[* TO *])"


def _of_field(condition: Condition, row: Property) -> str:
    operator = condition.operator
    if operator not in OPERATORS:
        raise BadValue(operator, condition.property, "one of " + ", ".join(OPERATORS))
    values = _values(condition)
    if not values:
        return NOTHING
    if operator in ("=", "in"):
        return " OR ".join(_equal(row, value) for value in values)
    if operator == "!=":
        return f"+{row.solr}:[* TO *] -({_equal(row, values[0])})"
    if operator == "like" or operator in _PATTERNS:
        return _matching(row, operator, values[0])
    if "" in values:
        return _from_nothing(row, operator, values[-1])
    return f"{row.solr}:{_range(condition, [bound(value) for value in values])}"


def _from_nothing(row: Property, operator: str, last: Value) -> str:
    """A range that begins or ends with the text of no letters, of which Solr makes two quotes. No product has
    it, and all texts come after it."""
    if last == "":
        return NOTHING if operator in ("<", "<=", "between") else f"{row.solr}:[* TO *]"
    return f"{row.solr}:[* TO {bound(last)}]"


def _matching(row: Property, operator: str, value: Value) -> str:
    """The filter for a text with a part of this kind."""
    if row.type not in ("text", "list"):
        raise BadValue(operator, row.name, "for texts only; " + ", ".join(_COMPARISONS))
    if operator == "like":
        return f"{row.solr}:{_pattern(str(value)[: fields.MAX_TEXT])}"
    return f"{row.solr}:{_PATTERNS[operator].format(_escaped(str(value)[: fields.MAX_TEXT]))}"


def _values(condition: Condition) -> tuple[Value, ...]:
    value = condition.value
    return value if isinstance(value, tuple) else (value,)  # type: ignore[return-value]


def _equal(row: Property, value: Value) -> str:
    if row.type in ("text", "list"):
        return f"{row.solr}:{quoted(str(value))}"
    written = bound(value)
    return f"{row.solr}:{written}" if row.type == "boolean" else f"{row.solr}:{exactly(written)}"


def exactly(bound: str) -> str:
    """The range of one value."""
    return f"[{bound} TO {bound}]"


def _escaped(text: str) -> str:
    """A text as part of one term, each of its characters as it is."""
    return _NOT_PLAIN.sub(r"\\\1", text)


def _pattern(text: str) -> str:
    """A text in which only `*` and `?` stand for others, unless a backslash is before them."""
    pieces = pieces_of(text)
    if not {ANY, ONE}.intersection(pieces):
        # a term that is no pattern might be an operator
        return quoted("".join(pieces))
    check_wild(pieces, text)
    wild = {ANY: "*", ONE: "?"}
    return "".join(wild.get(piece) or _escaped(piece) for piece in pieces)


def _range(condition: Condition, bounds: list[str]) -> str:
    if condition.operator == "between":
        return f"[{bounds[0]} TO {bounds[1]}]"
    return _COMPARISONS[condition.operator].format(bounds[0])


def bound(value: Value) -> str:
    """A value as one end of a range."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    text = fields.solr_value(value)
    return text if isinstance(value, datetime) else end_of_range(str(text))
