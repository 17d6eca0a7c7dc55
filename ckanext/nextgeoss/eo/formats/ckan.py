"""Datasets of any CKAN as its action API gives them, whatever extras its portal adds: reads.

Source: docs.ckan.org, API guide; the keys of extras are those of ckanext-spatial, ckanext-dcat, portals."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from ..asset import Asset
from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product, Value
from ..temporal import ALWAYS, TemporalExtent
from .ckan_names import BOXES, GEOMETRIES, INTERVALS, STAMPS, TIMES, VOCABULARY
from .feed import Feed, check_named
from .gml import LON_LAT, read_gml_text
from .links import Link, assets_of
from .loose_json import array, mapping, text, texts, whole_number
from .loose_time import mended_time, read_extent, read_interval
from .noted import first_footprint

_LISTS = ("results", "packages", "datasets")
_NUMBERS = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,20})?(?:[\s,;]+[-+]?\d{1,3}(?:\.\d{1,20})?){3}")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SERVICES = re.compile(r"\b(wms|wfs|wcs|wmts|opendap|odata|csw|sos|esri rest|arcgis|api|thredds)\b", re.I)
_PAGES = re.compile(r"\b(html?|web page|website|publication|documentation|document|pdf|link)\b", re.I)
_PICTURES = re.compile(r"thumbnail|quicklook|preview", re.I)
_MANIFESTS = re.compile(r"manifest|metadata|iso ?19139|\bgmd\b", re.I)
_HEX = re.compile(r"(?:md5:|sha\d*:)?[0-9a-f]{32,128}", re.I)


class Ckan:
    """Datasets of `package_search`, `package_show` and their kin, with or without the wrapper of the API."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is a result of the action API, or a dataset."""
        about = mapping(document)
        if isinstance(about.get("success"), bool) and "result" in about:
            return about["success"]
        return _is_dataset(about) or _is_list(about)

    def feed(self, document: Any, source: str) -> Feed:
        """The datasets with their count."""
        about = mapping(document)
        result = about["result"] if "result" in about and not _is_dataset(about) else about
        if isinstance(result, list):
            listed = cast(list[Any], result)
            if any(isinstance(item, str) for item in listed):
                raise BadAnswer(f"a list of {len(listed)} names, not datasets", source)
            return Feed(tuple(listed))
        found = mapping(result)
        if _is_dataset(found):
            return Feed((found,))
        for name in _LISTS:
            if isinstance(found.get(name), list):
                return Feed(tuple(found[name]), whole_number(found.get("count")))
        raise BadAnswer("a result of the action API without datasets", source)

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The dataset, its extras by their keys, JSON in texts decoded."""
        return _view(mapping(entry))

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product that a dataset is, by its id; BadRecord for what is deleted or has none."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a dataset but {type(entry).__name__}", position)
        view = _view(mapping(cast(object, entry)))
        extras = mapping(view.get("extras"))
        # of the hubs before us, whose datasets are products: both are among the extras
        is_product = bool(text(extras.get("identifier")) and text(extras.get("collection_id")))
        named = text(extras.get("identifier")) if is_product else ""
        identifier = named or text(view.get("id")) or text(view.get("name"))
        series = (text(extras.get("collection_id")) if is_product else "") or collection
        check_named("dataset", identifier, series, position)
        if text(view.get("state")).lower() in ("deleted", "draft"):
            raise BadRecord(f"{identifier} is {text(view['state'])}", position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=series,
            title=text(view.get("title")),
            footprint=_footprint(view, problems),
            time=_time(view, problems),
            properties=_properties(view, problems),
            assets=_assets(view, problems),
            problems=tuple(problems),
        )


CKAN = Ckan()


def names_of(document: Any) -> tuple[str, ...]:
    """The names in an answer of `package_list`; none in any other."""
    result = mapping(document).get("result", document)
    names = array(result)
    return texts(names) if names and all(isinstance(name, str) for name in names) else ()


def _is_dataset(about: Mapping[str, Any]) -> bool:
    is_named = bool(text(about.get("id")) or text(about.get("name")))
    return is_named and any(key in about for key in ("resources", "metadata_modified", "extras"))


def _is_list(about: Mapping[str, Any]) -> bool:
    lists = [array(about.get(name)) for name in _LISTS]
    return any(listed and _is_dataset(mapping(listed[0])) for listed in lists)


# --- what a dataset says


def _view(dataset: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: _value(name, value) for name, value in dataset.items() if name != "extras"}
    extras = dataset.get("extras")
    pairs: list[tuple[str, Any]] = list(mapping(extras).items())
    for entry in array(extras):
        about = mapping(entry)
        value = about.get("value")
        if about.get("state") != "deleted" and (key := text(about.get("key"))):
            pairs.append((key, value))
    found: dict[str, Any] = {}
    for key, value in pairs:
        found.setdefault(key, _value(key, value))
    return said | ({"extras": found} if found else {})


def _value(name: str, value: Any) -> Any:
    return mended_time(value) if name in STAMPS and isinstance(value, str) else _decoded(value)


def _decoded(value: Any) -> Any:
    """A value that is JSON in a text, which extras have to be; any other as it is."""
    if not isinstance(value, str) or value.strip()[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _values(view: Mapping[str, Any], name: str) -> Iterator[Any]:
    """What is said under a name at the top and among the extras, where it is something."""
    for place in (view, mapping(view.get("extras"))):
        if (value := place.get(name)) not in (None, "", [], {}):
            yield value


def _first(view: Mapping[str, Any], name: str) -> Any:
    return next(_values(view, name), None)


# --- parts


def _time(view: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    for first, last in TIMES:
        start, end = (_one_text(_first(view, name)) for name in (first, last))
        if (start or end) and (found := read_extent(start, end, first, problems)):
            return found
    for name in INTERVALS:
        for value in _values(view, name):
            if found := _interval(value, name, problems):
                return found
    return ALWAYS


def _interval(value: Any, where: str, problems: list[Problem]) -> TemporalExtent:
    """From `a/b`, `[a TO b]`, an object with both, or one day."""
    said: Any = next(iter(cast(list[Any], value)), None) if isinstance(value, list) else value
    if isinstance(said, dict):
        about = mapping(cast(object, said))
        starts, ends = ("start_date", "start", "from", "begin"), ("end_date", "end", "to")
        start, end = (
            next((found for name in names if (found := text(about.get(name)))), "")
            for names in (starts, ends)
        )
        return read_extent(start, end, where, problems) if start or end else ALWAYS
    words = text(said).strip("[]").replace(" TO ", "/").replace("*", "").strip()
    words = _AMERICAN.sub(lambda day: f"{day[3]}-{int(day[1]):02}-{int(day[2]):02}", words)
    words = re.sub(r"(?<=\d)-(?=\d{4}-\d\d-\d\d)", "/", words)
    return read_interval(words, where, problems) if words and re.search(r"\d{4}", words) else ALWAYS


def _one_text(value: Any) -> str:
    return next(iter(texts(value)), "")


def _footprint(view: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    places: list[tuple[str, Callable[[], Footprint | None]]] = [
        (name, lambda value=value: _geometry(value)) for name in GEOMETRIES for value in _values(view, name)
    ]
    for names in BOXES:
        sides = [_first(view, name) for name in names]
        if all(side is not None for side in sides):
            places.append((names[0], lambda sides=sides: _box(sides)))
    return first_footprint(places, problems)


def _geometry(value: Any) -> Footprint | None:
    """The area of GeoJSON, WKT, GML or four numbers, of sides by name, alone or first in a list; None for a
    place that is only named."""
    if isinstance(value, list):
        items = cast(list[Any], value)
        if len(items) == 4 and all(isinstance(item, (int, float)) for item in items):
            return _box(items)
        return next((found for item in items if (found := _geometry(_decoded(item)))), None)
    if isinstance(value, dict):
        about = mapping(cast(object, value))
        sides = [about.get(name) for name in BOXES[-1]]
        return _box(sides) if None not in sides else Footprint.from_geojson(about)
    said = text(value)
    if said.startswith("<"):
        return read_gml_text(said, "spatial", axis=LON_LAT)
    if _NUMBERS.fullmatch(said.strip()):
        return _box(re.split(r"[\s,;]+", said.strip()))
    is_wkt = re.match(r"(SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)|GEOMETRYCOLLECTION", said, re.I)
    return Footprint.from_wkt(said) if is_wkt else None


def _box(sides: list[Any]) -> Footprint | None:
    """A box of west, south, east and north."""
    try:
        west, south, east, north = (float(side) for side in sides)
    except (TypeError, ValueError) as error:
        raise BadValue(sides, "bbox", "four numbers: west, south, east, north") from error
    return Footprint.from_bbox(west, south, east, north)


def _properties(view: Mapping[str, Any], problems: list[Problem]) -> dict[str, Value]:
    tags = [mapping(tag) for tag in array(view.get("tags"))]
    words = [text(tag.get("display_name")) or text(tag.get("name")) for tag in tags] or texts(
        view.get("tags")
    )
    said = dict(view) | {"tags": {"display_name": [word for word in words if word]}}
    # what is said of a file is no property of the product, and a placeholder is no value
    rest = {name: value for name, value in said.items() if name not in ("resources", "groups")}
    return VOCABULARY.read(rest, problems)


def _assets(view: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = [_resource(mapping(resource)) for resource in array(view.get("resources"))]
    pages = [text(value) for name in ("url", "landingPage") for value in _values(view, name)]
    links += [Link(href=page, roles=("metadata",)) for page in pages]
    return assets_of((link for link in links if link.href), problems)


def _resource(about: Mapping[str, Any]) -> Link:
    media_type, size = text(about.get("mimetype")), about.get("size")
    checksum = text(about.get("hash"))
    return Link(
        href=text(about.get("url")).replace(" ", "%20"),
        roles=(_role(about),),
        title=text(about.get("name")),
        media_type=media_type if re.fullmatch(r"[\w.+-]+/[\w.+-]+(;.*)?", media_type) else "",
        size=size or None,
        checksum=checksum if _HEX.fullmatch(checksum) else "",
    )


def _role(about: Mapping[str, Any]) -> str:
    """What a resource is, by its type, format and name."""
    kind, words = text(about.get("resource_type")), text(about.get("format"))
    name = text(about.get("name"))
    if _PICTURES.search(f"{kind} {name}"):
        return "thumbnail"
    if _MANIFESTS.search(kind) or _MANIFESTS.search(name):
        return "metadata"
    if _SERVICES.search(words) or kind in ("api", "service") or "request=getcapabilities" in _address(about):
        return "service"
    return "documentation" if _PAGES.search(words) or _PAGES.fullmatch(kind) else "data"


def _address(about: Mapping[str, Any]) -> str:
    return text(about.get("url")).lower()
