"""The queue of moderators shows what changed, who wrote it and what others reported; decisions are for
several items at once. What items said before is kept for moderators, and for so long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from click.testing import CliRunner
from lxml import html

from ckanext.nextgeoss.feedback.commands import feedback
from ckanext.nextgeoss.feedback.model import Item, Moderation
from ckanext.nextgeoss.feedback.moderation_model import Version
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user

OPTION = "ckanext.nextgeoss.feedback."
LONG_AGO = timedelta(days=100)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.fixture()
def option(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda name, value: monkeypatch.setitem(toolkit.config, OPTION + name, value)


def queued(hub: Hub, item: dict[str, Any], **said: Any) -> dict[str, Any]:
    """What the list tells a moderator of an item."""
    told = act(hub.people["admin"], "feedback_moderation_list", limit=100, **said)
    [found] = [each for each in told["results"] if each["id"] == item["id"]]
    return found


def row_of(page: Any, item: dict[str, Any]) -> Any:
    tree = html.document_fromstring(page.body)
    [box] = tree.xpath(f'//input[@value="{item["id"]}"]')
    return next(each for each in box.iterancestors("li"))


def said(row: Any, tag: str) -> list[str]:
    return [each.text_content() for each in row.iter(tag)]


class TestEdits:
    def test_an_edit_that_waits_shows_both_texts(self, ask: Any, hub: Hub, option: Any) -> None:
        user, data = new_user(), hub.dataset()
        made = act(user, "feedback_create", package_id=data["id"], abstract="Masks", rating=4,
                   user_comment=comment(f"Clouds are masked well over land, {user} says"))  # fmt: skip
        option("moderation", "always")
        option("trust_after", 3)
        worse = f"Snow is lost <script>alert(1)</script> and rivers, {user} says"
        for text in (worse, worse + " again"):  # while it waits it is changed once more
            act(user, "feedback_patch", id=made["id"], rating=1, user_comment=comment(text))
        told = queued(hub, made)
        assert (told["state"], told["version"], told["before"]["version"]) == ("pending", 3, 1)
        assert told["before"]["parts"]["rating"] == 4
        page = ask("admin", url("queue") + f"?user={user}")
        assert "<script>alert(1)" not in page.body
        row = row_of(page, made)
        assert row.xpath('.//details[@class="fb-changes"]/@open')
        assert said(row, "del") == ["4", "Clouds are masked well over land,"]
        assert said(row, "ins")[:2] == ["1", "Snow is lost <script>alert(1)</script> and rivers,"]
        whole = [each.text_content() for each in row.xpath(".//td")]
        assert f"Clouds are masked well over land, {user} says" in whole
        assert f"{worse} again" in whole

    def test_what_a_moderator_saw_is_what_is_compared(self, hub: Hub, option: Any) -> None:
        """Not what waited before, which nobody has seen."""
        user, data = new_user(), hub.dataset()
        made = hub.review(user, data, 2, abstract="One")
        act(hub.people["admin"], "feedback_moderate", id=made["id"], action="hide", reason="Rude")
        for text in ("Two", "Three"):
            act(user, "feedback_patch", id=made["id"], abstract=text)
        assert queued(hub, made)["before"]["parts"]["abstract"] == "One"
        act(hub.people["admin"], "feedback_moderate", id=made["id"], action="approve")
        act(user, "feedback_patch", id=made["id"], abstract="Four")
        assert queued(hub, made, state="published")["before"]["parts"]["abstract"] == "Three"

    def test_drafts_and_new_items_have_nothing_before(self, hub: Hub, option: Any) -> None:
        option("moderation", "always")
        user = new_user()
        made = hub.review(user, hub.dataset(), draft=True)
        act(user, "feedback_patch", id=made["id"], abstract="Better")
        act(user, "feedback_patch", id=made["id"], send=True)
        assert queued(hub, made)["before"] is None
        assert model.Session.query(Version).filter_by(item_id=made["id"]).count() == 0

    def test_nobody_else_is_shown_what_it_said(self, ask: Any, hub: Hub) -> None:
        user = new_user()
        made = hub.review(user, hub.dataset(), 3, abstract="Telephone of Jane")
        act(user, "feedback_patch", id=made["id"], abstract="No telephone")
        for who in ("", "user", "editor", "other_admin"):
            assert "Telephone of Jane" not in ask(who, url("show", id=made["id"])).body
            assert "before" not in act(hub.people.get(who, ""), "feedback_show", id=made["id"])
        copy = act(user, "feedback_user_export")
        assert [each["parts"]["abstract"] for each in copy["versions"]] == ["Telephone of Jane"]
        act(user, "feedback_user_forget")
        assert model.Session.query(Version).filter_by(item_id=made["id"]).count() == 0


class TestWhoAndWhy:
    def test_what_an_author_has_done_so_far(self, ask: Any, hub: Hub, option: Any) -> None:
        user = new_user()
        _, bad, reported = (hub.review(user, hub.dataset()) for _ in "123")
        act(new_user(), "feedback_flag", id=bad["id"], reason="spam")
        act(hub.people["admin"], "feedback_moderate", id=bad["id"], action="hide", reason="Spam")
        act(new_user(), "feedback_flag", id=reported["id"], reason="wrong", note="Not <b>so</b>")
        act(new_user(), "feedback_flag", id=reported["id"], reason="wrong")
        option("moderation", "always")
        waits = hub.review(user, hub.dataset())
        assert queued(hub, waits)["author_record"] == {
            "published": 2, "hidden": 1, "pending": 1, "flags": 2, "upheld": 1, "trust": 0, "blocked": False,
        }  # fmt: skip
        row = row_of(ask("admin", url("queue") + f"?user={user}"), waits)
        [record] = row.xpath('.//p[contains(@class, "fb-record")]/span[1]')
        assert " ".join(record.text_content().split()) == (
            "Author so far: 2 published, 1 hidden, 1 waiting, 2 open reports, 1 report found right"
        )
        row = row_of(ask("admin", url("queue") + f"?view=flagged&user={user}"), reported)
        [told] = row.xpath('.//p[@class="fb-reported"]')
        assert " ".join(told.text_content().split()) == "2 reports: It is wrong × 2"
        assert said(row.xpath('.//ul[@class="fb-flags"]')[0], "li") == ["“Not <b>so</b>”"]

    def test_visitors_have_no_record(self, hub: Hub, option: Any) -> None:
        option("anonymous", True)
        made = act("", "feedback_create", package_id=hub.dataset()["id"], abstract="Hello", rating=3)
        assert queued(hub, made)["author_record"] is None


class TestDeciding:
    def test_all_of_a_page_are_chosen_without_a_script(self, ask: Any, hub: Hub, option: Any) -> None:
        option("moderation", "always")
        user = new_user()
        made = [hub.review(user, hub.dataset())["id"] for _ in "12"]
        page = ask("admin", url("queue") + f"?user={user}")
        [link] = html.document_fromstring(page.body).xpath('//a[@id="choose-all"]/@href')
        tree = html.document_fromstring(ask("admin", link).body)
        assert set(tree.xpath('//input[@name="ids" and @checked]/@value')) == set(made)
        where = {"next": f"{url('queue')}?user={user}"}
        ask("admin", url("queue"), {"ids": made, "action": "approve", **where}, status=303)
        assert act(user, "feedback_list", user=user, state="published")["count"] == 2

    def test_several_are_deleted_with_a_reason(self, ask: Any, hub: Hub) -> None:
        user = new_user()
        made = [hub.review(user, hub.dataset())["id"] for _ in "12"]
        ask("admin", url("queue"), {"ids": made, "action": "delete"}, status=303)
        assert "a reason is needed" in ask("admin", url("queue")).body
        form = {"ids": made, "action": "delete", "preset": "It advertises something."}
        ask("user", url("queue"), form, status=(403, 404))
        ask("admin", url("queue"), form, status=303)
        for item_id in made:
            line = act(user, "feedback_moderation_log", id=item_id)[-1]
            assert (line["to_state"], line["reason"]) == ("deleted", "It advertises something.")

    def test_own_items_are_for_others_to_decide(self, ask: Any, hub: Hub, option: Any) -> None:
        option("moderation", "always")
        admin = hub.people["admin"]
        made = hub.review(admin, hub.dataset())
        act(hub.sysadmin, "feedback_moderate", id=made["id"], action="hide", reason="x")
        act(admin, "feedback_patch", id=made["id"], abstract="Mine")
        row = row_of(ask("admin", url("queue") + f"?user={admin}"), made)
        assert row.xpath('.//input[@name="ids"]/@disabled')
        assert "somebody else decides" in row.text_content()


def test_what_items_said_goes_after_so_many_days(hub: Hub, option: Any) -> None:
    """But not of items that wait, which a moderator has yet to compare."""
    option("moderation", "always")
    option("trust_after", 3)
    user = new_user()
    settled, waits = (hub.review(user, hub.dataset()) for _ in "12")
    for each in (settled, waits):
        act(hub.people["admin"], "feedback_moderate", id=each["id"], action="approve")
        act(user, "feedback_patch", id=each["id"], abstract="All of it is otherwise now")
    act(hub.people["admin"], "feedback_moderate", id=settled["id"], action="approve")
    ids = [settled["id"], waits["id"]]
    old = {"at": Version.at - LONG_AGO}
    model.Session.query(Version).filter(Version.item_id.in_(ids)).update(old)
    model.Session.commit()
    done = CliRunner().invoke(feedback, ["purge"])
    assert done.exit_code == 0, done.output
    kept = model.Session.query(Version.item_id).filter(Version.item_id.in_(ids)).all()
    assert [each for (each,) in kept] == [waits["id"]]


def test_the_log_of_what_is_gone_goes_after_so_many_days(hub: Hub, option: Any) -> None:
    """Of items that are there all of it stays; of others the option says how long."""
    user = new_user()
    gone, there = (hub.review(user, hub.dataset()) for _ in "12")
    act(user, "feedback_delete", id=gone["id"])
    model.Session.query(Item).filter_by(id=gone["id"]).update({"deleted": Item.deleted - LONG_AGO})
    ids = [gone["id"], there["id"]]
    model.Session.query(Moderation).filter(Moderation.item_id.in_(ids)).update(
        {"at": Moderation.at - LONG_AGO}
    )
    model.Session.commit()

    def logged() -> set[str]:
        assert CliRunner().invoke(feedback, ["purge"]).exit_code == 0
        rows = model.Session.query(Moderation.item_id).filter(Moderation.item_id.in_(ids)).distinct()
        return {each for (each,) in rows}

    assert logged() == set(ids)
    option("log_days", 50)
    assert logged() == {there["id"]}
