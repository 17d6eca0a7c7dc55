"""EO GeoJSON: products of OGC 17-003r2 in search answers of OGC 17-047r1; reads and writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from ..asset import Asset
from ..errors import BadAnswer, BadRecord
from ..page import Page
from ..product import Problem, Product, Value
from ..properties import load_properties, plain_number
from ..temporal import ALWAYS, TemporalExtent, format_time
from .eo_geojson_names import ACQUISITION, CAPITALS, PLACES, TEXTS, VOCABULARY
from .feature import features_of, read_footprint
from .feed import Feed, check_named
from .links import Link, assets_of
from .loose_json import array, mapping, text, texts, whole_number
from .loose_time import read_extent, read_interval
from .satellite import complete_satellite

GEOJSON = "application/geo+json"
# our own members of links, for what the standard has no name for
_KEY, _ROLES, _CHECKSUM = "nextgeoss:key", "nextgeoss:roles", "nextgeoss:checksum"
_NUMBER = "nextgeoss:number"  # links of several relations are in one order as assets
_RELATIONS = {"data": "data", "thumbnail": "previews", "overview": "previews", "metadata": "via"}
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


def write_page(page: Page, *, address: str = "", start: int = 1) -> dict[str, Any]:
    """The search answer of a page (17-047r1) with its own address; `start` is its first product's number."""
    links: dict[str, Any] = {"profiles": [{"href": "http://www.opengis.net/spec/os-geojson/1.0/req/core"}]}
    if page.next:
        links["next"] = [{"href": page.next, "type": GEOJSON, "title": "Next page"}]
    answer: dict[str, Any] = {
        "@context": "http://schemas.opengis.net/os-geojson/1.0/os-geojson.jsonld",
        "type": "FeatureCollection",
        "id": address,
        "totalResults": page.total,
        "startIndex": start,
        "itemsPerPage": len(page.products),
        "properties": {"title": "Products", "links": links},
        "features": [write_product(product) for product in page.products],
    }
    return {name: value for name, value in answer.items() if value not in (None, "")}


def write_product(product: Product) -> dict[str, Any]:
    """The feature of a product (17-003r2); what the standard has no name for is in `additionalAttributes`."""
    said: dict[str, Any] = {
        "identifier": product.id,
        "parentIdentifier": product.collection,
        "title": product.title or product.id,
    }
    _write_time(said, product.time)
    for name, value in product.properties.items():
        _put(said, PLACES.get(name) or f"additionalAttributes/{name}", _written(name, value))
    acquisition = said.pop(ACQUISITION, {})
    if (instruments := mapping(acquisition.get("instrument")).get("instrumentShortName")) is not None:
        acquisition["instrument"]["instrumentShortName"] = instruments[0]
        more = [{"instrument": {"instrumentShortName": name}} for name in instruments[1:]]
    else:
        more = []
    if acquisition:
        said[ACQUISITION] = [acquisition, *more]
    if links := _write_links(product.assets):
        said["links"] = links
    feature: dict[str, Any] = {
        "type": "Feature",
        "id": product.id,
        "geometry": product.footprint.geojson if product.footprint else None,
        "properties": said,
    }
    if product.footprint:
        feature["bbox"] = [plain_number(number) for number in product.footprint.bbox]
    return feature


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
    found = VOCABULARY.read({"properties": said}, problems)
    complete_satellite(found, identifier)
    if code := _EPSG.fullmatch(str(found.get("proj_code", ""))):
        found["proj_code"] = f"EPSG:{code[1]}"
    return found


def _assets(said: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = mapping(said.get("links"))
    size = mapping(said.get("productInformation")).get("size")
    said_links = [(rel, mapping(entry)) for rel in _FILES for entry in array(links.get(rel))]
    is_ours = bool(said_links) and all(_NUMBER in about for _, about in said_links)
    if is_ours:
        said_links.sort(key=lambda each: whole_number(each[1][_NUMBER]) or 0)
    # the product's size is that of its only file
    alone = size if len(array(links.get("data"))) == 1 else None
    return assets_of(
        (_link(relation, about, alone) for relation, about in said_links), problems, as_given=is_ours
    )


def _link(relation: str, about: Mapping[str, Any], size: Any) -> Link:
    length = about.get("length")
    return Link(
        href=text(about.get("href")),
        roles=texts(about[_ROLES]) if _ROLES in about else _read_roles(relation, about),
        title=text(about.get("title")),
        # in JSON-LD `type` is that of the object
        media_type=text(about.get("mediaType")) or text(about.get("type")).removeprefix("Link"),
        size=size if length is None and relation == "data" and _NUMBER not in about else length,
        checksum=text(about.get(_CHECKSUM)),
        key=text(about.get(_KEY)),
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


# --- writing


def _written(name: str, value: Value) -> Any:
    row = load_properties()[name]
    if isinstance(value, datetime):
        return format_time(value)
    if name == "instruments":
        return list(cast(tuple[str, ...], value))
    if name == "polarizations":
        return ", ".join(cast(tuple[str, ...], value))
    if isinstance(value, tuple):
        return list(value)
    if name in TEXTS:
        return row.to_text(value)
    if name in CAPITALS:
        return str(value).upper()
    return plain_number(value) if isinstance(value, float) else value


def _write_time(said: dict[str, Any], time: TemporalExtent) -> None:
    start, end = (format_time(each) if each else "" for each in (time.start, time.end))
    if start and end:
        said["date"] = start if start == end else f"{start}/{end}"
        _put(said, f"{ACQUISITION}/acquisitionParameters/beginningDateTime", start)
        _put(said, f"{ACQUISITION}/acquisitionParameters/endingDateTime", end)
    elif start or end:
        said["date"] = f"{start}/{end}"


def _put(said: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split("/")
    for step in steps:
        said = said.setdefault(step, {})
    said[last] = value


def _write_links(assets: tuple[Asset, ...]) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for number, asset in enumerate(assets):
        relation = next((_RELATIONS[role] for role in asset.roles if role in _RELATIONS), "related")
        about = {
            "href": asset.href,
            "type": asset.media_type,
            "title": asset.title,
            "length": asset.size,
            _KEY: asset.key,
            _CHECKSUM: asset.checksum,
            _NUMBER: number,
        }
        said = {name: value for name, value in about.items() if value not in (None, "")}
        links.setdefault(relation, []).append(said | {_ROLES: list(asset.roles)})
    return links
