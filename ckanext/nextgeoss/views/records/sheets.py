"""Documents of OGC API Records as pages for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ckan.plugins import toolkit

from ...eo.formats.record_write import COLLECTIONS, records_catalog
from ...eo.formats.records_api import API
from ...eo.formats.site import Site
from ...eo.held import Held
from ...search.own_terms import Names
from ..ogc import sheets
from ..ogc.answers import Facet, Row, Search, Sheet
from ..ogc.negotiation import PARAMETER
from ..ogc.sheets import Crumb, crumbs, period, rest, self_of
from ..stac.answers import with_parameters

_PLACED, _ABOUT = ("bbox", "geometry"), ("type", "conformsTo")
# of records of products, besides title and time, where some of the page has them
_SHOWN = ("platform", "processing_level", "cloud_cover")


def above(site: Site, held: Held) -> list[Crumb]:
    """What is above a document of a catalogue."""
    return crumbs(API, site, held.collection.id, held.collection.title)


def catalogs(document: Mapping[str, Any], counts: Mapping[str, int], site: Site) -> Sheet:
    """All catalogues."""
    rows = [
        Row(
            address=self_of(each),
            values=(each["title"], each["id"], counts[each["id"]], period(each)),
            facts=rest(each, "id", "title"),
            links=each["links"],
        )
        for each in document["collections"]
    ]
    _ = toolkit._
    heads = (_("Catalogue"), _("Identifier"), _("Records"), _("Time"))
    return sheets.collections(document, rows, heads, API, site)


def catalog(document: Mapping[str, Any], site: Site) -> Sheet:
    """One catalogue."""
    return Sheet(
        title=document["title"],
        description=document.get("description", ""),
        crumbs=crumbs(API, site),
        facts=rest(document, "title", "description"),
    )


def items(
    document: Mapping[str, Any], held: Held, site: Site, asked: Mapping[str, str], known: Names
) -> Sheet:
    """A page of records."""
    _, records = toolkit._, document["features"]
    every = held.collection.id == COLLECTIONS
    names = ("products",) if every else _SHOWN
    shown = [name for name in names if any(name in each["properties"] for each in records)]
    labels = {
        "products": _("Products"),
        "platform": _("Platform"),
        "processing_level": _("Processing level"),
        "cloud_cover": _("Cloud cover (%)"),
    }
    rows = [
        Row(
            address=self_of(each),
            values=(
                each["properties"]["title"],
                _when(each, days=every),
                *(each["properties"].get(name) for name in shown),
            ),
            facts=rest(each),
            links=each["links"],
        )
        for each in records
    ]
    return Sheet(
        title=_("{catalogue}: records").format(catalogue=held.collection.title or held.collection.id),
        crumbs=above(site, held),
        heads=(_("Title"), _("Time"), *(labels[name] for name in shown)),
        rows=rows,
        total=document.get("numberMatched"),
        total_label=_("records match"),
        search=_search(records_catalog(site, held.collection.id), asked),
        facets=list(_facets(document, records_catalog(site, held.collection.id), asked, known)),
        facts=rest(document, "features", "numberMatched", "facets"),
    )


def item(document: Mapping[str, Any], held: Held, site: Site) -> Sheet:
    """One record: what is said of the thing first, then the rest of the record."""
    _, properties = toolkit._, document["properties"]
    return Sheet(
        title=properties["title"],
        description=properties.get("description", ""),
        crumbs=above(site, held),
        facts=rest(document, *_PLACED, *_ABOUT, "properties") | rest(properties, "title", "description"),
        sections=[
            (_("Place"), {name: document[name] for name in _PLACED if name in document}),
            (_("Record"), {name: document[name] for name in _ABOUT}),
        ],
    )


def _search(catalog: str, asked: Mapping[str, str]) -> Search:
    address = f"{catalog}/items"
    kept = {name: value for name, value in asked.items() if name not in ("q", "token", "offset")}
    kept[PARAMETER] = "html"
    words = {"q": asked["q"]} if asked.get("q") else {}
    facets = "" if "facets" in asked else with_parameters(address, {**kept, **words, "facets": "true"})
    return Search(address=address, kept=kept, words=asked.get("q", ""), facets=facets)


def _facets(
    document: Mapping[str, Any], catalog: str, asked: Mapping[str, str], known: Names
) -> Iterator[Facet]:
    """The counts, with links to what has each value; a value that holds a comma cannot be asked so."""
    kept = {name: value for name, value in asked.items() if name not in ("token", "offset")}
    for name, facet in document.get("facets", {}).items():
        counts = [
            (
                each["value"],
                each["count"],
                with_parameters(f"{catalog}/items", {**kept, name: each["value"], PARAMETER: "html"}),
            )
            for each in facet["buckets"]
        ]
        if counts:
            yield Facet(label=f"{known.rows[name].label} ({name})", counts=counts)


def _when(record: Mapping[str, Any], *, days: bool) -> str:
    time = record.get("time", {})
    ends = [end[:10] if days else end for end in time.get("interval", ())]
    return str(time.get("timestamp", "")) or " – ".join(ends)
