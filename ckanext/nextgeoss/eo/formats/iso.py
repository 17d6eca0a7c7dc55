"""ISO 19139 (gmd, gmi, with the Australian mcp profile) and ISO 19115-3 (mdb) metadata of datasets, series
and services: reads. Namespaces are not looked at: all of these say the same by the same local names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product, Value
from ..temporal import TemporalExtent
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_at, text_of
from .feed import Feed, check_named
from .gml import LAT_LON, LON_LAT, read_gml
from .identifiers import doi_in, licence_in
from .iso_links import assets_of_record
from .iso_names import VOCABULARY
from .loose_json import mapping, text
from .loose_time import first_moment, read_extent
from .nested import each_at, first_text, property_of, read_properties, texts_at
from .noted import first_footprint
from .places import boxes_footprint, hull
from .satellite import complete_satellite

_ROOTS = ("MD_Metadata", "MI_Metadata")
_SERIES = ("DS_Series", "DS_DataSet")
_BOUNDS = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
# keywords that are properties, such as eo:orbitNumber:50
_KEYWORD = re.compile(r"eo:(\w{1,40}):(.{1,200})")
# EPSG:4326, with a version or not
_EPSG = re.compile(r"EPSG[^0-9]{0,10}(?:\d{1,2}(?:\.\d{1,3}){0,2}[^0-9]{1,3})?(\d{4,6})\b", re.I)
_METRES = {"m": 1, "metre": 1, "meter": 1, "metres": 1, "meters": 1, "km": 1000}
_NO_PARENT = ("", "TBD", "none", "null")


class Iso:
    """One metadata record; it is a product, whatever it is a record of."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a record, or one stands in it, in any namespace."""
        return is_element(document) and any(True for _ in _records(document))

    def feed(self, document: Any, source: str) -> Feed:
        """The record alone, or those of a series."""
        if not self.recognises(document):
            raise BadAnswer("no ISO metadata", source)
        return Feed(tuple(_records(document)))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What a record says, by property names without those of types."""
        record = next(_records(entry), None) if is_element(entry) else None
        return {} if record is None else _view(record)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product that a record describes; its collection is what it names as its parent."""
        if not is_element(entry):
            raise BadRecord(f"not ISO metadata but {type(entry).__name__}", position)
        entry = next(_records(entry), entry)
        view = _view(entry)
        identifier = first_text(
            view, "fileIdentifier", "metadataIdentifier/code", "info/uuid",
            "identificationInfo/citation/identifier/code", "dataSetURI",
        )  # fmt: skip
        parent = first_text(view, "parentIdentifier", "parentMetadata/identifier/code")
        series = collection if parent in _NO_PARENT else parent
        check_named("record", identifier, series, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=series,
            title=text(first_text(view, "identificationInfo/citation/title")),
            footprint=_footprint(entry, problems),
            time=_time(entry, problems),
            properties=_properties(view, identifier, problems),
            assets=assets_of_record(view, problems),
            problems=tuple(problems),
        )


ISO = Iso()


def _records(document: Element) -> Iterator[Element]:
    """The record that it is, or those that a dataset or a series has, as NASA describes granules."""
    if local_name(document) in _ROOTS:
        yield document
    elif local_name(document) in _SERIES:
        for had in descendants(document, "has"):
            yield from (record for name in _ROOTS for record in children(had, name))


def _view(record: Element) -> dict[str, Any]:
    said = mapping(property_of(record, _typed))
    for citation in each_at(said, "identificationInfo/citation"):
        details = mapping(citation).get("otherCitationDetails")
        if isinstance(details, str) and details.startswith("{") and (told := _json_object(details)):
            citation["otherCitationDetails"] = told
    for name, value in mapping(said.get("info")).items():
        if name.endswith("Date") and isinstance(value, str):
            said["info"][name] = first_moment(value)
    for keyword in texts_at(said, "identificationInfo/descriptiveKeywords/keyword"):
        if found := _KEYWORD.fullmatch(keyword):
            said.setdefault("eo", {}).setdefault(found[1], found[2])
    return said


def _typed(element: Element, said: Any) -> Any:
    """What an element of a type says, as it is kept in the view."""
    name = local_name(element)
    if name in ("CI_Date", "TM_Date") and isinstance(said, dict):
        kind = first_text(said, "dateType") or "date"
        return {kind: first_text(said, "date")}
    if name in ("Date", "DateTime") and isinstance(said, str):
        return first_moment(said)
    if name == "Distance":
        return _metres(said, attributes_of(element).get("uom", "m"))
    if name == "CI_Individual":
        return {"individual": said}
    return said


def _metres(said: Any, unit: str) -> Any:
    """A distance in metres; nothing when it is in degrees or in words."""
    factor = _METRES.get(unit.rpartition("#")[2].lower())
    try:
        return f"{float(said) * factor:g}" if factor else ""
    except (TypeError, ValueError):
        return ""


def _json_object(words: str) -> dict[str, Any]:
    try:
        return mapping(json.loads(words))
    except (ValueError, RecursionError):
        return {}


# --- parts


def _properties(view: Mapping[str, Any], identifier: str, problems: list[Problem]) -> dict[str, Value]:
    found = read_properties(VOCABULARY, view, problems)
    for name in ("doi", "license_id", "parent_identifier", "proj_code"):
        said = str(found.pop(name, ""))
        if name == "parent_identifier" and said not in _NO_PARENT:
            found[name] = said
    told: dict[str, Value] = {
        "doi": doi_in(
            texts_at(
                view, "identificationInfo/citation/identifier/code", "dataSetURI",
                "identificationInfo/citation/otherCitationDetails/DOI", "fileIdentifier",
            )
        ) or doi_in(_addresses(view)),
        "license_id": licence_in(_constraints(view)),
        "proj_code": _projection(view),
        "keywords": _keywords(view),
    }  # fmt: skip
    complete_satellite(found, identifier)
    return found | {name: value for name, value in told.items() if value}


def _addresses(view: Mapping[str, Any]) -> Iterator[str]:
    return texts_at(view, "distributionInfo/transferOptions/onLine/linkage")


def _constraints(view: Mapping[str, Any]) -> Iterator[str]:
    where = "identificationInfo/resourceConstraints"
    names = ("licenseLink", "otherConstraints", "useLimitation", "reference/title", "licenseName")
    return texts_at(view, *(f"{where}/{name}" for name in names))


def _projection(view: Mapping[str, Any]) -> str:
    for identifier in each_at(view, "referenceSystemInfo/referenceSystemIdentifier"):
        code = first_text(identifier, "code")
        whole = f"EPSG:{code}" if code.isdecimal() else code
        if found := _EPSG.search(whole):
            return f"EPSG:{found[1]}"
    return ""


def _keywords(view: Mapping[str, Any]) -> tuple[str, ...]:
    said = texts_at(
        view, "identificationInfo/descriptiveKeywords/keyword", "identificationInfo/topicCategory"
    )
    words = (text(word) for word in said if not _KEYWORD.fullmatch(word))
    return tuple(dict.fromkeys(word for word in words if word))


def _time(record: Element, problems: list[Problem]) -> TemporalExtent:
    """The whole of all periods and instants that the data cover."""
    extents: list[TemporalExtent] = []
    for element in _identified(record, "temporalElement"):
        for period in descendants(element, "TimePeriod"):
            start, end = _position(period, "begin"), _position(period, "end")
            extents.append(read_extent(start, end, "temporalElement", problems))
        if not any(True for _ in descendants(element, "TimePeriod")):
            for instant in descendants(element, "timePosition"):
                time = text_of(instant)
                extents.append(read_extent(time, time, "temporalElement", problems))
    return hull(extents)


def _position(period: Element, end: str) -> str:
    """The time of an end of a period; empty when it is open, as `now` and `unknown` are."""
    return text_at(period, f"{end}Position") or text_at(period, f"{end}/TimeInstant/timePosition")


def _footprint(record: Element, problems: list[Problem]) -> Footprint | None:
    """The polygons, else the boxes of the extent."""
    elements = [element for element in _identified(record, "geographicElement") if not _is_excluded(element)]
    boxes = [
        [text_at(box, name) or text_of(next(descendants(box, name), box)) for name in _BOUNDS]
        for element in elements
        for box in descendants(element, "EX_GeographicBoundingBox")
        if all(any(text_of(bound) for bound in children(box, name)) for name in _BOUNDS)
    ]
    noted: list[Problem] = []
    box = boxes_footprint(boxes, "EX_GeographicBoundingBox", noted)
    polygons = [polygon for element in elements for polygon in descendants(element, "EX_BoundingPolygon")]
    places = [
        ("EX_BoundingPolygon", lambda polygon=polygon: _polygon(polygon, box)) for polygon in polygons[:1]
    ]
    if len(polygons) > 1:
        places = [("EX_BoundingPolygon", lambda: _polygon(_extent_of(polygons), box))]
    found = first_footprint([*places, ("EX_GeographicBoundingBox", lambda: box)], problems)
    problems += noted
    return found


def _extent_of(polygons: list[Element]) -> Element:
    """The element that all of these are in."""
    above = [list(polygon.iterancestors()) for polygon in polygons]
    return next(element for element in above[0] if all(element in each for each in above))


def _polygon(polygon: Element, box: Footprint | None) -> Footprint | None:
    """The areas of a polygon, in the order of axes by which they lie within the box, else as its reference
    system says."""
    names = [attributes_of(part).get("srsName", "") for part in polygon.iter() if is_element(part)]
    system = next((name for name in names if name), "")
    axis = LAT_LON if re.search(r"4326|4258|4283", system) else LON_LAT
    found = read_gml(polygon, axis=axis)
    if found and box and not found.intersects(box):
        other = read_gml(polygon, axis=LON_LAT if axis == LAT_LON else LAT_LON)
        return other.with_repairs(["axes swapped"]) if other and other.intersects(box) else found
    return found


def _is_excluded(element: Element) -> bool:
    """Whether it says where the data are not."""
    return any(text_of(code).lower() in ("0", "false") for code in descendants(element, "extentTypeCode"))


def _identified(record: Element, name: str) -> Iterator[Element]:
    for part in children(record, "identificationInfo"):
        yield from descendants(part, name)
