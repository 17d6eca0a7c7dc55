"""The parameters of a GET as the members of a POST that asks the same (STAC API 1.0.0, item search)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from ..eo.errors import BadValue

_WAYS = {"+": "asc", "-": "desc", " ": "asc"}


def members_of_get(args: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of a GET as the members of a POST that asks the same; BadValue for what is not JSON
    where JSON is expected."""
    found = {name: _MEMBERS_OF[name](value) if name in _MEMBERS_OF else value for name, value in args.items()}
    # of a body it is CQL2 JSON unless something else is said (filter extension 1.0.0)
    return {"filter-lang": "cql2-text", **found} if "filter" in found else found


def _json(name: str) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return orjson.loads(text)
        except ValueError as error:
            raise BadValue(text, name, "JSON") from error

    return read


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(text: str) -> list[Any]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise BadValue(text, "bbox", "four or six numbers: west,south,east,north") from error


def _keys(text: str) -> list[dict[str, str]]:
    return [
        {"field": part.strip().lstrip("+-"), "direction": _WAYS.get(part.strip()[0], "asc")}
        for part in text.split(",")
        if part.strip()
    ]


def _split_fields(text: str) -> dict[str, list[str]]:
    parts = _list(text)
    wanted = [part.lstrip("+").strip() for part in parts if not part.startswith("-")]
    unwanted = [part[1:].strip() for part in parts if part.startswith("-")]
    return ({"include": wanted} if wanted else {}) | {"exclude": unwanted}


_MEMBERS_OF: dict[str, Callable[[str], Any]] = {
    "bbox": _numbers,
    "ids": _list,
    "collections": _list,
    "intersects": _json("intersects"),
    "query": _json("query"),
    "sortby": _keys,
    "fields": _split_fields,
}
