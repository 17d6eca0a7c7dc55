"""The addresses of the files of products, one a line, as `wget -i` and `aria2c -i` take them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from ..downloads import files
from ..page import Page

MEDIA_TYPE = "text/plain; charset=utf-8"
_NOT_IN_LINES = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")


def write(pages: Iterable[Page], roles: Iterable[str] = ()) -> Iterator[bytes]:
    """The list in pieces: of each product the data, or the files with one of these roles, each once."""
    wanted = tuple(roles)
    for page in pages:
        found = zip(page.products, page.entries, strict=True)
        addresses = (each[0].asset.href for pair in found for each in files(*pair, wanted))
        yield "".join(map(_line, addresses)).encode()


def _line(href: str) -> str:
    return _NOT_IN_LINES.sub(lambda found: quote(found[0], safe=""), href) + "\n"
