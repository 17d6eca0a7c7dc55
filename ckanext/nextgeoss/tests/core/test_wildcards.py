"""Patterns with letters that stand for others."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.wildcards import ANY, ONE, fits, pieces_of


def test_pieces():
    assert pieces_of(r"a**?\*\\b" + "\\") == ("a", ANY, ONE, "*", "\\", "b", "\\")
    assert pieces_of("") == ()


@given(st.text("ab\n", max_size=8), st.lists(st.sampled_from(["a", "b", ANY, ANY, ONE]), max_size=8))
def test_as_expressions_of_python(text: str, pattern: list[str]):
    expression = "".join({ANY: ".*", ONE: "."}.get(piece, piece) for piece in pattern)
    assert fits(text, pattern) == bool(re.fullmatch(expression, text, re.S))


@pytest.mark.parametrize(("text", "found"), [("a" * 400, False), ("a" * 400 + "b", True)])
def test_many_of_any_are_soon_told(text: str, found: bool):
    """For which an expression of Python would need longer than anybody waits."""
    assert fits(text, pieces_of("*a" * 30 + "*b")) == found
