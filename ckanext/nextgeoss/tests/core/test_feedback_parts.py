"""Items of feedback as JSON: what is read is written again, what is wrong is told with its place."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.errors import BadValue
from ckanext.nextgeoss.feedback.guf import FeedbackItem, doi
from ckanext.nextgeoss.feedback.parts import Refused, read, write
from ckanext.nextgeoss.feedback.rules import check, is_orcid

from .feedback_strategies import complete_item, items

NOW = datetime(2026, 6, 1, tzinfo=timezone.utc)


def item(**said: Any) -> dict[str, Any]:
    """A short item that says something."""
    person = {"role": "user", "party": [{"name": "Ada"}]}
    target = {
        "role": "primary",
        "resource_ref": [{"title": "A scene", "identifier": [{"code": "S2A_1", "code_space": "x"}]}],
    }
    return {
        "item_identifier": {"code": "1"},
        "abstract": "Clear and sharp",
        "contact_role": "researchEndUser",
        "date_info": [{"date": "2026-01-01", "date_type": "creation"}],
        "contact": {"user_details": person, "expertise_level": 4},
        "rating": 5,
        "target": [target],
        **said,
    }


def problems(given: dict[str, Any]) -> dict[str, str]:
    """What is wrong with an item: reasons by place."""
    try:
        check(read(FeedbackItem, given), NOW)
    except Refused as refused:
        return {problem.where: problem.reason for problem in refused.problems}
    return {}


@settings(max_examples=200, deadline=None)
@given(items)
def test_what_is_read_is_written_again(given: dict[str, Any]) -> None:
    once = read(FeedbackItem, given)
    told = json.loads(json.dumps(write(once)))
    assert read(FeedbackItem, told) == once
    assert write(read(FeedbackItem, told)) == write(once)


def test_an_item_with_all_elements_is_kept_whole() -> None:
    given = complete_item()
    assert json.loads(json.dumps(write(read(FeedbackItem, given)))) == _without_first_types(given)


def _without_first_types(value: Any) -> Any:
    """The first class of a choice is meant without `type`."""
    if isinstance(value, list):
        return [_without_first_types(each) for each in value]
    if not isinstance(value, dict):
        return value
    first = ("individual", "citation", "box", "quantitative")
    return {
        name: _without_first_types(each)
        for name, each in value.items()
        if not (name == "type" and each in first)
    }


def test_a_short_item_is_good() -> None:
    assert problems(item()) == {}


def test_all_that_is_wrong_is_told_at_once_with_its_place() -> None:
    found = problems(item(rating=6, tags=["x"], contact_role="researchenduser", abstract="", target=[]))
    assert found == {
        "feedback": "'tags' is not allowed; expected one of "
        + found["feedback"].partition("expected one of ")[2],
        "rating": "6 is not allowed; expected one of 1, 2, 3, 4, 5",
        "contact_role": "'researchenduser' is not allowed; expected one of researchEndUser, "
        "researchDataProducer, commercialDataProducer, commercialAddedValue, decisionMaker, generalPublic; "
        "did you mean researchEndUser?",
        "abstract": "'' is not allowed; expected text of 1 to 500 characters",
        "target": "0 is not allowed; expected a list of 1 to 20",
    }
    assert found["feedback"].endswith("did you mean tag?")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"rating": None}, "feedback"),
        ({"rating": True}, "rating"),
        ({"rating": "4"}, "rating"),
        ({"abstract": "a\x00b"}, "abstract"),
        ({"abstract": "a\u202eb"}, "abstract"),
        ({"abstract": "x" * 501}, "abstract"),
        ({"item_is_reply_to": [{"code": "2"}]}, "rating"),
        ({"user_comment": {"comment": "So", "motivation": "answer"}}, "user_comment.motivation"),
        ({"date_info": [{"date": "2026-01-01", "date_type": "revision"}]}, "date_info"),
        ({"locale": [{"language": "en"}]}, "locale[0].language"),
        ({"usage": [{"report_aspect": ["limitation"], "usage_description": [{"specific_usage": "x"}]}]},
         "usage[0].report_aspect[0]"),
        ({"usage": [{"report_aspect": ["problem"]}]}, "usage[0].report_aspect[0]"),
        ({"usage": [{"report_aspect": ["alternative"], "discovered_issue": [{"known_problem": "x"}]}]},
         "usage[0].report_aspect[0]"),
        ({"usage": [{"usage_description": [{"usage_date_time": [{"begin": "2027-01-01"}]}]}]},
         "usage[0].usage_description[0].usage_date_time[0]"),
        ({"usage": [{"usage_description": [{"reproducible_usage": {"platform": "x"}}]}]},
         "usage[0].usage_description[0].reproducible_usage"),
        ({"usage": [{"discovered_issue": [{
            "known_problem": "x",
            "problem_date_time": [{"date": "2026-02-01", "date_type": "creation"}],
            "expected_fix_date": {"date": "2026-01-01", "date_type": "released"}}]}]},
         "usage[0].discovered_issue[0].expected_fix_date.date"),
        ({"significant_event": [{"abstract": "Flood", "extent": {"geographic_element": [{
            "west_bound_longitude": 1, "east_bound_longitude": 2, "south_bound_latitude": 5,
            "north_bound_latitude": 4}]}}]},
         "significant_event[0].extent.geographic_element[0].south_bound_latitude"),
        ({"citation": [{"type": "publication", "title": "x"}]}, "citation[0].category"),
        ({"citation": [{"type": "book", "title": "x"}]}, "citation[0].type"),
        ({"citation": [{"title": "x", "online_resource": [{"linkage": "javascript:alert(1)"}]}]},
         "citation[0].online_resource[0].linkage"),
        ({"citation": [{"title": "x", "online_resource": [{"linkage": "https://a:b@c.example/"}]}]},
         "citation[0].online_resource[0].linkage"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_is(said: dict[str, Any], place: str) -> None:
    assert list(problems(item(**said))) == [place]


def test_a_target_must_be_primary_and_findable() -> None:
    loose = {"role": "secondary", "resource_ref": [{"title": "Somewhere"}]}
    assert list(problems(item(target=[loose]))) == ["target", "target[0].resource_ref[0]"]


def test_an_orcid_has_its_check_digit() -> None:
    assert is_orcid("0000-0002-1825-0097") and is_orcid("https://orcid.org/0000-0002-1694-233X")
    assert not is_orcid("0000-0002-1825-0098") and not is_orcid("")
    contact = item()["contact"] | {
        "external_user_id": [{"code": "0000-0002-1825-0098", "code_space": "https://orcid.org"}]
    }
    assert list(problems(item(contact=contact))) == ["contact.external_user_id[0].code"]


@given(st.text(max_size=30))
def test_a_doi_is_one_or_is_refused(text: str) -> None:
    assert doi("https://doi.org/10.5194/ESSD-14-3573-2022") == "10.5194/essd-14-3573-2022"
    try:
        found = doi(text)
    except BadValue:
        return
    assert doi(found) == found


def test_parts_too_deep_are_refused() -> None:
    cited: dict[str, Any] = {"title": "x"}
    for _ in range(20):
        cited = {"title": "x", "identifier": [{"code": "1", "authority": cited}]}
    assert any("within each other" in reason for reason in problems(item(citation=[cited])).values())
