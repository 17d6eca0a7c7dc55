"""JSON written by orjson where it says the same as the standard library's `json`, else by that."""

from __future__ import annotations

import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """What `json.loads` has read as text without white space, for it to read the same again."""
    try:
        text = orjson.dumps(value)
    except TypeError:  # lone surrogates, whole numbers of more than 64 bits, very deep nesting
        return json.dumps(value, separators=(",", ":"))
    if b"null" in text and orjson.loads(text) != value:  # it writes NaN and the infinities as null
        return json.dumps(value, separators=(",", ":"))
    return text.decode("utf-8")
