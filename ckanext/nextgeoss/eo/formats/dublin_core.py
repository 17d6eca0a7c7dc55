"""Dublin Core metadata: records of CSW (csw:Record, SummaryRecord, BriefRecord) and of OAI-PMH (oai_dc:dc),
with DCMI terms and the boxes of OWS; reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ..asset import Asset
from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product, Value
from ..temporal import ALWAYS, TemporalExtent
from ..xml import Element, attributes_of, descendants, is_element, local_name, text_at, text_of
from .dublin_core_names import VOCABULARY
from .feed import Feed, check_named
from .gml import LAT_LON, LON_LAT
from .identifiers import doi_in, licence_in
from .links import Link, assets_of
from .loose_json import text
from .loose_time import first_moment
from .nested import add, first_text, read_properties, said_by, texts_at
from .noted import first_footprint
from .places import words_footprint, words_time
from .satellite import complete_satellite

_ROOTS = ("Record", "SummaryRecord", "BriefRecord", "dc", "simpledc", "qualifieddc")
_WEB = re.compile(r"(?:https?|ftp|s3)://", re.I)
_DATES = ("date", "modified", "created", "issued", "available", "dateSubmitted")
_FILES = ("download", "enclosure", "wfs", "wcs", "opendap", "ftp", "data")
_PICTURES = ("thumbnail", "image", "browse")
_FILE = re.compile(r"\.(zip|tiff?|nc|hdf5?|h5|jp2|csv|gml|geojson|tgz|gz|tar)$", re.I)


class DublinCore:
    """One record; it is a product, whatever it is a record of."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a record, in any namespace."""
        return is_element(document) and local_name(document) in _ROOTS

    def feed(self, document: Any, source: str) -> Feed:
        """The record alone."""
        if not self.recognises(document):
            raise BadAnswer("no Dublin Core record", source)
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What a record says, by the names of its elements; links with the attributes that tell what they are
        for."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product that a record describes; one of several identifiers that is no address is preferred."""
        if not is_element(entry):
            raise BadRecord(f"not a Dublin Core record but {type(entry).__name__}", position)
        view = _view(entry)
        identifiers = list(texts_at(view, "identifier"))
        plain = (said for said in identifiers if not _WEB.match(said))
        identifier = next(plain, identifiers[0] if identifiers else "")
        check_named("record", identifier, collection, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=collection,
            title=text(first_text(view, "title")),
            footprint=_footprint(entry, view, problems),
            time=_time(view, problems),
            properties=_properties(view, identifier, identifiers, problems),
            assets=_assets(view, problems),
            problems=tuple(problems),
        )


DUBLIN_CORE = DublinCore()


def _view(record: Element) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for child in record:
        name, about = local_name(child), attributes_of(child)
        if name in ("BoundingBox", "WGS84BoundingBox"):
            add(view, name, said_by(child))
        elif name in ("references", "URI", "relation", "source", "hasFormat") and _WEB.match(text_of(child)):
            kinds = (about.get(kind, "") for kind in ("scheme", "protocol", "name", "description"))
            link = {"href": text_of(child), "kind": " ".join(filter(None, kinds))}
            add(view, "link", {key: value for key, value in link.items() if value})
        elif name in _DATES and "/" not in text_of(child):
            add(view, name, first_moment(text_of(child)))
        else:
            add(view, name, said_by(child) or about.get("resource", ""))
    return view


def _properties(
    view: Mapping[str, Any], identifier: str, identifiers: list[str], problems: list[Problem]
) -> dict[str, Value]:
    found = read_properties(VOCABULARY, view, problems)
    told = {
        "doi": doi_in([*identifiers, *texts_at(view, "bibliographicCitation", "relation")]),
        "license_id": licence_in(texts_at(view, "license", "rights", "accessRights")),
    }
    complete_satellite(found, identifier)
    return found | {name: value for name, value in told.items() if value}


def _time(view: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    for name in ("temporal", "coverage", "date"):
        for said in texts_at(view, name):
            if found := words_time(said, name, problems):
                return found
    return ALWAYS


def _footprint(record: Element, view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    places: list[tuple[str, Callable[[], Footprint | None]]] = [
        (local_name(box), partial(_box, box))
        for name in ("WGS84BoundingBox", "BoundingBox")
        for box in descendants(record, name)
    ]
    places += [
        (name, partial(words_footprint, said))
        for name in ("spatial", "coverage")
        for said in texts_at(view, name)
    ]
    return first_footprint(places, problems)


def _box(box: Element) -> Footprint | None:
    """The area of a box of OWS Common, whose reference system says which axis is the first."""
    corners = [text_at(box, name) for name in ("LowerCorner", "UpperCorner")]
    system = attributes_of(box).get("crs", "")
    is_latitude_first = local_name(box) == "BoundingBox" and "4326" in system
    if ":::WGS" in system:  # of an older GeoNetwork, which gives the eastern end first
        corners = _turned(corners)
    return Footprint.from_gml("envelope", " ".join(corners), axis=LAT_LON if is_latitude_first else LON_LAT)


def _turned(corners: list[str]) -> list[str]:
    try:
        (west, south), (east, north) = ([float(number) for number in corner.split()] for corner in corners)
    except ValueError as error:
        raise BadValue(corners, "BoundingBox", "two corners of two numbers") from error
    west, east = min(west, east), max(west, east)
    return [f"{west} {south}", f"{east} {north}"]


def _assets(view: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = [
        Link(
            href=first_text(link, "href"), roles=(_role(first_text(link, "kind"), first_text(link, "href")),)
        )
        for link in _links(view)
    ]
    links += [
        Link(href=said, roles=("related",)) for said in texts_at(view, "identifier") if _WEB.match(said)
    ]
    return assets_of(links, problems)


def _links(view: Mapping[str, Any]) -> Iterator[Any]:
    links = view.get("link")
    yield from links if isinstance(links, list) else [links] if links else []


def _role(kind: str, address: str) -> str:
    said = kind.lower()
    if any(word in said for word in _PICTURES):
        return "thumbnail" if "thumbnail" in said else "overview"
    if "metadata" in said or ":csw" in said:
        return "metadata"
    if any(word in said for word in ("wms", "wmts")):
        return "service"
    is_file = any(word in said for word in _FILES) or _FILE.search(address.partition("?")[0])
    return "data" if is_file else "related"
