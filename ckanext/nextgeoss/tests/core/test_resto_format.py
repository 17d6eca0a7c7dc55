from __future__ import annotations

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.formats.resto import RESTO
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.core.strategies import modest

PAGE = Path(__file__).parents[1] / "samples" / "creodias_resto" / "page.json"
NAME = "S2B_MSIL2A_20210604T092029_N0300_R093_T34TFK_20210604T121538.SAFE"
RADAR = "S1A_IW_GRDH_1SDV_20210604T162358_20210604T162423_038192_0481D7_A90B.SAFE"
UUID = "b2e1d4c5-7c38-5f2a-9d51-308eac426f22"
SQUARE = {"type": "Polygon", "coordinates": [[[20, 10], [21, 10], [21, 11], [20, 11], [20, 10]]]}
GML = (
    '<gml:Polygon srsName="EPSG:4326"><gml:outerBoundaryIs><gml:LinearRing><gml:coordinates>'
    "20,10 21,10 21,11 20,11 20,10"
    "</gml:coordinates></gml:LinearRing></gml:outerBoundaryIs></gml:Polygon>"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


def feature(properties: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A small feature of an optical scene; properties are added to its own."""
    base = {
        "collection": "SENTINEL-2",
        "title": NAME,
        "startDate": "2021-06-04T09:20:29.024Z",
        "completionDate": "2021-06-04T09:20:29.024Z",
        "instrument": "MSI",
    }
    return {"type": "Feature", "id": UUID, "geometry": SQUARE, "properties": base | properties} | members


def read(**properties: Any) -> Product:
    return RESTO.product(feature(properties))


def answer(*features: Any, **search: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "properties": {"exactCount": 0} | search, "features": list(features)}


# --- answers


def test_a_page() -> None:
    """Products, total and next link of an answer as it comes."""
    found = RESTO.feed(json.loads(PAGE.read_text()), "")
    assert found.total == 7
    assert found.next.endswith("&page=2")
    radar, optical, orbit = (RESTO.product(each) for each in found.entries)
    assert not any(product.problems for product in (radar, optical, orbit))
    assert "cloud_cover" not in radar.properties
    assert "cloud_cover" not in orbit.properties
    assert optical.properties["cloud_cover"] == 0
    assert orbit.footprint is None
    assert orbit.properties["platform"] == "sentinel-1a"


@pytest.mark.parametrize(
    ("total", "expected"),
    [(None, None), (7, 7), ("7", 7), ("9" * 5000, None), (-1, None), ("many", None), ([], None), (0, 0)],
)
def test_totals(total: Any, expected: int | None) -> None:
    """A total is told only where it was counted."""
    assert RESTO.feed(answer(feature({}), totalResults=total), "").total == expected


def test_the_next_link() -> None:
    """The address of the next page; a page without features is the last one, whatever it says."""
    links = [{"rel": "self", "href": "https://x/1"}, 5, {"rel": "next", "href": "https://x/2"}]
    assert RESTO.feed(answer(feature({}), links=links), "").next == "https://x/2"
    assert RESTO.feed(answer(links=links), "").next == ""
    assert RESTO.feed(answer(feature({}), links={"next": 1}), "").next == ""


@pytest.mark.parametrize(
    "document",
    [
        answer(),
        answer(feature({})),
        feature({}),
        {"type": "Feature", "properties": {"productIdentifier": "/eodata/x"}},
        {"type": "FeatureCollection", "features": [], "properties": {"itemsPerPage": 1, "query": {}}},
        {"type": "FeatureCollection", "features": [], "properties": {"links": []}},
    ],
)
def test_what_is_recognised(document: Any) -> None:
    """Collections with or without features, and features alone."""
    assert RESTO.recognises(document)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection", "features": [], "properties": {"links": {"next": []}}},
        {"type": "FeatureCollection", "features": 5, "properties": {"exactCount": 1}},
        {"type": "FeatureCollection", "features": [{"properties": {"datetime": "2020-01-01T00:00:00Z"}}]},
        {"type": "Feature", "properties": {"identifier": "x"}},
    ],
)
def test_what_is_not_recognised(document: Any) -> None:
    """GeoJSON of other services."""
    assert not RESTO.recognises(document)


@pytest.mark.parametrize(
    "document", [None, [], {}, {"features": {}}, {"ErrorMessage": "no", "ErrorCode": 400}]
)
def test_what_is_no_answer(document: Any) -> None:
    """Anything without an array of features is a BadAnswer."""
    with pytest.raises(BadAnswer):
        RESTO.feed(document, "")


def test_an_error_is_told() -> None:
    """The provider's own words are kept."""
    with pytest.raises(BadAnswer, match="https://x: the provider answered with an error: Not Found"):
        RESTO.feed({"ErrorMessage": "Not Found", "ErrorCode": 404}, "https://x")


def test_a_stored_feature_is_read_back_alone() -> None:
    """A feature without its collection is a feed of one."""
    (found,) = RESTO.feed(feature({}), "").entries
    assert RESTO.product(found) == read()
    assert RESTO.view(found) == feature({})


# --- features


@pytest.mark.parametrize(
    ("said", "identifier"),
    [
        ({"productIdentifier": "/eodata/other.SAFE"}, NAME),
        ({"title": "A scene of 2021", "productIdentifier": "/eodata/2021/S2B.SAFE"}, "S2B.SAFE"),
        ({"title": "Greece", "productIdentifier": "/eodata/2021/S2B.SAFE/"}, "S2B.SAFE"),
        ({"title": UUID, "productIdentifier": "S2B_NAME"}, "S2B_NAME"),
        ({"title": None, "productIdentifier": None}, UUID),
        ({"title": ["x"], "productIdentifier": 5.5}, UUID),
    ],
)
def test_the_identifier_is_the_name_of_the_product(said: dict[str, Any], identifier: str) -> None:
    """The name that all hubs share, as it is given, comes before the identifier of this one."""
    assert read(**said).id == identifier


def test_the_collection() -> None:
    """The provider's own word counts, else what the caller gives; without either it is no record."""
    assert RESTO.product(feature({}), collection="other").collection == "SENTINEL-2"
    assert RESTO.product(feature({"collection": None}), collection="other").collection == "other"
    with pytest.raises(BadRecord, match=f"record 3: feature {NAME} names no collection"):
        RESTO.product(feature({"collection": ""}), position=3)
    with pytest.raises(BadRecord, match="no identifier"):
        RESTO.product(feature({"title": None}, id=None))
    with pytest.raises(BadRecord, match="not a feature but list"):
        RESTO.product([])


@pytest.mark.parametrize("geometry", [None, {}, []])
@pytest.mark.parametrize("text", [None, "", GML])
def test_geometries_that_are_empty(geometry: Any, text: Any) -> None:
    """An empty geometry is none, and GML with the longitude first is read in its place."""
    product = RESTO.product(feature({"gmlgeometry": text}, geometry=geometry))
    assert product.footprint == (Footprint.from_bbox(20, 10, 21, 11) if text else None)
    assert product.problems == ()


@pytest.mark.parametrize(
    "geometry",
    [
        "x",
        5,
        {"type": "Blob"},
        {"type": "Polygon", "coordinates": 5},
        {"type": "FeatureCollection", "features": 5},
    ],
)
def test_geometries_that_cannot_be_read(geometry: Any) -> None:
    """What is wrong is noted, and that another place was taken."""
    product = RESTO.product(feature({"gmlgeometry": GML}, geometry=geometry))
    assert product.footprint == Footprint.from_bbox(20, 10, 21, 11)
    assert [problem.where for problem in product.problems] == ["geometry", "geometry"]


def test_the_acquisition_is_the_time() -> None:
    """The interval from start to completion; what is no time is noted."""
    assert read().time.isoformat() == "2021-06-04T09:20:29.024Z"
    odd = read(startDate="%startDate%", completionDate=7.5)
    assert not odd.time
    assert [problem.where for problem in odd.problems] == ["startDate"]


@pytest.mark.parametrize(
    ("attribute", "value", "name", "expected"),
    [
        ("productType", "S2MSI2A", "product_type", "S2MSI2A"),
        ("processingLevel", "S2MSI2A", "processing_level", "L2A"),
        ("processingLevel", "LEVEL1C", "processing_level", "L1C"),
        ("platform", "S2B", "platform", "sentinel-2b"),
        ("platform", "Sentinel-2A", "platform", "sentinel-2a"),
        ("platform", "SENTINEL-2", "platform", "sentinel-2b"),
        ("platform", "SENTINEL-2", "constellation", "sentinel-2"),
        ("platform", "", "platform", None),
        ("instrument", "MSI", "instruments", ("msi",)),
        ("instrument", "AUX", "instruments", None),
        ("sensorMode", "INS-NOBS", "instrument_mode", "INS-NOBS"),
        ("sensorMode", "", "instrument_mode", None),
        ("orbitNumber", 22170, "absolute_orbit", 22170),
        ("orbitNumber", 0, "absolute_orbit", None),
        ("relativeOrbitNumber", 93, "relative_orbit", 93),
        ("relativeOrbitNumber", "0", "relative_orbit", None),
        ("orbitDirection", "DESCENDING", "orbit_state", "descending"),
        ("resolution", 60.0, "gsd", 60),
        ("resolution", 0.0, "gsd", None),
        ("processingBaseline", 5.1, "processing_version", "05.10"),
        ("processingBaseline", 3, "processing_version", "03.00"),
        ("processingBaseline", "05.10", "processing_version", "05.10"),
        ("processingBaseline", 0, "processing_version", None),
        ("processingBaseline", "", "processing_version", None),
        ("version", 2, "product_version", "2"),
        ("version", 0, "product_version", None),
        ("timeliness", "Fast-24h", "timeliness_category", "Fast-24h"),
        ("missionTakeId", "GS2B_1", "datatake_id", "GS2B_1"),
        ("missionTakeId", 206656, "datatake_id", "206656"),
        ("s2TakeId", "GS2B_1", "datatake_id", "GS2B_1"),
        ("mgrs", "34TFK", "tile_id", "34TFK"),
        ("organisationName", "ESA", "providers", ("ESA",)),
        ("license", {"licenseId": "unlicensed"}, "license_id", None),
        ("license", {"licenseId": "CC-BY-4.0"}, "license_id", "CC-BY-4.0"),
        ("license", None, "license_id", None),
        ("polarisation", "VV&VH", "polarizations", ("VV", "VH")),
        ("polarisation", "VV VH", "polarizations", ("VV", "VH")),
        ("description", "The mission has two satellites.", "description", None),
        ("keywords", [{"name": "Europe", "type": "continent"}], "keywords", None),
        ("keywords", {"6278eea": {"name": "Summer", "type": "season"}}, "keywords", None),
        ("status", "ONLINE", "production_status", None),
        ("cloudCover", 12.5, "cloud_cover", 12.5),
        ("cloudCover", "12.5", "cloud_cover", 12.5),
        ("cloudCover", 0, "cloud_cover", 0),
        ("cloudCover", -1, "cloud_cover", None),
        ("cloudCover", "-1", "cloud_cover", None),
        ("cloudClover", None, "cloud_cover", None),
        ("cloudClover", 3, "cloud_cover", 3),
        ("snowCover", 0, "snow_cover", None),
        ("snowCover", 4.5, "snow_cover", 4.5),
    ],
)
def test_attributes(attribute: str, value: Any, name: str, expected: Any) -> None:
    """Each attribute by the name of its row, and none for what means that it is not known."""
    product = read(**{attribute: value})
    assert product.properties.get(name) == expected
    assert product.problems == ()


@pytest.mark.parametrize(
    "said",
    [
        {"title": RADAR, "instrument": "SAR"},
        {"title": RADAR, "instrument": "C-SAR"},
        {"instrument": "ASAR"},
        {"instrument": "SAR-C SAR"},
        {"instrument": ["SAR"]},
        {"instrument": "SRAL"},
        {"instrument": "TROPOMI"},
        {"instrument": "AUX"},
        {"instrument": None},
        {"instrument": ""},
        {"instrument": "unheard of", "polarisation": "HH"},
        {"productType": "AUX_POEORB"},
        {"productType": "DGE_30"},
        {"title": "S2A_OPER_AUX_GIPP_20210604"},
        {"title": "DEM1_SAR_DGE_30_20101212"},
    ],
)
@pytest.mark.parametrize("zero", [0, 0.0, "0"])
def test_what_is_no_optical_scene_is_not_cloudless(said: dict[str, Any], zero: Any) -> None:
    """Who searches scenes without clouds gets no radar, no elevation and no orbit file."""
    product = read(**said, cloudCover=zero, snowCover=zero)
    assert not {"cloud_cover", "snow_cover"} & set(product.properties)
    assert not [problem for problem in product.problems if problem.where == "cloudCover"]


@pytest.mark.parametrize("instrument", ["MSI", "OLCI", "SLSTR", "OLI_TIRS", "TM", "MERIS", "NAOMI", ["MSI"]])
def test_optical_scenes_may_be_cloudless(instrument: Any) -> None:
    """A cloud cover of 0 is one of a sensor that sees clouds."""
    assert read(instrument=instrument, cloudCover=0.0).properties["cloud_cover"] == 0


def test_a_resolution_in_kilometres_is_left_out() -> None:
    """The radiometer of SMOS is told in kilometres, without saying so."""
    assert "gsd" not in read(instrument="MIRAS", resolution=50.0).properties


def test_a_baseline_of_other_missions_stays_as_it_is() -> None:
    """Only that of Sentinel-2 is known to be two pairs of digits."""
    product = read(title="S5P_NRTI_L2__CO_____20240102T033326", processingBaseline=20600.0)
    assert product.properties["processing_version"] == "20600"


# --- assets


def test_assets() -> None:
    """The download, the previews and the record itself."""
    product = read(
        services={"download": {"url": "https://x/d", "mimeType": "application/zip", "size": 42}},
        quicklook="https://x/q.jpg",
        thumbnail="https://x/t.png",
        links=[
            {"rel": "self", "href": "https://x/f.json", "type": "application/json"},
            None,
            {"rel": "other"},
        ],
    )
    assert [(asset.key, asset.href, asset.media_type, asset.size) for asset in product.assets] == [
        ("data", "https://x/d", "application/zip", 42),
        ("overview", "https://x/q.jpg", "", None),
        ("thumbnail", "https://x/t.png", "", None),
        ("metadata", "https://x/f.json", "application/json", None),
    ]
    assert [asset.roles for asset in product.assets] == [
        ("data",),
        ("overview",),
        ("thumbnail",),
        ("metadata",),
    ]


@pytest.mark.parametrize("size", [0, -1, None, "0", False])
def test_sizes_that_are_not_known(size: Any) -> None:
    """A size of 0 is none; the size of the resource is taken where there is one."""
    download = {"url": "https://x/d", "mimetype": "application/unknown", "size": size}
    (asset,) = read(services={"download": download}).assets
    assert (asset.size, asset.media_type) == (None, "")
    (asset,) = read(services={"download": download}, resourceSize=7, resourceChecksum="64" * 16).assets
    assert (asset.size, asset.checksum) == (7, "md5:" + "64" * 16)


@pytest.mark.parametrize("services", [None, [], "x", {"download": None}, {"download": {"url": None}}])
def test_products_without_download(services: Any) -> None:
    """No address, no asset, no problem."""
    product = read(services=services, thumbnail=None)
    assert product.assets == ()
    assert product.problems == ()


def test_values_that_are_not_allowed_are_noted() -> None:
    """The product is kept without them."""
    product = read(cloudCover=120, orbitNumber="many", services={"download": {"url": "/eodata/x"}})
    assert {problem.where for problem in product.problems} == {"cloudCover", "orbitNumber", "links"}


# --- whatever may come


@modest
@given(JSON)
def test_arbitrary_json_is_refused_or_read(value: Any) -> None:
    """Nothing but BadRecord and BadAnswer comes out of what is no feature and no collection."""
    RESTO.recognises(value)
    RESTO.view(value)
    for call in (
        lambda: RESTO.feed(value, ""),
        lambda: RESTO.feed(answer(value), ""),
        lambda: RESTO.product(value),
    ):
        with suppress(BadAnswer, BadRecord):
            call()


@modest
@given(st.sampled_from(json.loads(PAGE.read_text())["features"]), st.data())
def test_arbitrary_members_of_a_feature(found: dict[str, Any], data: st.DataObject) -> None:
    """A feature with anything in place of one of its members or properties is read or refused."""
    odd = copy.deepcopy(found)
    where = data.draw(st.sampled_from([odd, odd["properties"], odd["properties"]["services"]["download"]]))
    where[data.draw(st.sampled_from(sorted(where)))] = data.draw(JSON)
    RESTO.recognises(odd)
    with suppress(BadRecord):
        RESTO.product(odd)
