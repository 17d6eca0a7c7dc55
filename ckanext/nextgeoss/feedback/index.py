"""The fields of search documents that tell what users say of a dataset."""

from __future__ import annotations

from typing import Any

from ..search import fields
from .summary import LEAST, Summary

# so many tags and domains of one dataset are found by; the others are rare there
MOST_VALUES = 50


def index_fields(summary: Summary, *, mean: float | None, weight: float) -> dict[str, Any]:
    """Fields of search/fields.py for a dataset with this summary; empty when nobody has said anything."""
    items = summary.count("items")
    if not items:
        return {}
    found: dict[str, Any] = {
        fields.HAS_FEEDBACK: True,
        fields.REVIEWS: summary.ratings,
        fields.OPEN_ISSUES: summary.worst_issue or "none",
        fields.FIT_FOR: list(summary.fit_for())[:MOST_VALUES],
        fields.FEEDBACK_TAG: list(summary.by("by_tag"))[:MOST_VALUES],
    }
    if summary.latest is not None:
        found[fields.LATEST_FEEDBACK] = f"{summary.latest.isoformat(timespec='milliseconds')}Z"
    average = summary.average
    if average is not None:
        found[fields.RATING] = round(average, 4)
        found[fields.RATING_BAND] = [str(stars) for stars in range(LEAST, int(average + 1e-9) + 1)]
        bayes = summary.bayes(average if mean is None else mean, weight)
        found[fields.RATING_RANK] = round(bayes or 0.0, 4)
    return {name: value for name, value in found.items() if value not in ([], "")}
