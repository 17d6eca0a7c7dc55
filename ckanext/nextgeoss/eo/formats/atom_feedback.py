"""Atom and RSS: what users and automatic checks say of a product or a collection, in its entry."""

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


def write_replies(entry: Entry, site: Site, page: str = "", *, name: str = "link") -> str:
    """Where users say what they think of it, for people and as a feed (RFC 4685): how many times, when last,
    and in brief what; nothing when nobody has said anything. Its `page` is that of a product unless it is
    given; `name` is that of a link where Atom is not the default namespace."""
    said = entry.feedback
    if not said.get("items"):
        return ""
    average = said.get("average")
    title = f"Feedback: {average:.1f} of {BEST} ({said['ratings']})" if average is not None else "Feedback"
    counted = attribute("thr:count", str(said["items"])) + attribute("thr:updated", said.get("latest", ""))
    shown = f"{page or site.dataset(entry.name)}#feedback"
    places = ((site.feedback(entry.name), ATOM_TYPE), (shown, "text/html"))
    return "".join([write_link("replies", href, kind, title, counted, name=name) for href, kind in places])


def write_feedback(entry: Entry) -> str:
    """The same in figures, and what automatic checks say of the metadata."""
    said = entry.feedback
    told = {name: str(said[key]) for key, name in _ATTRIBUTES.items() if key in said}
    if "average" in said:
        told |= {"best": str(BEST), "worst": str(WORST)}
    fit = "".join([element("guf:fitFor", domain) for domain in said.get("fit_for", ())])
    return holder("guf:feedback", fit, attributes(told)) if told else ""
