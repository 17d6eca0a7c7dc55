"""What formats of search answers have in common: a page of entries, and how one entry becomes a product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import BadRecord
from ..page import Page
from ..product import Product
from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Feed:
    """The entries of an answer as the provider gave them, and what it says of the whole result."""

    entries: tuple[Any, ...]
    # how many match in all; None: not told
    total: int | None = None
    # address of the next page as the answer gives it; empty: none given
    next: str = ""
    # in a list without the records themselves: by what they are asked for
    children: tuple[str, ...] = ()
    # identifiers of products that the provider says it has no more
    gone: tuple[str, ...] = ()
    # what had to be mended to read the answer
    warnings: tuple[str, ...] = ()
    # in a catalogue that is a tree: the addresses of what lies beneath
    beneath: tuple[str, ...] = ()


def check_named(what: str, identifier: str, collection: str, position: int) -> None:
    """BadRecord when an entry tells no identifier, or no collection."""
    if not identifier:
        raise BadRecord("no identifier", position)
    if not collection:
        raise BadRecord(f"{what} {identifier} names no collection", position)


class Format(Protocol):
    """A format of search answers; `document` is a JSON value or the root of an XML document."""

    vocabulary: Vocabulary

    def recognises(self, document: Any) -> bool:
        """Whether a document is of this format."""
        ...

    def feed(self, document: Any, source: str) -> Feed:
        """The entries of a document, which may be one alone; BadAnswer from `source` for anything else."""
        ...

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What an entry says, as nested mappings: what paths of provider files and reports walk through."""
        ...

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry, its collection as the provider calls it; BadRecord without identifier.

        `position` is for messages; `collection` is that of entries that do not name theirs."""
        ...


def read_page(form: Format, document: Any, source: str = "") -> Page:
    """The page of a document in a format; `next` is the address of its next link.

    BadAnswer from `source` for anything else, BadRecord for an entry that cannot be named."""
    feed = form.feed(document, source)
    products = (form.product(entry, position=index) for index, entry in enumerate(feed.entries))
    return Page(tuple(products), feed.total, feed.next)
