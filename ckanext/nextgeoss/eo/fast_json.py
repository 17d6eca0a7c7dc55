"""JSON written by orjson where it says the same as the standard library's `json`, else by that."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import orjson


def loads(text: str | bytes) -> Any:
    """What a JSON text says; ValueError when it is none."""
    return orjson.loads(text)


def dumps(value: Any) -> str:
    """What `json.loads` has read as text without white space, for it to read the same again."""
    try:
        text = orjson.dumps(value)
    except TypeError:  # lone surrogates, whole numbers of more than 64 bits, very deep nesting
        return json.dumps(value, separators=(",", ":"))
    if b"null" in text and orjson.loads(text) != value:  # it writes NaN and the infinities as null
        return json.dumps(value, separators=(",", ":"))
    return text.decode("utf-8")


def geometry(value: Any) -> str:
    """The text of a GeoJSON geometry as `json` writes it: keys in order, no white space."""
    text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if b"e-" in text or b"0.0000" in text:  # small numbers have other digits
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    return text.decode()


def canonical(value: Any, floats: Iterable[float], default: Callable[[Any], str]) -> bytes:
    """The one text of a value for hashes that are stored: keys in order, ASCII, no white space, `default` for
    what JSON does not know. It stays the same to the letter: `json` says what is right.

    `floats` are those in the value, of which orjson writes some with other digits than `json`."""
    if all(number == 0 or 1e-4 <= abs(number) < 1e16 for number in floats):
        try:
            text = orjson.dumps(value, default, orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)
            # json escapes what is not printable ASCII
            if text.isascii() and b"\x7f" not in text:
                return text
        except TypeError:
            pass
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=default).encode("ascii")
