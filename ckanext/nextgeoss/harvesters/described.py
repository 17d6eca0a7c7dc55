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
        """All collections that the collection search tells of."""
        search = self._main.collections()
        if search is not None:
            yield from self._listed(self._collection_request(search, {}))

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
        if native not in self._series:
            hole = next((name for name in (UID, COLLECTION, TERMS) if name in search.holes), "")
            asked = {hole: native} if hole else {}
            requests = [self._collection_request(search, asked)]
            requests += [self._collection_request(search, {})] if asked else []
            for request in requests:
                if native in self._series or self._seek(request, native):
                    break
        return self._series.get(native)

    def _seek(self, request: Request, native: str) -> bool:
        """Whether a collection is among those of a search; a service may refuse to search by its id."""
        try:
            return any(series.collection.id == native for series in self._listed(request))
        except RemoteError as error:
            if error.status not in (400, 404):
                raise
            return False

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
