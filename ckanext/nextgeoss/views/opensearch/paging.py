"""Addresses of the pages of an answer, which keep what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from ...eo.formats.opensearch_feed import FeedLink
from ...search.opensearch_parameters import DEEPEST

Pairs = tuple[tuple[str, str], ...]
# what says which page, and who asks
_PAGE = ("startIndex", "startPage", "nextgeoss:cursor", "referrer:source")


@dataclass(frozen=True, slots=True)
class Request:
    """A request: address without parameters, and these in order, none empty; `meant` gives the qualified
    name of a parameter and its value, "" for what means nothing here."""

    path: str
    pairs: Pairs
    meant: Callable[[str, str], str]

    @property
    def address(self) -> str:
        """The address, without who asks."""
        return self._address(tuple(pair for pair in self.pairs if self.meant(*pair) != "referrer:source"))

    def at(self, index: int, cursor: str = "") -> str:
        """The address of the page that begins at a result."""
        more = (("startIndex", str(index)), *((("cursor", cursor),) if cursor else ()))
        return self._address((*self._kept(), *more))

    def having(self, name: str, value: str) -> str:
        """The address of the first page of what has, besides, a value of a parameter."""
        return self._address((*self._kept(), (name, value)))

    def under(self, path: str) -> Request:
        """The same asked at another address."""
        return replace(self, path=path)

    def _kept(self) -> Pairs:
        return tuple(pair for pair in self.pairs if self.meant(*pair) not in _PAGE)

    def _address(self, pairs: Pairs) -> str:
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def page_links(
    request: Request, *, total: int, offset: int, limit: int, cursor: str, media_type: str
) -> Iterator[FeedLink]:
    """The links of a page of `limit` results after `offset` ones to the first, previous, next and last page,
    where there are any (CEOS-BP-011B); `cursor` leads to the next one however far that is."""
    if not total or not limit:
        return
    reach = min(total, DEEPEST)
    last = offset % limit + (total - 1 - offset % limit) // limit * limit
    pages: list[tuple[str, int, str]] = [("first", 0, "")]
    if offset:
        pages.append(("previous", max(0, min(offset, reach) - limit), ""))
    if offset + limit < total and (cursor or offset + limit < DEEPEST):
        pages.append(("next", offset + limit, cursor))
    if last < DEEPEST:
        pages.append(("last", last, ""))
    for rel, first, mark in pages:
        yield FeedLink(rel, request.at(first + 1, mark), media_type)
