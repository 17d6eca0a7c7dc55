"""GDACS: the events of its API, in GeoJSON; reads. Its feed in RSS says less of fewer events.

Source: www.gdacs.org/gdacsapi: lists of events, one event, and what it covers in several features."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..errors import BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product
from .feature import features_of, read_footprint
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text
from .loose_time import mended_time, read_extent
from .vocabulary import IGNORED, Vocabulary

# beginnings of the classes of features that are areas
_AREAS = "poly_"
# what a whole event covers; without it the widest area is what it may reach
_AFFECTED = ("poly_area", "poly_affected")
_TIMES = ("fromdate", "todate", "datemodified")

VOCABULARY = Vocabulary(
    {
        "properties/eventtype": "product_type",
        "properties/eventid": "id",
        "properties/episodeid": "product_version",
        "properties/name": "title",
        "properties/description": "description",
        "properties/htmldescription": "description",
        "properties/fromdate": "time",
        "properties/todate": "time",
        "properties/datemodified": "updated",
        "geometry/*": "geometry",
        "bbox": "geometry",
        "properties/url/*": "assets",
        "properties/images/thumbnailmap_cached": "assets",
        # who is hit, by what and how hard, which title and description say; news, and pictures of maps
        "properties/*": IGNORED,
        "features/*": "geometry",
        "type": IGNORED,
    },
    only_these=True,
)


class Gdacs:
    """Features with type and number of an event; those of one event are one entry."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the feature of an event, or a collection with one."""
        about = mapping(document)
        return any(_event(mapping(feature)) for feature in [about, *array(about.get("features"))])

    def feed(self, document: Any, source: str) -> Feed:
        """The events in the order in which they are first told; what is no event is an entry too."""
        events: dict[str, list[Any]] = {}
        for number, feature in enumerate(features_of(document, source)):
            events.setdefault(_event(mapping(feature)) or f"#{number}", []).append(feature)
        return Feed(tuple(_entry(features) for features in events.values()))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The newest of the features of an event, its times in UTC."""
        features = _features(entry)
        newest = max(features, key=_episode) if features else {}
        said = mapping(newest.get("properties"))
        times = {name: mended_time(text(said[name])) for name in _TIMES if text(said.get(name))}
        return newest | {"properties": said | times} if times else newest

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an event, which keeps its identifier when it goes on: an episode is a version."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a feature but {type(entry).__name__}", position)
        view = self.view(entry)
        identifier = _event(view)
        check_named("event", identifier, collection, position)
        said = mapping(view.get("properties"))
        problems: list[Problem] = []
        start, end = (text(said.get(name)) for name in _TIMES[:2])
        return Product(
            id=identifier,
            collection=collection,
            title=text(said.get("name")) or text(said.get("description")),
            footprint=_footprint(_features(entry), view, problems),
            time=read_extent(start, end, "fromdate", problems),
            properties=VOCABULARY.read(view, problems),
            assets=assets_of(_links(said), problems),
            problems=tuple(problems),
        )


GDACS = Gdacs()


def _event(feature: Mapping[str, Any]) -> str:
    """The identifier that all texts about an event have in common, such as TC1001253."""
    said = mapping(feature.get("properties"))
    kind, number = text(said.get("eventtype")), text(said.get("eventid"))
    return f"{kind}{number}" if kind and number else ""


def _entry(features: list[Any]) -> Any:
    return features[0] if len(features) == 1 else {"type": "FeatureCollection", "features": features}


def _features(entry: Any) -> list[dict[str, Any]]:
    about = mapping(entry)
    found = about.get("features")
    return [mapping(feature) for feature in cast(list[Any], found)] if isinstance(found, list) else [about]


def _episode(feature: Mapping[str, Any]) -> int:
    number = text(mapping(feature.get("properties")).get("episodeid"))
    return int(number) if number.isdecimal() and len(number) < 20 else 0


def _footprint(
    features: list[dict[str, Any]], view: Mapping[str, Any], problems: list[Problem]
) -> Footprint | None:
    """What is affected, else the widest of the areas, else where the event is marked on a map."""
    areas = [each for each in features if _class(each).startswith(_AREAS)]
    affected = [each for each in areas if _class(each) in _AFFECTED]
    found = [footprint for each in affected or areas if (footprint := _area(each))]
    return max(found, key=lambda each: each.area, default=None) or read_footprint(view, problems)


def _class(feature: Mapping[str, Any]) -> str:
    return text(mapping(feature.get("properties")).get("Class")).lower()


def _area(feature: Mapping[str, Any]) -> Footprint | None:
    """The area of a feature; those of a wind that does not blow there have no extent."""
    try:
        return Footprint.from_geojson(feature.get("geometry"))
    except BadValue:
        return None


def _links(said: Mapping[str, Any]) -> Iterator[Link]:
    """What the event covers, its picture, and what is told of it to people and to programs."""
    addresses = mapping(said.get("url"))
    yield Link(href=text(addresses.get("geometry")), roles=("data",), media_type="application/geo+json")
    picture = text(mapping(said.get("images")).get("thumbnailmap_cached"))
    yield Link(href=picture, roles=("thumbnail",))
    yield Link(href=text(addresses.get("report")), roles=("metadata",), media_type="text/html")
    yield Link(href=text(addresses.get("details")), roles=("metadata",), media_type="application/json")
