"""Who sees an item without seeing all datasets that it is about is told nothing of the others."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.tests.asking import url
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user

SUFFIXES = ("xml", "atom", "jsonld", "csv", "iso.xml")


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


class Both:
    """An item on a dataset of the organization and on a private one of another, and a writer of both."""

    def __init__(self, hub: Hub, **more: Any):
        self.secret = f"Secret {uuid4().hex}"
        self.writer = new_user()
        for organization in (hub.organization, hub.other):
            call_action(
                "organization_member_create", {"user": hub.sysadmin},
                id=organization["id"], username=self.writer, role="member",
            )  # fmt: skip
        self.open = hub.dataset()
        name = f"secret-{uuid4().hex}"
        self.private = hub.dataset(
            owner_org=hub.other["id"], private=True, title=self.secret, name=name,
            resources=[{"url": f"https://data.example/{name}", "name": f"File {self.secret}"}],
        )  # fmt: skip
        about = [self.open["id"], self.private["id"]]
        said = {"abstract": "On both", "user_comment": comment("On both"), **more}
        self.item = act(self.writer, "feedback_create", package_id=about, **said)

    def is_told_in(self, text: str) -> bool:
        """Whether a text says anything of the private dataset."""
        return any(each in text for each in (self.secret, self.private["id"], self.private["name"]))


def told(answer: Any) -> str:
    return json.dumps(answer, default=str)


def test_a_moderator_is_told_nothing_of_the_other(ask: Any, hub: Hub) -> None:
    both, admin = Both(hub), hub.people["admin"]
    item = act(admin, "feedback_show", id=both.item["id"], include_replies=True)
    assert [each["name"] for each in item["datasets"]] == [both.open["name"], None]
    assert not both.is_told_in(told(item))
    for answer in (
        act(admin, "feedback_list", package_id=both.open["id"]),
        act(admin, "feedback_search", q="both"),
        *(act(admin, "feedback_export", id=both.item["id"], format=name)
          for name in ("guf", "atom", "jsonld", "csv")),
        act(admin, "feedback_moderation_log", id=both.item["id"]),
    ):  # fmt: skip
        assert "On both" in told(answer) or isinstance(answer, list)
        assert not both.is_told_in(told(answer))
    pages = [url("show", id=both.item["id"]), url("dataset", id=both.open["name"]), url("search"),
             url("queue") + "?view=published&q=both", url("edit", id=both.item["id"])]  # fmt: skip
    pages += [f"/feedback/{both.item['id']}.{suffix}" for suffix in SUFFIXES[:4]]
    pages += [f"/dataset/{both.open['name']}/feedback.{suffix}" for suffix in SUFFIXES]
    for page in pages:
        assert not both.is_told_in(ask("admin", page).text), page


def test_who_may_read_it_is_told(hub: Hub) -> None:
    both = Both(hub)
    for user in (both.writer, hub.sysadmin):
        item = act(user, "feedback_show", id=both.item["id"])
        assert item["datasets"][1]["title"] == both.secret and both.secret in told(item["target"])


def test_a_file_of_the_other_is_not_told(hub: Hub) -> None:
    both = Both(hub)
    file = both.private["resources"][0]["id"]
    named = ((both.secret, "resource", file), ("Mine", "dataset", both.open["id"]))
    about = [
        {"resource_ref": [{"title": title, "identifier": [{"code": code, "code_space": space}]}],
         "role": "primary"}
        for title, space, code in named
    ]  # fmt: skip
    made = act(both.writer, "feedback_create", target=about, abstract="A file", rating=2)
    item = act(hub.people["admin"], "feedback_show", id=made["id"])
    assert not both.is_told_in(told(item)) and file not in told(item)


def test_nor_in_what_it_said_before(hub: Hub) -> None:
    both, admin = Both(hub), hub.people["admin"]
    act(
        both.writer,
        "feedback_patch",
        id=both.item["id"],
        abstract="Changed on both",
        user_comment=comment("Changed"),
    )
    found = act(admin, "feedback_moderation_list", state=["published"], q="changed both", limit=100)
    mine = next(each for each in found["results"] if each["id"] == both.item["id"])
    assert mine["before"]["parts"]["abstract"] == "On both" and not both.is_told_in(told(mine))


def test_an_answer_is_as_silent_as_what_it_answers(hub: Hub) -> None:
    both, admin = Both(hub), hub.people["admin"]
    answer = act(admin, "feedback_reply", id=both.item["id"], comment="So it is")
    assert not both.is_told_in(told(answer))
    thread = act(both.writer, "feedback_show", id=both.item["id"], include_replies=True)["thread"]
    assert thread[0]["datasets"][1]["title"] == both.secret


def test_what_a_moderator_gives_back_loses_nothing(hub: Hub) -> None:
    both, admin = Both(hub), hub.people["admin"]
    item = act(admin, "feedback_show", id=both.item["id"])
    tried = act(admin, "feedback_update", **item | {"abstract": "Edited", "validate_only": True})
    changed = act(admin, "feedback_update", **item | {"abstract": "Edited"})
    assert not both.is_told_in(told([tried, changed]))
    now = act(both.writer, "feedback_show", id=both.item["id"])
    assert (now["abstract"], now["target"]) == ("Edited", both.item["target"])
    assert now["datasets"] == both.item["datasets"]


def test_an_author_who_lost_access_is_told_no_more(ask: Any, hub: Hub) -> None:
    both = Both(hub)
    act(both.writer, "feedback_patch", id=both.item["id"], abstract="Twice on both")
    call_action(
        "organization_member_delete", {"user": hub.sysadmin}, id=hub.other["id"], username=both.writer
    )
    for answer in (
        act(both.writer, "feedback_user_export"),
        act(both.writer, "feedback_list", user=both.writer),
        act(both.writer, "feedback_show", id=both.item["id"]),
    ):
        assert "Twice on both" in told(answer) and not both.is_told_in(told(answer))
    for page in (url("mine"), url("show", id=both.item["id"]), url("edit", id=both.item["id"])):
        assert not both.is_told_in(ask(both.writer, page).text), page


def test_what_is_gone_is_told_as_when_it_was_there(hub: Hub) -> None:
    """A private dataset that was deleted; one that everybody saw keeps its title."""
    both = Both(hub)
    for data in (both.private, both.open):
        call_action("package_delete", {"user": hub.sysadmin}, id=data["id"])
    item = act(hub.people["admin"], "feedback_show", id=both.item["id"])
    assert item["datasets"][0]["title"] == both.open["title"] and not both.is_told_in(told(item))
    assert act(both.writer, "feedback_show", id=both.item["id"])["datasets"][1]["title"] == both.secret
