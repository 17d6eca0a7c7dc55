"""Queries in the words of each API, which its reader reads as the same query."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.filter import ALWAYS_SO, Filter, Listed, Place, all_of
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.property import Property
from ckanext.nextgeoss.eo.query import RELATIONS, TIME_RELATIONS, Condition, Query
from ckanext.nextgeoss.eo.temporal import ALWAYS
from ckanext.nextgeoss.search.as_action import as_action
from ckanext.nextgeoss.search.as_features import as_features
from ckanext.nextgeoss.search.as_opensearch import as_opensearch
from ckanext.nextgeoss.search.as_records import as_records
from ckanext.nextgeoss.search.as_stac import as_stac
from ckanext.nextgeoss.search.features_query import features_search
from ckanext.nextgeoss.search.opensearch_query import opensearch_query
from ckanext.nextgeoss.search.own_terms import own_names
from ckanext.nextgeoss.search.parameters import catalogue_query
from ckanext.nextgeoss.search.query import solr_parameters
from ckanext.nextgeoss.search.records_query import product_names, records_search
from ckanext.nextgeoss.search.stac_query import stac_search

from .strategies import ROWS, extents, footprints, identifiers, modest, times

WORDS = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True), max_size=3).map(" ".join)
NAMES = ("cloud_cover", "platform", "orbit_number", "polarisation_channels", "processing_datetime")
VALUES: dict[str, Any] = {
    "number": st.integers(0, 1000).map(lambda n: n / 10),
    "integer": st.integers(1, 500),
    "time": times.map(lambda time: time.replace(microsecond=0, fold=0)),
    "text": st.from_regex(r"zz[a-z-]{3,9}zz", fullmatch=True),
    "list": st.sampled_from(["HH", "VV", "HV", "VH"]),
}
SORTS = ("start", "cloud_cover", "title")


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Those that the search page asks."""
    row = draw(st.sampled_from([ROWS[name] for name in NAMES if name in ROWS]))
    ranged = row.type in ("number", "integer", "time")
    operator = draw(st.sampled_from(["=", "in", *(["between", ">=", "<="] if ranged else [])]))
    if operator == "in":
        values = st.lists(VALUES[row.type], min_size=2, max_size=3, unique=True)
        return Condition(row.name, "in", _checked(row, draw(values)))
    if operator == "between":
        low, high = sorted([draw(VALUES[row.type]), draw(VALUES[row.type])])
        return Condition(row.name, "between", _checked(row, [low, high]))
    return Condition(row.name, operator, _checked(row, [draw(VALUES[row.type])])[0])


def _checked(row: Property, values: list[Any]) -> tuple[Any, ...]:
    """The values as the row has them, small enough for all."""
    top = row.maximum if row.maximum is not None else 10_000
    return tuple(
        min(value, type(value)(top)) if isinstance(value, (int, float)) else value for value in values
    )


@st.composite
def queries(draw: st.DrawFn) -> Query:
    time, place = draw(extents()), draw(st.none() | footprints())
    several = {each.property: each for each in draw(st.lists(conditions(), max_size=3))}
    sort = draw(st.lists(st.sampled_from(SORTS), max_size=2, unique=True))
    return Query(
        words=draw(WORDS),
        ids=tuple(draw(st.lists(identifiers, max_size=2, unique=True))),
        collections=tuple(draw(st.lists(identifiers, max_size=2, unique=True))),
        footprint=place,
        relation=draw(st.sampled_from(RELATIONS)) if place else "intersects",
        time=time,
        time_relation=draw(st.sampled_from(TIME_RELATIONS)) if time else "intersects",
        conditions=tuple(several.values()),
        latest=draw(st.booleans()),
        sort=tuple((name, draw(st.sampled_from(("asc", "desc")))) for name in sort),
        limit=draw(st.integers(1, 1000)),
    )


def same(found: Query, asked: Query) -> None:
    """The same but for the order of conditions."""
    key = lambda condition: condition.property  # noqa: E731
    kept = [replace(query, conditions=tuple(sorted(query.conditions, key=key))) for query in (found, asked)]
    assert kept[0] == kept[1]


@modest
@given(queries())
def test_of_product_search(query: Query) -> None:
    said = as_action(query)
    assert said.unsaid == ()
    same(catalogue_query(said.parameters, ROWS), query)


@modest
@given(queries())
def test_of_opensearch(query: Query) -> None:
    said = as_opensearch(query, ROWS)
    assert said.unsaid == ()
    # of which the list of one product's channels is no set of alternatives
    same(opensearch_query(said.parameters, ROWS).query, query)


@modest
@given(queries())
def test_of_stac(query: Query) -> None:
    said = as_stac(query, ROWS)
    apart = query.relation != "intersects"
    place = Place(query.footprint, query.relation) if apart and query.footprint else None
    plain = replace(query, time_relation="intersects", latest=False)
    parts = ("time_relation", "latest")
    assert set(said.unsaid) == {name for name in parts if getattr(query, name) != getattr(plain, name)}
    found = stac_search(said.parameters, ROWS).query
    between = [each for each in plain.conditions if each.operator == "between"]
    parts = [Condition(each.property, way, end) for each in between
             for way, end in zip((">=", "<="), each.value, strict=True)]  # fmt: skip
    others = [each for each in plain.conditions if each.operator != "between"]
    words = (plain.words,) if plain.words else ()
    assert sorted(map(repr, found.conditions)) == sorted(map(repr, [*others, *parts]))
    expected = replace(plain, words="", any_words=words, conditions=found.conditions, sort=found.sort)
    assert found == (
        replace(expected, relation="intersects", footprint=None, filter=place) if apart else expected
    )
    assert [way for _, way in found.sort] == [way for _, way in plain.sort]


def filter_of(condition: Condition) -> Filter:
    """A condition as a filter in CQL2 has it."""
    name, value = condition.property, condition.value
    several = value if isinstance(value, tuple) else (value,)
    if ROWS[name].type == "list":
        return Listed(name, "overlaps", tuple(map(str, dict.fromkeys(several))))
    if condition.operator == "between":
        return all_of(*(Condition(name, way, end) for way, end in zip((">=", "<="), several, strict=True)))
    return condition


@modest
@given(queries())
def test_of_features(query: Query) -> None:
    said = as_features(query, ROWS)
    unsaid = {"q": query.words, "time_relation": query.time_relation != "intersects", "latest": query.latest}
    assert said.unsaid == tuple(name for name, given in unsaid.items() if given)
    parts = [filter_of(each) for each in query.conditions]
    if query.footprint and "bbox" not in said.parameters:
        parts.insert(0, Place(query.footprint, query.relation))
    if query.ids:
        parts.append(Condition("id", "in", query.ids))
    expected = replace(
        query,
        words="",
        time_relation="intersects",
        latest=False,
        relation="intersects",
        footprint=query.footprint if "bbox" in said.parameters else None,
        conditions=(),
        ids=(),
        collections=("c",),
        filter=all_of(*parts) if parts else None,
    )
    assert features_search(said.parameters, own_names(ROWS), ("c",)).query == expected


@modest
@given(queries())
def test_of_records(query: Query) -> None:
    """As of features, with words and identifiers; of all collections identifiers are others."""
    said, features = as_records(query, ROWS), as_features(replace(query, words="", ids=()), ROWS)
    names = product_names(ROWS, every=not query.collections)
    found = records_search(said.parameters, names, ROWS, ("c",)).query
    expected = features_search(features.parameters, own_names(ROWS), ("c",)).query
    ids, words = query.ids if query.collections else (), "" if " " in query.words else query.words
    assert found == replace(
        expected,
        any_words=(f'"{words}"',) if words else (),
        conditions=(Condition("id", "in", ids),) if ids else (),
    )
    assert set(said.unsaid) == {
        *features.unsaid,
        *(["q"] if query.words != words else []),
        *(["id"] if query.ids != ids else []),
    }


@pytest.mark.parametrize(
    ("words", "asked"),
    [("forest", "forest"), ('"burnt forest"', "burnt forest"), ("burnt forest", None), ("s2a", None),
     ('"s2a"', "s2a"), ("a,b", None), ('""', None)],
)  # fmt: skip
def test_words_of_records(words: str, asked: str | None) -> None:
    """Which stand side by side there, and are not sought by their synonyms."""
    said = as_records(Query(words=words), ROWS)
    assert said.parameters.get("q") == asked
    assert said.unsaid == (() if asked else ("q",))


def test_ids_of_datasets_are_not_those_of_products() -> None:
    query = Query(ids=("c0ffee00-1234-5678-9abc-def012345678",))
    for said in (as_features(query, ROWS), as_records(query, ROWS)):
        assert said.unsaid == ("id",)
        assert set(said.parameters) == {"limit"}


def test_words_are_no_operators_of_stac() -> None:
    said = as_stac(Query(words='rain AND (fire "big tree" -x a-b'), ROWS).parameters["q"]
    assert said == ['rain "AND" "(fire" "big tree" "-x" a-b']
    assert stac_search({"q": said}, ROWS).query.text is None


def test_what_an_api_cannot_say_is_named() -> None:
    query = Query(words="x", any_words=("y",), conditions=(Condition("title", "like", "a*"),), latest=True)
    assert as_action(query).unsaid == ("any_words", "title")
    assert as_opensearch(query, ROWS).unsaid == ("any_words", "title")
    assert as_stac(query, ROWS).unsaid == ("any_words", "latest", "title")
    assert as_features(query, ROWS).unsaid == ("q", "latest", "title")
    assert as_records(query, ROWS).unsaid == ("q", "latest", "title")
    written = Query(filter=ALWAYS_SO)
    assert {as_action(written).unsaid, as_stac(written, ROWS).unsaid} == {("filter",)}
    assert {as_features(written, ROWS).unsaid, as_records(written, ROWS).unsaid} == {("filter",)}
    assert as_stac(Query(sort=(("metadata_modified", "desc"),)), ROWS).unsaid == ("metadata_modified",)


@pytest.mark.parametrize(
    ("sides", "expected"),
    [((176, -20, -178, -15.5), "176,-20,-178,-15.5"), ((-180, -90, 180, 90), "-180,-90,180,90")],
)
def test_boxes_stay_boxes(sides: tuple[float, float, float, float], expected: str) -> None:
    query = Query(footprint=Footprint.from_bbox(*sides), time=ALWAYS)
    assert as_action(query).parameters["bbox"] == expected
    assert as_opensearch(query, ROWS).parameters["bbox"] == expected
    assert as_features(query, ROWS).parameters["bbox"] == expected
    assert as_records(query, ROWS).parameters["bbox"] == expected
    assert as_stac(query, ROWS).parameters["bbox"] == list(sides)


def test_times_keep_their_ends() -> None:
    instant = datetime.fromisoformat("2024-05-01T10:00:00+00:00")
    asked = Query(time=replace(ALWAYS, start=instant))
    assert as_stac(asked, ROWS).parameters["datetime"] == "2024-05-01T10:00:00Z/.."
    assert as_action(asked).parameters["start"] == "2024-05-01T10:00:00Z"
    with pytest.raises(BadValue):
        stac_search({"datetime": "../.."}, ROWS)


@pytest.mark.parametrize(
    "query",
    [
        Query(conditions=(Condition("rating", ">=", 4.5),), sort=(("rating_rank", "desc"),)),
        Query(conditions=(Condition("reviews", ">=", 3), Condition("fit_for", "=", "sea ice"))),
        Query(conditions=(Condition("metadata_score", ">=", 60), Condition("open_issues", "=", "minor"))),
        Query(conditions=(Condition("metadata_band", "=", "good"),), sort=(("metadata_score", "desc"),)),
    ],
)
def test_what_users_say_is_said_by_all(query: Query) -> None:
    """And what is fit first by those that have words for it."""
    opensearch, stac = as_opensearch(query, ROWS), as_stac(query, ROWS)
    assert opensearch.unsaid == stac.unsaid == ()
    same(opensearch_query(opensearch.parameters, ROWS).query, query)
    same(stac_search(stac.parameters, ROWS).query, query)
    first = replace(query, fit_first="sea ice")
    same(opensearch_query(as_opensearch(first, ROWS).parameters, ROWS).query, first)
    assert catalogue_query(as_action(first).parameters, ROWS).fit_first == "sea ice"
    order = solr_parameters(first, ROWS)["sort"]
    for found in (
        stac_search(as_stac(first, ROWS).parameters, ROWS).query,
        features_search(as_features(first, ROWS).parameters, own_names(ROWS), ()).query,
        records_search(as_records(first, ROWS).parameters, product_names(ROWS, every=True), ROWS, ()).query,
    ):
        assert solr_parameters(found, ROWS)["sort"] == order
    # a comma ends a key of an order
    first = replace(query, fit_first="ice, snow")
    for said in (as_stac(first, ROWS), as_features(first, ROWS), as_records(first, ROWS)):
        assert said.unsaid == ("fit_first",)


@pytest.mark.parametrize("sort", [(), (("rating", "desc"),)])
@pytest.mark.parametrize("way", ["asc", "desc"])
def test_what_is_fit_is_an_order_anywhere(sort: tuple[tuple[str, str], ...], way: str) -> None:
    """Also among others, and the other way round; alone it leaves the usual order within it."""
    asked = [{"field": name, "direction": way} for name in ("guf:fit_for.Sea Ice", "guf:rank")]
    query = stac_search({"sortby": asked}, ROWS).query
    assert query.sort == (("fit_for.sea ice", way), ("rating_rank", way))
    first = solr_parameters(Query(fit_first="sea ice", sort=sort), ROWS)["sort"]
    own = Query(sort=(("fit_for.sea ice", way), *sort))
    assert solr_parameters(own, ROWS)["sort"] == (first if way == "desc" else first.replace("desc", way, 1))


@pytest.mark.parametrize(
    "name", ["guf:fit_for", "guf:fit_for.", "fit_for.ice", "guf:fit_forice", "guf:tags.a"]
)
def test_only_a_field_of_application_makes_it_an_order(name: str) -> None:
    with pytest.raises(BadValue):
        stac_search({"sortby": [{"field": name}]}, ROWS)
    with pytest.raises(BadValue):
        solr_parameters(Query(sort=(("fit_for." + "a" * 1001, "asc"),)), ROWS)


def test_opensearch_cannot_say_the_most_of_ratings() -> None:
    query = Query(conditions=(Condition("rating", "<=", 2.0),))
    assert as_opensearch(query, ROWS).unsaid == ("rating",)
