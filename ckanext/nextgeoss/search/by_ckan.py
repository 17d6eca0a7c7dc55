"""The search document of one dataset, made by CKAN's own functions and taken before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckan import logic
from ckan.lib.search import index

from .index import Document


class _Taker:
    """Stands where CKAN expects its client of Solr."""

    def __init__(self) -> None:
        self.document: Document | None = None

    def add(self, docs: list[Document], **_: Any) -> None:
        (self.document,) = docs

    def delete(self, **_: Any) -> None:
        self.document = None


def document_by_ckan(package_id: str) -> Document | None:
    """The document as `search-index rebuild` would send it; None when the dataset is gone, or deleted and not
    wanted in the index. What a plugin raises comes through."""
    with _taking() as taker:
        try:
            logic.index_update_package({"ignore_auth": True}, package_id)
        except logic.NotFound:
            return None
    return taker.document


@contextmanager
def _taking() -> Iterator[_Taker]:
    # index_package makes and sends a document in one piece; the name it calls is the one place between
    taker, connect = _Taker(), index.make_connection
    index.make_connection = lambda *_, **__: taker  # type: ignore[assignment]
    try:
        yield taker
    finally:
        index.make_connection = connect
