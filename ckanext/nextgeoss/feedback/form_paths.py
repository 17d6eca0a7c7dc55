"""Places of values among the parts of an item, and how a value is found, set and taken away there."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pick:
    """A step into a list: to the first part whose `name` is `value`; `usual` is what it is where it is not
    said."""

    name: str
    value: str
    usual: str = ""

    def among(self, parts: list[Any]) -> int | None:
        """Where it is in a list."""
        for at, part in enumerate(parts):
            if isinstance(part, dict) and part.get(self.name, self.usual) == self.value:
                return at
        return None

    def new(self) -> Json:
        """A part that is found."""
        return {} if self.value == self.usual else {self.name: self.value}


@dataclass(frozen=True, slots=True)
class Every:
    """A last step: all parts of a list whose `name` is `value`, as a list; the others stay as they are."""

    name: str
    value: str

    def of(self, parts: list[Any]) -> list[Any]:
        """These parts."""
        return [part for part in parts if self._is(part)]

    def without(self, parts: list[Any]) -> list[Any]:
        """The other parts."""
        return [part for part in parts if not self._is(part)]

    def _is(self, part: Any) -> bool:
        return isinstance(part, dict) and part.get(self.name) == self.value


Step: TypeAlias = str | int | Pick | Every
Path: TypeAlias = tuple[Step, ...]

_INDEX = re.compile(r"\[(\d+)\]")
# what a part is picked by
_PICKED_BY = {"type", "code_space", "date_type"}


def path_of(text: str) -> Path:
    """The steps of a place as errors name it: `target[0].role`."""
    steps = _INDEX.sub(r".\1", text).split(".")
    return tuple(int(step) if step.isdigit() else step for step in steps if step)


def shared(path: Path, other: Path) -> int:
    """How many steps two paths have in common from the beginning."""
    number = 0
    for one, two in zip(path, other, strict=False):
        if one != two and not (isinstance(one, int) and not isinstance(two, str)):
            break
        number += 1
    return number


def get(parts: Any, path: Path) -> Any:
    """The value at a place; None where there is none."""
    found = parts
    for step in path:
        if isinstance(step, str):
            found = found.get(step) if isinstance(found, Mapping) else None
            continue
        if not isinstance(found, list):
            return None
        if isinstance(step, Every):
            return step.of(found)
        at = step.among(found) if isinstance(step, Pick) else step
        found = found[at] if at is not None and at < len(found) else None
    return found


def put(parts: Any, path: Path, value: Any) -> None:
    """Set a value, making what is not there on the way to it."""
    found = parts
    for at, step in enumerate(path[:-1]):
        following = path[at + 1]
        empty: Any = {} if isinstance(following, str) else []
        if isinstance(step, str):
            if not isinstance(found.get(step), (dict, list)):
                found[step] = empty
            found = found[step]
        else:
            found = _entry(found, step, empty)
    last = path[-1]
    if isinstance(last, str):
        found[last] = copy.deepcopy(value)
        return
    if isinstance(last, Every):
        # what cannot be read is refused at its place
        found[:] = [*copy.deepcopy(value), *last.without(found)]
        return
    position = last.among(found) if isinstance(last, Pick) else last
    if position is not None and position < len(found):
        found[position] = value
    else:
        found.append(value)


def _entry(found: list[Any], step: int | Pick | Every, empty: Any) -> Any:
    at = step if isinstance(step, int) else step.among(found) if isinstance(step, Pick) else None
    if at is None or at >= len(found):
        found.append(step.new() if isinstance(step, Pick) else empty)
        at = len(found) - 1
    return found[at]


def drop(parts: Any, path: Path) -> None:
    """Take a value away, and what is empty without it."""
    way: list[tuple[Any, Any]] = []
    found: Any = parts
    for number, step in enumerate(path):
        if isinstance(step, Every) and isinstance(found, list):
            found[:] = step.without(found)
            if not found:
                drop(parts, path[:number])
            return
        if isinstance(found, list):
            at: Any = step.among(found) if isinstance(step, Pick) else step
            if not isinstance(at, int) or at >= len(found):
                return
        elif isinstance(found, dict) and step in found:
            at = step
        else:
            return
        way.append((found, at))
        found = found[at]
    for number, (holder, at) in enumerate(reversed(way)):
        if number and holder[at] not in ({}, []) and not _is_bare(holder[at], path[len(way) - number]):
            return
        del holder[at]


def _is_bare(part: Any, step: Any) -> bool:
    """Whether nothing but what a part was picked by is left of it."""
    return isinstance(step, str) and isinstance(part, dict) and set(part) <= _PICKED_BY and bool(part)
