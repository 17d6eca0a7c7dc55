"""THREDDS catalogues of TDS, Hyrax and RAMADDA, walked from catalogue to catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ...eo.errors import BadAnswer
from ...eo.file_names import NamePatterns
from ...eo.formats.feed import Feed, Format
from ...eo.formats.files import named, named_view
from ...eo.formats.loose_json import mapping, text
from ...eo.formats.thredds import THREDDS
from ...eo.formats.thredds_names import VOCABULARY
from ...eo.product import Product
from ...eo.query import Query
from ...http import Request, Response
from ..provider import Provider
from . import Answer
from .document import recognised
from .feeds import FeedProtocol, what_it_is
from .records import UNNAMED
from .tree import (
    asked_time,
    asks_of,
    below,
    collection_at,
    collection_folders,
    is_wanted,
    marked,
    patterns_of,
    root_of,
    timely,
)

_CATALOGUE = "catalog.xml"
_PAGES = ("/catalog.xml", "/catalog.html", "/latest.xml")


class ThreddsProtocol(FeedProtocol):
    """Catalogues and those that they refer to, none of another host or above the provider's address."""

    one_collection = True
    formats: ClassVar[tuple[Format, ...]] = (THREDDS,)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The catalogue that holds all that is asked."""
        folder = root_of(provider, query)
        is_whole = provider.url.endswith(".xml") or "?" in provider.url
        address = provider.url if is_whole else "/".join(filter(None, (provider.url, folder, _CATALOGUE)))
        about = "".join(query.collections[:1])
        return Request(url=marked(address, query.time), params=dict(provider.parameters), about=about)

    def asks(self, provider: Provider) -> frozenset[str]:
        """Collections that have catalogues of their own, and times where folders tell them."""
        return asks_of(provider)

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The datasets of a catalogue, and the catalogues beneath."""
        answer = super().read(provider, response, request)
        return timely(answer, asked_time(request)) if request else answer

    def beneath(self, provider: Provider, feed: Feed, asked: Request) -> Iterator[Request]:
        """The catalogues that this one refers to, where they may have what is asked."""
        time = asked_time(asked)
        collections = (asked.about,) if asked.about else ()
        for address in feed.beneath:
            address = _same_scheme(provider, address)
            path = below(provider, address)
            # addresses with a query have no folders
            is_folder = "?" not in address
            if path is not None and (not is_folder or is_wanted(provider, collections, _folder(path), time)):
                yield Request(url=marked(address, time), params=dict(provider.parameters), about=asked.about)

    def collection_of(self, provider: Provider, address: str) -> str:
        """The collection in whose folder a catalogue is, where that is told apart by folders."""
        path = below(provider, address)
        if path is None or not provider.collections:
            return ""
        return collection_at(provider, _folder(path))[1]

    def _feed(self, provider: Provider, document: Any, source: str) -> tuple[Format, Feed]:
        known = recognised(document, self.formats)
        if known is None:
            raise BadAnswer(what_it_is(document).replace("not a search answer", "not a catalogue"), source)
        is_web = urlsplit(source).scheme in ("http", "https")
        feed = known.feed(document, source if is_web else f"{provider.url}/{_CATALOGUE}")
        patterns = patterns_of(provider.files, provider.period)
        if patterns.patterns:
            matching = tuple(entry for entry in feed.entries if any(map(patterns.matches, _paths(entry))))
            feed = replace(feed, entries=matching)
        return _Named(patterns, collection_folders(provider)), feed


class _Named:
    """Datasets whose names tell something, too."""

    vocabulary = VOCABULARY

    def __init__(self, patterns: NamePatterns, folders: Mapping[str, str]) -> None:
        self.patterns, self._folders = patterns, folders

    def recognises(self, document: Any) -> bool:
        return THREDDS.recognises(document)

    def feed(self, document: Any, source: str) -> Feed:
        return THREDDS.feed(document, source)

    def view(self, entry: Any) -> Mapping[str, Any]:
        return named_view(THREDDS.view(entry), self.patterns, *_paths(entry))

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        if collection == UNNAMED:  # of a saved catalogue nobody knows where it was
            places = [f"/{path}" for path in _paths(entry)]
            found = [folder for folder in self._folders if any(f"/{folder}/" in place for place in places)]
            longest = max(found, key=len, default="")
            collection = self._folders.get(longest) or text(mapping(entry).get("parent")) or UNNAMED
        product = THREDDS.product(entry, position=position, collection=collection)
        return named(product, self.patterns, VOCABULARY, *_paths(entry))


def _paths(entry: Any) -> tuple[str, ...]:
    """What patterns are tried on: a dataset's name, then its path."""
    about = mapping(entry)
    return tuple(said for name in ("dataset", "urlPath", "ID") if (said := text(about.get(name))))


def _folder(path: str) -> str:
    """The folder of a catalogue's path."""
    for page in _PAGES:
        if f"/{path}".endswith(page):
            return f"/{path}".removesuffix(page).strip("/")
    return path.removesuffix(".xml").strip("/")


def _same_scheme(provider: Provider, address: str) -> str:
    """The address with the scheme of the provider's, where a service behind a proxy tells the other one."""
    here, there = urlsplit(provider.url), urlsplit(address)
    if here.netloc.lower() == there.netloc.lower() and {here.scheme, there.scheme} == {"http", "https"}:
        return there._replace(scheme=here.scheme).geturl()
    return address
