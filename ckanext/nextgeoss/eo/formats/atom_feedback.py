"""Atom: what users and automatic checks say of a product, in its entry."""

from __future__ import annotations

from ..judged import BEST, WORST
from ..page import Entry
from ..xml_text import attribute, attributes, element, holder
from .atom_feed import ATOM_TYPE, write_link
from .site import Site

# attributes of the element by the names of Entry.feedback
_ATTRIBUTES = {
    "average": "average",
    "ratings": "ratings",
    "items": "items",
    "open_issues": "openIssues",
    "metadata_score": "metadataScore",
    "metadata_band": "metadataBand",
}


def write_replies(entry: Entry, site: Site) -> str:
    """Where users say what they think of it, for people and as a feed (RFC 4685): how many times, when last,
    and in brief what; nothing when nobody has said anything."""
    said = entry.feedback
    if not said.get("items"):
        return ""
    average = said.get("average")
    title = f"Feedback: {average:.1f} of {BEST} ({said['ratings']})" if average is not None else "Feedback"
    counted = attribute("thr:count", str(said["items"])) + attribute("thr:updated", said.get("latest", ""))
    page = f"{site.dataset(entry.name)}#feedback"
    return write_link("replies", site.feedback(entry.name), ATOM_TYPE, title, counted) + write_link(
        "replies", page, "text/html", title, counted
    )


def write_feedback(entry: Entry) -> str:
    """The same in figures, and what automatic checks say of the metadata."""
    said = entry.feedback
    told = {name: str(said[key]) for key, name in _ATTRIBUTES.items() if key in said}
    if "average" in said:
        told |= {"best": str(BEST), "worst": str(WORST)}
    fit = "".join([element("guf:fitFor", domain) for domain in said.get("fit_for", ())])
    return holder("guf:feedback", fit, attributes(told)) if told else ""
