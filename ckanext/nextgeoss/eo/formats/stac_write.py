"""Products as STAC items, version 1.1.0 (github.com/radiantearth/stac-spec)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

from ..page import Entry, Page
from ..product import Product, Value
from ..properties import Properties, load_properties
from ..property import OWN_PREFIX, Property, plain_number
from ..temporal import format_time
from .site import Site
from .stac_assets import write_asset
from .stac_feedback import feedback_fields, feedback_links
from .stac_names import FEEDBACK_NAMES, RESTRICTED, VERSION, encoded, extension
from .stac_others import write_others

GEOJSON = "application/geo+json"
JSON = "application/json"
ATOM = "application/atom+xml"
HTML = "text/html"
Link = dict[str, Any]

# STAC has no open ends: an interval with one is written under this name
OPEN_TIME = OWN_PREFIX + "time"
# of what nobody knows when it was: all that a datetime can say
_ANY_TIME = {"start_datetime": "0001-01-01T00:00:00Z", "end_datetime": "9999-12-31T23:59:59Z"}
_FEEDBACK = frozenset(FEEDBACK_NAMES)
_CATEGORY, _TIMELINESS = "product:timeliness_category", "product:timeliness"


def write_item(
    product: Product, *, base_url: str = "", properties: Properties | None = None
) -> dict[str, Any]:
    """The STAC item of a product; its links lead to `base_url`, the address of our landing page.

    Valid by the published schemas; what STAC cannot say goes by names `nextgeoss:*`."""
    rows = load_properties() if properties is None else properties
    root, collection = base_url.rstrip("/"), quote(product.collection, safe="")
    if root:
        links = _links(root, f"{root}/collections/{collection}", quote(product.id, safe=""))
    else:  # named relative to the item
        links: list[Link] = [{"rel": "collection", "href": f"../../{collection}", "type": JSON}]
    return _item(product, links, rows)


def write_entry(
    product: Product, entry: Entry, site: Site, properties: Properties | None = None
) -> dict[str, Any]:
    """The item of a product of our own catalogue: with links to its other forms there, and with when it was
    made and changed there where its provider does not tell."""
    rows = load_properties() if properties is None else properties
    name, (collection, products) = quote(product.id, safe=""), _addresses(site, product.collection)
    links = [
        *_links(f"{site.base}/stac", collection, name),
        {"rel": "alternate", "href": site.dataset(entry.name), "type": HTML},
        {"rel": "alternate", "href": f"{products}&uid={name}", "type": ATOM},
        *feedback_links(entry, site),
    ]
    return _item(product, links, rows, entry, site.stac_extension())


def link(rel: str, href: str, media_type: str, title: str) -> Link:
    """A link of a catalogue or collection, each of which has a title."""
    return {"rel": rel, "href": href, "type": media_type, "title": title}


def write_page(page: Page, *, base_url: str = "") -> dict[str, Any]:
    """The item collection of a page (STAC API 1.0.0)."""
    items = [write_item(product, base_url=base_url) for product in page.products]
    links = [{"rel": "next", "href": page.next, "type": GEOJSON}] if page.next else []
    return item_collection(items, links, page.total)


def item_collection(items: list[dict[str, Any]], links: list[Link], total: int | None) -> dict[str, Any]:
    """The item collection of items, `total` of which match in all."""
    answer: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": items,
        "numberReturned": len(items),
        "links": links,
    }
    return answer if total is None else answer | {"numberMatched": total}


def _item(
    product: Product, links: list[Link], rows: Properties, entry: Entry | None = None, own: str = ""
) -> dict[str, Any]:
    """The item with these links; `own` is the schema of our extension."""
    fields = _time(product, entry)
    if product.title:
        fields["title"] = product.title
    _properties(fields, product, rows)
    for name, value in write_others(product.others).items():
        fields.setdefault(name, value)
    if _CATEGORY in fields and _TIMELINESS not in fields:  # which the schema wants beside it
        fields[cast(Property, rows.by_stac(_CATEGORY)).own_name] = fields.pop(_CATEGORY)
    if entry:
        for name, time in (("created", entry.created), ("updated", entry.modified)):
            if time and name not in fields:
                fields[name] = format_time(time)
        if entry.feedback:
            fields |= feedback_fields(entry.feedback, fields.get("sci:publications"))
    assets = {asset.key: write_asset(asset) for asset in product.assets}
    has_file = any(asset.size is not None or asset.checksum for asset in product.assets)
    item: dict[str, Any] = {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": list(_extensions(tuple(fields), has_file, own)),
        "id": product.id,
        "collection": product.collection,
        "geometry": product.footprint.geojson if product.footprint else None,
        "properties": fields,
        "links": links,
        "assets": assets,
    }
    if product.footprint:
        item["bbox"] = [plain_number(number) for number in product.footprint.bbox]
    return item


@lru_cache(maxsize=4096)  # products of a collection have the same names
def _extensions(names: Iterable[str], has_file: bool, own: str) -> tuple[str, ...]:
    """The schemas of the extensions that define these names, and those of assets; `own` is ours."""
    found = {extension(name) for name in (*names, *(("file:size",) if has_file else ()))}
    if own and not _FEEDBACK.isdisjoint(names):
        found.add(own)
    return tuple(sorted(schema for schema in found if schema))


def _time(product: Product, entry: Entry | None) -> dict[str, Any]:
    """The members that tell the time. STAC wants one of every item: without any, it is when the product was
    published or made, or came into the catalogue, which sorts and shows better than none, and the true
    extent stands beside it."""
    time = product.time
    if time.start and time.end:
        start = format_time(time.start)
        if time.start == time.end:
            return {"datetime": start}
        return {"datetime": start, "start_datetime": start, "end_datetime": format_time(time.end)}
    known = time.start or time.end or _other_time(product.properties) or (entry and entry.created)
    told = {"datetime": format_time(known)} if known else {"datetime": None} | _ANY_TIME
    return told | {OPEN_TIME: time.isoformat()}


def _other_time(properties: Mapping[str, Value]) -> datetime | None:
    times = (properties.get(name) for name in ("published", "created", "updated"))
    return next((time for time in times if isinstance(time, datetime)), None)


def _properties(fields: dict[str, Any], product: Product, rows: Properties) -> None:
    """Add the properties by their names in STAC: most of the work of a page, and written for that."""
    for name, value in product.properties.items():
        kind = type(value)
        if kind is float:
            plain: Any = int(value) if value.is_integer() and -1e15 < value < 1e15 else value  # type: ignore[union-attr]
        elif kind is datetime:
            plain = format_time(cast(datetime, value))
        else:
            plain = list(cast(tuple[str, ...], value)) if kind is tuple else value
        stac, own_name = rows.stac_names[name]
        if stac in RESTRICTED and (written := encoded(stac, plain)) is not plain:
            if written is None:
                stac = own_name
            else:
                plain = written
        fields[stac] = plain


def _links(root: str, collection: str, name: str) -> list[Link]:
    """Self, parent, collection and root of an item."""
    return [
        {"rel": "self", "href": f"{collection}/items/{name}", "type": GEOJSON},
        {"rel": "parent", "href": collection, "type": JSON},
        {"rel": "collection", "href": collection, "type": JSON},
        {"rel": "root", "href": root, "type": JSON},
    ]


@lru_cache(maxsize=1024)
def _addresses(site: Site, collection: str) -> tuple[str, str]:
    """Of a collection, and of its products by OpenSearch."""
    return site.stac_collection(collection), site.products(collection)
