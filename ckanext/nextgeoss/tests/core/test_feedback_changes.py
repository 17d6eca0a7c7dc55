"""What moderators are shown of an edit is all of it, and both texts whole."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.feedback.changes import Change, Piece, changes, compared
from ckanext.nextgeoss.feedback.states import changed_share

WORDS = st.lists(st.sampled_from(["a", "b", "snow ", "\n", "<b>", "  c"]), max_size=30).map(" ".join)


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@given(WORDS, WORDS)
def test_both_sides_are_whole_and_share_the_rest(old: str, new: str) -> None:
    before, now = compared(old, new)
    assert (text(before), text(now)) == (old, new)
    same = [["".join(p.text for p in side if not p.changed)] for side in (before, now)]
    assert same[0] == same[1]
    for side in (before, now):
        assert all(one.changed != other.changed for one, other in itertools.pairwise(side))


def test_words_that_changed_are_marked() -> None:
    assert compared("Clouds are masked well", "Clouds are masked badly") == (
        (Piece("Clouds are masked ", False), Piece("well", True)),
        (Piece("Clouds are masked ", False), Piece("badly", True)),
    )
    assert compared("", "new") == ((), (Piece("new", True),))


def test_very_long_texts_are_changed_as_a_whole() -> None:
    """Words that come again and again would keep the comparison busy for minutes."""
    old, new = "begin " + "a " * 40_000 + "end", "begin " + "b a " * 40_000 + "end"
    before, now = compared(old, new)
    assert (text(before), text(now)) == (old, new)
    assert [piece.changed for piece in before] == [False, True, False]


def test_all_that_is_said_is_compared() -> None:
    before: dict[str, Any] = {
        "abstract": "A", "rating": 4, "tag": ["ice"], "target": [{"code": "x"}],
        "citation": [{"online_resource": [{"linkage": "https://a.example"}]}],
        "contact": {"user_details": {"party": 1}, "application_domain": ["Ice"]},
    }  # fmt: skip
    now: dict[str, Any] = {
        "abstract": "A", "rating": 1, "tag": ["ice", "snow"], "target": [{"code": "y"}],
        "citation": [{"online_resource": [{"linkage": "https://spam.example"}]}],
        "contact": {"application_domain": []},
    }  # fmt: skip
    assert {each.where for each in changes(before, now)} == {
        "rating", "tag.2", "citation.1.online_resource.1.linkage", "contact.application_domain.1",
    }  # fmt: skip
    assert changes(before, before) == []
    assert changes({"abstract": "A"}, {}) == [Change("abstract", (Piece("A", True),), ())]


def test_how_much_of_a_text_is_new() -> None:
    assert changed_share("a b c d", "a b c d") == 0.0
    assert changed_share("a b c d", "a b c e") == pytest.approx(0.25)
    assert changed_share("", "new") == 1.0


def test_how_much_of_a_very_long_text_is_new() -> None:
    """By its words alone: their order would keep the page of an author busy for hours."""
    old, new = "a " * 40_000, "b a " * 20_000
    assert changed_share(old, new) == pytest.approx(0.5)
