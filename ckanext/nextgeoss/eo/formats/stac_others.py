"""Properties of STAC items that no row of ours has a place for: what people give us is kept as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .. import fast_json
from ..errors import BadValue
from ..properties import Properties
from ..property import OWN_PREFIX
from .loose_json import array, mapping
from .stac_names import FEEDBACK_NAMES, RENAMED, SPLIT

# told by other parts of a product, or by the item around them
_TOLD = frozenset(
    ("id", "collection", "c:id", "title", "datetime", "start_datetime", "end_datetime", f"{OWN_PREFIX}time",
     "proj:epsg", "eo:epsg", *RENAMED, *SPLIT, *FEEDBACK_NAMES)
)  # fmt: skip
_LONGEST = 65_536
_DEEPEST = 20


def read_others(properties: Mapping[str, Any], rows: Properties) -> str:
    """The text of the properties that no row reads; "" without any."""
    known = {name for name, _ in rows.readings(tuple(properties))} | _TOLD
    others = {name: value for name, value in properties.items() if name not in known and value is not None}
    return others_text(others) if others else ""


def others_text(others: Mapping[str, Any]) -> str:
    """The text of a JSON object, its keys in order; BadValue when it is too large or nested too deeply."""
    if _depth_of(others) > _DEEPEST:
        raise BadValue(f"more than {_DEEPEST} levels", "properties", f"at most {_DEEPEST} levels")
    text = json.dumps(others, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if len(text) > _LONGEST:
        raise BadValue(
            f"{len(text)} characters",
            "properties",
            f"at most {_LONGEST} for those that are not in /queryables",
        )
    return text


def write_others(text: str) -> dict[str, Any]:
    """The properties as an item has them."""
    return fast_json.loads(text) if text else {}


def _depth_of(value: Any, limit: int = _DEEPEST) -> int:
    """How many levels of objects and arrays a JSON value has; those beyond the limit are not counted."""
    if isinstance(value, dict):
        inner = list(mapping(value).values())
    elif isinstance(value, list):
        inner = array(value)
    else:
        return 0
    return 1 + (max((_depth_of(each, limit - 1) for each in inner), default=0) if limit >= 0 else 0)
