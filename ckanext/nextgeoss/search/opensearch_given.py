"""The parameters of one OpenSearch request, by their qualified names whatever the caller called them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ..eo.conditions import Parameters
from ..eo.errors import BadValue
from .opensearch_parameters import Parameter, ParameterTable

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
COLLECTION, PRODUCT_TYPE = "eo:parentIdentifier", "eo:productType"


@dataclass(frozen=True, slots=True)
class Given:
    """Values by qualified name, none of them empty, and the names by which the caller gave them; `ignored`
    are names that mean nothing here."""

    table: ParameterTable
    values: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    ignored: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def all(self, name: str) -> tuple[str, ...]:
        """All values of a parameter."""
        return self.values.get(name, ())

    def one(self, name: str, default: str = "") -> str:
        """The value of a parameter; BadValue when it was given several times."""
        values = self.values.get(name, ())
        if len(values) > 1:
            raise BadValue(list(values), self.names[name], "one value")
        return values[0] if values else default

    def bad(self, name: str, allowed: str) -> BadValue:
        """The error that the value of a parameter is not allowed."""
        value = ", ".join(self.values.get(name, ()))
        return BadValue(value, self.names.get(name) or self.table.named(name).url, allowed)

    def choice(self, name: str, choices: Mapping[str, str], default: str) -> str:
        """What a value of a closed list, in any case, stands for."""
        value = self.one(name, default).lower()
        if value not in choices:
            raise self.bad(name, "one of " + ", ".join(choices))
        return choices[value]

    def number(self, name: str) -> float | None:
        """The number of a parameter; None when it was not given, BadValue outside its limits."""
        if name not in self:
            return None
        parameter, text = self.table.named(name), self.one(name)
        number = float(text) if _NUMBER.fullmatch(text) else math.nan
        low, high = parameter.minimum or 0, parameter.maximum or 0
        if not low <= number <= high:
            raise self.bad(name, f"a number from {low:g} up to {high:.0f}")
        return number

    def whole(self, name: str, *, endless: bool = False) -> int | None:
        """The whole number of a parameter; its upper limit does not count when it is `endless`."""
        if name not in self:
            return None
        parameter, text = self.table.named(name), self.one(name)
        low, high = parameter.minimum or 0, parameter.maximum or 0
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= (math.inf if endless else high):
            raise self.bad(name, f"a whole number from {low:g} up to {high:.0f}")
        return int(text)


def read_given(params: Parameters, table: ParameterTable, is_collection: Callable[[str], bool]) -> Given:
    """The parameters of a request; the name in our templates goes before older ones, empty values are absent
    (CEOS-BP-005F), a first index goes before a page (BP-007)."""
    values: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    ignored: list[str] = []
    for name, raw in params.items():
        texts = tuple(text.strip() for text in ((raw,) if isinstance(raw, str) else raw) if text.strip())
        parameter = _meant(name, texts, table)
        if parameter is None:
            ignored.append(name)
        elif texts and (parameter.name not in values or name == parameter.url):
            values[parameter.name], names[parameter.name] = tuple(dict.fromkeys(texts)), name
    if "startIndex" in values:
        values.pop("startPage", None)
    return _collection_of_type(Given(table, values, names, tuple(ignored)), is_collection)


def _meant(name: str, texts: tuple[str, ...], table: ParameterTable) -> Parameter | None:
    """The parameter of this name; `start=1` is the first record to some (GEO DAB), as it cannot be a time."""
    if name == "start" and len(texts) == 1 and _WHOLE.fullmatch(texts[0]):
        return table.named("startIndex")
    return table.find(name)


def _collection_of_type(given: Given, is_collection: Callable[[str], bool]) -> Given:
    """The original's productType was the id of a collection: it is read so where the value is one and no
    collection is given, else it is the type of OGC 13-026."""
    types = given.all(PRODUCT_TYPE)
    if COLLECTION in given or not types or not all(map(is_collection, types)):
        return given
    values = {name: value for name, value in given.values.items() if name != PRODUCT_TYPE}
    names = {**given.names, COLLECTION: given.names[PRODUCT_TYPE]}
    return replace(given, values={**values, COLLECTION: types}, names=names)
