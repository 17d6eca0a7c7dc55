"""What users and automatic checks say of a product or a collection, in its STAC item or collection: our own
extension, and its schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..judged import BANDS, BEST, OPEN_ISSUES, WORST
from ..page import Entry
from .loose_json import array, mapping
from .site import Site
from .stac_names import CITED_BY, is_doi

PREFIX = "guf:"
_PUBLICATIONS = "sci:publications"
_ATOM = "application/atom+xml"


def feedback_fields(said: Mapping[str, Any], own: object = None) -> dict[str, Any]:
    """The properties of an item, or members of a collection; `own` are the publications that its provider
    tells."""
    found = feedback_figures(said)
    if cited := _publications(said.get("publications", ()), own):
        found[_PUBLICATIONS] = cited
    return found


def feedback_figures(said: Mapping[str, Any]) -> dict[str, Any]:
    """What has names of our own."""
    found: dict[str, Any] = {}
    if "average" in said:
        found["guf:rating"] = {
            "average": said["average"],
            "count": said.get("ratings"),
            "best": BEST,
            "worst": WORST,
        }
    return found | {
        PREFIX + name: said[name]
        for name in ("latest", "open_issues", "fit_for", "metadata_score", "metadata_band")
        if name in said
    }


def feedback_links(entry: Entry | None, site: Site) -> list[dict[str, Any]]:
    """Where all of it is read, and how many items that are; nothing when nobody has said anything."""
    items = entry.feedback.get("items") if entry else None
    if entry is None or not items:
        return []
    href = site.feedback(entry.name)
    return [{"rel": "replies", "href": href, "type": _ATOM, "title": "Feedback of users", "guf:count": items}]


def _publications(texts: Any, own: object) -> list[dict[str, str]]:
    """Those of the provider, and then those of users that he does not tell."""
    told = [*array(own)]
    known = {str(mapping(each).get("doi", "")).lower() for each in told}
    users: list[dict[str, str]] = []
    for text in texts:
        doi, _, words = text.partition("\t")
        if doi.lower() in known and doi:
            continue
        cited = {"doi": doi} if is_doi(doi) else {}
        citation = words if cited else f"{doi} {words}".strip()
        if cited or citation:
            users.append({**cited, **({"citation": citation} if citation else {}), CITED_BY: "users"})
    return [*told, *users] if users else []


def feedback_schema(address: str) -> dict[str, Any]:
    """The JSON schema, at its `address`, of items and collections that follow our extension."""
    any_of_them = {"properties": _FIELDS, "anyOf": [{"required": [name]} for name in _FIELDS]}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": f"{address}#",
        "title": "Feedback of users, and quality of metadata",
        "description": "Sums of OGC Geospatial User Feedback, and the score of the metadata.",
        "type": "object",
        "required": ["stac_extensions", "type"],
        "oneOf": [
            {
                "required": ["properties"],
                "properties": {"type": {"const": "Feature"}, "properties": any_of_them},
            },
            {
                "properties": {"type": {"const": "Collection"}, **_FIELDS},
                "anyOf": any_of_them["anyOf"],
            },
        ],
        "properties": {
            "stac_extensions": {"type": "array", "contains": {"const": address}},
            "links": {"items": {"properties": {"guf:count": {"type": "integer", "minimum": 1}}}},
        },
    }


_FIELDS: dict[str, Any] = {
    "guf:rating": {
        "title": "Ratings: their mean, how many there are, the best and the worst that can be given",
        "type": "object",
        "required": ["average", "count", "best", "worst"],
        "properties": {
            "average": {"type": "number", "minimum": WORST, "maximum": BEST},
            "count": {"type": "integer", "minimum": 1},
            "best": {"const": BEST},
            "worst": {"const": WORST},
        },
    },
    "guf:latest": {"title": "When the latest came", "type": "string", "format": "date-time"},
    "guf:open_issues": {"title": "How bad the worst open issue is", "enum": list(OPEN_ISSUES)},
    "guf:fit_for": {
        "title": "Fields of application that users found it fit for",
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "string", "minLength": 1},
    },
    "guf:metadata_score": {
        "title": "Score of the metadata by automatic checks",
        "type": "integer",
        "minimum": 0,
        "maximum": 100,
    },
    "guf:metadata_band": {"title": "The band of this score", "enum": list(BANDS)},
}
