from __future__ import annotations

import json

import pytest

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint

TRIANGLE = "POLYGON ((0 0, 2 0, 2 1, 0 0))"


@pytest.mark.parametrize(
    "text",
    [
        TRIANGLE,
        "polygon((0 0,2 0,2 1,0 0))",
        "SRID=4326;POLYGON((0 0,2 0,2 1,0 0))",
        "geography'SRID=4326;POLYGON ((0 0,2 0,2 1,0 0))'",
        "POLYGON Z ((0 0 5, 2 0 5, 2 1 5, 0 0 5))",
        "POLYGON ZM ((0 0 5 1, 2 0 5 1, 2 1 5 1, 0 0 5 1))",
        "POLYGON((0.0e0 -0,+2. 0,2 1.0,.0 0))",
        "POLYGON((0 0,2 0,2 1))",
        "MULTIPOLYGON(((0 0,2 0,2 1,0 0)))",
        "GEOMETRYCOLLECTION(POINT(5 5),POLYGON((0 0,2 0,2 1,0 0)))",
        "GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POLYGON((0 0,2 0,2 1,0 0))),POINT EMPTY)",
    ],
)
def test_wkt_in_its_dialects(text: str) -> None:
    found = Footprint.from_wkt(text)
    assert found is not None
    assert found.wkt == TRIANGLE


@pytest.mark.parametrize(
    ("text", "wkt"),
    [
        ("POINT(1 2)", "POINT (1 2)"),
        ("POINT Z (1 2 3)", "POINT (1 2)"),
        ("POINT(190 2)", "POINT (-170 2)"),
        ("MULTIPOINT((1 2),(3 4))", "MULTIPOINT ((3 4), (1 2))"),
        ("MULTIPOINT(1 2,3 4)", "MULTIPOINT ((3 4), (1 2))"),
        ("LINESTRING(1 2,3 4)", "LINESTRING (1 2, 3 4)"),
        ("MULTILINESTRING((1 2,3 4),(5 6,7 8))", "MULTILINESTRING ((5 6, 7 8), (1 2, 3 4))"),
        ("LINESTRING(1 2,1 2)", "POINT (1 2)"),
        ("ENVELOPE(1, 3, 4, 2)", "POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2))"),
    ],
)
def test_wkt_of_other_kinds(text: str, wkt: str) -> None:
    found = Footprint.from_wkt(text)
    assert found is not None
    assert found.wkt == wkt


@pytest.mark.parametrize(
    "text", ["", "  ", "POLYGON EMPTY", "GEOMETRYCOLLECTION EMPTY", "MULTIPOLYGON EMPTY", "SRID=4326;"]
)
def test_empty_wkt_is_no_footprint(text: str) -> None:
    assert Footprint.from_wkt(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "POLYGON((0 0,2 0,2 1,0 0)", "POLYGON", "CIRCLE((0 0) 5)", "POINT(a b)", "SRID=3857;POINT(1 2)",
        "POLYGON((0 0,2 91,2 1,0 0))", "POINT(1)", "{}", "POLYGON((0 0],[2 0,2 1,0 0))", "POLYGON(0 0,1 1)",
        "POINT(1e999 0)", "ENVELOPE(1,2,3)", "POINT((1 2))",
    ],
)  # fmt: skip
def test_bad_wkt_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match="geometry"):
        Footprint.from_wkt(text)


GEOMETRY = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 1], [0, 0]]]}


@pytest.mark.parametrize(
    "value",
    [
        GEOMETRY,
        json.dumps(GEOMETRY),
        {"type": "Feature", "geometry": GEOMETRY, "properties": {}},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": GEOMETRY}]},
        {"type": "GeometryCollection", "geometries": [GEOMETRY, {"type": "Point", "coordinates": [7, 7]}]},
        {"type": "Polygon", "coordinates": [[[0, 0, 100], [2, 0, 100], [2, 1, 100], [0, 0, 100]]]},
        {"type": "Polygon", "coordinates": [GEOMETRY["coordinates"]]},
        {"type": "MultiPolygon", "coordinates": GEOMETRY["coordinates"]},
    ],
)
def test_geojson_in_its_wrappings(value: object) -> None:
    found = Footprint.from_geojson(value)
    assert found is not None
    assert found.geojson == {
        "type": "Polygon",
        "coordinates": [[[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 0.0]]],
    }


@pytest.mark.parametrize(
    "value",
    [
        None, {}, [], "", "null", "{}", {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "MultiPolygon", "coordinates": None}, {"type": "Feature", "geometry": None},
        {"type": "GeometryCollection", "geometries": []},
    ],
)  # fmt: skip
def test_empty_geojson_is_no_footprint(value: object) -> None:
    assert Footprint.from_geojson(value) is None


@pytest.mark.parametrize("numbers", [[1, 2, 3, 4], [1, 2, 0, 3, 4, 100], "[1, 2, 3, 4]"])
def test_a_bbox_is_a_footprint(numbers: object) -> None:
    assert Footprint.from_geojson(numbers) == Footprint.from_bbox(1, 2, 3, 4)


@pytest.mark.parametrize(
    "value",
    [
        "{", 5, {"type": "Circle"}, {"type": None}, {"coordinates": [0, 0]}, [1, 2, 3],
        {"type": "Point", "coordinates": 5},
        {"type": "Point", "coordinates": ["a", "b"]}, {"type": "Point", "coordinates": [None, 1]},
        {"type": "Point", "coordinates": [1]}, {"type": "Point", "coordinates": [float("nan"), 1]},
        {"type": "Point", "coordinates": [0, 90.001]}, {"type": "Point", "coordinates": [541, 0]},
        {"type": "Polygon", "coordinates": {"a": 1}}, {"type": "Polygon", "coordinates": [[[0, 0], 5]]},
    ],
)  # fmt: skip
def test_bad_geojson_is_refused(value: object) -> None:
    with pytest.raises(BadValue):
        Footprint.from_geojson(value)


def test_latitude_may_pass_90_by_less_than_the_grid() -> None:
    found = Footprint.from_geojson({"type": "Point", "coordinates": [0, 90.00000001]})
    assert found is not None
    assert found.wkt == "POINT (0 90)"


def test_a_box_from_north_to_south_is_turned_and_it_is_said() -> None:
    found = Footprint.from_geojson([-180, 85, 180, -56])
    assert found == Footprint.from_bbox(-180, -56, 180, 85)
    assert found.repairs == ("south and north of a box swapped",)


def test_coordinates_nested_otherwise_than_their_type_are_said() -> None:
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": [GEOMETRY["coordinates"]]})
    assert found is not None
    assert found.repairs == ("Polygon nested as a MultiPolygon",)


@pytest.mark.parametrize(
    ("kind", "text", "wkt"),
    [
        ("point", "45.256 -71.92", "POINT (-71.92 45.256)"),
        ("line", "0 0 1 2", "LINESTRING (0 0, 2 1)"),
        ("polygon", "0 0 0 2 1 2 0 0", TRIANGLE),
        ("polygon", "0,0 0,2 1,2 0,0", TRIANGLE),
        ("polygon", " 0 0\n0 2\n1 2\n0 0 ", TRIANGLE),
        ("box", "2 1 4 3", "POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2))"),
        ("box", "5 5 5 5", "POINT (5 5)"),
    ],
)
def test_georss_has_latitude_first(kind: str, text: str, wkt: str) -> None:
    found = Footprint.from_georss(kind, text)
    assert found is not None
    assert found.wkt == wkt


def test_georss_box_across_the_antimeridian() -> None:
    assert Footprint.from_georss("box", "-10 170 10 -170") == Footprint.from_bbox(170, -10, -170, 10)


@pytest.mark.parametrize("kind", ["point", "line", "polygon", "box"])
def test_empty_georss_is_no_footprint(kind: str) -> None:
    assert Footprint.from_georss(kind, " ") is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("polygon", "0 0 0"), ("box", "0 0 NaN 1"), ("box", "0 0 1"), ("point", "x y"), ("circle", "0 0 1"),
        ("line", "0 0 91 91"),
    ],
)  # fmt: skip
def test_bad_georss_is_refused(kind: str, text: str) -> None:
    with pytest.raises(BadValue):
        Footprint.from_georss(kind, text)


def test_latitudes_that_cannot_be_show_that_the_axes_are_swapped() -> None:
    found = Footprint.from_georss("polygon", "100 0 102 0 102 1 100 0")
    assert found is not None
    assert found.wkt == "POLYGON ((100 0, 102 0, 102 1, 100 0))"
    assert found.repairs == ("axes swapped",)


@pytest.mark.parametrize(
    ("kind", "text", "axis", "dimension"),
    [
        ("posList", "0 0 0 2 1 2 0 0", "lat lon", 2),
        ("posList", "0 0 2 0 2 1 0 0", "lon lat", 2),
        ("posList", "0 0 9 0 2 9 1 2 9 0 0 9", "lat lon", 3),
        ("coordinates", "0,0 2,0 2,1 0,0", "lon lat", 2),
        ("coordinates", "0,0 0,2 1,2 0,0", "lat lon", 2),
        ("Polygon", "0 0 0 2 1 2", "lat lon", 2),
    ],
)
def test_gml_positions(kind: str, text: str, axis: str, dimension: int) -> None:
    found = Footprint.from_gml(kind, text, axis=axis, dimension=dimension)
    assert found is not None
    assert found.wkt == TRIANGLE


def test_gml_of_other_kinds() -> None:
    assert Footprint.from_gml("Envelope", "2 1 4 3") == Footprint.from_bbox(1, 2, 3, 4)
    assert Footprint.from_gml("pos", "2 1") == Footprint.from_wkt("POINT(1 2)")
    assert Footprint.from_gml("posList", "2 1 4 3") == Footprint.from_wkt("LINESTRING(1 2,3 4)")
    assert Footprint.from_gml("posList", "") is None
