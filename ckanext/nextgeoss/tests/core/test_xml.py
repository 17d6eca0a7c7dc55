from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.xml import (
    Builder,
    attributes_of,
    children,
    descendants,
    is_element,
    local_name,
    parent,
    parse_xml,
    parse_xml_loosely,
    text_at,
    text_of,
    to_text,
)

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><a x="&b;">&b;</a>"""
FILE = b"""<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]><a>&f;</a>"""


@pytest.mark.parametrize(
    "document", [BOMB, FILE, BOMB.decode().encode("utf-16"), FILE.decode().encode("utf-32")]
)
def test_a_document_with_a_dtd_is_refused(document: bytes) -> None:
    with pytest.raises(BadAnswer, match="DTD"):
        parse_xml(document)


def test_a_dtd_cannot_hide_in_an_odd_encoding() -> None:
    with pytest.raises(BadAnswer, match="encoding UTF-7"):
        parse_xml(b'<?xml version="1.0" encoding="UTF-7"?><a/>')


@pytest.mark.parametrize(
    "document", [b"", b"  ", b"<a>", b"{}", b"<a><b></a>", b"<html><body><br></body>", b"\xff\xfe<"]
)
def test_what_is_no_xml_is_a_bad_answer(document: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^https://x\.example: not well-formed XML"):
        parse_xml(document, source="https://x.example")


def test_an_html_page_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="HTML"):
        parse_xml(b"<!DOCTYPE html><html></html>")


def test_a_document_over_the_limit_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(BadAnswer, match="more than the 10 allowed"):
        parse_xml(b"<a>12345678</a>", limit=10)


@pytest.mark.parametrize(
    "document",
    [
        b"\xef\xbb\xbf<a>\xc3\xa9</a>",
        b' \n<?xml version="1.0"?><a>\xc3\xa9</a>',
        b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>',
        '<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"),
    ],
)
def test_encodings_and_byte_order_marks(document: bytes) -> None:
    assert parse_xml(document).text == "é"


def test_a_very_long_text_is_read() -> None:
    assert len(parse_xml(b"<a>" + b"x" * 11_000_000 + b"</a>").text) == 11_000_000


def test_reading_without_regard_to_namespaces() -> None:
    feed = parse_xml(
        b"""<f:feed xmlns:f="http://www.w3.org/2005/Atom"><!-- c -->
        <f:entry><f:author><n>A<b>B</b></n></f:author></f:entry><entry/></f:feed>"""
    )
    assert local_name(feed) == "feed"
    assert len(list(children(feed, "entry"))) == 2
    assert [local_name(found) for found in descendants(feed, "n")] == ["n"]
    assert text_at(feed, "entry/author/n") == "AB"
    assert text_at(feed, "entry/title") == ""


# --- loosely


def test_what_is_well_formed_is_read_without_a_warning() -> None:
    root, warnings = parse_xml_loosely(b' \n<?xml version="1.0"?><a>\xc3\xa9</a>')
    assert (root.text, warnings) == ("é", ())


@pytest.mark.parametrize(
    ("document", "reason", "texts"),
    [
        (b"<a><dc:b>1</dc:b></a>", "Namespace prefix dc on b is not defined", ["1"]),
        (b"<a><b>1 < 2</b><b>3</b></a>", "StartTag: invalid element name", None),
        (b"<a><b>&nbsp;</b></a>", "Entity 'nbsp' not defined", None),
    ],
)
def test_what_is_not_well_formed_is_read_as_far_as_it_goes(
    document: bytes, reason: str, texts: list[str] | None
) -> None:
    root, (warning,) = parse_xml_loosely(document, source="https://x.example")
    assert warning.startswith(f"not well-formed XML ({reason}")
    assert warning.endswith("): read as far as it goes")
    assert ", line " in warning and "\n" not in warning
    assert local_name(root) == "a"
    found = [text_of(child) for child in children(root, "b")]
    assert found == texts if texts else found


@pytest.mark.parametrize("document", [b"", b"  ", b"{}", b"plain", b"\xff\xfe<"])
def test_where_nothing_is_left_it_is_a_bad_answer(document: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"^https://x\.example: not well-formed XML"):
        parse_xml_loosely(document, source="https://x.example")


@pytest.mark.parametrize(
    "document",
    [
        b"<a>\n<b>1</b><b>2</b><b>3",
        b"<a>\n<b/>",
        b"<a>\n<b>1</b><b x='",
        b"<a>\n</",
    ],
)
def test_a_document_without_its_end_is_a_bad_answer(document: bytes) -> None:
    with pytest.raises(BadAnswer, match="XML that is cut short, at line"):
        parse_xml_loosely(document)
    assert parse_xml_loosely(b"<x:a xmlns:x='y'><b><c></b></x:a > <!-- 1 ms --> <!-- > -->")[1]


@pytest.mark.parametrize("document", [BOMB, FILE, b"<a>" + FILE, BOMB.decode().encode("utf-16")])
def test_a_dtd_is_refused_loosely_too(document: bytes) -> None:
    with pytest.raises(BadAnswer, match="DTD"):
        parse_xml_loosely(document)


def test_the_limit_holds_loosely_too() -> None:
    with pytest.raises(BadAnswer, match="more than the 10 allowed"):
        parse_xml_loosely(b"<a>12345678", limit=10)


# --- pieces


def test_attributes_and_parents() -> None:
    root = parse_xml(b'<a xmlns:x="urn:x" x:href=" far " href="near" x:type="t"><b/></a>')
    assert attributes_of(root) == {"href": "near", "type": "t"}
    assert parent(root[0]) is root
    assert parent(root) is None


def test_what_is_an_element() -> None:
    assert is_element(parse_xml(b"<a/>"))
    assert not any(is_element(other) for other in (None, "", {}, [], b"<a/>"))


def test_an_element_alone_as_text() -> None:
    root = parse_xml(b'<a xmlns:x="urn:x"><x:b>1 &lt; 2</x:b> after</a>')
    assert to_text(root[0]) == '<x:b xmlns:x="urn:x">1 &lt; 2</x:b>'


def test_building_a_document() -> None:
    make = Builder({"": "urn:default", "x": "urn:x", "unused": "urn:u"})
    inner = make("x:b", "a < b & \x00\x0b\ufffec\ud800", {"x:key": "\x01k\n", "plain": ""})
    document = make.to_bytes(make(":a", "", None, inner, make(":c")))
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert document.count(b"xmlns") == 2
    root = parse_xml(document)
    assert [child.tag for child in root] == ["{urn:x}b", "{urn:default}c"]
    assert root[0].text == "a < b & c"
    assert dict(root[0].attrib) == {"{urn:x}key": "k\n", "plain": ""}
