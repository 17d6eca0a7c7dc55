"""Features in GML as WFS 1.0, 1.1 and 2.0 give them: reads, by local names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product
from ..xml import Element, attributes_of, children, is_element, local_name, text_of
from .feed import Feed, check_named
from .gml import LAT_LON, LON_LAT, read_gml
from .loose_json import whole_number
from .vocabulary import IGNORED, Vocabulary
from .xml_error import xml_error

VOCABULARY = Vocabulary(
    {"@id": "id", "@geometry": "geometry", "boundedBy/*": "geometry", "@*": IGNORED}, only_these=True
)
_COLLECTION = "FeatureCollection"
_GEOMETRIES = frozenset(
    {
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Curve",
        "MultiCurve",
        "Polygon",
        "MultiPolygon",
        "Surface",
    }
    | {"MultiSurface", "MultiGeometry", "Envelope", "Box", "LinearRing", "CompositeCurve", "CompositeSurface"}
)
# documents of a WFS that are no features
_OTHERS = re.compile(
    r".*Capabilities|schema|ValueCollection|Transaction\w*|.*StoredQueries\w*|html|feed|rss|\w*RDF", re.I
)
_EPSG = re.compile(r"EPSG[:/#]*(?:[\d.]*[:/])?(\d+)$", re.I)
_DEGREES = frozenset({"4326", "4258", "4269", "4979"})


class Wfs:
    """Features in a collection, or one alone."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a feature collection, or a feature."""
        if not is_element(document) or xml_error(document) or _OTHERS.fullmatch(local_name(document)):
            return False
        is_feature = bool(_identifier(document)) or any(is_element(child) for child in document)
        return local_name(document) == _COLLECTION or is_feature

    def feed(self, document: Any, source: str) -> Feed:
        """The features with how many there are, as far as that is known, and the address of the next page."""
        if local_name(document) != _COLLECTION:
            return Feed((document,))
        about = attributes_of(document)
        found = tuple(_features(document))
        if any(xml_error(feature) for feature in found):
            raise BadAnswer(f"the provider answered with an error: {xml_error(found[0])}", source)
        total = whole_number(about.get("numberMatched") or about.get("numberOfFeatures"))
        return Feed(found, total, about.get("next", ""))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The properties by local name, nested as they are; of a geometry only its kind."""
        identifier = _identifier(entry)
        return ({"@id": identifier} if identifier else {}) | _view(entry)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """A product with the name and the place of a feature; all else is said by the provider file."""
        if not is_element(entry):
            raise BadRecord("not a feature", position)
        identifier = _identifier(entry) or _first_text(entry)
        named = local_name(entry) if collection in ("", "?") else collection
        check_named("feature", identifier, named, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=named,
            footprint=_footprint(entry, problems),
            problems=tuple(problems),
        )


WFS = Wfs()


def _features(collection: Element) -> Iterator[Element]:
    """The features of a collection, also of those within it."""
    for child in collection:
        name = local_name(child) if is_element(child) else ""
        if name in ("member", "featureMember", "featureMembers"):
            for feature in child:
                if is_element(feature) and local_name(feature) == _COLLECTION:
                    yield from _features(feature)
                elif is_element(feature):
                    yield feature


def _identifier(feature: Element) -> str:
    about = attributes_of(feature)
    return about.get("id") or about.get("fid") or ""


def _first_text(feature: Element) -> str:
    """The value of a property whose name says that it is the identifier."""
    named = {local_name(child).lower(): child for child in feature if is_element(child)}
    return next(
        (text_of(named[name]) for name in ("identifier", "id", "fid", "uuid", "gid") if name in named), ""
    )


def _view(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        if not is_element(child):
            continue
        name, value = local_name(child), _value(child)
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    return found


def _value(element: Element) -> Any:
    inside = [child for child in element if is_element(child)]
    if any(local_name(child) in _GEOMETRIES for child in inside):
        return {"@geometry": local_name(inside[0])}
    if inside:
        return _view(element)
    about = attributes_of(element)
    if about.get("nil") in ("true", "1"):
        return None
    return text_of(element) or about.get("href") or ""


# --- where


def _footprint(feature: Element, problems: list[Problem]) -> Footprint | None:
    """The first geometry of a feature; without any, what bounds it."""
    places = [child for child in feature if is_element(child) and local_name(child) != "boundedBy"]
    for place in (*places, *children(feature, "boundedBy")):
        geometry = next(
            (each for each in place.iter() if is_element(each) and local_name(each) in _GEOMETRIES), None
        )
        if geometry is None:
            continue
        try:
            found = read_gml(place, axis=_axis(geometry))
        except BadValue as error:
            problems.append(Problem(local_name(place), error.reason))
            continue
        if found:
            problems += [Problem(local_name(place), repair) for repair in found.repairs]
            return found
    return None


def _axis(geometry: Element) -> str:
    """The order of the two numbers, by the reference system; BadValue for one that is not in degrees.

    Names such as `EPSG:4326` are used for longitude first, URNs and addresses as the register says; GML 3.2
    that names none is in the order of the register too."""
    name = _reference_system(geometry)
    found = _EPSG.search(name)
    if found and found[1] not in _DEGREES:
        raise BadValue(name, "srsName", "degrees, such as EPSG:4326")
    if not name:
        return LAT_LON if "gml/3.2" in str(geometry.tag) else LON_LAT
    is_register = name.lower().startswith(
        ("urn:", "http://www.opengis.net/def/", "https://www.opengis.net/def/")
    )
    return LAT_LON if found and is_register else LON_LAT


def _reference_system(geometry: Element) -> str:
    """As the geometry says, or one within it, or what it is in."""
    for place in (*geometry.iter(), *geometry.iterancestors()):
        if is_element(place) and (name := attributes_of(place).get("srsName")):
            return name
    return ""
