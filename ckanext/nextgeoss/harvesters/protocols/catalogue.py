"""What protocols of metadata catalogues share: each record is read in the format of its own root."""

from __future__ import annotations

from typing import Any

from ...eo.errors import BadAnswer
from ...eo.formats.feed import Feed, Format
from ...eo.formats.loose_json import whole_number
from ...eo.formats.metadata_records import MetadataRecords
from ...eo.formats.vocabulary import Vocabulary
from ...http import Request
from ..pagination import whole_parameter, with_parameter
from ..provider import Provider
from .feeds import FeedProtocol


class CatalogueProtocol(FeedProtocol):
    """Entries are records in several formats; how an answer leads on is in itself."""

    def saved_following(self, provider: Provider, feed: Feed, asked: Request) -> Request | None:
        """As `following`: an answer has no link, but tells where to go on."""
        return self.following(provider, feed, asked)

    def vocabulary(self, known: Format, entry: Any) -> Vocabulary:
        """The names of the attributes of a record's own format."""
        own = known.format(entry) if isinstance(known, MetadataRecords) else None
        return own.vocabulary if own else known.vocabulary


def counted_on(feed: Feed, asked: Request, parameter: str, source: str) -> Request | None:
    """The request for the page that begins with the record whose number an answer gives as the next; None at
    the end, where it gives none, zero, or a number after the last one."""
    begun = whole_parameter(asked, parameter) or 1
    following = whole_number(feed.next)
    if following is None and feed.total is not None and feed.entries:
        following = begun + len(feed.entries)
    if not following or (feed.total is not None and following > feed.total):
        return None
    if following <= begun:
        reason = f"the next record is said to be number {following} in the page from {begun}"
        raise BadAnswer(f"{reason}: it does not grow", source)
    return with_parameter(asked, parameter, str(following))
