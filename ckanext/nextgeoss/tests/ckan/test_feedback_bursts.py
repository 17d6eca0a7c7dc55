"""A burst of ratings is told to moderators, and its ratings wait where the site says so; what is shown then
is what is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ckan import model
from ckan.plugins import get_plugin, toolkit
from lxml import html

from ckanext.nextgeoss.feedback.logic.bursts import look_for_bursts
from ckanext.nextgeoss.feedback.model import Item, Notice
from ckanext.nextgeoss.feedback.moderation_model import Burst
from ckanext.nextgeoss.feedback.notify.spreading import spread
from ckanext.nextgeoss.feedback.store import counting
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, make_hub, new_user

DAYS = timedelta(days=1)


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


@pytest.fixture(scope="module")
def crowd(hub: Hub) -> list[str]:
    return [new_user() for _ in range(6)]


@pytest.fixture(autouse=True)
def option(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Options; bursts of earlier tests are no concern of this one."""

    def change(name: str, value: Any) -> None:
        monkeypatch.setitem(toolkit.config, f"ckanext.nextgeoss.feedback.{name}", value)

    change("burst_ratings", 4)
    model.Session.query(Burst).delete()
    model.Session.commit()
    return change


def rate(hub: Hub, crowd: list[str], stars: int, data: Any = None, days: int = 0) -> dict[str, Any]:
    """A dataset that the crowd rates, so many days ago."""
    data = data or hub.dataset()
    for at, user in enumerate(crowd):
        item = hub.review(user, data, stars, abstract=f"{stars} stars, {at}")
        if days:
            ago = {"published": Item.published - days * DAYS}
            model.Session.query(Item).filter_by(id=item["id"]).update(ago)
    model.Session.commit()
    return data


def alarms(hub: Hub, data: dict[str, Any], who: str = "admin") -> list[dict[str, Any]]:
    told = act(hub.people.get(who, who), "feedback_moderation_list", limit=1)
    return [each for each in told["bursts"] if each["package_id"] == data["id"]]


def shown(page: Any, data: dict[str, Any]) -> Any:
    """The alarm of a dataset in the queue."""
    for alarm in html.document_fromstring(page.body).xpath('//div[contains(@class, "fb-burst")]'):
        if alarm.xpath(f'.//input[@value="{data["id"]}"]'):
            return alarm
    return None


def exact(data: dict[str, Any]) -> dict[str, Any]:
    """The summary of a dataset, which is that of brute force."""
    model.Session.expire_all()
    session, ids = model.Session(), [data["id"]]
    assert counting.read_summaries(session, ids) == counting.brute_force(session, ids)
    return act("", "feedback_summary", id=data["id"])


def test_moderators_are_told_once(hub: Hub, crowd: list[str], option: Any) -> None:
    option("hold_bursts", False)
    data, quiet = rate(hub, crowd, 1), rate(hub, crowd[:3], 1)
    for _ in range(2):
        look_for_bursts()
    [alarm] = alarms(hub, data)
    assert (alarm["ratings"], alarm["usual"], alarm["score"], alarm["average"], alarm["held"]) == (
        6, 0.0, 6.0, 1.0, 0,
    )  # fmt: skip
    assert alarms(hub, quiet) == [] and alarms(hub, data, "other_admin") == []
    assert len(alarms(hub, data, hub.sysadmin)) == 1
    assert exact(data)["ratings"] == 6  # nothing is held where the site says so
    assert exact(data)["under_review"] and not exact(quiet)["under_review"]
    spread(model.Session(), ("admin",))
    admin = model.User.get(hub.people["admin"]).id  # type: ignore[union-attr]
    told = model.Session.query(Notice).filter_by(user_id=admin, kind="burst").all()
    newest = act("", "feedback_list", package_id=data["id"], limit=1)["results"][0]["id"]
    assert [each.item_id for each in told] == [newest]
    lines = act(crowd[-1], "feedback_moderation_log", id=newest)
    assert "burst" not in [line["action"] for line in lines]  # its author has done nothing wrong


def test_what_is_usual_is_no_burst(hub: Hub, crowd: list[str], option: Any) -> None:
    option("burst_ratings", 2)
    data = rate(hub, crowd[:4], 5, days=3)
    rate(hub, crowd[4:], 5, data)
    look_for_bursts()
    assert alarms(hub, data) == []  # 2 today: fewer than 3 deviations
    option("burst_score", 1)
    look_for_bursts()
    assert alarms(hub, data)[0]["usual"] == round(4 / 28, 2)
    option("burst_ratings", 0)
    other = rate(hub, crowd, 5)
    look_for_bursts()
    assert alarms(hub, other) == []


def test_held_ratings_do_not_count_until_somebody_has_looked(hub: Hub, crowd: list[str]) -> None:
    """By itself: the rating is frozen."""
    data = rate(hub, crowd[:1], 5, days=60)
    rate(hub, crowd[1:5], 1, data)
    look_for_bursts()
    assert exact(data)["average"] == 5.0
    assert alarms(hub, data)[0]["held"] == 4
    rate(hub, crowd[5:], 1, data)  # one more, while the alarm is on
    assert exact(data)["average"] == 3.0
    look_for_bursts()
    assert exact(data)["average"] == 5.0 and alarms(hub, data)[0]["held"] == 5
    mine = act(crowd[2], "feedback_list", user=crowd[2], package_id=data["id"], state="pending")["results"]
    assert len(mine) == 1
    bad = mine[0]["id"]
    act(hub.people["admin"], "feedback_moderate", id=bad, action="reject", reason="Made up")
    with pytest.raises(toolkit.NotAuthorized):
        act(hub.people["other_admin"], "feedback_burst_clear", package_id=data["id"])
    assert act(hub.people["admin"], "feedback_burst_clear", package_id=data["id"]) == {"published": 4}
    assert alarms(hub, data) == []
    assert exact(data)["histogram"] == {"5": 1, "4": 0, "3": 0, "2": 0, "1": 4}
    look_for_bursts()  # what was looked at is not held again
    assert alarms(hub, data) == [] and exact(data)["ratings"] == 5
    with pytest.raises(toolkit.ObjectNotFound):
        act(hub.people["admin"], "feedback_burst_clear", package_id=data["id"])


def test_what_a_moderator_lets_through_is_not_held_again(hub: Hub, crowd: list[str], option: Any) -> None:
    option("hold_bursts", True)
    data = rate(hub, crowd, 2)
    look_for_bursts()
    one = act(crowd[0], "feedback_list", user=crowd[0], package_id=data["id"], state="pending")["results"][0]
    act(hub.people["admin"], "feedback_moderate", id=one["id"], action="approve")
    look_for_bursts()
    assert exact(data)["ratings"] == 1 and alarms(hub, data)[0]["held"] == 5


def test_the_queue_has_the_alarm(hub: Hub, ask: Any, crowd: list[str], option: Any) -> None:
    option("hold_bursts", True)
    data = rate(hub, crowd, 1)
    look_for_bursts()
    told = " ".join(shown(ask("admin", url("queue")), data).text_content().split())
    assert "6 ratings in a day, 0.0 are usual; they are 1.0 stars in the mean." in told
    assert "6 wait here until you have looked." in told
    for path in (f"/dataset/{data['name']}", f"/dataset/{data['name']}/feedback"):
        assert "Under review: many ratings came at once" in ask("", path).body
    assert exact(data)["under_review"]
    form = {"action": "burst", "package_id": data["id"]}
    ask("user", url("queue"), form, status=403)
    ask("admin", url("queue"), form, status=303)
    assert shown(ask("admin", url("queue")), data) is None
    assert exact(data)["ratings"] == 6 and not exact(data)["under_review"]
    assert "Under review" not in ask("", f"/dataset/{data['name']}").body


def test_the_scheduler_looks_for_them() -> None:
    plugin: Any = get_plugin("nextgeoss_feedback")
    assert look_for_bursts in [what for _, what in plugin.chores().values()]
