"""The state of a search is its address, read and written without loss; mistakes are said, never raised."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.properties import load_properties
from ckanext.nextgeoss.eo.query import Condition
from ckanext.nextgeoss.views.forms import SORTS, known_sorts
from ckanext.nextgeoss.views.search_state import State, read_state

PROPERTIES = load_properties()
NAMES = (
    "q",
    "ext_bbox",
    "start",
    "end",
    "cloud_cover_max",
    "platform",
    "collection",
    "provider",
    "sort",
    "page",
    "odd",
)


def state(**values: str) -> State:
    return State.of(values.items())


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20))))
def test_an_address_gives_the_same_state_again(pairs: list[tuple[str, str]]) -> None:
    before = State.of(pairs)
    after = State.of(parse_qsl(urlsplit(before.url("/dataset/")).query, keep_blank_values=True))
    assert after == before


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text(max_size=20)), max_size=6))
def test_no_state_makes_reading_fail(pairs: list[tuple[str, str]]) -> None:
    asked = read_state(State.of(pairs), PROPERTIES)
    assert asked.sort in SORTS
    assert asked.page >= 1
    assert set(asked.errors) <= set(NAMES)


def test_a_value_is_switched_on_and_off_and_pages_begin_again() -> None:
    before = State.of([("platform", "a"), ("q", "x"), ("page", "3")])
    more = before.plus("platform", "b")
    assert more.all("platform") == ("a", "b")
    assert more.get("page") == ""
    assert more.without("platform", value="a").pairs == (("q", "x"), ("platform", "b"))
    assert before.on_page(4).get("page") == "4"
    assert before.on_page(1) == before.without()


def test_old_names_of_facets_and_orders_are_understood() -> None:
    asked = read_state(
        State.of([("organization", "esa"), ("groups", "farms"), ("sort", "title_string asc")]), PROPERTIES
    )
    assert asked.query.conditions == (Condition("provider", "=", "esa"), Condition("topic", "=", "farms"))
    assert asked.sort == "title"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ext_bbox": "1,2,3"}, "ext_bbox"),
        ({"ext_bbox": "0,50,10,40"}, "ext_bbox"),
        ({"start": "yesterday"}, "start"),
        ({"end": "2024-13-01"}, "end"),
        ({"start": "2024-02-01", "end": "2024-01-01"}, "end"),
        ({"cloud_cover_max": "120"}, "cloud_cover_max"),
        ({"cloud_cover_max": "few"}, "cloud_cover_max"),
        ({"orbit_state": "sideways"}, "orbit_state"),
        ({"access": "sometimes"}, "access"),
        ({"sort": "id desc; drop"}, "sort"),
        ({"page": "0"}, "page"),
        ({"page": "99999999999999999999"}, "page"),
    ],
)
def test_a_mistake_is_said_beside_its_field(values: dict[str, str], field: str) -> None:
    errors = read_state(state(**values), PROPERTIES).errors
    assert list(errors) == [field]
    assert "expected" in errors[field]


def test_every_mistake_is_said_at_once() -> None:
    errors = read_state(state(ext_bbox="a", start="b", cloud_cover_max="c"), PROPERTIES).errors
    assert set(errors) == {"ext_bbox", "start", "cloud_cover_max"}


def test_unknown_names_are_ignored_with_the_known_one_that_is_like_them() -> None:
    assert read_state(state(platfrm="x", zzzz="y"), PROPERTIES).ignored == (
        ("platfrm", "platform"),
        ("zzzz", ""),
    )


def test_what_the_page_cannot_answer_is_said_to_be_ignored() -> None:
    asked = read_state(state(latest="true", limit="5", facets="platform"), PROPERTIES)
    assert asked.ignored == (("latest", ""), ("limit", ""), ("facets", ""))
    assert not asked.query.latest


def test_words_are_ordered_by_match_and_all_else_by_time() -> None:
    assert read_state(state(q="flood"), PROPERTIES).sort == "relevance"
    assert read_state(state(platform="sentinel-1a"), PROPERTIES).sort == "newest"


def test_a_core_without_our_fields_is_sorted_by_what_it_has() -> None:
    sorts = known_sorts({"name", "title_string", "metadata_modified"})
    assert sorts == ("relevance", "title", "modified")
    assert read_state(state(platform="sentinel-1a"), PROPERTIES, sorts).sort == "modified"
    assert (
        "one of relevance, title, modified"
        in read_state(state(sort="cloud"), PROPERTIES, sorts).errors["sort"]
    )
    ours = {"eo_start", "eo_cloud_cover", "guf_rank", "guf_reviews", "guf_latest", "guf_metadata_score"}
    assert known_sorts(ours) == tuple(SORTS)
