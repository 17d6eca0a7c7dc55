"""RSS with its extensions: identities, dates, places and files of items."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.formats.rss import RSS
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import parse_xml

_NAMESPACES = """xmlns:georss="http://www.georss.org/georss/11"
 xmlns:geo="http://www.w3.org/2003/01/geo/wgs84_pos#"
 xmlns:g="http://www.gdacs.org" xmlns:dc="http://purl.org/dc/terms/" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:media="http://search.yahoo.com/mrss/"
 xmlns:gml="http://www.opengis.net/gml"
 xmlns:os="http://a9.com/-/spec/opensearch/1.1/" """


def item(said: str) -> Product:
    """The product of an item that says this."""
    return RSS.product(parse_xml(f"<item {_NAMESPACES}>{said}</item>".encode()), collection="c")


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ("<guid>TC1</guid><link>https://x.example/1</link>", "TC1"),
        ("<dc:identifier>a</dc:identifier><guid>b</guid>", "a"),
        ("<guid>https://x.example/item/7</guid>", "https://x.example/item/7"),
        ("<guid>https://x.example/search?count=1&amp;startIndex=2</guid><title>t</title>", "t"),
        ("<guid>https://x.example/search?uid=u7&amp;count=1</guid>", "u7"),
        ("<link>https://x.example/1</link><title>t</title>", "https://x.example/1"),
        ("<title>only</title>", "only"),
    ],
)
def test_identity(said: str, identifier: str):
    assert item(said).id == identifier


def test_nothing_to_name_it_by():
    with pytest.raises(BadRecord, match="no identifier"):
        item("<description>words</description>")


@pytest.mark.parametrize(
    ("said", "interval"),
    [
        (
            "<g:fromdate>Sun, 29 Dec 2019 12:00:00 GMT</g:fromdate>"
            "<g:todate>Mon, 30 Dec 2019 01:00:00 +0100</g:todate>",
            "2019-12-29T12:00:00Z/2019-12-30T00:00:00Z",
        ),
        ("<pubDate>29 Dec 2019 12:00 EST</pubDate>", "2019-12-29T17:00:00Z"),
        ("<pubDate>2018-09-23 08:30:00</pubDate>", "2018-09-23T08:30:00Z"),
        (
            "<dc:date>2019-01-01T00:00:00Z/2019-01-02T00:00:00Z</dc:date>"
            "<pubDate>Sun, 29 Dec 2019 12:00:00 GMT</pubDate>",
            "2019-01-01T00:00:00Z/2019-01-02T00:00:00Z",
        ),
        (
            "<gml:TimePeriod><gml:beginPosition>2019-01-01T00:00:00Z</gml:beginPosition>"
            "<gml:endPosition>2019-01-02T00:00:00Z</gml:endPosition></gml:TimePeriod>",
            "2019-01-01T00:00:00Z/2019-01-02T00:00:00Z",
        ),
        (
            "<g:fromdate>Mon, 30 Dec 2019 12:00:00 GMT</g:fromdate>"
            "<g:todate>Sun, 29 Dec 2019 12:00:00 GMT</g:todate>",
            "2019-12-29T12:00:00Z/2019-12-30T12:00:00Z",
        ),
        ("<pubDate>Sun, 99 Foo 2019 12:00:00 GMT</pubDate>", "../.."),
        ("<pubDate>yesterday</pubDate>", "../.."),
    ],
)
def test_time(said: str, interval: str):
    """Dates of RFC 822 and others, intervals before instants, the date of publication last."""
    assert item(f"<guid>a</guid>{said}").time.isoformat() == interval


@pytest.mark.parametrize(
    ("said", "box"),
    [
        ("<georss:point>50 10</georss:point>", (10, 50, 10, 50)),
        ("<geo:Point><geo:lat>50</geo:lat><geo:long>10</geo:long></geo:Point>", (10, 50, 10, 50)),
        ("<geo:lat>50</geo:lat><geo:long>10</geo:long>", (10, 50, 10, 50)),
        ("<georss:box>50 10 52 12</georss:box>", (10, 50, 12, 52)),
        (
            "<georss:point>50 10</georss:point><georss:polygon>50 10 52 10 52 12 50 10</georss:polygon>",
            (10, 50, 12, 52),
        ),
        ("<g:bbox>10 12 50 52</g:bbox><georss:point>51 11</georss:point>", (10, 50, 12, 52)),
        ("<g:bbox>wide</g:bbox><georss:point>51 11</georss:point>", (11, 51, 11, 51)),
        ("<georss:where><gml:Point><gml:pos>50 10</gml:pos></gml:Point></georss:where>", (10, 50, 10, 50)),
        (
            "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>50 10 52 10 52 12 50 10</gml:posList>"
            "</gml:LinearRing></gml:exterior></gml:Polygon>",
            (10, 50, 12, 52),
        ),
    ],
)
def test_place(said: str, box: tuple[float, ...]):
    """Areas before points; the box of GDACS is west, east, south, north."""
    found = item(f"<guid>a</guid>{said}").footprint
    assert found is not None
    assert found.bbox == box


def test_no_place():
    """None, and a broken one, which is noted."""
    assert item("<guid>a</guid>").footprint is None
    broken = item("<guid>a</guid><georss:point>here</georss:point>")
    assert broken.footprint is None
    assert broken.problems[0].where == "point"


def test_files():
    """Enclosures, links of Atom, Media RSS and the page of the item."""
    found = item(
        "<guid>a</guid><link>https://x.example/page</link>"
        '<enclosure url="https://x.example/a b.tif" type="image/tiff"'
        ' length="1234"/><atom:link rel="enclosure" href="https://x.example/a.nc"/>'
        '<atom:link rel="self" href="https://x.example/s"/>'
        '<media:group><media:content url="https://x.example/a.png" medium="image"/>'
        '<media:thumbnail url="https://x.example/t.png"/>'
        "</media:group>"
    ).assets
    assert {asset.href: asset.roles[0] for asset in found} == {
        "https://x.example/a%20b.tif": "data",
        "https://x.example/a.nc": "data",
        "https://x.example/t.png": "thumbnail",
        "https://x.example/a.png": "overview",
        "https://x.example/page": "metadata",
    }
    assert found[0].size == 1234


def test_an_event_goes_on():
    """A later episode of an event is the same product with other values."""
    first = item("<guid>TC1</guid><g:version>1</g:version><g:todate>Sun, 29 Dec 2019 12:00:00 GMT</g:todate>")
    second = item(
        "<guid>TC1</guid><g:version>2</g:version><g:todate>Mon, 30 Dec 2019 12:00:00 GMT</g:todate>"
    )
    assert first.id == second.id
    assert first.content_hash() != second.content_hash()
    assert second.properties["product_version"] == "2"


def test_feeds():
    """RSS 2.0 and 1.0, totals and next links, items without number."""
    items = "<item><guid>a</guid></item><item><guid>b</guid></item>"
    more = '<os:totalResults>9</os:totalResults><atom:link rel="next" href="?page=2"/>'
    two = RSS.feed(parse_xml(f"<rss {_NAMESPACES}><channel>{more}{items}</channel></rss>".encode()), "s")
    assert (len(two.entries), two.total, two.next) == (2, 9, "?page=2")
    one = f'<rdf:RDF xmlns:rdf="http://x.example/rdf" {_NAMESPACES}><channel/>{items}</rdf:RDF>'
    assert len(RSS.feed(parse_xml(one.encode()), "s").entries) == 2
    empty = RSS.feed(parse_xml(b"<rss><channel/></rss>"), "s")
    assert (empty.entries, empty.total, empty.next) == ((), None, "")
    with pytest.raises(BadAnswer, match="without a channel"):
        read_page(RSS, parse_xml(b"<rss/>"))
    assert not RSS.recognises(parse_xml(b"<feed/>"))
    assert not RSS.recognises({"items": []})


_WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="<>&"), max_size=30)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "pubDate",
                    "g:fromdate",
                    "g:todate",
                    "g:bbox",
                    "georss:point",
                    "georss:polygon",
                    "geo:lat",
                    "geo:long",
                    "dc:date",
                    "link",
                    "title",
                    "g:version",
                    "category",
                    "description",
                    "enclosure",
                ]
            ),
            _WORDS,
        ),
        max_size=8,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_item_breaks_it(said: list[tuple[str, str]]):
    """Any texts become a product with problems."""
    assert item("<guid>a</guid>" + "".join(f"<{name}>{words}</{name}>" for name, words in said)).id == "a"
