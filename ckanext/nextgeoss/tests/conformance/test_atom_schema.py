"""Written feeds are judged by the schemas of OpenSearch Geo and Time (OGC 10-032r8) and of CITE, by jing, and
by the rules those have in words (GT-01 to GT-06, CEOS-BP-011 to CEOS-BP-015)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from ckanext.nextgeoss.demo.catalogue import products as demo_products
from ckanext.nextgeoss.demo.entries import absolute
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.atom_write import write_feed, write_page, write_series
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.tests.answers import FEED, SITE, entries_of, recorded_products, series_page
from ckanext.nextgeoss.tests.core.strategies import products
from ckanext.nextgeoss.tests.jing import complaints

SCHEMAS = (
    "ogc-10-032r8/schemas/osatom.rnc",
    "ogc-10-032r8/schemas/atomgeo.rnc",
    "ogc-10-032r8/schemas/atomtime.rnc",
    "ogc-10-032r8/tests/result-atom.rnc",
    "cite-cat30/rnc/atom.rnc",
)
ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "georss": "http://www.georss.org/georss",
    "geo": "http://a9.com/-/opensearch/extensions/geo/1.0/",
    "time": "http://a9.com/-/opensearch/extensions/time/1.0/",
    "eo": "http://a9.com/-/opensearch/extensions/eo/1.0/",
}
OSDD = "application/opensearchdescription+xml"


def judged(*documents: bytes) -> list[str]:
    """What the schemas refuse, and the asserts in them, which jing leaves out."""
    found = [f"{schema}: {fault}" for schema in SCHEMAS for fault in complaints(schema, documents)]
    for document in documents:
        feed = etree.fromstring(document)
        without_place = feed.xpath("a:entry[not(georss:*)]", namespaces=NAMES)
        if without_place and not feed.xpath("georss:*", namespaces=NAMES):
            found.append("neither the feed nor all entries have a georss element")
        found += ["an entry without content" for _ in feed.xpath("a:entry[not(a:content)]", namespaces=NAMES)]
    return found


def answer(found: tuple[Product, ...]) -> bytes:
    return write_feed(Page(found, FEED.total, entries=entries_of(found)), FEED, SITE)


def special(wkt: str, time: str) -> Product:
    place = Footprint.from_wkt(wkt) if wkt else None
    return Product(id=wkt or "nowhere", collection="c", footprint=place, time=TemporalExtent.parse(time))


SAID = (
    {
        "average": 4.5, "ratings": 2, "items": 3, "latest": "2026-01-01T00:00:00Z", "open_issues": "minor",
        "fit_for": ["snow & <ice>"], "publications": ["10.5194/essd-12-1-2020\tSnow"], "metadata_score": 80,
        "metadata_band": "good",
    },
    {"ratings": 0, "items": 1, "open_issues": "none"},
    {"metadata_score": 0, "metadata_band": "poor"},
    {},
)  # fmt: skip
SPECIAL = (
    special("MULTIPOLYGON(((0 0,1 0,1 1,0 0)),((5 5,6 5,6 6,5 5)))", "2020-01-01T00:00:00Z"),
    special(
        "POLYGON((0 0,9 0,9 9,0 9,0 0),(1 1,2 1,2 2,1 2,1 1))", "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"
    ),
    special("POLYGON((170 0,190 0,190 9,170 9,170 0))", "2020-01-01T00:00:00.123Z"),
    special("POLYGON((-180 80,180 80,180 90,-180 90,-180 80))", "2020-01-01T00:00:00Z/.."),
    special("MULTIPOINT((0 0),(9 9))", "../2020-01-01T00:00:00Z"),
    special("POINT(1e-7 -1e-7)", "../.."),
    special("MULTILINESTRING((0 0,9 9),(20 20,30 30))", "2020-01-01T00:00:00Z"),
    special("LINESTRING(0 0,9 9)", "2020-01-01T00:00:00Z"),
    special("", "2020-01-01T00:00:00Z"),
)


def test_demo_and_recorded_products_are_valid() -> None:
    demo = tuple(absolute(product, "https://hub.example") for product in demo_products(400))
    recorded = recorded_products()
    assert (
        judged(answer(demo), answer(recorded), write_page(Page(recorded, 7, "https://hub.example?a&b"))) == []
    )


@settings(max_examples=2, deadline=None)
@given(st.lists(products(), min_size=20, max_size=20))
def test_any_products_are_valid(found: list[Product]) -> None:
    each = tuple(found)
    assert judged(answer(each), answer(each[:1]), write_page(Page(each))) == []


def test_the_places_and_times_that_the_schemas_have_no_form_for_are_told_in_one_they_have() -> None:
    assert judged(*(answer((product,)) for product in SPECIAL), answer(SPECIAL), answer(())) == []


def test_what_users_say_of_products_is_valid() -> None:
    demo = tuple(absolute(product, "https://hub.example") for product in demo_products(4))
    entries = tuple(replace(entry, feedback=said) for entry, said in zip(entries_of(demo), SAID, strict=True))
    written = write_feed(Page(demo, FEED.total, entries=entries), FEED, SITE)
    assert written.count(b"<guf:feedback") == 3 and written.count(b'rel="replies"') == 4
    assert judged(written) == []


def test_collections_are_valid() -> None:
    assert judged(write_series(series_page(), FEED, SITE)) == []


@pytest.mark.parametrize("document", ["products", "none", "collections"])
def test_a_feed_says_what_it_is(document: str) -> None:
    """GT-02, GT-06, OS-08, OS-10 and the Schematron rules of CITE."""
    written = {"products": answer(SPECIAL), "none": answer(())}
    feed = etree.fromstring(written.get(document) or write_series(series_page(), FEED, SITE))
    for path in (
        "a:author/a:name", "a:generator", "a:subtitle", "os:totalResults[.='57']", "os:startIndex[.='11']",
        "os:itemsPerPage[.='3']", "a:link[@rel='self']",
        f"a:link[@rel='search'][@type='{OSDD}']",
        "os:Query[@role='request'][@geo:box='170,-10,-170,10'][@time:start='2020-01-01'][@eo:cloudCover='[0,20]']",
    ):  # fmt: skip
        assert len(feed.xpath(path, namespaces=NAMES)) == 1, path
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", feed.findtext(f"{ATOM}updated"))
    empty = [
        element.tag for element in feed.iter() if not len(element) and not element.text and not element.attrib
    ]
    assert set(empty) <= {"{http://www.opengis.net/ows/2.0}RequestMessage"}


@pytest.mark.parametrize("document", ["products", "collections"])
def test_entries_have_what_ceos_asks_for(document: str) -> None:
    """GT-03, CEOS-BP-001, 011, 012, 013, 014, 015."""
    placed = (product for product in demo_products(30) if product.footprint)
    demo = tuple(absolute(product, "https://hub.example") for product in placed)
    feed = etree.fromstring(
        answer(demo) if document == "products" else write_series(series_page(), FEED, SITE)
    )
    for entry in feed.iterfind(f"{ATOM}entry"):
        for path in (
            "a:id[.!='']", "a:title[.!='']", "a:updated", "dc:identifier[.!='']", "dc:date", "dc:publisher",
            "a:summary[.!='']", "a:content[@type='html'][.!='']", "georss:*",
            f"a:link[@rel='search'][@type='{OSDD}']", "a:link[@rel='alternate'][@type='text/html']",
            "a:link[@rel='via'][@type]", "a:link[@rel='describedby'][@type='text/html']", "a:link[@rel='up']",
            "a:link[@rel='self'][@type='application/atom+xml']",
        ):  # fmt: skip
            assert len(entry.xpath(path, namespaces=NAMES)) == 1, (path, entry.findtext(f"{ATOM}title"))
    if document == "products":
        assert all(
            entry.xpath("a:link[@rel='icon'][@type]", namespaces=NAMES)
            for entry in feed.iterfind(f"{ATOM}entry")
        )
        enclosures: list[Any] = feed.xpath(
            "a:entry/a:link[@rel='enclosure'][@type][@length]", namespaces=NAMES
        )
        assert len(enclosures) >= len(demo)
