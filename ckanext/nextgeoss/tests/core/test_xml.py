from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.xml import children, descendants, local_name, parse_xml, text_at

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
