"""EOP O&M, the Earth Observation Metadata profile of Observations and Measurements (OGC 10-157r4): reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..footprint import Footprint
from ..product import Problem
from ..spellings import platform
from ..temporal import ALWAYS, TemporalExtent
from ..xml import Element, attributes_of, children, descendants, local_name, text_at, text_of
from .gml import read_gml
from .links import Link
from .loose_json import mapping, text
from .loose_time import read_extent

# geometry, and what is of other products or of measurements: too much for a view
_LEFT_OUT = (
    "featureOfInterest", "relatedObservation", "composedOf", "subsetOf", "linkedWith", "histograms", "mask",
    "parameter", "coverage", "observedProperty",
)  # fmt: skip
_DEPTH = 20
# names of XML in some catalogues are made of texts by this escape, and the texts kept so
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MD5 = re.compile(r"[0-9a-fA-F]{32}")
_ORDERS = re.compile(r"oseo|wsdl|text/html", re.I)
# series whose wrsLongitudeGrid is the number of the orbit, not a path of the Worldwide Reference System
_SENTINEL = re.compile(r"sentinel-\d[a-z]?")


def earth_observation(entry: Element) -> Element | None:
    """The EarthObservation element of an entry, or the element itself."""
    if local_name(entry) == "EarthObservation":
        return entry
    return next(children(entry, "EarthObservation"), None)


def view(element: Element) -> dict[str, Any]:
    """What an EarthObservation says: its attributes by the object that holds them, such as
    `{"Platform": {"shortName": "S1A"}}`; objects of one kind as a list, vendors' attributes in one object."""
    found: dict[str, list[dict[str, str]]] = {}
    own: dict[str, str] = {}
    _gather(element, own, found, 0)
    said: dict[str, Any] = dict(own)
    for name, objects in found.items():
        told = [about for about in objects if about]
        if told:
            said[name] = told[0] if len(told) == 1 else told
    return said


def first(said: Mapping[str, Any], kind: str, name: str) -> str:
    """An attribute of the first object of a kind that has it; empty when none has."""
    objects: Any = said.get(kind)
    for about in cast(list[Any], objects) if isinstance(objects, list) else [objects]:
        if value := text(mapping(about).get(name)):
            return value
    return ""


def counts_orbits(sensor_type: str, platform_name: str) -> bool:
    """Whether wrsLongitudeGrid is the relative orbit (and wrsLatitudeGrid the frame), as it is for radars,
    altimeters and the Sentinels; for others it is the path (and row) of the Worldwide Reference System."""
    if sensor_type.upper() in ("RADAR", "ALTIMETRIC"):
        return True
    return bool(_SENTINEL.fullmatch(platform(platform_name)))


def with_relative_orbit(said: dict[str, Any]) -> dict[str, Any]:
    """A view in which wrsLongitudeGrid and wrsLatitudeGrid are called relativeOrbitNumber and frame where
    they are that."""
    if not counts_orbits(first(said, "Sensor", "sensorType"), first(said, "Platform", "shortName")):
        return said
    meant = {"wrsLongitudeGrid": "relativeOrbitNumber", "wrsLatitudeGrid": "frame"}
    acquisitions: Any = said.get("Acquisition")
    several = cast(list[Any], acquisitions) if isinstance(acquisitions, list) else [acquisitions]
    renamed = [{meant.get(name, name): value for name, value in mapping(one).items()} for one in several]
    return said | {"Acquisition": renamed} if acquisitions else said


def read_time(element: Element, problems: list[Problem]) -> TemporalExtent:
    """The acquisition: the phenomenonTime."""
    where = "EarthObservation/phenomenonTime"
    for phenomenon in children(element, "phenomenonTime"):
        instants = _times(phenomenon, "timePosition")
        start = next(iter(_times(phenomenon, "beginPosition") or instants), "")
        end = next(iter(_times(phenomenon, "endPosition") or instants[-1:]), "")
        if start or end:
            return read_extent(start, end, where, problems)
    return ALWAYS


def read_footprint(element: Element) -> Footprint | None:
    """The area (multiExtentOf), or the track of an altimeter; the centre is not the footprint."""
    for feature in children(element, "featureOfInterest"):
        for footprint in children(feature, "Footprint"):
            for name in ("multiExtentOf", "extentOf", "nominalTrack"):
                for extent in children(footprint, name):
                    if found := read_gml(extent):
                        return found
    return None


def product_files(element: Element) -> Iterator[Link]:
    """The files of the product."""
    for information in _informations(element, "product", "ProductInformation"):
        reference, media_type, title = _reference(information)
        about = attributes_of(reference) if reference is not None else {}
        role = "metadata" if media_type.endswith("/xml") else "data"
        identifier = text_at(reference, "Format") if reference is not None else ""
        yield Link(
            href=about.get("href", ""),
            roles=("order",) if _ORDERS.search(media_type) else (role,),
            title=title,
            media_type=media_type,
            size=_size(information),
            checksum=f"md5:{identifier}" if _MD5.fullmatch(identifier) else "",
        )


def browse_files(element: Element) -> Iterator[Link]:
    """The pictures of the product."""
    for information in _informations(element, "browse", "BrowseInformation"):
        reference, media_type, title = _reference(information)
        about = attributes_of(reference) if reference is not None else {}
        small = text_at(information, "type").upper() == "THUMBNAIL"
        yield Link(
            href=about.get("href", ""),
            roles=("thumbnail",) if small else ("overview",),
            title=title,
            media_type=media_type,
        )


def _gather(element: Element, about: dict[str, str], found: dict[str, list[dict[str, str]]], depth: int):
    """Attributes go to the object they are in; the objects of an element are named in capitals."""
    for child in element if depth < _DEPTH else ():
        name = local_name(child)
        if name in _LEFT_OUT:
            continue
        if name == "fileName":
            _set(about, name, _address(child))
        elif name == "SpecificInformation":
            vendor = found.setdefault(name, [{}])[0]
            _set(vendor, text_at(child, "localAttribute"), text_at(child, "localValue"))
        elif name[:1].isupper():
            inner: dict[str, str] = {}
            found.setdefault(name, []).append(inner)
            _gather(child, inner, found, depth + 1)
        elif len(child):
            _gather(child, about, found, depth + 1)
        else:
            _set(about, name, text_of(child))


def _set(about: dict[str, str], name: str, value: str) -> None:
    if name and value:
        about.setdefault(name, _ESCAPE.sub(lambda code: chr(int(code[1], 16)), value))


def _address(file_name: Element) -> str:
    """The address of a file, or its name."""
    hrefs = (attributes_of(below).get("href", "") for below in file_name.iter())
    return next((href for href in hrefs if href), text_of(file_name))


def _times(element: Element, name: str) -> list[str]:
    return [text_of(found) for found in descendants(element, name)]


def _informations(element: Element, name: str, kind: str) -> Iterator[Element]:
    for result in children(element, "result"):
        for about in children(result, "EarthObservationResult"):
            for holder in children(about, name):
                yield from children(holder, kind)


def _reference(information: Element) -> tuple[Element | None, str, str]:
    """The element with the address of a file, its media type, and its title, which may be the type."""
    for found in descendants(information, "ServiceReference"):
        about = attributes_of(found)
        kind, title = about.get("type", ""), about.get("title", "")
        if "/" not in kind:
            kind, title = (title, "") if re.fullmatch(r"[\w.+-]+/[\w.+-]+", title) else ("", title)
        return found, kind, title
    return None, "", ""


def _size(information: Element) -> str | None:
    """The size with its unit; 0 stands for an unknown one."""
    for found in children(information, "size"):
        size, unit = text_of(found), attributes_of(found).get("uom", "")
        return f"{size} {unit}".strip() if size.strip("0.") else None
    return None
