"""Conditions as our own APIs and pages write them: `<name>`, `<name>_min`, `<name>_max`, `low..high`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from .errors import BadValue
from .product import Value
from .property import Property
from .query import Condition
from .temporal import TemporalExtent

# texts of a URL; several texts are several values
Parameters: TypeAlias = Mapping[str, str | Sequence[str]]
_RANGED = ("number", "integer", "time")


def names_of(row: Property) -> tuple[str, ...]:
    """The parameters that ask for a property."""
    return (row.name, f"{row.name}_min", f"{row.name}_max") if row.type in _RANGED else (row.name,)


def conditions(params: Parameters, row: Property) -> Iterator[Condition]:
    """What parameters ask of one property; BadValue names the parameter."""
    values = values_of(params, row.name, apart=bool(row.choices))
    ranges = [value for value in values if ".." in value and row.type in _RANGED]
    exact = tuple(item for value in values if value not in ranges for item in _items(row.parse(value)))
    if exact:
        yield Condition(row.name, "=", exact[0]) if len(exact) == 1 else Condition(row.name, "in", exact)
    for text in ranges:
        low, _, high = text.partition("..")
        yield from _range(row, (row.name, row.name), low.strip(), high.strip())
    if row.type in _RANGED:
        names = (f"{row.name}_min", f"{row.name}_max")
        yield from _range(row, names, one_of(params, names[0]), one_of(params, names[1]))


def values_of(params: Parameters, name: str, *, apart: bool = False) -> tuple[str, ...]:
    """The values of a parameter, none empty; one text is several values with commas between when they are
    `apart`."""
    given = params.get(name) or ()
    values = (given.split(",") if apart else (given,)) if isinstance(given, str) else given
    return tuple(value.strip() for value in values if value.strip())


def one_of(params: Parameters, name: str) -> str:
    """The value of a parameter that has one; "" when it is not given."""
    values = values_of(params, name)
    if len(values) > 1:
        raise BadValue(list(values), name, "one value")
    return values[0] if values else ""


def _items(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else (value,)


def _range(row: Property, names: tuple[str, str], low: str, high: str) -> list[Condition]:
    """The condition that a property lies between two texts, each of which may be empty."""
    start = _bound(row, names[0], low, "start")
    end = _bound(row, names[1], high, "end")
    if start is not None and end is not None:
        if start > end:  # pyright: ignore[reportOperatorIssue] one type, as both come from the same row
            raise BadValue(f"{low}..{high}", names[0], "a range whose first value is not the greater one")
        return [Condition(row.name, "between", (start, end))]
    if start is not None:
        return [Condition(row.name, ">=", start)]
    return [] if end is None else [Condition(row.name, "<=", end)]


def _bound(row: Property, name: str, text: str, side: str) -> Value | None:
    """One end of a range; the end of a range of times that is a date reaches to the end of that day."""
    if not text:
        return None
    try:
        return TemporalExtent.of(None, text).end if (row.type, side) == ("time", "end") else row.parse(text)
    except BadValue as error:
        raise BadValue(text, name, error.allowed) from error
