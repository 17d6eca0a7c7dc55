"""No e-mail address leaves the hub, wherever in an item it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from .parts import Part, read, write

# what stands in its place: good in texts and in addresses of the web, and never longer than what it replaces
REMOVED = "(mail)"
_ADDRESS = re.compile(
    r"(?:mailto:)?[\w.+~'-]{1,64}(?:@|%40|&#64;|&#x40;|\s?\[at\]\s?|\s?\(at\)\s?)"
    r"(?:[\w-]{1,63}(?:\.|%2e|\s?\[dot\]\s?|\s?\(dot\)\s?))+[^\W\d_]{2,63}",
    re.IGNORECASE,
)
_MARKS = ("@", "%40", "#64;", "#x40;", "[at]", "(at)")

P = TypeVar("P", bound=Part)


def without_addresses(text: str) -> str:
    """A text without the e-mail addresses in it, plain or veiled."""
    lower = text.lower()
    return _ADDRESS.sub(REMOVED, text) if any(mark in lower for mark in _MARKS) else text


def without_addresses_in(value: Any) -> Any:
    """JSON without the e-mail addresses in its texts."""
    if isinstance(value, str):
        return without_addresses(value)
    if isinstance(value, Mapping):
        return {name: without_addresses_in(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [without_addresses_in(each) for each in value]
    return value


def public(part: P) -> P:
    """A part without the e-mail addresses in it."""
    told = write(part)
    clean = without_addresses_in(told)
    return part if clean == told else read(type(part), clean)
