"""What a format calls our properties: the reading of a record's attributes, and the report of what became of
them, follow from one table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadValue
from ..product import Problem, Value
from ..properties import Properties, load_properties
from ..property import Property

# what an attribute can be besides a row of schemas/eo_product.yaml; formats read these by code of their own
PARTS = ("id", "title", "collection", "time", "geometry", "assets")
# of no use in a catalogue, or said better by another attribute
IGNORED = "ignored"
_EMPTY: tuple[object, ...] = (None, "", [], {})
_UNLISTED = 10_000


class Vocabulary:
    """The names of one format.

    `names` gives for an attribute a row, one of PARTS or IGNORED. An attribute is the last part of a path, or
    more of its end (`Instrument/description`); `*` stands for anything. Where a table names two for one row,
    the earlier counts. What it does not name is known by any name of a row (`Properties.find`), unless
    `only_these` are meant."""

    def __init__(self, names: Mapping[str, str], rows: Properties | None = None, *, only_these: bool = False):
        self.rows = load_properties() if rows is None else rows
        for target in names.values():
            if target not in (*PARTS, IGNORED, *self.rows):
                raise ValueError(f"{target} is neither a row nor one of {', '.join(PARTS)}")
        self._names = [(_compiled(name), target) for name, target in names.items()]
        self._only_these = only_these
        self._known: dict[str, tuple[int, str]] = {}

    def target(self, path: str) -> str:
        """The row or part that an attribute tells, or IGNORED; empty when it is not known."""
        return self._found(path)[1]

    def read(self, view: Any, problems: list[Problem]) -> dict[str, Value]:
        """The properties of a record's view; what cannot be parsed is noted."""
        said: dict[str, list[tuple[int, str, Any]]] = {}
        for path, value in attributes(view):
            rank, target = self._found(path)
            if target in self.rows and value not in _EMPTY:
                said.setdefault(target, []).append((rank, path, value))
        found: dict[str, Value] = {}
        for name, values in said.items():
            values.sort(key=lambda each: each[:2])
            value = _value(self.rows[name], values, problems)
            if value is not None:
                found[name] = value
        return found

    def _found(self, path: str) -> tuple[int, str]:
        if path not in self._known:
            self._known[path] = self._sought(path)
        return self._known[path]

    def _sought(self, path: str) -> tuple[int, str]:
        for rank, (pattern, target) in enumerate(self._names):
            if pattern.fullmatch(path):
                return rank, target
        row = None if self._only_these else self.rows.find(path.rpartition("/")[2])
        return _UNLISTED, row.name if row else ""


def attributes(view: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Paths and values of all attributes, those of objects in a list under one path; lists of plain values
    are values."""
    if isinstance(view, dict) and view:
        for name, value in cast(dict[str, Any], view).items():
            below = f"{path}/{name}" if path else name
            if isinstance(value, (dict, list)):
                yield from attributes(value, below)
            else:
                yield below, value
    elif isinstance(view, list) and any(isinstance(item, dict) for item in cast(list[Any], view)):
        for item in cast(list[Any], view):
            yield from attributes(item, path)
    else:
        yield path, view


def _value(row: Property, said: list[tuple[int, str, Any]], problems: list[Problem]) -> Value | None:
    """The value of the first attribute that has one; a list of all that the first path says."""
    items: list[str] = []
    listed = ""
    for _, path, value in said:
        if listed and path != listed:
            break
        try:
            parsed = row.parse(value)
        except BadValue as error:
            problems.append(Problem(path, error.reason))
            continue
        if not isinstance(parsed, tuple):
            return parsed
        items += parsed
        listed = path if parsed else ""
    return tuple(dict.fromkeys(items)) if items else None


def _compiled(name: str) -> re.Pattern[str]:
    return re.compile(r"(?:.*/)?" + ".*".join(re.escape(part) for part in name.split("*")), re.I | re.S)
