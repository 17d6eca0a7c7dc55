"""DCAT in RDF/XML as CSW gives it, a graph a record: reads. Whole catalogues in RDF are a protocol of their
own, with a reader of triples; these graphs are as GeoNetwork and pycsw write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ..asset import Asset
from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS, TemporalExtent
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_of
from .feed import Feed, check_named
from .gml import read_gml_text
from .identifiers import doi_in, licence_in
from .links import Link, assets_of
from .loose_json import text
from .loose_time import first_moment, read_extent
from .nested import add, each_at, first_text, read_properties, texts_at
from .noted import first_footprint
from .vocabulary import IGNORED, Vocabulary

_KINDS = ("Dataset", "DatasetSeries", "DataService")
_RECORD = re.compile(r".*/records/([^/#?]{1,200})/?")
_DATES = ("issued", "modified", "created")
# what a node is called
_LABELS = ("name", "prefLabel", "label", "title")
_PICTURES = ("thumbnail", "sample", "image")

VOCABULARY = Vocabulary(
    {
        "header/*": IGNORED,  # of OAI-PMH
        "uuid": "id",
        "title": "title",
        "description": "description",
        "abstract": "description",
        "keyword": "keywords",
        "theme": "keywords",
        "subject": "keywords",
        "publisher": "providers",
        "creator": "data_originator",
        "record/modified": "updated",
        "modified": "updated",
        "record/issued": IGNORED,  # the record's, not the data's
        "issued": "published",
        "created": "created",
        "type": "product_type",
        "license": "access_constraint",
        "rights": "access_constraint",
        "accessRights": "access_constraint",
        "provenance": "processing_lineage",
        "dataQuality": "processing_lineage",
        "hasVersion": IGNORED,
        "version": "product_version",
        "versionInfo": "product_version",
        "spatial": "geometry",
        "temporal/*": "time",
        "link/*": "assets",
        "landingPage": "assets",
        "identifier": IGNORED,
        "record/*": IGNORED,
        "contactPoint": IGNORED,
        "accrualPeriodicity": IGNORED,
        "language": IGNORED,
        "conformsTo": IGNORED,
        "isPartOf": "parent_identifier",
        "relation": IGNORED,
        "references": IGNORED,
        "source": IGNORED,
        "spatialResolution*": IGNORED,
        "inSeries": "parent_identifier",
        "granularity": IGNORED,
    }
)


class DcatRecord:
    """A graph about one dataset, series or service: a product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a graph in which one thing is described."""
        if not is_element(document) or local_name(document) != "RDF":
            return False
        return sum(1 for kind in _KINDS for _ in descendants(document, kind)) == 1

    def feed(self, document: Any, source: str) -> Feed:
        """The graph alone."""
        if not self.recognises(document):
            raise BadAnswer("no DCAT record", source)
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What is said of the thing, with the names of what it refers to, and of its record."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a graph, by the identifier of its record, else by that of the thing."""
        if not is_element(entry):
            raise BadRecord(f"not a DCAT record but {type(entry).__name__}", position)
        view = _view(entry)
        identifier = first_text(view, "uuid")
        check_named("record", identifier, collection, position)
        problems: list[Problem] = []
        found = read_properties(VOCABULARY, view, problems)
        told = {
            "doi": doi_in(texts_at(view, "identifier", "landingPage")),
            "license_id": licence_in(texts_at(view, "license", "rights", "accessRights", "link/license")),
        }
        return Product(
            id=identifier,
            collection=collection,
            title=text(first_text(view, "title")),
            footprint=_footprint(entry, problems),
            time=_time(view, problems),
            properties=found | {name: value for name, value in told.items() if value},
            assets=_assets(view, problems),
            problems=tuple(problems),
        )


DCAT_RECORD = DcatRecord()


def _view(graph: Element) -> dict[str, Any]:
    things = [thing for kind in _KINDS for thing in descendants(graph, kind)]
    if not things:
        return {}
    nodes = {address: node for node in graph.iter() if (address := _about(node)) and len(node)}
    view: dict[str, Any] = {}
    for child in things[0]:
        name = local_name(child)
        if name == "distribution":
            node = nodes.get(_reference(child)) if _reference(child) else next(iter(child), None)
            add(view, "link", _link(node, nodes) if node is not None else {})
        elif name in _PICTURES:
            add(view, "link", {"href": _reference(child) or text_of(child), "kind": "overview"})
        elif name == "temporal":
            add(view, name, _period(child))
        elif name in _DATES:
            add(view, name, first_moment(text_of(child)))
        else:
            add(view, name, _said(child, nodes))
    for record in descendants(graph, "CatalogRecord"):
        for child in record:
            if local_name(child) in (*_DATES, "identifier"):
                add(view.setdefault("record", {}), local_name(child), first_moment(text_of(child)))
        for node in descendants(record, "Description"):
            add(view, "link", {"href": _about(node), "kind": "metadata" if "xml" in text_of(node) else ""})
    view["uuid"] = _identifier(view, graph, things[0])
    return view


def _identifier(view: Mapping[str, Any], graph: Element, thing: Element) -> str:
    addresses = [_about(record) for record in descendants(graph, "CatalogRecord")]
    of_record = (found[1] for address in addresses if (found := _RECORD.fullmatch(address)))
    named = first_text(view, "record/identifier") or next(of_record, "")
    return named or first_text(view, "identifier") or _about(thing)


def _about(node: Element) -> str:
    return attributes_of(node).get("about", "") if is_element(node) else ""


def _reference(element: Element) -> str:
    return attributes_of(element).get("resource", "")


def _said(element: Element, nodes: Mapping[str, Element]) -> str:
    """The text of a property, or what the node is called that it refers to or has in it."""
    if address := _reference(element):
        return _label(nodes[address]) if address in nodes else address
    if not len(element):
        return " ".join(text_of(element).split())
    return next((said for node in element if (said := _label(node) or _about(node))), "")


def _label(node: Element) -> str:
    names = (text_of(child) for name in _LABELS for child in children(node, name))
    return next((name for name in names if name), "")


def _link(node: Element, nodes: Mapping[str, Element]) -> dict[str, str]:
    said = {local_name(child): _said(child, nodes) for child in node}
    href = said.get("downloadURL") or said.get("accessURL") or ""
    kinds = ("format", "mediaType", "accessService")
    kind = " ".join(said[name] for name in kinds if said.get(name))
    if said.get("downloadURL"):
        kind = f"download {kind}"
    link = {"href": href, "kind": kind, "title": said.get("title", ""), "license": said.get("license", "")}
    return {name: value for name, value in link.items() if value}


def _period(element: Element) -> dict[str, str]:
    names = {"startDate": "start", "hasBeginning": "start", "endDate": "end", "hasEnd": "end"}
    found = {names[name]: text_of(part) for name in names for part in descendants(element, name)}
    return {name: value for name, value in found.items() if value}


def _time(view: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    for period in each_at(view, "temporal"):
        start, end = first_text(period, "start"), first_text(period, "end")
        if found := read_extent(start, end, "temporal", problems):
            return found
    return ALWAYS


def _footprint(graph: Element, problems: list[Problem]) -> Footprint | None:
    places: list[tuple[str, Callable[[], Footprint | None]]] = [
        ("spatial", partial(_geometry, said))
        for spatial in descendants(graph, "spatial")
        for part in spatial.iter()
        if not len(part) and (said := text_of(part))
    ]
    return first_footprint(places, problems)


def _geometry(said: str) -> Footprint | None:
    """WKT, with the reference system before it or not, GeoJSON or GML; None for words."""
    said = re.sub(r"^<[^>]{1,200}>\s*(?=[A-Za-z])", "", said)
    if said.startswith("{"):
        return Footprint.from_geojson(said)
    if said.startswith("<"):
        return read_gml_text(said, "spatial")
    is_shape = re.match(r"(?:SRID=\d+;)?\s*(?:MULTI)?(?:POLYGON|POINT|LINESTRING)\b", said, re.I)
    return Footprint.from_wkt(said) if is_shape else None


def _assets(view: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    return assets_of(_links(view), problems)


def _links(view: Mapping[str, Any]) -> Iterator[Link]:
    for link in each_at(view, "link"):
        href, kind = first_text(link, "href"), first_text(link, "kind")
        yield Link(href=href, roles=(_role(kind, href),), title=first_text(link, "title"))
    for address in texts_at(view, "landingPage"):
        yield Link(href=address, roles=("related",))


def _role(kind: str, address: str) -> str:
    said = kind.lower()
    if kind in ("overview", "metadata"):
        return kind
    if any(word in said for word in ("wms", "wmts")):
        return "service"
    is_file = re.search(r"\.(zip|tiff?|nc|csv|gml|geojson|shp|gpkg|gz)$", address.partition("?")[0], re.I)
    words = ("download", "wfs", "wcs", "shapefile", "csv", "geotiff", "netcdf", "geopackage")
    return "data" if is_file or any(word in said for word in words) else "related"
