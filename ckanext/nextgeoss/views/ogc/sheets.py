"""Documents as pages for people, as far as our OGC APIs have them alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ckan.plugins import toolkit

from ...eo.formats.ogc_api import OgcApi
from ...eo.formats.site import Site, quoted
from .answers import Row, Sheet

PAGE = "?f=html"
Crumb = tuple[str, str]


def landing(document: Mapping[str, Any]) -> Sheet:
    """The landing page."""
    return Sheet(title=document["title"], description=document["description"])


def conformance(document: Mapping[str, Any], api: OgcApi, site: Site) -> Sheet:
    """Conformance classes."""
    return Sheet(
        title=toolkit._("Conformance"),
        crumbs=crumbs(api, site)[:1],
        facts={"conformsTo": document["conformsTo"]},
    )


def collections(
    document: Mapping[str, Any], rows: list[Row], heads: tuple[str, ...], api: OgcApi, site: Site
) -> Sheet:
    """All collections of an API, one a row."""
    _ = toolkit._
    return Sheet(
        title=_every(api),
        crumbs=crumbs(api, site)[:1],
        heads=heads,
        rows=rows,
        total=document.get("numberMatched", len(rows)),
        total_label=_("catalogues") if api.of_catalogs else _("collections"),
        facts=rest(document, "collections"),
    )


def names(document: Mapping[str, Any], above: list[Crumb], kind: str) -> Sheet:
    """Queryables or sortables."""
    _ = toolkit._
    rows = [
        Row(address="", values=(name, row["title"], _kind(row), _values(row), row.get("description")))
        for name, row in document["properties"].items()
    ]
    return Sheet(
        title=_("Queryables") if kind == "queryables" else _("Sortables"),
        crumbs=above,
        heads=(_("Name"), _("Meaning"), _("Type"), _("Values"), _("Description")),
        rows=rows,
        facts=rest(document, "properties"),
    )


def crumbs(api: OgcApi, site: Site, name: str = "", title: str = "") -> list[Crumb]:
    """What is above a document: the landing page, the collections, and the collection of a name if given."""
    root = f"{site.base}{api.root}"
    found = [(toolkit._(api.name), root + PAGE), (_every(api), f"{root}/collections{PAGE}")]
    return [*found, (title or name, f"{root}/collections/{quoted(name)}{PAGE}")] if name else found


def rest(document: Mapping[str, Any], *shown: str) -> dict[str, Any]:
    """The members of a document but its links and those that are shown elsewhere."""
    without: Collection[str] = ("links", *shown)
    return {name: value for name, value in document.items() if name not in without}


def self_of(document: Mapping[str, Any]) -> str:
    """The address of a document's own page."""
    return next(each["href"] for each in document["links"] if each["rel"] == "self").partition("?")[0] + PAGE


def period(document: Mapping[str, Any]) -> str:
    """The days from which to which the things of a collection are."""
    intervals = document.get("extent", {}).get("temporal", {}).get("interval", ())
    return " – ".join((end or "..")[:10] for end in intervals[0]) if intervals else ""


def area(document: Mapping[str, Any]) -> str:
    """The box that the things of a collection are in."""
    boxes = document.get("extent", {}).get("spatial", {}).get("bbox", ())
    return ", ".join(f"{number:g}" for number in boxes[0]) if boxes else ""


def _every(api: OgcApi) -> str:
    return toolkit._("Catalogues") if api.of_catalogs else toolkit._("Collections")


def _kind(row: Mapping[str, Any]) -> str:
    parts = (row.get("type"), row.get("items", {}).get("type"), row.get("format"), row.get("x-ogc-role"))
    return ", ".join(part for part in parts if part)


def _values(row: Mapping[str, Any]) -> str:
    about = row.get("items", row)
    if choices := about.get("enum"):
        return ", ".join(choices)
    ends = [about.get(end) for end in ("minimum", "maximum")]
    return "" if ends == [None, None] else f"{ends[0]} – {ends[1]}"
