"""Filters in CQL2 JSON written as CQL2 Text, without any part of the code that is tested."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

_SIGNS = ("=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/")


def as_text(node: Any, random: Random) -> str:
    """The text that says what the JSON says; case of words, spaces and brackets are as it comes."""
    if not isinstance(node, Mapping):
        return _literal(node, random)
    if "property" in node:
        name = node["property"]
        return f'"{name}"' if random.random() < 0.3 else name
    if "op" in node:
        return _operation(node["op"], node["args"], random)
    if "interval" in node:
        ends = (f"'{end}'" if isinstance(end, str) else as_text(end, random) for end in node["interval"])
        return f"INTERVAL({','.join(ends)})"
    if "bbox" in node:
        return f"BBOX({','.join(map(repr, node['bbox']))})"
    if "type" in node:
        return _geometry(node)
    (kind, value) = next(iter(node.items()))
    return f"{kind.upper()}('{value}')"


def _operation(op: str, args: list[Any], random: Random) -> str:
    said = [as_text(each, random) for each in args]
    word = op if random.random() < 0.5 else op.upper()
    if op in ("and", "or"):
        return f" {word} ".join(f"({part})" for part in said)
    if op == "not":
        return f"{word} ({said[0]})"
    if op in _SIGNS:
        space = random.choice(("", " "))
        return f"{said[0]}{space}{op}{space}{said[1]}"
    if op == "between":
        return f"{said[0]} BETWEEN {said[1]} AND {said[2]}"
    if op == "isNull":
        return f"{said[0]} IS NULL"
    if op in ("in", "like"):
        return f"{said[0]} {word} {said[1]}"
    return f"{word}({', '.join(said)})"


def _literal(value: Any, random: Random) -> str:
    if isinstance(value, list):
        return f"({', '.join(as_text(each, random) for each in value)})"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).upper() if isinstance(value, bool) else repr(value)


def _geometry(node: Mapping[str, Any]) -> str:
    kind = node["type"]
    if kind == "GeometryCollection":
        return f"GEOMETRYCOLLECTION({', '.join(map(_geometry, node['geometries']))})"
    if kind == "Point":
        return f"POINT({_position(node['coordinates'])})"
    return f"{kind.upper()}{_positions(node['coordinates'])}"


def _positions(value: Any) -> str:
    if isinstance(value[0], list):
        return f"({', '.join(map(_positions, value))})"
    return _position(value)


def _position(value: list[float]) -> str:
    return " ".join(map(repr, value))
