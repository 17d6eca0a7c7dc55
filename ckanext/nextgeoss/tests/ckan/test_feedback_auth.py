"""Who may do what with feedback: each action x person x state x public or private dataset."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action

from ckanext.nextgeoss.feedback.logic import action, auth
from ckanext.nextgeoss.feedback.model import Item
from ckanext.nextgeoss.feedback.states import STATES
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user, problem

PEOPLE = ("visitor", "user", "author", "member", "editor", "admin", "other_admin")
ALL = " ".join(PEOPLE)
SIGNED_IN = ALL.removeprefix("visitor ")
OTHERS = SIGNED_IN.replace("author ", "")

# action -> state -> who may, with a public dataset and with one that has become private since the author
# wrote; states that are not named: nobody. Sysadmins may everything.
OWN_OR_ADMIN = {"draft": ("author", "author"), **dict.fromkeys(STATES[1:4], ("author admin", "author admin"))}
ADMIN = ("admin", "admin")
BY_STATE: dict[str, dict[str, tuple[str, str]]] = {
    "feedback_show": {
        "draft": ("author", "author"),
        "pending": ("author admin", "author admin"),
        "published": (ALL, "author member editor admin"),
        "hidden": ("author admin", "author admin"),
        "deleted": ADMIN,
    },
    "feedback_update": OWN_OR_ADMIN,
    "feedback_patch": OWN_OR_ADMIN,
    "feedback_delete": OWN_OR_ADMIN,
    "feedback_purge": {},
    "feedback_moderate": {"pending": ADMIN, "published": ADMIN, "hidden": ADMIN},
    "feedback_moderation_log": {**OWN_OR_ADMIN, "deleted": ("author admin", "author admin")},
    "feedback_flag": {"published": (OTHERS, "member editor admin")},
    "feedback_flag_clear": {"pending": ADMIN, "published": ADMIN, "hidden": ADMIN},
    "feedback_vote": {"published": (OTHERS, "member editor admin")},
    "feedback_reply": {"published": (SIGNED_IN, "author member editor admin")},
    "feedback_respond": {"published": ("editor admin", "editor admin")},
    "feedback_issue_update": {"published": ("editor admin", "editor admin")},
}
# of an answer to the author's question, by the state of the answer
ACCEPT = {"published": ("author editor admin", "editor admin")}
# action -> data and who may, whatever there is
ALWAYS: dict[str, tuple[dict[str, Any], str]] = {
    "feedback_search": ({}, ALL),
    "feedback_issue_list": ({}, ALL),
    "feedback_doi_show": ({"doi": "10.1234/x"}, SIGNED_IN),
    "feedback_export": ({}, ALL),
    "feedback_import": ({"document": "[]"}, "admin other_admin"),
    "feedback_import_nimmbus": ({"package_id": ["x"], "code_space": "x"}, ""),
    "feedback_summary": ({}, ALL),
    "feedback_stats": ({}, ALL),
    "feedback_summary_rebuild": ({}, ""),
    "feedback_moderation_list": ({}, "admin other_admin"),
    "feedback_follow": ({"type": "organization", "id": "x"}, SIGNED_IN),
    "feedback_unfollow": ({"type": "organization", "id": "x"}, SIGNED_IN),
    "feedback_mute": ({"type": "organization", "id": "x"}, SIGNED_IN),
    "feedback_follow_list": ({}, SIGNED_IN),
    "feedback_profile_show": ({}, SIGNED_IN),
    "feedback_profile_update": ({}, SIGNED_IN),
    "feedback_user_export": ({}, SIGNED_IN),
    "feedback_user_forget": ({}, SIGNED_IN),
    "feedback_user_block": ({"user": "x", "reason": "x"}, ""),
    "feedback_user_unblock": ({"user": "x"}, ""),
}
# action -> who may with a public and with a private dataset
OF_DATASET = {
    "feedback_create": (SIGNED_IN, "member editor admin"),
    "feedback_list": (ALL, "member editor admin"),
    "feedback_burst_clear": ("admin", "admin"),
}


@dataclass
class Case:
    """A dataset with an item of the author's, and an answer to a question of his."""

    item: str
    answer: str
    dataset: str


@dataclass
class Matrix:
    hub: Hub
    public: Case
    private: Case

    def names(self) -> dict[str, str]:
        return {"visitor": "", **self.hub.people, "sysadmin": self.hub.sysadmin}

    def may(self, name: str, person: str, data: dict[str, Any]) -> bool:
        model.Session.rollback()
        context = {"user": self.names()[person], "model": model, "session": model.Session}
        try:
            toolkit.check_access(name, context, dict(data))
        except toolkit.NotAuthorized:
            return False
        return True

    def set_state(self, item_id: str, state: str) -> None:
        model.Session.execute(sa.update(Item).where(Item.id == item_id).values(state=state))
        model.Session.commit()
        model.Session.expire_all()


def make_case(hub: Hub, *, private: bool) -> Case:
    data = hub.dataset()
    author = hub.people["author"]
    item = hub.review(author, data, 3, usage=problem())
    question = act(author, "feedback_create", package_id=data["id"], user_comment=comment("Why?", "question"))
    answer = act(new_user(), "feedback_reply", id=question["id"], comment="Because")
    if private:
        call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], private=True)
    return Case(item["id"], answer["id"], data["id"])


@pytest.fixture(scope="module")
def matrix(plugins: None) -> Matrix:
    hub = make_hub()
    return Matrix(hub, make_case(hub, private=False), make_case(hub, private=True))


def allowed(who: str) -> set[str]:
    return {*who.split(), "sysadmin"}


def test_every_action_has_an_auth_function_and_is_in_the_table() -> None:
    named = {*BY_STATE, *ALWAYS, *OF_DATASET, "feedback_accept_answer"}
    ours = {name for name in action.__all__ if name.startswith("feedback_")}
    assert ours == named
    assert {name for name in vars(auth) if name.startswith("feedback_")} == named


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", BY_STATE)
def test_what_is_done_with_an_item(matrix: Matrix, name: str, state: str, private: bool) -> None:
    case = matrix.private if private else matrix.public
    matrix.set_state(case.item, state)
    expected = allowed(BY_STATE[name].get(state, ("", ""))[private])
    found = {who for who in matrix.names() if matrix.may(name, who, {"id": case.item})}
    assert found == expected


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize("state", STATES)
def test_who_accepts_an_answer(matrix: Matrix, state: str, private: bool) -> None:
    case = matrix.private if private else matrix.public
    matrix.set_state(case.answer, state)
    expected = allowed(ACCEPT.get(state, ("", ""))[private])
    found = {who for who in matrix.names() if matrix.may("feedback_accept_answer", who, {"id": case.answer})}
    assert found == expected


@pytest.mark.parametrize("private", [False, True], ids=["public", "private"])
@pytest.mark.parametrize("name", OF_DATASET)
def test_what_is_done_with_a_dataset(matrix: Matrix, name: str, private: bool) -> None:
    case = matrix.private if private else matrix.public
    expected = allowed(OF_DATASET[name][private])
    found = {who for who in matrix.names() if matrix.may(name, who, {"package_id": case.dataset})}
    assert found == expected


@pytest.mark.parametrize("name", ALWAYS)
def test_what_needs_no_item(matrix: Matrix, name: str) -> None:
    data, who_may = ALWAYS[name]
    assert {who for who in matrix.names() if matrix.may(name, who, data)} == allowed(who_may)


@pytest.mark.parametrize("name", ["profile_show", "profile_update", "user_export", "user_forget"])
def test_nobody_is_another(matrix: Matrix, name: str) -> None:
    data = {"user": matrix.hub.people["author"]}
    found = {who for who in matrix.names() if matrix.may(f"feedback_{name}", who, data)}
    assert found == {"author", "sysadmin"}


def test_who_is_blocked_writes_nothing(matrix: Matrix) -> None:
    matrix.set_state(matrix.public.item, "published")
    blocked = new_user()
    act(matrix.hub.sysadmin, "feedback_user_block", user=blocked, reason="Advertises")
    data = {"package_id": matrix.public.dataset, "abstract": "x", "rating": 1}
    for name, given in (
        ("create", data),
        ("flag", {"id": matrix.public.item, "reason": "spam"}),
        ("vote", {"id": matrix.public.item, "value": 1}),
        ("reply", {"id": matrix.public.item, "comment": "x"}),
    ):
        with pytest.raises(toolkit.NotAuthorized):
            act(blocked, f"feedback_{name}", **given)
    assert act(blocked, "feedback_profile_show")["blocked"] == {"reason": "Advertises", "until": None}
    act(matrix.hub.sysadmin, "feedback_user_unblock", user=blocked)
    assert act(blocked, "feedback_create", **data)["state"] == "published"
    act(matrix.hub.sysadmin, "feedback_user_block", user=blocked, reason="x", until="2020-01-01")
    assert act(blocked, "feedback_vote", id=matrix.public.item, value=1)["up"] == 1


def test_visitors_write_where_the_site_lets_them(matrix: Matrix, monkeypatch: Any) -> None:
    data = {"package_id": matrix.public.dataset, "abstract": "From outside", "rating": 1}
    with pytest.raises(toolkit.NotAuthorized):
        act("", "feedback_create", **data)
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.anonymous", True)
    made = act("", "feedback_create", **data)
    assert made["state"] == "pending"
    assert made["author"] == {"id": None, "name": None, "display_name": "Anonymous", "is_provider": False}


def test_editors_moderate_where_the_site_lets_them(matrix: Matrix, monkeypatch: Any) -> None:
    matrix.set_state(matrix.public.item, "pending")
    monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.moderators", "editor")
    found = {w for w in matrix.names() if matrix.may("feedback_moderate", w, {"id": matrix.public.item})}
    assert found == {"editor", "admin", "sysadmin"}


def test_nothing_of_a_private_dataset_is_told(matrix: Matrix) -> None:
    """Not in lists, searches and figures; what is not to be seen is answered as what is not there."""
    case = matrix.private
    matrix.set_state(case.item, "published")
    for who in ("", matrix.hub.people["user"], matrix.hub.people["other_admin"]):
        with pytest.raises((toolkit.ObjectNotFound, toolkit.NotAuthorized)):
            act(who, "feedback_list", package_id=case.dataset)
        with pytest.raises(toolkit.ObjectNotFound):
            act(who, "feedback_summary", id=case.dataset)
        with pytest.raises(toolkit.ObjectNotFound):
            act(who, "feedback_show", id=case.item)
        assert act(who, "feedback_summary", ids=[case.dataset, matrix.public.dataset]).keys() == {
            matrix.public.dataset
        }
        for name in ("list", "search", "issue_list"):
            organization = matrix.hub.organization["id"]
            told = act(who, f"feedback_{name}", organization=organization, limit=100)
            ids = {each["id"] for each in told["results"]}
            assert case.item not in ids and case.answer not in ids
            assert told["count"] == len(told["results"])
    member = matrix.hub.people["member"]
    assert act(member, "feedback_list", package_id=case.dataset)["count"] == 2
    assert act(member, "feedback_summary", id=case.dataset)["items"] == 2
