"""What nobody reaches by a detour, and what stays whole when two do something at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckan.plugins.core import load_all, unload_all
from ckan.tests.helpers import _get_test_app, call_action

from ckanext.nextgeoss.feedback.logic import answers, changing, items, moderation
from ckanext.nextgeoss.feedback.model import Item, Person, Target
from ckanext.nextgeoss.feedback.store import people
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user, problem

_PREFIX = "ckanext.nextgeoss.feedback."


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    load_all()
    yield make_hub()
    unload_all()


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """What people who are not trusted write waits."""
    monkeypatch.setitem(toolkit.config, f"{_PREFIX}moderation", "always")


def ask(hub: Hub, data: dict[str, Any], user: str = "") -> dict[str, Any]:
    """A question on a dataset."""
    said = comment(f"Why {uuid4().hex}?", "question")
    return act(user or new_user(), "feedback_create", package_id=data["id"], user_comment=said)


def answered(question: dict[str, Any]) -> str:
    """An answer by somebody."""
    return act(new_user(), "feedback_reply", id=question["id"], comment="Because")["id"]


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, module: Any, do: Callable[[], Any], name: str = "counted"
) -> None:
    """Do something in another transaction after an action has seen what there is, and before it locks it."""
    locks: Callable[..., AbstractContextManager[None]] = getattr(module, name)

    def done() -> None:
        try:
            do()
        finally:
            model.Session.remove()

    def first(*given: Any, **named: Any) -> AbstractContextManager[None]:
        monkeypatch.setattr(module, name, locks)
        with ThreadPoolExecutor(1) as other:
            other.submit(done).result()
        return locks(*given, **named)

    monkeypatch.setattr(module, name, first)


@pytest.mark.usefixtures("always")
class TestWhoModeratesSomethingElse:
    """Who moderates one dataset is not trusted with another that he names beside it."""

    def test_what_he_writes_waits(self, hub: Hub) -> None:
        own, other = hub.dataset(owner_org=hub.other["id"]), hub.dataset()
        admin, given = hub.people["other_admin"], {"abstract": "x", "user_comment": comment("Fine")}
        states = [
            act(admin, "feedback_create", package_id=names, **given)["state"]
            for names in ([own["id"]], [other["id"], own["id"]], [own["id"], other["id"]], [other["id"]])
        ]
        assert states == ["published", "pending", "pending", "pending"]
        both = act(hub.sysadmin, "feedback_create", package_id=[own["id"], other["id"]], **given)
        assert act(admin, "feedback_reply", id=both["id"], comment="x")["state"] == "pending"

    def test_what_he_moves_there_waits(self, hub: Hub) -> None:
        own, other = hub.dataset(owner_org=hub.other["id"]), hub.dataset()
        admin = hub.people["other_admin"]
        made = act(admin, "feedback_create", package_id=own["id"], user_comment=comment("Fine"))
        assert made["state"] == "published"
        moved = act(admin, "feedback_patch", id=made["id"], package_id=[other["id"]])
        assert moved["state"] == "pending" and moved["datasets"][0]["id"] == other["id"]

    def test_what_others_wrote_is_not_moved_there(self, hub: Hub) -> None:
        own, other = hub.dataset(owner_org=hub.other["id"]), hub.dataset()
        made = hub.review(new_user(), own, 1)
        act(hub.people["other_admin"], "feedback_moderate", id=made["id"], action="approve")
        with pytest.raises(toolkit.NotAuthorized):
            act(hub.people["other_admin"], "feedback_patch", id=made["id"], package_id=other["id"])
        assert act("", "feedback_show", id=made["id"])["datasets"][0]["id"] == own["id"]
        assert act("", "feedback_summary", id=other["id"])["ratings"] == 0


class TestWhoseItIs:
    def test_a_moderator_who_moves_a_rating_is_not_its_author(self, hub: Hub) -> None:
        """It counts as before: who wrote it is not of the provider."""
        one, two = hub.dataset(), hub.dataset()
        made = hub.review(new_user(), one, 2)
        moved = act(hub.people["admin"], "feedback_patch", id=made["id"], package_id=two["id"])
        assert not moved["author"]["is_provider"]
        assert act("", "feedback_summary", id=two["id"])["ratings"] == 1

    def test_nobody_clears_reports_of_his_own(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(toolkit.config, f"{_PREFIX}max_strikes", 1)
        made = hub.review(hub.people["admin"], hub.dataset(), 5)
        assert act(new_user(), "feedback_flag", id=made["id"], reason="spam")["hidden"]
        with pytest.raises(toolkit.NotAuthorized):
            act(hub.people["admin"], "feedback_flag_clear", id=made["id"])
        assert act(hub.sysadmin, "feedback_flag_clear", id=made["id"])["state"] == "published"

    def test_a_document_changes_nothing_of_others(self, hub: Hub) -> None:
        """Neither by naming a dataset of one's own beside another, nor by the code of what is here."""
        own, other = hub.dataset(owner_org=hub.other["id"]), hub.dataset()
        code = uuid4().hex

        def document(*datasets: dict[str, Any], when: str) -> str:
            target = [
                {"role": "primary", "resource_ref": [
                    {"title": "x", "identifier": [{"code": each["id"], "code_space": "dataset"}]}]}
                for each in datasets
            ]  # fmt: skip
            dates = [{"date": when, "date_type": "creation"}]
            return json.dumps([{
                "id": code, "code_space": "elsewhere", "modified": when, "abstract": "x", "rating": 1,
                "contact_role": "researchEndUser", "target": target, "date_info": dates,
                "contact": {"expertise_level": 1, "user_details": {"role": "user", "party": [{"name": "x"}]}},
                "item_identifier": {"code": code, "code_space": "elsewhere"},
            }])  # fmt: skip

        def taken(who: str, *datasets: dict[str, Any], when: str) -> dict[str, Any]:
            return act(who, "feedback_import", document=document(*datasets, when=when))

        admin = hub.people["other_admin"]
        assert taken(admin, own, other, when="2026-01-01")["failed"] == 1
        made = taken(hub.sysadmin, other, when="2026-01-02")
        assert made["created"] == 1, made
        told = taken(admin, own, when="2026-01-03")
        assert (told["failed"], told["updated"]) == (1, 0)
        assert act("", "feedback_summary", id=other["id"])["ratings"] == 1
        assert taken(hub.people["admin"], other, when="2026-01-04")["updated"] == 1

    def test_a_report_is_no_duplicate_of_what_one_does_not_see(self, hub: Hub) -> None:
        secret = hub.dataset(private=True, owner_org=hub.other["id"])
        first = hub.review(hub.people["other_admin"], secret, 1, usage=problem())
        data = hub.dataset()
        one, two = (hub.review(new_user(), data, 1, usage=problem()) for _ in "12")
        with pytest.raises(toolkit.ValidationError, match="first"):
            act(hub.people["editor"], "feedback_issue_update", id=one["id"], state="duplicate",
                duplicate_of=first["id"])  # fmt: skip
        told = act(hub.people["editor"], "feedback_issue_update", id=one["id"], state="duplicate",
                   duplicate_of=two["id"])  # fmt: skip
        assert told["issue"]["duplicate_of"] == two["id"]


class TestNames:
    def test_who_hides_his_name_is_not_found_by_it(self, hub: Hub) -> None:
        data, author = hub.dataset(), new_user()
        made = hub.review(author, data, 4)

        def found(who: str, action: str = "feedback_list", **more: Any) -> list[str]:
            return [each["id"] for each in act(who, action, user=author, **more)["results"]]

        assert found("") == [made["id"]]
        act(author, "feedback_profile_update", show_name=False)
        for who in ("", hub.people["user"], hub.people["admin"]):
            assert found(who) == found(who, "feedback_search") == [], who
        assert found(hub.people["admin"], "feedback_moderation_list", state="published") == []
        assert found(author) == found(hub.sysadmin) == [made["id"]]
        act(author, "feedback_profile_update", show_name=True)
        assert found("") == [made["id"]]

    def test_a_name_that_is_an_address_is_not_shown(self, hub: Hub) -> None:
        author = new_user()
        address = f"{author}@people.example"
        call_action("user_patch", {"user": hub.sysadmin}, id=author, fullname=address, email=address)
        made = hub.review(author, hub.dataset(), 4)
        for shows in (True, False, True):
            act(author, "feedback_profile_update", show_name=shows)
            assert "people.example" not in json.dumps(act("", "feedback_show", id=made["id"]))


class TestAcceptedAnswers:
    def state(self, question: dict[str, Any]) -> tuple[str | None, dict[str, str]]:
        """Which answer is accepted, and of what kind all are."""
        told = act("", "feedback_show", id=question["id"], include_replies=True)
        kinds = {each["id"]: each["user_comment"]["motivation"] for each in told["thread"]}
        return told["accepted_answer"], kinds

    def test_two_at_once(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        asker = new_user()
        question = ask(hub, hub.dataset(), asker)
        one, two = answered(question), answered(question)
        meanwhile(monkeypatch, answers, lambda: act(hub.people["editor"], "feedback_accept_answer", id=two))
        told = act(asker, "feedback_accept_answer", id=one)
        assert told["accepted_answer"] == one
        assert self.state(question) == (one, {one: "acceptedAnswer", two: "answer"})

    def test_one_that_was_deleted_meanwhile(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        asker = new_user()
        question = ask(hub, hub.dataset(), asker)
        one, two = answered(question), answered(question)
        meanwhile(monkeypatch, answers, lambda: act(hub.sysadmin, "feedback_delete", id=one))
        with pytest.raises(toolkit.ObjectNotFound):
            act(asker, "feedback_accept_answer", id=one)
        hide = {"id": two, "action": "hide", "reason": "x"}
        meanwhile(monkeypatch, answers, lambda: act(hub.sysadmin, "feedback_moderate", **hide))
        with pytest.raises(toolkit.ValidationError, match="not published"):
            act(asker, "feedback_accept_answer", id=two)
        assert self.state(question) == (None, {})

    @pytest.mark.parametrize("how", ["delete", "hide", "reports", "forget", "edit"])
    def test_the_question_is_open_again_when_it_goes(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch, how: str
    ) -> None:
        """And the answer is one of many when it comes back."""
        asker, data = new_user(), hub.dataset()
        question = ask(hub, data, asker)
        answer = act(
            author := new_user(), "feedback_reply", id=question["id"], comment=f"Because {uuid4().hex}"
        )["id"]
        act(asker, "feedback_accept_answer", id=answer)
        before = act("", "feedback_list", package_id=data["id"], unanswered=True)["count"]
        if how == "delete":
            act(author, "feedback_delete", id=answer)
        elif how == "hide":
            act(hub.people["admin"], "feedback_moderate", id=answer, action="hide", reason="x")
        elif how == "reports":
            monkeypatch.setitem(toolkit.config, f"{_PREFIX}max_strikes", 1)
            act(new_user(), "feedback_flag", id=answer, reason="wrong")
        elif how == "forget":
            act(author, "feedback_user_forget", delete=True)
        else:
            monkeypatch.setitem(toolkit.config, f"{_PREFIX}moderation", "always")
            act(author, "feedback_patch", id=answer, user_comment=comment("Buy shoes", "answer"))
        after = act("", "feedback_list", package_id=data["id"], unanswered=True)["count"]
        assert (before, after) == (0, 1)
        assert act("", "feedback_summary", id=data["id"])["open_questions"] == 1
        assert act(hub.sysadmin, "feedback_summary_rebuild", ids=[data["id"]])["wrong"] == 0
        assert self.state(question) == (None, {})
        if how in ("hide", "reports"):
            act(hub.people["admin"], "feedback_moderate", id=answer, action="restore")
            assert self.state(question) == (None, {answer: "answer"})

    def test_an_answer_is_not_made_the_accepted_one_by_its_author(self, hub: Hub) -> None:
        question, author = ask(hub, hub.dataset(), asker := new_user()), new_user()
        answer = act(author, "feedback_reply", id=question["id"], comment=f"So {uuid4().hex}")["id"]
        for standing in ("acceptedAnswer", "response", "moderation"):
            with pytest.raises(toolkit.ValidationError, match="motivation"):
                act(author, "feedback_patch", id=answer, user_comment=comment("So", standing))
        act(author, "feedback_patch", id=answer, user_comment=comment("So it is", "resolution"))
        act(asker, "feedback_accept_answer", id=answer)
        told = act(author, "feedback_patch", id=answer, user_comment=comment("So it was", "comment"))
        assert told["user_comment"] == comment("So it was", "acceptedAnswer")
        assert self.state(question) == (answer, {answer: "acceptedAnswer"})

    def test_an_answer_is_shown_when_its_question_is_not(self, hub: Hub) -> None:
        question = ask(hub, hub.dataset())
        answer = answered(question)
        act(hub.sysadmin, "feedback_moderate", id=question["id"], action="hide", reason="x")
        assert "Because" in _get_test_app().get(f"/feedback/{answer}").body


class TestAtOnce:
    def test_deleting_twice_counts_once(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        author = new_user()
        made = hub.review(author, hub.dataset(), 1)
        people.person(model.Session(), user_id := model.User.get(author).id).trust = 5
        model.Session.commit()
        meanwhile(monkeypatch, items, lambda: act(hub.people["admin"], "feedback_delete", id=made["id"]))
        with pytest.raises(toolkit.ObjectNotFound):
            act(hub.sysadmin, "feedback_delete", id=made["id"])
        model.Session.expire_all()
        assert model.Session.get(Person, user_id).trust == 4
        log = act(hub.sysadmin, "feedback_moderation_log", id=made["id"])
        assert [line["action"] for line in log] == ["create", "delete"]

    @pytest.mark.parametrize("gone", ["feedback_delete", "feedback_purge"])
    def test_what_is_gone_meanwhile_is_not_changed(
        self, hub: Hub, monkeypatch: pytest.MonkeyPatch, gone: str
    ) -> None:
        author, data = new_user(), hub.dataset()
        for action, module, given in (
            ("feedback_patch", changing, {"abstract": "Other"}),
            ("feedback_flag", moderation, {"reason": "spam"}),
            ("feedback_flag_clear", moderation, {}),
        ):
            made = act(author, "feedback_create", package_id=data["id"], user_comment=comment(action))
            meanwhile(monkeypatch, module, lambda id=made["id"]: act(hub.sysadmin, gone, id=id))
            who = {"feedback_patch": author, "feedback_flag": hub.people["user"]}.get(action, hub.sysadmin)
            with pytest.raises(toolkit.ObjectNotFound):
                act(who, action, id=made["id"], **given)
        assert act(hub.sysadmin, "feedback_summary_rebuild", ids=[data["id"]])["wrong"] == 0

    def test_people_are_locked_in_one_order(self, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two moderators who decide on items of the same authors do not wait for each other in a circle."""
        data, trusted = hub.dataset(), []
        made = {author: hub.review(author, data, 1)["id"] for author in (new_user() for _ in range(4))}
        add = people.add_trust

        def noted(session: Any, user_id: str | None, step: int) -> None:
            trusted.append(user_id)
            add(session, user_id, step)

        monkeypatch.setattr(people, "add_trust", noted)
        for ids in (list(made.values()), list(made.values())[::-1]):
            trusted.clear()
            told = act(hub.people["admin"], "feedback_moderate", ids=ids, action="hide", reason="x")
            assert [each["id"] for each in told] == ids
            assert trusted == sorted(model.User.get(author).id for author in made)
            act(hub.people["admin"], "feedback_moderate", ids=ids, action="restore")

    def test_items_are_locked_before_people(self, hub: Hub) -> None:
        author = new_user()
        hub.review(author, hub.dataset(), 1)
        told: list[str] = []

        def note(*given: Any) -> None:
            if "FOR UPDATE" in given[2]:
                told.append("item" if "nextgeoss_feedback_item" in given[2] else "person")

        sa.event.listen(model.ensure_engine(), "before_cursor_execute", note)
        try:
            act(author, "feedback_profile_update", show_name=False)
        finally:
            sa.event.remove(model.ensure_engine(), "before_cursor_execute", note)
        assert told == ["item", "person"]


class TestMuch:
    def test_of_how_many_datasets_an_item_is(self, hub: Hub) -> None:
        names, told = [hub.dataset()["id"]] * 30, []

        def note(*given: Any) -> None:
            told.append(given[2])

        sa.event.listen(model.ensure_engine(), "before_cursor_execute", note)
        try:
            with pytest.raises(toolkit.ValidationError, match="at most 20"):
                act(new_user(), "feedback_create", package_id=names * 30, rating=3)
        finally:
            sa.event.remove(model.ensure_engine(), "before_cursor_execute", note)
        assert len(told) < 400, "nobody has the hub look at hundreds of datasets"

    def test_all_below_an_answer_goes_with_it(self, hub: Hub) -> None:
        question = ask(hub, hub.dataset())
        one = answered(question)
        below = [one]
        for _ in range(3):
            below.append(act(new_user(), "feedback_reply", id=below[-1], comment="So?")["id"])
        other = answered(question)
        act(hub.sysadmin, "feedback_purge", id=one)
        left = model.Session.scalars(sa.select(Item.id).where(Item.id.in_([*below, other, question["id"]])))
        assert set(left) == {other, question["id"]}
        rows = sa.select(sa.func.count()).select_from(Target).where(Target.item_id.in_(below))
        assert model.Session.scalar(rows) == 0

    def test_too_long_a_reason_is_told_not_a_fault(self, hub: Hub) -> None:
        user = new_user()
        made = hub.review(user, hub.dataset(), 3)
        long = {"reason": "x" * 3000, "note": "x" * 3000}
        app, reader = _get_test_app(), new_user()
        for who, what, given in (
            (reader, "report", {**long, "reason": "spam"}),
            (user, "delete", long),
        ):
            token = call_action("api_token_create", {"user": hub.sysadmin}, user=who, name=uuid4().hex)
            path, headers = f"/feedback/{made['id']}/{what}", {"Authorization": token["token"]}
            answer = app.post(path, data=given, headers=headers, follow_redirects=False)
            assert answer.status_code == 303, answer.status_code
        assert act("", "feedback_show", id=made["id"])["state"] == "published"

    def test_what_is_followed_by_name_is_left_by_name(self, hub: Hub) -> None:
        user, data = new_user(), hub.dataset()
        followed = act(user, "feedback_follow", type="dataset", id=data["name"])
        assert [each["id"] for each in followed] == [data["id"]]
        assert act(user, "feedback_unfollow", type="dataset", id=data["name"]) == []
        act(user, "feedback_follow", type="dataset", id=data["id"])
        call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], private=True)
        assert act(user, "feedback_unfollow", type="dataset", id=data["id"]) == []
