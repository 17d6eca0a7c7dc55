"""DHuS, the Data Hub Software of the Copernicus hubs: its search answers, as Atom and as JSON; writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from ..asset import Asset
from ..page import Entry, Page
from ..product import Product, Value
from ..properties import load_properties
from ..property import Property, plain_number
from ..temporal import format_time
from ..xml import Builder
from .atom_names import NAMESPACES
from .atom_write import ATOM_TYPE
from .dhus_names import NAMES, VOCABULARY
from .gml2_write import write_gml2
from .site import OSDD_TYPE, Site

_ATOM, _OPENSEARCH = NAMESPACES[""], NAMESPACES["os"]
_MAKE = Builder({"": _ATOM, "opensearch": _OPENSEARCH})
_KINDS = {
    "text": "str",
    "list": "str",
    "integer": "int",
    "number": "double",
    "time": "date",
    "boolean": "bool",
}
# of the names DHuS has for a property, the first; an own name where it has none
_LABELS = {row: name for name, row in reversed(NAMES.items())}
_SERIES = re.compile(r"(sentinel-\d)([a-dp]?)")
_LEVEL = re.compile(r"L(\d[A-Z]{0,3})")
_UNITS = (("GB", 1e9), ("MB", 1e6), ("KB", 1e3))
_PICTURES = {"thumbnail", "overview"}
_NO_DATA = {*_PICTURES, "metadata"}
_PLATFORM = ("platform", "platform_serial")


class Attribute(NamedTuple):
    """An attribute of a product: its kind (str, date, int, double, bool), name and text."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DhusSearch:
    """What an answer says of the search: its address without parameters, `words` as they were asked, `rows`
    that were asked for from `start` (the first is 0) in an `order`, and when it was answered."""

    address: str
    words: str
    start: int
    rows: int
    updated: datetime
    order: str = ""


def write_json(page: Page, search: DhusSearch, site: Site) -> dict[str, Any]:
    """The answer as JSON, in which numbers are texts."""
    entries = [_json_entry(*pair, site) for pair in zip(page.products, page.entries, strict=True)]
    feed: dict[str, Any] = {
        "xmlns:opensearch": _OPENSEARCH,
        "xmlns": _ATOM,
        **_about(page, search, site),
        "author": {"name": site.title},
        "opensearch:totalResults": str(page.total or 0),
        "opensearch:startIndex": str(search.start),
        "opensearch:itemsPerPage": str(search.rows),
        "opensearch:Query": _query(search),
        "link": [
            {"rel": relation, "type": media_type, "href": address}
            for relation, media_type, address in _links(page, search, site, json=True)
        ],
    }
    return {"feed": feed | ({"entry": entries} if entries else {})}


def write_atom(page: Page, search: DhusSearch, site: Site) -> bytes:
    """The answer as Atom."""
    feed = _MAKE(
        ":feed", "", None, *(_MAKE(f":{name}", text) for name, text in _about(page, search, site).items())
    )
    feed.append(_MAKE(":author", "", None, _MAKE(":name", site.title)))
    feed.append(_MAKE("opensearch:totalResults", str(page.total or 0)))
    feed.append(_MAKE("opensearch:startIndex", str(search.start)))
    feed.append(_MAKE("opensearch:itemsPerPage", str(search.rows)))
    feed.append(_MAKE("opensearch:Query", "", _query(search)))
    for relation, media_type, address in _links(page, search, site):
        feed.append(_MAKE(":link", "", {"rel": relation, "type": media_type, "href": address}))
    for product, entry in zip(page.products, page.entries, strict=True):
        feed.append(_atom_entry(product, entry, site))
    return _MAKE.to_bytes(feed)


def attributes(product: Product, entry: Entry) -> Iterator[Attribute]:
    """All that is told of a product, by the names of DHuS; dates of ingestion are those of this catalogue."""
    yield Attribute("str", "uuid", entry.uuid)
    yield Attribute("str", "identifier", product.id)
    yield Attribute("str", "collection", product.collection)
    for name, time in (("beginposition", product.time.start), ("endposition", product.time.end)):
        if time:
            yield Attribute("date", name, format_time(time))
    if product.footprint:
        yield Attribute("str", "footprint", product.footprint.wkt)
        yield Attribute("str", "gmlfootprint", write_gml2(product.footprint))
    if size := _size(product):
        yield Attribute("str", "size", size)
    yield from _satellite(product)
    ingested = entry.created or product.properties.get("ingested")
    for name, value in {**product.properties, "ingested": ingested}.items():
        if value is not None and name not in _PLATFORM:
            row = load_properties()[name]
            yield Attribute(_kind(row, value), _label(row), _text(row, value))


def _label(row: Property) -> str:
    """The name DHuS has for a property; else our own, with a prefix where DHuS calls another one so."""
    if row.name in _LABELS:
        return _LABELS[row.name]
    return row.name if VOCABULARY.target(row.name) in ("", row.name) else row.own_name


def file_asset(product: Product) -> Asset | None:
    """The first file that everybody can fetch over HTTP; None when there is none."""
    found = [asset for asset in product.assets if asset.href.startswith(("https://", "http://"))]
    data = [asset for asset in found if "data" in asset.roles]
    others = (asset for asset in found if _NO_DATA.isdisjoint(asset.roles))
    return data[0] if data else next(others, None)


def has_picture(product: Product) -> bool:
    """Whether there is a picture to look at."""
    return not all(_PICTURES.isdisjoint(asset.roles) for asset in product.assets)


# --- the answer


def _about(page: Page, search: DhusSearch, site: Site) -> dict[str, str]:
    last = search.start + max(len(page.products) - 1, 0)
    return {
        "title": f"{site.title} search results for: {search.words}",
        "subtitle": f"Displaying {search.start} to {last} of {page.total or 0} total results.",
        "updated": format_time(search.updated),
        "id": f"{search.address}?{urlencode({'q': search.words})}",
    }


def _query(search: DhusSearch) -> dict[str, str]:
    page = search.start // search.rows + 1 if search.rows else 1
    return {"role": "request", "searchTerms": search.words, "startPage": str(page)}


def _links(
    page: Page, search: DhusSearch, site: Site, *, json: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Relation, media type and address of the pages around this one."""
    total, rows = page.total or 0, search.rows
    starts = {"self": search.start, "first": 0}
    if rows:
        if search.start:
            starts["previous"] = max(search.start - rows, 0)
        if search.start + rows < total:
            starts["next"] = search.start + rows
        starts["last"] = max(total - 1, 0) // rows * rows
    for relation, start in starts.items():
        asked = {"q": search.words, "start": str(start), "rows": str(rows)}
        asked |= {"orderby": search.order} if search.order else {}
        asked |= {"format": "json"} if json else {}
        media_type = "application/json" if json else ATOM_TYPE
        yield relation, media_type, f"{search.address}?{urlencode(asked)}"
    yield "search", OSDD_TYPE, site.description("dataset")


# --- entries


def _json_entry(product: Product, entry: Entry, site: Site) -> dict[str, Any]:
    found: dict[str, Any] = {
        "title": product.title or product.id,
        "link": [
            {"rel": relation, "href": address} if relation else {"href": address}
            for relation, address in _entry_links(product, entry, site)
        ],
        "id": entry.uuid,
        "summary": _summary(product),
        "ondemand": "false",
    }
    for kind, name, text in attributes(product, entry):
        found.setdefault(kind, []).append({"name": name, "content": text})
    return found


def _atom_entry(product: Product, entry: Entry, site: Site) -> Any:
    made = _MAKE(":entry", "", None, _MAKE(":title", product.title or product.id))
    for relation, address in _entry_links(product, entry, site):
        made.append(_MAKE(":link", "", {"rel": relation, "href": address} if relation else {"href": address}))
    made.append(_MAKE(":id", entry.uuid))
    made.append(_MAKE(":summary", _summary(product)))
    made.extend(_MAKE(f":{kind}", text, {"name": name}) for kind, name, text in attributes(product, entry))
    return made


def _entry_links(product: Product, entry: Entry, site: Site) -> Iterator[tuple[str, str]]:
    """The product itself has no relation."""
    own = site.dhus_product(entry.uuid)
    if file_asset(product):
        yield "", f"{own}/$value"
    yield "alternative", f"{own}/"
    if has_picture(product):
        yield "icon", f"{own}/Products('Quicklook')/$value"


def _summary(product: Product) -> str:
    instruments = product.properties.get("instruments")
    told = {
        "Date": format_time(product.time.start) if product.time.start else "",
        "Instrument": ", ".join(instruments) if isinstance(instruments, tuple) else "",
        "Satellite": _spoken(str(product.properties.get("platform", ""))),
        "Size": _size(product),
    }
    return ", ".join(f"{name}: {text}" for name, text in told.items() if text)


def _size(product: Product) -> str:
    """The size of the file in the largest unit it has one of, to the byte."""
    asset = file_asset(product)
    if asset is None or asset.size is None:
        return ""
    unit, bytes_ = next((pair for pair in _UNITS if asset.size >= pair[1]), _UNITS[-1])
    return f"{plain_number(asset.size / bytes_)} {unit}"


def _satellite(product: Product) -> Iterator[Attribute]:
    """Series and unit of a satellite, apart as DHuS has them."""
    platform = str(product.properties.get("platform", ""))
    serial = str(product.properties.get("platform_serial", ""))
    if found := _SERIES.fullmatch(platform):
        serial = serial or (_spoken(platform) if found[2] else "")
        platform = found[1]
    for name, text in (("platformname", _spoken(platform)), ("platformserialidentifier", serial)):
        if text:
            yield Attribute("str", name, text)


def _spoken(platform: str) -> str:
    """A satellite as DHuS writes it: Sentinel-2A."""
    found = _SERIES.fullmatch(platform)
    return f"{found[1].capitalize()}{found[2].upper()}" if found else platform


def _kind(row: Property, value: Value) -> str:
    return "long" if isinstance(value, int) and abs(value) >= 2**31 else _KINDS.get(row.type, "str")


def _text(row: Property, value: Value) -> str:
    """A value as DHuS writes it: codes of a list side by side, directions in capitals, levels in full."""
    if isinstance(value, tuple):
        plain = row.choices or (len(value) == 1 and not re.search(r"[,\[]", value[0]))
        return " ".join(value) if plain else row.to_text(value)
    text = row.to_text(value)
    return _SPELLED[row.name](text) if row.name in _SPELLED else text


_SPELLED: Mapping[str, Callable[[str], str]] = {
    "orbit_state": str.upper,
    "processing_level": lambda text: _LEVEL.sub(r"Level-\1", text) if _LEVEL.fullmatch(text) else text,
}
