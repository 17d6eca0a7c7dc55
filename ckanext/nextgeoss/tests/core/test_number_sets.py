"""Number and date sets of OGC 13-026 (9.3): each form on its boundaries (EO-05 of the standard's tests)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.number_sets import pattern, set_conditions
from ckanext.nextgeoss.eo.property import Property
from ckanext.nextgeoss.eo.query import Condition
from ckanext.nextgeoss.eo.temporal import parse_time
from ckanext.nextgeoss.tests.core.strategies import ROWS, modest

CLOUDS, ORBIT, PROCESSED = ROWS["cloud_cover"], ROWS["absolute_orbit"], ROWS["processing_datetime"]
FORMS = ("{}", "{{{},{}}}", "[{},{}]", "[{},{}[", "]{},{}]", "]{},{}[", "[{}", "]{}", "{}]", "{}[")


def holds(conditions: tuple[Condition, ...], value: Any) -> bool:
    compare = {
        "=": lambda c: value == c.value,
        "in": lambda c: value in c.value,
        "between": lambda c: c.value[0] <= value <= c.value[1],
        "<": lambda c: value < c.value,
        "<=": lambda c: value <= c.value,
        ">": lambda c: value > c.value,
        ">=": lambda c: value >= c.value,
    }
    return all(compare[condition.operator](condition) for condition in conditions)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10", [10]),
        ("{10,20}", [10, 20]),
        ("{10, 20 ,30}", [10, 20, 30]),
        ("[10,20]", [10, 11, 19, 20]),
        ("[10, 20]", [10, 11, 19, 20]),
        ("[10,20[", [10, 11, 19]),
        ("]10,20]", [11, 19, 20]),
        ("]10,20[", [11, 19]),
        ("[10", [10, 11, 19, 20, 21, 30]),
        ("[10,", [10, 11, 19, 20, 21, 30]),
        ("]10", [11, 19, 20, 21, 30]),
        ("20]", [9, 10, 11, 19, 20]),
        (",20]", [9, 10, 11, 19, 20]),
        ("20[", [9, 10, 11, 19]),
        (" [20,20] ", [20]),
    ],
)
def test_each_form_on_its_boundaries(text: str, found: list[int]) -> None:
    for row in (CLOUDS, ORBIT):
        conditions = set_conditions(text, row)
        assert [n for n in (9, 10, 11, 19, 20, 21, 30) if holds(conditions, n)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2020-01-02", ["2020-01-02", "2020-01-02T23:59:59Z"]),
        ("[2020-01-02", ["2020-01-02", "2020-01-02T23:59:59Z", "2020-01-03"]),
        ("]2020-01-02", ["2020-01-03"]),
        ("2020-01-02]", ["2020-01-01T23:59:59Z", "2020-01-02", "2020-01-02T23:59:59Z"]),
        ("2020-01-02[", ["2020-01-01T23:59:59Z"]),
        ("]2020-01-01,2020-01-03[", ["2020-01-02", "2020-01-02T23:59:59Z"]),
        ("{2020-01-02T00:00:00Z,2020-01-03T00:00:00Z}", ["2020-01-02", "2020-01-03"]),
    ],
)
def test_a_date_is_its_whole_day(text: str, found: list[str]) -> None:
    times = ["2020-01-01T23:59:59Z", "2020-01-02", "2020-01-02T23:59:59Z", "2020-01-03"]
    conditions = set_conditions(text, PROCESSED)
    assert [time for time in times if holds(conditions, parse_time(time))] == found


@pytest.mark.parametrize(
    "text",
    ["[10,5]", "[a,b]", "{a}", "{}", "{1,}", "[10,10[", "]10,10]", "[1,2", "1,2]", "[1,2,3]", "[", "]", "[]",
     ",", "", "1,2", "[[1,2]]", "{1,2", "nan", "[nan,1]", "inf", "[150", "[1 2]"],
)  # fmt: skip
def test_what_is_no_set_is_named(text: str) -> None:
    with pytest.raises(BadValue) as error:
        set_conditions(text, CLOUDS, "cloudCover")
    assert (error.value.where, error.value.value) == ("cloudCover", text)


def test_dates_in_a_set_are_refused_as_they_are_days() -> None:
    with pytest.raises(BadValue, match="interval of dates"):
        set_conditions("{2020-01-01,2020-01-03}", PROCESSED)


def test_texts_are_single_or_a_set() -> None:
    assert set_conditions("Sentinel-2A", ROWS["platform"]) == (Condition("platform", "=", "sentinel-2a"),)
    assert set_conditions("{a,b}", ROWS["product_type"]) == (Condition("product_type", "in", ("a", "b")),)
    assert set_conditions("[a", ROWS["product_type"]) == (Condition("product_type", "=", "[a"),)
    assert set_conditions("ASCENDING", ROWS["orbit_state"]) == (Condition("orbit_state", "=", "ascending"),)
    channels = ROWS["polarizations"]
    assert set_conditions("{HH,VV}", channels) == (Condition("polarizations", "in", ("HH", "VV")),)


def test_channels_beside_each_other_are_of_one_product() -> None:
    asked = (Condition("polarizations", "=", "HH"), Condition("polarizations", "=", "VV"))
    assert set_conditions("HH, VV", ROWS["polarizations"]) == asked


@modest
@given(st.sampled_from(FORMS), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_forms_mean_what_the_standard_says(form: str, a: int, b: int, value: int) -> None:
    low, high = sorted((a, b))
    if low == high:
        high = low + 1
    text = form.format(low, high)
    meant = {
        "{}": value == low, "{{{},{}}}": value in (low, high), "[{},{}]": low <= value <= high,
        "[{},{}[": low <= value < high, "]{},{}]": low < value <= high, "]{},{}[": low < value < high,
        "[{}": value >= low, "]{}": value > low, "{}]": value <= low, "{}[": value < low,
    }[form]  # fmt: skip
    assert holds(set_conditions(text, ORBIT), value) == meant
    assert re.fullmatch(pattern(ORBIT), text)


@modest
@given(st.one_of(st.text(max_size=30), st.text("[]{},0123456789.-+eE TZ:", max_size=30)))
def test_any_text_is_a_set_or_named(text: str) -> None:
    rows: list[Property] = [CLOUDS, ORBIT, PROCESSED, ROWS["platform"], ROWS["polarizations"]]
    for row in rows:
        try:
            set_conditions(text, row)
        except BadValue as error:
            assert error.where == row.name
