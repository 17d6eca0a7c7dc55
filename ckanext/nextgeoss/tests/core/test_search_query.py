"""A Query as parameters of Solr."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.collection import CollectionRegistry
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.query import filters, quoted, solr_parameters
from ckanext.nextgeoss.search.words import words

PROPERTIES = load_properties()
REGISTRY = CollectionRegistry.from_mapping({"sentinel-2-l2a": {"aliases": ["SENTINEL2_L2A"]}})
MAY = datetime(2024, 5, 1, 10, 20, 30, 999000, timezone.utc)


def one(**parts: Any) -> str:
    (found,) = filters(Query(**parts), PROPERTIES, REGISTRY)
    return found


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"ids": ("a", 'b"c')}, r'id:("a" OR "b\"c") OR eo_identifier:("a" OR "b\"c")'),
        ({"collections": ("x",)}, 'eo_collection:("x")'),
        (
            {"collections": ("sentinel2_l2a",)},
            'eo_collection:("sentinel2_l2a" OR "sentinel-2-l2a" OR "SENTINEL2_L2A")',
        ),
        ({"time": TemporalExtent(MAY, None)}, "eo_time:[2024-05-01T10:20:30Z TO *]"),
        ({"time": TemporalExtent(None, MAY)}, "eo_time:[* TO 2024-05-01T10:20:30Z]"),
        (
            {"time": TemporalExtent(None, MAY), "time_relation": "within"},
            "{!field f=eo_time op=Within}[* TO 2024-05-01T10:20:30Z]",
        ),
        (
            {"time": TemporalExtent(MAY, None), "time_relation": "disjoint"},
            "+eo_time:[* TO *] -eo_time:[2024-05-01T10:20:30Z TO *]",
        ),
        ({"conditions": (Condition("cloud_cover", "<", 5.5),)}, "eo_cloud_cover:[* TO 5.5}"),
        ({"conditions": (Condition("cloud_cover", ">=", 1e-07),)}, "eo_cloud_cover:[1e-07 TO *]"),
        ({"conditions": (Condition("cloud_cover", "between", (0.0, 20.0)),)}, "eo_cloud_cover:[0.0 TO 20.0]"),
        ({"conditions": (Condition("sun_elevation", "=", -3.5),)}, "eo_sun_elevation:[-3.5 TO -3.5]"),
        (
            {"conditions": (Condition("absolute_orbit", "in", (1, 2)),)},
            "eo_absolute_orbit:[1 TO 1] OR eo_absolute_orbit:[2 TO 2]",
        ),
        ({"conditions": (Condition("platform", "=", "a OR b"),)}, 'eo_platform:"a OR b"'),
        ({"conditions": (Condition("instruments", "=", "msi"),)}, 'eo_instruments:"msi"'),
        (
            {"conditions": (Condition("created", ">", MAY),)},
            "eo_created:{2024-05-01T10:20:30.999Z TO *]",
        ),
        (
            {"time": TemporalExtent(MAY, None), "time_relation": "equals"},
            "+eo_start:[2024-05-01T10:20:30.999Z TO 2024-05-01T10:20:30.999Z] -eo_end:[* TO *]",
        ),
        ({"conditions": (Condition("access", "=", "online"),)}, 'eo_access:"online"'),
        (
            {"conditions": (Condition("metadata_modified", ">=", MAY),)},
            "metadata_modified:[2024-05-01T10:20:30.999Z TO *]",
        ),
        (
            {"conditions": (Condition("platform", "!=", "s2"),)},
            '+eo_platform:[* TO *] -(eo_platform:"s2")',
        ),
        ({"conditions": (Condition("id", "starts", "S2*A"),)}, r"eo_identifier:S2\*A*"),
        ({"conditions": (Condition("id", "ends", 'A B"'),)}, r"eo_identifier:*A\ B\""),
        ({"conditions": (Condition("id", "has", "{!x}"),)}, r"eo_identifier:*\{\!x\}*"),
    ],
)
def test_filters(parts: dict[str, Any], expected: str) -> None:
    assert one(**parts) == expected


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("intersects", 'eo_footprint:"Intersects(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"'),
        ("within", 'eo_footprint:"IsWithin(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"'),
        ("contains", 'eo_footprint:"Contains(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"'),
        (
            "disjoint",
            '+eo_footprint:[* TO *] -eo_footprint:"Intersects(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"',
        ),
    ],
)
def test_place(relation: str, expected: str) -> None:
    assert one(footprint=Footprint.from_bbox(1, 2, 3, 4), relation=relation) == expected


def test_parameters_of_a_page() -> None:
    query = Query(
        words="rain AND fire", limit=10, facets=("platform", "topic"), sort=(("cloud_cover", "asc"),)
    )
    assert solr_parameters(query, PROPERTIES) == {
        "q": "rain and fire",
        "defType": "edismax",
        "qf": "eo_identifier^8 name^4 title^4 tags^2 groups^2 text",
        "q.op": "AND",
        "uf": "-*",
        "lowercaseOperators": "false",
        "fq": [],
        "sort": "eo_cloud_cover asc, index_id asc",
        "rows": 10,
        "cursorMark": "*",
        "facet": "true",
        "facet.field": ["eo_platform", "eo_topic"],
        "facet.mincount": 1,
        "facet.limit": 100,
    }


def test_newest_first_and_a_total_order_by_default() -> None:
    assert solr_parameters(Query(), PROPERTIES)["sort"] == "eo_start desc, index_id asc"
    assert solr_parameters(Query(words="x"), PROPERTIES)["sort"] == "score desc, eo_start desc, index_id asc"


def test_an_offset_takes_the_place_of_the_cursor() -> None:
    found = solr_parameters(Query(offset=40), PROPERTIES)
    assert (found["start"], "cursorMark" in found) == (40, False)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"sort": (("cloudcover", "asc"),)}, "sort: 'cloudcover' is not allowed; expected one of id"),
        ({"sort": (("cloud_cover", "up"),)}, "order of cloud_cover: 'up'"),
        ({"sort": (("instruments", "asc"),)}, "sort: 'instruments'"),
        ({"facets": ("weather",)}, "facet: 'weather' is not allowed; expected one of collection"),
        ({"cursor": "{!x}"}, "cursor"),
        ({"relation": "touches", "footprint": Footprint.from_bbox(0, 0, 1, 1)}, "relation: 'touches'"),
        ({"time": TemporalExtent(MAY, None), "time_relation": "near"}, "time relation: 'near'"),
        ({"conditions": (Condition("weather", "=", "x"),)}, "property: 'weather'"),
        ({"conditions": (Condition("cloud_cover", "~", 1),)}, "cloud_cover: '~'"),
        ({"conditions": (Condition("cloud_cover", "starts", 1),)}, "cloud_cover: 'starts'"),
    ],
)
def test_what_cannot_be_asked_is_named(parts: dict[str, Any], told: str) -> None:
    with pytest.raises(BadValue, match=re.escape(told)):
        solr_parameters(Query(**parts), PROPERTIES)


@pytest.mark.parametrize(
    ("text", "any_of", "expected"),
    [
        ("rain fire", (), "rain fire"),
        ('"rain and" fire', (), '"rain and" fire'),
        ('"NOT" rain', (), "not rain"),
        ('open " quote', (), r"open quote"),
        ("", ("rain", '"burnt area"'), '(rain OR "burnt area")'),
        ("fire", ("rain north", "x"), "fire ((rain AND north) OR x)"),
        ("", ("", " "), "*:*"),
    ],
)
def test_words_phrases_and_alternatives(text: str, any_of: tuple[str, ...], expected: str) -> None:
    assert words(text, any_of)["q"] == expected


@given(st.text())
def test_no_operator_of_a_user_reaches_the_parser(text: str) -> None:
    found = words(text)["q"]
    if found == "*:*":
        assert not text.replace('"', " ").split()
        return
    without_escapes = re.sub(r"\\.", "", found, flags=re.S)
    without_escapes = re.sub(r'"[^"]*"', "", without_escapes)  # phrases
    assert not set(without_escapes) & set('+-&|!(){}[]^"~*?:/\\')
    assert not {"AND", "OR", "NOT"} & set(found.split())


@given(st.text() | st.from_regex(r'_query_\s*:"\{!'))
def test_a_quoted_text_ends_where_it_ends(text: str) -> None:
    found = quoted(text)
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', found, flags=re.S)
    assert "{!" not in found and not re.search(r"_\s*:", found)
    assert re.sub(r"\\(.)", r"\1", found[1:-1], flags=re.S) == text[:1000]
