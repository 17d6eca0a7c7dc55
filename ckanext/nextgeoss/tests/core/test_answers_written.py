"""Answers of our own catalogue in Atom, RSS and GeoJSON: whatever is in them they are well-formed, say the
same, and can be read again."""

from __future__ import annotations

import json
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats import atom_write, eo_geojson, eo_series_geojson, rss_write
from ckanext.nextgeoss.eo.formats.atom import ATOM
from ckanext.nextgeoss.eo.formats.atom import read_page as read_atom
from ckanext.nextgeoss.eo.formats.eo_geojson import EO_GEOJSON
from ckanext.nextgeoss.eo.formats.feed import read_page
from ckanext.nextgeoss.eo.formats.rss import RSS
from ckanext.nextgeoss.eo.page import Page
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.eo.xml import attributes_of, children, descendants, parse_xml, text_at, text_of
from ckanext.nextgeoss.tests.answers import FEED, SITE, entries_of, series_page
from ckanext.nextgeoss.tests.core.strategies import modest, products

hostile = st.text(min_size=1, max_size=20).filter(lambda text: text.strip())


def page_of(*found: Product) -> Page:
    return Page(found, FEED.total, entries=entries_of(found))


def atom(*found: Product) -> Any:
    return parse_xml(atom_write.write_feed(page_of(*found), FEED, SITE))


def rss(*found: Product) -> Any:
    return parse_xml(rss_write.write_feed(page_of(*found), FEED, SITE))


def geojson(*found: Product) -> dict[str, Any]:
    return json.loads(json.dumps(eo_geojson.write_answer(page_of(*found), FEED, SITE)))


def links(element: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in children(element, "link") if link.get("rel")}


# --- a hub is harvested from a hub


@modest
@given(st.lists(products(), max_size=2))
def test_what_is_answered_is_read_again(found: list[Product]) -> None:
    """All of it from Atom and GeoJSON: what is told of our own catalogue is none of the product."""
    next_page = next(link.href for link in FEED.links if link.rel == "next")
    expected = Page(tuple(found), FEED.total, next_page)
    assert read_atom(atom_write.write_feed(page_of(*found), FEED, SITE)) == expected
    assert read_page(EO_GEOJSON, geojson(*found)) == expected


@modest
@given(products())
def test_rss_says_what_it_can(product: Product) -> None:
    (found,) = read_page(RSS, rss(product)).products
    assert (found.id, found.collection, found.title) == (product.id, product.collection, product.title)
    if product.time.start and product.time.end:
        assert found.time == product.time
    simple = product.footprint and product.footprint.geojson["type"] in ("Point", "LineString")
    assert not simple or found.footprint == product.footprint
    known = {asset.href for asset in product.assets if {"data", "metadata"} & set(asset.roles)}
    assert known <= {asset.href for asset in found.assets}


# --- whatever is said


@modest
@given(hostile, hostile, hostile, hostile)
def test_any_text_is_a_text(identifier: str, title: str, word: str, key: str) -> None:
    """Control characters, markup and what is no character at all."""
    product = Product(
        id=identifier,
        collection=word,
        title=title,
        properties={
            "description": word,
            "keywords": (word, title),
            "swath": key,
            "processing_facility": title,
        },
        assets=(Asset(key=key, href=f"https://x.example/{word}", roles=("data", word), title=title),),
    )
    feed = replace(
        FEED, title=title, echo={"searchTerms": word, "eo:platform": key}, address=f"https://x/?{key}"
    )
    page = page_of(product)
    for written in (atom_write.write_feed(page, feed, SITE), rss_write.write_feed(page, feed, SITE)):
        root = parse_xml(written)
        query = next(descendants(root, "Query"))
        assert set(attributes_of(query)) <= {"role", "searchTerms", "platform"}


def test_html_is_escaped_twice() -> None:
    product = Product(
        id="<script>alert(1)</script>", collection="c", properties={"description": "<b onload=x>"}
    )
    for root in (atom(product), rss(product)):
        assert not list(descendants(root, "script"))
        for name in ("content", "description"):
            for element in descendants(root, name):
                assert "<b onload" not in text_of(element)
                assert "<script" not in text_of(element)


# --- entries


PRODUCT = Product(
    id="S2A_X/1 ä&b=c",
    collection="sentinel-2 l1c",
    title="Scene",
    footprint=Footprint.from_bbox(10, 40, 11, 41),
    time=TemporalExtent.parse("2020-01-01T10:00:00Z/2020-01-01T10:00:10Z"),
    properties={"keywords": ("land", "Europe"), "cloud_cover": 12.5, "platform": "sentinel-2a"},
    assets=(
        Asset(key="image", href="https://x.example/i.tif", roles=("data",), size=5, media_type="image/tiff"),
        Asset(key="mask", href="https://x.example/m.tif", roles=("data",)),
        Asset(key="q", href="s3://bucket/q.png", roles=("overview",), media_type="image/png"),
        Asset(key="iso", href="https://x.example/i.xml", roles=("metadata",), media_type="application/xml"),
    ),
)


def test_the_link_of_an_entry_to_itself_finds_it_alone_by_simple_parameters() -> None:
    """Workflows in use split it at `&` and `=`, and take what follows `identifier=` for the name."""
    (entry,) = children(atom(PRODUCT), "entry")
    address = urlsplit(links(entry)["self"])
    assert address.path == "/opensearch/search.atom"
    assert dict(parse_qsl(address.query)) == {
        "parentIdentifier": PRODUCT.collection,
        "identifier": PRODUCT.id,
    }
    assert all(part.count("=") == 1 for part in address.query.split("&"))
    assert address.query.partition("identifier=")[2] == "S2A_X%2F1%20%C3%A4%26b%3Dc"


def test_entries_say_what_the_catalogue_knows() -> None:
    (entry,) = children(atom(PRODUCT), "entry")
    (known,) = entries_of((PRODUCT,))
    assert text_at(entry, "publisher") == known.provider_title
    assert text_at(entry, "identifier") == PRODUCT.id
    assert text_at(entry, "updated") == "2024-02-03T04:05:06.7Z"
    assert text_at(entry, "published") == "2024-01-01T00:00:00Z"
    assert [each.get("term") for each in children(entry, "category")] == ["land", "Europe"]
    assert (
        text_at(entry, "summary")
        == "Scene, sentinel-2a, 2020-01-01T10:00:00Z/2020-01-01T10:00:10Z, cloud cover 12.5 %"
    )
    found = links(entry)
    assert found["alternate"] == SITE.dataset(known.name)
    assert found["search"] == SITE.description(PRODUCT.collection)
    assert found["up"] == SITE.series(PRODUCT.collection)
    assert found["describedby"] == SITE.collection(PRODUCT.collection)
    assert found["via"] == "https://x.example/i.xml"
    enclosures = [link for link in children(entry, "link") if link.get("rel") == "enclosure"]
    assert attributes_of(enclosures[0]).items() >= {
        "href": "https://x.example/i.tif", "length": "5", "type": "image/tiff"
    }.items()  # fmt: skip


def test_a_picture_that_browsers_cannot_reach_is_given_by_us() -> None:
    (known,) = entries_of((PRODUCT,))
    (entry,) = children(atom(PRODUCT), "entry")
    icons = [link.get("href") for link in children(entry, "link") if link.get("rel") == "icon"]
    assert icons == [SITE.quicklook(known.uuid), "s3://bucket/q.png"]
    assert SITE.quicklook(known.uuid) in text_at(entry, "content")
    (feature,) = geojson(PRODUCT)["features"]
    assert [link["href"] for link in feature["properties"]["links"]["previews"]][-1] == SITE.quicklook(
        known.uuid
    )


def test_a_product_without_metadata_of_its_provider_leads_to_ours() -> None:
    """CEOS-BP-012."""
    (entry,) = children(atom(Product(id="a", collection="c")), "entry")
    assert links(entry)["via"] == SITE.stac_item("c", "a")


@pytest.mark.parametrize("updated", [None, "2021-05-06T00:00:00Z"])
def test_the_providers_time_of_change_goes_before_ours(updated: str | None) -> None:
    said = {"updated": parse_time(updated)} if updated else {}
    product = Product(id="a", collection="c", properties=said)
    (entry,) = children(atom(product), "entry")
    assert text_at(entry, "updated") == (updated or "2024-02-03T04:05:06.7Z")
    (feature,) = geojson(product)["features"]
    assert feature["properties"]["updated"] == (updated or "2024-02-03T04:05:06.7Z")


# --- RSS


def test_an_item_has_what_rss_demands() -> None:
    (item,) = descendants(rss(PRODUCT), "item")
    assert parsedate_to_datetime(text_at(item, "pubDate")) == parse_time("2024-01-01T00:00:00Z")
    assert next(children(item, "guid")).get("isPermaLink") == "false"
    (enclosure,) = children(item, "enclosure")
    assert attributes_of(enclosure) == {"url": "https://x.example/i.tif", "length": "5", "type": "image/tiff"}
    assert [text_of(each) for each in children(item, "category")] == ["land", "Europe"]
    assert text_at(item, "cloudCover") == "12.5"
    assert text_at(item, "polygon") == "40 10 40 11 41 11 41 10 40 10"


def test_a_channel_has_what_rss_and_opensearch_demand() -> None:
    (channel,) = children(rss(), "channel")
    said = {name: text_at(channel, name) for name in ("title", "description", "totalResults", "startIndex")}
    assert said["title"] == FEED.title
    assert (said["description"], said["totalResults"], said["startIndex"]) == (
        "57 products found",
        "57",
        "11",
    )
    assert text_of(next(children(channel, "link"))).startswith("https://")
    assert links(channel).items() >= {"self": FEED.address, "search": SITE.description("dataset")}.items()
    assert parsedate_to_datetime(text_at(channel, "lastBuildDate")) == FEED.updated


# --- GeoJSON


def test_an_answer_has_the_members_of_17_047() -> None:
    """ER-01, ER-02, ER-04."""
    found = geojson(PRODUCT)
    assert [found[name] for name in ("totalResults", "startIndex", "itemsPerPage")] == [57, 11, 3]
    assert found["queries"]["request"] == [dict(FEED.echo)]
    said = found["properties"]
    assert {"title", "creator", "updated", "lang", "rights", "links"} <= said.keys()
    assert {"profiles", "self", "search", "first", "previous", "next", "last", "alternates"} <= said[
        "links"
    ].keys()
    assert said["links"]["next"][0]["href"].endswith("&startIndex=21")


def test_a_feature_has_what_clients_ask_for() -> None:
    """terracatalogueclient cuts fractions of seconds off without looking for them; paths of eodag."""
    (feature,) = geojson(PRODUCT)["features"]
    said = feature["properties"]
    assert feature["bbox"] == [10, 40, 11, 41]
    assert feature["id"] == SITE.product(PRODUCT.collection, PRODUCT.id, "json")
    parameters = said["acquisitionInformation"][0]["acquisitionParameters"]
    assert parameters["beginningDateTime"] == "2020-01-01T10:00:00.000Z"
    assert said["productInformation"]["cloudCover"] == 12.5
    assert said["productInformation"]["statusSubType"] == "ON-LINE"
    assert said["links"]["data"][0] == {"href": "https://x.example/i.tif", "type": "image/tiff", "length": 5}


@pytest.mark.parametrize(
    ("properties", "standard", "additional"),
    [
        ({"processing_level": "L1C"}, {"processingLevel": "1C"}, {}),
        ({"processing_level": "L2A"}, {"processingLevel": "2"}, {"processing_level": "L2A"}),
        ({"processing_level": "L0"}, {}, {"processing_level": "L0"}),
        ({"processing_software": ("a",)}, {"processorName": "a"}, {}),
        ({"processing_software": ("a", "b")}, {}, {"processing_software": ["a", "b"]}),
        ({"orbit_type": "LEO"}, {}, {"orbit_type": "LEO"}),
        ({"sensor_type": "RADAR"}, {}, {"sensor_type": "RADAR"}),
        ({"absolute_orbit": 5}, {}, {"absolute_orbit": 5}),
    ],
)
def test_what_the_schema_does_not_allow_is_an_additional_attribute(
    properties: dict[str, Any], standard: dict[str, Any], additional: dict[str, Any]
) -> None:
    (feature,) = geojson(Product(id="a", collection="c", properties=properties))["features"]
    said = feature["properties"]
    assert {name: said["productInformation"].get(name) for name in standard} == standard
    own = ("nextgeoss:assets", "nextgeoss:assumed")
    assert {
        name: value
        for name, value in said["additionalAttributes"].items()
        if name not in own and not name.startswith("guf:")
    } == additional
    assert said["acquisitionInformation"] == []


# --- facets


def test_facets_have_counts_and_requests() -> None:
    terms = FEED.facets[0].terms
    for root in (atom(), rss()):
        (facet,) = descendants(root, "facet")
        assert (text_at(facet, "index"), text_at(facet, "facetDisplayLabel")) == ("eo:platform", "Platform")
        found = [
            (text_at(term, "actualTerm"), text_at(term, "count"), text_at(term, "requestUrl"))
            for term in descendants(facet, "term")
        ]
        assert found == [(term.value, str(term.count), term.address) for term in terms]
    (facet,) = geojson()["facets"]
    assert facet["terms"] == [
        {"value": each.value, "count": each.count, "href": each.address} for each in terms
    ]


# --- collections


def test_collections_lead_to_their_products() -> None:
    """CEOS-BP-001 and 011: the description document, and an identifier for eo:parentIdentifier."""
    page = series_page()
    feed = parse_xml(atom_write.write_series(page, FEED, SITE))
    items = list(descendants(parse_xml(rss_write.write_series(page, FEED, SITE)), "item"))
    features = json.loads(json.dumps(eo_series_geojson.write_answer(page, FEED, SITE)))["features"]
    for held, entry, item, feature in zip(
        page.collections, children(feed, "entry"), items, features, strict=True
    ):
        name = held.collection.id
        assert text_at(entry, "identifier") == text_at(item, "identifier") == name
        assert feature["id"] == feature["properties"]["identifier"] == name
        assert links(entry)["search"] == links(item)["search"] == SITE.description(name)
        assert feature["properties"]["links"]["search"][0]["href"] == SITE.description(name)
        assert links(entry)["up"] == SITE.series()


def test_collections_have_their_real_extents_and_counts() -> None:
    feed = parse_xml(atom_write.write_series(series_page(), FEED, SITE))
    first, *_, last = children(feed, "entry")
    assert text_at(first, "box") == "40 -10.5 60.25 20"
    assert text_at(first, "date") == "2015-06-27T10:20:30.5Z/2024-02-03T00:00:00Z"
    assert text_at(first, "summary").startswith("0 matching products found in the ")
    assert text_at(last, "box") == "-10 170 10 -170"
    assert text_at(last, "date") == "2020-01-01T00:00:00Z"
    assert text_at(last, "rights") == "CC-BY-4.0"
    assert text_at(last, "title") == "<script>&"
    features = eo_series_geojson.write_answer(series_page(), FEED, SITE)["features"]
    assert features[0]["bbox"] == [-10.5, 40, 20, 60.25]
    assert features[0]["properties"]["date"] == "2015-06-27T10:20:30.5Z/2024-02-03T00:00:00Z"
    assert features[-1]["geometry"]["type"] == "MultiPolygon"
    assert features[-1]["properties"]["date"] == "2020-01-01T00:00:00Z/"


def test_a_list_of_collections_is_not_taken_for_products() -> None:
    feed = parse_xml(atom_write.write_series(series_page(), FEED, SITE))
    with pytest.raises(BadAnswer, match="collections, not products"):
        ATOM.feed(feed, "here")
    answer = eo_series_geojson.write_answer(series_page(), FEED, SITE)
    with pytest.raises(BadAnswer, match="collections, not products"):
        EO_GEOJSON.feed(json.loads(json.dumps(answer)), "here")
