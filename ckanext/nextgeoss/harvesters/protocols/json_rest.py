"""JSON services without a standard: the provider file says where in an answer the entries, their number and
the way on are (`layout`), and where in an entry everything else is (`fields`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ...eo.errors import BadAnswer, BadConfiguration, BadRecord
from ...eo.formats.feed import Feed, Format
from ...eo.formats.loose_json import mapping, text, whole_number
from ...eo.formats.vocabulary import Vocabulary, attributes
from ...eo.product import Product
from ...eo.query import Query
from ...http import Request, Response
from ..declared import hint
from ..mapping import at
from ..pagination import with_parameter
from ..provider import Provider
from . import Answer
from .json_answer import reported_error
from .opensearch import OpenSearchProtocol
from .template import START_INDEX, START_PAGE, Template

# paths in an answer: `entries` (empty: the answer itself), `total`, `next` (an address, or the number of the
# first product or page that follows); `after` is the parameter that takes the id of the last entry
_LAYOUT = ("entries", "total", "next", "after")
# the name of an entry in an object of objects
KEY = "@key"


class DeclaredJson:
    """The format of one provider's answers; all that is said of products is in its `fields`."""

    vocabulary = Vocabulary({}, only_these=True)

    def __init__(self, provider: Provider) -> None:
        for name in provider.layout:
            if name not in _LAYOUT:
                raise BadConfiguration(f"{provider.id}: layout: unknown name {name!r}{hint(name, _LAYOUT)}")
        self._provider = provider
        self._path = provider.layout.get("entries", "")

    def recognises(self, document: Any) -> bool:
        """Whether there are entries where the provider file says, or it is an entry."""
        return self._entries(document) is not None or self._id(document) != ""

    def feed(self, document: Any, source: str) -> Feed:
        """The entries, their number and the way on."""
        entries = self._entries(document)
        if entries is None:
            return Feed((document,))
        layout = self._provider.layout
        if not entries and (words := reported_error(_of_errors(document))):
            raise BadAnswer(f"the provider answered with an error: {words}", source)
        total = whole_number(at(document, layout["total"])) if "total" in layout else None
        following = at(document, layout["next"]) if "next" in layout else None
        return Feed(tuple(entries), total, text(following))

    def view(self, entry: Any) -> Mapping[str, Any]:
        """The entry as it is."""
        return mapping(entry)

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """A product of which only the name is read here."""
        if not isinstance(entry, dict):
            raise BadRecord(f"not a record but {type(entry).__name__}", position)
        identifier = self._id(cast(object, entry))
        if not identifier:
            raise BadRecord("no identifier", position)
        return Product(id=identifier, collection=collection)

    def _id(self, entry: Any) -> str:
        places = self._provider.fields.get("id", ("id",))
        if not isinstance(entry, dict):
            return ""
        found = (at(entry, path) for path in places if "{" not in path)
        return next((said for value in found if (said := text(value))), "")

    def _entries(self, document: Any) -> list[Any] | None:
        """The entries of an answer; None when it has none where they should be."""
        found = at(document, self._path) if self._path else document
        if isinstance(found, list):
            return cast(list[Any], found)
        if not isinstance(found, dict) or not found or (not self._path and self._id(cast(object, found))):
            return None
        members = cast(dict[str, Any], found)
        if all(isinstance(value, dict) for value in members.values()):
            named = [{KEY: name} | value for name, value in members.items()]
            return named if self._path or any(self._id(entry) for entry in named) else None
        return [members] if self._path else None


class JsonProtocol(OpenSearchProtocol):
    """Searches by URL template, whose answers are in the provider's own JSON."""

    one_collection = True

    def formats_of(self, provider: Provider) -> tuple[Format, ...]:
        """The one that the provider file declares."""
        return (DeclaredJson(provider),)

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The template filled for the first page; where the file says `method: POST`, what would be query
        parameters is sent as JSON, their names being paths in it."""
        return _as_said(provider, super().first_request(provider, query))

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The template filled for one product."""
        request = super().count_request(provider, query)
        return request and _as_said(provider, request)

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The entries of an answer; of a saved one, numbers lead nowhere."""
        answer = super().read(provider, response, request)
        is_number = answer.next is not None and _is_number(answer.next.url.rpartition("/")[2])
        return replace(answer, next=None) if request is None and is_number else answer

    def following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """The link or number that the answer gives, where the file says that it gives one; else the search
        after the last entry, or counted on."""
        if asked.method == "POST":
            found = self.following(provider, feed, _with_parameters(asked))
            return _as_said(provider, found) if found and found.params else found
        if "next" in provider.layout and not feed.next:
            return None
        template = Template.of(provider)
        if _is_number(feed.next):
            name = template.parameter(START_INDEX) or template.parameter(START_PAGE)
            is_more = int(feed.next) > 0 and bool(feed.entries) and name
            return with_parameter(asked, name, feed.next) if is_more else None
        if name := provider.layout.get("after"):
            last = DeclaredJson(provider).product(feed.entries[-1], collection="?").id if feed.entries else ""
            return with_parameter(asked, name, last) if last else None
        return super().following(provider, feed, asked)


def _as_said(provider: Provider, request: Request) -> Request:
    """The request by the method that the file names; numbers are numbers in JSON."""
    if provider.method != "POST":
        return request
    body: dict[str, Any] = {}
    for name, value in request.params.items():
        *steps, last = name.split("/")
        within = body
        for step in steps:
            within = within.setdefault(step, {})
        within[last] = int(value) if _is_number(value) else value
    return replace(request, method="POST", params={}, body=body)


def _with_parameters(request: Request) -> Request:
    """A request of JSON with parameters again, by which one counts on."""
    said = {path: str(value) for path, value in attributes(request.body)}
    return replace(request, method="GET", params=said, body=None)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _of_errors(document: Any) -> dict[str, Any]:
    """The members of an answer that speak of errors."""
    return {
        name: value
        for name, value in mapping(document).items()
        if value and name in ("error", "errors", "errorMessage", "errorCode", "exception", "fault")
    }
