"""OGC API Features (17-069r4) and Records (20-004r1): items of a collection, page after page by links."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from ...addresses import redact
from ...eo.errors import BadAnswer
from ...eo.formats.features import FEATURES
from ...eo.formats.loose_json import mapping
from ...eo.query import Query
from ...http import Request, Response
from ..pagination import NextLink
from ..provider import Provider
from . import CollectionsAnswer
from .feeds import what_it_is
from .json_answer import decoded
from .opensearch import OpenSearchProtocol
from .stac import described
from .template import ClauseLanguage

_ACCEPT = {"Accept": "application/geo+json, application/json"}


def _doubled(text: str) -> str:
    return text.replace("'", "''")


class OgcFeaturesProtocol(OpenSearchProtocol):
    """Searches by URL template, whose parameters the two standards name; conditions are CQL2."""

    one_collection = True
    formats = (FEATURES,)
    language = ClauseLanguage(" AND ", " OR ", "", _doubled)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return replace(super().first_request(provider, query), headers=_ACCEPT)

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for one item."""
        request = super().count_request(provider, query)
        return request and replace(request, headers=_ACCEPT)

    def collections_request(self, provider: Provider) -> Request | None:
        """The request for `/collections`."""
        return Request(
            url=f"{provider.url.rstrip('/')}/collections", headers=_ACCEPT, params=provider.parameters
        )

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections of `/collections`, which are described as those of STAC are."""
        document = decoded(response)
        about = mapping(document)
        entries = about.get("collections")
        if not isinstance(entries, list):
            raise BadAnswer(what_it_is(document), redact(response.url))
        asked = request or Request(url=response.url)
        found = tuple(described(cast(list[Any], entries)))
        return CollectionsAnswer(found, NextLink().next(about.get("links"), asked))
