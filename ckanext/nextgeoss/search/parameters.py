"""What our own APIs, pages and exports may be asked of the catalogue, by parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..eo.errors import BadValue, NextGEOSSError
from ..eo.parameters import mistakes, query_from_parameters, texts, unknown
from ..eo.properties import Properties
from ..eo.property import Property
from ..eo.query import Query
from .query import check_size
from .terms import TERMS, counted, sortable

# terms with a meaning of their own as parameters
_OWN = ("id", "collection", "start", "end")


class BadParameters(NextGEOSSError):
    """Parameters that are not known or not allowed; `reasons` by their names."""

    def __init__(self, reasons: Mapping[str, str]):
        self.reasons = dict(reasons)
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in self.reasons.items()))


def asked_rows(properties: Properties) -> dict[str, Property]:
    """Terms and properties that are asked for by `<name>`, `<name>_min` and `<name>_max`."""
    return {name: row for name, row in TERMS.items() if name not in _OWN} | dict(properties)


def catalogue_query(given: Mapping[str, object], properties: Properties, others: Iterable[str] = ()) -> Query:
    """The query that parameters ask, texts of a URL or values of JSON; `others` are the caller's own.
    BadParameters names each one that is not known or not allowed."""
    rows, mine = asked_rows(properties), tuple(others)
    reasons = {
        name: "there is no such parameter" + (f"; did you mean {near}?" if near else "")
        for name, near in unknown(given, rows, mine).items()
    }
    asked = {name: value for name, value in given.items() if name not in (*mine, *reasons)}
    try:
        params = texts(asked)
        reasons |= mistakes(params, rows)
        if reasons:
            raise BadParameters(reasons)
        query = query_from_parameters(params, rows)
        check_size(query)
        _check_names(query, properties)
    except BadValue as error:
        raise BadParameters(reasons | {error.where: error.reason}) from error
    return query


def _check_names(query: Query, properties: Properties) -> None:
    orders = sortable(properties)
    for name, _ in query.sort:
        if name not in orders:
            raise BadValue(name, "sort", "one of " + ", ".join(orders))
    for name in query.facets:
        try:
            counted(name, properties)
        except BadValue as error:
            raise BadValue(name, "facets", error.allowed) from error
