"""resto: the search answers of CREODIAS, the Copernicus Data Space, CODE-DE and SARA; reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..asset import Asset
from ..errors import BadAnswer, BadRecord
from ..footprint import Footprint
from ..product import Problem, Product, Value
from .feature import features_of
from .feed import Feed, check_named
from .gml import read_gml_text
from .links import Link, assets_of
from .loose_json import array, link, mapping, text, whole_number
from .loose_time import read_extent
from .noted import first_footprint
from .resto_names import VOCABULARY, told
from .satellite import complete_satellite

_TELLING = ("startDate", "completionDate", "productIdentifier")
# a product's name holds its date, and neither blanks nor folders
_NAME = re.compile(r"(?=.*\d)[^\s/]{8,}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_ROLES = {"self": ("metadata",), "alternate": ("metadata",)}


class Resto:
    """GeoJSON features, alone or in a collection whose `properties` speak of the search."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a feature with the names of resto, a collection of them, or its empty answer."""
        about = mapping(document)
        if about.get("type") == "Feature":
            return _is_resto(about)
        features = about.get("features")
        if about.get("type") != "FeatureCollection" or not isinstance(features, list):
            return False
        if features:
            return any(_is_resto(feature) for feature in cast(list[Any], features))
        search = mapping(about.get("properties"))
        paged = "itemsPerPage" in search and "query" in search
        return paged or "exactCount" in search or isinstance(search.get("links"), list)

    def feed(self, document: Any, source: str) -> Feed:
        """The features, with the total where it was counted; a page without features is the last."""
        about = mapping(document)
        if error := text(about.get("ErrorMessage")):
            raise BadAnswer(f"the provider answered with an error: {error}", source)
        features = features_of(document, source)
        search = mapping(about.get("properties"))
        total = whole_number(search.get("totalResults"))
        return Feed(tuple(features), total, link(search, "next") if features else "")

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The feature itself."""
        return mapping(entry)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of a feature, by the name all hubs give it; zeros that mean "not told" are left out."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a feature but {type(entry).__name__}", position)
        feature = cast(dict[str, Any], entry)
        said = mapping(feature.get("properties"))
        identifier = _identifier(feature, said)
        parent = text(said.get("collection")) or collection
        check_named("feature", identifier, parent, position)
        problems: list[Problem] = []
        start, end = (text(said.get(name)) for name in ("startDate", "completionDate"))
        return Product(
            id=identifier,
            collection=parent,
            title=text(said.get("title")),
            footprint=_footprint(feature, said, problems),
            time=read_extent(start, end, "startDate", problems),
            properties=_properties(said, identifier, problems),
            assets=_assets(said, problems),
            problems=tuple(problems),
        )


RESTO = Resto()


def _is_resto(feature: Any) -> bool:
    said = mapping(mapping(feature).get("properties"))
    # its licences are objects of its own making, which products have that have nothing else
    return any(name in said for name in _TELLING) or "licenseId" in mapping(said.get("license"))


def _identifier(feature: Mapping[str, Any], said: Mapping[str, Any]) -> str:
    """The product's name, which all hubs share; the feature's own id, which they do not, only without one."""
    title = text(said.get("title"))
    if _NAME.fullmatch(title) and not _UUID.fullmatch(title):
        return title
    path = text(said.get("productIdentifier"))
    return path.rstrip("/").rpartition("/")[2] or text(feature.get("id"))


def _footprint(
    feature: Mapping[str, Any], said: Mapping[str, Any], problems: list[Problem]
) -> Footprint | None:
    return first_footprint(
        (
            ("geometry", lambda: Footprint.from_geojson(feature.get("geometry"))),
            # longitude first, although it says EPSG:4326
            ("gmlgeometry", lambda: read_gml_text(said.get("gmlgeometry"), "gmlgeometry", axis="lon lat")),
        ),
        problems,
    )


def _properties(said: Mapping[str, Any], identifier: str, problems: list[Problem]) -> dict[str, Value]:
    found = VOCABULARY.read(told(said, identifier), problems)
    complete_satellite(found, identifier)
    return found


def _assets(said: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    return assets_of(_links(said), problems)


def _links(said: Mapping[str, Any]) -> Iterator[Link]:
    download = mapping(mapping(said.get("services")).get("download"))
    media_type = download.get("mimeType") or download.get("mimetype")
    yield Link(
        href=text(download.get("url")),
        roles=("data",),
        media_type=None if media_type == "application/unknown" else media_type,
        size=_size(download.get("size")) or _size(said.get("resourceSize")),
        checksum=download.get("checksum") or said.get("resourceChecksum"),
    )
    yield Link(href=text(said.get("quicklook")), roles=("overview",))
    yield Link(href=text(said.get("thumbnail")), roles=("thumbnail",))
    for entry in array(said.get("links")):
        about = mapping(entry)
        if roles := _ROLES.get(text(about.get("rel"))):
            yield Link(href=text(about.get("href")), roles=roles, media_type=about.get("type"))


def _size(value: Any) -> Any:
    """A size as it is told; 0 and -1 are sizes that are not known."""
    return None if value in (0, -1, "0", "-1") or isinstance(value, bool) else value
