"""Granules of NASA's Common Metadata Repository in the short JSON of its searches (`.json`): reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product
from ..temporal import ALWAYS
from .cmr import asset_link, byte_count, completed, direction, granule_name, said
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text
from .loose_time import read_extent
from .noted import first_footprint
from .umm_geometry import number, polygon_of_box, united_geometry
from .umm_names import RELATIONS, SHORT_VOCABULARY


class CmrJson:
    """Entries of a feed; what of a link is `inherited` belongs to the collection and is left out."""

    vocabulary = SHORT_VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a feed in JSON, or an entry of one."""
        about = mapping(document)
        return isinstance(about.get("feed"), dict) or _is_entry(about)

    def feed(self, document: Any, source: str) -> Feed:
        """The entries; how many there are in all is in a header."""
        about = mapping(document)
        if _is_entry(about):
            return Feed((about,))
        entries = mapping(about["feed"]).get("entry", [])
        if isinstance(entries, dict):
            entries = [cast(object, entries)]
        if not isinstance(entries, list):
            raise BadAnswer("an answer of CMR whose entries are no array", source)
        found = cast(list[Any], entries)
        if found and all(_is_collection(entry) for entry in found):
            raise BadAnswer(f"a list of {len(found)} collections, not products", source)
        return Feed(tuple(found))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The entry without texts that say nothing."""
        about = said(mapping(entry))
        if orbit := mapping(about.get("orbit")):
            about["orbit"] = orbit | {"start_direction": direction(orbit.get("start_direction"))}
        return about

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a granule but {type(entry).__name__}", position)
        view = self.view(entry)
        identifier = granule_name(text(view.get("title")), text(view.get("producer_granule_id")))
        named = text(view.get("collection_concept_id")) or text(view.get("dataset_id")) or collection
        check_named("granule", identifier, named, position)
        problems: list[Problem] = []
        start, end = (text(view.get(name)) for name in ("time_start", "time_end"))
        return Product(
            id=identifier,
            collection=named,
            footprint=_footprint(view, problems),
            time=read_extent(start, end, "time_start", problems) if start or end else ALWAYS,
            properties=completed(SHORT_VOCABULARY.read(view, problems), identifier),
            assets=assets_of(_links(view), problems),
            problems=tuple(problems),
        )


CMR_JSON = CmrJson()


def _is_entry(about: Mapping[str, Any]) -> bool:
    return "id" in about and ("collection_concept_id" in about or "data_center" in about)


def _is_collection(entry: Any) -> bool:
    about = mapping(entry)
    return "short_name" in about and "processing_level_id" in about


def _footprint(view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    found = first_footprint(
        [
            (name, lambda read=read, name=name: united_geometry(read(view.get(name))))
            for name, read in _READERS
        ],
        problems,
    )
    if found is None and mapping(view.get("orbit")):
        problems.append(Problem("geometry", "only an orbit is given, of which no area can be told"))
    return found


def _polygons(said: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in array(said):
        # the outer ring, then holes
        rings = [ring for part in (array(entry) or [entry]) if (ring := _pairs(part))]
        if rings:
            found.append({"type": "Polygon", "coordinates": rings})
    return found


def _boxes(said: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in array(said):
        corners = _pairs(entry)
        if len(corners) != 2:
            raise BadValue(entry, "box", "south, west, north and east")
        (west, south), (east, north) = corners
        found.append(polygon_of_box(west, south, east, north))
    return found


def _lines(said: Any) -> list[dict[str, Any]]:
    lines = [_pairs(entry) for entry in array(said)]
    return [{"type": "LineString", "coordinates": line} for line in lines if line]


def _single_points(said: Any) -> list[dict[str, Any]]:
    return [{"type": "Point", "coordinates": pair} for entry in array(said) for pair in _pairs(entry)]


def _pairs(said: Any) -> list[list[float]]:
    """Longitudes and latitudes of a text that has the latitudes first."""
    numbers = [number(part) for part in text(said).replace(",", " ").split()]
    if len(numbers) % 2:
        raise BadValue(said, "coordinates", "pairs of latitude and longitude")
    return [[numbers[n + 1], numbers[n]] for n in range(0, len(numbers), 2)]


_READERS = (
    ("polygons", _polygons),
    ("boxes", _boxes),
    ("lines", _lines),
    ("points", _single_points),
)


def _links(view: Mapping[str, Any]) -> Iterator[Link]:
    links = [mapping(entry) for entry in array(view.get("links"))]
    own = [about for about in links if about.get("inherited") not in (True, "true")]
    data = [about for about in own if _kind(about) == "data"]
    size = byte_count(view.get("granule_size")) if len(data) == 1 else None
    for about in own:
        yield asset_link(
            text(about.get("href")),
            RELATIONS.get(_kind(about), "related"),
            title=about.get("title"),
            media_type=text(about.get("type")),
            size=size if about in data else None,
        )


def _kind(about: Mapping[str, Any]) -> str:
    """The last part of a relation such as http://esipfed.org/ns/fedsearch/1.1/data#."""
    return text(about.get("rel")).rstrip("#").rpartition("/")[2].lower()
