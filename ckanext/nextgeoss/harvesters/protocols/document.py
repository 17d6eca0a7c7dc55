"""Answers that are XML or JSON: decodes them, and says in one line what else they are."""

from __future__ import annotations

import re
from typing import Any

from ...addresses import redact
from ...eo.errors import BadAnswer
from ...eo.formats.feed import Format
from ...eo.xml import parse_xml_loosely
from ...http import Response
from .json_answer import decoded, markup

_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body)", re.I)
_BOM = b"\xef\xbb\xbf"


def document_of(response: Response) -> tuple[Any, tuple[str, ...]]:
    """The root of an XML answer or the value of a JSON one, and what had to be mended to read it."""
    source = redact(response.url)
    body = response.body.removeprefix(_BOM).lstrip()
    if _HTML.match(body):
        raise BadAnswer(f"{markup(body)} instead of an answer", source)
    if body.startswith(b"<") or response.body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return parse_xml_loosely(response.body, source=source)
    return decoded(response), ()


def recognised(document: Any, formats: tuple[Format, ...]) -> Format | None:
    """The first format that recognises a document."""
    return next((known for known in formats if known.recognises(document)), None)
