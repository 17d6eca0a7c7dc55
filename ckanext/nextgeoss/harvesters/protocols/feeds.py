"""Protocols whose answers are documents with entries, in one of several formats: all read them alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, ClassVar

from ...addresses import redact
from ...eo.errors import BadAnswer
from ...eo.formats.feed import Feed, Format
from ...eo.formats.loose_json import mapping
from ...eo.formats.vocabulary import Vocabulary, attributes
from ...eo.formats.xml_error import xml_error
from ...eo.query import Query
from ...eo.xml import is_element, local_name, to_text
from ...http import Request, Response
from ..pagination import NextLink
from ..provider import Provider
from . import Answer, CollectionsAnswer, Record
from .document import document_of, own_address, recognised
from .json_answer import reported_error
from .records import UNNAMED, read_records


class FeedProtocol:
    """What such a protocol adds: how it asks, which formats it knows, and how an answer leads on."""

    one_collection = False
    needs_collection = False
    describes_each = False
    tells_deletions = False
    # those that answers may have, dialects before what they are dialects of
    formats: ClassVar[tuple[Format, ...]] = ()

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the first page."""
        raise NotImplementedError

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The request for what follows the answer to `asked`; None at the end."""
        return linked(feed, asked)

    def saved_following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """As `following`, for a saved answer, of which it is not known what was asked: its link as it is."""
        return linked(feed, asked)

    def beneath(self, provider: Provider, feed: Feed, asked: Request) -> Iterable[Request]:
        """The requests for what lies beneath the answer to `asked`: in a catalogue that is a tree, or for the
        records of a list that has only their identifiers."""
        return ()

    def formats_of(self, provider: Provider) -> tuple[Format, ...]:
        """The formats that answers of a provider may have."""
        return self.formats

    def collection_of(self, provider: Provider, address: str) -> str:
        """The collection, as the provider calls it, in the address of a search; empty: not there."""
        return ""

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """None: no totals are asked for."""
        return None

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The entries of an answer, or a single entry."""
        document, warnings = document_of(response)
        known, feed = self._feed(provider, document, redact(response.url))
        asked = request or _assumed_request(provider, response, document)
        collection = asked.about or self.collection_of(provider, asked.url) or UNNAMED
        answer = read_records(
            provider,
            feed.entries,
            lambda entry, position: known.product(entry, position=position, collection=collection),
            native=_native,
            view=known.view,
            asked=asked.about,
        )
        following = self.following if request else self.saved_following
        return replace(
            answer,
            next=following(provider, feed, asked),
            children=tuple(self.beneath(provider, feed, asked)),
            gone=feed.gone,
            total=feed.total,
            warnings=warnings + feed.warnings,
        )

    def attributes(self, provider: Provider, record: Record) -> Iterator[tuple[str, Any, str]]:
        """The attributes of a record, by the names of its format."""
        document, _ = document_of(Response(200, {}, record.text().encode("utf-8"), provider.url))
        known, feed = self._feed(provider, document, provider.url)
        for path, value in attributes(known.view(feed.entries[0])):
            yield path, value, self.vocabulary(known, feed.entries[0]).target(path)

    def vocabulary(self, known: Format, entry: Any) -> Vocabulary:
        """The names of an entry's attributes."""
        return known.vocabulary

    def collections_request(self, provider: Provider) -> Request | None:
        """None: what these services say of collections is in other formats; the registry describes them."""
        return None

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """No collections."""
        return CollectionsAnswer(())

    def _feed(self, provider: Provider, document: Any, source: str) -> tuple[Format, Feed]:
        known = recognised(document, self.formats_of(provider))
        if known is None:
            raise BadAnswer(what_it_is(document), source)
        return known, known.feed(document, source)


def what_it_is(document: Any) -> str:
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


def linked(feed: Feed, asked: Request) -> Request | None:
    """The request of the next link of an answer; None when there is none."""
    return NextLink().next([{"rel": "next", "href": feed.next}], asked) if feed.next else None


def _native(entry: Any) -> Any:
    return to_text(entry) if is_element(entry) else entry


def _assumed_request(provider: Provider, response: Response, document: Any) -> Request:
    """What was probably asked for a saved answer: the base of relative links."""
    is_web = response.url.startswith(("http://", "https://"))
    return Request(url=response.url if is_web else own_address(document) or provider.url)
