"""A provider as a catalogue: asks a query page by page, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ..addresses import redact
from ..eo.collection import Collection
from ..eo.errors import BadAnswer, BadRecord
from ..eo.query import Query
from ..http import RemoteError, Request, Response
from .auth import auth_from_mapping, logged_in
from .described import Described
from .pagination import NoRepeats
from .protocols import CHANGES, COLLECTIONS, Answer, CollectionsAnswer, Fetches, protocol
from .provider import Provider
from .sieve import SIEVED, askable, sieved
from .walk import Walk

# the pattern of a collection to which all products belong
_ANYTHING = ".*"
# answers for what is listed and is not there, or not for us
_MISSING = frozenset({403, 404, 410})
# documents that are read to describe collections: no catalogue has more, there is a circle of new addresses
_MOST_DESCRIPTIONS = 20_000

Send = Callable[[Request], Response]


class RemoteCatalogue:
    """The products of a provider; `send` is usually HttpClient.send."""

    def __init__(self, provider: Provider, send: Send):
        self._provider = provider
        self._protocol = protocol(provider.protocol)
        # the address that was asked last, as it may be shown
        self.asking = redact(provider.url)
        self._send = logged_in(auth_from_mapping(provider.auth, provider.id), provider.url, send)
        self._described = Described(provider, self._asked) if provider.description_document else None

    @property
    def asks(self) -> frozenset[str]:
        """Which parts of a query it can be asked, see protocols/; the rest is picked from what it gives."""
        return self._described.asks if self._described else self._protocol.asks(self._provider)

    @property
    def tells_changes(self) -> bool:
        """Whether what has changed since a time can be asked for, or be picked by what products say."""
        return CHANGES in self.asks or SIEVED in self._provider.changes

    @property
    def reach(self) -> int:
        """How many products of one search can be counted to; 0: any number."""
        return self._provider.reach

    def pages(self, query: Query, start: Request | None = None, limit: int | None = None) -> Iterator[Answer]:
        """The answers to a query, one page at a time, until the end or `limit` products.

        `start` is the `next` of an earlier answer, to go on from there. Pages have the provider's size,
        not `query.limit`. Ends at an empty page, which before the total is a BadAnswer; so is a next request
        that was sent before, and a page that came before. Where the protocol asks one collection at a time,
        they follow one another. A catalogue that is a tree is walked through, and what is broken in it is
        refused, but not its root."""
        query = self._without_all(query)
        if self._protocol.needs_collection and not query.collections:
            query = replace(query, collections=tuple(map(self.asked_as, self.collections())))
        asked = askable(query, self.asks)
        request: Request | None = start or self._first_request(asked, asked.collections[:1])
        walk = Walk(self._answer)
        seen = None if start else 0  # of this search; nobody knows how many came before `start`
        sent, left = NoRepeats(), limit
        repeated, last = False, ()
        while request is not None and (left is None or left > 0):
            if not sent.is_new(request):
                raise BadAnswer("the next link leads to a page that was read before", self._provider.id)
            if repeated:
                raise BadAnswer("the same products came twice, page after page", self._provider.id)
            is_tree = False
            answer = self._answer_beneath(request) if request.above else self._answer(request)
            came = len(answer.products) + len(answer.refused) + len(answer.gone)
            if request.above or answer.children:
                is_tree, answer = True, replace(answer, next=walk.after(request, answer))
            elif not came and not _is_end(answer, seen):
                raise BadAnswer(f"an empty page, though {answer.total} products match", self._provider.id)
            seen = None if seen is None else seen + came
            if not came and not is_tree:
                answer = replace(answer, next=None)
            if answer.next is None:
                answer, seen = replace(answer, next=self._next_collection(asked, request)), 0
            page = tuple(product.id for product in answer.products)
            repeated, last = bool(page) and page == last and not is_tree, page
            # what is asked may be less for one collection than for another where documents say so
            answer = answer if asked == query and not self._described else sieved(answer, query)
            if left is not None:
                answer, left = _cut(answer, left), left - len(answer.products)
            yield answer
            request = answer.next

    def collections(self, wanted: Iterable[str] = ()) -> Iterator[Collection]:
        """The provider's descriptions of its collections, under our ids, its own among the aliases;
        only of those wanted where each is a document of its own."""
        if self._described:
            yield from (self._renamed(series.collection) for series in self._described.series())
            return
        first = self._protocol.collections_request(self._provider)
        if first is not None and self._protocol.describes_each:
            names = [name for each in wanted for name in self._provider.native(each)]
            first = replace(first, about="\n".join(names))
        waiting: list[tuple[Request, bool]] = [] if first is None else [(first, False)]
        sent = NoRepeats()
        for _ in range(_MOST_DESCRIPTIONS):
            if not waiting:
                return
            request, is_beneath = waiting.pop()
            if not sent.is_new(request):
                continue
            answer = self._descriptions(request, is_beneath)
            for collection in answer.collections:
                yield self._renamed(collection)
            if answer.next and answer.collections:
                waiting.append((answer.next, is_beneath))
            waiting += [(child, True) for child in reversed(answer.children)]

    def _descriptions(self, request: Request, is_beneath: bool) -> CollectionsAnswer:
        """The collections of an answer; none of a node below the root that is missing or broken."""
        try:
            # long lists that hardly change, and are asked for with every harvest
            response = self._asked(replace(request, keep=True))
            return self._protocol.read_collections(self._provider, response, request)
        except BadAnswer:
            if not is_beneath:
                raise
        except RemoteError as error:
            if not is_beneath or error.status not in _MISSING:
                raise
        return CollectionsAnswer(())

    def asked_as(self, collection: Collection) -> str:
        """The name by which a collection that the provider describes is asked: ours where the provider file
        has it, else the provider's own."""
        is_named = collection.id in self._provider.collections or not collection.aliases
        return collection.id if is_named else collection.aliases[-1]

    def count(self, query: Query) -> int | None:
        """How many products the provider says it has for a query; None when it does not say, or cannot be
        asked all of it."""
        query = self._without_all(query)
        if askable(query, self.asks) != query:
            return None
        provider = self._of("".join(query.collections[:1]))
        own = self._askable_of(provider, query)
        request = self._protocol.count_request(provider, own)
        if request is None or replace(own, collections=query.collections) != query:
            return None
        return self._protocol.read(provider, self._asked(request), request).total

    def probe(self, query: Query) -> None:
        """Ask for the first page only, to see whether the provider understands the query."""
        asked = askable(query, self.asks)
        self._answer(self._first_request(asked, asked.collections[:1]))

    def _without_all(self, query: Query) -> Query:
        """A query for all collections of a provider that cannot be asked for one, and of which one has
        whatever there is: a query for everything, so that totals are those of the query."""
        known = self._provider.collections
        has_all = any(rule.pattern == _ANYTHING for rule in known.values())
        if COLLECTIONS in self.asks or not has_all or not known.keys() <= set(query.collections):
            return query
        return replace(query, collections=())

    def _first_request(self, query: Query, collections: tuple[str, ...]) -> Request:
        """The first request for a query, or for one of its collections where all cannot be asked at once."""
        if not self._protocol.one_collection:
            return self._protocol.first_request(self._provider, query)
        about = "".join(collections)
        provider = self._of(about)
        asked = self._askable_of(provider, replace(query, collections=collections))
        return replace(self._protocol.first_request(provider, asked), about=about)

    def _of(self, collection: str) -> Provider:
        """The provider as its document describes the search for our collection."""
        return self._described.provider(collection) if self._described else self._provider

    def _askable_of(self, provider: Provider, query: Query) -> Query:
        """What of a query the search for a collection can be asked, where that differs."""
        return askable(query, self._protocol.asks(provider)) if self._described else query

    def _next_collection(self, query: Query, request: Request) -> Request | None:
        """The first request for the collection after that of this request."""
        if not self._protocol.one_collection or request.about not in query.collections:
            return None
        following = query.collections[query.collections.index(request.about) + 1 :]
        return self._first_request(query, following[:1]) if following else None

    def _answer(self, request: Request) -> Answer:
        speech, of = self._protocol, self._of(request.about)
        if isinstance(speech, Fetches):
            return speech.read(of, speech.fetch(request, self._asked), request)
        return speech.read(of, self._asked(request), request)

    def _answer_beneath(self, request: Request) -> Answer:
        """The answer of a node below the root; of a broken one, that it is broken."""
        try:
            return self._answer(request)
        except BadAnswer as error:
            reason = str(error)
        except RemoteError as error:
            if error.status not in _MISSING:
                raise
            reason = str(error)
        return Answer((), (), (BadRecord(reason, 0),))

    def _asked(self, request: Request) -> Response:
        self.asking = redact(request.url)
        return self._send(request)

    def _renamed(self, collection: Collection) -> Collection:
        ours = self._provider.canonical(collection.id)
        aliases = collection.aliases if ours == collection.id else (*collection.aliases, collection.id)
        return replace(collection, id=ours, aliases=aliases)


def _is_end(answer: Answer, seen: int | None) -> bool:
    """Whether an empty page may be the end after `seen` products; when that is not known, its link tells."""
    if not answer.total:
        return True
    return answer.next is None if seen is None else seen >= answer.total


def _cut(answer: Answer, limit: int) -> Answer:
    if len(answer.products) < limit:
        return answer
    return replace(answer, products=answer.products[:limit], records=answer.records[:limit], next=None)
