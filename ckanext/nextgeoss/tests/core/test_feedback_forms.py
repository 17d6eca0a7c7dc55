"""The form of feedback says parts of the standard and is filled from them; errors come to their field."""

from __future__ import annotations

import copy
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.feedback import code_lists, forms, rules
from ckanext.nextgeoss.feedback.form_fields import BOXES, BY_NAME, FIELDS, SIDES
from ckanext.nextgeoss.feedback.guf import FeedbackItem
from ckanext.nextgeoss.feedback.measures import MEASURES
from ckanext.nextgeoss.feedback.parts import Refused, read
from ckanext.nextgeoss.tests.core.feedback_strategies import addresses, dates, items, texts

# items are large: to make one small takes minutes and shows no more
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
NOW = datetime(2026, 11, 30, tzinfo=timezone.utc)
words = st.lists(
    texts.filter(lambda text: "," not in text and "\n" not in text), min_size=1, max_size=3, unique=True
)
numbers = st.integers(-1000, 1000).map(lambda number: number / 4)


def choice(codes: code_lists.CodeList) -> st.SearchStrategy[str]:
    return st.sampled_from([str(value) for value in codes.values])


# the last is across 180 degrees
CORNERS = {"west": ("1", "170"), "south": ("2", "-10.5"), "east": ("3", "-170"), "north": ("4", "10")}
VALUES: dict[str, st.SearchStrategy[str]] = {
    "rating": choice(code_lists.RATINGS),
    "contact_role": choice(code_lists.USER_ROLES),
    "expertise_level": choice(code_lists.EXPERTISE),
    "application_domain": words.map(", ".join),
    "tag": words.map(", ".join),
    "motivation": st.sampled_from(["comment", "question", "justification"]),
    "used_from": dates,
    "code_url": addresses,
    "problem_date": dates,
    "alternative_url": addresses,
    "publication_url": addresses,
    "publication_doi": st.from_regex(r"10\.[0-9]{4}/[a-z0-9.]{1,9}", fullmatch=True),
    "publication_category": choice(code_lists.PUBLICATION_CATEGORIES),
    "publication_motivation": choice(code_lists.CITATION_MOTIVATIONS),
    "event_type": choice(code_lists.EVENT_TYPES),
    **{f"{box}_{side}": st.sampled_from(values) for box in BOXES for side, values in CORNERS.items()},
    "event_begin": dates,
    "scope_begin": dates,
    "publication_date": dates,
    "publication_authors": st.lists(
        texts.filter(lambda text: ";" not in text and "\n" not in text), min_size=1, max_size=3, unique=True
    ).map("; ".join),
    "quality_measure": st.sampled_from(list(MEASURES)),
    "quality_value": numbers.map(lambda number: str(int(number) if number.is_integer() else number)),
    "fit": st.just("yes"),
    "severity": choice(code_lists.SEVERITIES),
}
APART = ("abstract", "rating", "used_until", "event_end", "scope_end")
filled_fields = st.fixed_dictionaries(
    {"abstract": texts, "rating": VALUES["rating"]},
    optional={name: VALUES.get(name, texts) for name in sorted(forms.NAMES) if name not in APART},
)


def whole(parts: dict[str, Any]) -> dict[str, Any]:
    """The item with what the hub adds."""
    contact = {
        "user_details": {"role": "user", "party": [{"name": "A person"}]},
        "expertise_level": 1,
        **parts.get("contact", {}),
    }
    target = {"role": "primary", "resource_ref": [{"title": "Data", "identifier": [{"code": "d"}]}]}
    scoped = [target | each for each in parts.get("target", [{}])]
    return {
        "item_identifier": {"code": "1"}, "date_info": [{"date": "2026-01-01", "date_type": "creation"}],
        "contact_role": "generalPublic", **parts, "target": scoped, "contact": contact,
    }  # fmt: skip


def sides(box: str, text: str) -> dict[str, str]:
    """The fields of a box."""
    return {f"{box}_{side}": number for side, number in zip(SIDES, text.split(","), strict=True)}


def errors(fields: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with what a form says, by field."""
    try:
        rules.check(read(FeedbackItem, whole(forms.to_parts(fields))), NOW)
    except Refused as refused:
        return forms.by_field({each.where: [each.reason] for each in refused.problems})
    return {}


@given(filled_fields)
@settings(max_examples=150, deadline=None)
def test_what_a_form_says_is_an_item_and_the_form_is_filled_from_it(fields: dict[str, str]) -> None:
    found = forms.completed(fields)
    if forms.missing(fields):
        return
    parts = forms.to_parts(fields)
    assert errors(fields) == {}
    again = forms.from_parts(parts)
    assert {name: again.get(name) for name in found if name != "severity"} == {
        name: text for name, text in found.items() if name != "severity"
    }
    assert forms.to_parts(again) == parts


@given(items)
@settings(max_examples=40, deadline=None, phases=WITHOUT_SHRINKING)
def test_an_item_that_is_not_changed_stays_as_it_is(item: dict[str, Any]) -> None:
    before = copy.deepcopy(item)
    assert forms.to_parts(forms.from_parts(item), item) == before
    assert item == before


@given(
    items,
    st.sampled_from(["abstract", "known_problem", "publication_title", "specific_usage", "comment"]),
    texts,
)
@settings(max_examples=40, deadline=None, phases=WITHOUT_SHRINKING)
def test_a_change_of_one_field_changes_no_other(item: dict[str, Any], name: str, text: str) -> None:
    fields = forms.from_parts(item) | {name: text}
    again = forms.from_parts(forms.to_parts(fields, item))
    added = {"publication_category"} if name == "publication_title" else set()
    assert {k: v for k, v in again.items() if k not in added} == {
        k: v for k, v in forms.completed(fields).items() if k not in added
    }


def test_what_the_form_does_not_show_is_kept() -> None:
    base = {
        "abstract": "Old",
        "purpose": "for others",
        "citation": [
            {"type": "publication", "title": "A", "category": "book", "isbn": "1"},
            {"type": "publication", "title": "B", "category": "report"},
        ],
        "usage": [{"discovered_issue": [{"known_problem": "x", "work_around": ["a", "b"]}]}],
    }  # fmt: skip
    fields = forms.from_parts(base) | {"abstract": "New", "publication_title": "AA", "work_around": "c"}
    parts = forms.to_parts(fields, base)
    assert (parts["abstract"], parts["purpose"]) == ("New", "for others")
    assert parts["citation"] == [
        {"type": "publication", "title": "AA", "category": "book", "isbn": "1"},
        {"type": "publication", "title": "B", "category": "report"},
    ]
    assert parts["usage"][0]["discovered_issue"] == [{"known_problem": "x", "work_around": ["c", "b"]}]


def test_a_part_goes_when_its_fields_are_emptied() -> None:
    base = forms.to_parts(
        {
            "abstract": "All", "known_problem": "stripes", "publication_title": "A",
            "event_abstract": "flood",
            "quality_measure": "Duplicate", "quality_value": "3", "code_url": "https://a.example/x",
            "specific_usage": "maps",
        }
    )  # fmt: skip
    assert set(base) == {"abstract", "usage", "citation", "significant_event", "additional_quality"}
    assert forms.to_parts({"abstract": "All"}, base) == {"abstract": "All"}
    kept = forms.to_parts({"abstract": "All", "code_url": "https://a.example/x"}, base)
    assert kept["usage"] == [
        {"usage_description": [{"reproducible_usage": {"code_linkage": {"linkage": "https://a.example/x"}}}]}
    ]


def test_chosen_values_alone_say_nothing() -> None:
    chosen = {
        "abstract": "Short",
        "motivation": "comment",
        "publication_category": "book",
        "event_type": "stormNatural",
    }
    assert forms.to_parts(chosen) == {"abstract": "Short"}
    assert forms.filled(chosen) == {"main"}


def test_a_question_is_one_sentence() -> None:
    parts = forms.to_parts({"abstract": "Is it resampled?", "motivation": "question"})
    assert parts["user_comment"] == {"comment": "Is it resampled?", "motivation": "question"}


def test_a_publication_may_be_a_doi_alone() -> None:
    [cited] = forms.to_parts({"publication_doi": "https://doi.org/10.1234/X"})["citation"]
    assert (cited["title"], cited["category"], cited["type"]) == (
        "doi:10.1234/x",
        "journalArticle",
        "publication",
    )


@pytest.mark.parametrize(
    ("fields", "lacking"),
    [
        ({"abstract": "a"}, []),
        ({"work_around": "use B4"}, ["known_problem"]),
        ({"fit": "yes"}, ["specific_usage"]),
        ({"limitation": "only by day"}, []),
        ({"platform": "Linux"}, ["code"]),
        ({"quality_value": "3"}, ["quality_measure"]),
        ({"quality_measure": "Duplicate"}, ["quality_value"]),
        ({"event_place": "Faro"}, ["event_abstract"]),
        ({"publication_url": "https://a.example"}, ["publication_title"]),
        ({"used_until": "2026-01-01", "specific_usage": "maps"}, ["used_from"]),
        ({"event_abstract": "flood", "event_end": "2026-01-01"}, ["event_begin"]),
        ({"scope_words": "band 4"}, []),
        ({"scope_end": "2026-01-01"}, ["scope_begin"]),
        ({"scope_west": "1", "scope_north": "2"}, ["scope_south", "scope_east"]),
    ],
)
def test_what_must_be_filled_is_told(fields: dict[str, str], lacking: list[str]) -> None:
    assert forms.missing(fields) == lacking


# fields that need others beside them to be part of anything
BESIDE = {
    "code": {"code": "x = 1"}, "usage": {"specific_usage": "maps"}, "issue": {"known_problem": "stripes"},
    "publication": {"publication_title": "A"}, "event": {"event_abstract": "flood"},
    "quality": {"quality_measure": "Duplicate", "quality_value": "3", "quality_statement": "none"},
    "comment": {"comment": "hm"}, "main": {}, "scope": {},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_what_is_wrong_comes_to_its_field(name: str) -> None:
    good = {"abstract": "Good", "rating": "4", **BESIDE[BY_NAME[name].group]}
    if name in ("used_until", "event_end", "scope_end"):
        good[name.replace("until", "from").replace("end", "begin")] = "2026-01-01"
    box, _, side = name.partition("_")
    if side in SIDES:
        good |= {f"{box}_{each}": values[0] for each, values in CORNERS.items()}
    assert errors(good) == {}
    assert set(errors(good | {name: "bad\x01"})) == {name}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"used_from": "2027-01-01", "specific_usage": "maps"}, "used_from"),
        ({"event_abstract": "x", "event_begin": "2026-02-01", "event_end": "2026-01-01"}, "event_end"),
        ({"event_abstract": "x", **sides("event", "1,4,3,2")}, "event_south"),
        (sides("scope", "1,2,181,3"), "scope_east"),
        ({"fit": "yes"}, "fit"),
        ({"quality_measure": "Duplicate"}, "quality_value"),
        ({"work_around": "x"}, "known_problem"),
        ({"publication_title": "T", "publication_doi": "no doi"}, "publication_doi"),
        ({"code_url": "javascript:alert(1)"}, "code_url"),
        ({"publication_doi": "10.1234/x", "publication_category": "novel"}, "publication_category"),
    ],
)
def test_broken_rules_come_to_a_field(fields: dict[str, str], name: str) -> None:
    assert set(errors({"abstract": "Good", "rating": "4", **fields})) == {name}


def test_errors_of_no_field_are_general() -> None:
    assert forms.by_field({"feedback": ["a"], "version": ["c"]}) == {"": ["a", "c"]}


def test_authors_are_some_of_the_responsible_parties() -> None:
    editor = {"role": "editor", "party": [{"name": "Eve"}]}
    author = {"role": "author", "party": [{"name": "Ada", "position_name": "Chief"}]}
    base = {"citation": [{"type": "publication", "title": "A", "category": "book",
                          "cited_responsible_party": [editor, author]}]}  # fmt: skip
    fields = forms.from_parts(base)
    assert fields["publication_authors"] == "Ada"
    assert forms.to_parts(fields, base) == base
    [cited] = forms.to_parts({**fields, "publication_authors": "Bob; Cy"}, base)["citation"]
    assert [(each["role"], each["party"][0]["name"]) for each in cited["cited_responsible_party"]] == [
        ("author", "Bob"), ("author", "Cy"), ("editor", "Eve"),
    ]  # fmt: skip
    [cited] = forms.to_parts({**fields, "publication_authors": ""}, base)["citation"]
    assert cited["cited_responsible_party"] == [editor]


def test_what_of_the_data_is_meant_is_said_of_the_target() -> None:
    fields = {"abstract": "Here", "scope_words": "band 4", **sides("scope", "170,-10.5,-170,10")}
    [target] = forms.to_parts(fields)["target"]
    box = target["scope"]["extent"][0]["geographic_element"][0]
    assert (target["scope"]["level"], target["scope"]["level_description"]) == ("dataset", ["band 4"])
    assert (box["west_bound_longitude"], box["east_bound_longitude"]) == (170, -170)
    base = {"abstract": "Here", "target": [{"role": "primary", **target}]}
    assert forms.to_parts({"abstract": "Here"}, base)["target"] == [{"role": "primary"}]


def test_every_root_is_a_part_of_the_standard() -> None:
    assert set(forms.ROOTS) <= set(FeedbackItem.__dataclass_fields__)
    assert len({field.name for field in FIELDS}) == len(FIELDS)
