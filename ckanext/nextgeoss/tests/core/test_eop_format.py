from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from ckanext.nextgeoss.eo.asset import Asset
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats import eop
from ckanext.nextgeoss.eo.formats.atom import ATOM
from ckanext.nextgeoss.eo.formats.atom_names import NAMESPACES, VOCABULARY
from ckanext.nextgeoss.eo.formats.eop_write import write
from ckanext.nextgeoss.eo.formats.vocabulary import IGNORED
from ckanext.nextgeoss.eo.product import Problem, Product
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.eo.xml import children, descendants, local_name, parse_xml, text_at
from ckanext.nextgeoss.eo.xml_text import document
from ckanext.nextgeoss.tests.core.strategies import modest, products

PREFIXES = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items() if prefix)


def observation(content: str, prefixes: str = PREFIXES) -> Any:
    return parse_xml(f"<opt:EarthObservation {prefixes}>{content}</opt:EarthObservation>".encode())


def equipment(content: str) -> str:
    return (
        "<om:procedure><eop:EarthObservationEquipment>"
        f"{content}</eop:EarthObservationEquipment></om:procedure>"
    )


def acquisition(content: str, sensor: str = "", platform: str = "") -> str:
    return equipment(
        f"<eop:platform><eop:Platform><eop:shortName>{platform}</eop:shortName></eop:Platform></eop:platform>"
        f"<eop:sensor><eop:Sensor><eop:sensorType>{sensor}</eop:sensorType></eop:Sensor></eop:sensor>"
        f"<eop:acquisitionParameters><eop:Acquisition>{content}</eop:Acquisition></eop:acquisitionParameters>"
    )


def metadata(content: str) -> str:
    return (
        "<eop:metaDataProperty><eop:EarthObservationMetaData>"
        f"{content}</eop:EarthObservationMetaData></eop:metaDataProperty>"
    )


def vendor(**said: str) -> str:
    return "".join(
        f"<eop:vendorSpecific><eop:SpecificInformation><eop:localAttribute>{name}</eop:localAttribute>"
        f"<eop:localValue>{value}</eop:localValue></eop:SpecificInformation></eop:vendorSpecific>"
        for name, value in said.items()
    )


def properties(content: str, identifier: str = "P") -> dict[str, Any]:
    entry = parse_xml(f"<entry><identifier>{identifier}</identifier></entry>".encode())
    entry.append(observation(content))
    product = ATOM.product(entry, collection="C")
    assert product.problems == ()
    return dict(product.properties)


# --- the view


def test_attributes_are_under_the_object_they_are_in() -> None:
    found = observation(
        equipment(
            "<eop:platform><eop:Platform><eop:shortName>S9</eop:shortName></eop:Platform></eop:platform>"
            "<eop:instrument><eop:Instrument><eop:shortName>A</eop:shortName></eop:Instrument></eop:instrument>"
            "<eop:instrument><eop:Instrument><eop:shortName>B</eop:shortName></eop:Instrument></eop:instrument>"
            "<eop:sensor><eop:Sensor><eop:sensorType>RADAR</eop:sensorType><eop:sensorType>LIMB"
            "</eop:sensorType><eop:resolution/></eop:Sensor></eop:sensor>"
        )
        + metadata(
            "<eop:status>ARCHIVED</eop:status><eop:processing><eop:ProcessingInformation>"
            "<eop:processingLevel>1B</eop:processingLevel></eop:ProcessingInformation></eop:processing>"
            + vendor(one="1", two="2")
        )
    )
    assert eop.view(found) == {
        "Platform": {"shortName": "S9"},
        "Instrument": [{"shortName": "A"}, {"shortName": "B"}],
        "Sensor": {"sensorType": "RADAR"},
        "EarthObservationMetaData": {"status": "ARCHIVED"},
        "ProcessingInformation": {"processingLevel": "1B"},
        "SpecificInformation": {"one": "1", "two": "2"},
    }
    assert eop.first(eop.view(found), "Instrument", "shortName") == "A"
    assert eop.first(eop.view(found), "Instrument", "unknown") == ""


def test_geometry_and_other_products_are_not_in_the_view() -> None:
    inner = "<eop:EarthObservationMetaData><eop:status>FAILED</eop:status></eop:EarthObservationMetaData>"
    found = observation(
        "<om:featureOfInterest><eop:Footprint><eop:multiExtentOf>1 2 3</eop:multiExtentOf></eop:Footprint>"
        f"</om:featureOfInterest>{metadata(f'<eop:composedOf>{inner}</eop:composedOf>')}"
    )
    assert eop.view(found) == {}


def test_files_are_in_the_view_by_their_address() -> None:
    found = observation(
        "<om:result><opt:EarthObservationResult><eop:product><eop:ProductInformation><eop:fileName>"
        '<ows:ServiceReference xlink:href="https://x.example/f"><ows:RequestMessage/></ows:ServiceReference>'
        "</eop:fileName><eop:size>5</eop:size></eop:ProductInformation></eop:product>"
        "</opt:EarthObservationResult></om:result>"
    )
    assert eop.view(found) == {"ProductInformation": {"fileName": "https://x.example/f", "size": "5"}}


@pytest.mark.parametrize("version", ["http://www.opengis.net/{}/2.0", "http://earth.esa.int/{}", "urn:{}"])
def test_any_version_is_read(version: str) -> None:
    prefixes = " ".join(f'xmlns:{prefix}="{version.format(prefix)}"' for prefix in NAMESPACES if prefix)
    found = observation(metadata("<eop:status>ARCHIVED</eop:status>"), prefixes)
    assert eop.view(found) == {"EarthObservationMetaData": {"status": "ARCHIVED"}}


# --- properties


@pytest.mark.parametrize(
    ("sensor", "platform", "expected"),
    [
        ("RADAR", "", {"relative_orbit": 59, "frame": "7"}),
        ("ALTIMETRIC", "", {"relative_orbit": 59, "frame": "7"}),
        ("OPTICAL", "S3A", {"relative_orbit": 59, "frame": "7"}),
        ("OPTICAL", "Landsat-7", {"wrs_path": 59, "wrs_row": 7}),
        ("", "", {"wrs_path": 59, "wrs_row": 7}),
    ],
)
def test_wrs_grid_is_the_orbit_or_the_path(sensor: str, platform: str, expected: dict[str, Any]) -> None:
    grid = "<eop:wrsLongitudeGrid>59</eop:wrsLongitudeGrid><eop:wrsLatitudeGrid>7</eop:wrsLatitudeGrid>"
    found = properties(acquisition(grid, sensor, platform))
    names = ("relative_orbit", "frame", "wrs_path", "wrs_row")
    assert {name: found[name] for name in names if name in found} == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (acquisition("<sar:polarisationChannels>VV, VH</sar:polarisationChannels>"),
         {"polarizations": ("VV", "VH")}),
        (acquisition("<alt:cycleNumber>27</alt:cycleNumber><alt:relativePassNumber>3</alt:relativePassNumber>"),
         {"orbit_cycle": 27}),
        (acquisition("<eop:orbitNumber>9</eop:orbitNumber><eop:lastOrbitNumber>10</eop:lastOrbitNumber>"),
         {"absolute_orbit": 9}),
        (metadata("<eop:imageQualityStatus>NOMINAL</eop:imageQualityStatus>"), {"quality_status": "NOMINAL"}),
        (metadata("<eop:imageQualityStatus>NOMINAL</eop:imageQualityStatus><eop:productQualityStatus>DEGRADED"
                  "</eop:productQualityStatus>"), {"quality_status": "DEGRADED"}),
        (metadata("<eop:modificationDate>2020-01-01T00:00:00Z</eop:modificationDate>"),
         {"updated": parse_time("2020-01-01")}),
        (metadata(vendor(missiondatatakeid="200142", MissingDataPercentage="1.5")),
         {"datatake_id": "200142", "no_data_cover": 1.5}),
        (equipment("<eop:sensor><eop:Sensor><eop:swathIdentifier>IW1_x0020_IW2</eop:swathIdentifier>"
                   "</eop:Sensor></eop:sensor>"), {"swath": "IW1 IW2"}),
        (equipment("<eop:instrument><eop:Instrument><eop:shortName>MSI</eop:shortName><eop:description>Many"
                   "</eop:description></eop:Instrument></eop:instrument>"), {"instruments": ("msi",)}),
        (equipment("<eop:platform><eop:Platform><eop:shortName>S1A</eop:shortName><eop:serialIdentifier>"
                   "2014-016A</eop:serialIdentifier></eop:Platform></eop:platform>"),
         {"platform": "sentinel-1a", "platform_international_designator": "2014-016A"}),
        ("<om:result><eop:EarthObservationResult><eop:product><eop:ProductInformation><eop:timeliness>NRT"
         "</eop:timeliness></eop:ProductInformation></eop:product></eop:EarthObservationResult></om:result>",
         {"timeliness_category": "NRT"}),
    ],
)  # fmt: skip
def test_what_attributes_mean(said: str, expected: dict[str, Any]) -> None:
    assert properties(said) == expected


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("EarthObservation/EarthObservationMetaData/identifier", "id"),
        ("EarthObservation/EarthObservationMetaData/parentIdentifier", "collection"),
        ("EarthObservation/TimePeriod/beginPosition", "time"),
        ("EarthObservation/ProductInformation/size", "assets"),
        ("EarthObservation/BrowseInformation/type", "assets"),
        ("EarthObservation/SpecificInformation/Day/Night Indicator", IGNORED),
        ("EarthObservation/SpecificInformation/cloud_cover", "cloud_cover"),
        ("EarthObservation/SpecificInformation/of nobody", ""),
    ],
)
def test_the_vocabulary(path: str, target: str) -> None:
    assert VOCABULARY.target(path) == target


# --- time and footprint


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("<gml:TimePeriod><gml:beginPosition>2020-01-01T00:00:00Z</gml:beginPosition><gml:endPosition>"
         "2020-01-02T00:00:00Z</gml:endPosition></gml:TimePeriod>",
         "2020-01-01T00:00:00Z/2020-01-02T00:00:00Z"),
        ("<gml:TimeInstant><gml:timePosition>2020-01-01T00:00:00Z</gml:timePosition></gml:TimeInstant>",
         "2020-01-01T00:00:00Z"),
        ("<gml:TimePeriod><gml:beginPosition>2020-01-01T00:00:00Z</gml:beginPosition><gml:endPosition "
         "indeterminatePosition='unknown'/></gml:TimePeriod>", "2020-01-01T00:00:00Z/.."),
        ("<gml:validTime><gml:TimePeriod><gml:beginPosition>2020-01-01</gml:beginPosition><gml:endPosition>"
         "2020-01-01</gml:endPosition></gml:TimePeriod></gml:validTime>",
         "2020-01-01T00:00:00Z/2020-01-01T23:59:59.999999Z"),
        ("", "../.."),
    ],
)  # fmt: skip
def test_the_phenomenon_time(said: str, expected: str) -> None:
    found = observation(f"<om:resultTime/><om:phenomenonTime>{said}</om:phenomenonTime>")
    problems: list[Problem] = []
    assert eop.read_time(found, problems).isoformat() == expected
    assert problems == []


def area(rings: str, kind: str = "Polygon") -> str:
    return f"<gml:{kind}>{rings}</gml:{kind}>"


def ring(content: str, name: str = "exterior") -> str:
    return f"<gml:{name}><gml:LinearRing>{content}</gml:LinearRing></gml:{name}>"


def pos_list(text: str) -> str:
    return f"<gml:posList>{text}</gml:posList>"


def footprint(content: str, name: str = "multiExtentOf") -> Footprint | None:
    return eop.read_footprint(
        observation(
            f"<om:featureOfInterest><eop:Footprint><eop:{name}>{content}</eop:{name}><eop:centerOf><gml:Point>"
            "<gml:pos>1 1</gml:pos></gml:Point></eop:centerOf></eop:Footprint></om:featureOfInterest>"
        )
    )


OUTER = "10 0 10 20 30 20 30 0 10 0"
SQUARE = Footprint.from_bbox(0, 10, 20, 30)
WITH_HOLE = Footprint.from_wkt("POLYGON((0 10,20 10,20 30,0 30,0 10),(5 15,6 15,6 16,5 16,5 15))")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (area(ring(pos_list(OUTER))), SQUARE),
        (area(ring("".join(f"<gml:pos>{p}</gml:pos>" for p in ("10 0", "10 20", "30 20", "30 0", "10 0")))),
         SQUARE),
        (area(ring("<gml:coordinates>10,0 10,20 30,20 30,0 10,0</gml:coordinates>", "outerBoundaryIs")),
         SQUARE),
        (area(ring("<gml:coordinates>10,0,5 10,20,5 30,20,5 30,0,5 10,0,5</gml:coordinates>")), SQUARE),
        (area(ring("<gml:coordinates>10 0 10 20 30 20 30 0 10 0</gml:coordinates>")), SQUARE),
        (area(ring("<gml:posList srsDimension='3'>10 0 5 10 20 5 30 20 5 30 0 5 10 0 5</gml:posList>")),
         SQUARE),
        (area(ring(pos_list(OUTER)) + ring(pos_list("15 5 15 6 16 6 16 5 15 5"), "interior")), WITH_HOLE),
        ("<gml:MultiSurface><gml:surfaceMembers>"
         + area(ring(pos_list(OUTER))) + area(ring(pos_list("40 0 40 1 41 1 41 0 40 0")))
         + "</gml:surfaceMembers></gml:MultiSurface>",
         Footprint.from_wkt("MULTIPOLYGON(((0 10,20 10,20 30,0 30,0 10)),((0 40,1 40,1 41,0 41,0 40)))")),
        (area("<gml:patches>" + area(ring(pos_list(OUTER)), "PolygonPatch") + "</gml:patches>", "Surface"),
         SQUARE),
        ("", None),
        (area(""), None),
        (area(ring("")), None),
    ],
)  # fmt: skip
def test_areas_of_all_notations(content: str, expected: Footprint | None) -> None:
    assert footprint(content) == expected


def test_the_track_of_an_altimeter_is_a_line_and_the_centre_is_no_footprint() -> None:
    line = area(area(pos_list("10 0 30 20"), "LineString"), "curveMember")
    assert footprint(area(line, "MultiCurve"), "nominalTrack") == Footprint.from_wkt("LINESTRING(0 10,20 30)")
    assert footprint("<gml:Point><gml:pos>1 1</gml:pos></gml:Point>", "centerOf") is None


def test_longitudes_that_come_first_are_known_when_they_cannot_be_latitudes() -> None:
    found = footprint(area(ring(pos_list("120 10 140 10 140 30 120 30 120 10"))))
    assert found == Footprint.from_bbox(120, 10, 140, 30)
    assert found.repairs == ("axes swapped",)


# --- files


def test_files_and_pictures() -> None:
    reference = (
        '<eop:fileName><ows:ServiceReference ows:type="{}" xlink:href="https://x.example/{}" '
        'xlink:title="{}">'
        "<ows:Format>{}</ows:Format></ows:ServiceReference></eop:fileName>"
    )
    digest = "0123456789abcdef" * 2
    found = observation(
        "<om:result><opt:EarthObservationResult>"
        f"<eop:browse><eop:BrowseInformation><eop:type>QUICKLOOK</eop:type>"
        f"{reference.format('simple', 'q', '', '')}</eop:BrowseInformation></eop:browse>"
        f"<eop:browse><eop:BrowseInformation><eop:type>THUMBNAIL</eop:type>"
        f"{reference.format('image/png', 't', 'Small', '')}</eop:BrowseInformation></eop:browse>"
        f"<eop:product><eop:ProductInformation>{reference.format('simple', 'p', 'application/zip', digest)}"
        "<eop:size uom='Bytes'>5</eop:size></eop:ProductInformation></eop:product>"
        f"<eop:product><eop:ProductInformation>{reference.format('text/xml', 'a', 'Note', 'no digest')}"
        "<eop:size>0</eop:size></eop:ProductInformation></eop:product></opt:EarthObservationResult></om:result>"
    )
    files = list(eop.product_files(found))
    assert [(file.href[-1], file.roles, file.media_type, file.title) for file in files] == [
        ("p", ("data",), "application/zip", ""),
        ("a", ("metadata",), "text/xml", "Note"),
    ]
    assert [(file.size, file.checksum) for file in files] == [("5 Bytes", f"md5:{digest}"), (None, "")]
    assert [(file.href[-1], file.roles, file.title) for file in eop.browse_files(found)] == [
        ("q", ("overview",), ""),
        ("t", ("thumbnail",), "Small"),
    ]


# --- what is written


def rewritten(product: Product) -> Any:
    (found,) = parse_xml(document("whole", NAMESPACES, write(product)))
    return found


@modest
@given(products())
def test_what_is_written_says_the_same(product: Product) -> None:
    found = rewritten(product)
    problems: list[Problem] = []
    assert eop.read_time(found, problems) == product.time
    assert VOCABULARY.read(eop.with_relative_orbit(eop.view(found)), problems) == product.properties
    kind = product.footprint.geojson["type"] if product.footprint else ""
    assert eop.read_footprint(found) == (None if kind.endswith("Point") else product.footprint)
    assert eop.first(eop.view(found), "EarthObservationMetaData", "identifier") == product.id
    assert eop.first(eop.view(found), "EarthObservationMetaData", "parentIdentifier") == product.collection
    assert problems == []


@pytest.mark.parametrize(
    ("properties", "tags"),
    [
        ({"sensor_type": "OPTICAL", "cloud_cover": 1.0},
         {"opt:EarthObservationResult", "opt:cloudCoverPercentage"}),
        ({"sensor_type": "RADAR", "polarizations": ("VV",)}, {"sar:Acquisition", "sar:polarisationChannels"}),
        ({"sensor_type": "ALTIMETRIC", "orbit_cycle": 1}, {"alt:Acquisition", "alt:cycleNumber"}),
        ({"sensor_type": "LIMB", "absolute_orbit": 1}, {"eop:Acquisition", "eop:orbitNumber"}),
        ({"snow_cover": 1.0}, {"opt:EarthObservationResult", "opt:snowCoverPercentage"}),
        # what the schema of the sensor has no name for
        ({"sensor_type": "RADAR", "cloud_cover": 1.0}, {"eop:EarthObservationResult", "eop:vendorSpecific"}),
        ({"absolute_orbit": 1, "grid_code": "x"}, {"eop:orbitNumber", "eop:vendorSpecific"}),
    ],
)  # fmt: skip
def test_the_schema_follows_the_sensor(properties: dict[str, Any], tags: set[str]) -> None:
    found = rewritten(Product(id="a", collection="c", properties=properties))
    prefixes = {uri: prefix for prefix, uri in NAMESPACES.items()}
    parts = (element.tag[1:].split("}") for element in found.iter())
    assert tags <= {f"{prefixes[uri]}:{name}" for uri, name in parts}


def test_elements_are_in_the_order_of_the_schema() -> None:
    values: dict[str, Any] = {
        "grid_code": "g", "product_type": "T", "doi": "d", "acquisition_type": "nominal",
        "production_status": "ARCHIVED", "archiving_center": "A", "acquisition_station": "S",
        "quality_status": "NOMINAL", "processing_level": "L1C", "processing_facility": "F", "platform": "p",
        "instruments": ("i",), "gsd": 5.0, "sensor_type": "OPTICAL", "instrument_mode": "M", "swath": "W",
        "absolute_orbit": 1, "roll": 2.0, "sun_azimuth": 3.0, "product_version": "v", "cloud_cover": 4.0,
    }  # fmt: skip
    data = Asset(key="data", href="https://x.example/f", roles=("data",))
    found = rewritten(Product(id="a", collection="c", properties=values, assets=(data,)))
    names = {local_name(element): [local_name(child) for child in element] for element in found.iter()}
    assert names["EarthObservation"] == [
        "phenomenonTime", "resultTime", "procedure", "observedProperty", "featureOfInterest", "result",
        "metaDataProperty",
    ]  # fmt: skip
    assert names["EarthObservationEquipment"] == ["platform", "instrument", "sensor", "acquisitionParameters"]
    assert names["Sensor"] == ["sensorType", "operationalMode", "resolution", "swathIdentifier"]
    assert names["Acquisition"] == ["orbitNumber", "illuminationAzimuthAngle", "roll"]
    assert names["EarthObservationResult"] == ["product", "cloudCoverPercentage"]
    assert names["ProductInformation"] == ["fileName", "version"]
    assert names["ProcessingInformation"] == ["processingCenter", "processingLevel"]
    assert names["EarthObservationMetaData"] == [
        "identifier", "doi", "parentIdentifier", "acquisitionType", "productType", "status", "downlinkedTo",
        "archivedIn", "productQualityStatus", "processing", "vendorSpecific",
    ]  # fmt: skip
    assert next(descendants(found, "resolution")).get("uom") == "m"
    assert next(descendants(found, "processingLevel")).text == "1C"


def test_every_gml_object_has_an_identifier_of_its_own() -> None:
    product = Product(
        id="1 starts with a digit",
        collection="c",
        footprint=Footprint.from_bbox(170, -10, -170, 10),
        time=TemporalExtent.parse("2020-01-01T00:00:00Z"),
    )
    ids = [
        element.get(f"{{{NAMESPACES['gml']}}}id")
        for one in (product, replace(product, id="2"))
        for element in rewritten(one).iter()
    ]
    given_ids = [gml_id for gml_id in ids if gml_id]
    assert len(given_ids) == len(set(given_ids)) == 2 * 8
    assert all(gml_id[0].isalpha() for gml_id in given_ids)


def test_a_value_that_would_be_read_otherwise_is_a_vendors() -> None:
    product = Product(id="a", collection="c", properties={"processing_software": ("A, b", "c")})
    (vendors,) = descendants(rewritten(product), "SpecificInformation")
    assert text_at(vendors, "localAttribute") == "processing_software"
    assert text_at(vendors, "localValue") == '["A, b", "c"]'
    assert not list(children(vendors, "processorName"))
