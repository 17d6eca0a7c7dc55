"""Granules of CMR and products of ASF: what is read of them, in each of their formats."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer, BadRecord
from ckanext.nextgeoss.eo.formats.asf import ASF
from ckanext.nextgeoss.eo.formats.cmr_json import CMR_JSON
from ckanext.nextgeoss.eo.formats.umm import UMM
from ckanext.nextgeoss.eo.formats.umm_collection import read_umm_collection
from ckanext.nextgeoss.eo.product import Product
from ckanext.nextgeoss.tests.core.strategies import junk, modest

RING = [(150.0, 70.0), (-150.0, 70.0), (-150.0, 75.0), (150.0, 75.0)]


def _points(*pairs: tuple[float, float]) -> dict[str, Any]:
    return {"Points": [{"Longitude": x, "Latitude": y} for x, y in pairs]}


def _umm(**more: Any) -> Product:
    umm = {
        "GranuleUR": "A.1",
        "CollectionReference": {"ShortName": "SHORT", "Version": "061"},
        "TemporalExtent": {"RangeDateTime": {"BeginningDateTime": "2024-06-04T00:00:00Z"}},
    }
    return UMM.product({"meta": {"concept-id": "G1-X"}, "umm": umm | more})


def _placed(**geometry: Any) -> Product:
    return _umm(SpatialExtent={"HorizontalSpatialDomain": {"Geometry": geometry}})


def _short(**more: Any) -> Product:
    entry = {
        "id": "G1-X",
        "title": "A.1",
        "collection_concept_id": "C1-X",
        "time_start": "2024-06-04T00:00:00Z",
    }
    return CMR_JSON.product(entry | more)


# --- where


def test_polygon_across_the_antimeridian():
    """Split there, not around the world."""
    found = _placed(GPolygons=[{"Boundary": _points(*RING)}]).footprint
    assert found is not None
    assert found.bbox == (150.0, 70.0, -150.0, 75.0)


def test_polygon_around_the_pole():
    """It holds the pole."""
    found = _placed(GPolygons=[{"Boundary": _points((0, 80), (90, 80), (180, 80), (-90, 80))}]).footprint
    assert found is not None
    assert found.bbox[3] == 90.0


def test_holes_and_several_areas():
    """Holes are left out of the area; boxes on both sides of a meridian are two areas."""
    zone = {"Boundaries": [_points((2, 2), (4, 2), (4, 4), (2, 4))]}
    outer = _points((0, 0), (10, 0), (10, 10), (0, 10))
    found = _placed(GPolygons=[{"Boundary": outer, "ExclusiveZone": zone}]).footprint
    assert found is not None and found.area == 96.0
    sides = ("West", "South", "East", "North")
    boxes = [
        {f"{side}BoundingCoordinate": value for side, value in zip(sides, box, strict=True)}
        for box in ((1, -10, 180, 10), (-180, -10, -1, 10))
    ]
    found = _placed(BoundingRectangles=boxes).footprint
    assert found is not None and found.geojson["type"] == "MultiPolygon"


def test_points_lines_and_orbits():
    """A point, a line; of an orbit alone no area can be told, which is noted, and its direction is read."""
    point = _placed(Points=[{"Longitude": 1, "Latitude": 2}]).footprint
    assert point and point.wkt == "POINT (1 2)"
    line = _placed(Lines=[_points((1, 2), (3, 4))]).footprint
    assert line and line.wkt == "LINESTRING (1 2, 3 4)"
    orbit = {"AscendingCrossing": 3, "StartLatitude": 80, "StartDirection": "D"}
    product = _umm(SpatialExtent={"HorizontalSpatialDomain": {"Orbit": orbit}})
    assert product.footprint is None
    assert product.properties["orbit_state"] == "descending"
    assert [problem.where for problem in product.problems] == ["geometry"]


def test_short_json_has_latitudes_first():
    """Polygons, boxes, lines and points as texts."""
    assert _short(boxes=["-10 170 10 -170"]).footprint.bbox == (170, -10, -170, 10)  # type: ignore[union-attr]
    assert _short(points=["2 1"]).footprint.wkt == "POINT (1 2)"  # type: ignore[union-attr]
    assert _short(lines=["2 1 4 3"]).footprint.wkt == "LINESTRING (1 2, 3 4)"  # type: ignore[union-attr]
    ring = "0 0 0 10 10 10 10 0 0 0"
    assert _short(polygons=[[ring, "2 2 2 4 4 4 4 2 2 2"]]).footprint.area == 96  # type: ignore[union-attr]
    product = _short(boxes=["1 2 3"])
    assert product.footprint is None
    assert product.problems[0].where == "boxes"


# --- what and when


def test_names():
    """The name in the archive; where that is a number of a database, the producer's."""
    names = {"Identifiers": [{"IdentifierType": "ProducerGranuleId", "Identifier": "B.hdf"}]}
    assert _umm(DataGranule=names).id == "A.1"
    assert _umm(GranuleUR="LAADS:123", DataGranule=names).id == "B.hdf"
    assert _umm(GranuleUR="SC:ATL03.005:12", DataGranule=names).id == "B.hdf"
    assert _umm(GranuleUR="SC:ATL03.005:12").id == "SC:ATL03.005:12"
    assert _short(title="LAADS:123", producer_granule_id="B.hdf").id == "B.hdf"


def test_times():
    """A range that may be open, or one time."""
    assert _umm().time.isoformat() == "2024-06-04T00:00:00Z/.."
    assert _umm(TemporalExtent={"SingleDateTime": "2024-06-04T10:00:00Z"}).time.start is not None
    assert not _umm(TemporalExtent=None).time


def test_properties():
    """What the model and what an archive adds, without texts that say nothing."""
    extra = {"ASCENDING_DESCENDING": ["ASCENDING"], "POLARIZATION": ["VV+VH"], "LOOK_DIRECTION": ["R"]}
    extra |= {"PATH_NUMBER": ["94"], "FRAME_NUMBER": ["-1"], "FARADAY_ROTATION": ["NA"], "WHATEVER": ["1"]}
    product = _umm(
        AdditionalAttributes=[{"Name": name, "Values": values} for name, values in extra.items()],
        Platforms=[{"ShortName": "SENTINEL-1B", "Instruments": [{"ShortName": "C-SAR"}]}],
        CloudCover=12,
        PGEVersionClass={"PGEName": "IPF", "PGEVersion": "3.1"},
        OrbitCalculatedSpatialDomains=[{"OrbitNumber": 24970}],
        ProviderDates=[{"Type": "Insert", "Date": "2024-06-05T00:00:00Z"}],
        Projects=[{"ShortName": "Not provided", "Campaigns": ["Terra"]}],
        TilingIdentificationSystem={
            "TilingIdentificationSystemName": "MODIS Tile SIN",
            "Coordinate1": {"MinimumValue": 18.0},
            "Coordinate2": {"MinimumValue": 4},
        },
    )
    assert product.problems == ()
    assert {name: value for name, value in product.properties.items() if name != "ingested"} == {
        "absolute_orbit": 24970, "campaign_id": "Terra", "cloud_cover": 12.0, "instruments": ("c-sar",),
        "observation_direction": "right", "orbit_state": "ascending", "platform": "sentinel-1b",
        "polarizations": ("VV", "VH"), "processing_software": ("IPF",), "processing_version": "3.1",
        "product_version": "061", "tile_id": "h18v04", "track": "94",
    }  # fmt: skip


def test_files():
    """Addresses by their types; sizes and checksums by name, or of the only file there is."""
    urls = [
        {"Type": "GET DATA", "URL": "https://d.example/a.nc"},
        {"Type": "GET DATA VIA DIRECT ACCESS", "URL": "s3://d/a.nc"},
        {"Type": "GET RELATED VISUALIZATION", "URL": "https://d.example/thumb.png"},
        {"Type": "EXTENDED METADATA", "URL": "https://d.example/a.xml"},
        {"Type": "GET DATA", "URL": "/path/of/the/archive"},
    ]
    digest = "0" * 32
    file = {"Name": "a.nc", "SizeInBytes": 7, "Checksum": {"Algorithm": "MD5", "Value": digest}}
    packages = [{"Name": "all.zip", "Size": 2, "SizeUnit": "MB", "Files": [file]}]
    product = _umm(RelatedUrls=urls, DataGranule={"ArchiveAndDistributionInformation": packages})
    said = {asset.key: (asset.roles, asset.size, asset.checksum) for asset in product.assets}
    assert said["data"] == (("data",), 7, f"md5:{digest}")
    assert said["data-s3"] == (("data",), 7, f"md5:{digest}")
    assert said["thumbnail"][0] == ("thumbnail",)
    assert said["metadata"][0] == ("metadata",)
    assert [problem.where for problem in product.problems] == ["links"]
    alone = _umm(
        RelatedUrls=urls[:1],
        DataGranule={"ArchiveAndDistributionInformation": [{"Name": "Not provided", "Size": 26.5}]},
    )
    assert alone.assets[0].size == 27787264


def test_inherited_links_are_of_the_collection():
    """They are left out."""
    rel = "http://esipfed.org/ns/fedsearch/1.1/data#"
    links = [
        {"rel": rel, "href": "https://d.example/a"},
        {"rel": rel, "href": "https://d.example/", "inherited": True},
    ]
    assert [asset.href for asset in _short(links=links, granule_size="1").assets] == ["https://d.example/a"]
    assert _short(links=links, granule_size="1").assets[0].size == 1024**2


# --- documents


def test_what_is_no_granule():
    """Records without a name or a collection are refused, and lists of collections are not products."""
    with pytest.raises(BadRecord, match="no identifier"):
        UMM.product({"umm": {"x": 1}, "meta": {}}, collection="c")
    with pytest.raises(BadRecord, match="names no collection"):
        _umm(CollectionReference=None)
    collection = {"meta": {"concept-type": "collection"}, "umm": {"ShortName": "S", "EntryTitle": "T"}}
    with pytest.raises(BadAnswer, match="a list of 1 collections, not products"):
        UMM.feed({"hits": 1, "items": [collection]}, "x")
    with pytest.raises(BadAnswer, match="without an array of items"):
        UMM.feed({"hits": 1, "items": {"a": 1}}, "x")


def test_one_entry_instead_of_a_list():
    """As some converters of XML write it."""
    entry = {"id": "G1-X", "title": "A", "data_center": "X"}
    assert len(CMR_JSON.feed({"feed": {"entry": entry}}, "x").entries) == 1
    assert CMR_JSON.feed({"feed": {}}, "x").entries == ()


def test_asf_in_two_shapes():
    """A feature without the granule's metadata, and a row of jsonlite, are one product."""
    row = {"platform": "Sentinel-1B", "polarization": "VV+VH", "startTime": "2021-01-02T03:20:31Z"}
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [1, 2]},
        "umm": {},
        "meta": {},
        "properties": row
        | {"fileID": "S1B_X-SLC", "sceneName": "S1B_X", "processingLevel": "SLC", "orbit": 7},
    }
    (read,) = (ASF.product(entry) for entry in ASF.feed(feature, "x").entries)
    lite = row | {"productID": "S1B_X-SLC", "granuleName": "S1B_X", "productType": "SLC", "orbit": ["7"]}
    (rows,) = ASF.feed({"results": [lite | {"wkt": "POINT (1 2)"}]}, "x").entries
    assert ASF.recognises({"results": [lite]}) and ASF.recognises(feature) and not UMM.recognises(feature)
    assert ASF.product(rows) == read
    assert read.collection == "SENTINEL-1B_SLC"


def test_collections():
    """Title, abstract, DOI, extents, platforms; named by short name and version, with the concept id."""
    umm = {
        "ShortName": "SHORT", "Version": "2", "EntryTitle": "A title", "Abstract": "Words.",
        "DOI": {"DOI": "10.5067/X"},
        "Platforms": [{"ShortName": "SWOT", "Instruments": [{"ShortName": "KaRIn"}]}],
        "TemporalExtents": [
            {"EndsAtPresentFlag": False, "RangeDateTimes": [
                {"BeginningDateTime": "2022-12-16T00:00:00Z", "EndingDateTime": "2023-01-01T00:00:00Z"},
                {"BeginningDateTime": "2023-02-01T00:00:00Z"},
            ]},
        ],
        "SpatialExtent": {"HorizontalSpatialDomain": {"Geometry": {"BoundingRectangles": [
            {"WestBoundingCoordinate": -180, "SouthBoundingCoordinate": -78, "EastBoundingCoordinate": 180,
             "NorthBoundingCoordinate": 78},
        ]}}},
        "UseConstraints": {"LicenseURL": {"Linkage": "https://l.example/"}},
        "ScienceKeywords": [{"Category": "EARTH SCIENCE", "Topic": "OCEANS", "Term": "TIDES"}],
    }  # fmt: skip
    found = read_umm_collection({"meta": {"concept-id": "C1-X"}, "umm": umm})
    assert (found.id, found.title, found.doi, found.license) == (
        "SHORT_2",
        "A title",
        "10.5067/X",
        "https://l.example/",
    )
    assert found.time.isoformat() == "2022-12-16T00:00:00Z/.."
    assert (found.platforms, found.instruments, found.keywords) == (("SWOT",), ("KaRIn",), ("TIDES",))
    assert found.footprint and found.footprint.bbox == (-180, -78, 180, 78)
    assert found.aliases == ("C1-X",)
    with pytest.raises(BadRecord, match="without a short name"):
        read_umm_collection({"umm": None})


@modest
@given(
    st.dictionaries(st.sampled_from(["umm", "meta", "feed", "properties", "results", "items", "hits"]), junk)
)
def test_never_fails_otherwise(document: dict[str, Any]):
    """Whatever a document is, it is read, refused or no answer."""
    for form in (UMM, ASF, CMR_JSON):
        with suppress(BadAnswer, BadRecord):
            if form.recognises(document):
                for entry in form.feed(document, "x").entries:
                    form.product(entry, collection="c")
    with suppress(BadRecord):
        read_umm_collection(document)
    assert json.dumps(document) is not None


MEMBERS = [
    "TemporalExtent", "SpatialExtent", "RelatedUrls", "DataGranule", "Platforms", "AdditionalAttributes",
    "ProviderDates", "CollectionReference", "TilingIdentificationSystem", "CloudCover", "Projects",
]  # fmt: skip


@modest
@given(st.sampled_from(MEMBERS), junk)
def test_any_member_may_be_anything(name: str, value: Any):
    """A member that is something else than it should be costs what it would have said, not the product."""
    with suppress(BadRecord):
        assert _umm(**{name: value}).id == "A.1"


@modest
@given(st.sampled_from(["polygons", "boxes", "points", "lines", "links", "orbit", "time_start"]), junk)
def test_any_member_of_short_json_may_be_anything(name: str, value: Any):
    """The same in short JSON."""
    with suppress(BadRecord):
        assert _short(**{name: value}).id == "A.1"
