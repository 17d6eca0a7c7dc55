"""OGC Catalogue Services for the Web 2.0.2 and 3.0: GetRecords by GET, with conditions in CQL text."""

from __future__ import annotations

from dataclasses import replace

from ...eo.formats.atom import ATOM
from ...eo.formats.catalogue_answers import CSW
from ...eo.formats.feed import Feed
from ...eo.query import Query
from ...http import Request
from ..provider import Provider
from .catalogue import CatalogueProtocol, counted_on
from .opensearch import OpenSearchProtocol
from .template import START_INDEX, ClauseLanguage, Template, search_request

_CONSTRAINT, _RESULT = "constraint", "resultType"


def _doubled(text: str) -> str:
    return text.replace("'", "''")


class CswProtocol(CatalogueProtocol, OpenSearchProtocol):
    """Searches by a template whose {searchTerms} are conditions in CQL; records of ISO 19139, ISO 19115-3 and
    Dublin Core, whatever was asked for."""

    formats = (ATOM, CSW)  # pycsw answers in Atom, too
    language = ClauseLanguage(" AND ", " OR ", "", _doubled)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return self._completed(provider, search_request(provider, query, self.language, counting=False))

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for the number of records only; None where the provider tells no totals."""
        if not provider.counts:
            return None
        return self._completed(provider, search_request(provider, query, self.language, counting=True))

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The page from `nextRecord` on."""
        return counted_on(feed, asked, Template.of(provider).parameter(START_INDEX), provider.id)

    @staticmethod
    def _completed(provider: Provider, request: Request) -> Request:
        """Without a condition nothing is said of its language; results are asked for, as the standard's own
        choice is to count them only."""
        params = {_RESULT: "results", **request.params, **provider.parameters}
        if not params.get(_CONSTRAINT):
            params = {name: value for name, value in params.items() if not name.startswith(_CONSTRAINT)}
        return replace(request, params=params)
