"""What a resolver of DOIs says becomes a publication that the model takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadAnswer
from ckanext.nextgeoss.feedback import forms
from ckanext.nextgeoss.feedback.doi import citation
from ckanext.nextgeoss.feedback.guf import Publication
from ckanext.nextgeoss.feedback.parts import read

DOI = "10.1234/x"


def told(**more: Any) -> dict[str, Any]:
    return citation(json.dumps({"title": "Maize", **more}).encode(), DOI)


def test_an_article() -> None:
    found = told(
        type="article-journal", volume="14", issue="8", page="3573-3595", URL="https://doi.org/10.1234/x",
        title="Maize <i>from</i> space &amp; back\n again",
        author=[{"given": "Ada", "family": "Lovelace"}, {"literal": "The Team; all"}, {"given": ""}],
        issued={"date-parts": [[2022, 8, 11]]},
    )  # fmt: skip
    found["series"]["name"] = "Data"
    assert forms.from_parts({"citation": [found]}) == {
        "publication_title": "Maize from space & back again", "publication_doi": DOI,
        "publication_authors": "Ada Lovelace; The Team, all", "publication_date": "2022-08-11",
        "publication_category": "journalArticle", "publication_series": "Data",
        "publication_issue": "14(8)", "publication_pages": "3573-3595",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "day"),
    [([[2022]], "2022-01-01"), ([["2022", 5]], "2022-05-01"), ([[None]], None), ([], None),
     ([[2022, 13, 40]], None)],
)  # fmt: skip
def test_dates_as_far_as_they_are_known(parts: Any, day: str | None) -> None:
    dates = told(issued={"date-parts": parts}).get("date")
    assert dates == (None if day is None else [{"date": day, "date_type": "publication"}])


def test_what_crossref_answers_in_lists_and_an_address() -> None:
    found = citation(json.dumps({
        "title": ["First", "Second"], "container-title": ["Fields"], "type": "book-chapter",
        "URL": "https://papers.example/1", "published-online": {"date-parts": [[2020, 2]]},
    }).encode(), "https://doi.org/10.1234/X")  # fmt: skip
    assert (found["title"], found["series"], found["category"]) == (
        "First",
        {"name": "Fields"},
        "bookChapter",
    )
    assert found["online_resource"] == [{"linkage": "https://papers.example/1"}]
    assert found["identifier"] == [{"code": DOI, "code_space": "https://doi.org"}]
    assert found["date"][0]["date"] == "2020-02-01"


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'{"title": ""}', b'{"title": 3.5}', b"\xff"])
def test_what_is_no_answer_is_refused(answer: bytes) -> None:
    with pytest.raises(BadAnswer):
        citation(answer, DOI)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(3.5) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["date-parts", "given", "family", "literal", "name"]), inner, max_size=3
    ),
    max_leaves=8,
)  # fmt: skip
NAMES = ("type", "author", "issued", "published", "container-title", "volume", "issue", "page", "URL")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, values)))
@settings(max_examples=200, deadline=None)
def test_whatever_is_answered_is_taken_or_left_out(more: dict[str, Any]) -> None:
    found = told(**more)
    assert found.pop("type") == "publication"
    assert read(Publication, found).title == "Maize"
