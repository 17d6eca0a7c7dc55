"""What is sent twice makes one item."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.nextgeoss.feedback.helpers import feedback_stamp
from ckanext.nextgeoss.feedback.model import Item
from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, make_hub, new_user


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


def number(hub: Hub, data: dict[str, Any]) -> int:
    """How many items on a dataset there are, whatever their state."""
    model.Session.expire_all()
    about = {"package_id": data["id"], "state": ["draft", "pending", "published"], "include_replies": True}
    found = act(hub.sysadmin, "feedback_list", **about)["results"]
    return sum(1 + len(each["thread"]) for each in found)


@pytest.mark.parametrize("fields", [{"abstract": "It is good", "rating": "4"}, {"abstract": "Why?"}])
def test_a_form_sent_twice_is_one_item(ask: Any, hub: Hub, fields: dict[str, str]) -> None:
    """A rating, too, of which a second one would be refused."""
    data = hub.dataset()
    form = {"opened": feedback_stamp(), "step": "send", **fields}
    first, second = (ask("user", url("new", id=data["name"]), form, status=303) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert "#fb-" in first.headers["Location"] and number(hub, data) == 1


def test_a_draft_of_the_browser_is_sent_once(ask: Any, hub: Hub) -> None:
    """The answer to it was lost, and the form was opened again."""
    data, draft = hub.dataset(), uuid4().hex
    form = {"abstract": f"Lost {draft}", "step": "send", "draft": draft}
    for _ in range(2):
        ask("user", url("new", id=data["name"]), {**form, "opened": feedback_stamp()}, status=303)
    assert number(hub, data) == 1


def test_what_is_another_is_another(ask: Any, hub: Hub) -> None:
    """Other words in the same form, the same words in another form, or of somebody else."""
    data, words = hub.dataset(), f"Words {uuid4().hex}"
    form = {"opened": feedback_stamp(), "step": "send", "abstract": words}
    for kind, each in (
        ("user", form), ("user", {**form, "abstract": words + "."}),
        ("user", {**form, "opened": feedback_stamp()}), ("author", form),
    ):  # fmt: skip
        ask(kind, url("new", id=data["name"]), each, status=303)
    assert number(hub, data) == 4


@pytest.mark.parametrize("more", [{}, {"as": "provider"}])
def test_an_answer_sent_twice_is_one(ask: Any, hub: Hub, more: dict[str, str]) -> None:
    data = hub.dataset()
    made = hub.review(hub.people["user"], data)
    form = {"opened": feedback_stamp(), "comment": f"So it is {uuid4().hex}", **more}
    for _ in range(2):
        ask("editor", url("reply", id=made["id"]), form, status=303)
    assert number(hub, data) == 2


def test_two_at_once_are_one(hub: Hub) -> None:
    data, once, user = hub.dataset(), uuid4().hex, hub.people["author"]

    def send(_: int) -> str:
        try:
            given = {"package_id": data["id"], "abstract": f"At once {once}", "rating": 3, "once": once}
            return act(user, "feedback_create", **given)["id"]
        finally:
            model.Session.remove()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(send, range(8)))
    assert len(made) == 1 and number(hub, data) == 1


def test_what_was_deleted_can_be_sent_again(hub: Hub) -> None:
    """And nothing tells who sent it, once he is forgotten."""
    data, user = hub.dataset(), new_user()
    given = {"package_id": data["id"], "abstract": "Again", "rating": 2, "once": "a"}
    first = act(user, "feedback_create", **given)["id"]
    act(user, "feedback_delete", id=first)
    second = act(user, "feedback_create", **given)["id"]
    assert second != first
    act(user, "feedback_user_forget")
    asked = sa.select(sa.func.count()).where(Item.id.in_([first, second]), Item.sent_as.is_not(None))
    assert model.Session.scalar(asked) == 0


def test_the_word_of_another_leads_to_nothing_of_his(hub: Hub) -> None:
    data, once = hub.dataset(), uuid4().hex
    given = {"package_id": data["id"], "abstract": "Mine", "rating": 2, "once": once, "draft": True}
    mine = act(hub.people["user"], "feedback_create", **given)
    other = act(hub.people["author"], "feedback_create", **given)
    assert mine["id"] != other["id"] and "sent_as" not in mine and "once" not in mine
