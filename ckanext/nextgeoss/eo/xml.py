"""The only door to lxml: safe parsing, reading without regard to namespaces, and building."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
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
_POSITION = re.compile(r",? line \d+.*", re.S)
# what XML 1.0 has no way to write
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parse_xml(data: bytes, *, limit: int = LIMIT, source: str = "") -> Element:
    """The root element; BadAnswer for what is no XML, has a DTD or is longer than `limit` bytes.

    Nothing is fetched and no entity is expanded: a document with a DTD is refused before it is parsed."""
    data = _checked(data, limit, source)
    try:
        return etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer(f"not well-formed XML: {error}", source) from error


def parse_xml_loosely(
    data: bytes, *, limit: int = LIMIT, source: str = ""
) -> tuple[Element, tuple[str, ...]]:
    """The root element, and a warning where the document is not well-formed and only what could be made out
    of it is there; BadAnswer as in `parse_xml`, but not well-formed only when nothing at all is left, or when
    the end is missing: nobody knows what was in it."""
    data = _checked(data, limit, source)
    try:
        return etree.fromstring(data, _parser()), ()
    except (etree.XMLSyntaxError, ValueError) as error:
        root = _recovered(data)
        if root is None:
            raise BadAnswer(f"not well-formed XML: {error}", source) from error
        line = getattr(error, "lineno", None) or 1
        if not _has_end(data, root):
            raise BadAnswer(f"XML that is cut short, at line {line}", source) from error
        reason = " ".join(_POSITION.sub("", str(error)).split())
        return root, (f"not well-formed XML ({reason}, line {line}): read as far as it goes",)


def tell_html(text: str, target: Any) -> None:
    """Tell `target` what is in a page of HTML, however broken, in time that grows with its length: by its
    methods start(name, attributes), end(name), data(text) and close()."""
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, remove_comments=True)
    parser.feed(text.encode("utf-8", "replace").replace(b"\0", b" ") or b" ")
    parser.close()


def is_element(value: object) -> bool:
    """Whether a value is an element of a parsed document."""
    return isinstance(value, etree._Element) and isinstance(value.tag, str)  # pyright: ignore[reportPrivateUsage]


def local_name(element: Element) -> str:
    """An element's name without its namespace, or without a prefix that was not declared."""
    return _local(element.tag)


def parent(element: Element) -> Element | None:
    """The element this one is in; None for the root."""
    return element.getparent()


def attributes_of(element: Element) -> dict[str, str]:
    """The attributes by local name; of two with one local name, that without namespace counts."""
    ordered: list[tuple[str, str]] = element.items()
    if len(ordered) > 1:
        ordered.sort(key=lambda item: "}" not in item[0])
    return {_local(name): str(value).strip() for name, value in ordered}


def text_of(element: Element) -> str:
    """All text of an element and those below it."""
    if not len(element):
        return (element.text or "").strip()
    return "".join(element.itertext()).strip()


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
    return text_of(element)


def to_text(element: Element) -> str:
    """An element as XML, with the namespaces it needs to be read alone."""
    return str(etree.tostring(element, encoding="unicode", with_tail=False))


def namespace_of(element: Element) -> str:
    """The namespace of an element; empty when it has none."""
    return str(element.tag).partition("}")[0].lstrip("{") if "}" in str(element.tag) else ""


class Schema:
    """An XML schema of a file, which names others beside it; nothing is fetched."""

    def __init__(self, path: str):
        self._schema = etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))

    def faults(self, element: Element) -> list[str]:
        """What it refuses in an element, as if that were a document of its own."""
        if self._schema.validate(element):
            return []
        return [str(entry.message) for entry in self._schema.error_log]


class Builder:
    """Makes elements of names such as `dc:date` by a table of prefixes; the prefix of `:title` is empty, its
    namespace the default one."""

    def __init__(self, namespaces: Mapping[str, str]):
        self.namespaces = dict(namespaces)

    def __call__(
        self, tag: str, text: str = "", attributes: Mapping[str, str] | None = None, *children: Element
    ) -> Element:
        """An element with its text, attributes (those with an empty value are written too) and children."""
        prefix = tag.partition(":")[0]
        made = etree.Element(self.name(tag), nsmap={prefix or None: self.namespaces[prefix]})
        made.text = _allowed(text) or None
        for name, value in (attributes or {}).items():
            made.set(self.name(name) if ":" in name else name, _allowed(value))
        made.extend(children)
        return made

    def name(self, tag: str) -> str:
        """The full name, `{namespace}local`, of a name with a prefix."""
        prefix, _, local = tag.partition(":")
        return f"{{{self.namespaces[prefix]}}}{local}"

    def to_bytes(self, element: Element, keep: Iterable[str] = ()) -> bytes:
        """The document of this root in UTF-8, all namespaces in use declared at the root, and those of the
        prefixes to `keep`, which only texts use."""
        top = {prefix or None: address for prefix, address in self.namespaces.items()}
        etree.cleanup_namespaces(element, top_nsmap=top, keep_ns_prefixes=list(keep))
        return etree.tostring(element, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def part(self, element: Element) -> bytes:
        """An element in UTF-8 as part of a document that is written piece by piece."""
        return etree.tostring(element, encoding="UTF-8", xml_declaration=False, pretty_print=True)


@lru_cache(maxsize=4096)  # documents repeat a few hundred names
def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].rpartition(":")[2]


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _parser(recover: bool = False) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _has_end(data: bytes, root: Element) -> bool:
    """Whether the document ends with the end of its root element, comments after it set aside."""
    name = re.escape(local_name(root).encode())
    closing = rb"</([\w.-]+:)?" + name + rb"\s*>" if len(root) else rb">"
    end = closing + rb"\s*(<!--((?!-->).)*-->\s*)*"
    return re.search(end + rb"\Z", data[-65536:], re.S) is not None


def _recovered(data: bytes) -> Element | None:
    try:
        return etree.fromstring(data, _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _checked(data: bytes, limit: int, source: str) -> bytes:
    """The document in an encoding with markup as in ASCII; refused when it is too long or has a DTD."""
    if len(data) > limit:
        raise BadAnswer(f"XML of {len(data)} bytes, more than the {limit} allowed", source)
    data = _ascii_like(data, source)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BadAnswer("XML with a DTD, which is not read, or an HTML page", source)
    return data


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
