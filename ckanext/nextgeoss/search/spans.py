"""The filter for what the interval of a product does to another one, by its two ends as Solr holds them: in
milliseconds, with an end that is missing open."""

from __future__ import annotations

from datetime import datetime

from ..eo.allen import END, RELATIONS
from ..eo.allen import START as BEGIN
from ..eo.errors import BadValue
from ..eo.filter import SPAN_RELATIONS, Span
from .conditions import bound
from .fields import END as END_FIELD
from .fields import START as START_FIELD

_FIELDS = {BEGIN: START_FIELD, END: END_FIELD}
_RANGES = {"<": "[* TO {}}}", "<=": "[* TO {}]", ">": "{{{} TO *]", ">=": "[{} TO *]", "=": "[{0} TO {0}]"}
_ALL, _NONE = "*:*", "-*:*"
_HAS_ONE = f"{START_FIELD}:[* TO *] OR {END_FIELD}:[* TO *]"


def span_filter(leaf: Span) -> str:
    """The filter for products whose interval has a relation; those without any time have none."""
    if leaf.relation not in RELATIONS:
        raise BadValue(leaf.relation, "time relation", "one of " + ", ".join(SPAN_RELATIONS))
    asked = {BEGIN: leaf.time.start, END: leaf.time.end}
    alternatives = [
        " ".join(f"+({_compared(own, comparison, other, asked[other])})" for own, comparison, other in parts)
        for parts in RELATIONS[leaf.relation]
    ]
    return f"+({_HAS_ONE}) +({' OR '.join(f'({each})' for each in alternatives)})"


def _compared(own: str, comparison: str, other: str, time: datetime | None) -> str:
    """An end of the product's interval compared with an end of the one asked for; None is open."""
    field = _FIELDS[own]
    missing = f"{_ALL} -{field}:[* TO *]"
    # where an open start lies, and an open end
    early = own == BEGIN
    if time is None:
        return _with_open(field, early, comparison, other == BEGIN)
    within = f"{field}:{_RANGES[comparison].format(bound(time))}"
    open_fits = comparison in ("<", "<=") if early else comparison in (">", ">=")
    return f"{within} OR ({missing})" if open_fits else within


def _with_open(field: str, early: bool, comparison: str, asked_early: bool) -> str:
    """An end compared with what lies before all times, or after them."""
    there, missing = f"{field}:[* TO *]", f"{_ALL} -{field}:[* TO *]"
    # -1 before, 0 the same, 1 after: of an end that is there, and of one that is not
    order_there = 1 if asked_early else -1
    order_missing = (-1 if early else 1) - (-1 if asked_early else 1)
    holds = [_holds(order, comparison) for order in (order_there, order_missing)]
    return {
        (True, True): _ALL, (True, False): there, (False, True): missing, (False, False): _NONE,
    }[holds[0], holds[1]]  # fmt: skip


def _holds(order: int, comparison: str) -> bool:
    if order == 0:
        return "=" in comparison
    return comparison.startswith("<" if order < 0 else ">")
