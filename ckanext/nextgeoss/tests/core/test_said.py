"""Queries in the words of each API, which its reader reads as the same query."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.filter import ALWAYS_SO, Place
from ckanext.nextgeoss.eo.footprint import Footprint
from ckanext.nextgeoss.eo.properties import Property
from ckanext.nextgeoss.eo.query import RELATIONS, TIME_RELATIONS, Condition, Query
from ckanext.nextgeoss.eo.temporal import ALWAYS
from ckanext.nextgeoss.search.as_action import as_action
from ckanext.nextgeoss.search.as_opensearch import as_opensearch
from ckanext.nextgeoss.search.as_stac import as_stac
from ckanext.nextgeoss.search.opensearch_query import opensearch_query
from ckanext.nextgeoss.search.parameters import catalogue_query
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


def test_words_are_no_operators_of_stac() -> None:
    said = as_stac(Query(words='rain AND (fire "big tree" -x a-b'), ROWS).parameters["q"]
    assert said == ['rain "AND" "(fire" "big tree" "-x" a-b']
    assert stac_search({"q": said}, ROWS).query.text is None


def test_what_an_api_cannot_say_is_named() -> None:
    query = Query(words="x", any_words=("y",), conditions=(Condition("title", "like", "a*"),), latest=True)
    assert as_action(query).unsaid == ("any_words", "title")
    assert as_opensearch(query, ROWS).unsaid == ("any_words", "title")
    assert as_stac(query, ROWS).unsaid == ("any_words", "latest", "title")
    written = Query(filter=ALWAYS_SO)
    assert {as_action(written).unsaid, as_stac(written, ROWS).unsaid} == {("filter",)}
    assert as_stac(Query(sort=(("metadata_modified", "desc"),)), ROWS).unsaid == ("metadata_modified",)


@pytest.mark.parametrize(
    ("sides", "expected"),
    [((176, -20, -178, -15.5), "176,-20,-178,-15.5"), ((-180, -90, 180, 90), "-180,-90,180,90")],
)
def test_boxes_stay_boxes(sides: tuple[float, float, float, float], expected: str) -> None:
    query = Query(footprint=Footprint.from_bbox(*sides), time=ALWAYS)
    assert as_action(query).parameters["bbox"] == expected
    assert as_opensearch(query, ROWS).parameters["bbox"] == expected
    assert as_stac(query, ROWS).parameters["bbox"] == list(sides)


def test_times_keep_their_ends() -> None:
    instant = datetime.fromisoformat("2024-05-01T10:00:00+00:00")
    asked = Query(time=replace(ALWAYS, start=instant))
    assert as_stac(asked, ROWS).parameters["datetime"] == "2024-05-01T10:00:00Z/.."
    assert as_action(asked).parameters["start"] == "2024-05-01T10:00:00Z"
    with pytest.raises(BadValue):
        stac_search({"datetime": "../.."}, ROWS)
