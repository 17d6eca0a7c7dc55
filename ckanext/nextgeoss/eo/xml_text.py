"""XML written as text, for documents of thousands of elements: names are the caller's own, all else is
escaped here."""

from __future__ import annotations

import re
from collections.abc import Mapping

# all but what stands for itself in texts and in attributes
_SPECIAL = re.compile("[^ !#-%'-;=?-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WRITTEN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def escaped(text: str) -> str:
    """A text as it stands in an element or between double quotes, without what XML 1.0 has no way to write:
    control characters, lone surrogates."""
    # much the faster way to see that there is nothing to do, as is usual
    if text.isprintable() and not ("&" in text or "<" in text or ">" in text or '"' in text):
        return text
    return _SPECIAL.sub(_written, text)


def element(name: str, text: str, attributes: str = "") -> str:
    """An element with a text, which is escaped; `attributes` as `attribute` writes them."""
    return f"<{name}{attributes}>{escaped(text)}</{name}>"


def holder(name: str, content: str, attributes: str = "") -> str:
    """An element with others in it, which are XML already."""
    return f"<{name}{attributes}>{content}</{name}>" if content else f"<{name}{attributes}/>"


def attribute(name: str, value: str) -> str:
    """An attribute with the blank before it; nothing without a value."""
    return f' {name}="{escaped(value)}"' if value else ""


def attributes(values: Mapping[str, str]) -> str:
    """Attributes, those that have a value."""
    return "".join([attribute(name, value) for name, value in values.items()])


def document(name: str, namespaces: Mapping[str, str], content: str, attributes: str = "") -> bytes:
    """The document of a root element in UTF-8; `namespaces` by prefix, the default one under an empty one."""
    declared = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{address}"' for prefix, address in namespaces.items()
    )
    root = holder(name, content, declared + attributes)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def _written(found: re.Match[str]) -> str:
    return _WRITTEN.get(found[0], "")
