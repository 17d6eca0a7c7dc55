"""Feedback as GUF 1.0 XML."""

from __future__ import annotations

from ..collection import FeedbackCollection, Pagination, summary_of
from ..guf_xml.write import write_item, write_response
from ..iso import Citation, Identifier
from .entries import Entry, Page, clean

TYPE = "application/xml"


def write_entry(entry: Entry) -> bytes:
    """The document of one item."""
    return write_item(entry.item)


def write(page: Page) -> bytes:
    """The document of a page: what it is about, items, how many there are, summary."""
    return write_response(collection_of(page))


def collection_of(page: Page) -> FeedbackCollection:
    """A page as the standard has it."""
    target = None
    if page.code:
        known = Identifier(code=page.code, code_space=page.code_space or None)
        target = Citation(title=page.subject or page.code, identifier=(known,))
    summary = clean(page.summary)
    return FeedbackCollection(
        target=target,
        item=tuple(each.item for each in page.entries),
        pagination=Pagination(
            number_of_feedback_items=page.total,
            limit=page.limit,
            offset=page.offset,
            count=len(page.entries),
        ),
        summary=summary_of(summary, target) if summary else None,
    )
