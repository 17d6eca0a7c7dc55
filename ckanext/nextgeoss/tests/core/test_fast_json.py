from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.fast_json import canonical, dumps, geometry
from ckanext.nextgeoss.tests.core.strategies import modest

# all that json.loads can give
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def assert_read_again_as_it_was(value: Any) -> None:
    read = json.loads(dumps(value))
    # as texts: NaN is not equal to itself, 1 is to 1.0
    assert repr(read) == repr(value)


@modest
@given(values)
def test_what_was_read_is_read_again_as_it_was(value: Any) -> None:
    assert_read_again_as_it_was(value)


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "[null, {\"a\": -Infinity}]", "1e999", "null", "123456789012345678901234567890", '"\\ud800"',
        "[" * 400 + "]" * 400, "-0.0", "1e-7", '"\\u0000\\u007f\u00e9"',
    ],
)  # fmt: skip
def test_what_orjson_does_not_know(text: str) -> None:
    assert_read_again_as_it_was(json.loads(text))


def test_there_is_no_white_space_in_it() -> None:
    assert dumps({"a": [1, None], "b": "é"}) == '{"a":[1,null],"b":"é"}'
    assert dumps({"a": [1, float("nan")]}) == '{"a":[1,NaN]}'


def floats_in(value: Any) -> Iterator[float]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from floats_in(each)
    if isinstance(value, float):
        yield value


@modest
@given(values | st.lists(st.floats(1e-6, 1e-2) | st.floats(1e14, 1e18), max_size=5))
def test_the_canonical_text_is_that_of_json(value: Any) -> None:
    """Stored hashes were made of it: it must not change by one letter."""
    expected = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    assert canonical(value, list(floats_in(value)), str) == expected


def test_each_letter_of_the_canonical_text_is_that_of_json() -> None:
    letters = [chr(code) for code in range(0x250)]
    assert [canonical(letter, (), str) for letter in letters] == [json.dumps(x).encode() for x in letters]


@modest
@given(st.lists(st.floats(-180, 180) | st.floats(-0.01, 0.01) | st.sampled_from([0.0, -0.0, 1e-7, 180.0])))
def test_the_text_of_a_geometry_is_that_of_json(numbers: list[float]) -> None:
    value = {"type": "MultiPoint", "coordinates": [[round(number, 7), 1.5] for number in numbers]}
    assert geometry(value) == json.dumps(value, separators=(",", ":"), sort_keys=True)
