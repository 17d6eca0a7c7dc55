"""The record of a dataset by ISO 19115-3 with its feedback in it."""

from __future__ import annotations

from dataclasses import replace

from ..guf_xml.write import element_of, to_document
from .entries import Page
from .guf import collection_of

TYPE = "application/xml"


def write(page: Page) -> bytes:
    """The document of a page of a dataset whose record is known."""
    assert page.record is not None
    return to_document(element_of(replace(page.record, user_feedback=(collection_of(page),))))
