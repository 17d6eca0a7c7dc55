"""What the search form has: its orders, its facets, and older names of both."""

from __future__ import annotations

from collections.abc import Iterable

from ..eo.properties import Properties
from ..search import fields

ROWS = 20
# Solr reads and sorts all that lies before a page: nobody looks that far, robots do
LAST_RESULT = 10_000

# our names for orders, and Solr's; the last part makes pages stable
SORTS = {
    "newest": f"{fields.START} desc, name asc",
    "oldest": f"{fields.START} asc, name asc",
    "relevance": "score desc, metadata_modified desc, name asc",
    "cloud": "eo_cloud_cover asc, name asc",
    "title": "title_string asc, name asc",
    "modified": "metadata_modified desc, name asc",
    # of what users say: where the plugin of feedback is on
    "rating": f"{fields.RATING_RANK} desc, name asc",
    "reviews": f"{fields.REVIEWS} desc, name asc",
    "feedback": f"{fields.LATEST_FEEDBACK} desc, name asc",
    "metadata": f"{fields.METADATA_SCORE} desc, name asc",
}
# the same in a Query; the best match is what one with words has of itself
ORDERS: dict[str, tuple[tuple[str, str], ...]] = {
    "newest": (("start", "desc"),),
    "oldest": (("start", "asc"),),
    "relevance": (),
    "cloud": (("cloud_cover", "asc"),),
    "title": (("title", "asc"),),
    "modified": (("metadata_modified", "desc"),),
    "rating": (("rating_rank", "desc"),),
    "reviews": (("reviews", "desc"),),
    "feedback": (("latest_feedback", "desc"),),
    "metadata": (("metadata_score", "desc"),),
}
# orders in links to CKAN's own search page
OLD_SORTS = {
    "score desc, metadata_modified desc": "relevance",
    "title_string asc": "title",
    "metadata_modified desc": "modified",
}

# facets in the order of the page: parameter and Solr field; those of the other rows of the schema follow
FIRST_FACETS = {
    "collection": fields.COLLECTION,
    "platform": "eo_platform",
    "product_type": "eo_product_type",
    "processing_level": "eo_processing_level",
    "provider": fields.PROVIDER,
    "topic": fields.TOPIC,
    "access": fields.ACCESS,
}
CKAN_FACETS = {"res_format": "res_format", "tags": "tags", "license_id": "license_id"}
# of what users and automatic checks say; of the stars the least is chosen
FEEDBACK_FACETS = {
    "rating_min": fields.RATING_BAND,
    "fit_for": fields.FIT_FOR,
    "open_issues": fields.OPEN_ISSUES,
    "metadata_band": fields.METADATA_BAND,
}
_OPTIONAL = ("eo_", "guf_")
# facets in links to CKAN's own search page, and in older ones to ours
OLD_FACETS = {"organization": "provider", "groups": "topic", "rating": "rating_min"}


def known_sorts(known: Iterable[str]) -> tuple[str, ...]:
    """The orders a core can answer: those by time, cloud cover and rating need our fields."""
    known = set(known)
    ours = {name: {part.split()[0] for part in order.split(", ")} for name, order in SORTS.items()}
    return tuple(
        name for name, used in ours.items() if all(f in known for f in used if f.startswith(_OPTIONAL))
    )


def facet_fields(properties: Properties, known: Iterable[str]) -> dict[str, str]:
    """Parameter and Solr field of each facet; fields of ours that the core does not know are left out."""
    rows = {row.name: row.solr for row in properties.facets()}
    known = set(known)
    asked = FIRST_FACETS | FEEDBACK_FACETS | rows
    return {name: field for name, field in asked.items() if field in known} | CKAN_FACETS
