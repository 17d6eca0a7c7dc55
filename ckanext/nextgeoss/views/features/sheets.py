"""Documents of OGC API Features as pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ...eo.formats.features_api import API
from ...eo.formats.site import Site
from ...eo.held import Held
from ...search.own_terms import Names
from ..ogc import sheets
from ..ogc.answers import Row, Sheet
from ..ogc.sheets import area, crumbs, period, rest, self_of

# columns of a page of features besides the identifier
_SHOWN = ("start", "platform", "cloud_cover", "provider")


def collections(document: Mapping[str, Any], counts: Mapping[str, int], site: Site) -> Sheet:
    """All collections."""
    rows = [
        Row(
            address=self_of(each),
            values=(each["title"], each["id"], counts[each["id"]], period(each), area(each)),
            facts=rest(each, "id", "title"),
            links=each["links"],
        )
        for each in document["collections"]
    ]
    _ = toolkit._
    heads = (_("Collection"), _("Identifier"), _("Products"), _("Time"), _("Area"))
    return sheets.collections(document, rows, heads, API, site)


def collection(document: Mapping[str, Any], site: Site) -> Sheet:
    """One collection."""
    return Sheet(
        title=document["title"],
        description=document.get("description", ""),
        crumbs=crumbs(API, site),
        facts=rest(document, "title", "description"),
    )


def items(document: Mapping[str, Any], held: Held, site: Site, names: Names) -> Sheet:
    """A page of features."""
    features = document["features"]
    shown = [name for name in _SHOWN if any(name in each["properties"] for each in features)]
    rows = [
        Row(
            address=self_of(each),
            values=(each["id"], *(each["properties"].get(name) for name in shown)),
            facts=rest(each, "id"),
            links=each["links"],
        )
        for each in features
    ]
    return Sheet(
        title=toolkit._("Features"),
        crumbs=crumbs(API, site, held.collection.id, held.collection.title),
        heads=(toolkit._("Identifier"), *(names.rows[name].label for name in shown)),
        rows=rows,
        total=document.get("numberMatched"),
        total_label=toolkit._("features match"),
        facts=rest(document, "features", "numberMatched"),
    )


def item(document: Mapping[str, Any], site: Site) -> Sheet:
    """One feature."""
    properties = document["properties"]
    return Sheet(
        title=properties.get("title", document["id"]),
        crumbs=crumbs(API, site, properties["collection"]),
        facts={"id": document["id"]} | rest(properties, "title"),
        sections=[(toolkit._("Place"), rest(document, "id", "properties"))],
    )
