"""Entries of an answer as products and records side by side, whatever the protocol."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...eo.errors import BadRecord
from ...eo.product import Product
from ..mapping import ProductMapping
from ..provider import Provider
from . import Answer, Record


def read_records(
    provider: Provider,
    entries: Sequence[Any],
    read: Callable[[Any, int], Product],
    *,
    native: Callable[[Any], Any] = lambda entry: entry,
    view: Callable[[Any], Any] = lambda entry: entry,
    asked: str = "",
) -> Answer:
    """An answer with what `read(entry, position)` makes of each entry; BadRecord ones are refused.

    `native` is what is kept of an entry, `view` what paths of the provider file walk through; `asked` is our
    id of the collection that was asked, for records that name one that we do not know."""
    rules = ProductMapping(provider)
    products: list[Product] = []
    records: list[Record] = []
    refused: list[BadRecord] = []
    for position, entry in enumerate(entries):
        try:
            product = read(entry, position)
        except BadRecord as error:
            refused.append(error)
            continue
        products.append(rules.product(product, view(entry), asked))
        records.append(Record(native(entry), position))
    return Answer(tuple(products), tuple(records), tuple(refused))
