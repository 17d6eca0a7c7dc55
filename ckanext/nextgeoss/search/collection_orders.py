"""The orders in which collections are listed."""

from __future__ import annotations

from . import fields
from .query import fit_order

TITLE = "title"
# by name, and what Solr sorts by; those after the first are of what users say
ORDERS = {
    TITLE: "",
    "rating": f"{fields.RATING_RANK} desc",
    "reviews": f"{fields.REVIEWS} desc",
    "feedback": f"{fields.LATEST_FEEDBACK} desc",
}


def collection_order(sort: str, fit_first: str = "") -> str:
    """The order as Solr has it; with `fit_first` what is fit for that field of application comes first. What
    is the same in it is in the order of titles."""
    return ", ".join(filter(None, (fit_order(fit_first), ORDERS[sort], "title_string asc", "name asc")))
