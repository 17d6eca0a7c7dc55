"""JSON merge patches (RFC 7386)."""

from __future__ import annotations

from typing import Any, cast

from .errors import BadValue

_DEEPEST = 50


def merged(document: Any, patch: Any, depth: int = 0) -> Any:
    """The document as the patch changes it: null removes a member, objects are merged, all else is replaced;
    BadValue where it is nested too deeply."""
    if not isinstance(patch, dict):
        return patch
    if depth > _DEEPEST:
        raise BadValue(f"{depth} levels", "body", f"at most {_DEEPEST} levels")
    result = dict(cast(dict[str, Any], document)) if isinstance(document, dict) else {}
    for name, value in cast(dict[str, Any], patch).items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value, depth + 1)
    return result
