"""ISO 19139 and ISO 19115-3 records as products: what they say in many places and versions."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.iso import ISO
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.eo.xml import parse_xml, parse_xml_loosely
from ckanext.nextgeoss.tests.core.strategies import modest

_GML = "xmlns:gml='http://www.opengis.net/gml/3.2'"
_BOX = (
    "<geographicElement><EX_GeographicBoundingBox>"
    "<westBoundLongitude><Decimal>{}</Decimal></westBoundLongitude>"
    "<southBoundLatitude><Decimal>{}</Decimal></southBoundLatitude>"
    "<eastBoundLongitude><Decimal>{}</Decimal></eastBoundLongitude>"
    "<northBoundLatitude><Decimal>{}</Decimal></northBoundLatitude>"
    "</EX_GeographicBoundingBox></geographicElement>"
)


def _text(name: str, said: str) -> str:
    return f"<{name}><CharacterString>{escape(said)}</CharacterString></{name}>"


def _code(name: str, value: str) -> str:
    return f"<{name}><Code codeList='#x' codeListValue='{value}'/></{name}>"


def _record(
    identification: str = "",
    rest: str = "",
    *,
    extent: str = "",
    citation: str = "",
    root: str = "MD_Metadata",
) -> str:
    found = f"<extent><EX_Extent>{extent}</EX_Extent></extent>" if extent else ""
    return (
        f"<{root} {_GML} xmlns:xlink='http://www.w3.org/1999/xlink'>{_text('fileIdentifier', 'r1')}{rest}"
        f"<identificationInfo><MD_DataIdentification><citation><CI_Citation>{_text('title', 'A title')}"
        f"{citation}</CI_Citation></citation>{identification}{found}</MD_DataIdentification>"
        f"</identificationInfo></{root}>"
    )


def _read(*args: str, **named: str) -> Product:
    return ISO.product(parse_xml(_record(*args, **named).encode()), collection="asked")


# --- identity


def test_same_in_all_namespaces():
    """By local names: gmd, mdb, an mcp root, or none."""
    plain = _record(_text("abstract", "About."))
    named = plain.replace(
        f"<MD_Metadata {_GML}", f"<mcp:MD_Metadata xmlns:mcp='urn:mcp' xmlns='urn:gmd' {_GML}"
    ).replace("</MD_Metadata>", "</mcp:MD_Metadata>")
    one, other = (ISO.product(parse_xml(text.encode()), collection="c") for text in (plain, named))
    assert one == other
    assert (one.id, one.title, one.properties["description"]) == ("r1", "A title", "About.")


def test_records_of_a_series():
    """Granules as NASA describes them: the records of its datasets, alone or all at once."""
    one, two = _record(root="MI_Metadata"), _record().replace(">r1<", ">r2<")
    wrapped = "".join(
        f"<composedOf><DS_DataSet><has>{each}</has></DS_DataSet></composedOf>" for each in (one, two)
    )
    series = parse_xml(f"<gmd:DS_Series xmlns:gmd='urn:gmd'>{wrapped}</gmd:DS_Series>".encode())
    assert ISO.recognises(series)
    entries = ISO.feed(series, "").entries
    assert [ISO.product(each, collection="c").id for each in entries] == ["r1", "r2"]
    assert (ISO.product(series, collection="c").id, ISO.view(series)["fileIdentifier"]) == ("r1", "r1")
    empty = parse_xml(b"<DS_Series><composedOf/></DS_Series>")
    assert not ISO.recognises(empty)
    assert ISO.view(empty) == {}


def test_iso_19115_3():
    """The same by its other names."""
    text = (
        "<mdb:MD_Metadata xmlns:mdb='urn:mdb' xmlns='urn:x'>"
        "<metadataIdentifier><MD_Identifier>" + _text("code", "r3") + "</MD_Identifier></metadataIdentifier>"
        "<parentMetadata><CI_Citation><identifier><MD_Identifier>" + _text("code", "p3") +
        "</MD_Identifier></identifier></CI_Citation></parentMetadata>"
        "<metadataScope><MD_MetadataScope>" + _code("resourceScope", "series") +
        "</MD_MetadataScope></metadataScope>"
        "<dateInfo><CI_Date><date><DateTime>2024-01-02T03:04:05Z</DateTime></date>" +
        _code("dateType", "revision") + "</CI_Date></dateInfo>"
        "<identificationInfo><MD_DataIdentification><citation><CI_Citation>" + _text("title", "Third") +
        "</CI_Citation></citation><pointOfContact><CI_Responsibility><party><CI_Organisation>" +
        _text("name", "Office") + "<individual><CI_Individual>" + _text("name", "A. Person") +
        "</CI_Individual></individual></CI_Organisation></party></CI_Responsibility></pointOfContact>"
        "</MD_DataIdentification></identificationInfo>"
        "<resourceLineage><LI_Lineage>" + _text("statement", "Made.") + "</LI_Lineage></resourceLineage>"
        "</mdb:MD_Metadata>"
    )  # fmt: skip
    product = ISO.product(parse_xml(text.encode()))
    assert (product.id, product.collection, product.title) == ("r3", "p3", "Third")
    assert product.properties["providers"] == ("Office",)
    assert product.properties["product_type"] == "series"
    assert product.properties["processing_lineage"] == "Made."
    assert str(product.properties["updated"]) == "2024-01-02 03:04:05+00:00"
    assert "Person" not in str(product.properties)


@pytest.mark.parametrize("parent", ["", "TBD", "none"])
def test_parent_that_is_none(parent: str):
    """The collection that was asked."""
    product = _read("", _text("parentIdentifier", parent))
    assert product.collection == "asked"
    assert "parent_identifier" not in product.properties


def test_without_identifier():
    with pytest.raises(BadRecord, match="no identifier"):
        ISO.product(parse_xml(b"<MD_Metadata/>"), collection="c")


def test_white_space_before_the_declaration():
    """As servers give files of folders."""
    document, warnings = parse_xml_loosely(b" \n\n<?xml version='1.0'?>" + _record().encode())
    assert warnings == ()
    assert ISO.product(document, collection="c").id == "r1"


def test_other_documents():
    with pytest.raises(BadAnswer, match="no ISO metadata"):
        ISO.feed(parse_xml(b"<feed/>"), "x")


# --- time


def _period(begin: str, end: str) -> str:
    return (
        "<temporalElement><EX_TemporalExtent><extent><gml:TimePeriod>"
        f"{begin}{end}</gml:TimePeriod></extent></EX_TemporalExtent></temporalElement>"
    )


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("<gml:beginPosition>2020-01-02</gml:beginPosition>", "<gml:endPosition>2020-02-03</gml:endPosition>",
         "2020-01-02T00:00:00Z/2020-02-03T23:59:59.999999Z"),
        ("<gml:beginPosition>2020</gml:beginPosition>", "<gml:endPosition>2020-02</gml:endPosition>",
         "2020-01-01T00:00:00Z/2020-02-29T23:59:59.999999Z"),
        ("<gml:begin><gml:TimeInstant><gml:timePosition>2020-01-02T03:04:05Z</gml:timePosition>"
         "</gml:TimeInstant></gml:begin>", "<gml:end/>", "2020-01-02T03:04:05Z/.."),
        ("<gml:beginPosition>2020-01-02Z</gml:beginPosition>",
         "<gml:endPosition indeterminatePosition='now'/>",
         "2020-01-02T00:00:00Z/.."),
        ("<gml:beginPosition indeterminatePosition='unknown'/>",
         "<gml:endPosition>20200304</gml:endPosition>",
         "../2020-03-04T23:59:59.999999Z"),
        ("<gml:beginPosition>2021-01-01</gml:beginPosition>", "<gml:endPosition>2020-01-01</gml:endPosition>",
         "2020-01-01T00:00:00Z/2021-01-01T23:59:59.999999Z"),
        ("<gml:beginPosition>long ago</gml:beginPosition>", "<gml:endPosition>2020-01-01</gml:endPosition>",
         "../2020-01-01T23:59:59.999999Z"),
        ("<gml:beginPosition/>", "<gml:endPosition/>", "../.."),
    ],
)  # fmt: skip
def test_periods(begin: str, end: str, expected: str):
    """In all the ways of GML, whole days at their ends; what is no time is noted."""
    product = _read(extent=_period(begin, end))
    assert product.time.isoformat() == expected or product.time == TemporalExtent.parse(expected)
    assert bool(product.problems) is ("long" in begin or "2021" in begin)


def test_several_periods_and_an_instant():
    """From the first to the last of them."""
    instant = (
        "<temporalElement><EX_TemporalExtent><extent><gml:TimeInstant><gml:timePosition>2019-05-06"
        "</gml:timePosition></gml:TimeInstant></extent></EX_TemporalExtent></temporalElement>"
    )
    first = _period("<gml:beginPosition>2020</gml:beginPosition>", "<gml:endPosition>2020</gml:endPosition>")
    product = _read(extent=first + instant)
    assert product.time.isoformat() == "2019-05-06T00:00:00Z/2020-12-31T23:59:59.999999Z"


def test_dates_by_their_type():
    def date(kind: str, value: str) -> str:
        return f"<date><CI_Date><date><Date>{value}</Date></date>{_code('dateType', kind)}</CI_Date></date>"

    product = _read(
        citation=date("creation", "2019") + date("publication", "2020-03") + date("revision", "2021-04-05")
    )
    assert {name: str(product.properties[name])[:10] for name in ("created", "published", "updated")} == {
        "created": "2019-01-01", "published": "2020-03-01", "updated": "2021-04-05",
    }  # fmt: skip
    stamped = _read("", "<dateStamp><Date>2022-01-01</Date></dateStamp>", citation=date("revision", "2021"))
    assert str(stamped.properties["updated"])[:10] == "2022-01-01"


# --- place


@pytest.mark.parametrize(
    ("box", "bbox", "repairs"),
    [
        ((1, 2, 3, 4), (1, 2, 3, 4), ""),
        (("1,5", 2, 3, 4), (1.5, 2, 3, 4), ""),
        ((1, 4, 3, 2), (1, 2, 3, 4), "south and north swapped"),
        ((3, 2, 1, 4), (1, 2, 3, 4), "west and east swapped"),
        ((170, -20, -170, -10), (170, -20, -170, -10), ""),
        ((5, 6, 5, 6), (5, 6, 5, 6), ""),
    ],
)
def test_boxes(box: tuple[Any, ...], bbox: tuple[float, ...], repairs: str):
    """Over the antimeridian too; two sides that are swapped are turned."""
    product = _read(extent=_BOX.format(*box))
    assert product.footprint is not None
    assert product.footprint.bbox == bbox
    assert (repairs in str(product.problems)) if repairs else not product.problems


@pytest.mark.parametrize(
    "box", [(0, 0, 0, 0), ("west", 2, 3, 4), (1, 2, 3, 400), (1, "", 3, 4), ("NaN", 1, 2, 3)]
)
def test_boxes_that_are_none(box: tuple[Any, ...]):
    """The product is kept without a footprint, never at the origin."""
    assert _read(extent=_BOX.format(*box)).footprint is None


def test_two_boxes():
    """As a dataset at the antimeridian is often described."""
    product = _read(extent=_BOX.format(170, -5, 180, 5) + _BOX.format(-180, -5, -170, 5))
    assert product.footprint is not None
    assert product.footprint.bbox == (170, -5, -170, 5)


def test_box_of_where_the_data_are_not():
    extent = _BOX.format(1, 2, 3, 4).replace(
        "<westBound", "<extentTypeCode><Boolean>0</Boolean></extentTypeCode><westBound"
    )
    assert _read(extent=extent).footprint is None


def _polygon(ring: str, system: str = "") -> str:
    srs = f" srsName='{system}'" if system else ""
    return (
        f"<geographicElement><EX_BoundingPolygon><polygon><gml:Polygon{srs}><gml:exterior><gml:LinearRing>"
        f"{ring}</gml:LinearRing></gml:exterior></gml:Polygon></polygon></EX_BoundingPolygon></geographicElement>"
    )


_LON_LAT = "<gml:posList>10 50 12 50 12 51 10 50</gml:posList>"
_LAT_LON = "<gml:posList>50 10 50 12 51 12 50 10</gml:posList>"


@pytest.mark.parametrize(
    ("extent", "repaired"),
    [
        (_polygon(_LON_LAT), False),
        (_polygon(_LON_LAT, "CRS:84"), False),
        (_polygon(_LAT_LON, "urn:ogc:def:crs:EPSG::4326"), False),
        (_polygon("<gml:coordinates>10,50 12,50 12,51 10,50</gml:coordinates>"), False),
        (_polygon("".join(f"<gml:pos>{p}</gml:pos>" for p in ("10 50", "12 50", "12 51", "10 50"))), False),
        (_BOX.format(10, 50, 12, 51) + _polygon(_LAT_LON), True),  # the box tells the axes
        (_BOX.format(10, 50, 12, 51) + _polygon(_LON_LAT, "EPSG:4326"), True),
    ],
)
def test_polygons(extent: str, repaired: bool):
    """Before boxes; the order of axes by the reference system, unless the box says otherwise."""
    product = _read(extent=extent)
    assert product.footprint is not None
    assert product.footprint.bbox == (10, 50, 12, 51)
    assert product.footprint.area < 1.5
    assert ("axes swapped" in str(product.problems)) is repaired


def test_several_polygons_are_one():
    extent = _polygon(_LON_LAT) + _polygon("<gml:posList>20 50 22 50 22 51 20 50</gml:posList>")
    product = _read(extent=extent)
    assert product.footprint is not None
    assert product.footprint.geojson["type"] == "MultiPolygon"


def test_polygon_in_metres():
    """Is noted, and the box is taken."""
    ring = "<gml:posList>600000 5700000 610000 5700000 610000 5710000 600000 5700000</gml:posList>"
    product = _read(extent=_polygon(ring, "EPSG:25832") + _BOX.format(1, 2, 3, 4))
    assert product.footprint is not None
    assert product.footprint.bbox == (1, 2, 3, 4)
    assert "EX_BoundingPolygon" in str(product.problems)


# --- properties


def test_keywords_and_topics():
    """Those of all thesauri, commas and all; translations are not repeated, and keywords that are properties
    are read as these."""
    words = (
        "<descriptiveKeywords><MD_Keywords>"
        "<keyword><CharacterString>Water, salt</CharacterString><PT_FreeText><textGroup>"
        "<LocalisedCharacterString>Wasser</LocalisedCharacterString></textGroup></PT_FreeText></keyword>"
        "<keyword><Anchor xlink:href='http://x.example/ice'>ice</Anchor></keyword></MD_Keywords>"
        "</descriptiveKeywords><descriptiveKeywords><MD_Keywords>" + _text("keyword", "eo:orbitNumber:50") +
        _text("keyword", "ice") + "</MD_Keywords></descriptiveKeywords>"
        "<topicCategory><MD_TopicCategoryCode>oceans</MD_TopicCategoryCode></topicCategory>"
    )  # fmt: skip
    product = _read(words)
    assert product.properties["keywords"] == ("Water, salt", "ice", "oceans")
    assert product.properties["absolute_orbit"] == 50


def test_only_a_translation():
    abstract = (
        "<abstract><CharacterString/><PT_FreeText><textGroup><LocalisedCharacterString>Nur hier."
        "</LocalisedCharacterString></textGroup></PT_FreeText></abstract>"
    )
    assert _read(abstract).properties["description"] == "Nur hier."


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ("https://creativecommons.org/licenses/by/4.0/deed.de", "CC-BY-4.0"),
        ("Licensed under CC BY-NC-SA 3.0 IGO.", "CC-BY-NC-SA-3.0"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("CC0", "CC0-1.0"),
        ("no limitations", None),
    ],
)
def test_licence(said: str, licence: str | None):
    constraints = (
        "<resourceConstraints><MD_LegalConstraints>" + _code("useConstraints", "license") +
        _text("otherConstraints", said) + "</MD_LegalConstraints></resourceConstraints>"
    )  # fmt: skip
    product = _read(constraints)
    assert product.properties.get("license_id") == licence
    assert product.properties["access_constraint"] == said


@pytest.mark.parametrize(
    ("said", "doi"),
    [
        ("10.1594/PANGAEA.759690", "10.1594/PANGAEA.759690"),
        ("https://doi.org/10.21343/1r1z-ae07", "10.21343/1r1z-ae07"),
        ("doi:10.7289/V5MC8X14.", "10.7289/V5MC8X14"),
        ("urn:uuid:1", None),
    ],
)
def test_doi(said: str, doi: str | None):
    identifier = f"<identifier><MD_Identifier>{_text('code', said)}</MD_Identifier></identifier>"
    assert _read(citation=identifier).properties.get("doi") == doi


@pytest.mark.parametrize(
    ("code", "projection"),
    [
        ("EPSG:4326", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG:6.11:4326", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::25832", "EPSG:25832"),
        ("http://www.opengis.net/def/crs/EPSG/0/2154", "EPSG:2154"),
        ("WGS 84 (EPSG:4326)", "EPSG:4326"),
        ("3035", "EPSG:3035"),
        ("WGS 84", None),
    ],
)
def test_projection(code: str, projection: str | None):
    system = (
        "<referenceSystemInfo><MD_ReferenceSystem><referenceSystemIdentifier><RS_Identifier>"
        + _text("code", code)
        + "</RS_Identifier></referenceSystemIdentifier></MD_ReferenceSystem></referenceSystemInfo>"
    )
    assert _read("", system).properties.get("proj_code") == projection


def test_platform_and_image():
    """Of ISO 19115-2."""
    rest = (
        "<acquisitionInformation><MI_AcquisitionInformation><platform><MI_Platform><identifier><MD_Identifier>"
        + _text("code", "Sentinel-2B") + "</MD_Identifier></identifier><instrument><MI_Instrument>"
        "<identifier>MSI</identifier></MI_Instrument></instrument></MI_Platform></platform>"
        "</MI_AcquisitionInformation></acquisitionInformation><contentInfo><MD_ImageDescription>"
        "<cloudCoverPercentage><Real>12.5</Real></cloudCoverPercentage><processingLevelCode><MD_Identifier>"
        + _text("code", "Level-2A") + "</MD_Identifier></processingLevelCode></MD_ImageDescription>"
        "</contentInfo>"
    )  # fmt: skip
    said = _read(
        "<spatialResolution><MD_Resolution><distance><Distance uom='km'>0.5</Distance></distance>"
        "</MD_Resolution></spatialResolution>",
        rest,
        root="MI_Metadata",
    ).properties
    assert (said["platform"], said["instruments"]) == ("sentinel-2b", ("msi",))
    assert (said["cloud_cover"], said["processing_level"], said["gsd"]) == (12.5, "L2A", 500.0)


def test_no_addresses_of_people():
    contact = (
        "<pointOfContact><CI_ResponsibleParty>" + _text("individualName", "A. Person") +
        _text("organisationName", "Office, of air") + "<contactInfo><CI_Contact><address><CI_Address>" +
        _text("electronicMailAddress", "a@example.org") + "</CI_Address></address></CI_Contact></contactInfo>"
        "</CI_ResponsibleParty></pointOfContact>"
    )  # fmt: skip
    product = _read(contact)
    assert product.properties["providers"] == ("Office, of air",)
    assert "example.org" not in str(product)


def test_json_where_a_citation_is_written_out():
    """As EBAS has it; what is no JSON is a citation."""
    told = {"Originator": "Institute", "Component name": "ozone", "Station code": "NO1", "Unit": None}
    product = _read(citation=_text("otherCitationDetails", json.dumps(told)))
    assert product.properties["data_originator"] == "Institute"
    assert product.properties["measured_variables"] == ("ozone",)
    assert product.properties["station_id"] == "NO1"
    plain = _read(citation=_text("otherCitationDetails", '{"Originator": '))
    assert plain.properties["citation"] == '{"Originator":'


# --- links


def _online(address: str, protocol: str = "", function: str = "", name: str = "") -> str:
    return (
        "<onLine><CI_OnlineResource><linkage><URL>" + escape(address) + "</URL></linkage>" +
        (_text("protocol", protocol) if protocol else "") +
        (_code("function", function) if function else "") +
        (_text("name", name) if name else "") + "</CI_OnlineResource></onLine>"
    )  # fmt: skip


def _distributed(links: str, size: str = "") -> Product:
    rest = f"<transferSize><Real>{size}</Real></transferSize>" if size else ""
    return _read(
        "",
        "<distributionInfo><MD_Distribution><transferOptions><MD_DigitalTransferOptions>"
        f"{rest}{links}</MD_DigitalTransferOptions></transferOptions></MD_Distribution></distributionInfo>",
    )


@pytest.mark.parametrize(
    ("address", "protocol", "function", "role"),
    [
        ("https://x.example/a", "WWW:DOWNLOAD-1.0-http--download", "", "data"),
        ("https://x.example/a", "", "download", "data"),
        ("https://x.example/a.zip", "WWW:LINK-1.0-http--link", "", "data"),
        ("https://x.example/a.nc?x=1", "", "information", "data"),
        ("https://x.example/dodsC/a", "OPeNDAP", "", "data"),
        ("https://x.example/wfs", "OGC:WFS-1.1.0-http-get-feature", "", "data"),
        ("https://x.example/wms", "OGC:WMS-1.3.0-http-get-map", "", "service"),
        ("https://x.example/wms", "OGC:WMS", "download", "service"),
        ("https://x.example/md", "WWW:LINK-1.0-http--metadata-URL", "", "metadata"),
        ("https://x.example/", "", "information", "documentation"),
        ("https://x.example/a.png", "", "browseGraphic", "overview"),
        ("https://x.example/", "WWW:LINK", "", "related"),
        ("www.x.example", "", "", "related"),
    ],
)
def test_roles(address: str, protocol: str, function: str, role: str):
    """By protocol, function, or what the address ends in."""
    (asset,) = _distributed(_online(address, protocol, function)).assets
    assert asset.roles == (role,)
    assert asset.href.startswith(("http://www.x", "https://x"))


def test_size_of_the_only_file():
    links = _online("https://x.example/a.zip", "", "download") + _online(
        "https://x.example/", "", "information"
    )
    assert [asset.size for asset in _distributed(links, "1.5").assets] == [1_500_000, None]
    two = _online("https://x.example/a.zip") + _online("https://x.example/b.zip")
    assert [asset.size for asset in _distributed(two, "1.5").assets] == [None, None]


def test_pictures():
    """A thumbnail by its description; a file of the catalogue's own without an address is no picture."""

    def picture(name: str, about: str) -> str:
        return (
            f"<graphicOverview><MD_BrowseGraphic>{_text('fileName', name)}{_text('fileDescription', about)}"
            "</MD_BrowseGraphic></graphicOverview>"
        )

    product = _read(
        picture("https://x.example/s.png", "thumbnail")
        + picture("https://x.example/l.png", "large_thumbnail")
        + picture("own.png", "thumbnail")
    )
    assert [(asset.key, asset.href[-5:]) for asset in product.assets] == [
        ("thumbnail", "s.png"), ("overview", "l.png"),
    ]  # fmt: skip
    assert product.problems == ()


# --- whatever comes

_NAMES = [
    *("citation", "CI_Citation", "identifier", "code", "date", "CI_Date", "Date", "dateType", "extent"),
    *("EX_Extent", "temporalElement", "TimePeriod", "beginPosition", "EX_GeographicBoundingBox", "keyword"),
    *("westBoundLongitude", "EX_BoundingPolygon", "Polygon", "posList", "geographicElement", "onLine", "URL"),
    *("linkage", "transferSize", "otherCitationDetails", "identificationInfo", "fileIdentifier", "Distance"),
    *("parentIdentifier", "CharacterString", "referenceSystemIdentifier", "info", "changeDate"),
    *("graphicOverview", "fileName"),
]
_TREES = st.recursive(
    st.tuples(st.sampled_from(_NAMES), st.text("0123456789-.:/ aZ{}\"'", max_size=12)),
    lambda inner: st.tuples(st.sampled_from(_NAMES), st.lists(inner, max_size=4)),
    max_leaves=25,
)


def _xml(tree: Any) -> str:
    name, inner = tree
    said = escape(inner) if isinstance(inner, str) else "".join(map(_xml, inner))
    return f"<{name}>{said}</{name}>"


@modest
@given(st.lists(_TREES, max_size=6))
def test_never_fails(trees: list[Any]):
    """Elements in any order and place: a product with what could be read, or a record that is refused."""
    document = parse_xml(f"<MD_Metadata>{''.join(map(_xml, trees))}</MD_Metadata>".encode())
    try:
        product = ISO.product(document, collection="c")
    except BadRecord:
        return
    assert product.content_hash()
