"""The languages of providers: Query -> Request, Response -> products and the next Request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ...eo.collection import Collection
from ...eo.errors import BadConfiguration, BadRecord, nearest
from ...eo.product import Product
from ...eo.query import Query
from ...http import Request, Response
from ..provider import Provider


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the provider gave it (a JSON value, or bytes), and its position in the answer from 0."""

    native: Any
    position: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one answer brought: products with their records side by side, and how to go on."""

    products: tuple[Product, ...]
    records: tuple[Record, ...]
    # records that cannot become products
    refused: tuple[BadRecord, ...] = ()
    # None: the end
    next: Request | None = None
    # how many match in all; None: not told
    total: int | None = None


@dataclass(frozen=True, slots=True)
class CollectionsAnswer:
    """Collections by the provider's own ids, and how to go on."""

    collections: tuple[Collection, ...]
    next: Request | None = None


class ProviderProtocol(Protocol):
    """What each module in this folder gives; readers raise BadAnswer for what is not an answer."""

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the first page; BadValue when the protocol cannot ask a part of the query."""
        ...

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """The cheapest request whose answer tells a total; None when the provider tells none."""
        ...

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The products of an answer; `request` is what was asked, when that is known."""
        ...

    def collections_request(self, provider: Provider) -> Request:
        """The request for the provider's collections."""
        ...

    def read_collections(
        self, provider: Provider, response: Response, request: Request | None = None
    ) -> CollectionsAnswer:
        """The collections of an answer."""
        ...


def protocol(name: str) -> ProviderProtocol:
    """The protocol of this name; BadConfiguration names the nearest."""
    from .stac import StacProtocol

    known: Mapping[str, type[ProviderProtocol]] = {"stac": StacProtocol}
    if name not in known:
        near = nearest(name, known)
        raise BadConfiguration(
            f"no protocol {name!r}; {f'did you mean {near}?' if near else ', '.join(known)}"
        )
    return known[name]()
