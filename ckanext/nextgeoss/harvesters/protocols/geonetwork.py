"""GeoNetwork 2 (xml.search): records as they are, or told of and then asked one by one."""

from __future__ import annotations

from dataclasses import replace

from ...eo.formats.catalogue_answers import GEONETWORK
from ...eo.formats.feed import Feed
from ...eo.query import Query
from ...http import Request
from ..pagination import whole_parameter
from ..provider import Provider
from .catalogue import CatalogueProtocol, counted_on
from .opensearch import OpenSearchProtocol
from .template import START_INDEX, Template, search_request

_TO = "to"


class GeoNetworkProtocol(CatalogueProtocol, OpenSearchProtocol):
    """Searches by a template; a page is asked for by its first and its last record."""

    formats = (GEONETWORK,)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return _bounded(provider, search_request(provider, query, self.language, counting=False))

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """None: each page tells the total."""
        return None

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The page after the last record of this one."""
        found = counted_on(feed, asked, _first(provider), provider.id)
        return found and _bounded(provider, found)

    def beneath(self, provider: Provider, feed: Feed, asked: Request) -> tuple[Request, ...]:
        """The request for each record that was only told of."""
        address = f"{provider.url.rstrip('/')}/xml.metadata.get"
        return tuple(
            Request(url=address, params={"id" if each.isdecimal() else "uuid": each}, about=asked.about)
            for each in feed.children
        )


def _first(provider: Provider) -> str:
    return Template.of(provider).parameter(START_INDEX)


def _bounded(provider: Provider, request: Request) -> Request:
    """The request with the number of the last record wanted."""
    begin = whole_parameter(request, _first(provider)) or 1
    params = {**request.params, _TO: str(begin + provider.page_size - 1), **provider.parameters}
    return replace(request, params=params)
