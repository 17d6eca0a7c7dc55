"""The only door to lxml: safe parsing, and reading without regard to namespaces."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from .errors import BadAnswer

Element: TypeAlias = Any  # lxml has no types of its own

LIMIT = 64 * 1024 * 1024
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DECLARATION = re.compile(rb"^<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"'][^>]{0,200}\?>")
# encodings in which markup is written as in ASCII, so that the search for a DTD cannot be fooled
_ENCODINGS = re.compile(rb"utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d", re.I)


def parse_xml(data: bytes, *, limit: int = LIMIT, source: str = "") -> Element:
    """The root element; BadAnswer for what is no XML, has a DTD or is longer than `limit` bytes.

    Nothing is fetched and no entity is expanded: a document with a DTD is refused before it is parsed."""
    if len(data) > limit:
        raise BadAnswer(f"XML of {len(data)} bytes, more than the {limit} allowed", source)
    data = _ascii_like(data, source)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadAnswer("XML with a DTD, which is not read, or an HTML page", source)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer(f"not well-formed XML: {error}", source) from error


def local_name(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children(element: Element, name: str) -> Iterator[Element]:
    """The child elements of this local name."""
    return (child for child in element if local_name(child) == name)


def descendants(element: Element, name: str) -> Iterator[Element]:
    """The element itself and all below it of this local name, in document order."""
    return (found for found in element.iter() if local_name(found) == name)


def text_at(element: Element, path: str) -> str:
    """The text of the first element at a path of local names such as `author/name`; empty when absent."""
    for name in path.split("/"):
        element = next(children(element, name), None)
        if element is None:
            return ""
    return "".join(element.itertext()).strip()


def _ascii_like(data: bytes, source: str) -> bytes:
    """The document without byte order mark and leading space, in an encoding with markup as in ASCII."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise BadAnswer(f"not well-formed XML: {error}", source) from error
            return re.sub(r"^\s*<\?xml.*?\?>", "", text, flags=re.S).encode("utf-8")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _DECLARATION.match(data)
    if declared and not _ENCODINGS.fullmatch(declared[1]):
        raise BadAnswer(
            f"XML in the encoding {declared[1].decode('ascii', 'replace')}, which is not read", source
        )
    return data
