"""Answers that are XML or JSON: decodes them, and says in one line what else they are."""

from __future__ import annotations

import re
from typing import Any

from ...addresses import redact
from ...eo.errors import BadAnswer
from ...eo.formats.feed import Format
from ...eo.formats.loose_json import array, mapping, text
from ...eo.xml import attributes_of, children, is_element, parse_xml_loosely, text_at
from ...http import Response
from .json_answer import decoded, markup

_HTML = re.compile(rb"\s*<(!doctype\s+html|html|head|body)", re.I)
_WEB = re.compile(r"https?://", re.I)
_BOM = b"\xef\xbb\xbf"


def document_of(response: Response) -> tuple[Any, tuple[str, ...]]:
    """The root of an XML answer or the value of a JSON one, and what had to be mended to read it."""
    source = redact(response.url)
    body = response.body.removeprefix(_BOM).lstrip()
    check_no_page(body, source)
    if body.startswith(b"<") or response.body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return parse_xml_loosely(response.body, source=source)
    return decoded(response), ()


def check_no_page(body: bytes, source: str) -> None:
    """BadAnswer when a body is a page for people."""
    if _HTML.match(body):
        raise BadAnswer(f"{markup(body)} instead of an answer", source)


def own_address(document: Any) -> str:
    """The address that an answer gives as its own: that of its link `self`, or its identifier."""
    if is_element(document):
        links = [attributes_of(link) for link in children(document, "link")]
        identifier = text_at(document, "id")
    else:
        about = mapping(mapping(document).get("feed", document))
        found = about.get("link") or about.get("links") or mapping(about.get("properties")).get("links")
        links, identifier = [mapping(entry) for entry in array(found)], text(about.get("id"))
    addresses = [text(link.get("href")) for link in links if link.get("rel") == "self"]
    return next((said for said in (*addresses, identifier) if _WEB.match(said)), "")


def recognised(document: Any, formats: tuple[Format, ...]) -> Format | None:
    """The first format that recognises a document."""
    return next((known for known in formats if known.recognises(document)), None)
