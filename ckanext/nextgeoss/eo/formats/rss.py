"""RSS 2.0, and RSS 1.0: items with GeoRSS, W3C geo, GML, Dublin Core, Media RSS and GDACS elements; reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from ..asset import Asset
from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product, Value
from ..temporal import ALWAYS, TemporalExtent
from ..xml import Element, attributes_of, children, descendants, is_element, local_name, text_at, text_of
from .feed import Feed, check_named
from .gml import georss_kinds, read_georss_kind, read_gml
from .links import Link, assets_of
from .loose_json import mapping, text, texts, whole_number
from .loose_time import read_extent, read_interval
from .noted import first_footprint
from .rss_names import VOCABULARY

# elements with more below them than this are data, not attributes
_MANY = 40
_ADDRESS = re.compile(r"https?://", re.I)
_WEEKDAY_OR_DAY = re.compile(r"([A-Za-z]{3,9},?\s+)?\d{1,2}\s+[A-Za-z]{3}")
_SEARCH = ("count", "startindex", "startpage")
_IDENTIFIERS = ("uid", "id")
_TIMES = ("pubDate", "fromdate", "todate", "date", "start", "end", "dateadded", "datemodified")
_PAIRS = (("fromdate", "todate"), ("start", "end"))
_ROLES = {"enclosure": "data", "via": "metadata", "alternate": "metadata", "icon": "overview"}
_GML = ("MultiPolygon", "MultiSurface", "Polygon", "LineString", "Envelope", "MultiGeometry")


class Rss:
    """Items, alone or in a channel, in any namespace."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is the root of a feed, or an item."""
        if not is_element(document):
            return False
        name = local_name(document)
        return name in ("rss", "item") or (name == "RDF" and any(True for _ in children(document, "channel")))

    def feed(self, document: Any, source: str) -> Feed:
        """The items, with the total of OpenSearch and the next link of Atom."""
        if not self.recognises(document):
            raise BadAnswer("neither an RSS feed nor an item", source)
        if local_name(document) == "item":
            return Feed((document,))
        channel = next(children(document, "channel"), None)
        if channel is None:
            raise BadAnswer("an RSS feed without a channel", source)
        items = (*children(channel, "item"), *children(document, "item"))
        links = (attributes_of(link) for link in children(channel, "link"))
        following = (about.get("href", "") for about in links if about.get("rel") == "next")
        return Feed(items, whole_number(text_at(channel, "totalResults")), next(following, ""))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What an item says, by local names, dates of RFC 822 in ISO 8601; long data are left out."""
        return _view(entry) if is_element(entry) else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an item: an event keeps its identifier when it goes on."""
        if not is_element(entry):
            raise BadRecord(f"not an RSS item but {type(entry).__name__}", position)
        said = _view(entry)
        identifier = _identifier(said)
        series = text(said.get("parentIdentifier")) or collection
        check_named("item", identifier, series, position)
        problems: list[Problem] = []
        return Product(
            id=identifier,
            collection=series,
            title=text(said.get("title")),
            footprint=_footprint(entry, said, problems),
            time=_time(said, problems),
            properties=_properties(said, problems),
            assets=_assets(entry, said, problems),
            problems=tuple(problems),
        )


RSS = Rss()


# --- what an item says


def _view(item: Element) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for child in item:
        name = local_name(child)
        if not len(child):
            value: Any = text_of(child) or attributes_of(child)
            value = _iso(value) if name in _TIMES and isinstance(value, str) else value
        elif sum(1 for _ in child.iter()) <= _MANY:
            value = _nested(child)
        else:
            continue
        if value:
            _add(said, name, value)
    return said


def _nested(element: Element) -> dict[str, Any]:
    said: dict[str, Any] = {**attributes_of(element)}
    for child in element:
        value: Any = _nested(child) if len(child) else text_of(child) or attributes_of(child)
        if value:
            _add(said, local_name(child), value)
    return said


def _add(said: dict[str, Any], name: str, value: Any) -> None:
    """A second element of a name makes a list of both; of two titles and the like the first counts."""
    known = said.get(name)
    if known is None:
        said[name] = value
    elif name in ("link", "category", "subject", "enclosure", "content", "thumbnail", "resource"):
        said[name] = [*known, value] if isinstance(known, list) else [known, value]


def _iso(said: str) -> str:
    """A date of RFC 822 as ISO 8601 in UTC; any other as it is."""
    if not _WEEKDAY_OR_DAY.match(said):
        return said
    try:
        date = parsedate_to_datetime(said)
        # without a zone, or in an unknown one, it is UTC
        date = date.astimezone(timezone.utc) if date.tzinfo else date.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError, IndexError, OverflowError):
        return said
    return f"{date:%Y-%m-%dT%H:%M:%S}Z" if date.year >= 1000 else said


# --- identity


def _identifier(said: Mapping[str, Any]) -> str:
    """That of Dublin Core, else the guid, unless this is the address of a search, which all items share."""
    guid = said.get("guid")
    address = _first_text(said.get("link"))
    for named in (text(said.get("identifier")), text(guid), address, text(said.get("title"))):
        if named and (found := _own(named)):
            return found
    return ""


def _own(named: str) -> str:
    if not _ADDRESS.match(named):
        return named
    try:
        query = {name.lower(): value for name, value in parse_qsl(urlsplit(named).query)}
    except ValueError:
        return named
    if told := next((query[name] for name in _IDENTIFIERS if query.get(name)), ""):
        return told
    return "" if any(name in query for name in _SEARCH) else named


def _first_text(value: Any) -> str:
    return next(iter(texts(value)), "")


# --- parts


def _time(said: Mapping[str, Any], problems: list[Problem]) -> TemporalExtent:
    """From when to when, as said by elements for both, by GML, by Dublin Core; else when it was published."""
    period = mapping(said.get("TimePeriod")) or mapping(mapping(said.get("validTime")).get("TimePeriod"))
    ends = [(text(said.get(start)), text(said.get(end)), start) for start, end in _PAIRS]
    ends.append((text(period.get("beginPosition")), text(period.get("endPosition")), "TimePeriod"))
    for start, end, where in ends:
        if (start or end) and (found := read_extent(start, end or start, where, problems)):
            return found
    for name in ("date", "pubDate"):
        if (date := text(said.get(name))) and (found := read_interval(date, name, problems)):
            return found
    return ALWAYS


def _footprint(item: Element, said: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    """Areas before points: what an event covers says more than where it is marked on a map."""
    kinds = georss_kinds(item)
    places: list[tuple[str, Callable[[], Footprint | None]]] = [
        (kind, lambda kind=kind: read_georss_kind(item, kind)) for kind in kinds if kind != "point"
    ]
    places += [(name, lambda found=found: read_gml(found)) for name in _GML for found in children(item, name)]
    if isinstance(said.get("bbox"), str):
        places.append(("bbox", lambda: _gdacs_box(said["bbox"])))
    if "point" in kinds:
        places.append(("point", lambda: read_georss_kind(item, "point")))
    places += [(name, lambda pair=pair: Footprint.from_georss("point", pair)) for name, pair in _points(item)]
    return first_footprint(places, problems)


def _gdacs_box(said: str) -> Footprint | None:
    """A box as GDACS writes it: west, east, south, north."""
    try:
        west, east, south, north = (float(part) for part in said.replace(",", " ").split())
    except ValueError as error:
        raise BadValue(said, "bbox", "four numbers: west, east, south, north") from error
    return Footprint.from_bbox(west, south, east, north)


def _points(item: Element) -> Iterator[tuple[str, str]]:
    """The positions of the W3C's basic geo vocabulary, and of a point in GML."""
    for holder in (*children(item, "Point"), item):
        latitude = text_at(holder, "lat")
        longitude = text_at(holder, "long") or text_at(holder, "lon")
        if latitude and longitude:
            yield "lat/long", f"{latitude} {longitude}"
        for position in children(holder, "pos"):
            yield "pos", text_of(position)


def _properties(said: Mapping[str, Any], problems: list[Problem]) -> dict[str, Value]:
    plain = {name: value for name, value in said.items() if name not in ("category", "subject")}
    words = [found for name in ("category", "subject") for found in texts(said.get(name))]
    return VOCABULARY.read(plain | ({"subject": words} if words else {}), problems)


def _assets(item: Element, said: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    links = [*_enclosures(item), *_atom_links(item), *_media(item)]
    if address := _first_text(said.get("link")):
        links.append(Link(href=address, roles=("metadata",)))
    if address := text(said.get("cap")):
        links.append(Link(href=address, roles=("metadata",), title="CAP", media_type="application/xml"))
    return assets_of((_encoded(link) for link in links), problems)


def _enclosures(item: Element) -> Iterator[Link]:
    for about in map(attributes_of, children(item, "enclosure")):
        media_type = about.get("type", "")
        role = "thumbnail" if media_type.startswith("image/") and _is_small(about) else "data"
        yield _linked(about.get("url", ""), role, about)


def _is_small(about: Mapping[str, str]) -> bool:
    """Whether a picture is one to look at: the name says so, and so does a length that nobody has told."""
    return about.get("length", "") in ("", "0", "1") or "thumb" in about.get("url", "").lower()


def _atom_links(item: Element) -> Iterator[Link]:
    for about in map(attributes_of, children(item, "link")):
        if role := _ROLES.get(about.get("rel", "")):
            yield _linked(about.get("href", ""), role, about)


def _media(item: Element) -> Iterator[Link]:
    """The files and pictures of Media RSS, in groups or not."""
    for about in map(attributes_of, descendants(item, "thumbnail")):
        yield _linked(about.get("url", ""), "thumbnail", about)
    for about in map(attributes_of, descendants(item, "content")):
        is_picture = "image" in (about.get("medium"), about.get("type", "").partition("/")[0])
        yield _linked(about.get("url", ""), "overview" if is_picture else "data", about)


def _linked(href: str, role: str, about: Mapping[str, str]) -> Link:
    media_type, size = about.get("type", ""), about.get("fileSize") or about.get("length")
    return Link(
        href=href,
        roles=(role,),
        title=about.get("title", ""),
        media_type=media_type if "/" in media_type else "",
        size=None if size in ("0", "1", "") else size,  # which are put where it is not known
    )


def _encoded(link: Link) -> Link:
    return Link(
        href=link.href.strip().replace(" ", "%20"),
        roles=link.roles,
        title=link.title,
        media_type=link.media_type,
        size=link.size,
    )
