from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.package import spatial_text
from ckanext.nextgeoss.tests.core.strategies import convex_rings, footprints, latitudes, longitudes, modest

WORLD = Footprint.from_bbox(-180, -90, 180, 90)


def polygon(*rings: list[tuple[float, float]]) -> Footprint:
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": rings})
    assert found is not None
    return found


def ring(text: str) -> list[tuple[float, float]]:
    """A ring written as `x y, x y, ...`."""
    numbers = [pair.split() for pair in text.split(",")]
    return [(float(x), float(y)) for x, y in numbers]


def covered(footprint: Footprint, x: float, y: float) -> bool:
    return bool(shapely.covers(footprint.shape, shapely.Point(x, y)))


def edges(wkt: str) -> list[Any]:
    parts = shapely.get_parts(shapely.from_wkt(wkt))
    lines = shapely.get_rings(parts) if parts[0].geom_type == "Polygon" else parts
    return [np.abs(np.diff(shapely.get_coordinates(line), axis=0)) for line in lines]


# --- across the antimeridian


@pytest.mark.parametrize(
    "text",
    [
        "170 -10,-170 -10,-170 10,170 10,170 -10",
        "170 -10,190 -10,190 10,170 10,170 -10",
        "-190 -10,-170 -10,-170 10,-190 10,-190 -10",
        "530 -10,190 -10,190 10,530 10,530 -10",
        "170 10,-170 10,-170 -10,170 -10,170 10",
    ],
)
def test_a_ring_across_the_antimeridian_however_written(text: str) -> None:
    found = polygon(ring(text))
    assert found == Footprint.from_bbox(170, -10, -170, 10)
    assert found.geojson["type"] == "MultiPolygon"
    assert found.bbox == (170, -10, -170, 10)
    assert found.centroid == (180, 0)
    assert found.area == 400
    assert covered(found, 175, 0)
    assert covered(found, -175, 0)
    assert not covered(found, 0, 0)


def test_longitudes_beyond_180() -> None:
    """As mosaics, elevation models and geostationary images have them."""
    west = polygon(ring("-182.3 0,-180.5 0,-180.5 1,-182.3 1,-182.3 0"))
    assert west.bbox == (177.7, 0, 179.5, 1)
    tile = polygon(ring("179.5 0,180.5 0,180.5 1,179.5 1,179.5 0"))
    assert tile.bbox == (179.5, 0, -179.5, 1)


def test_a_footprint_split_already_stays_as_it_is() -> None:
    parts = [[ring("170 0,180 0,180 5,170 5,170 0")], [ring("-180 0,-170 0,-170 5,-180 5,-180 0")]]
    found = Footprint.from_geojson({"type": "MultiPolygon", "coordinates": parts})
    assert found == Footprint.from_bbox(170, 0, -170, 5)


def test_a_hole_across_the_antimeridian() -> None:
    found = polygon(
        ring("170 -10,-170 -10,-170 10,170 10,170 -10"), ring("175 -5,-175 -5,-175 5,175 5,175 -5")
    )
    assert found.area == 300
    assert not covered(found, 179, 0)
    assert covered(found, 172, 0)


def test_a_line_across_the_antimeridian() -> None:
    found = Footprint.from_geojson({"type": "LineString", "coordinates": [[170, 0], [-170, 10]]})
    assert found is not None
    assert found.wkt == "MULTILINESTRING ((170 0, 180 5), (-180 5, -170 10))"
    assert found.area == 0


@modest
@given(convex_rings(), st.sampled_from([-360, 0, 360]))
def test_a_ring_is_the_same_place_wherever_its_plane_begins(
    points: list[tuple[float, float]], turn: int
) -> None:
    planar = shapely.Polygon(points)
    moved = [(x + turn, y) for x, y in points]
    folded = [(round((x + 180) % 360 - 180, 4), y) for x, y in points]
    expected = polygon(points)
    if max(abs(x) for x, _ in moved) <= 540:
        assert polygon(moved) == expected
    assert polygon(folded) == expected
    assert expected.area == pytest.approx(planar.area, abs=1e-4)
    west, south, east, north = expected.bbox
    assert (east - west) % 360 == pytest.approx(planar.bounds[2] - planar.bounds[0], abs=1e-6)
    assert (south, north) == (planar.bounds[1], planar.bounds[3])


@modest
@given(convex_rings(), longitudes, latitudes)
def test_a_point_is_in_the_footprint_when_it_is_in_the_planar_ring(
    points: list[tuple[float, float]], x: float, y: float
) -> None:
    planar = shapely.Polygon(points)
    found = polygon(points)
    near = min(planar.boundary.distance(shapely.Point(x + turn, y)) for turn in (-360, 0, 360))
    if near > 1e-6:
        expected = any(planar.contains(shapely.Point(x + turn, y)) for turn in (-360, 0, 360))
        assert covered(found, x, y) == expected


# --- poles


@pytest.mark.parametrize(
    "text",
    [
        "0 60,90 60,180 60,-90 60,0 60",
        "0 60,-90 60,180 60,90 60,0 60",
        "-180 60,-90 60,0 60,90 60,180 60,-180 60",
        "-180 60,-90 60,0 60,90 60,180 60,180 90,-180 90,-180 60",
        "-180 60,180 60,180 90,-180 90,-180 60",
        "0 60,90 60,180 60,270 60,360 60",
    ],
)
def test_a_ring_round_the_north_pole_reaches_it(text: str) -> None:
    found = polygon(ring(text))
    assert found.area == pytest.approx(360 * 30)
    assert found.bbox == (-180, 60, 180, 90)
    assert covered(found, 45, 90)
    assert covered(found, 180, 75)
    assert not covered(found, 0, 59)


def test_a_ring_round_the_south_pole_reaches_it() -> None:
    found = polygon(ring("0 -70,120 -80,-120 -75,0 -70"))
    assert covered(found, 77, -90)
    assert found.bbox == (-180, -90, 180, -70)


def test_a_ring_round_the_pole_with_a_hole_round_the_pole() -> None:
    found = polygon(ring("0 60,90 60,180 60,-90 60,0 60"), ring("0 80,90 80,180 80,-90 80,0 80"))
    assert found.area == pytest.approx(360 * 20)
    assert not covered(found, 10, 85)


def test_edges_to_a_pole_follow_their_meridian() -> None:
    found = polygon(ring("170 80,0 90,-170 80,170 80"))
    assert found == polygon(ring("170 80,170 90,-170 90,-170 80,170 80"))
    assert found.area == 200


def test_an_orbit_over_the_pole() -> None:
    """A swath that goes up on one side of the world and down on the other."""
    found = polygon(
        ring("-10 0,10 0,20 60,60 85,120 85,160 60,170 0,-170 0,-160 60,-120 85,-60 85,-20 60,-10 0")
    )
    assert covered(found, 0, 30)
    assert covered(found, 180, 30)
    assert not covered(found, 90, 30)
    assert covered(found, 0, 89)
    assert not covered(found, 90, 80)


# --- wide areas


@pytest.mark.parametrize(
    "text",
    [
        "-180 -90,180 -90,180 90,-180 90,-180 -90",
        "0 -90,360 -90,360 90,0 90,0 -90",
        "-180 90,180 90,180 -90,-180 -90,-180 90",
        "-180 -90,0 -90,180 -90,180 90,0 90,-180 90,-180 -90",
        "-180 -90,-180 90,180 90,180 -90,-180 -90,-180 90,180 90,180 -90,-180 -90",
    ],
)
def test_the_world_however_written(text: str) -> None:
    found = polygon(ring(text))
    assert found == WORLD
    assert found.bbox == (-180, -90, 180, 90)
    assert found.solr_wkt() == "ENVELOPE(-180,180,90,-90)"


def test_a_band_round_the_world() -> None:
    found = polygon(ring("-180 40,180 40,180 50,-180 50,-180 40"))
    assert found.area == 3600
    assert covered(found, 0, 45)


def test_a_global_grid_cut_short_of_180_is_no_sliver() -> None:
    found = polygon(ring("-179.95 -89.95,179.95 -89.95,179.95 89.95,-179.95 89.95,-179.95 -89.95"))
    assert covered(found, 0, 0)
    tile = polygon(ring("179.5 10,-179.5 10,-179.5 11,179.5 11,179.5 10"))
    assert tile.area == 1


def test_a_wide_box_stays_wide() -> None:
    found = Footprint.from_bbox(-150, -10, 150, 10)
    assert found.area == 6000
    assert found.bbox == (-150, -10, 150, 10)
    assert Footprint.from_geojson(found.geojson) == found
    assert Footprint.from_bbox(0, -90, 360, 90) == WORLD
    assert Footprint.from_bbox(10, 0, 9, 1).area == pytest.approx(359)


@pytest.mark.parametrize(
    ("box", "wkt"),
    [
        ((5, 6, 5, 6), "POINT (5 6)"),
        ((1, 5, 2, 5), "LINESTRING (1 5, 2 5)"),
        ((180, 0, -180, 10), "LINESTRING (180 0, 180 10)"),
    ],
)
def test_a_box_without_area_is_a_line_or_point(box: tuple[float, float, float, float], wkt: str) -> None:
    assert Footprint.from_bbox(*box).wkt == wkt


@pytest.mark.parametrize("box", [(0, 10, 1, 5), (0, 0, 1, 90.1), (0, float("nan"), 1, 1), (0, 0, 1e9, 1)])
def test_a_box_that_cannot_be_is_refused(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(BadValue):
        Footprint.from_bbox(*box)


@modest
@given(*4 * [longitudes.filter(lambda x: abs(x) < 180)])
def test_boxes_meet_when_their_longitudes_do(a: float, b: float, c: float, d: float) -> None:
    first, second = Footprint.from_bbox(a, 0, b, 10), Footprint.from_bbox(c, 5, d, 15)
    spans = [[(w, e)] if w <= e else [(w, 180), (-180, e)] for w, e in ((a, b), (c, d))]
    expected = any(w <= f and v <= e for w, e in spans[0] for v, f in spans[1])
    assert first.intersects(second) == expected
    assert second.intersects(first) == expected


def test_within_and_contains_across_the_antimeridian() -> None:
    outer, inner = Footprint.from_bbox(160, -10, -160, 10), Footprint.from_bbox(170, -5, -170, 5)
    assert inner.within(outer)
    assert outer.contains(inner)
    assert not outer.within(inner)
    assert inner.within(WORLD)


# --- repair


@pytest.mark.parametrize(
    ("text", "wkt", "repairs"),
    [
        ("0 0,1 0,1 1", "POLYGON ((0 0, 1 0, 1 1, 0 0))", ("ring closed",)),
        ("0 0,0 0,1 0,1 0,1 1,0 0", "POLYGON ((0 0, 1 0, 1 1, 0 0))", ()),
        (
            "0 0,10 10,10 0,0 10,0 0",
            "MULTIPOLYGON (((5 5, 10 0, 10 10, 5 5)), ((0 0, 5 5, 0 10, 0 0)))",
            ("self-crossing ring repaired",),
        ),
        (
            "0 0,2 0,2 1,3 1,2 1,2 2,0 2,0 0",
            "POLYGON ((0 0, 2 0, 2 1, 2 2, 0 2, 0 0))",
            ("self-crossing ring repaired",),
        ),
        ("0 0,10 10,0 0", "LINESTRING (0 0, 10 10)", ("polygon without area",)),
        ("1 1,1 1,1 1,1 1", "POINT (1 1)", ("polygon without area",)),
        ("0 0,1 0,2 0,0 0", "LINESTRING (0 0, 1 0, 2 0)", ("polygon without area",)),
    ],
)  # fmt: skip
def test_rings_are_mended_and_it_is_said(text: str, wkt: str, repairs: tuple[str, ...]) -> None:
    found = polygon(ring(text))
    assert found.wkt == wkt
    assert found.repairs == repairs


def test_areas_that_are_too_thin_for_the_grid_are_lines() -> None:
    thin = [[ring("0 0,0 0.0000001,1 -1,0 0")]] * 2
    found = Footprint.from_geojson({"type": "MultiPolygon", "coordinates": thin})
    assert found is not None
    assert found.bbox == (0, -1, 1, 1e-7)
    assert "polygon without area" in found.repairs


def test_a_bow_tie_across_the_antimeridian_keeps_both_lobes() -> None:
    found = polygon(ring("170 -10,-170 10,-170 -10,170 10,170 -10"))
    assert found.area == 200
    assert found.bbox == (170, -10, -170, 10)


def test_a_loop_over_itself_is_filled() -> None:
    """Swaths of more than one orbit lie over themselves: even-odd filling would cut holes."""
    found = polygon(ring("0 0,10 0,10 4,2 4,2 -2,4 -2,4 6,0 6,0 0"))
    assert covered(found, 3, 2)


def test_parts_that_overlap_or_touch_become_one() -> None:
    parts = [[ring("0 0,2 0,2 2,0 2,0 0")], [ring("1 1,3 1,3 3,1 3,1 1")]]
    found = Footprint.from_geojson({"type": "MultiPolygon", "coordinates": parts})
    assert found is not None
    assert found.area == 7
    assert found.geojson["type"] == "Polygon"


def test_repairs_are_no_part_of_equality() -> None:
    open_, closed = polygon(ring("0 0,1 0,1 1")), polygon(ring("0 0,1 0,1 1,0 0"))
    assert open_ == closed
    assert hash(open_) == hash(closed)
    assert open_ != WORLD
    assert open_ != "POLYGON ((0 0, 1 0, 1 1, 0 0))"


def test_it_survives_pickling() -> None:
    found = Footprint.from_bbox(170, 0, -170, 5)
    assert pickle.loads(pickle.dumps(found)) == found


# --- rules for all


def assert_normalised(found: Footprint) -> None:
    shape = found.shape
    assert shapely.is_valid(shape), shapely.is_valid_reason(shape)
    west, south, east, north = shape.bounds
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
    coordinates = shapely.get_coordinates(shape)
    assert (coordinates == np.round(coordinates, 7)).all()
    assert all(lengths[:, 0].max() <= 180 for lengths in edges(found.wkt) if found.area)
    assert Footprint.from_geojson(found.geojson) == found
    assert Footprint.from_wkt(found.wkt) == found


@modest
@given(footprints())
def test_every_footprint_is_normalised_and_reading_it_again_changes_nothing(found: Footprint) -> None:
    assert_normalised(found)


@modest
@given(footprints())
def test_what_solr_gets_is_the_same_place_in_short_edges(found: Footprint) -> None:
    wkt = found.solr_wkt()
    if wkt.startswith("ENVELOPE"):
        assert found == WORLD
        return
    shape = shapely.from_wkt(wkt)
    assert shapely.is_valid(shape)
    assert shape.geom_type != "GeometryCollection"
    assert shape.area == pytest.approx(found.area, abs=1e-3)
    if found.area:
        assert all(lengths.max() <= 60 + 1e-6 for lengths in edges(wkt))


wild = st.tuples(
    st.floats(-540, 540) | st.sampled_from([-180.0, 180.0, 0.0, 179.9999999]),
    st.floats(-90, 90) | st.just(90.0),
)


@modest
@given(st.lists(st.lists(wild, min_size=1, max_size=9), min_size=1, max_size=3))
def test_any_rings_at_all_give_something_normalised(rings: list[list[tuple[float, float]]]) -> None:
    found = Footprint.from_geojson({"type": "Polygon", "coordinates": rings})
    if found is not None:
        assert shapely.is_valid(found.shape)
        assert_normalised(found)


@modest
@given(st.lists(st.tuples(longitudes.map(lambda x: x / 3), latitudes), min_size=3, max_size=8))
def test_a_ring_without_long_edges_covers_what_shapely_says(points: list[tuple[float, float]]) -> None:
    expected = shapely.make_valid(shapely.Polygon(points), method="structure", keep_collapsed=False)
    found = polygon(points)
    assert found.area == pytest.approx(expected.area, abs=1e-4)


@given(footprints())
def test_what_was_stored_is_the_same_footprint(found: Footprint) -> None:
    stored = Footprint.stored(spatial_text(found))
    assert stored is not None and stored == found
    assert (stored.geojson, stored.bbox, stored.wkt) == (found.geojson, found.bbox, found.wkt)
    assert stored.solr_wkt() == found.solr_wkt()


def test_what_another_program_stored_is_normalised() -> None:
    across = '{"type": "Polygon", "coordinates": [[[170, 0], [-170, 0], [-170, 10], [170, 10], [170, 0]]]}'
    assert Footprint.stored(across) == Footprint.from_bbox(170, 0, -170, 10)
