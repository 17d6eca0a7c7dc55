"""Files of STAC items: a line of JSON each (NDJSON), read by parts, or GeoParquet, read by row groups."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urldefrag

from ...addresses import redact
from ...eo.errors import BadAnswer, BadRecord, BadValue
from ...eo.formats.stac import SILENT, read_item
from ...eo.query import Query
from ...http import Request, Response
from ..provider import Provider
from . import Answer
from .geoparquet import NEXT, PARQUET, ROWS, page_of_rows
from .records import read_records
from .stac import StacProtocol
from .stac_static import root_of

# bytes of a part; no line is longer
PART = 4 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_PARQUET_FILE = re.compile(r"\.(geo)?parquet$", re.I)


class StacFileProtocol(StacProtocol):
    """A file of items; nothing can be asked of it but its parts."""

    def first_request(self, provider: Provider, query: Query) -> Request:
        """The request for the first part."""
        for name in ("conditions", "words", "facets", "offset", "cursor"):
            if value := getattr(query, name):
                raise BadValue(value, name, "nothing: a file cannot be asked for it")
        url, parameters = root_of(provider), dict(provider.parameters)
        if _PARQUET_FILE.search(url.partition("?")[0]):
            return Request(url=f"{url}#{ROWS}0", params=parameters)
        return _part(Request(url=url, params=parameters), 0)

    def asks(self, provider: Provider) -> frozenset[str]:
        """Nothing."""
        return frozenset()

    def count_request(self, provider: Provider, query: Query) -> Request | None:
        """None: it would be the whole file."""
        return None

    def collections_request(self, provider: Provider) -> Request | None:
        """None: items do not describe their collections."""
        return None

    def fetch(self, request: Request, send: Callable[[Request], Response]) -> Response:
        """A part of the file; of GeoParquet the items of a row group as lines."""
        group = urldefrag(request.url).fragment.removeprefix(ROWS)
        if group.isdecimal():
            return page_of_rows(request, int(group), send)
        response = send(request)
        is_parquet = response.body.startswith(PARQUET) and not _begin(request)
        return page_of_rows(request, 0, send) if is_parquet else response

    def read(self, provider: Provider, response: Response, request: Request | None = None) -> Answer:
        """The items of a part; a file that is one JSON document is read as such."""
        source, body = redact(response.url), response.body
        if body.startswith(PARQUET):
            body = page_of_rows(Request(url=response.url), None, lambda _: response).body
        elif body.startswith(_GZIP):
            raise BadAnswer("a compressed file; expected lines of JSON or GeoParquet", source)
        following, body = _whole_lines(request, response, body)
        items = _items(body)
        is_whole = following is None and not _begin(request)
        if not any(isinstance(item, dict) for item in items) or (is_whole and len(items) == 1):
            return super().read(provider, replace(response, body=body), None)
        answer = read_records(provider, items, _read, asked=request.about if request else "")
        return replace(answer, next=following)


def _read(item: Any, position: int) -> Any:
    if isinstance(item, str):
        raise BadRecord("a line that is not JSON", position)
    return read_item(item, position=position, silent=SILENT)


def _items(body: bytes) -> list[Any]:
    """The value of each line; the text of one that is not JSON."""
    found: list[Any] = []
    for line in body.removeprefix(b"\xef\xbb\xbf").splitlines():
        if line := line.strip(b" \t\x1e"):  # RS begins each text of a sequence (RFC 7464)
            found.append(_value(line))
    return found


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line.decode("utf-8", "replace")[:1000]


# --- parts


def _part(request: Request, begin: int) -> Request:
    # compressed on its way, a part would be one of the compressed file
    headers = {"Range": f"bytes={begin}-{begin + PART - 1}", "Accept-Encoding": "identity"}
    return replace(request, headers={**request.headers, **headers})


def _begin(request: Request | None) -> int:
    found = _RANGE.fullmatch(request.headers.get("Range", "")) if request else None
    return int(found[1]) if found else 0


def _whole_lines(request: Request | None, response: Response, body: bytes) -> tuple[Request | None, bytes]:
    """The request for the next part, and the lines of this one that are whole."""
    begin = _begin(request)
    if (group := response.headers.get(NEXT)) and request:
        return replace(request, url=f"{urldefrag(request.url).url}#{ROWS}{group}", headers={}), body
    if response.status != 206 or request is None:  # the whole file, whatever was asked
        return None, body[begin:]
    told = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
    if not told or int(told[1]) != begin:
        raise BadAnswer(
            f"not the part of the file that was asked, from byte {begin} on", redact(response.url)
        )
    total = None if told[3] == "*" else int(told[3])
    if begin + len(body) == total or (total is None and len(body) < PART):
        return None, body
    end = body.rfind(b"\n") + 1
    if not end:
        raise BadAnswer(f"a line longer than {PART} bytes; expected an item a line", redact(response.url))
    return _part(request, begin + end), body[:end]
