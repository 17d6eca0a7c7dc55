"""What people call the parts of a search."""

from __future__ import annotations

from ckan.plugins import toolkit

from ..eo.properties import Properties


def facet_title(name: str, properties: Properties) -> str:
    """The title of a parameter: the label of its property, with its end of a range."""
    _ = toolkit._
    if name in properties:
        return _(properties[name].label)
    base, _under, end = name.rpartition("_")
    if base in properties and end in ("min", "max"):
        text = _("{name} at least") if end == "min" else _("{name} at most")
        return text.format(name=_(properties[base].label))
    others = {
        "res_format": _("Formats"), "tags": _("Tags"), "license_id": _("Licences"), "rating": _("Rating"),
        "rating_min": _("Rating"), "fit_for": _("Found fit for"), "open_issues": _("Open issues"),
        "metadata_band": _("Quality of the metadata"), "fit_first": _("First, what is fit for"),
    }  # fmt: skip
    return others.get(name, name)


def feedback_values(name: str) -> dict[str, str]:
    """What the values of a facet of feedback are called, in the order to show; empty for facets that are
    called as they are."""
    _ = toolkit._
    if name == "rating_min":
        some = {
            str(stars): toolkit.ungettext("{number} star and more", "{number} stars and more", stars).format(
                number=stars
            )
            for stars in range(4, 0, -1)
        }
        return {"5": _("5 stars")} | some
    if name == "open_issues":
        return {
            "none": _("None"), "info": _("Notes only"), "minor": _("Minor at worst"),
            "major": _("Major at worst"), "blocking": _("Blocking"),
        }  # fmt: skip
    if name == "metadata_band":
        return {
            "excellent": _("Excellent"), "good": _("Good"), "sufficient": _("Sufficient"), "poor": _("Poor"),
        }  # fmt: skip
    return {}


def part_title(name: str, properties: Properties) -> str:
    """The title of a part of a query that an API cannot say."""
    _ = toolkit._
    others = {
        "id": _("Identifiers"),
        "any_words": _("Words"),
        "collection": _("Collections"),
        "time_relation": _("Relation of time"),
        "latest": _("Latest editions only"),
        "metadata_modified": _("Last changed here"),
        "sort": _("Order"),
    }
    return part_labels().get(name) or others.get(name) or facet_title(name, properties)


def part_labels() -> dict[str, str]:
    """The titles of the parts that are no properties, by their parameters."""
    _ = toolkit._
    return {
        "q": _("Words"),
        "ext_bbox": _("Area"),
        "bbox": _("Area"),
        "geometry": _("Area"),
        "relation": _("Relation"),
        "start": _("From"),
        "end": _("Until"),
    }
