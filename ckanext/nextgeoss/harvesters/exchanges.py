"""What was asked of a live provider and what came back, for people who look at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..eo.query import Query
from ..http import Request, Response
from .protocols import Answer
from .provider import Provider
from .remote import RemoteCatalogue, Send


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it was sent, its login included, the answer, and the seconds until that was there."""

    request: Request
    response: Response
    seconds: float


@dataclass(slots=True)
class Exchanges:
    """Sends requests and keeps what came of each."""

    sent: Send
    clock: Callable[[], float] = time.monotonic
    kept: list[Exchange] = field(default_factory=list[Exchange])
    # all that no one may read, of all requests, those without an answer included
    secrets: tuple[str, ...] = ()

    def send(self, request: Request) -> Response:
        """The answer to a request."""
        begun = self.clock()
        self.secrets = tuple(dict.fromkeys((*self.secrets, *request.secrets)))
        response = self.sent(request)
        self.kept.append(Exchange(request, response, self.clock() - begun))
        return response


def asked_for_few(provider: Provider, products: int) -> Provider:
    """The provider, to be asked for so many products a page."""
    return replace(provider, page_size=products)


def first_query(provider: Provider, collection: str = "") -> Query:
    """The search for one of the provider's collections: its first, unless said."""
    return Query(collections=(collection,) if collection else tuple(provider.collections)[:1])


def first_pages(catalogue: RemoteCatalogue, query: Query, pages: int = 1) -> Iterator[Answer]:
    """The first answers to a search."""
    for number, answer in enumerate(catalogue.pages(query), 1):
        yield answer
        if number == pages:
            return
