"""A Query as parameters of Solr."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.collection import CollectionRegistry
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.fast_yaml import load_yaml
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent
from ckanext.nextgeoss.search.query import filters, quoted, solr_parameters
from ckanext.nextgeoss.search.synonyms import synonyms
from ckanext.nextgeoss.search.words import terms
from ckanext.nextgeoss.tests.shared import ROOT

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
        ({"conditions": (Condition("id", "like", r"S2?*-\*\\ OR"),)}, r"eo_identifier:S2?*\-\*\\\ OR"),
        ({"conditions": (Condition("id", "like", ""),)}, 'eo_identifier:""'),
    ],
)
def test_filters(parts: dict[str, Any], expected: str) -> None:
    assert one(**parts) == expected


# what of a box of 1 to 3 and 2 to 4 degrees the cells leave open: it has none inside
INTERSECTS = (
    "eo_cell:(16i126 OR 8i517 OR 4i2025 OR 4i2115 OR 2i8190 OR 2i8191 OR 2i8370 OR 2i8371 OR 2i8550"
    " OR 2i8551) OR (+(eo_cell:(2b8190 OR 2b8191 OR 2b8370 OR 2b8371 OR 2b8550 OR 2b8551)"
    " OR filter(+*:* -eo_cell:placed))"
    ' +eo_footprint:"Intersects(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))")'
)


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("intersects", INTERSECTS),
        (
            "within",
            '+eo_footprint:"IsWithin(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"'
            ' -eo_footprint:"IsWithin(LINESTRING (1 2, 3 2, 3 4, 1 4, 1 2))"',
        ),
        ("contains", 'eo_footprint:"Contains(POLYGON ((1 2, 3 2, 3 4, 1 4, 1 2)))"'),
        (
            "disjoint",
            f"+eo_footprint:[* TO *] -({INTERSECTS})",
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
        "q": "{!edismax q.op=AND v=$words}",
        "words": "rain and fire",
        "qf": "eo_identifier^8 name^4 title^4 tags^2 groups^2 text",
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


def test_an_area_is_checked_last_and_kept_when_pages_follow() -> None:
    place = INTERSECTS
    query = Query(collections=("x",), footprint=Footprint.from_bbox(1, 2, 3, 4))
    first = solr_parameters(query, PROPERTIES)["fq"]
    assert first == ['eo_collection:("x")', "{!cache=false}" + place]
    assert solr_parameters(replace(query, cursor="abc"), PROPERTIES)["fq"] == [first[0], place]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2024-05-01T10:00:00.700Z",
            "2024-05-02T00:00:00Z",
            "(+eo_start:[* TO 2024-05-02T00:00:00.999Z] +(eo_end:[2024-05-01T10:00:00Z TO *] OR "
            "filter(+*:* -eo_end:[* TO *]))) OR "
            "(+eo_end:[2024-05-01T10:00:00Z TO *] +filter(+*:* -eo_start:[* TO *]))",
        ),
        (
            "2024-05-01T10:00:00Z",
            None,
            "(+eo_start:[* TO *] +(eo_end:[2024-05-01T10:00:00Z TO *] OR filter(+*:* -eo_end:[* TO *]))) OR "
            "(+eo_end:[2024-05-01T10:00:00Z TO *] +filter(+*:* -eo_start:[* TO *]))",
        ),
        (
            None,
            "2024-05-01T10:00:00Z",
            "(+eo_start:[* TO 2024-05-01T10:00:00.999Z]) OR "
            "(+eo_end:[* TO *] +filter(+*:* -eo_start:[* TO *]))",
        ),
    ],
)
def test_beside_an_area_a_time_is_compared_one_product_at_a_time(
    start: str | None, end: str | None, expected: str
) -> None:
    query = Query(time=TemporalExtent.of(start, end), footprint=Footprint.from_bbox(1, 2, 3, 4))
    assert solr_parameters(query, PROPERTIES)["fq"][0] == "{!cache=false}" + expected
    pages = solr_parameters(replace(query, cursor="abc"), PROPERTIES)["fq"]
    within = solr_parameters(replace(query, time_relation="within"), PROPERTIES)["fq"]
    assert ["eo_time" in fq for fq in (*pages, *within)] == [False, True, True, False]


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
        ({"ids": ("x",) * 1001}, "ids: '1001 values' is not allowed; expected at most 1000"),
        ({"collections": ("x",) * 1001}, "collections: '1001 values'"),
        ({"conditions": (Condition("platform", "in", ("x",) * 1001),)}, "platform: '1001 values'"),
        ({"words": "x " * 101}, "at most 100 words"),
        ({"any_words": ("x x",) * 51}, "at most 100 words"),
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
        ('"NOT" rain', (), '"not" rain'),
        ('open " quote', (), r"open quote"),
        ("", ("rain", '"burnt area"'), '(rain OR "burnt area")'),
        ("fire", ("rain north", "x"), "fire ((rain AND north) OR x)"),
        ("", ("", " "), "*:*"),
    ],
)
def test_words_phrases_and_alternatives(text: str, any_of: tuple[str, ...], expected: str) -> None:
    assert (terms(text, any_of) or "*:*") == expected


# what `words` may write once its escapes are taken out: terms, phrases and groups, and no operator else
_LETTER = r"""[^\s+\-&|!(){}\[\]^"~*?:/\\]"""
# an operator stands alone: `OR;` is a term
_TERM = rf"(?!(?:AND|OR|NOT)(?!{_LETTER})){_LETTER}+"
_PHRASE = rf'"(?:{_TERM})(?: (?:{_TERM}))*"'
_ALL = rf"\((?:{_TERM})(?: AND (?:{_TERM}))+\)"
_GROUP = rf"\((?:{_PHRASE}|{_ALL})(?: OR {_PHRASE})+\)"
_PLAIN = re.compile(rf"(?:{_TERM}|{_PHRASE})(?: (?:{_TERM}|{_PHRASE}))*")
_WRITTEN = re.compile(rf"(?:{_TERM}|{_PHRASE}|{_GROUP})(?: (?:{_TERM}|{_PHRASE}|{_GROUP}))*")
# texts with synonyms among operators, quotes and anything
_pieces = st.one_of(
    st.text(max_size=4),
    st.sampled_from(
        [
            "S2",
            "Sentinel 2A",
            "sea",
            "surface",
            "temperature",
            "NDVI",
            "L8",
            '"',
            " ",
            " OR ",
            "(",
            ")",
            "*",
            "^2",
        ]
    ),
)


def _without_escapes(found: str) -> str:
    return re.sub(r"\\.", "x", found, flags=re.S)


@given(st.one_of(st.text(), st.lists(_pieces).map("".join), st.lists(_pieces).map(" ".join)))
@example("OR;")
def test_no_operator_of_a_user_reaches_the_parser(text: str) -> None:
    found = terms(text) or "*:*"
    if found == "*:*":
        assert not text.replace('"', " ").split()
        return
    assert _WRITTEN.fullmatch(_without_escapes(found))
    # what the user typed is there, letter by letter, besides what else it is called
    own = re.sub(r"\\(.)", r"\1", re.sub(r'(?: OR "[^"\\]*")+\)', ")", found), flags=re.S)
    assert _letters(own.replace(" AND ", " ")) == _letters(text)


def _letters(text: str) -> str:
    return re.sub(r'[\s"()]', "", text).replace("AND", "and").replace("OR", "or").replace("NOT", "not")


@given(st.text(st.characters(exclude_categories=["L"])))
def test_words_without_synonyms_are_as_they_were(text: str) -> None:
    found = terms(text) or "*:*"
    assert found == "*:*" or _PLAIN.fullmatch(_without_escapes(found))


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("S2", '("S2" OR "sentinel 2")'),
        ("S2A", '("S2A" OR "sentinel 2a")'),
        ("sentinel-2a", r'("sentinel\-2a" OR "s2a")'),
        ("sentinel2", '("sentinel2" OR "s2")'),
        ("Sentinel 2A", '("Sentinel 2A" OR "s2a")'),
        ("sentinel 2 a", '("sentinel 2 a" OR "s2a")'),
        ("SENTINEL_2A rain", '("SENTINEL_2A" OR "s2a") rain'),
        ("S5P", '("S5P" OR "sentinel 5p")'),
        ("L8", '("L8" OR "landsat 8" OR "lc08")'),
        ("Landsat-8", r'("Landsat\-8" OR "l8" OR "lc08")'),
        ("landsat 5", '("landsat 5" OR "l5" OR "lt05")'),
        # levels of processing are no satellites
        ("L2", "L2"),
        ("L2A", "L2A"),
        ("L1C", "L1C"),
        (
            "AOT",
            '("AOT" OR "AOD" OR "aerosol optical depth" OR "aerosol optical thickness")',
        ),
        ("sea surface temperature", '((sea AND surface AND temperature) OR "SST")'),
        ("the sea surface", "the sea surface"),
        ("SST S3A", '("SST" OR "sea surface temperature") ("S3A" OR "sentinel 3a")'),
        ("DEM", '("DEM" OR "digital elevation model")'),
        # what stands between quotes is meant as it is
        ('"S2"', '"S2"'),
        ('"sentinel 2a" S1', '"sentinel 2a" ("S1" OR "sentinel 1")'),
        ('sea "surface" temperature', 'sea "surface" temperature'),
        ("S2A_MSIL1C_20240501", "S2A_MSIL1C_20240501"),
        ("", "*:*"),
    ],
)
def test_words_know_synonyms(text: str, q: str) -> None:
    assert (terms(text) or "*:*") == q


def test_synonyms_are_mutual() -> None:
    """Each text of a group leads to all others, and stands in one group only."""
    groups = load_yaml((ROOT / "ckanext/nextgeoss/schemas/synonyms.yaml").read_text("utf-8"))
    texts = [text for group in groups for text in group]
    assert len({text.casefold() for text in texts}) == len(texts)
    for group in groups:
        for text in group:
            assert set(synonyms(text)) == set(group) - {text}


@given(st.text() | st.from_regex(r'_query_\s*:"\{!'))
def test_a_quoted_text_ends_where_it_ends(text: str) -> None:
    found = quoted(text)
    assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', found, flags=re.S)
    assert "{!" not in found and not re.search(r"_\s*:", found)
    assert re.sub(r"\\(.)", r"\1", found[1:-1], flags=re.S) == text[:1000]
