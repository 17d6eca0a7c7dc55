"""Figures of all feedback: what each caller may see, and no more work than must be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.feedback.logic import summaries
from ckanext.nextgeoss.feedback.logic.caller import caller_of
from ckanext.nextgeoss.feedback.model import Item
from ckanext.nextgeoss.feedback.store import facts
from ckanext.nextgeoss.feedback.store.visible import is_visible
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    """With feedback on open, private and deleted datasets, and of one who has lost his access."""
    made = make_hub()
    lost = made.people["lost"] = new_user()
    member = {"id": made.organization["id"], "username": lost}
    call_action("organization_member_create", {"user": made.sysadmin}, role="member", **member)
    public, private, gone = made.dataset(), made.dataset(private=True), made.dataset()
    elsewhere = made.dataset(owner_org=made.other["id"], private=True)
    for user, data in (("user", public), ("editor", private), ("lost", private), ("author", gone),
                       ("other_admin", elsewhere)):  # fmt: skip
        said = {"user_comment": comment("Why?", "question")}
        about = [data["id"], public["id"]] if user == "author" else [data["id"]]
        act(made.people[user], "feedback_create", package_id=about, abstract="x", **said)
    call_action("organization_member_delete", {"user": made.sysadmin}, **member)
    call_action("package_delete", {"user": made.sysadmin}, id=gone["id"])
    return made


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    summaries.figures.cache_clear()
    yield
    summaries.figures.cache_clear()


@pytest.mark.parametrize("who", ["", "user", "author", "lost", "member", "editor", "admin", "other_admin"])
def test_figures_count_what_the_caller_may_see(hub: Hub, who: str) -> None:
    """As it is told item by item."""
    model.Session.expire_all()
    told, first = facts.figures(model.Session(), caller_of({"user": hub.people.get(who, "")})), seen(hub, who)
    answers = seen(hub, who, Item.root_id.is_not(None))
    assert (told["items"], told["replies"]) == (first, answers)
    assert sum(each["items"] for each in told["by_month"]) <= first


def test_callers_are_told_of_what_they_may_see(hub: Hub) -> None:
    """One after the other, though what each is told is kept."""
    people = ("", "lost", "user", "admin", "")
    told = [act(hub.people.get(who, ""), "feedback_stats")["items"] for who in people]
    assert told == [seen(hub, who) for who in people] and len(set(told)) > 2


def seen(hub: Hub, who: str, condition: Any = None) -> int:
    """How many published items somebody may see, asked one by one; first ones when nothing is said."""
    caller = caller_of({"user": hub.people.get(who, "")})
    asked = sa.select(sa.func.count()).where(Item.state == "published", is_visible(caller))
    first = Item.root_id.is_(None) if condition is None else condition
    return model.Session.scalar(asked.where(first)) or 0


def test_the_whole_site_is_not_counted_each_time(hub: Hub) -> None:
    told: list[str] = []

    def note(*given: Any) -> None:
        told.append(given[2])

    engine = model.ensure_engine()
    for expected in (True, False):
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            first = act("", "feedback_stats")
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        assert any("nextgeoss_feedback_item" in each for each in told) == expected
        assert "pending" not in first and "flagged" not in first
        told.clear()


def test_moderators_are_told_what_is_so_now(hub: Hub) -> None:
    data, organization = hub.dataset(), hub.organization["id"]
    for user in (hub.people["admin"], hub.sysadmin):
        before = act(user, "feedback_stats", organization=organization)["ratings"]
        hub.review(new_user(), data, 3)
        assert act(user, "feedback_stats", organization=organization)["ratings"] == before + 1
