from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.atom import ATOM, read_page
from ckanext.nextgeoss.eo.formats.atom_write import write_page
from ckanext.nextgeoss.eo.formats.xml_error import xml_error
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.eo.xml import (
    attributes_of,
    children,
    local_name,
    parse_xml,
    text_at,
    text_of,
)
from ckanext.nextgeoss.tests.core.strategies import modest, pages, products

NAMESPACES = (
    'xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dct="http://purl.org/dc/terms/" xmlns:georss="http://www.georss.org/georss"'
    ' xmlns:gml="http://www.opengis.net/gml" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:os="http://a9.com/-/spec/opensearch/1.1/" xmlns:eop="http://www.opengis.net/eop/2.1"'
    ' xmlns:opt="http://www.opengis.net/opt/2.1" xmlns:om="http://www.opengis.net/om/2.0"'
    ' xmlns:gml32="http://www.opengis.net/gml/3.2" xmlns:ows="http://www.opengis.net/ows/2.0"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' xmlns:time="http://a9.com/-/opensearch/extensions/time/1.0/"'
)
SQUARE = Footprint.from_bbox(0, 10, 20, 30)
RING = "10 0 10 20 30 20 30 0 10 0"
OTHER = "50 0 50 20 60 20 60 0 50 0"
OTHER_SQUARE = Footprint.from_bbox(0, 50, 20, 60)


def entry(content: str = "", **about: str) -> Any:
    """A small entry; `about` replaces its identifier."""
    identifier = about.get("identifier", "<dc:identifier>P</dc:identifier>")
    return parse_xml(f"<entry {NAMESPACES}>{identifier}{content}</entry>".encode())


def read(content: str = "", collection: str = "C", **about: str) -> Product:
    return ATOM.product(entry(content, **about), collection=collection)


def observation(content: str) -> str:
    return f"<opt:EarthObservation>{content}</opt:EarthObservation>"


def metadata(content: str) -> str:
    return observation(
        "<eop:metaDataProperty><eop:EarthObservationMetaData>"
        f"{content}</eop:EarthObservationMetaData></eop:metaDataProperty>"
    )


def reasons(product: Product) -> list[str]:
    return [f"{problem.where}: {problem.reason}" for problem in product.problems]


# --- both ways


@modest
@given(products())
def test_a_product_survives_as_an_entry(product: Product) -> None:
    (found,) = read_page(write_page(Page((product,)))).products
    assert found == product
    assert found.content_hash() == product.content_hash()
    assert found.problems == ()


@modest
@given(pages())
def test_a_page_survives_as_a_feed(page: Page) -> None:
    assert read_page(write_page(page, address="https://hub.example/s?q=a", start=4)) == page


@pytest.mark.parametrize(
    "product",
    [
        # what would be mended in the answers of others
        Product(id="S2A_X", collection="c", properties={"platform": "sentinel-2"}),
        Product(id="a", collection="c", properties={"platform_serial": "xyz"}),
        Product(id="https://x.example/s?uid=5", collection="https://x.example/s?uid=6"),
        Product(id="same", collection="same"),
        Product(id="a", collection="c", properties={"swath": "_x0041_ & <b>", "processing_facility": "_x_"}),
        Product(id="a", collection="c", title="Š<>&\"' 子", properties={"description": "two\r\nlines\t."}),
        Product(
            id="a",
            collection="c",
            properties={"sensor_type": "OPTICAL", "relative_orbit": 5, "wrs_path": 6, "wrs_row": 7},
        ),
        Product(
            id="a",
            collection="c",
            properties={
                "sensor_type": "RADAR", "relative_orbit": 5, "wrs_path": 6, "wrs_row": 7, "cloud_cover": 8.0,
                "frame": "9",
            },
        ),
        Product(id="a", collection="c", properties={"processing_software": ("A, b", "c"), "gsd": 1e-12}),
        Product(
            id="a",
            collection="c",
            assets=(
                Asset(key="thumbnail", href="https://x.example/a", roles=("thumbnail",)),
                Asset(key="data", href="https://x.example/a", roles=("data", "visual"), size=0),
                Asset(key="other", href="https://x.example/a b"),
            ),
        ),
    ],
)  # fmt: skip
def test_what_others_would_mean_otherwise_survives(product: Product) -> None:
    (found,) = read_page(write_page(Page((product,)))).products
    assert found == product
    assert found.problems == ()


# --- what is written


def written(product: Product, **about: Any) -> Any:
    return next(children(parse_xml(write_page(Page((product,)), **about)), "entry"))


@pytest.mark.parametrize(
    ("time", "date"),
    [
        ("2020-01-01T10:00:00Z/2020-01-01T10:00:10.5Z", "2020-01-01T10:00:00Z/2020-01-01T10:00:10.5Z"),
        ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z"),
        ("2020-01-01T10:00:00Z/..", "2020-01-01T10:00:00Z"),
        ("../2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z"),
        ("../..", ""),
    ],
)
def test_how_times_are_written(time: str, date: str) -> None:
    assert text_at(written(Product(id="a", collection="c", time=TemporalExtent.parse(time))), "date") == date


@pytest.mark.parametrize(
    ("geometry", "kind", "text"),
    [
        ({"type": "Point", "coordinates": [5, 0.0000005]}, "point", "0.0000005 5"),
        ({"type": "LineString", "coordinates": [[0, 10], [20, 30]]}, "line", "10 0 30 20"),
        (SQUARE.geojson, "polygon", "10 0 10 20 30 20 30 0 10 0"),
    ],
)
def test_simple_footprints_are_simple_georss(geometry: dict[str, Any], kind: str, text: str) -> None:
    product = Product(id="a", collection="c", footprint=Footprint.from_geojson(geometry))
    found = [child for child in written(product) if "georss" in child.tag]
    assert [(local_name(child), text_of(child)) for child in found] == [(kind, text)]


@pytest.mark.parametrize(
    ("footprint", "kind", "text"),
    [
        (Footprint.from_bbox(170, -10, -170, 10), "box", "-10 170 10 -170"),
        (Footprint.from_bbox(-180, 80, 180, 90), "polygon", None),
        (
            Footprint.from_wkt("POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))"),
            "polygon",
            "0 0 0 9 9 9 9 0 0 0",
        ),
        (
            Footprint.from_wkt("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))"),
            "box",
            "0 0 6 6",
        ),
        (Footprint.from_wkt("MULTILINESTRING((0 0,9 9),(20 20,30 30))"), "box", "0 0 30 30"),
        (Footprint.from_wkt("MULTIPOINT((0 0),(9 9.5))"), "box", "0 0 9.5 9"),
    ],
)
def test_other_footprints_are_as_simple_as_the_schema_wants_them(
    footprint: Footprint, kind: str, text: str | None
) -> None:
    product = Product(id="a", collection="c", footprint=footprint)
    (found,) = [child for child in written(product) if "georss" in child.tag]
    assert local_name(found) == kind
    assert text is None or text_of(found) == text
    # and exactly elsewhere
    assert read_page(write_page(Page((product,)))).products == (product,)


@pytest.mark.parametrize(
    ("properties", "time", "updated", "derived"),
    [
        ({"updated": "2021-01-01", "published": "2020-01-01"}, "2019-01-01", "2021-01-01", ""),
        ({"published": "2020-01-01"}, "2019-01-01", "2020-01-01", "true"),
        ({}, "2019-01-01T00:00:00Z/2019-02-01T00:00:00Z", "2019-02-01", "true"),
        ({}, "2019-01-01T00:00:00Z/..", "2019-01-01", "true"),
        ({}, "../..", "1970-01-01", "true"),
    ],
)  # fmt: skip
def test_a_made_up_time_of_change_is_marked(
    properties: dict[str, str], time: str, updated: str, derived: str
) -> None:
    values = {name: parse_time(value) for name, value in properties.items()}
    product = Product(id="a", collection="c", time=TemporalExtent.parse(time), properties=values)
    (found,) = children(written(product), "updated")
    assert text_of(found)[:10] == updated
    assert attributes_of(found).get("derived", "") == derived
    assert read_page(write_page(Page((product,)))).products == (product,)


def test_the_feed_says_what_it_is() -> None:
    page = Page((Product(id="a", collection="c"),), 7, "https://hub.example/s?page=2")
    feed = parse_xml(
        write_page(
            page,
            address="https://hub.example/s?a=1&b=2",
            start=4,
            title="Found",
            updated=parse_time("2021-01-01"),
        )
    )
    assert text_at(feed, "id") == "https://hub.example/s?a=1&b=2"
    assert (text_at(feed, "title"), text_at(feed, "updated")) == ("Found", "2021-01-01T00:00:00Z")
    assert text_at(feed, "author/name")
    counts = [text_at(feed, name) for name in ("totalResults", "startIndex", "itemsPerPage")]
    assert counts == ["7", "4", "1"]
    assert {link.get("rel"): link.get("href") for link in children(feed, "link")} == {
        "self": "https://hub.example/s?a=1&b=2",
        "next": "https://hub.example/s?page=2",
    }


def test_links_say_what_they_are_by_the_relations_that_others_know() -> None:
    roles = ("data", "thumbnail", "overview", "metadata", "order", "documentation")
    assets = tuple(Asset(key=role, href=f"https://x.example/{role}", roles=(role,)) for role in roles)
    found = list(children(written(Product(id="a", collection="c", assets=assets)), "link"))
    assert [link.get("rel") for link in found] == ["enclosure", "icon", "icon", "via", "enclosure", "related"]


# --- what is recognised


@pytest.mark.parametrize(
    "document",
    [
        f"<feed {NAMESPACES}/>",
        f"<entry {NAMESPACES}/>",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"/>',
        "<feed/>",
    ],
)
def test_feeds_and_entries_in_any_namespace_are_recognised(document: str) -> None:
    assert ATOM.recognises(parse_xml(document.encode()))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("<errors><error>Too deep.</error><error>And\n wrong.</error></errors>", "Too deep.; And wrong."),
        ("<errors>Nothing</errors>", "Nothing"),
        ("<m:error xmlns:m='urn:m'><m:code>501</m:code><m:message>No.</m:message></m:error>", "501: No."),
        ("<error>Just no</error>", "Just no"),
        (
            "<ows:ExceptionReport xmlns:ows='urn:o'><ows:Exception exceptionCode='Bad' locator='bbox'>"
            "<ows:ExceptionText>four numbers</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
            "Bad (bbox): four numbers",
        ),
        ("<ExceptionReport><Exception exceptionCode='NoCode'/></ExceptionReport>", "NoCode"),
        ("<ServiceExceptionReport><ServiceException code='X'>why</ServiceException></ServiceExceptionReport>",
         "X: why"),
        ("<html><head><title>Maintenance</title></head></html>", "Maintenance"),
        ("<feed/>", ""),
    ],
)  # fmt: skip
def test_error_bodies_are_not_recognised_but_quoted(document: str, words: str) -> None:
    root = parse_xml(document.encode())
    assert ATOM.recognises(root) is (words == "")
    assert xml_error(root) == words


@pytest.mark.parametrize("document", [None, {}, [], "feed", {"type": "Feature"}])
def test_other_documents_are_none_of_it(document: Any) -> None:
    assert not ATOM.recognises(document)
    assert ATOM.view(document) == {}
    assert xml_error(document) == ""
    with pytest.raises(BadAnswer, match="x: neither an Atom feed nor an entry"):
        ATOM.feed(document, "x")
    with pytest.raises(BadRecord, match="not an Atom entry"):
        ATOM.product(document)


def test_a_feed_has_entries_a_total_and_the_first_next_link() -> None:
    feed = ATOM.feed(
        parse_xml(
            f"""<feed {NAMESPACES}><os:totalResults> 12 </os:totalResults>
            <link rel="last" href="https://x.example/9"/><link rel="next" href="https://x.example/2"/>
            <link rel="next" href="https://x.example/3"/><entry/><other/><entry/></feed>""".encode()
        ),
        "",
    )
    assert (len(feed.entries), feed.total, feed.next) == (2, 12, "https://x.example/2")
    assert ATOM.feed(parse_xml(f"<feed {NAMESPACES}/>".encode()), "") == type(feed)(())
    alone = entry()
    assert ATOM.feed(alone, "").entries == (alone,)


def test_a_list_of_collections_is_not_one_of_products() -> None:
    search = '<link rel="search" type="application/opensearchdescription+xml" href="https://x.example/d"/>'
    collections = (
        f"<feed {NAMESPACES}><entry><id>a</id>{search}</entry><entry><id>b</id>{search}</entry></feed>"
    )
    with pytest.raises(BadAnswer, match="a list of 2 collections, not products"):
        ATOM.feed(parse_xml(collections.encode()), "")
    names = "".join(f"<echo:{name}>A</echo:{name}>" for name in ("datasetId", "shortName", "versionId"))
    of_cmr = f"<feed {NAMESPACES} xmlns:echo='urn:echo'><entry><id>C1</id>{names}</entry></feed>"
    with pytest.raises(BadAnswer, match="a list of 1 collections, not products"):
        ATOM.feed(parse_xml(of_cmr.encode()), "")
    level = "<g:hierarchyLevel xmlns:g='urn:gmd'><g:MD_ScopeCode>series</g:MD_ScopeCode></g:hierarchyLevel>"
    with pytest.raises(BadAnswer, match="the description of a collection, not products"):
        ATOM.feed(parse_xml(f"<entry {NAMESPACES}><id>a</id>{level}</entry>".encode()), "")
    said = observation("")
    granules = parse_xml(f"<feed {NAMESPACES}><entry><id>a</id>{search}{said}</entry></feed>".encode())
    assert len(ATOM.feed(granules, "").entries) == 1


# --- identity


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<dc:identifier>A</dc:identifier><id>B</id>", "A"),
        ("<dc:identifier>https://x.example/g?uid=C1:G1</dc:identifier>", "C1:G1"),
        ("<dc:identifier>https://doi.org/10.1/x</dc:identifier>", "https://doi.org/10.1/x"),
        ("<id>B</id>" + metadata("<eop:identifier>E</eop:identifier>"), "E"),
        ("<id>urn:uuid:1</id>", "urn:uuid:1"),
        ("<id>https://x.example/s?format=atom&amp;uid=S1A_1&amp;x=1</id>", "S1A_1"),
        ("<id>https://x.example/product?id=A%2FB</id>", "A/B"),
        ("<id>https://x.example/collections/S2/7165.atom</id>", "7165"),
        ("<id>https://x.example/</id>", "https://x.example/"),
    ],
)
def test_where_the_identifier_is(said: str, expected: str) -> None:
    assert read(said, identifier="").id == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (metadata("<eop:parentIdentifier>E</eop:parentIdentifier>"), "E"),
        ("<eop:parentIdentifier>M</eop:parentIdentifier>", "M"),
        # a product is not its own collection
        ("<eop:parentIdentifier>P</eop:parentIdentifier>", "C"),
        ('<link rel="alternate" href="https://x.example/s?collection=L&amp;uid=1"/>', "L"),
        ('<link rel="alternate" href="https://x.example/s?parentIdentifier=EOP%3AL"/>', "EOP:L"),
        ('<link rel="self" href="https://x.example/collections/S2/1.atom"/>', "S2"),
        ("", "C"),
    ],
)
def test_where_the_collection_is(said: str, expected: str) -> None:
    assert read(said).collection == expected


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("urn:eop:V:SERIES_1:PRODUCT_1:V101", "urn:eop:V:SERIES_1"),
        ("urn:eop:V:SERIES_1:PRODUCT_1", "urn:eop:V:SERIES_1"),
        ("urn:uuid:1", "C"),
    ],
)
def test_the_collection_in_a_urn(identifier: str, expected: str) -> None:
    assert read(identifier=f"<dc:identifier>{identifier}</dc:identifier>").collection == expected


def test_an_entry_without_identifier_or_collection_is_a_bad_record() -> None:
    with pytest.raises(BadRecord, match="record 3: no identifier"):
        ATOM.product(entry(identifier=""), position=3, collection="C")
    with pytest.raises(BadRecord, match="record 0: entry P names no collection"):
        ATOM.product(entry())


# --- time


PERIOD = (
    "<om:phenomenonTime><gml32:TimePeriod><gml32:beginPosition>2020-01-01T00:00:00.1234567Z"
    "</gml32:beginPosition><gml32:endPosition>2020-01-02T00:00:00Z</gml32:endPosition></gml32:TimePeriod>"
    "</om:phenomenonTime>"
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<dc:date>2019-01-01T00:00:00Z</dc:date>" + observation(PERIOD),
         "2020-01-01T00:00:00.123456Z/2020-01-02T00:00:00Z"),
        ("<dc:date>2019-01-01T00:00:00Z/2019-01-02T00:00:00Z</dc:date>" + observation(""),
         "2019-01-01T00:00:00Z/2019-01-02T00:00:00Z"),
        ("<dc:date>2019-01-01T00:00:00Z</dc:date>", "2019-01-01T00:00:00Z"),
        ("<dc:date>2019-01-01T00:00:00Z/</dc:date>", "2019-01-01T00:00:00Z/.."),
        ("<dc:date>/2019-01-01T00:00:00Z</dc:date>", "../2019-01-01T00:00:00Z"),
        ("<time:start>2019-01-01T00:00:00Z</time:start><time:end>2019-01-02T00:00:00Z</time:end>",
         "2019-01-01T00:00:00Z/2019-01-02T00:00:00Z"),
        ("<dc:date>2019-01-01T00:00:00Z</dc:date><sensingStartDate>2019-01-01T00:00:00Z</sensingStartDate>"
         "<sensingStopDate>2019-01-01T01:00:00Z</sensingStopDate>",
         "2019-01-01T00:00:00Z/2019-01-01T01:00:00Z"),
        ("<gml:validTime><gml:TimePeriod><gml:beginPosition>2019-01-01T00:00:00Z</gml:beginPosition>"
         "<gml:endPosition>2019-01-02T00:00:00Z</gml:endPosition></gml:TimePeriod></gml:validTime>",
         "2019-01-01T00:00:00Z/2019-01-02T00:00:00Z"),
        ("", "../.."),
    ],
)  # fmt: skip
def test_where_the_acquisition_time_is(said: str, expected: str) -> None:
    product = read(said)
    assert product.time.isoformat() == expected
    assert product.problems == ()


def test_a_broken_time_is_mended_or_left_out_and_noted() -> None:
    mended = read("<dc:date>2015-01-08T22:57:31ZZ</dc:date>")
    assert mended.time.isoformat() == "2015-01-08T22:57:31Z"
    assert reasons(mended) == ["date: 2015-01-08T22:57:31ZZ is taken as 2015-01-08T22:57:31Z"]
    assert not read("<dc:date>yesterday</dc:date>").time
    assert read("<dc:date>yesterday</dc:date>").problems


# --- footprint


def multi_extent(posList: str) -> str:
    return observation(
        "<om:featureOfInterest><eop:Footprint><eop:multiExtentOf><gml32:MultiSurface><gml32:surfaceMember>"
        f"<gml32:Polygon><gml32:exterior><gml32:LinearRing>{posList}</gml32:LinearRing></gml32:exterior>"
        "</gml32:Polygon></gml32:surfaceMember></gml32:MultiSurface></eop:multiExtentOf><eop:centerOf>"
        "<gml32:Point><gml32:pos>55 5</gml32:pos></gml32:Point></eop:centerOf></eop:Footprint>"
        "</om:featureOfInterest>"
    )


WKT = "<dct:spatial>POLYGON((0 10,20 10,20 30,0 30,0 10))</dct:spatial>"
GML = (
    "<gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>{}</gml:posList></gml:LinearRing></gml:exterior>"
    "</gml:Polygon>"
)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (WKT + multi_extent(f"<gml32:posList>{OTHER}</gml32:posList>"), SQUARE),
        (f"<georss:polygon>{OTHER}</georss:polygon>" + multi_extent(f"<gml32:posList>{RING}</gml32:posList>"),
         SQUARE),
        (f"<georss:box>50 0 60 20</georss:box><georss:polygon>{RING}</georss:polygon>", SQUARE),
        (f"<georss:where>{GML.format(RING)}</georss:where>", SQUARE),
        ("<georss:where><gml:Envelope><gml:lowerCorner>10 0</gml:lowerCorner><gml:upperCorner>30 20"
         "</gml:upperCorner></gml:Envelope></georss:where>", SQUARE),
        ("<georss:box>10 0 30 20</georss:box>", SQUARE),
        (f"<x:polygon xmlns:x='http://www.georss.org/georss/11'>{RING}</x:polygon>", SQUARE),
        ("<georss:point>5 6</georss:point>", Footprint.from_wkt("POINT(6 5)")),
        ("<georss:line>5 6 7 8</georss:line>", Footprint.from_wkt("LINESTRING(6 5,8 7)")),
        (f"<georss:polygon>{RING}</georss:polygon><georss:polygon>{OTHER}</georss:polygon>",
         Footprint.from_wkt(
             "MULTIPOLYGON(((0 10,20 10,20 30,0 30,0 10)),((0 50,20 50,20 60,0 60,0 50)))")),
        ("<georss:polygon> </georss:polygon><georss:box/>", None),
        ("<georss:polygon/><georss:box>10 0 30 20</georss:box>", SQUARE),
        ("", None),
    ],
)  # fmt: skip
def test_where_the_footprint_is(said: str, expected: Footprint | None) -> None:
    product = read(said)
    assert product.footprint == expected
    assert product.problems == ()


def test_a_bad_footprint_is_noted_and_the_next_taken() -> None:
    product = read(f"<dct:spatial>POLYGON(</dct:spatial><georss:polygon>{RING}</georss:polygon>")
    assert product.footprint == SQUARE
    assert Problem("geometry", "the polygon is taken instead") in product.problems
    broken = read("<georss:polygon>1 2 three</georss:polygon><georss:where>5</georss:where>")
    assert broken.footprint is None and broken.problems


# --- properties


def test_attributes_of_eop_and_of_the_entry() -> None:
    product = read(
        "<title type='text'>A title</title><published>2020-01-02T00:00:00Z</published>"
        "<updated>2020-01-03T00:00:00Z</updated><eop:productType>S1TOA</eop:productType>"
        "<category term='x'/><summary type='html'>&lt;b&gt;</summary>"
        + metadata("<eop:acquisitionType>NOMINAL</eop:acquisitionType>")
    )
    assert product.title == "A title"
    assert product.properties == {
        "published": parse_time("2020-01-02"),
        "updated": parse_time("2020-01-03"),
        "product_type": "S1TOA",
        "acquisition_type": "nominal",
    }


def test_the_time_of_the_answer_is_not_the_products() -> None:
    stamps = "<updated>2020-01-03T00:00:00Z</updated>"
    feed = parse_xml(
        f"<feed {NAMESPACES}>{stamps}<entry><id>a</id>{stamps}</entry>"
        "<entry><id>b</id><updated>2019-01-01T00:00:00Z</updated></entry></feed>".encode()
    )
    first, second = (ATOM.product(found, collection="C") for found in ATOM.feed(feed, "").entries)
    assert first.properties == {}
    assert second.properties == {"updated": parse_time("2019-01-01")}


def test_a_view_is_by_local_names_and_leaves_long_data_out() -> None:
    grid = "<grid>" + "<point><line>1</line></point>" * 100 + "</grid>"
    view = ATOM.view(
        entry(
            "<title>T</title><link rel='via' href='https://x.example/v'/><author><name>N</name></author>"
            + grid
            + metadata("<eop:status>ARCHIVED</eop:status>")
        )
    )
    assert view == {
        "identifier": "P",
        "title": "T",
        "link": [{"rel": "via", "href": "https://x.example/v"}],
        "author": {"name": "N"},
        "EarthObservation": {"EarthObservationMetaData": {"status": "ARCHIVED"}},
    }


# --- assets


def link(**about: str) -> str:
    about.setdefault("href", "https://x.example/f")
    return "<link " + " ".join(f'{name}="{value}"' for name, value in about.items()) + "/>"


FEDSEARCH = "http://esipfed.org/ns/fedsearch/1.1/"


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        (link(rel="enclosure"), ("data",)),
        (link(rel="enclosure", type="text/html"), ("order",)),
        (link(rel="enclosure", type="application/vnd.ogc.oseo.capabilities.response_xml"), ("order",)),
        (link(rel="enclosure", href="https://x.example/o?wsdl"), ("order",)),
        (link(rel="via"), ("metadata",)),
        (link(rel="alternate"), ("metadata",)),
        (link(), ("metadata",)),
        (link(rel="icon"), ("overview",)),
        (link(rel=f"{FEDSEARCH}data#"), ("data",)),
        (link(rel=f"{FEDSEARCH}browse#"), ("overview",)),
        (link(rel=f"{FEDSEARCH}service#"), ("service",)),
        (link(rel=f"{FEDSEARCH}documentation#"), ("documentation",)),
    ],
)
def test_relations_of_links(said: str, roles: tuple[str, ...]) -> None:
    assert [asset.roles for asset in read(said).assets] == [roles]


@pytest.mark.parametrize("relation", ["self", "search", "up", "next", "describedBy", f"{FEDSEARCH}other#"])
def test_links_that_lead_elsewhere_are_no_assets(relation: str) -> None:
    assert read(link(rel=relation)).assets == ()


def test_links_of_the_collection_are_left_out() -> None:
    assert read(link(rel=f"{FEDSEARCH}data#", inherited="true")).assets == ()


def test_what_a_link_says_of_its_file() -> None:
    said = link(
        rel="enclosure", type="application/zip", title="Product", length="12", href="https://x.example/a b"
    )
    (asset,) = read(said).assets
    assert asset == Asset(
        key="data", href="https://x.example/a%20b", roles=("data",), title="Product",
        media_type="application/zip", size=12,
    )  # fmt: skip
    (vague,) = read(link(rel="icon", type="image", length="0")).assets
    assert (vague.media_type, vague.size) == ("", None)


def test_addresses_that_nobody_can_reach_are_noted_once() -> None:
    product = read(link(rel="enclosure", href="s2://a/1") + link(rel="enclosure", href="s2://a/2"))
    assert product.assets == ()
    assert reasons(product) == ["links: s2://a/1 is no address that others can reach (and 1 more)"]


def test_pictures_of_media_rss() -> None:
    pictures = "".join(
        f'<media:content url="https://x.example/{name}" type="image/png"><media:category>{name}'
        "</media:category></media:content>"
        for name in ("QUICKLOOK", "THUMBNAIL")
    )
    same = link(rel="icon", href="https://x.example/QUICKLOOK", title="Red")
    found = read(f"{same}<media:group>{pictures}</media:group>").assets
    assert [(asset.roles, asset.title, asset.media_type) for asset in found] == [
        (("overview",), "Red", "image/png"),
        (("thumbnail",), "", "image/png"),
    ]


def product_file(href: str, size: str = "5", more: str = "") -> str:
    return (
        f'<eop:product><eop:ProductInformation><eop:fileName><ows:ServiceReference xlink:href="{href}"'
        f' {more}><ows:RequestMessage/></ows:ServiceReference></eop:fileName><eop:size uom="MB">{size}'
        "</eop:size></eop:ProductInformation></eop:product>"
    )


def result(content: str) -> str:
    return observation(
        f"<om:result><opt:EarthObservationResult>{content}</opt:EarthObservationResult></om:result>"
    )


FILE = "https://x.example/f"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # the same file: its size is added
        (link(rel="enclosure") + result(product_file(FILE)), [(FILE, 5_000_000)]),
        # the only one under another address: the same file, too
        (link(rel="enclosure") + result(product_file(FILE + "2")), [(FILE, 5_000_000)]),
        (link(rel="enclosure", length="7") + result(product_file(FILE + "2")), [(FILE, 7)]),
        # several: files of their own
        (link(rel="enclosure") + result(product_file(FILE, "0") + product_file(FILE + "2")),
         [(FILE, None), (FILE + "2", 5_000_000)]),
        (link(rel="enclosure") + result(product_file(FILE + "2") + product_file(FILE + "3", "6")),
         [(FILE, None), (FILE + "2", 5_000_000), (FILE + "3", 6_000_000)]),
        (result(product_file(FILE)), [(FILE, 5_000_000)]),
    ],
)  # fmt: skip
def test_files_of_eop(said: str, expected: list[tuple[str, int | None]]) -> None:
    assert [(asset.href, asset.size) for asset in read(said).assets] == expected


# --- what is broken


@modest
@given(st.lists(products(), min_size=1, max_size=2), st.integers(0, 2**32), st.data())
def test_a_broken_feed_is_read_as_far_as_it_goes_or_refused(
    found: list[Product], seed: int, data: st.DataObject
) -> None:
    whole = write_page(Page(tuple(found), 5, "https://x.example/2"))
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    dice = random.Random(seed)
    garbled = bytearray(whole)
    for _ in range(dice.randint(1, 30)):
        garbled[dice.randrange(len(garbled))] = dice.randrange(256)
    for broken in (cut, bytes(garbled)):
        try:
            read_page(broken)
        except (BadAnswer, BadRecord) as error:
            assert str(error)


def test_a_cut_feed_is_a_bad_answer() -> None:
    whole = write_page(Page(tuple(Product(id=f"p{number}", collection="c") for number in range(3))))
    with pytest.raises(BadAnswer, match="XML that is cut short"):
        read_page(whole[:-20])


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE feed [<!ENTITY a SYSTEM "file:///etc/passwd">]><feed><entry><id>&a;</id></entry></feed>',
        b"<!DOCTYPE html><html><body>no</body></html>",
        b"",
        b"{}",
        b"<html/>",
        b"<errors><error>x</error></errors>",
    ],
)
def test_what_is_no_feed_is_refused(document: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_page(document)


def test_undeclared_prefixes_are_read_by_local_name() -> None:
    page = read_page(
        b"<feed><dc:x/><entry><dc:identifier>A</dc:identifier><georss:point>1 2</georss:point>"
        b'<link rel="alternate" href="https://x.example/?collection=C"/></entry></feed>'
    )
    assert [(product.id, product.collection) for product in page.products] == [("A", "C")]
    assert page.products[0].footprint == Footprint.from_wkt("POINT(2 1)")


@pytest.mark.parametrize(
    "said",
    [
        "<link/><link href=''/><published/><published>never</published><updated>5</updated>",
        "<media:group><media:content/></media:group><dct:spatial/><dc:date>/</dc:date>",
        "<dct:spatial>5</dct:spatial><georss:where/><georss:where><gml:Polygon/></georss:where>",
        observation("<om:phenomenonTime/><om:featureOfInterest><eop:Footprint/></om:featureOfInterest>"),
        observation("<om:procedure>text</om:procedure>" + "<eop:a>" * 400 + "</eop:a>" * 400),
        result("<eop:product/><eop:product><eop:ProductInformation/></eop:product><eop:browse/>"),
        metadata("<eop:vendorSpecific><eop:SpecificInformation/></eop:vendorSpecific>"),
        link(rel="enclosure", href="https://[bad/?uid=1"),
        "<id>https://[bad/?uid=1</id>",
    ],
)
def test_wrong_and_missing_things_never_fail(said: str) -> None:
    assert read(said).id == "P"
