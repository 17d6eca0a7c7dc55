"""Documents of OGC API Features as pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ...eo.formats.features_write import features_collection
from ...eo.formats.site import Site, quoted
from ...eo.held import Held
from ...eo.properties import Properties
from ...search.terms import TERMS
from ..ogc.answers import Row
from ..ogc.answers import Sheet as Sheet

# columns of a page of features besides the identifier
_SHOWN = ("start", "platform", "cloud_cover", "provider")
_PAGE = "?f=html"


def landing(document: Mapping[str, Any]) -> Sheet:
    """The landing page."""
    return Sheet(title=document["title"], description=document["description"])


def conformance(document: Mapping[str, Any], site: Site) -> Sheet:
    """Conformance classes."""
    return Sheet(
        title=toolkit._("Conformance"),
        crumbs=_crumbs(site.base)[:1],
        facts={"conformsTo": document["conformsTo"]},
    )


def collections(documents: list[dict[str, Any]], counts: Mapping[str, int], site: Site) -> Sheet:
    """All collections."""
    rows = [
        Row(
            address=features_collection(site, each["id"]) + _PAGE,
            values=(each["title"], each["id"], counts[each["id"]], _time(each), _box(each)),
        )
        for each in documents
    ]
    _ = toolkit._
    return Sheet(
        title=_("Collections"),
        crumbs=_crumbs(site.base)[:1],
        heads=(_("Collection"), _("Identifier"), _("Products"), _("Time"), _("Area")),
        rows=rows,
        total=len(rows),
        total_label=_("collections"),
    )


def collection(document: Mapping[str, Any], site: Site) -> Sheet:
    """One collection."""
    facts = {name: document[name] for name in ("id", "itemType", "extent", "crs", "storageCrs")}
    return Sheet(
        title=document["title"],
        description=document.get("description", ""),
        crumbs=_crumbs(site.base),
        facts=facts,
    )


def items(document: Mapping[str, Any], held: Held, site: Site, properties: Properties) -> Sheet:
    """A page of features."""
    features = document["features"]
    shown = [name for name in _SHOWN if any(name in each["properties"] for each in features)]
    labels = [(TERMS.get(name) or properties[name]).label for name in shown]
    rows = [
        Row(
            address=_self(each) + _PAGE,
            values=(each["id"], *(each["properties"].get(name) for name in shown)),
        )
        for each in features
    ]
    return Sheet(
        title=toolkit._("Features"),
        crumbs=_crumbs(site.base, held),
        heads=(toolkit._("Identifier"), *labels),
        rows=rows,
        total=document.get("numberMatched"),
        total_label=toolkit._("features match"),
        facts={name: document[name] for name in ("timeStamp", "numberReturned")},
    )


def item(document: Mapping[str, Any], site: Site) -> Sheet:
    """One feature."""
    facts = {name: value for name, value in document["properties"].items() if name != "title"}
    place = {name: document[name] for name in ("bbox", "geometry") if document.get(name)}
    name = document["properties"]["collection"]
    crumbs = [*_crumbs(site.base), (name, features_collection(site, name) + _PAGE)]
    title = document["properties"].get("title", document["id"])
    return Sheet(title=title, crumbs=crumbs, facts={"id": document["id"]} | facts | place)


def names(document: Mapping[str, Any], held: Held, site: Site, kind: str) -> Sheet:
    """Queryables or sortables."""
    _ = toolkit._
    rows = [
        Row(address="", values=(name, row["title"], row.get("type", "geometry"), _values(row)))
        for name, row in document["properties"].items()
    ]
    return Sheet(
        title=_("Queryables") if kind == "queryables" else _("Sortables"),
        crumbs=_crumbs(site.base, held),
        heads=(_("Name"), _("Meaning"), _("Type"), _("Values")),
        rows=rows,
    )


def _crumbs(base: str, held: Held | None = None) -> list[tuple[str, str]]:
    root = f"{base}/features"
    found = [
        (toolkit._("OGC API Features"), root + _PAGE),
        (toolkit._("Collections"), f"{root}/collections{_PAGE}"),
    ]
    if held:
        about = held.collection
        found.append((about.title or about.id, f"{root}/collections/{quoted(about.id)}{_PAGE}"))
    return found


def _self(feature: Mapping[str, Any]) -> str:
    return next(each["href"] for each in feature["links"] if each["rel"] == "self")


def _values(row: Mapping[str, Any]) -> str:
    about = row.get("items", row)
    if choices := about.get("enum"):
        return ", ".join(choices)
    ends = [about.get(end) for end in ("minimum", "maximum")]
    return "" if ends == [None, None] else f"{ends[0]} – {ends[1]}"


def _time(document: Mapping[str, Any]) -> str:
    intervals = document["extent"].get("temporal", {}).get("interval", ())
    return " – ".join((end or "..")[:10] for end in intervals[0]) if intervals else ""


def _box(document: Mapping[str, Any]) -> str:
    boxes = document["extent"].get("spatial", {}).get("bbox", ())
    return ", ".join(f"{number:g}" for number in boxes[0]) if boxes else ""
