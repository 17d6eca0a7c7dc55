"""JSON merge patches: the examples of RFC 7386, appendix A."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.eo.merge_patch import merged

EXAMPLES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("document", "patch", "result"), EXAMPLES)
def test_examples_of_the_standard(document: Any, patch: Any, result: Any):
    assert merged(document, patch) == result


def test_what_is_merged_stays_as_it_was():
    document = {"a": {"b": 1}}
    merged(document, {"a": {"b": None}})
    assert document == {"a": {"b": 1}}


def test_depth_has_an_end():
    patch: Any = {}
    for _ in range(500):
        patch = {"a": patch}
    with pytest.raises(BadValue, match="body: '51 levels' is not allowed"):
        merged({}, patch)
