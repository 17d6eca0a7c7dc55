"""Entries of an answer as products and records side by side, whatever the protocol."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from ...eo.errors import BadRecord
from ...eo.formats.loose_json import link, mapping
from ...eo.product import Product
from ..mapping import ProductMapping
from ..provider import Provider
from . import Answer, Record

# the collection of records that name none: what the product's identifier tells of it may still be enough
UNNAMED = "?"


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
            record: Any = view(entry) if provider.fields else {}  # only fields walk through it
            product = rules.product(read(entry, position), record, asked)
            if product.collection == UNNAMED:
                raise BadRecord(f"{product.id} names no collection", position)
        except BadRecord as error:
            error.native = Record(native(entry), position).text()
            refused.append(error)
            continue
        products.append(product)
        records.append(Record(native(entry), position))
    return Answer(tuple(products), tuple(records), tuple(refused))


def record_link(native: str) -> str:
    """Where the provider shows a stored record; "" when the record does not say, or is no JSON."""
    try:
        return link(mapping(json.loads(native)), "self")
    except ValueError:
        return ""
