"""Providers whose searches are described by a document of theirs (OSDD), for all collections or for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urljoin

from ..http import RemoteError, Request, Response
from .pagination import NoRepeats
from .protocols import COLLECTIONS, protocol
from .protocols.description import Description, Search, read_description
from .protocols.series import Series, read_series
from .protocols.template import COLLECTION, TERMS, UID, Template
from .provider import Provider

# pages of a list of collections that are read to find one
_PAGES = 200


class Described:
    """A provider as its document describes it. Documents are asked for once, and kept from run to run."""

    def __init__(self, provider: Provider, send: Callable[[Request], Response]) -> None:
        self._given = provider
        self._send = send
        self._documents: dict[str, Description] = {}
        self._providers: dict[str, Provider] = {}
        # by the provider's id of it: what a collection search said
        self._series: dict[str, Series] = {}
        self._knows_all = False
        # holes by which the collection search finds what there is
        self._trusted: set[str] = set()

    def provider(self, collection: str = "") -> Provider:
        """The provider with the search that is for our collection; empty: that for all."""
        if collection not in self._providers:
            self._providers[collection] = self._search(collection).of(self._given)
        return self._providers[collection]

    @property
    def asks(self) -> frozenset[str]:
        """What searches can be asked, which may be less for one collection or another."""
        first = next(iter(self._given.collections), "")
        provider = self.provider(first)
        found = protocol(provider.protocol).asks(provider)
        return found | {COLLECTIONS} if self._main.collections() else found

    def series(self) -> Iterator[Series]:
        """The collections of the provider file that the collection search tells of, or all where the file
        names none: some services have tens of thousands."""
        search = self._main.collections()
        if search is None:
            return
        if not self._given.collections:
            yield from self._listed(self._collection_request(search, {}))
        for name in self._given.collections:
            if found := self._found(search, self._given.native(name)[0]):
                yield found

    @property
    def _main(self) -> Description:
        return self._document(urljoin(f"{self._given.url}/", self._given.description_document.lstrip("/")))

    def _document(self, address: str) -> Description:
        if address not in self._documents:
            self._documents[address] = read_description(self._send(Request(url=address, keep=True)))
        return self._documents[address]

    def _search(self, collection: str) -> Search:
        """Of the collection's own document where the collection search leads to one, else of the main one."""
        search = self._main.collections()
        if collection and search is not None:
            found = self._found(search, self._given.native(collection)[0])
            if found and found.description:
                return self._document(found.description).results()
        return self._main.results()

    def _found(self, search: Search, native: str) -> Series | None:
        """What the collection search says of a collection: asked by its id, else from the list of all."""
        hole = next((name for name in (UID, COLLECTION, TERMS) if name in search.holes), "")
        if native not in self._series and hole:
            self._seek(search, hole, native)
        if native not in self._series and not self._knows_all and hole not in self._trusted:
            for _ in self._listed(self._collection_request(search, {})):
                pass
            self._knows_all = True
        return self._series.get(native)

    def _seek(self, search: Search, hole: str, native: str) -> None:
        """Ask for a collection by its id, which a service may refuse; one that does not is trusted in what it
        does not find."""
        try:
            for _ in self._listed(self._collection_request(search, {hole: native})):
                pass
        except RemoteError as error:
            if error.status not in (400, 404):
                raise
            return
        if hole == UID:
            self._trusted.add(hole)

    def _listed(self, request: Request | None) -> Iterator[Series]:
        sent = NoRepeats()
        for _ in range(_PAGES):
            if request is None or not sent.is_new(request):
                return
            page = read_series(self._send(replace(request, keep=True)), request)
            for series in page.found:
                found = (
                    replace(series, description=urljoin(request.url, series.description))
                    if series.description
                    else series
                )
                self._series[series.collection.id] = found
                yield found
            request = page.next if page.found else None

    def _collection_request(self, search: Search, said: dict[str, str]) -> Request:
        described = search.of(self._given)
        paging = {"count": str(described.page_size), "startIndex": str(search.index_offset)}
        paging |= {"startPage": str(search.page_offset)}
        # a service that knows both counts from one of them
        if "startIndex" in search.holes:
            paging.pop("startPage")
        request = Template.of(described).fill(paging | said)
        return replace(request, params={**request.params, **self._given.parameters})
