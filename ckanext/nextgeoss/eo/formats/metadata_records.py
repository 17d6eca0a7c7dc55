"""Metadata records of catalogues, each in the format that its root tells, whatever stands around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ..errors import BadAnswer, BadRecord
from ..product import Product
from ..xml import Element, is_element, local_name, text_at
from .datacite import DATACITE
from .dcat_record import DCAT_RECORD
from .dif import DIF
from .dublin_core import DUBLIN_CORE
from .feed import Feed, Format
from .iso import ISO
from .iso_names import VOCABULARY
from .wmdr import WMDR
from .xml_error import xml_error

FORMATS: tuple[Format, ...] = (ISO, DUBLIN_CORE, WMDR, DATACITE, DIF, DCAT_RECORD)
# the record in an entry; None when it has none
Inner = Callable[[Element], Element | None]


def format_of(record: Any) -> Format | None:
    """The format of a record; None when it is not read."""
    return next((known for known in FORMATS if known.recognises(record)), None)


class MetadataRecords:
    """Entries that are records, or have one in them, alone or in the envelope of a protocol.

    `envelope` gives the entries of a document with what it says of the whole, None when it is no such
    envelope; `inner` gives the record in an entry."""

    # of most; each record has that of its own format
    vocabulary = VOCABULARY

    def __init__(
        self, envelope: Callable[[Element, str], Feed | None], inner: Inner = lambda entry: entry
    ) -> None:
        self._envelope, self._inner = envelope, inner

    def recognises(self, document: Any) -> bool:
        """Whether it is XML: what it is else is said when it is read."""
        return is_element(document)

    def feed(self, document: Any, source: str) -> Feed:
        """The entries; BadAnswer when all of them are in formats that are not read."""
        feed = self._envelope(document, source)
        if feed is None:
            feed = Feed((document,)) if self.format(document) else None
        if feed is None:
            words = xml_error(document)
            error = f"the provider answered with an error: {words}"
            raise BadAnswer(error if words else f"XML ({local_name(document)}), not a search answer", source)
        if feed.entries and not any(self.format(entry) for entry in feed.entries):
            record = self._inner(feed.entries[0])
            name = "nothing" if record is None else local_name(record)
            raise BadAnswer(f"records in a format that is not read ({name})", source)
        return feed

    def format(self, entry: Element) -> Format | None:
        """The format of an entry's record."""
        record = self._inner(entry)
        return None if record is None else format_of(record)

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What an entry's record says, in the way of its format."""
        known = self.format(entry) if is_element(entry) else None
        return known.view(self._inner(entry)) if known else {}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry's record."""
        record = self._inner(entry) if is_element(entry) else None
        if record is None:
            raise BadRecord("no metadata in the record", position)
        known = format_of(record)
        if known is None:
            raise BadRecord(f"a record in a format that is not read ({local_name(record)})", position)
        return known.product(record, position=position, collection=collection)


class NamedRecords(MetadataRecords):
    """Records whose entries have identifiers of their own, by which the protocol speaks of them."""

    def __init__(
        self,
        envelope: Callable[[Element, str], Feed | None],
        inner: Inner,
        name: Callable[[Element], str],
    ) -> None:
        super().__init__(envelope, inner)
        self._name = name

    def view(self, entry: Any) -> Mapping[str, Any]:
        """What an entry's record says, and `header` with the identifier in full."""
        identifier = text_at(entry, "header/identifier") if is_element(entry) else ""
        return {**super().view(entry), **({"header": {"identifier": identifier}} if identifier else {})}

    def product(self, entry: Any, *, position: int = 0, collection: str = "") -> Product:
        """The product of an entry's record, under the identifier of the entry."""
        found = super().product(entry, position=position, collection=collection)
        return replace(found, id=self._name(entry) or found.id)
