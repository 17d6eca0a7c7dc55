"""The fields of search documents that tell what users and automatic checks say of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..search import fields
from .quality.score import band_of
from .summary import LEAST, Summary

# so many tags and domains of one dataset are found by; the others are rare there
MOST_VALUES = 50
# of the publications of a dataset, those that outputs tell of
MOST_PUBLICATIONS = 20


def index_fields(
    summary: Summary,
    *,
    mean: float | None,
    weight: float,
    score: int | None = None,
    publications: Iterable[str] = (),
) -> dict[str, Any]:
    """Fields of search/fields.py for a dataset with this summary, this `score` of its metadata and these
    publications (as `publication_text` writes them); empty when nobody has said anything."""
    found = _of_users(summary, mean, weight) if summary.count("items") else {}
    if found and (named := list(dict.fromkeys(publications))):
        found[fields.PUBLICATIONS] = named[:MOST_PUBLICATIONS]
    if score is not None:
        found |= {fields.METADATA_SCORE: score, fields.METADATA_BAND: band_of(score)}
    return found


def _of_users(summary: Summary, mean: float | None, weight: float) -> dict[str, Any]:
    found: dict[str, Any] = {
        fields.HAS_FEEDBACK: True,
        fields.FEEDBACK_ITEMS: summary.count("items"),
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
        found[fields.RATING_RANK] = round(summary.bayes(mean, weight) or 0.0, 4)
    return {name: value for name, value in found.items() if value not in ([], "")}


def publication_text(cited: Mapping[str, Any]) -> str:
    """The citation of a part as the index has it: its DOI if it has one, a tab, and what it is."""
    codes = (known.get("code") or "" for known in cited.get("identifier") or ())
    doi = next((code for code in codes if code.startswith("10.")), "")
    addresses = (online.get("linkage") or "" for online in cited.get("online_resource") or ())
    words = (cited.get("title") or "", cited.get("edition") or "", "" if doi else next(addresses, ""))
    told = ", ".join(" ".join(word.split()) for word in words if word.strip())
    return f"{doi}\t{told}"[: fields.MAX_TEXT]
