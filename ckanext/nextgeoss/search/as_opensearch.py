"""A Query as the parameters of our OpenSearch searches."""

from __future__ import annotations

from typing import Any

from ..eo.properties import Properties
from ..eo.query import Condition, Query
from .opensearch_parameters import Parameter, parameter_table
from .said import Said, box_of, box_text, ends_of, text, written_otherwise

# the subject here is the area asked for, in a Query the product
_RELATIONS = {"within": "contains", "contains": "within", "disjoint": "disjoint"}
_TIME_RELATIONS = {"within": "during", "contains": "contains", "disjoint": "disjoint", "equals": "equals"}
_INTERVALS = {">=": "[{}", "<=": "{}]", ">": "]{}", "<": "{}["}


def as_opensearch(query: Query, properties: Properties) -> Said:
    """What opensearch_query reads as the same query."""
    table = parameter_table(properties)
    start, end = ends_of(query.time)
    box, place = box_of(query.footprint), query.footprint
    said: dict[str, Any] = {
        "q": query.words,
        "uid": list(query.ids),
        "parentIdentifier": list(query.collections),
        "bbox": box_text(box) if box else "",
        "geometry": place.wkt if place and not box else "",
        "relation": _RELATIONS.get(query.relation, ""),
        "start": start,
        "end": end,
        "timeRelation": _TIME_RELATIONS.get(query.time_relation, ""),
        "latest": "true" if query.latest else "",
        "fitFirst": query.fit_first,
    }
    unsaid = [*(["any_words"] if query.any_words else []), *written_otherwise(query)]
    for condition in query.conditions:
        parameter, value = table.asking(condition.property), _condition(condition)
        if parameter and parameter.least and condition.operator == ">=":
            value = text(condition.value)
        if parameter and _says(parameter, condition) and value and parameter.url not in said:
            said[parameter.url] = value
        else:
            unsaid.append(condition.property)
    # names without a parameter are understood as keys, too
    orders = [(parameter.url if (parameter := table.asking(name)) else name, way) for name, way in query.sort]
    said["sortKeys"] = " ".join(f"{name},,{int(way == 'asc')}" for name, way in orders)
    said["count"] = str(query.limit)
    return Said({name: value for name, value in said.items() if value}, tuple(unsaid))


def _says(parameter: Parameter, condition: Condition) -> bool:
    return parameter.condition or (parameter.least and condition.operator == ">=")


def _condition(condition: Condition) -> str | list[str]:
    """A value or an interval of 13-026; several values are given one by one, which some clients can do and
    braces not."""
    value = condition.value
    if condition.operator == "between" and isinstance(value, tuple):
        return "[{},{}]".format(*map(text, value))
    if condition.operator in _INTERVALS and not isinstance(value, tuple):
        return _INTERVALS[condition.operator].format(text(value))
    if condition.operator == "in" and isinstance(value, tuple):
        return [text(each) for each in value]
    return text(value) if condition.operator == "=" and not isinstance(value, tuple) else ""
