"""DataCite metadata (kernels 3 and 4) as XML, as OAI-PMH gives them: reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import TemporalExtent
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_at, text_of
from .feed import Feed, check_named
from .identifiers import doi_in, licence_in
from .links import Link, assets_of
from .loose_json import text
from .loose_time import first_moment, read_extent
from .nested import add, first_text, read_properties, said_by, texts_at
from .noted import first_footprint
from .places import boxes_footprint, hull
from .vocabulary import IGNORED, Vocabulary

_BOUNDS = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
# dates of the data, not of their publication
_COVERED = ("Collected", "Coverage", "Valid")
_DOI = "https://doi.org/"

VOCABULARY = Vocabulary(
    {
        "header/*": IGNORED,  # of OAI-PMH
        "identifier/DOI": "id",
        "identifier/*": "id",
        "titles/title": "title",
        "creators/creator/creatorName": "data_originator",
        "publisher": "providers",
        "publicationYear": "published",
        "date/Issued": "published",
        "date/Available": "published",
        "date/Created": "created",
        "date/Updated": "updated",
        "date/Collected": "time",
        "date/Coverage": "time",
        "date/Valid": "time",
        "date/*": IGNORED,
        "subjects/subject": "keywords",
        "description/Abstract": "description",
        "description/*": "description",
        "resourceType": "product_type",
        "version": "product_version",
        "rightsList/rights": "access_constraint",
        "geoLocations/geoLocation/geoLocationPlace": IGNORED,
        "geoLocations/*": "geometry",
        "contributors/*": IGNORED,
        "creators/*": IGNORED,
        "titles/*": IGNORED,
        "relatedIdentifiers/*": IGNORED,
        "relatedItems/*": IGNORED,
        "alternateIdentifiers/*": IGNORED,
        "fundingReferences/*": IGNORED,
        "sizes/*": IGNORED,
        "formats/*": IGNORED,
        "language": IGNORED,
    }
)


class DataCite:
    """One resource: a product."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a resource."""
        if not is_element(document) or local_name(document) != "resource":
            return False
        return any(True for _ in children(document, "titles"))

    def feed(self, document: Any, source: str) -> Feed:
        """The resource alone."""
        if not self.recognises(document):
            raise BadAnswer("no DataCite metadata", source)
        return Feed((document,))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What a resource says; identifier, dates and descriptions by their types."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a resource, by its DOI."""
        if not is_element(entry):
            raise BadRecord(f"not DataCite metadata but {type(entry).__name__}", position)
        view = _view(entry)
        identifier = text_at(entry, "identifier")
        check_named("resource", identifier, collection, position)
        problems: list[Problem] = []
        found = read_properties(VOCABULARY, view, problems)
        doi = doi_in([identifier])
        rights = [word for each in descendants(entry, "rights") for word in _rights(each)]
        told = {"doi": doi, "license_id": licence_in(rights)}
        return Product(
            id=identifier,
            collection=collection,
            title=text(" ".join(first_text(view, "titles/title").split())),
            footprint=first_footprint([("geoLocations", lambda: _footprint(entry, problems))], problems),
            time=_time(view, problems),
            properties=found | {name: value for name, value in told.items() if value},
            assets=assets_of([Link(href=_DOI + doi, roles=("metadata",))] if doi else [], problems),
            problems=tuple(problems),
        )


DATACITE = DataCite()


def _view(resource: Element) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for child in resource:
        name = local_name(child)
        if name == "identifier":
            add(view, name, {attributes_of(child).get("identifierType", "other"): text_of(child)})
        elif name == "dates":
            add(view, "date", _by_type(child, "dateType"))
        elif name == "descriptions":
            add(view, "description", _by_type(child, "descriptionType"))
        elif name == "publicationYear":
            add(view, name, first_moment(text_of(child)))
        else:
            add(view, name, said_by(child))
    return view


def _by_type(element: Element, kind: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for each in element:
        words = " ".join(text_of(each).split())
        name = attributes_of(each).get(kind, "other")
        is_instant = kind == "dateType" and "/" not in words
        add(said, name, first_moment(words) if is_instant and name not in _COVERED else words)
    return said


def _rights(element: Element) -> Iterator[str]:
    about = attributes_of(element)
    yield from (about.get(name, "") for name in ("rightsIdentifier", "rightsURI"))
    yield text_of(element)


def _time(view: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    extents: list[TemporalExtent] = []
    for kind in _COVERED:
        for said in texts_at(view, f"date/{kind}"):
            start, slash, end = said.partition("/")
            extents.append(read_extent(start, end if slash else start, kind, problems))
    return hull(extents)


def _footprint(resource: Element, problems: list[Problem]) -> Footprint | None:
    """The boxes, else the points; coordinates as elements, or as text with the latitude first."""
    boxes = [_numbers(box) for box in descendants(resource, "geoLocationBox")]
    if found := boxes_footprint([box for box in boxes if box], "geoLocationBox", problems):
        return found
    points = [_point(point) for point in descendants(resource, "geoLocationPoint")]
    return boxes_footprint([(x, y, x, y) for y, x in points if x and y], "geoLocationPoint", problems)


def _numbers(box: Element) -> list[str]:
    if len(box):
        return [text_at(box, name) for name in _BOUNDS]
    south, west, north, east = (*text_of(box).split(), "", "", "", "")[:4]
    return [west, south, east, north] if north else []


def _point(point: Element) -> tuple[str, str]:
    if len(point):
        return text_at(point, "pointLatitude"), text_at(point, "pointLongitude")
    latitude, longitude = (*text_of(point).split(), "", "")[:2]
    return latitude, longitude
