from __future__ import annotations

import copy
import json
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.dhus import DHUS
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.tests.core.strategies import modest

SAMPLES = Path(__file__).parents[1] / "samples" / "dhus_national"
NAME = "S1B_IW_GRDH_1SDV_20210601T043112_20210601T043137_027159_033E8A_7C2E"
HREF = "https://dhus.example.org/odata/v1/Products('1')/"
GML = "<gml:Polygon xmlns:gml='http://www.opengis.net/gml'><gml:outerBoundaryIs><gml:LinearRing>{}</gml:LinearRing>"
GML += "</gml:outerBoundaryIs></gml:Polygon>"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def entry(**attributes: Any) -> dict[str, Any]:
    """A small entry of JSON; attributes given as None are left out."""
    base = {"identifier": NAME, "platformname": "Sentinel-1", "beginposition": "2021-06-01T04:31:12.418Z"}
    base["endposition"] = "2021-06-01T04:31:37.417Z"
    said = {name: value for name, value in (base | attributes).items() if value is not None}
    return {"str": [{"name": name, "content": value} for name, value in said.items()]}


def atom(**attributes: str) -> Any:
    """The same entry as an element of Atom."""
    inner = "".join(
        f'<str name="{item["name"]}">{escape(item["content"])}</str>' for item in entry(**attributes)["str"]
    )
    return parse_xml(f'<entry xmlns="http://www.w3.org/2005/Atom">{inner}</entry>'.encode())


def feed(**members: Any) -> dict[str, Any]:
    return {"feed": {"opensearch:totalResults": "630", "id": "https://dhus.example.org/search?q=*"} | members}


def read(**attributes: Any) -> Product:
    return DHUS.product(entry(**attributes))


# --- answers


def test_atom_and_json_of_the_same_products_are_read_alike() -> None:
    """The two notations of one answer give equal products, totals and next pages."""
    ours = DHUS.feed(parse_xml((SAMPLES / "page.xml").read_bytes()), "")
    theirs = DHUS.feed(json.loads((SAMPLES / "page.json").read_text()), "")
    assert ours.total == theirs.total == 7
    assert theirs.next == ours.next + "&format=json"
    assert ours.next.startswith("https://sentinels.space.noa.gr/dhus/search?q=")
    products = [DHUS.product(each) for each in ours.entries]
    assert products == [DHUS.product(each) for each in theirs.entries]
    assert [len(product.assets) for product in products] == [3, 3, 3]
    assert not any(product.problems for product in products)
    assert all(product.footprint and product.time for product in products)


@pytest.mark.parametrize(
    ("members", "count"),
    [
        ({"entry": [entry(), entry()]}, 2),
        ({"entry": entry()}, 1),
        ({}, 0),
        ({"entry": None}, 0),
        ({"entry": ""}, 0),
    ],
)
def test_entries_are_a_list_an_object_or_nothing(members: dict[str, Any], count: int) -> None:
    """A single hit is no list, no hit is no member; without entries a next link leads nowhere."""
    link = [{"rel": "self", "href": "https://x/0"}, {"rel": "next", "href": "https://x/1"}]
    found = DHUS.feed(feed(link=link) | {"feed": feed(link=link)["feed"] | members}, "")
    assert len(found.entries) == count
    assert found.total == 630
    assert found.next == ("https://x/1" if count else "")


def test_a_single_link_is_an_object() -> None:
    """What is alone in its list is written without the list."""
    assert (
        DHUS.feed(feed(entry=[entry()], link={"rel": "next", "href": "https://x/1"}), "").next
        == "https://x/1"
    )


@pytest.mark.parametrize(
    "document",
    [
        {"feed": {"error": {"code": "400", "message": "undefined field xxx"}}},
        parse_xml(b"<feed><error><code>400</code><message>undefined field xxx</message></error></feed>"),
    ],
)
def test_an_error_inside_a_success(document: Any) -> None:
    """The error of an answer with status 200 is the error of the answer."""
    assert DHUS.recognises(document)
    with pytest.raises(BadAnswer) as caught:
        DHUS.feed(document, "https://x")
    assert caught.value.reason == "the provider answered with an error: 400: undefined field xxx"


@pytest.mark.parametrize(
    "document",
    [{}, [], None, "feed", {"feed": []}, {"feed": {"entry": 5}}, {"features": []}, parse_xml(b"<html/>")],
)
def test_what_is_no_feed(document: Any) -> None:
    """Anything else is a BadAnswer."""
    with pytest.raises(BadAnswer):
        DHUS.feed(document, "")


@pytest.mark.parametrize(
    "document",
    [
        entry(),
        atom(),
        feed(),
        feed(entry=entry()),
        feed(entry=[entry()]),
        {"date": {"name": "ingestiondate", "content": "2021-06-01T00:00:00Z"}},
        parse_xml(b"<a:feed xmlns:a='http://a'><a:entry><a:int name='x'>1</a:int></a:entry></a:feed>"),
        parse_xml(b"<feed><id>https://x/dhus/search?q=*</id></feed>"),
        parse_xml(b"<feed><link rel='search' href='opensearch_description.xml'/></feed>"),
    ],
)
def test_what_is_recognised(document: Any) -> None:
    """Feeds and single entries in either notation, and empty feeds of a hub."""
    assert DHUS.recognises(document)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        None,
        {"feed": {}},
        {"feed": {"entry": [{"id": "C1-X", "time_start": "2020-01-01T00:00:00Z"}]}},
        {"str": "a"},
        {"type": "FeatureCollection", "features": []},
        parse_xml(b"<feed><id>https://x/opensearch/request?a=b</id></feed>"),
        parse_xml(b"<feed><id>https://x/search?q=1</id><entry><title>x</title></entry></feed>"),
        parse_xml(b"<entry><title>x</title></entry>"),
        parse_xml(b"<rss/>"),
    ],
)
def test_what_is_not_recognised(document: Any) -> None:
    """Atom and JSON of other services."""
    assert not DHUS.recognises(document)


def test_a_stored_entry_is_read_back_alone() -> None:
    """An entry without its feed is a feed of one."""
    for alone in (entry(), atom()):
        (found,) = DHUS.feed(alone, "").entries
        assert DHUS.product(found) == read()


# --- entries


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ({"title": "T", "id": "u"}, NAME),
        ({"identifier": None, "title": "T", "filename": "F.SAFE", "id": "u"}, "T"),
        ({"identifier": None, "filename": "F_N02.01.SAFE", "id": "u"}, "F_N02.01"),
        ({"identifier": None, "filename": "F_N02.01", "id": "u"}, "F_N02.01"),
        ({"identifier": None, "id": "u"}, "u"),
        ({"identifier": None, "uuid": "u"}, "u"),
    ],
)
def test_the_identifier_is_the_name_of_the_product(said: dict[str, Any], identifier: str) -> None:
    """The name that all hubs share comes before what one hub calls it."""
    assert read(**said).id == identifier


def test_the_collection_is_the_mission() -> None:
    """The hub's own word counts, else what the caller gives; without either it is no record."""
    assert DHUS.product(entry(), collection="other").collection == "Sentinel-1"
    assert DHUS.product(entry(platformname=None), collection="other").collection == "other"
    with pytest.raises(BadRecord, match=f"record 3: entry {NAME} names no collection"):
        DHUS.product(entry(platformname=None), position=3)
    with pytest.raises(BadRecord, match="no identifier"):
        DHUS.product(entry(identifier=None))


def test_the_view_is_flat() -> None:
    """Attributes of all types lie by their names beside title, id, summary and links."""
    said = {
        "title": "T",
        "id": "u",
        "summary": "S",
        "link": {"href": HREF},
        "str": {"name": "identifier", "content": NAME},
        "double": {"name": "cloudcoverpercentage", "content": "3.5"},
        "int": [{"name": "orbitnumber", "content": "7"}, {"content": "nameless"}],
    }
    assert DHUS.view(said) == {
        "identifier": NAME,
        "cloudcoverpercentage": "3.5",
        "orbitnumber": "7",
        "title": "T",
        "id": "u",
        "summary": "S",
        "link": [{"href": HREF}],
    }


@pytest.mark.parametrize(
    ("attribute", "value", "name", "expected"),
    [
        ("platformname", "Sentinel-1", "platform", "sentinel-1b"),
        ("platformname", "Sentinel-1", "constellation", "sentinel-1"),
        ("platformserialidentifier", "1B", "platform_serial", "1B"),
        ("platformidentifier", "2016-025A", "platform_international_designator", "2016-025A"),
        ("platformidentifier", "0000-000A", "platform_international_designator", None),
        ("instrumentshortname", "SAR-C SAR", "instruments", ("c-sar",)),
        ("sensoroperationalmode", "IW", "instrument_mode", "IW"),
        ("swathidentifier", "IW1 IW2 IW3", "swath", "IW1 IW2 IW3"),
        ("polarisationmode", "VV VH", "polarizations", ("VV", "VH")),
        ("orbitdirection", "DESCENDING", "orbit_state", "descending"),
        ("orbitnumber", "27159", "absolute_orbit", 27159),
        ("relativeorbitnumber", "7", "relative_orbit", 7),
        ("missiondatatakeid", "212618", "datatake_id", "212618"),
        (
            "s2datatakeid",
            "GS2A_20210601T091031_031038_N03.00",
            "datatake_id",
            "GS2A_20210601T091031_031038_N03.00",
        ),
        ("datastripidentifier", "DS", "datastrip_id", "DS"),
        ("slicenumber", "6", "slice_number", 6),
        ("tileid", "34SGH", "tile_id", "34SGH"),
        ("cloudcoverpercentage", "12.4", "cloud_cover", 12.4),
        ("snowicepercentage", "1.5", "snow_cover", 1.5),
        ("processinglevel", "Level-1C", "processing_level", "L1C"),
        ("productlevel", "L2", "processing_level", "L2"),
        ("processingbaseline", "03.00", "processing_version", "03.00"),
        ("producttype", "GRD", "product_type", "GRD"),
        ("productclass", "S", "product_class", "S"),
        ("productconsolidation", "SLICE", "processing_mode", "SLICE"),
        ("status", "ARCHIVED", "production_status", "ARCHIVED"),
        ("timeliness", "Near Real Time", "timeliness_category", "Near Real Time"),
        ("procfacilityname", "Centre [LN1]", "processing_facility", "Centre [LN1]"),
        ("procfacilityorg", "Agency", "providers", ("Agency",)),
        ("filename", "F.SAFE", "file_name", "F.SAFE"),
    ],
)
def test_attributes(attribute: str, value: str, name: str, expected: Any) -> None:
    """Each attribute by the name of its row, in both notations."""
    product = read(**{attribute: value})
    assert product.properties.get(name) == expected
    assert DHUS.product(atom(**{attribute: value})) == product
    assert product.problems == ()


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        ("ingestiondate", "ingested"),
        ("creationdate", "created"),
        ("generationdate", "processing_datetime"),
    ],
)
def test_dates(attribute: str, name: str) -> None:
    """What happened to the product after its acquisition."""
    value = read(**{attribute: "2021-06-01T07:12:45.2Z"}).properties[name]
    assert str(value) == "2021-06-01 07:12:45.200000+00:00"


def test_the_acquisition_is_the_time() -> None:
    """The interval from begin to end; what is no time is noted."""
    assert read().time.isoformat() == "2021-06-01T04:31:12.418Z/2021-06-01T04:31:37.417Z"
    odd = read(beginposition="soon")
    assert odd.time.isoformat() == "../2021-06-01T04:31:37.417Z"
    assert [problem.where for problem in odd.problems] == ["beginposition"]


def ring(*positions: str) -> str:
    return f"<gml:coordinates>{' '.join(positions)}</gml:coordinates>"


SQUARE = ring("10,20", "10,21", "11,21", "11,20", "10,20")
EAST = ring("10,30", "10,31", "11,31", "11,30", "10,30")
SEVERAL = (
    "<gml:MultiPolygon xmlns:gml='http://www.opengis.net/gml'>"
    f"<gml:polygonMember>{GML.format(SQUARE)}</gml:polygonMember>"
    f"<gml:polygonMember>{GML.format(EAST)}</gml:polygonMember></gml:MultiPolygon>"
)
TURNED = ring("20,100", "21,100", "21,101", "20,101", "20,100")


@pytest.mark.parametrize(
    ("said", "bbox", "noted"),
    [
        ({"footprint": "POLYGON ((20 10, 21 10, 21 11, 20 11, 20 10))"}, (20, 10, 21, 11), []),
        ({"gmlfootprint": GML.format(SQUARE)}, (20, 10, 21, 11), []),
        ({"gmlfootprint": SEVERAL}, (20, 10, 31, 11), []),
        ({"gmlfootprint": GML.format(TURNED)}, (100, 20, 101, 21), []),
        (
            {"footprint": "POLYGON ((", "gmlfootprint": GML.format(SQUARE)},
            (20, 10, 21, 11),
            ["footprint", "geometry"],
        ),
        ({"footprint": 5, "gmlfootprint": "<gml:Polygon>"}, None, ["footprint", "gmlfootprint"]),
        ({"footprint": "POINT ()"}, None, ["footprint"]),
        ({"footprint": "MULTIPOINT (1)"}, None, ["footprint"]),
        ({"gmlfootprint": "<Polygon/>"}, None, ["gmlfootprint"]),
        ({"gmlfootprint": GML.format(ring("1", "2"))}, None, ["gmlfootprint"]),
        ({"gmlfootprint": {"a": 1}}, None, ["gmlfootprint"]),
        ({}, None, []),
    ],
)
def test_footprints(said: dict[str, Any], bbox: tuple[float, ...] | None, noted: list[str]) -> None:
    """WKT with the longitude first, else GML with the latitude first; what cannot be read is noted."""
    product = read(**said)
    assert (product.footprint.bbox if product.footprint else None) == bbox
    assert [problem.where for problem in product.problems] == noted


def test_gml_turned_round_is_known_by_its_range() -> None:
    """A latitude over 90 degrees is a longitude, and that is noted."""
    product = read(gmlfootprint=GML.format(ring("100,20", "101,20", "101,21", "100,21", "100,20")))
    assert product.footprint == Footprint.from_bbox(100, 20, 101, 21)
    assert [problem.reason for problem in product.problems] == ["axes swapped"]


def test_gml_keeps_its_holes() -> None:
    """An inner boundary is no part of the area."""
    hole = ring("10.2,20.2", "10.2,20.8", "10.8,20.8", "10.8,20.2", "10.2,20.2")
    inner = (
        f"<gml:innerBoundaryIs><gml:LinearRing>{hole}</gml:LinearRing></gml:innerBoundaryIs></gml:Polygon>"
    )
    product = read(gmlfootprint=GML.format(SQUARE).replace("</gml:Polygon>", inner))
    assert product.footprint is not None
    assert product.footprint.area == pytest.approx(1 - 0.36)


def test_gml_with_a_document_type_is_refused() -> None:
    """No entity is expanded, no file is fetched."""
    product = read(gmlfootprint="<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>")
    assert [problem.where for problem in product.problems] == ["gmlfootprint"]


def test_assets() -> None:
    """The link without relation is the product with its size, the others tell of it."""
    links = [
        {"href": HREF + "$value"},
        {"rel": "alternative", "href": HREF},
        {"rel": "icon", "href": HREF + "Q"},
    ]
    product = DHUS.product(
        entry(size="1.0 GB") | {"link": [*links, {"rel": "other", "href": "https://x"}, {}]}
    )
    assert [(asset.key, asset.roles, asset.size) for asset in product.assets] == [
        ("data", ("data",), 10**9),
        ("metadata", ("metadata",), None),
        ("overview", ("overview",), None),
    ]
    odd = DHUS.product(entry(size="large") | {"link": [links[0], {"rel": "icon", "href": "Products('1')"}]})
    assert [problem.where for problem in odd.problems] == ["links", "links.data.length"]


def test_values_that_are_not_allowed_are_noted() -> None:
    """The product is kept without them."""
    product = read(cloudcoverpercentage="120", orbitnumber="many", status="UNHEARD OF")
    assert {problem.where for problem in product.problems} == {
        "cloudcoverpercentage",
        "orbitnumber",
        "status",
    }


# --- whatever may come


@modest
@given(JSON)
def test_arbitrary_json_is_refused_or_read(value: Any) -> None:
    """Nothing but BadRecord and BadAnswer comes out of what is no entry and no feed."""
    DHUS.recognises(value)
    DHUS.view(value)
    for call in (
        lambda: DHUS.feed(value, ""),
        lambda: DHUS.feed({"feed": value}, ""),
        lambda: DHUS.product(value),
    ):
        with suppress(BadAnswer, BadRecord):
            call()


@modest
@given(st.sampled_from(json.loads((SAMPLES / "page.json").read_text())["feed"]["entry"]), st.data())
def test_arbitrary_members_of_an_entry(found: dict[str, Any], data: st.DataObject) -> None:
    """An entry with anything in place of one of its members or attributes is read or refused."""
    odd = copy.deepcopy(found)
    if data.draw(st.booleans()):
        odd[data.draw(st.sampled_from(sorted(odd)))] = data.draw(JSON)
    else:
        kind = data.draw(st.sampled_from(["str", "date", "int"]))
        data.draw(st.sampled_from(odd[kind]))["content"] = data.draw(JSON)
    DHUS.recognises(odd)
    with suppress(BadRecord):
        DHUS.product(odd)
