"""EO GeoJSON: products of OGC 17-003r2 in search answers of OGC 17-047r1; reads and writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..asset import Asset
from ..errors import BadAnswer, BadRecord
from ..product import Problem, Product, Value
from ..temporal import ALWAYS, TemporalExtent
from .eo_geojson_names import ACQUISITION, ADDITIONAL, ASSETS, ASSUMED, VOCABULARY
from .eo_geojson_write import GEOJSON, write_answer, write_page, write_product
from .feature import features_of, read_footprint
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text, texts, whole_number
from .loose_time import read_extent, read_interval
from .satellite import complete_satellite

__all__ = ["EO_GEOJSON", "GEOJSON", "write_answer", "write_page", "write_product"]

# relations that lead to files of the product; others lead to its collection or to searches
_FILES = ("data", "previews", "related", "qualityReport", "via", "alternates")
_ORDERS = re.compile(r"oseo|wsdl|text/html", re.I)
_EPSG = re.compile(r".*EPSG[/:](?:[\d.]*[/:])?(\d+)", re.I)


class EoGeoJson:
    """Features of OGC 17-003r2, alone or in a collection of 17-047r1."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a feature, or a collection of them."""
        return mapping(document).get("type") in ("Feature", "FeatureCollection") or "features" in mapping(
            document
        )

    def feed(self, document: Any, source: str) -> Feed:
        """The features, with the total and the next link of 17-047r1."""
        about, found = mapping(document), features_of(document, source)
        if found and all(_is_series(feature) for feature in found):
            raise BadAnswer(f"a list of {len(found)} collections, not products", source)
        within = mapping(about.get("properties"))
        total = about.get("totalResults", within.get("totalResults"))
        return Feed(tuple(found), whole_number(total), _next(mapping(within.get("links"))))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The feature itself."""
        return mapping(entry)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a feature; the acquisition's own times are preferred to `date`."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a feature but {type(entry).__name__}", position)
        feature = cast(dict[str, Any], entry)
        said = mapping(feature.get("properties"))
        problems: list[Problem] = []
        identifier = text(said.get("identifier")) or text(feature.get("id")) or text(said.get("title"))
        parent = text(said.get("parentIdentifier")) or collection
        check_named("feature", identifier, parent, position)
        return Product(
            id=identifier,
            collection=parent,
            title=text(said.get("title")),
            footprint=read_footprint(feature, problems),
            time=_time(said, problems),
            properties=_properties(said, identifier, problems),
            assets=_assets(said, problems),
            problems=tuple(problems),
        )


EO_GEOJSON = EoGeoJson()


# --- reading


def _is_series(feature: Any) -> bool:
    """Whether a feature describes a collection: it leads to a search of its products."""
    said = mapping(mapping(feature).get("properties"))
    return not said.get("parentIdentifier") and "search" in mapping(said.get("links"))


def _next(links: Mapping[str, Any]) -> str:
    return next((text(mapping(link).get("href")) for link in array(links.get("next"))), "")


def _acquisitions(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = said.get(ACQUISITION)
    return [mapping(entry) for entry in (array(found) or [found])]


def _time(said: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    where = f"{ACQUISITION}.acquisitionParameters"
    for acquisition in _acquisitions(said):
        about = mapping(acquisition.get("acquisitionParameters"))
        start, end = (text(about.get(name)) for name in ("beginningDateTime", "endingDateTime"))
        if found := read_extent(start, end, where, problems) if start or end else ALWAYS:
            return found
    date = text(said.get("date"))
    return read_interval(date, "date", problems) if date else ALWAYS


def _properties(said: Mapping[str, Any], identifier: str, problems: list[Problem]) -> dict[str, Value]:
    assumed = texts(mapping(said.get(ADDITIONAL)).get(ASSUMED))
    found = VOCABULARY.read({"properties": _without(said, assumed) if assumed else said}, problems)
    complete_satellite(found, identifier)
    if code := _EPSG.fullmatch(str(found.get("proj_code", ""))):
        found["proj_code"] = f"EPSG:{code[1]}"
    return found


def _without(value: Any, names: tuple[str, ...]) -> Any:
    """An object without members of these names, at any depth."""
    if isinstance(value, dict):
        members = cast(dict[str, Any], value).items()
        return {name: _without(each, names) for name, each in members if name not in names}
    return [_without(each, names) for each in array(value)] if isinstance(value, list) else value


def _assets(said: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = mapping(said.get("links"))
    own = mapping(said.get(ADDITIONAL)).get(ASSETS)
    if isinstance(own, list):  # our own writer's
        return assets_of(_own_links(links, array(own)), problems, as_given=True)
    size = mapping(said.get("productInformation")).get("size")
    said_links = [(rel, mapping(entry)) for rel in _FILES for entry in array(links.get(rel))]
    # the product's size is that of its only file
    alone = size if len(array(links.get("data"))) == 1 else None
    return assets_of((_link(relation, about, alone) for relation, about in said_links), problems)


def _own_links(links: Mapping[str, Any], files: list[Any]) -> Iterator[Link]:
    """The links of files in their order as assets, each relation's own being in it."""
    following = {relation: iter(array(links.get(relation))) for relation in _FILES}
    for about in map(mapping, files):
        found = mapping(next(following.get(text(about.get("rel")), iter(())), None))
        yield Link(
            href=text(found.get("href")),
            roles=texts(about.get("roles")),
            title=text(found.get("title")),
            media_type=text(found.get("type")),
            size=found.get("length"),
            checksum=text(about.get("checksum")),
            key=text(about.get("key")),
        )


def _link(relation: str, about: Mapping[str, Any], size: Any) -> Link:
    length = about.get("length")
    return Link(
        href=text(about.get("href")),
        roles=_read_roles(relation, about),
        title=text(about.get("title")),
        # in JSON-LD `type` is that of the object
        media_type=text(about.get("mediaType")) or text(about.get("type")).removeprefix("Link"),
        size=size if length is None and relation == "data" else length,
    )


def _read_roles(relation: str, about: Mapping[str, Any]) -> tuple[str, ...]:
    category = text(about.get("category")).lower()
    if relation == "data":
        return ("order",) if _ORDERS.search(text(about.get("type"))) else ("data",)
    if relation == "previews":
        return ("thumbnail",) if category == "thumbnail" else ("overview",)
    if relation == "related":
        return (category or "related",)
    return ("metadata",)
