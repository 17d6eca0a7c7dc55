"""Atom: entries of OpenSearch answers (OGC 10-032, 13-026) with EOP O&M, GeoRSS and Dublin Core; reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..page import Page
from ..product import Problem, Product, Value
from ..temporal import ALWAYS, TemporalExtent
from ..xml import (
    Element,
    attributes_of,
    children,
    descendants,
    is_element,
    local_name,
    parse_xml_loosely,
    text_at,
    text_of,
)
from . import eop, feed
from .atom_identity import read_collection, read_identifier
from .atom_links import read_assets
from .atom_names import OWN, VOCABULARY
from .feed import Feed, check_named
from .gml import georss_kinds, read_georss_kind
from .loose_json import mapping, text, whole_number
from .loose_time import read_extent, read_interval
from .noted import first_footprint
from .satellite import complete_satellite

# elements with more below them than this are data, not attributes
_MANY = 40
_PAIRS = (("start", "end"), ("sensingStartDate", "sensingStopDate"))
# what an entry of CMR has of a collection; a granule has the last alone
_OF_COLLECTIONS = {"shortName", "versionId", "datasetId"}


class Atom:
    """Entries, alone or in a feed, in any namespace."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a feed, or an entry."""
        return is_element(document) and local_name(document) in ("feed", "entry")

    def feed(self, document: Any, source: str) -> Feed:
        """The entries, with the total of OpenSearch and the next link."""
        if not self.recognises(document):
            raise BadAnswer("neither an Atom feed nor an entry", source)
        if local_name(document) == "entry":
            if _says_series(document):
                raise BadAnswer("the description of a collection, not products", source)
            return Feed((document,))
        entries = tuple(children(document, "entry"))
        if entries and all(_is_series(entry) for entry in entries):
            raise BadAnswer(f"a list of {len(entries)} collections, not products", source)
        _drop_times_of_the_answer(document, entries)
        following = (about for about in _links(document) if about.get("rel") == "next")
        total = whole_number(text_at(document, "totalResults"))
        return Feed(entries, total, next((about.get("href", "") for about in following), ""))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What an entry says, by local names; links are lists of their attributes, long data are left out."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry; what EOP says of times and properties is preferred."""
        if not is_element(entry):
            raise BadRecord(f"not an Atom entry but {type(entry).__name__}", position)
        said, exact = _view(entry), _is_exact(entry)
        problems: list[Problem] = []
        identifier = read_identifier(said, exact)
        series = read_collection(said, "" if exact else identifier) or collection
        check_named("entry", identifier, series, position)
        return Product(
            id=identifier,
            collection=series,
            title=text(said.get("title")),
            footprint=_footprint(entry, problems),
            time=_time(entry, said, problems),
            properties=_properties(entry, said, identifier, problems),
            assets=read_assets(entry, exact, problems),
            problems=tuple(problems),
        )


ATOM = Atom()


def read_page(data: bytes) -> Page:
    """The page of a feed, or of a single entry; `next` is the address of its next link."""
    document, _ = parse_xml_loosely(data)
    return feed.read_page(ATOM, document)


# --- what an entry says


def _view(entry: Element) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for child in entry:
        name = local_name(child)
        if name == "EarthObservation":
            said.setdefault(name, eop.view(child))
        elif name == "link":
            said.setdefault(name, []).append(attributes_of(child))
        elif len(child):
            if sum(1 for _ in child.iter()) <= _MANY:
                said.setdefault(name, _nested(child))
        elif value := text_of(child) or attributes_of(child):
            said.setdefault(name, value)
    return said


def _nested(element: Element) -> Any:
    """The texts below an element by local name, those of one name as a list; attributes where no text is."""
    said: dict[str, Any] = {**attributes_of(element)}
    for child in element:
        value: Any = _nested(child) if len(child) else text_of(child) or attributes_of(child)
        name = local_name(child)
        known = said.get(name)
        if known is None:
            said[name] = value
        elif value and value != known:
            said[name] = [*known, value] if isinstance(known, list) else [known, value]
    return said


def _links(element: Element) -> Iterator[dict[str, str]]:
    return (attributes_of(link) for link in children(element, "link"))


def _is_exact(entry: Element) -> bool:
    """Whether this module's writer made the entry: nothing in it is to be guessed or mended."""
    return entry.get(f"{OWN}exact") == "true"


def _is_series(entry: Element) -> bool:
    """Whether an entry describes a collection: it leads to a description of how to search it. Some services
    put that link, to the description of their collection, on products too, which lead to files."""
    if _says_series(entry):
        return True
    links = list(_links(entry))
    described = [
        unquote(about.get("href", ""))
        for about in links
        if about.get("rel") == "search" and "opensearchdescription" in about.get("type", "")
    ]
    if not described or eop.earth_observation(entry) is not None:
        return False
    identifier = text_at(entry, "identifier")
    has_file = any(about.get("rel") == "enclosure" for about in links)
    return not has_file or not identifier or any(identifier in address for address in described)


def _says_series(entry: Element) -> bool:
    """Whether an entry says that it is a collection: in ISO 19139, or by what only those of CMR have."""
    if eop.earth_observation(entry) is not None:
        return False
    levels = descendants(entry, "hierarchyLevel")
    if any(text_of(level).lower() == "series" for level in levels):
        return True
    names = {local_name(child) for child in entry if is_element(child)}
    return names >= _OF_COLLECTIONS and "producerGranuleId" not in names


# --- parts


def _time(entry: Element, said: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """The acquisition by EOP, else by dc:date; elements for start and end are preferred to an instant."""
    element = eop.earth_observation(entry)
    if element is not None and (found := eop.read_time(element, problems)):
        return found
    date = text(said.get("date"))
    if "/" in date and (found := read_interval(date, "date", problems)):
        return found
    valid = mapping(mapping(said.get("validTime")).get("TimePeriod"))
    ends = [(text(said.get(start)), text(said.get(end)), start) for start, end in _PAIRS]
    ends.append((text(valid.get("beginPosition")), text(valid.get("endPosition")), "validTime"))
    for start, end, where in ends:
        if (start or end) and (found := read_extent(start, end, where, problems)):
            return found
    return read_interval(date, "date", problems) if date and "/" not in date else ALWAYS


def _footprint(entry: Element, problems: list[Problem]) -> Footprint | None:
    """The footprint of WKT, EOP or GeoRSS, whichever says it first."""
    places: list[tuple[str, Callable[[], Footprint | None]]] = [
        ("spatial", lambda element=element: Footprint.from_wkt(text_of(element)))
        for element in children(entry, "spatial")
    ]
    element = eop.earth_observation(entry)
    if element is not None:
        places.append(("multiExtentOf", lambda: eop.read_footprint(element)))
    places += [(kind, lambda kind=kind: read_georss_kind(entry, kind)) for kind in georss_kinds(entry)]
    return first_footprint(places, problems)


def _properties(
    entry: Element, said: dict[str, Any], identifier: str, problems: list[Problem]
) -> dict[str, Value]:
    if _is_exact(entry):
        # the rest of it is for people, or is told of our own catalogue
        said = {name: said[name] for name in _told(entry) if name in said}
    if observation := mapping(said.get("EarthObservation")):
        said = said | {"EarthObservation": eop.with_relative_orbit(observation)}
    found = VOCABULARY.read(said, problems)
    if not _is_exact(entry):
        complete_satellite(found, identifier)
    return found


def _drop_times_of_the_answer(document: Element, entries: tuple[Element, ...]) -> None:
    """Take out of entries that they were updated when the answer was made: Atom demands the element, and some
    services know no better. What is kept of an entry then says the same as the whole answer."""
    made = text_at(document, "updated")
    for entry in entries:
        for element in list(children(entry, "updated")):
            if made and text_of(element) == made and not _is_exact(entry):
                entry.remove(element)


def _told(entry: Element) -> list[str]:
    """The parts of an entry of this module's writer that tell properties; times that only stand in do not."""
    derived = [local_name(element) for element in entry if element.get(f"{OWN}derived")]
    return [name for name in ("EarthObservation", "updated", "published") if name not in derived]
