"""OpenSearch for Earth observation (OGC 10-032, 13-026): Atom and GeoJSON, in the dialects in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, ClassVar

from ...addresses import redact
from ...eo.errors import BadAnswer
from ...eo.formats.atom import ATOM, xml_error
from ...eo.formats.dhus import DHUS
from ...eo.formats.eo_geojson import EO_GEOJSON
from ...eo.formats.feed import Feed, Format
from ...eo.formats.loose_json import mapping
from ...eo.formats.odata import ODATA
from ...eo.formats.resto import RESTO
from ...eo.formats.vocabulary import attributes
from ...eo.query import Query
from ...eo.xml import is_element, local_name, to_text
from ...http import Request, Response
from ..pagination import Counter, NextLink, same_host
from ..provider import Provider
from . import Answer, CollectionsAnswer, Record
from .document import document_of, own_address, recognised
from .json_answer import reported_error
from .records import UNNAMED, read_records
from .template import COLLECTION, COUNT, START_INDEX, START_PAGE, ClauseLanguage, Template, search_request

# dialects before what they are dialects of
FORMATS: tuple[Format, ...] = (DHUS, RESTO, ODATA, EO_GEOJSON, ATOM)


def _backslashed(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


class OpenSearchProtocol:
    """Searches by URL template; the format of an answer is recognised, whatever was asked for."""

    one_collection = True
    # that of Solr, which answers behind the hubs that have one
    language: ClassVar[ClauseLanguage] = ClauseLanguage(" AND ", " OR ", "*", _backslashed)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page."""
        return search_request(provider, query, self.language, counting=False)

    def tells_changes(self, provider: Provider) -> bool:
        """Whether the template or a clause has a hole for the time."""
        return bool(Template.of(provider).change_hole(provider.clauses))

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for one product; None where the provider tells no totals."""
        return search_request(provider, query, self.language, counting=True) if provider.counts else None

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The entries of an answer, or a single entry."""
        document, warnings = document_of(response)
        known, feed = _feed(document, redact(response.url))
        asked = request or _assumed_request(provider, response, document)
        collection = asked.about or _collection_of(provider, asked.url) or UNNAMED
        answer = read_records(
            provider,
            feed.entries,
            lambda entry, position: known.product(entry, position=position, collection=collection),
            native=_native,
            view=known.view,
            asked=asked.about,
        )
        # of a saved answer it is not known what was asked: its link is taken as it is
        following = self._next(provider, feed, asked) if request else _linked(feed, asked)
        return replace(answer, next=following, total=feed.total, warnings=warnings + feed.warnings)

    def attributes(self, provider: Provider, record: Record) -> Iterator[tuple[str, Any, str]]:
        """The attributes of a record, by the names of its format."""
        document, _ = document_of(Response(200, {}, record.text().encode("utf-8"), provider.url))
        known, feed = _feed(document, provider.url)
        for path, value in attributes(known.view(feed.entries[0])):
            yield path, value, known.vocabulary.target(path)

    def collections_request(self, provider: Provider) -> Request | None:
        """None: what these services say of collections is in other formats; the registry describes them."""
        return None

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """No collections."""
        return CollectionsAnswer(())

    def _next(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The next link where it leads to the same host, else counted on: some services name a host of their
        own network there, or nothing at all."""
        counted, link = _counted(provider, feed, asked), _linked(feed, asked)
        is_elsewhere = link is not None and counted is not None and not same_host(link, asked)
        return counted if link is None or is_elsewhere else link


def _feed(document: Any, source: str) -> tuple[Format, Feed]:
    known = recognised(document, FORMATS)
    if known is None:
        raise BadAnswer(_what_it_is(document), source)
    return known, known.feed(document, source)


def _what_it_is(document: Any) -> str:
    """One line about a document that holds no entries."""
    if is_element(document):
        words = xml_error(document)
        name = local_name(document)
        return (
            f"the provider answered with an error: {words}" if words else f"XML ({name}), not a search answer"
        )
    about = mapping(document)
    if words := reported_error(about):
        return f"the provider answered with an error: {words}"
    kind = f"a JSON {type(document).__name__}" if not about else ", ".join(sorted(about)[:10])
    return f"not a search answer; it has: {kind}"


def _native(entry: Any) -> Any:
    return to_text(entry) if is_element(entry) else entry


def _assumed_request(provider: Provider, response: Response, document: Any) -> Request:
    """What was probably asked for a saved answer: the base of relative links."""
    is_web = response.url.startswith(("http://", "https://"))
    return Request(url=response.url if is_web else own_address(document) or provider.url)


def _collection_of(provider: Provider, address: str) -> str:
    """The collection, as the provider calls it, in the address of a search."""
    return Template.of(provider).value(COLLECTION, address) if provider.template else ""


def _linked(feed: Feed, asked: Request) -> Request | None:
    return NextLink().next([{"rel": "next", "href": feed.next}], asked) if feed.next else None


def _counted(provider: Provider, feed: Feed, asked: Request) -> Request | None:
    if not provider.template:
        return None
    template = Template.of(provider)
    for hole in (START_INDEX, START_PAGE):
        if name := template.parameter(hole):
            counter = Counter(name, template.parameter(COUNT), provider.first, hole == START_PAGE)
            return counter.next(asked, len(feed.entries), feed.total)
    return None
