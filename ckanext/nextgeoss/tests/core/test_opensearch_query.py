"""OpenSearch requests as queries; the ids of rules are those of CEOS and of the standards' statements."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.conditions import Parameters
from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.query import Condition, Query
from ckanext.nextgeoss.eo.temporal import TemporalExtent, parse_time
from ckanext.nextgeoss.search.opensearch_parameters import DEEPEST, FIXED, MOST, parameter_table
from ckanext.nextgeoss.search.opensearch_query import Asked, opensearch_query
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.tests.core.strategies import ROWS, modest

KNOWN = ("SENTINEL2_L1C", "sentinel-2-l1c")


def ask(**params: str | list[str]) -> Asked:
    return asked(params)


def asked(params: Parameters) -> Asked:
    return opensearch_query(params, ROWS, is_collection=KNOWN.__contains__)


def refused(**params: str | list[str]) -> BadValue:
    with pytest.raises(BadValue) as error:
        ask(**params)
    return error.value


def test_nothing_asks_for_the_first_twenty() -> None:
    assert ask() == Asked(query=Query(limit=20))


def test_bp_005f_an_empty_parameter_is_absent() -> None:
    assert ask(q="", bbox=" ", start="", cloudCover="", count="", relation="") == ask()


def test_bp_009b_unknown_parameters_are_ignored_and_told() -> None:
    found = ask(q="flood", foo="bar", amp="")
    assert found.query == Query(words="flood")
    assert (found.ignored, found.echo) == (("foo", "amp"), {"searchTerms": "flood"})


def test_bp_007_startindex_goes_before_startpage() -> None:
    found = ask(startIndex="11", startPage="7", count="5")
    assert (found.query.offset, found.query.limit) == (10, 5)
    assert "startPage" not in found.echo
    assert ask(startPage="3", count="5").query.offset == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [("count", "-1"), ("count", str(MOST + 1)), ("count", "ten"), ("count", "1.5"), ("startIndex", "0"),
     ("startIndex", str(DEEPEST + 1)), ("startPage", "0"), ("rows", "1001"), ("page", "x"), ("count", "٣")],
)  # fmt: skip
def test_px_05_numbers_of_pages_keep_their_limits(name: str, value: str) -> None:
    error = refused(**{name: value})
    assert (error.where, error.value) == (name, value)
    assert "from" in error.allowed


def test_pages_beyond_the_deepest_lead_to_the_cursor() -> None:
    assert "next page" in refused(startPage=str(DEEPEST), count="20").allowed
    assert ask(startIndex=str(DEEPEST * 3), cursor="AoE=").query.offset == DEEPEST * 3 - 1


def test_bp_005b_count_zero() -> None:
    assert ask(count="0").query.limit == 0


@pytest.mark.parametrize(
    ("params", "wkt"),
    [
        ({"bbox": "10,40,20,50"}, "POLYGON((10 40,20 40,20 50,10 50,10 40))"),
        ({"bbox": "10, 40, 20, 50"}, "POLYGON((10 40,20 40,20 50,10 50,10 40))"),
        ({"geometry": "point(1 2)"}, "POINT(1 2)"),
        ({"geom": "LineString(1 2,3 4)"}, "LINESTRING(1 2,3 4)"),
        ({"geometry": "MultiPoint((1 2),(3 4))"}, "MULTIPOINT((1 2),(3 4))"),
        ({"geometry": "MULTILINESTRING((1 2,3 4),(5 6,7 8))"}, "MULTILINESTRING((1 2,3 4),(5 6,7 8))"),
        ({"lat": "2", "lon": "1"}, "POINT(1 2)"),
    ],
)
def test_areas(params: dict[str, str], wkt: str) -> None:
    assert asked(params).query.footprint == Footprint.from_wkt(wkt)


def test_a_box_may_cross_the_antimeridian() -> None:
    assert ask(bbox="170,-10,-170,10").query.footprint == Footprint.from_bbox(170, -10, -170, 10)


def test_a_circle_holds_what_is_near_its_centre() -> None:
    footprint = ask(lat="0", lon="0", radius="1000").query.footprint
    assert footprint and footprint.area > 0


def test_a_place_that_no_one_knows_is_nowhere() -> None:
    assert ask(name="Qwxyzzy of nowhere").nowhere
    assert not ask(name="italy").nowhere


@pytest.mark.parametrize(
    ("params", "where"),
    [
        ({"bbox": "514432,5429689,529130,5451619"}, "bbox"),
        ({"bbox": "0,10,1,5"}, "bbox"),
        ({"bbox": "0,0,1"}, "bbox"),
        ({"bbox": "a,b,c,d"}, "bbox"),
        ({"bbox": "nan,0,1,1"}, "bbox"),
        ({"geom": "POLYGON((0 0,1 0,1 1,0 1))"}, "geom"),
        ({"geometry": "POINT(0 91)"}, "geometry"),
        ({"geometry": "CIRCLE(0 0)"}, "geometry"),
        ({"geometry": "POINT EMPTY"}, "geometry"),
        ({"lat": "1"}, "lon"),
        ({"lon": "1"}, "lat"),
        ({"lat": "91", "lon": "0"}, "lat"),
        ({"lat": "1", "lon": "181"}, "lon"),
        ({"lat": "nan", "lon": "0"}, "lat"),
        ({"radius": "10"}, "radius"),
        ({"radius": "10", "bbox": "0,0,1,1"}, "radius"),
        ({"lat": "1", "lon": "1", "radius": "0"}, "radius"),
        ({"relation": "contains"}, "relation"),
        ({"bbox": "0,0,1,1", "relation": "touches"}, "relation"),
        ({"bbox": "0,0,1,1", "name": "italy"}, "bbox"),
    ],
)
def test_what_is_no_area_is_named(params: dict[str, str], where: str) -> None:
    assert refused(**params).where == where


@pytest.mark.parametrize(
    ("said", "meant"),
    [("intersects", "intersects"), ("contains", "within"), ("within", "contains"), ("Disjoint", "disjoint")],
)
def test_the_area_asked_for_is_the_subject_of_its_relation(said: str, meant: str) -> None:
    assert ask(bbox="0,0,1,1", relation=said).query.relation == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [("intersects", "intersects"), ("contains", "contains"), ("during", "within"), ("disjoint", "disjoint"),
     ("equals", "equals")],
)  # fmt: skip
def test_the_product_is_the_subject_of_the_relation_of_time(said: str, meant: str) -> None:
    assert ask(start="2020-01-01", timeRelation=said).query.time_relation == meant


def test_a_date_as_end_holds_that_whole_day() -> None:
    assert ask(start="2020-01-01", end="2020-01-31").query.time == TemporalExtent.parse(
        "2020-01-01/2020-01-31"
    )


def test_a_time_without_zone_is_in_utc_as_the_original_took_it() -> None:
    assert ask(timerange_start="2020-01-01T10:00:00").query.time.start == parse_time("2020-01-01T10:00:00Z")


@pytest.mark.parametrize(
    ("params", "where"),
    [
        ({"start": "2020-02-01", "end": "2020-01-01"}, "end"),
        ({"timerange_start": "2020-02-01", "timerange_end": "2020-01-01"}, "timerange_end"),
        ({"start": "yesterday"}, "start"),
        ({"end": "2020-13-01"}, "end"),
        ({"timeRelation": "equals"}, "timeRelation"),
        ({"start": "2020-01-01", "timeRelation": "after"}, "timeRelation"),
    ],
)
def test_what_is_no_time_is_named(params: dict[str, str], where: str) -> None:
    assert refused(**params).where == where


@pytest.mark.parametrize(
    "name", ["start", "timerange_start", "time:start", "{time}start", "{http://a9.com/-/opensearch/extensions/time/1.0/}start",
             "START"],
)  # fmt: skip
def test_names_of_the_time(name: str) -> None:
    assert asked({name: "2020-01-01"}).query == ask(start="2020-01-01").query


@pytest.mark.parametrize("name", ["count", "rows", "maximumRecords", "limit", "{os}count", "os:count"])
def test_names_of_the_count(name: str) -> None:
    assert asked({name: "7"}).query.limit == 7


def test_a_number_as_start_is_the_first_record() -> None:
    found = ask(start="1", maximumRecords="1")
    assert (found.query.offset, found.query.limit, found.query.time) == (0, 1, TemporalExtent())


@pytest.mark.parametrize(
    "name",
    ["cloudCover", "cloud_cover", "CloudCoverage", "cloud_coverage", "eo:cloudCover", "{eo}cloudCover"],
)
def test_names_of_a_property(name: str) -> None:
    found = asked({name: "[0,20]"})
    assert found.query.conditions == (Condition("cloud_cover", "between", (0.0, 20.0)),)
    assert found.echo == {"eo:cloudCover": "[0,20]"}


def test_the_original_called_the_collection_its_product_type() -> None:
    assert ask(productType="SENTINEL2_L1C").query.collections == ("SENTINEL2_L1C",)
    assert ask(productType="S2MSI1C").query.conditions == (Condition("product_type", "=", "S2MSI1C"),)
    both = ask(parentIdentifier="a", productType="SENTINEL2_L1C").query
    assert (both.collections, len(both.conditions)) == (("a",), 1)
    assert refused(productType="{}").where == "productType"


def test_the_record_changed_here_is_the_modification() -> None:
    (condition,) = ask(metadata_modified="[2020-01-01T00:00:00,2020-02-01T00:00:00]").query.conditions
    ends = parse_time("2020-01-01"), parse_time("2020-02-01")
    assert condition == Condition("metadata_modified", "between", ends)
    (condition,) = ask(updated="[2020-01-01").query.conditions
    assert condition == Condition("updated", ">=", ends[0])


def test_ids_and_collections_may_be_several() -> None:
    found = ask(uid=["a", "b"], collection=["c", "d"]).query
    assert (found.ids, found.collections) == (("a", "b"), ("c", "d"))
    assert ask(platform=["a", "b"]).query.conditions == (Condition("platform", "in", ("a", "b")),)
    assert refused(bbox=["0,0,1,1", "2,2,3,3"]).allowed == "one value"
    assert refused(cloudCover=["[0", "5]"]).where == "cloudCover"


def test_sort_keys() -> None:
    found = ask(sortKeys="start,time,0 eo:cloudCover,,1,,highValue title").query.sort
    assert found == (("start", "desc"), ("cloud_cover", "asc"), ("title", "asc"))
    assert refused(sortKeys="polarisationChannels").where == "sortKeys"
    assert refused(sortKeys="start,,up").where == "sortKeys"


def test_facets() -> None:
    found = ask(facetLimit="platform:1,eo:parentIdentifier=2", facetSort="alphanumeric,descending")
    assert found.query.facets == ("platform", "collection")
    assert found.facets.told("platform", [("a", 9), ("b", 1)]) == (("a", 9),)
    assert found.facets.told("collection", [("a", 9), ("b", 1)]) == (("b", 1), ("a", 9))
    assert "platform" in ask(facetLimit="3").query.facets
    assert ask(facetSort="recordCount").query.facets == ()
    assert refused(facetLimit="cloudCover:3").where == "facetLimit"
    assert refused(facetLimit="101").where == "facetLimit"
    assert refused(facetSort="size").where == "facetSort"


def test_concepts_are_keywords() -> None:
    (condition,) = ask(classifiedAs="flood,https://concepts.example/earth#ice").query.conditions
    assert condition == Condition("keywords", "in", ("flood", "https://concepts.example/earth#ice", "ice"))


def test_who_asks_is_told_to_nobody() -> None:
    found = ask(clientId="gs-service", q="x")
    assert (found.echo, found.ignored) == ({"searchTerms": "x"}, ())


def test_latest() -> None:
    assert ask(latest="TRUE").query.latest and not ask(latest="false").query.latest
    assert refused(latest="maybe").where == "latest"


def test_no_two_parameters_share_a_name_in_templates() -> None:
    parameters = parameter_table(ROWS).parameters
    assert (
        len({each.url for each in parameters}) == len({each.name for each in parameters}) == len(parameters)
    )


def test_every_alias_of_a_row_leads_to_a_parameter() -> None:
    table = parameter_table(ROWS)
    for row in ROWS.values():
        for name in (row.name, *row.aliases):
            assert table.find(name), name
        if row.opensearch:
            assert table.find(row.opensearch), row.opensearch


names = st.one_of(
    st.sampled_from([name for each in parameter_table(ROWS).parameters for name in (each.url, each.name)]),
    st.sampled_from([name for each in FIXED for name in (each.url, *each.aliases)]),
    st.text(max_size=12),
)
values = st.one_of(
    st.text(max_size=20),
    st.text("0123456789,.-[]{}TZ:() ", max_size=20),
    st.sampled_from(
        ["1", "0", "2020-01-01", "0,0,1,1", "[1,2]", "POINT(0 0)", "contains", "italy", "start,,0"]
    ),
)


@modest
@given(st.dictionaries(names, st.one_of(values, st.lists(values, max_size=3)), max_size=5))
def test_any_request_is_a_query_or_names_what_is_wrong(params: dict[str, Any]) -> None:
    try:
        found = asked(params)
        solr_parameters(found.query, ROWS)
    except BadValue as error:
        assert error.where and error.allowed
