"""What our own APIs are asked by, as texts of a URL and as values of JSON."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.parameters import mistakes, query_from_parameters, texts, unknown
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.search.parameters import BadParameters, asked_rows, catalogue_query
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.tests.core.strategies import ROWS, footprints, junk, modest

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
NAMES = [
    "q", "id", "collection", "bbox", "geometry", "relation", "start", "end", "time_relation", "latest",
    "sort", "limit", "offset", "cursor", "facets", "cloud_cover", "cloud_cover_min", "cloud_cover_max",
    "platform", "instruments", "created", "created_max", "is_output", "absolute_orbit", "access", "provider",
    "topic", "title", "metadata_modified", "metadata_modified_min", "odd",
]  # fmt: skip
LIKELY = st.sampled_from(
    [
        "1",
        "-start",
        "start desc",
        "2024-05-01",
        "0..20",
        "10,20,30,40",
        "POINT(1 2)",
        "true",
        "online",
        3,
        0.5,
    ]
)


def ask(**given: object) -> Query:
    return catalogue_query(given, ROWS)


@modest
@given(st.dictionaries(st.sampled_from(NAMES), junk | LIKELY, max_size=5))
def test_any_parameters_give_a_query_that_solr_is_asked_or_reasons(given: dict[str, Any]) -> None:
    try:
        query = catalogue_query(given, ROWS)
    except BadParameters as error:
        assert error.reasons
        return
    try:
        assert "rows" in solr_parameters(query, ROWS)
    except BadValue as error:
        assert error.where == "cursor"


@modest
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=12) | LIKELY, max_size=4))
def test_mistakes_are_told_where_there_are_some(given: dict[str, Any]) -> None:
    params, rows = texts(given), asked_rows(ROWS)
    try:
        query_from_parameters(params, rows)
    except BadValue:
        assert mistakes(params, rows)
    else:
        assert not mistakes(params, rows)


@modest
@given(footprints())
def test_a_geometry_is_wkt_or_an_object_of_geojson(footprint: Footprint) -> None:
    assert ask(geometry=footprint.wkt).footprint == footprint
    assert ask(geometry=footprint.geojson).footprint == footprint


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"bbox": [170, -10.5, -170, 10]}, Query(footprint=Footprint.from_bbox(170, -10.5, -170, 10))),
        ({"id": ["a,b", "c"]}, Query(ids=("a,b", "c"))),
        ({"id": "a, b,,c"}, Query(ids=("a", "b", "c"))),
        ({"collection": "x,y", "q": "a, b"}, Query(collections=("x", "y"), words="a, b")),
        ({"limit": 0, "offset": "10000"}, Query(limit=0, offset=10_000)),
        ({"latest": True}, Query(latest=True)),
        ({"latest": "no", "q": None}, Query()),
        ({"sort": "-start,cloud_cover"}, Query(sort=(("start", "desc"), ("cloud_cover", "asc")))),
        ({"sort": ["title desc", "id"]}, Query(sort=(("title", "desc"), ("id", "asc")))),
        ({"facets": "platform,access"}, Query(facets=("platform", "access"))),
        ({"cloud_cover_max": 20}, Query(conditions=(Condition("cloud_cover", "<=", 20.0),))),
        (
            {"access": "online,sign-in"},
            Query(conditions=(Condition("access", "in", ("online", "sign-in")),)),
        ),
        ({"topic": ["farms"]}, Query(conditions=(Condition("topic", "=", "farms"),))),
        ({"platform": "a,b"}, Query(conditions=(Condition("platform", "=", "a,b"),))),
        ({"time_relation": "within"}, Query(time_relation="within")),
    ],
)
def test_values_of_json(given: dict[str, Any], expected: Query) -> None:
    assert catalogue_query(given, ROWS) == expected


@pytest.mark.parametrize(
    ("given", "reasons"),
    [
        ({"limit": 1001}, {"limit": "'1001' .* from 0 up to 1000; follow next_cursor"}),
        ({"limit": -1}, {"limit": "'-1' is not allowed"}),
        ({"offset": 10001}, {"offset": "up to 10000; follow next_cursor instead"}),
        ({"latest": "perhaps"}, {"latest": "true or false"}),
        ({"sort": "clouds"}, {"sort": "'clouds' .* one of id, .*cloud_cover"}),
        ({"sort": "start upwards"}, {"sort": "names such as start, -start"}),
        ({"facets": "odd"}, {"facets": "'odd' .* one of collection"}),
        ({"access": "never"}, {"access": "online, offline, sign-in"}),
        ({"q": {"a": 1}}, {"q": "a text, a number"}),
        ({"q": [["a"]]}, {"q": "a text, a number"}),
        ({"bbox": [1, 2, 3]}, {"bbox": "one value"}),
        ({"geometry": {"type": "Circle"}}, {"geometry": "expected"}),
        ({"geometry": "POINT EMPTY"}, {"geometry": "a geometry that is not empty"}),
        ({"time_relation": "near"}, {"time_relation": "one of intersects"}),
        ({"cloud_cover": float("nan")}, {"cloud_cover": "a text, a number"}),
        ({"platfrm": "x"}, {"platfrm": "no such parameter; did you mean platform?"}),
        ({"zzzz": "x"}, {"zzzz": "there is no such parameter$"}),
        (
            {"bbox": "1", "start": "once", "odd_one": 1},
            {"bbox": "four numbers", "start": "RFC 3339", "odd_one": "no such"},
        ),
    ],
)
def test_what_is_wrong_is_said_of_each_parameter(given: dict[str, Any], reasons: dict[str, str]) -> None:
    with pytest.raises(BadParameters) as told:
        catalogue_query(given, ROWS)
    assert told.value.reasons.keys() == reasons.keys()
    assert all(re.search(reason, told.value.reasons[name]) for name, reason in reasons.items()), told.value


def test_parameters_of_the_caller_are_left_to_it() -> None:
    assert catalogue_query({"roles": "data", "q": "x"}, ROWS, ("roles",)) == Query(words="x")
    assert unknown(["fromat"], ROWS, ("format",)) == {"fromat": "format"}
