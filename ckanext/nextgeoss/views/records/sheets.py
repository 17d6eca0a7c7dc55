"""Documents of OGC API Records as pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ...eo.formats.record_write import records_catalog
from ...eo.formats.site import Site
from ...eo.held import Held
from ..ogc.answers import Row, Sheet

_PAGE = "?f=html"
_NOT_FACTS = ("type", "title", "description", "links")


def landing(document: Mapping[str, Any]) -> Sheet:
    """The landing page."""
    return Sheet(title=document["title"], description=document["description"])


def conformance(document: Mapping[str, Any], site: Site) -> Sheet:
    """Conformance classes."""
    facts = {"conformsTo": document["conformsTo"]}
    return Sheet(title=toolkit._("Conformance"), crumbs=_crumbs(site)[:1], facts=facts)


def catalogs(documents: list[dict[str, Any]], counts: Mapping[str, int], site: Site) -> Sheet:
    """All catalogues."""
    rows = [
        Row(
            address=records_catalog(site, each["id"]) + _PAGE,
            values=(each["title"], each["id"], counts[each["id"]]),
        )
        for each in documents
    ]
    _ = toolkit._
    return Sheet(
        title=_("Collections"),
        crumbs=_crumbs(site)[:1],
        heads=(_("Collection"), _("Identifier"), _("Products")),
        rows=rows,
        total=len(rows),
        total_label=_("collections"),
    )


def catalog(document: Mapping[str, Any], site: Site) -> Sheet:
    """One catalogue."""
    return Sheet(
        title=document["title"],
        description=document.get("description", ""),
        crumbs=_crumbs(site),
        facts=_facts(document),
    )


def items(document: Mapping[str, Any], held: Held, site: Site) -> Sheet:
    """A page of records."""
    rows = [
        Row(address=each["links"][0]["href"] + _PAGE, values=(each["properties"]["title"], _when(each)))
        for each in document["features"]
    ]
    return Sheet(
        title=toolkit._("Records"),
        crumbs=_crumbs(site, held),
        heads=(toolkit._("Title"), toolkit._("Time")),
        rows=rows,
        total=document.get("numberMatched"),
        total_label=toolkit._("records match"),
        facts={name: document[name] for name in ("timeStamp", "numberReturned")},
    )


def item(document: Mapping[str, Any], held: Held, site: Site) -> Sheet:
    """One record."""
    facts = _facts(document)
    facts["properties"] = {name: value for name, value in facts["properties"].items() if name != "title"}
    return Sheet(title=document["properties"]["title"], crumbs=_crumbs(site, held), facts=facts)


def sortables(document: Mapping[str, Any], held: Held, site: Site) -> Sheet:
    """What records can be sorted by."""
    _ = toolkit._
    rows = [
        Row(address="", values=(name, row["title"], row["type"]))
        for name, row in document["properties"].items()
    ]
    heads = (_("Name"), _("Meaning"), _("Type"))
    return Sheet(title=_("Sortables"), crumbs=_crumbs(site, held), heads=heads, rows=rows)


def _facts(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _NOT_FACTS}


def _when(record: Mapping[str, Any]) -> str:
    time = record.get("time", {})
    return time.get("timestamp") or " – ".join(time.get("interval", ()))


def _crumbs(site: Site, held: Held | None = None) -> list[tuple[str, str]]:
    root = f"{site.base}/records"
    found = [
        (toolkit._("OGC API Records"), root + _PAGE),
        (toolkit._("Collections"), f"{root}/collections{_PAGE}"),
    ]
    if held:
        about = held.collection
        found.append((about.title or about.id, records_catalog(site, about.id) + _PAGE))
    return found
