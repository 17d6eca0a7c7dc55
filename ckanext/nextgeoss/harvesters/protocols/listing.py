"""Directory listings over HTTP(S) and FTP: files whose names tell what they are, or that are records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from ...addresses import redact
from ...eo.errors import BadAnswer, BadConfiguration, BadValue, nearest
from ...eo.formats.bucket import is_bucket, read_bucket
from ...eo.formats.feed import Format
from ...eo.formats.files import Files, records_of
from ...eo.formats.index_html import read_index
from ...eo.formats.index_json import is_index_json, read_index_json
from ...eo.formats.index_text import is_index_text, read_index_text
from ...eo.formats.iso import ISO
from ...eo.listing import ListedFile, Listing, folder_address
from ...eo.query import Query
from ...eo.temporal import parse_time
from ...http import Request, Response
from ..provider import Provider
from . import Answer
from .document import document_of
from .feeds import FeedProtocol, what_it_is
from .opensearch import FORMATS
from .records import UNNAMED, read_records
from .tree import (
    asked_time,
    asks_of,
    below,
    collection_at,
    is_wanted,
    marked,
    path_address,
    patterns_of,
    root_of,
    timely,
)  # fmt: skip

# what listed files can be, by the words of provider files
RECORDS: dict[str, tuple[Format, ...]] = {"iso": (ISO,), "opensearch": FORMATS}
# a page by its first element; XHTML has a declaration before it
_HTML = re.compile(
    rb"(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--(?:(?!-->).){0,2000}-->\s*)?"
    rb"<(?:!doctype\s+html|html|head|title|meta|body|h1|pre|ul|ol|li|table|div|p|hr|a)\b",
    re.I | re.S,
)
_BOM = b"\xef\xbb\xbf"


class ListingProtocol(FeedProtocol):
    """Folders that are walked through; those that tell dates, only where these are asked."""

    one_collection = True

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The folder that holds all that is asked."""
        records_formats(provider)
        address = path_address(provider, root_of(provider, query))
        return self.folder_request(provider, marked(address, query.time), "".join(query.collections[:1]))

    def asks(self, provider: Provider) -> frozenset[str]:
        """Collections that have folders of their own, and times where folders tell them."""
        return asks_of(provider)

    def folder_request(self, provider: Provider, address: str, about: str) -> Request:
        """The request for the listing of a folder."""
        return Request(url=address, params=dict(provider.parameters), about=about)

    def formats_of(self, provider: Provider) -> tuple[Format, ...]:
        """Records of files, and those that listed files are."""
        files: Format = Files(patterns_of(provider.files, provider.period))
        return (files, *records_formats(provider))

    def collection_of(self, provider: Provider, address: str) -> str:
        """The collection in whose folder an address is."""
        path = below(provider, address)
        return collection_at(provider, path or "")[1] if provider.collections else ""

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The files of a listing that are products, with the folders beneath; or a record."""
        found = self._document(provider, response, request)
        if found is None:
            answer = super().read(provider, response, request)
            return timely(answer, asked_time(request)) if request else answer
        listing, address = found
        if below(provider, address) is None:
            raise BadAnswer("a listing of a place that is not below the provider's address", redact(address))
        asked = request or self.folder_request(provider, address, "")
        return self._answer(provider, listing, address, asked)

    def _answer(self, provider: Provider, listing: Listing, address: str, asked: Request) -> Answer:
        time = asked_time(asked)
        _, native = collection_at(provider, below(provider, address) or "")
        named = asked.about or native or UNNAMED
        collections = (asked.about,) if asked.about else ()
        patterns = patterns_of(provider.files, provider.period)
        listing = self.whole(provider, listing)
        children = [
            self.folder_request(provider, marked(where, time), asked.about)
            for where in sorted(listing.folders)  # in one order, whatever the server's: a walk goes on by it
            if (path := below(provider, where)) is not None and is_wanted(provider, collections, path, time)
        ]
        files = sorted(files_of(provider, listing), key=lambda each: each[1].href)
        if provider.records:
            wanted = [file for path, file in files if not provider.files or patterns.matches(path)]
            children += [Request(url=marked(file.href, time), about=asked.about) for file in wanted]
            files = []
        form = Files(patterns)
        answer = read_records(
            provider,
            records_of(files, patterns, {"folder": native}),
            lambda entry, position: form.product(entry, position=position, collection=named),
            view=form.view,
            asked=asked.about,
        )
        _check_certain(listing, answer, children, redact(address))
        following = self.page_after(provider, listing, asked)
        return timely(replace(answer, children=tuple(children), next=following), time)

    def whole(self, provider: Provider, listing: Listing) -> Listing:
        """The listing without files of a product of which others follow on the next page."""
        return listing

    def page_after(self, provider: Provider, listing: Listing, asked: Request) -> Request | None:
        """The request for more of the same folder."""
        return None

    def _document(
        self, provider: Provider, response: Response, request: Request | None
    ) -> tuple[Listing, str] | None:
        """The listing of an answer and its address; None for a document that is a record."""
        source = redact(response.url)
        body = response.body.removeprefix(_BOM).lstrip()
        is_web = urlsplit(response.url).scheme in ("http", "https", "ftp")
        address = response.url if is_web else request.url if request else folder_address(f"{provider.url}/")
        if _HTML.match(body):
            listing = read_index(_text(response.body), address, source)
            own = urljoin(address, f"{listing.own.rstrip('/')}/") if listing.own else ""
            if not is_web and request is None and own and below(provider, own) is not None:
                # of a saved answer its title tells where it was
                address, listing = own, read_index(_text(response.body), own, source)
            return listing, address
        if body[:1] not in (b"<", b"{", b"["):
            text = _text(response.body)
            if not is_index_text(text):
                first = " ".join(text.split())[:60]
                raise BadAnswer(f"not a listing; it begins {first!r}", source)
            return read_index_text(text, address, _now(response)), address
        return self._listed(provider, document_of(response)[0], address, source)

    def _listed(
        self, provider: Provider, document: Any, address: str, source: str
    ) -> tuple[Listing, str] | None:
        if is_index_json(document):
            return read_index_json(document, address), address
        if is_bucket(document):
            bucket = folder_address(f"{provider.url}/")
            listing = read_bucket(document, bucket)
            return listing, listing.own or bucket
        if not any(form.recognises(document) for form in self.formats_of(provider)):
            words = what_it_is(document)
            raise BadAnswer(words.replace("not a search answer", "not a listing"), source)
        return None


def records_formats(provider: Provider) -> tuple[Format, ...]:
    """The formats of records that listed files are, by the word of the provider file."""
    if not provider.records:
        return ()
    if provider.records not in RECORDS:
        near = nearest(provider.records, RECORDS)
        hint = f"did you mean {near}?" if near else f"known: {', '.join(RECORDS)}"
        raise BadConfiguration(f"{provider.id}: records: {provider.records!r} is not known; {hint}")
    return RECORDS[provider.records]


def files_of(provider: Provider, listing: Listing) -> Iterator[tuple[str, ListedFile]]:
    """The files with their paths below the folder of their collection."""
    for file in listing.files:
        path = below(provider, file.href)
        if path:
            folder, _ = collection_at(provider, path)
            yield path[len(folder) :].strip("/"), file


def _check_certain(listing: Listing, answer: Answer, children: list[Request], source: str) -> None:
    """A page that only might be a listing is one when there is something in it that we look for."""
    if not listing.certain and not answer.products and not answer.refused and not children:
        raise BadAnswer("HTML with links, but none of the files and folders that are looked for", source)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _now(response: Response) -> datetime | None:
    """The time of an answer that tells it as our own door to FTP does."""
    try:
        return parse_time(response.headers.get("date", ""))
    except BadValue:
        return None
