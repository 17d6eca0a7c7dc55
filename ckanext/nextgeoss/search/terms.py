"""What can be asked of every product of the catalogue besides its EO properties: one row each."""

from __future__ import annotations

from typing import Any

from ..eo.downloads import ACCESS
from ..eo.errors import BadValue
from ..eo.judged import BANDS, BEST, OPEN_ISSUES, WORST
from ..eo.properties import Properties
from ..eo.property import Property
from . import fields


def _term(name: str, label: str, kind: str, solr: str, choices: tuple[str, ...] = ()) -> Property:
    return Property(name=name, label=label, type=kind, stac=name, solr=solr, choices=choices)


def _said(name: str, label: str, kind: str, solr: str, stac: str = "", **more: Any) -> Property:
    """A row of what users and automatic checks say, which STAC calls by the prefix `guf`."""
    return Property(name=name, label=label, type=kind, stac=f"guf:{stac or name}", solr=solr, **more)


# what users and automatic checks say of a product, where the plugin of feedback is loaded
FEEDBACK = {
    row.name: row
    for row in (
        _said("rating", "Rating", "number", fields.RATING, minimum=WORST, maximum=BEST,
              help="Mean of the stars that users give, 1 to 5"),
        _said("rating_rank", "Rating, few ratings drawn to the mean", "number", fields.RATING_RANK, "rank",
              minimum=WORST, maximum=BEST, help="What the best rated are ordered by"),
        _said("reviews", "Ratings", "integer", fields.REVIEWS, minimum=0, help="How many users rated it"),
        _said("has_feedback", "Feedback", "boolean", fields.HAS_FEEDBACK,
              help="Whether users said something of it"),
        _said("latest_feedback", "Latest feedback", "time", fields.LATEST_FEEDBACK, "latest"),
        _said("open_issues", "Open issues", "text", fields.OPEN_ISSUES, choices=OPEN_ISSUES,
              help="How bad the worst issue is that users report and that is open"),
        _said("fit_for", "Fit for", "list", fields.FIT_FOR, spelling="small_letters",
              help="Fields of application that users found it fit for, and where no issue blocks its use"),
        _said("feedback_tag", "Tags of users", "list", fields.FEEDBACK_TAG, "tags"),
        _said("metadata_score", "Score of the metadata", "integer", fields.METADATA_SCORE, minimum=0,
              maximum=100, help="What automatic checks give its metadata, 0 to 100"),
        _said("metadata_band", "Quality of the metadata", "text", fields.METADATA_BAND, choices=BANDS,
              help="The band of the score of its metadata"),
    )
}  # fmt: skip
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
        *FEEDBACK.values(),
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
COUNTED = (
    "collection", "provider", "topic", "access", "open_issues", "fit_for", "feedback_tag", "metadata_band",
)  # fmt: skip
# an order, not a value
SCORE = "score"
# orders, too: what users found fit for a field of application, by its name behind this
FIT_FOR = "fit_for"


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


def fit_order_name(name: str, called: str = FIT_FOR) -> str:
    """The order (`fit_for.ice`) by what is fit for a field of application, of a name as an API has it, which
    calls the property so; "" for the name of anything else."""
    of, point, domain = name.partition(".")
    return f"{FIT_FOR}.{domain.strip().lower()}" if of == called and point and domain.strip() else ""


def fit_domain(name: str) -> str:
    """The field of application of an order; "" for any other order."""
    return fit_order_name(name).partition(".")[2]


def sortable(properties: Properties) -> tuple[str, ...]:
    """The names products can be sorted by: all that have one value, and the score of a search for words."""
    rows = [*TERMS.values(), *properties.values()]
    return (*(row.name for row in rows if row.type != "list"), *EITHER, SCORE)
