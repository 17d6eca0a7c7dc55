"""STAC items and collections: reads versions 0.6 to 1.1, writes 1.1.0 (github.com/radiantearth/stac-spec)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urljoin, urlsplit

from ..asset import Asset, parse_checksum, parse_media_type, parse_size, write_multihash
from ..collection import Collection
from ..errors import BadRecord, BadValue
from ..footprint import Footprint
from ..page import Page
from ..product import Problem, Product, Value
from ..properties import OWN_PREFIX, Properties, Property, load_properties, plain_number
from ..temporal import ALWAYS, TemporalExtent, format_time
from ..text import clean_text
from .stac_names import VERSION, decoded, encoded, extension, upgraded

# STAC has no open ends: an interval with one is written under this name
_OPEN_TIME = OWN_PREFIX + "time"
_EMPTY = (None, "", [], {})
_WEB = ("http", "https")


def read_item(
    item: Any, *, position: int = 0, collection: str = "", properties: Properties | None = None
) -> Product:
    """The product of an item; problems are noted with it, without id or collection it is a BadRecord.

    `position` of the item in its answer is for messages; `collection` is used when the item names none."""
    if not isinstance(item, dict):
        raise BadRecord("not a STAC item but " + type(item).__name__, position)
    item = cast(dict[str, Any], item)
    fields = upgraded(_mapping(item.get("properties")))
    problems: list[Problem] = []
    return Product(
        id=_identifier(item, position),
        collection=_collection_of(item, fields, position, collection),
        title=_text(fields.get("title")),
        footprint=_footprint(item, problems),
        time=_time(fields, problems),
        properties=_properties(fields, load_properties() if properties is None else properties, problems),
        assets=tuple(_assets(item, problems)),
        problems=tuple(problems),
    )


def write_item(
    product: Product, *, base_url: str = "", properties: Properties | None = None
) -> dict[str, Any]:
    """The STAC item of a product; its links are absolute below `base_url`, the address of our landing page.

    Valid by the published schemas when the time is known; what STAC cannot say goes by names `nextgeoss:*`."""
    rows = load_properties() if properties is None else properties
    fields = _written_time(product.time)
    if product.title:
        fields["title"] = product.title
    for name, value in product.properties.items():
        fields |= _written_property(rows[name], value)
    if "product:timeliness_category" in fields and "product:timeliness" not in fields:
        row = cast(Property, rows.by_stac("product:timeliness_category"))
        fields[row.own_name] = fields.pop(row.stac)
    assets = {asset.key: _written_asset(asset) for asset in product.assets}
    names = [*fields, *(name for asset in assets.values() for name in asset)]
    item: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": sorted({found for name in names if (found := extension(name))}),
        "id": product.id,
        "collection": product.collection,
        "geometry": product.footprint.geojson if product.footprint else None,
        "properties": fields,
        "links": _links(product, base_url),
        "assets": assets,
    }
    if product.footprint:
        item["bbox"] = [plain_number(number) for number in product.footprint.bbox]
    return item


def read_page(answer: Mapping[str, Any]) -> Page:
    """The page of an item collection; `next` is the address of its next link."""
    features = cast(list[Any], answer.get("features") or [])
    total = answer.get("numberMatched", _mapping(answer.get("context")).get("matched"))
    return Page(
        products=tuple(read_item(feature, position=index) for index, feature in enumerate(features)),
        total=total if isinstance(total, int) else None,
        next=_link(answer, "next"),
    )


def write_page(page: Page, *, base_url: str = "") -> dict[str, Any]:
    """The item collection of a page (STAC API 1.0.0)."""
    answer: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [write_item(product, base_url=base_url) for product in page.products],
        "numberReturned": len(page.products),
        "links": [{"rel": "next", "href": page.next, "type": "application/geo+json"}] if page.next else [],
    }
    return answer if page.total is None else answer | {"numberMatched": page.total}


def read_collection(document: Mapping[str, Any]) -> Collection:
    """The collection of a STAC collection; without id a BadRecord."""
    identifier = _text(document.get("id"))
    if not identifier:
        raise BadRecord("collection without id", 0)
    extent = _mapping(document.get("extent"))
    summaries = upgraded(_mapping(document.get("properties")) | _mapping(document.get("summaries")))
    about = summaries | dict(document)
    license_ = _text(document.get("license"))
    return Collection(
        id=identifier,
        title=_text(document.get("title")),
        description=_text(document.get("description")),
        keywords=_texts(document.get("keywords")),
        license=_link(document, "license") or license_ if license_ in _UNNAMED_LICENSES else license_,
        doi=_text(about.get("sci:doi")),
        citation=_text(about.get("sci:citation")),
        platforms=_texts(summaries.get("platform")),
        instruments=_texts(summaries.get("instruments")),
        providers=_texts([_mapping(entry).get("name") for entry in document.get("providers") or ()]),
        footprint=_collection_footprint(_mapping(extent.get("spatial"))),
        time=_collection_time(_mapping(extent.get("temporal"))),
        thumbnail=_thumbnail(document),
    )


# --- reading


def _mapping(value: Any) -> dict[str, Any]:
    return cast(dict[str, Any], value) if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return clean_text(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _texts(value: Any) -> tuple[str, ...]:
    values = cast(list[Any], value if isinstance(value, list) else [value])
    return tuple(dict.fromkeys(text for item in values if (text := _text(item))))


def _identifier(item: Mapping[str, Any], position: int) -> str:
    if identifier := _text(item.get("id")):
        return identifier
    raise BadRecord("no id", position)


def _collection_of(item: Mapping[str, Any], fields: Mapping[str, Any], position: int, default: str) -> str:
    named = item.get("collection") or fields.get("collection") or fields.get("c:id") or default
    if found := _text(named) or _collection_link(item):
        return found
    raise BadRecord(f"item {item['id']} names no collection", position)


def _collection_link(item: Mapping[str, Any]) -> str:
    """The id in a link `.../collections/<id>`."""
    path = urlsplit(_link(item, "collection")).path.rstrip("/")
    before, _, last = path.rpartition("/")
    return last if before.endswith("/collections") else ""


def _footprint(item: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    reasons: list[Problem] = []
    for where in ("geometry", "bbox"):
        try:
            found = Footprint.from_geojson(item.get(where))
        except BadValue as error:
            reasons.append(Problem(where, f"{error}"))
            continue
        if found:
            if where == "bbox":
                reasons = reasons or [Problem("geometry", "none given")]
                reasons.append(Problem("geometry", "the bbox is taken instead"))
            problems += reasons + [Problem(where, repair) for repair in found.repairs]
            return found
    problems += reasons
    return None


def _time(fields: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """The pair start_datetime, end_datetime where it can be used, else datetime."""
    if isinstance(own := fields.get(_OPEN_TIME), str):
        return _extent(_OPEN_TIME, own, problems)
    start, end = (_text(fields.get(name)) for name in ("start_datetime", "end_datetime"))
    pair = _extent("start_datetime/end_datetime", f"{start}/{end}", problems) if start or end else ALWAYS
    instant = _text(fields.get("datetime"))
    return pair or (_extent("datetime", instant, problems) if instant else ALWAYS)


def _extent(where: str, text: str, problems: list[Problem]) -> TemporalExtent:
    try:
        return TemporalExtent.parse(text)
    except BadValue as error:
        problems.append(Problem(where, str(error)))
        return ALWAYS


def _properties(fields: Mapping[str, Any], rows: Properties, problems: list[Problem]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for row in rows.values():
        for name in (row.stac, row.own_name, *row.stac_aliases):
            value = fields.get(name)
            if value in _EMPTY:
                continue
            try:
                found[row.name] = row.parse(decoded(name, value))
                break
            except BadValue as error:
                problems.append(Problem(f"properties.{name}", str(error)))
    return found


def _assets(item: Mapping[str, Any], problems: list[Problem]) -> Iterator[Asset]:
    base = _link(item, "self")
    for key, entry in _mapping(item.get("assets")).items():
        where = f"assets.{key}"
        fields = _mapping(entry)
        href = _href(fields)
        if not href:
            problems.append(Problem(where, "no href"))
            continue
        checksum = fields.get("file:checksum") or fields.get("checksum:multihash")
        media_type = str(_parsed(parse_media_type, fields.get("type"), f"{where}.type", problems) or "")
        roles = fields.get("roles")
        size = _parsed(parse_size, fields.get("file:size"), f"{where}.file:size", problems)
        yield Asset(
            key=clean_text(key),
            href=href if urlsplit(href).scheme or not base else urljoin(base, href),
            roles=(guessed_role(key, media_type),) if roles is None else _texts(roles),
            title=_text(fields.get("title")),
            media_type=media_type,
            size=size if isinstance(size, int) else None,
            checksum=str(_parsed(parse_checksum, checksum, f"{where}.file:checksum", problems) or ""),
        )


def _parsed(parse: Any, value: Any, where: str, problems: list[Problem]) -> str | int | None:
    if value in _EMPTY:
        return None
    try:
        return parse(value)
    except (BadValue, AttributeError) as error:
        problems.append(Problem(where, str(error)))
        return None


def _href(fields: Mapping[str, Any]) -> str:
    """The address of an asset; a web address among its alternates is preferred to an object store's."""
    href = _text(fields.get("href"))
    if urlsplit(href).scheme in (*_WEB, ""):
        return href
    others = [_text(_mapping(entry).get("href")) for entry in _mapping(fields.get("alternate")).values()]
    return next((other for other in others if urlsplit(other).scheme in _WEB), href)


_ROLE_WORDS = {
    "thumbnail": ("thumbnail", "thumb", "icon", "preview"),
    "overview": ("overview", "quicklook", "browse", "visual"),
    "metadata": ("metadata", "manifest", "mtl", "info", "index", "tilejson"),
}
_METADATA_TYPES = ("application/xml", "text/xml", "application/json", "text/plain", "text/html")


def guessed_role(key: str, media_type: str) -> str:
    """What an asset without roles is for, by its key and media type."""
    for role, words in _ROLE_WORDS.items():
        if any(word in key.lower() for word in words):
            return role
    return "metadata" if media_type.startswith(_METADATA_TYPES) else "data"


def _link(document: Mapping[str, Any], rel: str) -> str:
    links = document.get("links")
    for link in cast(list[Any], links) if isinstance(links, list) else []:
        if _mapping(link).get("rel") == rel:
            return _text(_mapping(link).get("href"))
    return ""


_UNNAMED_LICENSES = ("", "proprietary", "other", "various")


def _collection_footprint(spatial: Mapping[str, Any]) -> Footprint | None:
    boxes = spatial.get("bbox")
    first = cast(list[Any], boxes)[0] if isinstance(boxes, list) and boxes else None
    try:
        return Footprint.from_geojson(first if isinstance(first, list) else boxes)
    except BadValue:
        return None  # an extent that cannot be read is one that is not known


def _collection_time(temporal: Mapping[str, Any]) -> TemporalExtent:
    intervals = temporal.get("interval")
    first = cast(list[Any], intervals)[0] if isinstance(intervals, list) and intervals else None
    if not isinstance(first, list) or len(pair := cast(list[Any], first)) != 2:
        return ALWAYS
    try:
        return TemporalExtent.of(_text(pair[0]), _text(pair[1]))
    except BadValue:
        return ALWAYS


def _thumbnail(document: Mapping[str, Any]) -> str:
    assets = list(_assets(document, []))
    for asset in assets:
        if "thumbnail" in asset.roles:
            return asset.href
    return _link(document, "preview") or _link(document, "icon")


# --- writing


def _written_time(time: TemporalExtent) -> dict[str, Any]:
    start = format_time(time.start) if time.start else None
    end = format_time(time.end) if time.end else None
    if start and end:
        pair = {} if start == end else {"start_datetime": start, "end_datetime": end}
        return {"datetime": start} | pair
    return {"datetime": start or end} | ({_OPEN_TIME: time.isoformat()} if time else {})


def _written_property(row: Property, value: Value) -> dict[str, Any]:
    plain: Any = value
    if isinstance(value, tuple):
        plain = list(value)
    elif isinstance(value, datetime):
        plain = format_time(value)
    elif isinstance(value, float):
        plain = plain_number(value)
    written = encoded(row.stac, plain)
    return {row.own_name: plain} if written is None else {row.stac: written}


def _written_asset(asset: Asset) -> dict[str, Any]:
    fields: dict[str, Any] = {"href": asset.href, "roles": list(asset.roles)}
    if asset.title:
        fields["title"] = asset.title
    if asset.media_type:
        fields["type"] = asset.media_type
    if asset.size is not None:
        fields["file:size"] = asset.size
    if asset.checksum:
        fields["file:checksum"] = write_multihash(asset.checksum)
    return fields


def _links(product: Product, base_url: str) -> list[dict[str, str]]:
    """Self, parent, collection and root; without a base the collection is named relative to the item."""
    if not base_url:
        return [
            {
                "rel": "collection",
                "href": f"../../{quote(product.collection, safe='')}",
                "type": "application/json",
            }
        ]
    base = base_url.rstrip("/")
    collection = f"{base}/collections/{quote(product.collection, safe='')}"
    own = f"{collection}/items/{quote(product.id, safe='')}"
    return [
        {"rel": "self", "href": own, "type": "application/geo+json"},
        {"rel": "parent", "href": collection, "type": "application/json"},
        {"rel": "collection", "href": collection, "type": "application/json"},
        {"rel": "root", "href": base, "type": "application/json"},
    ]
