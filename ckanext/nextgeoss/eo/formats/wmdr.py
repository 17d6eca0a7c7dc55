"""WIGOS metadata (WMDR 1.0) of WMO's OSCAR/Surface: facilities, and what is observed there: reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS, TemporalExtent
from ..xml import Element, attributes_of, descendants, is_element, local_name, text_at, text_of
from .feed import Feed, check_named
from .gml import read_gml
from .links import Link, assets_of
from .loose_json import mapping, text
from .loose_time import read_extent
from .nested import add, first_text, property_of, read_properties, texts_at
from .noted import first_footprint
from .places import hull
from .wmdr_names import VOCABULARY

_ROOTS = ("WIGOSMetadataRecord", "ObservingFacility")
# 0-20008-0-JFJ, or the same as an address
_WIGOS = re.compile(r"(?:.*/)?(\d+)[-/](\d+)[-/](\d+)[-/]([\w.-]{1,40})/?")


class Wmdr:
    """A record of a facility, or of what is observed at one: a product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a record, in any namespace."""
        return is_element(document) and local_name(document) in _ROOTS

    def feed(self, document: Any, source: str) -> Feed:
        """The record alone."""
        if not self.recognises(document):
            raise BadAnswer("no WIGOS metadata", source)
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What a record says, by property names; codes of WMO without their address."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a facility, by its WIGOS identifier; that of observations alone has their names
        added."""
        if not is_element(entry):
            raise BadRecord(f"not WIGOS metadata but {type(entry).__name__}", position)
        view = _view(entry)
        station = first_text(view, "wigos_id")
        has_facility = any(True for _ in descendants(entry, "ObservingFacility"))
        variables = list(texts_at(view, "variable"))
        identifier = station if has_facility or not station else ":".join([station, *variables[:1]])
        check_named("station", identifier, collection, position)
        problems: list[Problem] = []
        title = first_text(view, "facility/name") or " ".join([station, *variables[:1]])
        return Product(
            id=identifier,
            collection=collection,
            title=text(title),
            footprint=_footprint(entry, problems),
            time=_time(view, entry, problems),
            properties=read_properties(VOCABULARY, view, problems),
            assets=assets_of(_links(view), problems),
            problems=tuple(problems),
        )


WMDR = Wmdr()


def _view(record: Element) -> dict[str, Any]:
    said = mapping(property_of(record))
    view: dict[str, Any] = {"facility": said} if local_name(record) == "ObservingFacility" else said
    for name, element in _codes(record):
        add(view, name, element)
    if found := _WIGOS.fullmatch(_station(record)):
        view["wigos_id"] = "-".join(found.groups())
    return view


def _station(record: Element) -> str:
    """The identifier of the facility, which is described or referred to."""
    for facility in descendants(record, "ObservingFacility"):
        if identifier := text_at(facility, "identifier"):
            return identifier
    references = (attributes_of(each).get("href", "") for each in descendants(record, "facility"))
    identifiers = (text_of(each) for each in descendants(record, "identifier"))
    return next((said for said in (*references, *identifiers) if _WIGOS.fullmatch(said)), "")


def _codes(record: Element) -> Iterator[tuple[str, str]]:
    """What is told as the address of a code: the last part of it, each once."""
    names = {
        "observedProperty": "variable", "facilityType": "facility_type", "wmoRegion": "keyword",
        "territoryName": "keyword", "programAffiliation": "keyword",
    }  # fmt: skip
    for name, kept in names.items():
        addresses = (attributes_of(each).get("href", "") for each in descendants(record, name))
        codes = (address.rstrip("/").rpartition("/")[2].lstrip("_") for address in addresses)
        yield from ((kept, code) for code in dict.fromkeys(codes) if code)


def _footprint(record: Element, problems: list[Problem]) -> Footprint | None:
    """Where the facility is: the last place that is still valid, else the last of all."""
    kinds = ("TimestampedLocation", "geospatialLocation")
    found: list[Element] = []
    for kind in kinds:
        found = found or list(descendants(record, kind))
    places = [
        (not any(text_of(end) for end in descendants(place, "endPosition")), number, place)
        for number, place in enumerate(found)
        if any(True for _ in descendants(place, "Point"))
    ]
    if not places:
        return None
    _, _, place = max(places, key=lambda each: each[:2])
    point = next(descendants(place, "Point"))
    return first_footprint([("geospatialLocation", lambda: read_gml(point))], problems)


def _time(view: Mapping[str, Any], record: Element, problems: list[Problem]) -> TemporalExtent:
    """How long the facility has been there, else how long has been observed."""
    start, end = first_text(view, "facility/dateEstablished"), first_text(view, "facility/dateClosed")
    if start or end:
        return read_extent(start, end, "dateEstablished", problems)
    extents = [
        read_extent(
            text_at(period, "beginPosition"), text_at(period, "endPosition"), "phenomenonTime", problems
        )
        for time in descendants(record, "phenomenonTime")
        for period in descendants(time, "TimePeriod")
    ]
    return hull(extents) if extents else ALWAYS


def _links(view: Mapping[str, Any]) -> Iterator[Link]:
    for address in texts_at(view, "facility/onlineResource/linkage"):
        yield Link(href=_web(address), roles=("related",))
    path = "observations/observation/result/distributionInfo/transferOptions/onLine/linkage"
    for address in texts_at(view, path, path.replace("observations", "facility/observation", 1)):
        yield Link(href=_web(address), roles=("data",))


def _web(address: str) -> str:
    return f"http://{address}" if address.lower().startswith("www.") else address
