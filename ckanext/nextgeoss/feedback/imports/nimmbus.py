"""Asks a NiMMbus service for the feedback on a thing: pages of ENUMERATE with whole items, RETRIEVE for those
that are only named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from urllib.parse import urlencode

from ...eo.errors import BadAnswer
from .found import Document, Imported
from .guf_document import read_document

SERVICE = "https://www.nimmbus.cat/cgi-bin/nimmbus/nimmbus.cgi"
PAGE = 100
# of feedback on one thing; what has more is asked for no further, and told
MOST = 10_000
# the bytes of an answer to a request
Fetch = Callable[[str], bytes]


class Asked:
    """What a service has on one thing: `items`, `problems`, the `codes` it named, and whether that is
    everything (`complete`)."""

    def __init__(self, fetch: Fetch, service: str, now: datetime) -> None:
        self._fetch, self._service, self._now = fetch, service, now
        self.items: list[Imported] = []
        self.problems: list[str] = []
        self.codes: list[str] = []
        self.complete = False

    def ask(self, code: str, code_space: str) -> None:
        """Ask for all items on a code in a code space."""
        for document in self._pages(code, code_space):
            self.items += document.items
            self.problems += document.problems
            self.codes += document.codes
            for named in document.named:
                self._retrieve(named)

    def _pages(self, code: str, code_space: str) -> Iterator[Document]:
        start = 1
        while start <= MOST:
            address = enumerate_address(self._service, code, code_space, start)
            document = read_document(self._fetch(address), self._now, source=self._service)
            yield document
            start += max(1, len(document.codes))
            if not document.codes or (document.total is not None and start > document.total):
                self.complete = True
                return
        self.problems.append(f"there are more than {MOST} items")

    def _retrieve(self, code: str) -> None:
        query = {"SERVICE": "WPS", "REQUEST": "EXECUTE", "IDENTIFIER": "NB_RESOURCE:RETRIEVE",
                 "LANGUAGE": "eng", "USER": "Anonymous", "RESOURCE": code}  # fmt: skip
        try:
            address = f"{self._service}?{urlencode(query, safe=':')}"
            document = read_document(self._fetch(address), self._now, source=self._service)
        except BadAnswer as error:
            self.problems.append(f"{code}: {error.reason}")
            return
        self.items += document.items
        self.problems += document.problems


def enumerate_address(service: str, code: str, code_space: str, start: int) -> str:
    """The request for a page of items on a thing, those with this code in this code space."""
    query = {
        "SERVICE": "WPS", "REQUEST": "EXECUTE", "IDENTIFIER": "NB_RESOURCE:ENUMERATE", "LANGUAGE": "eng",
        "USER": "Anonymous", "STARTINDEX": start, "COUNT": PAGE, "FORMAT": "text/xml", "CONTENT": "full",
        "TYPE": "FEEDBACK", "TRG_TYPE_1": "CITATION", "TRG_FLD_1": "CODE", "TRG_VL_1": code,
        "TRG_OPR_1": "EQ", "TRG_NXS_1": "AND", "TRG_TYPE_2": "CITATION", "TRG_FLD_2": "NAMESPACE",
        "TRG_VL_2": code_space, "TRG_OPR_2": "EQ",
    }  # fmt: skip
    return f"{service}?{urlencode(query, safe=':')}"
