"""Members of JSON that may be something else than they should be: never an error, but an empty value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from ..text import clean_text


def mapping(value: Any) -> dict[str, Any]:
    """An object; anything else as an empty one."""
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def array(value: Any) -> list[Any]:
    """An array; anything else as an empty one."""
    return cast(list[Any], value) if isinstance(value, list) else []


def text(value: Any) -> str:
    """A text or whole number as text; anything else as an empty one."""
    if isinstance(value, str):
        return clean_text(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: Any) -> tuple[str, ...]:
    """The texts of an array, or of a single value, each once."""
    values = cast(list[Any], value if isinstance(value, list) else [value])
    return tuple(dict.fromkeys([found for item in values if (found := text(item))]))


def link(document: Mapping[str, Any], rel: str) -> str:
    """The address of the first link with this relation."""
    for link in array(document.get("links")):
        if mapping(link).get("rel") == rel:
            return text(mapping(link).get("href"))
    return ""


def whole_number(value: Any) -> int | None:
    """A count from a number or its text; None for anything else and below zero."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 20:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
