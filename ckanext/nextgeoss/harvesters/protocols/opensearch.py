"""OpenSearch for Earth observation (OGC 10-032, 13-026): Atom and GeoJSON, in the dialects in use."""

from __future__ import annotations

from typing import ClassVar

from ...eo.formats.atom import ATOM
from ...eo.formats.dhus import DHUS
from ...eo.formats.eo_geojson import EO_GEOJSON
from ...eo.formats.feed import Feed, Format
from ...eo.formats.gdacs import GDACS
from ...eo.formats.odata import ODATA
from ...eo.formats.odata2 import ODATA2
from ...eo.formats.resto import RESTO
from ...eo.formats.rss import RSS
from ...eo.query import Query
from ...http import Request
from ..pagination import Counter, same_host
from ..provider import Provider
from . import COLLECTIONS
from .feeds import FeedProtocol, linked
from .template import COLLECTION, COUNT, START_INDEX, START_PAGE, ClauseLanguage, Template, search_request

# dialects before what they are dialects of
FORMATS: tuple[Format, ...] = (DHUS, GDACS, RESTO, ODATA2, ODATA, EO_GEOJSON, ATOM, RSS)


def backslashed(text: str) -> str:
    """A text as it stands between quotation marks in the language of Solr."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


class OpenSearchProtocol(FeedProtocol):
    """Searches by URL template; the format of an answer is recognised, whatever was asked for."""

    one_collection = True
    formats = FORMATS
    # that of Solr, which answers behind the hubs that have one
    language: ClassVar[ClauseLanguage] = ClauseLanguage(" AND ", " OR ", "*", backslashed)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return search_request(provider, query, self.language, counting=False)

    def asks(self, provider: Provider) -> frozenset[str]:
        """The parts for which the template or a clause has a hole; collections too where each is a condition
        by names of that service."""
        found = Template.of(provider).asks(provider.clauses)
        rules = provider.collections.values()
        return found | {COLLECTIONS} if rules and all(rule.where for rule in rules) else found

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for one product; None where the provider tells no totals."""
        return search_request(provider, query, self.language, counting=True) if provider.counts else None

    def collection_of(self, provider: Provider, address: str) -> str:
        """The collection, as the provider calls it, in the address of a search."""
        return Template.of(provider).value(COLLECTION, address) if provider.template else ""

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The next link where it leads to the same host, else counted on: some services name a host of their
        own network there, or nothing at all."""
        counted, link = _counted(provider, feed, asked), linked(feed, asked)
        is_elsewhere = link is not None and counted is not None and not same_host(link, asked)
        return counted if link is None or is_elsewhere else link


def _counted(provider: Provider, feed: Feed, asked: Request) -> Request | None:
    if not provider.template:
        return None
    template = Template.of(provider)
    for hole in (START_INDEX, START_PAGE):
        if name := template.parameter(hole):
            counter = Counter(name, template.parameter(COUNT), provider.first, hole == START_PAGE)
            return counter.next(asked, len(feed.entries), feed.total)
    return None
