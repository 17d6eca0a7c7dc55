"""Dublin Core, WIGOS metadata, DataCite and DIF as products; places and times in words."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadRecord, BadValue
from ckanext.nextgeoss.eo.formats.datacite import DATACITE
from ckanext.nextgeoss.eo.formats.dcat_record import DCAT_RECORD
from ckanext.nextgeoss.eo.formats.dif import DIF
from ckanext.nextgeoss.eo.formats.dublin_core import DUBLIN_CORE
from ckanext.nextgeoss.eo.formats.identifiers import doi_in, licence_in
from ckanext.nextgeoss.eo.formats.metadata_records import FORMATS, format_of
from ckanext.nextgeoss.eo.formats.places import words_footprint, words_time
from ckanext.nextgeoss.eo.formats.wmdr import WMDR
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.xml import parse_xml
from ckanext.nextgeoss.tests.core.strategies import modest

# --- Dublin Core


def _dc(inside: str, root: str = "Record") -> Product:
    return DUBLIN_CORE.product(
        parse_xml(f"<{root}><identifier>r1</identifier>{inside}</{root}>".encode()), collection="c"
    )


@pytest.mark.parametrize("root", ["Record", "SummaryRecord", "BriefRecord", "dc"])
def test_dublin_core(root: str):
    """Of CSW and of OAI-PMH."""
    product = _dc(
        "<title>A title</title><abstract>About.</abstract><subject>one</subject><subject>two, three</subject>"
        "<type>dataset</type><modified>2024-01-02</modified><creator>Somebody</creator>"
        "<publisher>Office</publisher><rights>CC BY 4.0</rights><date>2020</date>",
        root,
    )
    assert (product.id, product.title) == ("r1", "A title")
    said = dict(product.properties)
    assert str(said.pop("updated"))[:10] == "2024-01-02"
    assert str(said.pop("published"))[:10] == "2020-01-01"
    assert said == {
        "description": "About.", "keywords": ("one", "two, three"), "product_type": "dataset",
        "data_originator": "Somebody", "providers": ("Office",), "access_constraint": "CC BY 4.0",
        "license_id": "CC-BY-4.0",
    }  # fmt: skip
    assert not product.time


def test_identifier_that_is_no_address():
    """Of several; the others are a DOI and links."""
    record = (
        b"<dc><identifier>https://doi.org/10.1234/abc</identifier><identifier>r7</identifier>"
        b"<identifier>https://x.example/r7</identifier></dc>"
    )
    product = DUBLIN_CORE.product(parse_xml(record), collection="c")
    assert product.id == "r7"
    assert product.properties["doi"] == "10.1234/abc"
    assert [asset.href for asset in product.assets] == ["https://doi.org/10.1234/abc", "https://x.example/r7"]
    with pytest.raises(BadRecord, match="no identifier"):
        DUBLIN_CORE.product(parse_xml(b"<dc><title>x</title></dc>"), collection="c")


@pytest.mark.parametrize(
    ("name", "system", "lower", "upper"),
    [
        ("WGS84BoundingBox", "", "5 50", "6 51"),
        ("BoundingBox", "urn:x-ogc:def:crs:EPSG:6.11:4326", "50 5", "51 6"),
        ("BoundingBox", "urn:ogc:def:crs:OGC:1.3:CRS84", "5 50", "6 51"),
        ("BoundingBox", "", "5 50", "6 51"),
        ("BoundingBox", "urn:ogc:def:crs:::WGS 1984", "6 50", "5 51"),
    ],
)
def test_boxes_of_ows(name: str, system: str, lower: str, upper: str):
    """The reference system says which axis is the first; an older GeoNetwork gives the east first."""
    product = _dc(
        f"<{name} crs='{system}'><LowerCorner>{lower}</LowerCorner>"
        f"<UpperCorner>{upper}</UpperCorner></{name}>"
    )
    assert product.footprint is not None
    assert product.footprint.bbox == (5, 50, 6, 51)


@pytest.mark.parametrize("corner", ["", "here", "1 2 3", "500 900"])
def test_boxes_of_ows_that_are_none(corner: str):
    product = _dc(
        f"<BoundingBox crs='urn:ogc:def:crs:::WGS 1984'><LowerCorner>{corner}</LowerCorner></BoundingBox>"
        f"<WGS84BoundingBox><LowerCorner>{corner}</LowerCorner><UpperCorner>1 2</UpperCorner>"
        "</WGS84BoundingBox>"
    )
    assert product.footprint is None
    assert product.problems


@pytest.mark.parametrize(
    ("words", "bbox"),
    [
        ("northlimit=51; southlimit=50; westlimit=5; eastlimit=6; units=signed decimal", (5, 50, 6, 51)),
        ("North 51, South 50, East 6, West 5. (Somewhere)", (5, 50, 6, 51)),
        ("SOUTH-BOUND LATITUDE: 50 * WEST-BOUND LONGITUDE: 5 * NORTH-BOUND LATITUDE: 51 * EAST-BOUND "
         "LONGITUDE: 6 * DATE/TIME START: 2009-01-01", (5, 50, 6, 51)),
        ("LATITUDE: 50.5 * LONGITUDE: -5.25", (-5.25, 50.5, -5.25, 50.5)),
        ("POLYGON((5 50, 6 50, 6 51, 5 51, 5 50))", (5, 50, 6, 51)),
        ("North Sea", None),
        ("GR-22", None),
        ("", None),
    ],
)  # fmt: skip
def test_places_in_words(words: str, bbox: tuple[float, ...] | None):
    found = words_footprint(words)
    assert (found and found.bbox) == bbox


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("start=2009-01-02; end=2010-03; scheme=W3C", "2009-01-02T00:00:00Z/2010-03-31T23:59:59.999999Z"),
        ("DATE/TIME START: 2009-01-02T10:00:00 * DATE/TIME END: 2009-01-03T11:00:00",
         "2009-01-02T10:00:00Z/2009-01-03T11:00:00Z"),
        ("2009/2010", "2009-01-01T00:00:00Z/2010-12-31T23:59:59.999999Z"),
        ("2009-01-01/", "2009-01-01T00:00:00Z/.."),
        ("summer/winter", "../.."),
        ("2009", "../.."),
    ],
)  # fmt: skip
def test_times_in_words(words: str, expected: str):
    assert words_time(words, "x", []).isoformat() == expected


def test_links_of_dublin_core():
    product = _dc(
        "<references scheme='WWW:DOWNLOAD-1.0-http--download'>https://x.example/a</references>"
        "<URI protocol='OGC:WMS-1.1.1-http-get-map'>https://x.example/wms</URI>"
        "<references scheme='urn:x-esri:specification:ServiceType:ArcIMS:Metadata:Thumbnail'>https://x.example/t"
        "</references><relation>https://x.example/b.zip</relation><source>a book</source>"
    )
    assert [(asset.href[18:], asset.roles) for asset in product.assets] == [
        ("a", ("data",)), ("b.zip", ("data",)), ("wms", ("service",)), ("t", ("thumbnail",)),
    ]  # fmt: skip


@modest
@given(st.text(max_size=200))
def test_words_never_fail(words: str):
    """They are a place or time, or not; a place that cannot be is said to be none."""
    words_time(words, "x", [])
    doi_in([words])
    licence_in([words])
    try:
        words_footprint(words)
    except BadValue:
        return


# --- WIGOS metadata

_WMDR = "xmlns:gml='urn:gml' xmlns:xlink='http://www.w3.org/1999/xlink'"


def _facility(inside: str) -> Product:
    record = (
        f"<WIGOSMetadataRecord {_WMDR}><facility><ObservingFacility>"
        f"<gml:identifier>http://wigos.wmo.int/0/20008/0/JFJ</gml:identifier><gml:name>Pass</gml:name>{inside}"
        "</ObservingFacility></facility></WIGOSMetadataRecord>"
    )
    return WMDR.product(parse_xml(record.encode()), collection="c")


def _place(position: str, end: str) -> str:
    return (
        "<geospatialLocation><TimestampedLocation><validTimePeriod><gml:TimePeriod><gml:beginPosition>1990"
        f"</gml:beginPosition><gml:endPosition>{end}</gml:endPosition></gml:TimePeriod></validTimePeriod>"
        f"<location><gml:Point><gml:pos>{position}</gml:pos></gml:Point></location></TimestampedLocation>"
        "</geospatialLocation>"
    )


def test_station():
    """Its identifier, where it is today, since when, what it observes; codes without their address."""
    product = _facility(
        _place("46.5 8.2 3580", "")
        + _place("10 20 5", "2001-01-01")
        + "<dateEstablished>1957-09-28Z</dateEstablished><dateClosed>2020</dateClosed>"
        "<observation><ObservingCapability><observation><OM_Observation>"
        "<observedProperty xlink:href='http://codes.wmo.int/wmdr/ObservedVariableAtmosphere/224'/>"
        "</OM_Observation></observation></ObservingCapability></observation>"
        "<onlineResource><CI_OnlineResource><linkage><URL>www.x.example</URL></linkage></CI_OnlineResource>"
        "</onlineResource><facilityType xlink:href='http://codes.wmo.int/wmdr/FacilityType/landFixed'/>"
    )
    assert (product.id, product.title) == ("0-20008-0-JFJ", "Pass")
    assert product.footprint is not None
    assert product.footprint.wkt == "POINT (8.2 46.5)"
    assert product.time.isoformat() == "1957-09-28T00:00:00Z/2020-12-31T23:59:59.999999Z"
    assert product.properties["station_id"] == "0-20008-0-JFJ"
    assert product.properties["measured_variables"] == ("224",)
    assert product.properties["product_type"] == "landFixed"
    assert [asset.href for asset in product.assets] == ["http://www.x.example"]


def test_station_that_was_moved_last():
    """Of places that all have ended, the last one."""
    product = _facility(_place("1 2", "2000-01-01") + _place("3 4", "2010-01-01"))
    assert product.footprint is not None
    assert product.footprint.bbox == (4, 3, 4, 3)


def test_station_without_a_place():
    product = _facility("<geospatialLocation/>")
    assert product.footprint is None
    assert not product.time


def test_observations_alone():
    """Another product than the station's own."""
    record = (
        f"<WIGOSMetadataRecord {_WMDR}><observations><ObservingCapability>"
        "<facility xlink:href='http://wigos.wmo.int/0/20008/0/JFJ'/><observation><OM_Observation>"
        "<phenomenonTime><gml:TimePeriod><gml:beginPosition>1957</gml:beginPosition></gml:TimePeriod>"
        "</phenomenonTime><observedProperty xlink:href='http://codes.wmo.int/x/ozone'/></OM_Observation>"
        "</observation></ObservingCapability></observations></WIGOSMetadataRecord>"
    )
    product = WMDR.product(parse_xml(record.encode()), collection="c")
    assert (product.id, product.properties["station_id"]) == ("0-20008-0-JFJ:ozone", "0-20008-0-JFJ")
    assert product.time.isoformat() == "1957-01-01T00:00:00Z/.."
    with pytest.raises(BadRecord, match="no identifier"):
        WMDR.product(parse_xml(b"<WIGOSMetadataRecord/>"), collection="c")


# --- DataCite and DIF


def _datacite(inside: str) -> Product:
    record = (
        "<resource><identifier identifierType='DOI'>10.1234/abc</identifier><titles><title>A\n title</title>"
        f"</titles>{inside}</resource>"
    )
    return DATACITE.product(parse_xml(record.encode()), collection="c")


def test_datacite():
    product = _datacite(
        "<publicationYear>2011</publicationYear><dates><date dateType='Collected'>2009-04-21/2009-05-09"
        "</date><date dateType='Updated'>2012-01-02</date></dates><rightsList>"
        "<rights rightsIdentifier='CC-BY-3.0'>By</rights></rightsList><descriptions>"
        "<description descriptionType='Abstract'>About.</description>"
        "</descriptions><version>2</version>"
    )
    assert (product.id, product.title) == ("10.1234/abc", "A title")
    assert product.time.isoformat() == "2009-04-21T00:00:00Z/2009-05-09T23:59:59.999999Z"
    said = dict(product.properties)
    assert (str(said.pop("published"))[:10], str(said.pop("updated"))[:10]) == ("2011-01-01", "2012-01-02")
    assert said == {
        "access_constraint": "By", "license_id": "CC-BY-3.0", "description": "About.", "doi": "10.1234/abc",
        "product_version": "2",
    }  # fmt: skip
    assert product.assets[0].href == "https://doi.org/10.1234/abc"


@pytest.mark.parametrize(
    ("place", "bbox"),
    [
        ("<geoLocationBox><westBoundLongitude>5</westBoundLongitude><eastBoundLongitude>6</eastBoundLongitude>"
         "<southBoundLatitude>50</southBoundLatitude><northBoundLatitude>51</northBoundLatitude>"
         "</geoLocationBox>", (5, 50, 6, 51)),
        ("<geoLocationBox>50 5 51 6</geoLocationBox>", (5, 50, 6, 51)),
        ("<geoLocationPoint><pointLongitude>5</pointLongitude><pointLatitude>50</pointLatitude>"
         "</geoLocationPoint>", (5, 50, 5, 50)),
        ("<geoLocationPoint>50 5</geoLocationPoint>", (5, 50, 5, 50)),
        ("<geoLocationPoint>50</geoLocationPoint>", None),
        ("<geoLocationPlace>North Sea</geoLocationPlace>", None),
        ("<geoLocationBox/>", None),
    ],
)  # fmt: skip
def test_places_of_datacite(place: str, bbox: tuple[float, ...] | None):
    """Of kernels 3 and 4."""
    product = _datacite(f"<geoLocations><geoLocation>{place}</geoLocation></geoLocations>")
    assert (product.footprint and product.footprint.bbox) == bbox


def _dif(inside: str) -> Product:
    return DIF.product(parse_xml(f"<DIF>{inside}</DIF>".encode()), collection="c")


def test_dif():
    """Versions 9 and 10; `Not provided` is nothing."""
    product = _dif(
        "<Entry_ID><Short_Name>d1</Short_Name><Version>Not provided</Version></Entry_ID>"
        "<Entry_Title>A title</Entry_Title><Data_Set_Citation><Dataset_DOI>https://doi.org/10.1/x</Dataset_DOI>"
        "</Data_Set_Citation><Temporal_Coverage><Range_DateTime><Beginning_Date_Time>2020-01-02"
        "</Beginning_Date_Time><Ending_Date_Time>Not provided</Ending_Date_Time></Range_DateTime>"
        "</Temporal_Coverage><Spatial_Coverage><Geometry><Bounding_Rectangle>"
        "<Southernmost_Latitude>50</Southernmost_Latitude><Northernmost_Latitude>51</Northernmost_Latitude>"
        "<Westernmost_Longitude>5</Westernmost_Longitude><Easternmost_Longitude>6</Easternmost_Longitude>"
        "</Bounding_Rectangle></Geometry></Spatial_Coverage><Use_Constraints>CC-BY-4.0</Use_Constraints>"
        "<Related_URL><URL_Content_Type><Type>GET DATA</Type></URL_Content_Type><URL>https://x.example/a</URL>"
        "</Related_URL>"
    )
    assert (product.id, product.title) == ("d1", "A title")
    assert product.time.isoformat() == "2020-01-02T00:00:00Z/.."
    assert product.footprint is not None
    assert product.footprint.bbox == (5, 50, 6, 51)
    assert "product_version" not in product.properties
    assert product.properties["license_id"] == "CC-BY-4.0"
    assert product.assets[0].roles == ("data",)
    assert _dif("<Entry_ID>d9</Entry_ID>").id == "d9"


# --- DCAT


def _dcat(inside: str, beside: str = "") -> Product:
    graph = (
        "<rdf:RDF xmlns:rdf='urn:rdf'><CatalogRecord rdf:about='https://x.example/records/r1'>"
        "<modified>2024-01-02</modified><issued>2000</issued></CatalogRecord>"
        f"<Dataset rdf:about='https://x.example/d1'><identifier>d1</identifier><title>A title</title>{inside}"
        f"</Dataset>{beside}</rdf:RDF>"
    )
    return DCAT_RECORD.product(parse_xml(graph.encode()), collection="c")


def test_dcat():
    """A graph of one dataset, by the identifier of its record; what it refers to by name."""
    product = _dcat(
        "<description>About.</description><keyword>one</keyword><theme rdf:resource='urn:t'/>"
        "<publisher rdf:resource='urn:o'/><issued>2020-05-06</issued>"
        "<license rdf:resource='http://creativecommons.org/licenses/by/4.0/'/>"
        "<temporal><PeriodOfTime><startDate>2019</startDate><endDate>2020-02</endDate></PeriodOfTime></temporal>"
        "<spatial><Location><label>Somewhere</label><geometry>"
        "&lt;http://www.opengis.net/def/crs/OGC/1.3/CRS84&gt; POLYGON((5 50, 6 50, 6 51, 5 50))"
        "</geometry></Location></spatial>"
        "<distribution rdf:resource='urn:d'/><distribution><Distribution><accessURL rdf:resource="
        "'https://x.example/wms'/><format>OGC:WMS</format></Distribution></distribution>"
        "<thumbnail rdf:resource='https://x.example/t.png'/>",
        "<Concept rdf:about='urn:t'><prefLabel>two</prefLabel></Concept>"
        "<Organization rdf:about='urn:o'><name>Office</name></Organization>"
        "<Distribution rdf:about='urn:d'><downloadURL>https://x.example/a</downloadURL></Distribution>",
    )
    assert (product.id, product.title) == ("r1", "A title")
    assert product.time.isoformat() == "2019-01-01T00:00:00Z/2020-02-29T23:59:59.999999Z"
    assert product.footprint is not None
    assert product.footprint.bbox == (5, 50, 6, 51)
    said = dict(product.properties)
    assert (str(said.pop("published"))[:10], str(said.pop("updated"))[:10]) == ("2020-05-06", "2024-01-02")
    assert said.pop("license_id") == "CC-BY-4.0"
    assert said == {
        "description": "About.", "keywords": ("one",), "providers": ("Office",),
        "access_constraint": "http://creativecommons.org/licenses/by/4.0/",
    }  # fmt: skip
    assert [(asset.href[18:], asset.roles) for asset in product.assets] == [
        ("a", ("data",)), ("wms", ("service",)), ("t.png", ("overview",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "geometry",
    [
        '{"type": "Point", "coordinates": [5, 50]}',
        "POINT(5 50)",
        "&lt;gml:Point xmlns:gml='urn:gml'&gt;&lt;gml:pos&gt;50 5&lt;/gml:pos&gt;&lt;/gml:Point&gt;",
    ],
)
def test_geometries_of_dcat(geometry: str):
    product = _dcat(f"<spatial><Location><geometry>{geometry}</geometry></Location></spatial>")
    assert product.footprint is not None
    assert product.footprint.bbox == (5, 50, 5, 50)


def test_graph_of_several():
    """Is no record but a catalogue."""
    assert not DCAT_RECORD.recognises(parse_xml(b"<RDF><Dataset/><Dataset/></RDF>"))
    assert not DCAT_RECORD.recognises(parse_xml(b"<RDF/>"))


# --- all of them

_NAMES = [
    *(
        "identifier",
        "title",
        "date",
        "dates",
        "temporal",
        "coverage",
        "BoundingBox",
        "LowerCorner",
        "references",
    ),
    *("facility", "ObservingFacility", "geospatialLocation", "Point", "pos", "dateEstablished", "linkage"),
    *(
        "geoLocationBox",
        "geoLocationPoint",
        "titles",
        "rights",
        "Entry_ID",
        "Spatial_Coverage",
        "Related_URL",
    ),
    *("spatial", "distribution", "CatalogRecord", "thumbnail", "issued", "Description"),
    *("URL", "Temporal_Coverage", "Start_Date", "Westernmost_Longitude", "phenomenonTime", "TimePeriod"),
]
_ROOTS = ["dc", "WIGOSMetadataRecord", "resource", "DIF", "RDF"]
_TREES = st.recursive(
    st.tuples(st.sampled_from(_NAMES), st.text("0123456789-.:/ aZ", max_size=12)),
    lambda inner: st.tuples(st.sampled_from(_NAMES), st.lists(inner, max_size=4)),
    max_leaves=20,
)


def _xml(tree: Any) -> str:
    name, inner = tree
    said = escape(inner) if isinstance(inner, str) else "".join(map(_xml, inner))
    return f"<{name} crs='4326' href='http://wigos.wmo.int/0/1/0/A'>{said}</{name}>"


@modest
@given(st.sampled_from(_ROOTS), st.lists(_TREES, max_size=6))
def test_never_fails(root: str, trees: list[Any]):
    """Elements in any order and place: a product with what could be read, or a record that is refused."""
    inside = "".join(map(_xml, trees)) + {"resource": "<titles/>", "RDF": "<Dataset/>"}.get(root, "")
    known = format_of(parse_xml(f"<{root}>{inside}</{root}>".encode()))
    assert known in FORMATS
    try:
        product = known.product(parse_xml(f"<{root}>{inside}</{root}>".encode()), collection="c")
    except BadRecord:
        return
    assert product.content_hash()
