"""A summary that items are added to and taken from says the same as one made anew of those that are left."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.feedback.states import SEVERITIES
from ckanext.nextgeoss.feedback.summary import Said, Summary, shown

START = datetime(2024, 1, 1)
_words = st.lists(st.sampled_from(["a", "b", "agriculture", "ice"]), max_size=3).map(tuple)
said = st.builds(
    Said,
    published=st.integers(0, 20).map(lambda minutes: START + timedelta(minutes=minutes)),
    role=st.sampled_from(["primary", "secondary", "supplementary"]),
    is_reply=st.booleans(),
    motivation=st.sampled_from(["", "question", "comment"]),
    rating=st.none() | st.integers(1, 5),
    expertise_level=st.none() | st.integers(1, 5),
    contact_role=st.sampled_from(["", "researchEndUser", "generalPublic"]),
    tags=_words,
    keywords=_words,
    domains=_words,
    aspects=st.lists(st.sampled_from(["usage", "fitnessForPurpose", "problem"]), max_size=2).map(tuple),
    parts=st.dictionaries(st.sampled_from(["comments", "usages", "events"]), st.integers(0, 3)),
    open_issue=st.sampled_from(["", *SEVERITIES]),
    is_open_question=st.booleans(),
)


@given(st.lists(said, max_size=12), st.lists(st.integers(0, 11), max_size=12))
def test_what_was_taken_away_leaves_no_trace(items: list[Said], taken: list[int]) -> None:
    summary, left = Summary.of(items), list(items)
    for index in taken:
        if left:
            gone = left.pop(index % len(left))
            summary.take(gone)
            if summary.latest is None and left:
                summary.latest = max(each.published for each in left)
    assert summary == Summary.of(left)
    assert summary.write() == Summary.of(reversed(left)).write()
    assert Summary.read(summary.write(), summary.latest) == summary


@given(st.lists(said, max_size=12))
def test_figures_are_those_that_one_counts_by_hand(items: list[Said]) -> None:
    summary = Summary.of(items)
    firsts = [each for each in items if not each.is_reply]
    rated = [each.rating for each in firsts if each.role == "primary" and each.rating is not None]
    assert summary.ratings == len(rated)
    if rated:
        assert summary.average == float(Fraction(sum(rated), len(rated)))
    else:
        assert summary.average is None
    assert sum(summary.histogram.values()) == len(rated)
    assert summary.count("items") == len(firsts)
    assert summary.count("replies") == len(items) - len(firsts)
    for role in ("primary", "secondary", "supplementary"):
        assert summary.count("by_target_role", role) == sum(each.role == role for each in firsts)
    assert summary.latest == max((each.published for each in items), default=None)


def test_few_ratings_do_not_win_over_many() -> None:
    one = Summary.of([Said(published=START, rating=5)])
    many = Summary.of([Said(published=START, rating=4 + (n % 4 > 0)) for n in range(40)])
    assert one.average is not None and many.average is not None
    assert one.average > many.average
    assert one.bayes(3.0, 5) == (5 * 3.0 + 5) / 6
    assert (one.bayes(3.0, 5) or 0) < (many.bayes(3.0, 5) or 0)
    assert (one.bayes(None, 5), Summary().bayes(None, 5), Summary().bayes(3.0, 5)) == (5.0, None, None)
    first = shown(one, mean=None, weight=5)  # the first rating of a site, whose mean is some minutes old
    assert first["bayes"] == first["average"] == 5.0


def test_an_issue_that_blocks_its_use_makes_data_unfit() -> None:
    fit: dict[str, Any] = {"published": START, "domains": ("ice",), "aspects": ("fitnessForPurpose",)}
    summary = Summary.of([Said(**fit), Said(**fit)])
    assert summary.fit_for() == {"ice": 2}
    worse = Said(published=START, domains=("ice",), aspects=("problem",), open_issue="blocking")
    summary.add(worse)
    assert summary.fit_for() == {}
    assert summary.worst_issue == "blocking"
    summary.take(worse)
    assert summary.fit_for() == {"ice": 2}
    assert summary.worst_issue == ""


def test_an_empty_summary_says_so() -> None:
    told = shown(Summary(), mean=None, weight=5)
    assert (told["items"], told["average"], told["bayes"], told["latest"]) == (0, None, None, None)
    assert told["histogram"] == {"5": 0, "4": 0, "3": 0, "2": 0, "1": 0}
