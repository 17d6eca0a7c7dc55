"""A filter in CQL2 Text or JSON (OGC 21-065r2) as a tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .cql2_compare import COMPARISONS, between, comparison, is_null, like, within_list
from .cql2_operands import Vocabulary as Vocabulary
from .cql2_operands import arguments, bad, members, name_of, named
from .cql2_place import ARRAYS, NOT_OFFERED, SPATIAL, arrays, spatial
from .cql2_text import json_of_text
from .cql2_time import FUNCTIONS as TEMPORAL
from .cql2_time import temporal
from .errors import BadValue, nearest
from .fast_json import loads
from .filter import ALWAYS_SO, NEVER_SO, Condition, Filter, Not, all_of, any_part

LANGUAGES = ("cql2-text", "cql2-json")
DEEPEST = 60

_READERS: Mapping[str, Callable[[Mapping[str, Any], Vocabulary], Filter]] = {
    "between": between,
    "in": within_list,
    "like": like,
    "isnull": is_null,
}
_PREDICATES = ("and", "or", "not", *COMPARISONS, *_READERS, *SPATIAL, *TEMPORAL, *ARRAYS)


def read_cql2(asked: str | Mapping[str, Any], lang: str, names: Vocabulary) -> Filter:
    """The tree of a filter, whose names are those of a vocabulary; JSON as text or as read. BadValue (where
    "filter") tells what cannot be read, what is not known and what is not offered."""
    if lang not in LANGUAGES:
        raise BadValue(lang, "filter-lang", "one of " + ", ".join(LANGUAGES))
    if lang == "cql2-text":
        if not isinstance(asked, str) or not asked.strip():
            raise bad(asked, "CQL2 Text")
        return _tree(json_of_text(asked), names, 0)
    return _tree(_json(asked) if isinstance(asked, str) else asked, names, 0)


def _json(text: str) -> Any:
    try:
        return loads(text)
    except (ValueError, RecursionError) as error:
        raise bad(text, "CQL2 JSON") from error


def _tree(node: Any, names: Vocabulary, level: int) -> Filter:
    if level > DEEPEST:
        raise bad(f"more than {DEEPEST} levels", f"at most {DEEPEST}")
    if isinstance(node, bool):
        return ALWAYS_SO if node else NEVER_SO
    if (asked := name_of(node)) is not None:
        return _truth(asked, names)
    said = members(node)
    if not isinstance(said.get("op"), str):
        raise bad(node, "a condition: an object with op and args, a boolean property, true or false")
    return _predicate(said, said["op"].lower(), names, level)


def _truth(asked: str, names: Vocabulary) -> Filter:
    """A property alone, which must be true or false."""
    found = named(asked, names)
    if found.row.type != "boolean":
        raise bad(asked, "a condition; only a property that is true or false is one by itself")
    return Condition(found.row.name, "=", True)


def _predicate(said: Mapping[str, Any], name: str, names: Vocabulary, level: int) -> Filter:
    if name in ("and", "or"):
        parts = [_tree(each, names, level + 1) for each in arguments(said, 1)]
        return all_of(*parts) if name == "and" else any_part(*parts)
    if name == "not":
        return Not(_tree(arguments(said, 1, 1)[0], names, level + 1))
    if name in COMPARISONS:
        return _comparison(said, name, names, level)
    if name in _READERS:
        return _READERS[name](said, names)
    for functions, read in ((SPATIAL, spatial), (TEMPORAL, temporal), (ARRAYS, arrays)):
        if name in functions:
            return read(name, said, names)
    raise _unknown(said["op"])


def _comparison(said: Mapping[str, Any], name: str, names: Vocabulary, level: int) -> Filter:
    """Two operands compared, or a condition with true or false."""
    for truth, other in (arguments(said, 2, 2), reversed(arguments(said, 2, 2))):
        op = members(other).get("op")
        if isinstance(op, str) and op.lower() in _PREDICATES:
            if not isinstance(truth, bool) or name not in ("=", "<>"):
                raise bad(op, "true or false to compare a condition with, by = or <>")
            found = _tree(other, names, level + 1)
            return found if truth == (name == "=") else Not(found)
    return comparison(name, said, names)


def _unknown(function: str) -> BadValue:
    if function.lower() in NOT_OFFERED:
        return bad(function, "one of " + ", ".join(map(str.upper, SPATIAL)))
    near = nearest(function, _PREDICATES)
    return bad(
        function,
        f"a condition or a known function; did you mean {near}?"
        if near
        else "a condition or a function out of " + ", ".join(_PREDICATES),
    )
