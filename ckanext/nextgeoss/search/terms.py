"""What can be asked of every product of the catalogue besides its EO properties: one row each."""

from __future__ import annotations

from ..eo.downloads import ACCESS
from ..eo.errors import BadValue
from ..eo.properties import Properties, Property
from . import fields

# how bad the worst issue is that users report and that is open
OPEN_ISSUES = ("none", "info", "minor", "major", "blocking")


def _term(name: str, label: str, kind: str, solr: str, choices: tuple[str, ...] = ()) -> Property:
    return Property(name=name, label=label, type=kind, stac=name, solr=solr, choices=choices)


TERMS = {
    row.name: row
    for row in (
        _term("id", "Identifier", "text", fields.IDENTIFIER),
        _term("collection", "Collection", "text", fields.COLLECTION),
        _term("title", "Title", "text", "title_string"),
        _term("start", "Start", "time", fields.START),
        _term("end", "End", "time", fields.END),
        _term("provider", "Provider", "text", fields.PROVIDER),
        _term("topic", "Topics", "list", fields.TOPIC),
        _term("access", "Access", "text", fields.ACCESS, ACCESS),
        # when the dataset was made and last changed here
        _term("metadata_created", "Added", "time", "metadata_created"),
        _term("metadata_modified", "Last changed here", "time", "metadata_modified"),
        # what users say of it, where the plugin of feedback is loaded
        _term("rating", "Rating", "number", fields.RATING),
        _term("rating_rank", "Rating, few ratings drawn to the mean", "number", fields.RATING_RANK),
        _term("reviews", "Ratings", "integer", fields.REVIEWS),
        _term("has_feedback", "Feedback", "boolean", fields.HAS_FEEDBACK),
        _term("latest_feedback", "Latest feedback", "time", fields.LATEST_FEEDBACK),
        _term("open_issues", "Open issues", "text", fields.OPEN_ISSUES, OPEN_ISSUES),
        _term("fit_for", "Fit for", "list", fields.FIT_FOR),
        _term("feedback_tag", "Tags of users", "list", fields.FEEDBACK_TAG),
    )
}
# when a product was made and changed: as its provider says, or else as its dataset does
MADE, CHANGED = "made", "changed"
EITHER = {
    MADE: (_term(MADE, "Created", "time", "eo_created"), TERMS["metadata_created"]),
    CHANGED: (_term(CHANGED, "Updated", "time", "eo_updated"), TERMS["metadata_modified"]),
}
# of a dataset, which no other has; what records of all collections are told apart by
UUID = _term("uuid", "Identifier", "text", "id")
COUNTED = ("collection", "provider", "topic", "access", "open_issues", "fit_for", "feedback_tag")
# an order, not a value
SCORE = "score"


def term(name: str, properties: Properties) -> Property:
    """The row of a term or property; BadValue when there is none of this name."""
    if name in TERMS:
        return TERMS[name]
    if name in EITHER:
        return EITHER[name][0]
    if name in properties:
        return properties[name]
    if name == UUID.name:
        return UUID
    raise BadValue(name, "property", "one of " + ", ".join((*TERMS, *properties)))


def counted(name: str, properties: Properties) -> Property:
    """The row whose values a facet counts; BadValue when there is none of this name."""
    if name in COUNTED:
        return TERMS[name]
    if name in properties:
        return properties[name]
    allowed = [*COUNTED, *(row.name for row in properties.facets())]
    raise BadValue(name, "facet", "one of " + ", ".join(allowed))


def sortable(properties: Properties) -> tuple[str, ...]:
    """The names products can be sorted by: all that have one value, and the score of a search for words."""
    rows = [*TERMS.values(), *properties.values()]
    return (*(row.name for row in rows if row.type != "list"), *EITHER, SCORE)
