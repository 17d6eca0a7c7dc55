"""DHuS, the Data Hub Software of the Copernicus hubs: its search answers, as Atom and as JSON; reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from ..asset import Asset
from ..errors import BadAnswer, BadRecord, BadValue
from ..footprint import Footprint
from ..product import Problem, Product, Value
from ..xml import Element, children, is_element, local_name, text_at
from .dhus_names import UNTOLD, VOCABULARY
from .feed import Feed, check_named
from .gml import read_gml_text
from .links import Link, assets_of
from .loose_json import mapping, text, whole_number
from .loose_time import read_extent
from .noted import first_footprint
from .satellite import complete_satellite

# attributes are listed by their type, with their names within
_TYPES = ("str", "date", "int", "long", "float", "double", "bool", "arr")
_TELLING = ("str", "date", "int")
_ROLES = {
    "": ("data",),
    "enclosure": ("data",),
    "alternative": ("metadata",),
    "alternate": ("metadata",),
    "icon": ("overview",),
}
_SUFFIX = re.compile(r"\.[A-Za-z]\w{1,4}$")
# how hubs describe themselves in an answer without entries
_DESCRIPTION, _SEARCH = "opensearch_description.xml", "/search?q="


class Dhus:
    """Entries whose attributes are listed by type, alone or in a feed; an XML element or a JSON object."""

    vocabulary = VOCABULARY

    def recognises(self, document: Any) -> bool:
        """Whether it is an entry with attributes by type, or a feed of them."""
        if is_element(document):
            return _is_atom(document)
        about = mapping(document)
        return _is_typed(about) or ("feed" in about and _is_feed(mapping(about["feed"])))

    def feed(self, document: Any, source: str) -> Feed:
        """The entries, with total and next link; an error inside a success is a BadAnswer."""
        if is_element(document):
            return _atom_feed(document, source)
        about = mapping(document)
        if "feed" not in about and _is_typed(about):
            return Feed((about,))
        if not isinstance(about.get("feed"), dict):
            raise BadAnswer("neither a feed nor an entry of DHuS", source)
        return _json_feed(mapping(about["feed"]), source)

    def view(self, entry: Any) -> Mapping[str, Any]:
        """Its attributes by name, with title, id, summary and a list of links."""
        found = _atom_view(entry) if is_element(entry) else _json_view(mapping(entry))
        return {name: value for name, value in found.items() if name}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry, by the name all hubs give it; its collection is the mission, where the
        entry does not name one."""
        if not is_element(entry) and not isinstance(entry, dict):
            raise BadRecord(f"not an entry but {type(entry).__name__}", position)
        said = self.view(entry)
        identifier = _identifier(said)
        parent = text(said.get("collection")) or text(said.get("platformname")) or collection
        check_named("entry", identifier, parent, position)
        problems: list[Problem] = []
        start, end = (text(said.get(name)) for name in ("beginposition", "endposition"))
        return Product(
            id=identifier,
            collection=parent,
            title=text(said.get("title")),
            footprint=_footprint(said, problems),
            time=read_extent(start, end, "beginposition", problems),
            properties=_properties(said, identifier, problems),
            assets=_assets(said, problems),
            problems=tuple(problems),
        )


DHUS = Dhus()


# --- answers


def _is_atom(root: Element) -> bool:
    if local_name(root) == "entry":
        return _is_typed_element(root)
    if local_name(root) != "feed":
        return False
    if entries := list(children(root, "entry")):
        return any(_is_typed_element(entry) for entry in entries)
    if next(children(root, "error"), None) is not None:
        return True
    links = [str(link.get("href")) for link in children(root, "link")]
    return _SEARCH in text_at(root, "id") or any(_DESCRIPTION in link or _SEARCH in link for link in links)


def _is_feed(feed: Mapping[str, Any]) -> bool:
    if entries := _objects(feed.get("entry")):
        return any(_is_typed(entry) for entry in entries)
    return "error" in feed or "opensearch:totalResults" in feed


def _is_typed_element(entry: Element) -> bool:
    return any(local_name(child) in _TELLING and child.get("name") for child in entry)


def _is_typed(entry: Mapping[str, Any]) -> bool:
    return any("name" in item for kind in _TELLING for item in _objects(entry.get(kind)))


def _atom_feed(root: Element, source: str) -> Feed:
    if local_name(root) == "entry":
        return Feed((root,))
    if local_name(root) != "feed":
        raise BadAnswer(f"neither a feed nor an entry of DHuS, but {local_name(root)}", source)
    for error in children(root, "error"):
        raise _error([text_at(error, "code"), text_at(error, "message")], source)
    entries = tuple(children(root, "entry"))
    links = [dict(link.attrib) for link in children(root, "link")]
    return Feed(entries, whole_number(text_at(root, "totalResults")), _next(links) if entries else "")


def _json_feed(feed: Mapping[str, Any], source: str) -> Feed:
    if "error" in feed:
        error = mapping(feed["error"])
        raise _error([text(error.get("code")), text(error.get("message"))], source)
    # one hit is an object, none is nothing
    found: Any = feed.get("entry") or []
    if not isinstance(found, (list, dict)):
        raise BadAnswer(f"a feed whose entry is {type(found).__name__}, not a list", source)
    entries = tuple(cast(list[Any], found if isinstance(found, list) else [found]))
    total = whole_number(feed.get("opensearch:totalResults"))
    return Feed(entries, total, _next(_objects(feed.get("link"))) if entries else "")


def _error(told: list[str], source: str) -> BadAnswer:
    """The error that a hub gives with the status of a success."""
    return BadAnswer(": ".join(["the provider answered with an error", *filter(None, told)]), source)


def _next(links: list[dict[str, Any]]) -> str:
    return next((text(link.get("href")) for link in links if link.get("rel") == "next"), "")


# --- entries


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list that is a single object when it has one member."""
    items = cast(list[Any], value if isinstance(value, list) else [value])
    return [cast(dict[str, Any], item) for item in items if isinstance(item, dict)]


def _atom_view(entry: Element) -> dict[str, Any]:
    named = {child.get("name"): _content(child) for child in entry if child.get("name")}
    members = {local_name(child): _content(child) for child in entry if not child.get("name")}
    return named | members | {"link": [dict(link.attrib) for link in children(entry, "link")]}


def _content(element: Element) -> Any:
    inner = ["".join(child.itertext()).strip() for child in element]
    return inner or (element.text or "").strip()


def _json_view(entry: dict[str, Any]) -> dict[str, Any]:
    named = {
        text(item.get("name")): item.get("content", item.get("str"))
        for kind in _TYPES
        for item in _objects(entry.get(kind))
    }
    members = {name: value for name, value in entry.items() if name not in _TYPES}
    return named | members | {"link": _objects(entry.get("link"))}


def _identifier(said: Mapping[str, Any]) -> str:
    """The product's name, which all hubs share; what a hub itself calls it only where no name is told."""
    name = text(said.get("identifier")) or text(said.get("title"))
    return (
        name or _SUFFIX.sub("", text(said.get("filename"))) or text(said.get("id")) or text(said.get("uuid"))
    )


def _footprint(said: Mapping[str, Any], problems: list[Problem]) -> Footprint | None:
    return first_footprint(
        (
            ("footprint", lambda: _wkt(said.get("footprint"))),
            ("gmlfootprint", lambda: read_gml_text(said.get("gmlfootprint"), "gmlfootprint")),
        ),
        problems,
    )


def _wkt(value: Any) -> Footprint | None:
    if value is not None and not isinstance(value, str):
        raise BadValue(value, "footprint", "WKT")
    return Footprint.from_wkt(value) if value else None


def _properties(said: Mapping[str, Any], identifier: str, problems: list[Problem]) -> dict[str, Value]:
    told = {name: value for name, value in said.items() if not any((name, value) == pair for pair in UNTOLD)}
    found = VOCABULARY.read(told, problems)
    complete_satellite(found, identifier)
    return found


def _assets(said: Mapping[str, Any], problems: list[Problem]) -> tuple[Asset, ...]:
    return assets_of(_links(said), problems)


def _links(said: Mapping[str, Any]) -> Iterator[Link]:
    """The links of an entry; the one without relation is the product, whose size is told apart."""
    for link in cast(list[dict[str, Any]], said["link"]):
        if roles := _ROLES.get(text(link.get("rel"))):
            yield Link(
                href=text(link.get("href")),
                roles=roles,
                media_type=link.get("type"),
                size=said.get("size") if roles == ("data",) else None,
            )
