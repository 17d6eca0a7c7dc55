"""Feedback is written, read, changed and deleted."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit

from ckanext.nextgeoss.feedback.guf import FeedbackItem
from ckanext.nextgeoss.feedback.parts import read, write
from ckanext.nextgeoss.feedback.store.items import time_text
from ckanext.nextgeoss.search.model import Outbox
from ckanext.nextgeoss.tests.core.feedback_strategies import complete_item
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, fit, make_hub, new_user, problem


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


PARTS = set(FeedbackItem.__dataclass_fields__)


def parts_of(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in shown.items() if name in PARTS}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A box of the standard."""
    return {"west_bound_longitude": west, "east_bound_longitude": east,
            "south_bound_latitude": south, "north_bound_latitude": north}  # fmt: skip


class TestCreate:
    def test_stars_and_a_sentence_are_enough(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = act(user, "feedback_create", package_id=data["name"], abstract="Sharp and clear", rating=5)
        shown = act("", "feedback_show", id=made["id"])
        assert shown == made
        assert (shown["state"], shown["version"], shown["rating"]) == ("published", 1, 5)
        assert shown["author"]["name"] == user and not shown["author"]["is_provider"]
        [target] = shown["datasets"]
        assert (target["id"], target["role"], target["kind"]) == (data["id"], "primary", "dataset")
        assert shown["target"][0]["resource_ref"][0]["title"] == data["title"]
        told = act("", "feedback_summary", id=data["id"])
        assert (told["items"], told["ratings"], told["average"]) == (1, 1, 5.0)

    def test_every_element_of_the_standard_is_kept(self, hub: Hub) -> None:
        data = hub.dataset()
        given = {
            name: part for name, part in complete_item().items() if name not in ("item_is_reply_to", "target")
        }
        given["user_comment"]["motivation"] = "comment"
        given["usage"][0]["report_aspect"] = ["usage", "problem"]
        given["contact"]["external_user_id"][0] = {"code": "me", "code_space": "https://example.org"}
        user = new_user()
        made = act(user, "feedback_create", package_id=data["id"], **given)
        parts = parts_of(act(user, "feedback_show", id=made["id"]))
        assert json.loads(json.dumps(write(read(FeedbackItem, parts)))) == parts
        expected = json.loads(
            json.dumps(write(read(FeedbackItem, {**complete_item(), **given, "target": parts["target"]})))
        )
        of_row = ("item_identifier", "date_info", "contact", "item_is_reply_to")
        assert {k: v for k, v in parts.items() if k not in of_row} == {
            k: v for k, v in expected.items() if k not in of_row
        }
        assert parts["contact"]["application_domain"] == expected["contact"]["application_domain"]

    def test_times_of_rows_are_in_the_form_of_parts(self) -> None:
        assert time_text(datetime(2026, 1, 2, 3, 4, 5, 176470)) == "2026-01-02T03:04:05.17647Z"
        assert time_text(datetime(2026, 1, 2, 3, 4, 5)) == "2026-01-02T03:04:05Z"

    def test_all_that_is_wrong_is_told_by_place(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        with pytest.raises(toolkit.ValidationError) as caught:
            act(user, "feedback_create", package_id=data["id"], rating=6, usage=[{"report_aspect": ["x"]}])
        assert set(caught.value.error_dict) == {"abstract", "rating", "usage[0].report_aspect[0]"}
        for wrong, place in (
            ({"severity": "awful"}, "severity"),
            ({"tags": ["x"]}, "feedback"),
            ({"rating": None}, "feedback"),
            ({"package_id": None}, "target"),
        ):
            with pytest.raises(toolkit.ValidationError) as caught:
                act(
                    user,
                    "feedback_create",
                    **{"package_id": data["id"], "abstract": "x", "rating": 1} | wrong,
                )
            assert list(caught.value.error_dict) == [place]
        assert act(user, "feedback_list", package_id=data["id"])["count"] == 0

    def test_validate_only_keeps_nothing(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        told = act(
            user,
            "feedback_create",
            package_id=data["id"],
            abstract="http://a.b " * 9,
            rating=1,
            validate_only=True,
        )
        assert told["parts"]["rating"] == 1 and told["warnings"] == {"": ["9 links"]}
        assert act(user, "feedback_list", package_id=data["id"])["count"] == 0

    def test_places_and_times_that_are_not_those_of_the_data_are_warned_of(self, hub: Hub) -> None:
        square = {"type": "Polygon", "coordinates": [[[0, 40], [20, 40], [20, 60], [0, 60], [0, 40]]]}
        extras = {
            "spatial": json.dumps(square),
            "timerange_start": "2020-01-01",
            "timerange_end": "2021-01-01",
        }
        data = hub.dataset(extras=[{"key": key, "value": value} for key, value in extras.items()])
        inside = {"geographic_element": [box(1, 41, 2, 42)], "temporal_element": [{"begin": "2020-05-05"}]}
        across = {
            "geographic_element": [box(170, -5, -170, 5)],
            "temporal_element": [{"begin": "2022-05-05"}],
        }
        given: dict[str, Any] = {
            "package_id": data["id"], "abstract": "A flood", "rating": 4,
            "scope": {"level": "dataset", "extent": [inside]},
            "significant_event": [{"abstract": "near", "extent": inside}],
        }  # fmt: skip
        user = new_user()
        told = act(user, "feedback_create", **given, validate_only=True)
        assert told["warnings"] == {} and told["parts"]["target"][0]["scope"] == given["scope"]
        given["significant_event"].append({"abstract": "far", "extent": across})
        given["scope"]["extent"][0] = {"geographic_element": [box(10, 30, 15, 45)]}
        places = {
            "significant_event[1].extent.geographic_element[0]": "outside the area",
            "significant_event[1].extent.temporal_element[0]": "outside the time",
            "target[0].scope.extent[0].geographic_element[0]": "beyond the area",
        }
        for found in (act(user, "feedback_create", **given, validate_only=True),
                      made := act(user, "feedback_create", **given)):  # fmt: skip
            assert set(found["warnings"]) == set(places)
            assert all(places[place] in text for place, [text] in found["warnings"].items())
        assert "warnings" not in act(user, "feedback_show", id=made["id"])
        now = act(user, "feedback_patch", id=made["id"], significant_event=None)
        assert list(now["warnings"]) == ["target[0].scope.extent[0].geographic_element[0]"]
        [target] = now["target"]
        del target["scope"]
        told = act(user, "feedback_patch", id=made["id"], target=[target], validate_only=True)
        assert told["warnings"] == {} and "scope" not in told["parts"]["target"][0]
        assert "scope" in act(user, "feedback_show", id=made["id"])["target"][0]
        now = act(user, "feedback_patch", id=made["id"], target=[target])
        assert "warnings" not in now and [each["id"] for each in now["datasets"]] == [data["id"]]

    def test_one_rating_of_a_dataset_by_one_user(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        first = hub.review(user, data, 2)
        with pytest.raises(toolkit.ValidationError, match="one rating of a dataset by one user"):
            hub.review(user, data, 5)
        act(user, "feedback_create", package_id=data["id"], abstract="No stars", user_comment=comment("x"))
        act(user, "feedback_delete", id=first["id"])
        hub.review(user, data, 5)
        assert act("", "feedback_summary", id=data["id"])["average"] == 5.0

    def test_stars_of_the_provider_do_not_count(self, hub: Hub, monkeypatch: Any) -> None:
        data = hub.dataset()
        mine = hub.review(hub.people["member"], data, 5)
        assert mine["author"]["is_provider"]
        hub.review(new_user(), data, 2)
        told = act("", "feedback_summary", id=data["id"])
        assert (told["items"], told["ratings"], told["average"]) == (2, 1, 2.0)
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.count_provider_ratings", True)
        hub.review(hub.people["editor"], data, 4)
        assert act("", "feedback_summary", id=data["id"])["average"] == 3.0

    def test_a_resource_and_what_is_not_ours(self, hub: Hub) -> None:
        data = hub.dataset(resources=[{"url": "https://e.org/a.csv", "name": "A table"}])
        resource = data["resources"][0]["id"]
        made = act(new_user(), "feedback_create", resource_id=resource, abstract="A file", rating=3)
        assert made["datasets"][0]["resource_id"] == resource
        assert act("", "feedback_list", resource_id=resource)["results"] == [made]
        assert act("", "feedback_list", package_id=data["id"])["count"] == 1
        code = f"GLC2000-{new_user()}"
        far = {"role": "primary", "resource_ref": [
            {"title": "Land cover", "identifier": [{"code": code, "code_space": "https://jrc.example"}]}
        ]}  # fmt: skip
        other = act(new_user(), "feedback_create", target=[far], abstract="Far", rating=3)
        assert other["datasets"] == []
        found = act("", "feedback_list", code=code, code_space="https://jrc.example")
        assert [each["id"] for each in found["results"]] == [other["id"]]

    def test_an_identifier_of_ours_means_the_dataset(self, hub: Hub) -> None:
        product = hub.product("feedback-means", f"SCENE_{new_user()}")
        known = {"code": product["identifier"], "code_space": "feedback-means"}
        target = {"role": "primary", "resource_ref": [{"title": "By its name", "identifier": [known]}]}
        second = {"role": "secondary", "resource_ref": [
            {"title": "x", "identifier": [{"code": hub.dataset()["id"], "code_space": "dataset"}]}
        ]}  # fmt: skip
        made = act(new_user(), "feedback_create", target=[target, second], abstract="By code", rating=1)
        assert [each["role"] for each in made["datasets"]] == ["primary", "secondary"]
        assert made["datasets"][0]["id"] == product["id"]

    def test_no_address_is_kept(self, hub: Hub) -> None:
        site = f"https://medium.example/@{new_user()}"
        text = f"Write to jo.doe+x@mail.example.org, or see {site}"
        made = act(
            new_user(),
            "feedback_create",
            package_id=hub.dataset()["id"],
            user_comment=comment(text),
            tag=["a@b.co"],
        )
        assert made["abstract"] == f"Write to (mail), or see {site}"
        assert made["tag"] == ["(mail)"]
        assert "mail.example" not in str(act("", "feedback_show", id=made["id"]))

    def test_the_dataset_is_indexed_again_and_not_changed(self, hub: Hub) -> None:
        data = hub.dataset()
        model.Session.query(Outbox).delete()
        model.Session.commit()
        hub.review(new_user(), data)
        assert [row.package_id for row in model.Session.query(Outbox)] == [data["id"]]
        after = act("", "package_show", id=data["id"])
        assert after["metadata_modified"] == data["metadata_modified"]


class TestChange:
    def test_what_was_shown_can_be_given_back(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data, 3, usage=fit(), contact={"application_domain": ["Ice"]}, tag=["snow"])
        again = act(user, "feedback_update", **made)
        changing = ("version", "edited", "modified", "date_info")
        assert {k: v for k, v in again.items() if k not in changing} == {
            k: v for k, v in made.items() if k not in changing
        }
        assert (again["version"], again["edited"]) == (2, True)
        assert [each["date_type"] for each in again["date_info"]] == ["creation", "revision"]

    def test_a_part_is_changed_alone(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data, 3, tag=["snow"])
        changed = act(user, "feedback_patch", id=made["id"], rating=1, tag=None, version=1)
        assert (changed["rating"], changed["abstract"]) == (1, "A review")
        assert "tag" not in changed
        told = act("", "feedback_summary", id=data["id"])
        assert (told["average"], told["by_tag"]) == (1.0, {})

    def test_two_who_change_the_same(self, hub: Hub) -> None:
        user = new_user()
        made = hub.review(user, hub.dataset())
        act(user, "feedback_patch", id=made["id"], abstract="First", version=1)
        with pytest.raises(toolkit.ValidationError, match="version 2 now, not 1"):
            act(user, "feedback_patch", id=made["id"], abstract="Second", version=1)
        assert act(user, "feedback_show", id=made["id"])["abstract"] == "First"

    def test_a_draft_is_for_its_author_until_it_is_sent(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data, draft=True)
        assert made["state"] == "draft"
        for other in ("", new_user(), hub.people["admin"]):
            with pytest.raises(toolkit.ObjectNotFound):
                act(other, "feedback_show", id=made["id"])
        assert act("", "feedback_summary", id=data["id"])["items"] == 0
        assert act(user, "feedback_list", user=user, state="draft")["count"] == 1
        assert act(user, "feedback_patch", id=made["id"], send=True)["state"] == "published"
        assert act("", "feedback_summary", id=data["id"])["items"] == 1

    def test_a_deleted_one_is_gone_for_all_but_moderators(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = hub.review(user, data)
        act(user, "feedback_delete", id=made["id"], reason="A mistake")
        for other in ("", user):
            with pytest.raises(toolkit.ObjectNotFound):
                act(other, "feedback_show", id=made["id"])
        assert act(hub.people["admin"], "feedback_show", id=made["id"])["state"] == "deleted"
        assert act("", "feedback_summary", id=data["id"])["items"] == 0
        act(hub.sysadmin, "feedback_purge", id=made["id"])
        with pytest.raises(toolkit.ObjectNotFound):
            act(hub.sysadmin, "feedback_show", id=made["id"])

    def test_targets_are_others_when_the_author_says_so(self, hub: Hub) -> None:
        one, other, user = hub.dataset(), hub.dataset(), new_user()
        made = hub.review(user, one, 2)
        act(user, "feedback_patch", id=made["id"], package_id=other["id"])
        assert act("", "feedback_summary", id=one["id"])["ratings"] == 0
        assert act("", "feedback_summary", id=other["id"])["average"] == 2.0


class TestIssues:
    def test_an_issue_is_followed_to_its_end(self, hub: Hub) -> None:
        data, user = hub.dataset(), new_user()
        made = act(
            user,
            "feedback_create",
            package_id=data["id"],
            abstract="Stripes",
            usage=problem(),
            severity="blocking",
        )
        assert (made["issue"]["state"], made["issue"]["severity"]) == ("open", "blocking")
        assert act("", "feedback_summary", id=data["id"])["worst_issue"] == "blocking"
        editor = hub.people["editor"]
        seen = act(
            editor, "feedback_issue_update", id=made["id"], state="in_progress", assignee=editor,
            work_around="Use band 5", expected_fix_date="2027-01-01", severity="major",
        )  # fmt: skip
        assert (seen["issue"]["state"], seen["issue"]["assignee"]["name"]) == ("in_progress", editor)
        [issue] = seen["usage"][0]["discovered_issue"]
        assert issue["work_around"] == ["Use band 5"]
        assert issue["expected_fix_date"] == {"date": "2027-01-01", "date_type": "released"}
        assert [each["id"] for each in act("", "feedback_issue_list", package_id=data["id"])["results"]] == [
            made["id"]
        ]
        done = act(editor, "feedback_issue_update", id=made["id"], state="fixed", reason="Processed again")
        assert done["issue"]["closed"]
        assert act("", "feedback_issue_list", package_id=data["id"])["count"] == 0
        assert act("", "feedback_issue_list", package_id=data["id"], issue_state="fixed")["count"] == 1
        assert act("", "feedback_summary", id=data["id"])["worst_issue"] is None
        log = act(user, "feedback_moderation_log", id=made["id"])
        assert [line["action"] for line in log] == ["create", "issue", "issue"]
        assert log[-1]["reason"] == "Processed again" and "note" not in log[-1]

    def test_a_duplicate_names_the_first(self, hub: Hub) -> None:
        data = hub.dataset()
        one, two = (
            act(new_user(), "feedback_create", package_id=data["id"], abstract="x", usage=problem())
            for _ in "12"
        )
        editor = hub.people["editor"]
        with pytest.raises(toolkit.ValidationError, match="reported the same issue first"):
            act(editor, "feedback_issue_update", id=two["id"], state="duplicate")
        told = act(editor, "feedback_issue_update", id=two["id"], state="duplicate", duplicate_of=one["id"])
        assert told["issue"]["duplicate_of"] == one["id"]
        plain = hub.review(new_user(), data)
        with pytest.raises(toolkit.ValidationError, match="reports no issue"):
            act(editor, "feedback_issue_update", id=plain["id"], state="fixed")


class TestAnswers:
    def test_a_question_is_answered_and_the_answer_accepted(self, hub: Hub) -> None:
        data, asker = hub.dataset(), new_user()
        question = act(
            asker, "feedback_create", package_id=data["id"], user_comment=comment("Which units?", "question")
        )
        assert act("", "feedback_summary", id=data["id"])["open_questions"] == 1
        one = act(new_user(), "feedback_reply", id=question["id"], comment="Kelvin, I think")
        two = act(hub.people["editor"], "feedback_respond", id=question["id"], comment="Kelvin")
        assert (one["user_comment"]["motivation"], two["user_comment"]["motivation"]) == (
            "answer",
            "response",
        )
        assert two["on_behalf_of"]["id"] == hub.organization["id"] and two["author"]["is_provider"]
        assert one["item_is_reply_to"][0]["code"] == question["id"]
        told = act(asker, "feedback_accept_answer", id=one["id"])
        assert told["accepted_answer"] == one["id"]
        told = act(hub.people["editor"], "feedback_accept_answer", id=two["id"])
        assert told["accepted_answer"] == two["id"]
        motivations = {
            each["id"]: each["user_comment"]["motivation"]
            for each in act("", "feedback_show", id=question["id"], include_replies=True)["thread"]
        }
        assert motivations == {one["id"]: "answer", two["id"]: "acceptedAnswer"}
        summary = act("", "feedback_summary", id=data["id"])
        assert (summary["items"], summary["replies"], summary["open_questions"]) == (1, 2, 0)
        act(hub.sysadmin, "feedback_delete", id=two["id"])
        assert act("", "feedback_summary", id=data["id"])["open_questions"] == 1
        deep = act(asker, "feedback_reply", id=one["id"], comment="Thank you")
        assert (deep["root"], deep["reply_to"]) == (question["id"], one["id"])
        assert act("", "feedback_show", id=one["id"])["replies"] == 1

    def test_answers_do_not_rate_and_need_words(self, hub: Hub) -> None:
        made = hub.review(new_user(), hub.dataset())
        with pytest.raises(toolkit.ValidationError) as caught:
            act(new_user(), "feedback_reply", id=made["id"])
        assert "user_comment.comment" in caught.value.error_dict
        with pytest.raises(toolkit.ValidationError, match="rating"):
            act(new_user(), "feedback_reply", id=made["id"], comment="x", rating=1)

    def test_votes_are_counted_once_a_user(self, hub: Hub) -> None:
        made, one, two = hub.review(new_user(), hub.dataset()), new_user(), new_user()
        act(one, "feedback_vote", id=made["id"], value=1)
        act(two, "feedback_vote", id=made["id"], value=1)
        assert act(one, "feedback_vote", id=made["id"], value=-1) == {
            "id": made["id"], "up": 1, "down": 1, "mine": -1,
        }  # fmt: skip
        assert act(two, "feedback_vote", id=made["id"], value=0)["up"] == 0
        assert act(one, "feedback_show", id=made["id"])["votes"] == {"up": 0, "down": 1, "mine": -1}
