"""Static STAC catalogues: files that lead to one another by links, read as a tree (harvesters/walk.py)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from ...addresses import redact
from ...eo.errors import BadRecord, BadValue
from ...eo.formats.loose_json import array, link, mapping, text
from ...eo.formats.stac import SILENT, read_collection, read_item
from ...eo.formats.stac_dataset import item_of_collection
from ...eo.query import Query
from ...http import Request, Response
from ..pagination import request_from_text
from ..provider import Provider
from ..sieve import sieved
from . import COLLECTIONS, Answer, CollectionsAnswer, Record
from .json_answer import decoded
from .records import read_records
from .stac import ACCEPT, StacProtocol, is_collection
from .stac_links import Way, leading, ways
from .stac_paging import following

_WEB = re.compile(r"https?://", re.I)


class StacStaticProtocol(StacProtocol):
    """A tree of catalogues, collections and items; only branches that can lead to what is wanted are read."""

    one_collection = True
    # descriptions are files of their own: only those of what is wanted are read
    describes_each = True

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the root; what is wanted is known by the collection that it is about."""
        for name in ("conditions", "words", "facets", "offset", "cursor"):
            if value := getattr(query, name):
                raise BadValue(value, name, "nothing: files cannot be asked for it")
        return _request(root_of(provider), provider, "".join(query.collections[:1]))

    def asks(self, provider: Provider) -> frozenset[str]:
        """Collections, each a part of the tree."""
        return frozenset({COLLECTIONS})

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """None: files count nothing."""
        return None

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The items of a file, or the way on from a catalogue or collection."""
        document, address = decoded(response), _address(response)
        asked = request or Request(url=address, headers=ACCEPT)
        if _is_node(document):
            return self._node(provider, mapping(document), asked, address)
        listed = mapping(document).get("collections")
        if provider.products == COLLECTIONS and isinstance(listed, list):
            answer = self._datasets(provider, array(listed), asked, address)
            return replace(answer, next=following(mapping(document), asked, response.headers))
        within = _within(asked)
        # what is read alone was found in its place before
        is_inside = not asked.above or _belongs(provider, within, asked.about)
        about, known = asked.about if is_inside else "", tuple(provider.collections)
        # what lies in no collection is of the only one that there is
        named = about or (known[0] if len(known) == 1 else "")
        default = within or (provider.native(named)[0] if named else "")
        answer = self.items(provider, _own(document, address), redact(response.url), default, about)
        return replace(
            _wanted(provider, answer, asked.about), next=following(mapping(document), asked, response.headers)
        )

    def attributes(self, provider: Provider, record: Record) -> Iterator[tuple[str, Any, str]]:
        """The members of an item; those of a collection that is a product by the names that items have."""
        if _is_node(record.native):
            record = replace(record, native=item_of_collection(mapping(record.native)))
        return super().attributes(provider, record)

    def collections_request(self, provider: Provider) -> Request | None:
        """The request for the root; None where all collections of the provider file stand for many of the
        catalogue's."""
        is_told = not provider.collections or any(not each.pattern for each in provider.collections.values())
        return _request(root_of(provider), provider, "") if is_told else None

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collection of a file, and the way on to others."""
        document = decoded(response)
        if not _is_node(document):
            return super().read_collections(provider, response, request)
        about, asked = mapping(document), request or Request(url=_address(response), headers=ACCEPT)
        names = asked.about.splitlines() or _names_of(provider)
        found = [way for way in ways(about, _address(response))[0] if way.rel == "child"]
        on = leading(found, names) if names else found
        children = tuple(_child(way, asked, provider, "") for way in on)
        return CollectionsAnswer(_described(about), children=children)

    def _node(self, provider: Provider, about: Mapping[str, Any], asked: Request, address: str) -> Answer:
        """The way on from a catalogue or collection: all that is in a wanted one, elsewhere only what can
        lead there. A collection with nothing below is a product where the provider file says so."""
        found, lost = ways(about, address)
        within, name = _within(asked), text(about.get("id")) if is_collection(about) else ""
        if name and not (asked.about and within and _belongs(provider, within, asked.about)):
            within = name
        is_inside = _belongs(provider, within, asked.about)
        if provider.products == COLLECTIONS and name and not found:
            return self._datasets(provider, [about], asked, address) if is_inside else Answer((), ())
        if not is_inside:
            found = _deeper(provider, found, asked.about, is_of_another=bool(within))
        above = {urldefrag(request_from_text(parent).url).url for parent, _ in asked.above}
        on = [way for way in found if way.address not in above]
        children = tuple(_child(way, asked, provider, within) for way in on)
        return Answer((), (), children=children, warnings=tuple(lost))

    def _datasets(self, provider: Provider, found: list[Any], asked: Request, source: str) -> Answer:
        """Collections that are products; one of a list has its own address, or none that is known."""
        answer = read_records(
            provider,
            [_own(found[0], source)] if len(found) == 1 else found,
            lambda entry, position: read_item(
                item_of_collection(mapping(entry)), position=position, silent=SILENT
            ),
            asked=asked.about,
        )
        return _wanted(provider, answer, asked.about)


def _names_of(provider: Provider) -> list[str]:
    """The provider's own ids of the collections that it offers; none when it offers all that there are."""
    if provider.offers_others:
        return []
    return [name for each in provider.collections.values() if not each.pattern for name in each.ids]


def root_of(provider: Provider) -> str:
    """The address of the first file of a provider: its `template`, whole or below its `url`, which may be the
    file itself."""
    if _WEB.match(provider.template):
        return provider.template
    if provider.url.endswith(".json"):
        return provider.url
    return provider.url.rstrip("/") + provider.template


def _request(address: str, provider: Provider, about: str) -> Request:
    return Request(url=address, headers=ACCEPT, params=dict(provider.parameters), about=about)


def _child(way: Way, asked: Request, provider: Provider, within: str) -> Request:
    """The request for a file below; the collection that it lies in goes along in the fragment, which is not
    sent."""
    address = f"{way.address}#{quote(within, safe='')}" if within else way.address
    return _request(address, provider, asked.about)


def _within(asked: Request) -> str:
    """The provider's id of the collection in which a file lies; empty: in none that is known."""
    return unquote(urlsplit(asked.url).fragment)


def _address(response: Response) -> str:
    return urldefrag(response.url).url


def _is_node(document: Any) -> bool:
    """Whether a document is a catalogue or a collection; before 1.0 catalogues had no type."""
    about = mapping(document)
    if about.get("type") in ("Catalog", "Collection"):
        return True
    is_other = any(name in about for name in ("type", "features", "geometry", "properties", "collections"))
    known = ("stac_version", "description", "extent")
    return not is_other and "id" in about and any(name in about for name in known)


def _described(about: Mapping[str, Any]) -> tuple[Any, ...]:
    try:
        return (read_collection(about),) if is_collection(about) else ()
    except BadRecord:
        return ()


def _own(document: Any, address: str) -> Any:
    """The document with its own address, which addresses of its assets are relative to."""
    about = mapping(document)
    said = link(about, "self")
    if about.get("type") not in ("Feature", "Collection") or _WEB.match(said) or not _WEB.match(address):
        return document
    others = [each for each in array(about.get("links")) if mapping(each).get("rel") != "self"]
    return {**about, "links": [*others, {"rel": "self", "href": urljoin(address, said)}]}


def _belongs(provider: Provider, native: str, wanted: str) -> bool:
    """Whether a provider's collection is the wanted one; any is where none is wanted."""
    return not wanted or native in provider.native(wanted) or provider.canonical(native, native) == wanted


def _deeper(provider: Provider, found: list[Way], wanted: str, is_of_another: bool) -> list[Way]:
    """The links outside of the wanted collection that can lead there: items of a catalogue say themselves of
    which collection they are, those of another collection are left alone."""
    rule = provider.rule(wanted)
    below = [way for way in found if way.rel == "child"]
    items = [] if is_of_another else [way for way in found if way.rel != "child"]
    return [*items, *leading(below, rule.ids, rule.where.get("href", ()))]


def _wanted(provider: Provider, answer: Answer, asked: str) -> Answer:
    """The answer with the products of the wanted collection only."""
    return sieved(answer, Query(collections=(asked, provider.canonical(asked)))) if asked else answer
