"""Items that wait, are reported, hidden and restored; and what is written down of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan.plugins import toolkit

from ckanext.nextgeoss.feedback.logic.caller import TooMany
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user

OPTION = "ckanext.nextgeoss.feedback."
_HOURS = timedelta(hours=2)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.fixture()
def option(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda name, value: monkeypatch.setitem(toolkit.config, OPTION + name, value)


def moderate(hub: Hub, action: str, *ids: str, reason: str = "") -> list[dict[str, Any]]:
    return act(hub.people["admin"], "feedback_moderate", ids=list(ids), action=action, reason=reason)


def test_first_posts_wait_until_their_author_is_trusted(hub: Hub, option: Any) -> None:
    option("moderation", "first_posts")
    data, user = hub.dataset(), new_user()
    made = hub.review(user, data, 1)
    assert made["state"] == "pending"
    assert act("", "feedback_summary", id=data["id"])["items"] == 0
    waiting = act(
        hub.people["admin"], "feedback_moderation_list", organization=hub.organization["id"], limit=100
    )
    assert made["id"] in [each["id"] for each in waiting["results"]]
    assert waiting["waiting"]["pending"] == waiting["count"] >= 1
    assert act(hub.people["other_admin"], "feedback_moderation_list")["count"] == 0
    [shown] = moderate(hub, "approve", made["id"])
    assert shown["state"] == "published" and shown["published"]
    assert act("", "feedback_summary", id=data["id"])["average"] == 1.0
    assert hub.review(user, hub.dataset())["state"] == "published"
    option("moderation", "always")
    assert hub.review(new_user(), data)["state"] == "pending"
    assert hub.review(hub.people["admin"], data)["state"] == "published"


def test_spam_waits_whatever_the_policy(hub: Hub) -> None:
    data, user = hub.dataset(), new_user()
    text = f"BUY {user} " + "http://spam.example/x " * 8
    made = act(user, "feedback_create", package_id=data["id"], abstract="Buy", user_comment=comment(text))
    assert made["state"] == "pending" and "spam_score" not in made
    seen = act(hub.people["admin"], "feedback_show", id=made["id"])
    assert seen["spam_score"] >= 0.5
    log = act(hub.people["admin"], "feedback_moderation_log", id=made["id"])
    assert "8 links" in log[0]["note"]
    [shown] = moderate(hub, "reject", made["id"], reason="Advertising")
    assert shown["state"] == "hidden"
    again = act(user, "feedback_moderation_log", id=made["id"])
    assert again[-1] == {
        "action": "reject", "from_state": "pending", "to_state": "hidden", "reason": "Advertising",
        "at": again[-1]["at"],
    }  # fmt: skip


def test_the_same_words_again_are_suspicious(hub: Hub) -> None:
    text = f"These words are long enough to be somebody's own, {new_user()}"
    states = [
        act(new_user(), "feedback_create", package_id=hub.dataset()["id"], user_comment=comment(words))[
            "state"
        ]
        for words in (text, text.upper() + "!!")
    ]
    assert states == ["published", "pending"]


def test_reports_hide_an_item_until_somebody_looks(hub: Hub, option: Any) -> None:
    option("max_strikes", 2)
    data = hub.dataset()
    made = hub.review(new_user(), data, 2)
    one = new_user()
    for _ in range(3):  # one person counts once
        assert not act(one, "feedback_flag", id=made["id"], reason="spam")["hidden"]
    told = act(hub.people["admin"], "feedback_moderation_list", flagged=True, limit=100)
    [seen] = [each for each in told["results"] if each["id"] == made["id"]]
    assert seen["flags"] == {"count": 1, "reasons": [{"reason": "spam", "note": ""}]}
    assert act(new_user(), "feedback_flag", id=made["id"], reason="wrong", note="No")["hidden"]
    assert act("", "feedback_summary", id=data["id"])["items"] == 0
    shown = act(hub.people["admin"], "feedback_flag_clear", id=made["id"])
    assert (shown["state"], shown["flags"]["count"]) == ("published", 0)
    assert act("", "feedback_summary", id=data["id"])["average"] == 2.0
    actions = [line["action"] for line in act(hub.people["admin"], "feedback_moderation_log", id=made["id"])]
    assert actions == ["create", "flagged", "flags_cleared"]


def test_what_was_hidden_by_a_person_stays_hidden(hub: Hub) -> None:
    made = hub.review(new_user(), hub.dataset())
    moderate(hub, "hide", made["id"], reason="Rude")
    assert act(hub.people["admin"], "feedback_flag_clear", id=made["id"])["state"] == "hidden"
    [shown] = moderate(hub, "restore", made["id"])
    assert shown["state"] == "published"


def test_many_at_once_or_none(hub: Hub) -> None:
    one, two = (hub.review(new_user(), hub.dataset()) for _ in "12")
    moderate(hub, "hide", two["id"], reason="x")
    with pytest.raises(toolkit.ValidationError, match="for an item that is hidden: one of approve, restore"):
        moderate(hub, "hide", one["id"], two["id"], reason="x")
    assert act("", "feedback_show", id=one["id"])["state"] == "published"
    with pytest.raises(toolkit.ValidationError, match="reason"):
        moderate(hub, "hide", one["id"])
    with pytest.raises(toolkit.ValidationError, match="1 to 100"):
        moderate(hub, "hide", reason="x")
    shown = moderate(hub, "approve", two["id"])
    assert [each["state"] for each in shown] == ["published"]


def test_an_edit_of_much_waits_again(hub: Hub, option: Any) -> None:
    user, data = new_user(), hub.dataset()
    words = f"Clouds are masked well over land {user}, less so over snow and along the coast"
    made = act(user, "feedback_create", package_id=data["id"], user_comment=comment(words), abstract="Masks")
    option("moderation", "always")
    option("trust_after", 3)
    little = act(user, "feedback_patch", id=made["id"], user_comment=comment(words + " of Norway"))
    assert little["state"] == "published" and little["edited"]
    much = act(
        user, "feedback_patch", id=made["id"], user_comment=comment(f"All is bad, {user}, go elsewhere")
    )
    assert much["state"] == "pending"
    assert act("", "feedback_summary", id=data["id"])["items"] == 0
    log = act(user, "feedback_moderation_log", id=made["id"])
    assert [(line["action"], line["to_state"]) for line in log] == [
        ("create", "published"),
        ("edit", "pending"),
    ]
    moderate(hub, "approve", made["id"])
    moderate(hub, "hide", made["id"], reason="x")
    mended = act(user, "feedback_patch", id=made["id"], abstract="Mended")
    assert mended["state"] == "pending"


def test_an_author_edits_for_so_long(hub: Hub, option: Any) -> None:
    user = new_user()
    made = hub.review(user, hub.dataset())
    option("edit_window_hours", 1)
    act(user, "feedback_patch", id=made["id"], abstract="In time")
    from ckan import model

    from ckanext.nextgeoss.feedback.model import Item

    model.Session.query(Item).filter_by(id=made["id"]).update({"published": Item.published - _HOURS})
    model.Session.commit()
    with pytest.raises(toolkit.NotAuthorized):
        act(user, "feedback_patch", id=made["id"], abstract="Too late")


def test_who_writes_too_much_waits(hub: Hub, option: Any, same_hour: None) -> None:
    option("items_per_hour", 2)
    user = new_user()
    for _ in range(2):
        hub.review(user, hub.dataset())
    with pytest.raises(TooMany) as caught:
        hub.review(user, hub.dataset())
    assert 0 < caught.value.retry_after <= 3600
    option("reactions_per_hour", 1)
    made = hub.review(new_user(), hub.dataset())
    act(user, "feedback_vote", id=made["id"], value=1)
    with pytest.raises(TooMany):
        act(user, "feedback_vote", id=made["id"], value=0)


def test_options_that_mean_nothing_are_refused(hub: Hub, option: Any) -> None:
    from ckan.exceptions import CkanConfigurationException

    from ckanext.nextgeoss.feedback import config

    config.check()
    for name, value in (("moderation", "sometimes"), ("moderators", "all"), ("words_file", "/nowhere")):
        with pytest.MonkeyPatch.context() as patch:
            patch.setitem(toolkit.config, OPTION + name, value)
            with pytest.raises(CkanConfigurationException, match=name):
                config.check()


def test_what_was_deleted_long_ago_goes(hub: Hub) -> None:
    from ckan import model
    from click.testing import CliRunner

    from ckanext.nextgeoss.feedback.commands import feedback
    from ckanext.nextgeoss.feedback.model import Item, Moderation

    user, data = new_user(), hub.dataset()
    old, draft, kept = (
        hub.review(user, data),
        hub.review(user, hub.dataset(), draft=True),
        hub.review(new_user(), data),
    )
    act(new_user(), "feedback_reply", id=old["id"], comment="x")
    act(user, "feedback_delete", id=old["id"])
    done = CliRunner().invoke(feedback, ["purge"])
    assert done.exit_code == 0 and model.Session.get(Item, old["id"]) is not None
    for item_id in (old["id"], draft["id"]):
        model.Session.query(Item).filter_by(id=item_id).update(
            {"modified": Item.modified - 100 * _HOURS * 12, "deleted": Item.deleted - 100 * _HOURS * 12}
        )
    model.Session.commit()
    done = CliRunner().invoke(feedback, ["purge"])
    assert done.exit_code == 0, done.output
    model.Session.expire_all()
    assert {model.Session.get(Item, each["id"]) is None for each in (old, draft)} == {True}
    assert model.Session.get(Item, kept["id"]) is not None
    assert model.Session.query(Moderation).filter_by(item_id=old["id"]).count() == 2
    done = CliRunner().invoke(feedback, ["rebuild", data["id"]])
    assert done.output == "all summaries were right\n"
