"""Products as a table: CSV (RFC 4180) with a header, page by page."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any

from ..downloads import downloads
from ..page import Entry, Page
from ..product import Product, Value
from ..property import Property
from ..temporal import format_time

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
# of all products, before their properties
COLUMNS = (
    "id", "collection", "title", "start", "end", "geometry", "uuid", "name", "provider", "access", "url",
    "size", "metadata_created", "metadata_modified",
)  # fmt: skip
# what spreadsheets take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(pages: Iterable[Page], properties: Iterable[str]) -> Iterator[bytes]:
    """The table in pieces: COLUMNS and one column for each of the properties. Geometry is WKT, `url` and
    `size` are those of the best data file, lists are JSON; a text that a spreadsheet would take for a formula
    begins with an apostrophe."""
    names = tuple(properties)
    yield _lines([(*COLUMNS, *names)])
    for page in pages:
        found = zip(page.products, page.entries, strict=True)
        yield _lines(_row(product, entry, names) for product, entry in found)


def _row(product: Product, entry: Entry, names: Iterable[str]) -> Iterator[Any]:
    best = next(iter(downloads(product, entry)), None)
    yield _text(product.id)
    yield _text(product.collection)
    yield _text(product.title or product.id)
    yield _time(product.time.start)
    yield _time(product.time.end)
    yield product.footprint.wkt if product.footprint else ""
    yield entry.uuid
    yield _text(entry.name)
    yield _text(entry.provider)
    yield entry.access
    yield _text(best.asset.href) if best else ""
    yield best.asset.size if best else None
    yield _time(entry.created)
    yield _time(entry.modified)
    yield from (_cell(product.properties.get(name)) for name in names)


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    text = Property.to_text(value)
    return _text(text) if isinstance(value, str) else text


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _time(time: datetime | None) -> str:
    return format_time(time) if time else ""


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    made = StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()
