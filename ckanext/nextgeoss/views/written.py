"""What is written of what is stored: nothing that is wrong there is the caller's fault."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from ..eo.errors import BadValue, NextGEOSSError
from ..eo.page import Entry, Page
from ..eo.product import Product

log = logging.getLogger(__name__)

T = TypeVar("T")
Write = Callable[[Product, Entry], T]
_FAULTS = (BadValue, TypeError, ValueError, LookupError, AttributeError)


class Unwritable(NextGEOSSError):
    """Something that is stored cannot be written in the form that is asked for."""


def written_page(page: Page, write: Write[T]) -> list[T]:
    """What `write` makes of each product of our own; one of which it can make nothing is left out and
    logged, so that it hides no other."""
    found: list[T] = []
    for product, entry in zip(page.products, page.entries, strict=True):
        try:
            found.append(write(product, entry))
        except _FAULTS:
            log.exception("%r of collection %r cannot be written (dataset %s)", *_names(product, entry))
    return found


def written(product: Product, entry: Entry, write: Write[T]) -> T:
    """What `write` makes of a product of our own; Unwritable, an error of the server, when it cannot."""
    try:
        return write(product, entry)
    except _FAULTS as error:
        told = "{!r} of collection {!r} cannot be written (dataset {})".format(*_names(product, entry))
        raise Unwritable(f"{told}: {error}") from error


def _names(product: Product, entry: Entry) -> tuple[str, str, str]:
    return product.id, product.collection, entry.uuid
