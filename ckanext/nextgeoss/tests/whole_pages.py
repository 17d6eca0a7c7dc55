"""What a page for people lacks of the document that it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

# made anew for each answer
_OF_THE_MOMENT = ("timeStamp",)


def missing(document: Any, page: str) -> list[str]:
    """The values and addresses of a JSON document that stand nowhere in the text of a page, nor in its links;
    but for links to the document itself in one format or other, which are not the same there."""
    shown = unescape(re.sub(r"<[^>]*>", " ", page))
    shown = " ".join([*shown.split(), *map(unescape, re.findall(r'<a\b[^>]*\bhref="([^"]*)"', page))])
    # numbers with thousands as people write them
    shown += shown.replace(",", "")
    return [text for text in _texts(document) if " ".join(text.split()) not in shown]


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("rel") in ("self", "alternate", "next", "prev") and "f=" in node.get("href", ""):
            return
        for name, each in node.items():
            if name not in _OF_THE_MOMENT:
                yield from _texts(each)
    elif isinstance(node, list):
        for each in node:
            yield from _texts(each)
    elif node is not None:
        yield str(node).lower() if isinstance(node, bool) else str(node)
