from __future__ import annotations

import pytest

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.parameters import Parameters, query_from_parameters
from ckanext.nextgeoss.eo.product import Value
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.tests.core.strategies import ROWS


def ask(**params: str | list[str]) -> Query:
    return query_from_parameters(params, ROWS)


def test_no_parameters_ask_for_everything() -> None:
    assert query_from_parameters({}, ROWS) == Query()


def test_words_ids_and_collections() -> None:
    query = ask(q=" flood ", id="a", collection=["sentinel-1-grd", "sentinel-2-l2a"])
    assert query == Query(words="flood", ids=("a",), collections=("sentinel-1-grd", "sentinel-2-l2a"))


def test_other_and_empty_parameters_are_left_alone() -> None:
    assert ask(page="3", foo="bar", bbox="", cloud_cover=" ", start="") == Query()


@pytest.mark.parametrize("name", ["bbox", "ext_bbox"])
def test_a_box_may_cross_the_antimeridian(name: str) -> None:
    params: Parameters = {name: "170,-10,-170,10"}
    assert query_from_parameters(params, ROWS).footprint == Footprint.from_bbox(170, -10, -170, 10)


def test_a_geometry_and_its_relation() -> None:
    query = ask(geometry="POLYGON((0 0,1 0,1 1,0 0))", relation="within")
    assert query.footprint == Footprint.from_wkt("POLYGON((0 0,1 0,1 1,0 0))")
    assert query.relation == "within"


def test_a_day_as_end_reaches_to_its_end() -> None:
    assert ask(start="2020-01-01", end="2020-01-31").time == TemporalExtent.parse("2020-01-01/2020-01-31")
    assert ask(end="2020-01-31T00:00:00Z").time == TemporalExtent.parse("../2020-01-31T00:00:00Z")


@pytest.mark.parametrize(
    ("params", "operator", "value"),
    [
        ({"cloud_cover": "10"}, "=", 10.0),
        ({"cloud_cover": "0..20"}, "between", (0.0, 20.0)),
        ({"cloud_cover": "..20"}, "<=", 20.0),
        ({"cloud_cover": "5.."}, ">=", 5.0),
        ({"cloud_cover_min": "5", "cloud_cover_max": "20"}, "between", (5.0, 20.0)),
        ({"cloud_cover_max": "20"}, "<=", 20.0),
        ({"cloud_cover_min": "20"}, ">=", 20.0),
        ({"cloud_cover": ["10", "20"]}, "in", (10.0, 20.0)),
        ({"platform": "sentinel-2a"}, "=", "sentinel-2a"),
        ({"platform": ["a", "b..c"]}, "in", ("a", "b..c")),
        ({"orbit_state": "ASCENDING"}, "=", "ascending"),
        ({"instruments": "msi"}, "=", "msi"),
        ({"instruments": "msi,olci"}, "in", ("msi", "olci")),
        ({"is_output": "true"}, "=", True),
        (
            {"created": "2020-01-01..2020-02-01"},
            "between",
            (parse_time("2020-01-01"), parse_time("2020-02-01T23:59:59.999999Z")),
        ),
    ],
)
def test_conditions_on_properties(params: Parameters, operator: str, value: Value) -> None:
    name = next(iter(params)).removesuffix("_min").removesuffix("_max")
    assert query_from_parameters(params, ROWS).conditions == (Condition(name, operator, value),)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"bbox": "1,2,3"}, "bbox: '1,2,3' .* west,south,east,north"),
        ({"ext_bbox": "a,b,c,d"}, "ext_bbox: 'a,b,c,d'"),
        ({"bbox": "0,0,1,95"}, "bbox: '0,0,1,95' .* latitude within -90..90"),
        ({"bbox": "0,9,1,5"}, "bbox: '0,9,1,5' .* south not greater than north"),
        ({"bbox": ["0,0,1,1", "2,2,3,3"]}, "bbox: .* one value"),
        ({"geometry": "CIRCLE(1)"}, "geometry: 'CIRCLE"),
        ({"relation": "near"}, "relation: 'near' .* intersects, within, contains, disjoint"),
        ({"start": "yesterday"}, "start: 'yesterday' .* RFC 3339"),
        ({"start": "2020-02-01", "end": "2020-01-01"}, "end: .* not before the start"),
        ({"cloud_cover": "cloudy"}, "cloud_cover: 'cloudy' .* a number from 0 up to 100"),
        ({"cloud_cover": "120"}, "cloud_cover: 120.0 .* from 0 up to 100"),
        ({"cloud_cover_min": "x"}, "cloud_cover_min: 'x' .* a number"),
        ({"cloud_cover": "20..10"}, r"cloud_cover: '20..10' .* first value is not the greater"),
        ({"orbit_state": "sideways"}, "orbit_state: 'sideways' .* ascending, descending"),
    ],
)
def test_a_bad_value_names_parameter_value_and_what_is_allowed(params: Parameters, message: str) -> None:
    with pytest.raises(BadValue, match=message):
        query_from_parameters(params, ROWS)
