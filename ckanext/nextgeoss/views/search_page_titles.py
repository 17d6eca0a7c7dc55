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
    return {"res_format": _("Formats"), "tags": _("Tags"), "license_id": _("Licences")}.get(name, name)


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
