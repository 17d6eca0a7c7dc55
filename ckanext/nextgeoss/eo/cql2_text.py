"""CQL2 Text as CQL2 JSON, by the package `cql2`, whose parser is recursive and ends the process where a text
nests too deeply: how deep a text goes is bounded before it."""

from __future__ import annotations

import re
from typing import Any, cast

import cql2

from .errors import BadValue

WHERE = "filter"
# letters of a text, levels of brackets, signs or NOTs in a row, operators in a row
LONGEST = 50_000
DEEPEST = 50
MOST_IN_A_ROW = 4
MOST_JOINED = 1_000
# comparisons between two of AND and OR
MOST_COMPARED = 20

# an array of nothing, which the parser does not know, is read with this in it
_NOTHING = "nothing"

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_EMPTY = re.compile(rf"(?:{_QUOTED.pattern})|([(,]\s*)\(\s*\)")
_ROWS = re.compile(rf"(?:\bNOT\b[\s(]*){{{MOST_IN_A_ROW + 1}}}|(?:[-+][\s(]*){{{MOST_IN_A_ROW + 1}}}", re.I)
_CLAUSES = re.compile(r"\b(?:AND|OR)\b", re.I)
_COMPARED = re.compile(r"[<>=]+")
_JOINS = re.compile(r"\b(?:AND|OR|DIV)\b|[*/%^=<>]|[-+](?!\s*[\d.])|(?<=[\d\w)])\s*[-+]", re.I)


def json_of_text(text: str) -> Any:
    """The CQL2 JSON of a text; BadValue when it is none, is too long or nests too deeply."""
    _check(text)
    nothing = _NOTHING
    while nothing in text:
        nothing += "g"
    filled = _EMPTY.sub(lambda found: f"{found[1]}('{nothing}')" if found[1] else found[0], text)
    try:
        read = cql2.parse_text(filled).to_json()
        return read if filled == text else _without(nothing, read)
    except BaseException as error:  # of the parser's own, among them a panic, which is no Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit, MemoryError)):
            raise
        raise BadValue(text, WHERE, f"CQL2 Text{_place(str(error))}") from error


def _without(nothing: str, node: Any) -> Any:
    """What was read, with nothing in the arrays that were filled."""
    if isinstance(node, dict):
        members = cast(dict[str, Any], node)
        return {name: _without(nothing, value) for name, value in members.items()}
    if isinstance(node, list):
        items = cast(list[Any], node)
        return [] if items == [nothing] else [_without(nothing, each) for each in items]
    return node


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise BadValue(f"{len(text)} letters", WHERE, f"at most {LONGEST}")
    plain = _QUOTED.sub("''", text)
    if (levels := _levels(plain)) > DEEPEST:
        raise BadValue(f"{levels} levels of brackets", WHERE, f"at most {DEEPEST}")
    if found := _ROWS.search(plain):
        raise BadValue(found[0], WHERE, f"at most {MOST_IN_A_ROW} NOTs or signs in a row")
    if (count := max(len(_COMPARED.findall(clause)) for clause in _CLAUSES.split(plain))) > MOST_COMPARED:
        raise BadValue(f"{count} comparisons without AND or OR", WHERE, f"at most {MOST_COMPARED}")
    if (count := len(_JOINS.findall(plain))) > MOST_JOINED:
        raise BadValue(f"{count} operators", WHERE, f"at most {MOST_JOINED}")


def _levels(text: str) -> int:
    deepest = level = 0
    for letter in text:
        if letter == "(":
            level += 1
            deepest = max(deepest, level)
        elif letter == ")":
            level = max(0, level - 1)
    return deepest


def _place(said: str) -> str:
    """Where the parser stopped, of what it says: line and column."""
    found = re.search(r"--> (\d+):(\d+)", said)
    return f"; it cannot be read at line {found[1]}, letter {found[2]}" if found else ""
