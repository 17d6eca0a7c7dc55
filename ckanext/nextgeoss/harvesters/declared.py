"""Declarations in YAML as dataclasses: each key is a field, and a mistake is named with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeAlias, TypeVar, cast

from ..eo.errors import BadConfiguration, nearest, shown

# by the type of a field, as it is written
Parsers: TypeAlias = Mapping[str, Callable[[object, str], Any]]
# a whole number that may be zero
Number: TypeAlias = int

_T = TypeVar("_T")


def hint(word: str, known: Mapping[str, Any] | tuple[str, ...]) -> str:
    """The end of a message about an unknown word: the nearest known one, or all."""
    near = nearest(word, known)
    return f", did you mean {near}?" if near else f"; known: {', '.join(sorted(known))}"


def built(
    kind: type[_T], defaults: Mapping[str, Any], given: Mapping[str, Any], where: str, parsers: Parsers
) -> _T:
    """A dataclass from a mapping: each key is a field and its type parses the value; `where` begins the
    messages of BadConfiguration."""
    known = {item.name: item for item in fields(cast(Any, kind))}
    for key in given:
        if key not in known:
            raise BadConfiguration(f"{where}: unknown key {shown(key)}{hint(str(key), tuple(known))}")
    said = dict(defaults) | {key: _merged(defaults.get(key), value) for key, value in given.items()}
    missing = [
        name for name, item in known.items()
        if name not in said and item.default is MISSING and item.default_factory is MISSING
    ]  # fmt: skip
    if missing:
        raise BadConfiguration(f"{where}: {', '.join(missing)} must be given")
    values = {key: parsers[str(known[key].type)](value, f"{where}: {key}") for key, value in said.items()}
    return kind(**values)


def _merged(default: Any, value: Any) -> Any:
    """What is given; keys with values, and lists, add to those of the default."""
    if isinstance(default, list) and isinstance(value, list):
        return [*cast(list[Any], default), *cast(list[Any], value)]
    if not isinstance(default, dict) or not isinstance(value, dict):
        return cast(object, value)
    return cast(dict[str, Any], default) | cast(dict[str, Any], value)


def _bad(value: object, where: str, allowed: str) -> BadConfiguration:
    return BadConfiguration(f"{where}: {shown(value)} is not allowed; expected {allowed}")


def keys_with_values(value: object, where: str) -> dict[str, Any]:
    """A mapping of texts."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in cast(dict[Any, Any], value)):
        raise _bad(cast(object, value), where, "keys with values")
    return cast(dict[str, Any], value)


def text(value: object, where: str) -> str:
    """A text without outer white space."""
    if not isinstance(value, str):
        raise _bad(value, where, "text")
    return value.strip()


def texts(value: object, where: str) -> tuple[str, ...]:
    """Texts from a list, or from one alone."""
    items = cast(list[object], value if isinstance(value, list) else [value])
    return tuple(text(item, where) for item in items)


def _count(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise _bad(value, where, "a whole number from 1")
    return value


def _number(value: object, where: str) -> int:
    return 0 if value == 0 and not isinstance(value, bool) else _count(value, where)


def _amount(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise _bad(value, where, "a number from 0")
    return float(value)


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _bad(value, where, "true or false")
    return value


def _pairs(value: object, where: str) -> Mapping[str, str]:
    said = keys_with_values(value, where).items()
    # YAML reads a bare yes or no as true or false, and a bare number as one
    return {key: text(_word(item), f"{where}.{key}") for key, item in said}


def _word(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, int) else value


def _paths(value: object, where: str) -> Mapping[str, tuple[str, ...]]:
    return {key: texts(item, f"{where}.{key}") for key, item in keys_with_values(value, where).items()}


PARSERS: Parsers = {
    "str": text,
    "int": _count,
    "Number": _number,
    "float": _amount,
    "bool": _flag,
    "tuple[str, ...]": texts,
    "Mapping[str, str]": _pairs,
    "Mapping[str, tuple[str, ...]]": _paths,
}
