"""Answers of a live provider kept as files that can be given away: for samples, and for those who mend it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from ..messages import HARMLESS
from .cleaning import Cleaner, cut_json
from .exchanges import Exchange, Exchanges, asked_for_few, first_pages, first_query
from .protocols import Answer, Record
from .provider import Provider
from .remote import RemoteCatalogue, Send

# what was asked, beside the answers
ABOUT = "recording.json"
# Atom, RSS and OAI-PMH; one does not stand in another
_ENTRY = re.compile(r"<((?:[\w.-]{1,40}:)?(?:entry|item|record))[\s>].*?</\1\s*>\s*", re.S)


def record(
    provider: Provider,
    send: Send,
    folder: Path,
    *,
    collection: str = "",
    pages: int = 1,
    products: int = 0,
) -> list[Path]:
    """Ask for the first pages of a collection, of `products` each (0: as many as usual), and keep the answers
    in a folder: page.json or page.xml, page-2 ..., and in recording.json what was asked and with which
    headers it was answered. The paths written.

    A login is taken out, in all forms in which the answers repeat it, and so are signatures and tokens."""
    exchanges = Exchanges(send)
    asked = asked_for_few(provider, products) if products else provider
    brought: list[tuple[Exchange, Answer]] = []
    catalogue = RemoteCatalogue(asked, exchanges.send)
    for answer in first_pages(catalogue, first_query(asked, collection), pages):
        brought.append((exchanges.kept[-1], answer))
    cleaner = Cleaner(provider, exchanges.secrets)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    about: list[Mapping[str, Any]] = []
    for number, (exchange, answer) in enumerate(brought, 1):
        body = exchange.response.body
        path = folder / f"page{'' if number == 1 else f'-{number}'}.{_ending(body)}"
        path.write_bytes(cleaner.body(_cut(body, answer, products) if products else body))
        about.append({"file": path.name, **_about(exchange, cleaner)})
        written.append(path)
    (folder / ABOUT).write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return [*written, folder / ABOUT]


def _about(exchange: Exchange, cleaner: Cleaner) -> dict[str, Any]:
    """What was asked and answered, without the body of the answer."""
    request, response = exchange.request, exchange.response
    harmless = {name: value for name, value in request.headers.items() if name.lower() in HARMLESS}
    query = cleaner.text(cleaner.address(f"?{urlencode(request.params)}")[1:])
    said = {
        "method": request.method,
        "url": cleaner.text(request.url),
        "query": query,
        "headers": cleaner.value(harmless),
        "body": cleaner.value(request.body),
    }
    return {
        "request": {name: value for name, value in said.items() if value},
        "status": response.status,
        "headers": cleaner.headers(response.headers),
    }


def _ending(body: bytes) -> str:
    return "xml" if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or body[:1] in b"\xff\xfe" else "json"


def _cut(body: bytes, answer: Answer, products: int) -> bytes:
    """The body with so many products at most, also where the service likes to give more."""
    if len(answer.records) <= products:
        return body
    if _ending(body) == "json":
        document = cut_json(json.loads(body.decode("utf-8-sig")), map(_native, answer.records), products)
        return json.dumps(document, indent=1, ensure_ascii=False).encode()
    text, met = body.decode("utf-8", "surrogateescape"), 0

    def kept(found: re.Match[str]) -> str:
        nonlocal met
        met += 1
        return found[0] if met <= products else ""

    return _ENTRY.sub(kept, text).encode("utf-8", "surrogateescape")


def _native(record: Record) -> Any:
    return record.native
