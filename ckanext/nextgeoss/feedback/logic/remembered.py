"""What lists of CKAN's own show of feedback: asked once for all datasets that were found in a request, not
for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

from .summaries import summarized

_FOUND, _KNOWN = "nextgeoss_feedback_found", "nextgeoss_feedback_known"
# of the datasets that were found in a request, those that are asked for together
_MOST = 1000


def remember(datasets: Iterable[Any]) -> None:
    """Note datasets that were found: when the first of them is shown, all are asked for."""
    found = _of_request(_FOUND)
    for dataset in datasets:
        package_id = dataset.get("id") if isinstance(dataset, Mapping) else None
        if package_id and len(found) < _MOST:
            found[package_id] = True


def feedback_of(package_id: str) -> dict[str, Any]:
    """The figures of a dataset that is shown; empty when nobody has said anything."""
    known = _of_request(_KNOWN)
    if package_id not in known:
        asked = {package_id, *(each for each in _of_request(_FOUND) if each not in known)}
        known |= {each: {} for each in asked} | summarized(asked)
    found = known[package_id]
    return found if found.get("items") else {}


def _of_request(name: str) -> dict[str, Any]:
    """What is kept under a name for the present request; nothing is outside of one."""
    try:
        if name not in toolkit.g:
            setattr(toolkit.g, name, {})
        return getattr(toolkit.g, name)
    except RuntimeError:
        return {}
