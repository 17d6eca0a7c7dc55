"""Authors: what they say of themselves, what they follow, what the hub gives away of them; hostile texts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit

from ckanext.nextgeoss.feedback.model import Follow, Item, Moderation, Person, Reaction
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, fit, make_hub, new_user, problem

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "'; DROP TABLE nextgeoss_feedback_item; --",
    "\" OR 1=1 --",
    "{!join from=id to=id}*:*",
    "_query_:\"{!func}1\"",
    "%s %(id)s {0} ${7*7} {{7*7}}",
    "a & !b | (c <-> d):*",
    "\\",
)  # fmt: skip


@pytest.fixture(scope="module")
def hub(plugins: None) -> Hub:
    return make_hub()


class TestProfile:
    def test_it_fills_what_an_author_leaves_out(self, hub: Hub) -> None:
        user = new_user()
        usual = act(user, "feedback_profile_show")
        assert (usual["expertise_level"], usual["notify"], usual["blocked"]) == (1, "daily", None)
        said = act(
            user, "feedback_profile_update", default_role="decisionMaker", expertise_level=4,
            domains=["Agriculture"], orcid="https://orcid.org/0000-0002-1825-0097", show_orcid=True,
        )  # fmt: skip
        assert said["orcid"] == "0000-0002-1825-0097"
        data = hub.dataset()
        made = hub.review(user, data, usage=fit())
        assert (made["contact_role"], made["contact"]["expertise_level"]) == ("decisionMaker", 4)
        assert made["contact"]["external_user_id"] == [
            {"code": "0000-0002-1825-0097", "code_space": "https://orcid.org"}
        ]
        told = act("", "feedback_summary", id=data["id"])
        assert told["fit_for"] == [{"domain": "agriculture", "fit": 1, "reports": 1}]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("orcid", "0000-0002-1825-0098"), ("default_role", "king"), ("expertise_level", 6),
            ("expertise_level", True), ("domains", "Ice"), ("show_name", "yes"), ("notify", "hourly"),
            ("e_mail", "a@b.c"),
        ],
    )  # fmt: skip
    def test_what_is_not_allowed_is_named(self, hub: Hub, name: str, value: Any) -> None:
        user = new_user()
        with pytest.raises(toolkit.ValidationError) as caught:
            act(user, "feedback_profile_update", **{name: value})
        assert list(caught.value.error_dict) == [name]
        assert act(user, "feedback_profile_show")["domains"] == []

    def test_a_name_that_is_not_shown(self, hub: Hub) -> None:
        user, data = new_user(), hub.dataset()
        before = hub.review(user, data)
        act(user, "feedback_profile_update", show_name=False)
        after = act(user, "feedback_create", package_id=data["id"], user_comment=comment("x"))
        for made in (before, after):
            shown = act("", "feedback_show", id=made["id"])
            assert shown["author"] == {
                "id": None, "name": None, "display_name": "Anonymous", "is_provider": False,
            }  # fmt: skip
            assert user not in json.dumps(shown)
            assert model.User.get(user).fullname not in json.dumps(shown)
        assert act(user, "feedback_show", id=after["id"])["author"]["name"] == user
        act(user, "feedback_profile_update", show_name=True)
        assert act("", "feedback_show", id=after["id"])["author"]["name"] == user


class TestPrivacy:
    def test_addresses_are_in_no_answer(self, hub: Hub) -> None:
        """Neither of accounts nor what was typed: not in any answer of any action."""
        user, data = new_user(), hub.dataset()
        address = model.User.get(user).email
        model.User.get(user).fullname = f"Jo <{address}>"
        model.Session.commit()
        made = act(
            user, "feedback_create", package_id=data["id"], abstract=f"By {address} {data['name']}",
            usage=problem(f"Ask {address}"),
            citation=[{"title": f"x {address}", "identifier": [{"code": f"mailto:{address}"}]}],
        )  # fmt: skip
        act(user, "feedback_reply", id=made["id"], comment=f"or {address}")
        answers = [
            act(user, "feedback_show", id=made["id"], include_replies=True),
            act("", "feedback_list", package_id=data["id"], include_replies=True),
            act("", "feedback_search", q="Ask", package_id=[data["id"]]),
            act(hub.sysadmin, "feedback_moderation_list", state="published", q="Ask", limit=100),
            act(hub.sysadmin, "feedback_moderation_log", id=made["id"]),
            act(user, "feedback_user_export"),
            act(user, "feedback_profile_show"),
            act("", "feedback_summary", id=data["id"]),
            act("", "feedback_stats"),
        ]
        for answer in answers:
            assert address not in json.dumps(answer)
        assert len(answers[1]["results"]) == 1

    def test_a_copy_of_all_that_is_known(self, hub: Hub) -> None:
        user, data = new_user(), hub.dataset()
        mine, others = hub.review(user, data), hub.review(new_user(), data)
        draft = hub.review(user, hub.dataset(), draft=True)
        act(user, "feedback_vote", id=others["id"], value=1)
        act(user, "feedback_flag", id=others["id"], reason="wrong", note="Look")
        act(user, "feedback_follow", type="dataset", id=data["name"])
        told = act(user, "feedback_user_export")
        assert {each["id"] for each in told["items"]} == {mine["id"], draft["id"]}
        assert told["votes"][0]["value"] == 1 and told["reports"][0]["note"] == "Look"
        assert told["follows"] == [{"type": "dataset", "id": data["id"], "mode": "follow"}]

    @pytest.mark.parametrize("words_too", [False, True], ids=["name", "words"])
    def test_being_forgotten(self, hub: Hub, words_too: bool) -> None:
        user, data = new_user(), hub.dataset()
        user_id = model.User.get(user).id
        act(user, "feedback_profile_update", domains=["Ice"])
        made = hub.review(user, data, 2, tag=["mine"])
        other = hub.review(new_user(), data, 4)
        act(user, "feedback_vote", id=other["id"], value=1)
        act(user, "feedback_follow", type="dataset", id=data["id"])
        assert act(user, "feedback_user_forget", delete=words_too) == {"items": 1}
        for table in (Item, Moderation, Reaction, Follow, Person):
            for row in model.Session.query(table):
                values = {column.key: getattr(row, column.key) for column in table.__table__.columns}
                assert user_id not in str(values) and user not in str(values)
        assert act("", "feedback_show", id=other["id"])["votes"]["up"] == 1
        told = act("", "feedback_summary", id=data["id"])
        if words_too:
            assert (told["items"], told["average"]) == (1, 4.0)
            with pytest.raises(toolkit.ObjectNotFound):
                act("", "feedback_show", id=made["id"])
            assert "A review" not in json.dumps(act(hub.sysadmin, "feedback_show", id=made["id"]))
        else:
            assert (told["items"], told["average"]) == (2, 3.0)
            shown = act("", "feedback_show", id=made["id"])
            assert (shown["author"]["name"], shown["author"]["display_name"]) == (None, "Anonymous")
        assert act(hub.sysadmin, "feedback_summary_rebuild", ids=[data["id"]]) == {"wrong": 0}

    def test_who_is_blocked_stays_so_when_he_is_forgotten(self, hub: Hub) -> None:
        user = new_user()
        act(hub.sysadmin, "feedback_user_block", user=user, reason="x")
        act(user, "feedback_user_forget")
        with pytest.raises(toolkit.NotAuthorized):
            hub.review(user, hub.dataset())


class TestFollow:
    def test_what_is_followed_and_muted(self, hub: Hub) -> None:
        user, data = new_user(), hub.dataset()
        made = hub.review(new_user(), data)
        act(user, "feedback_follow", type="organization", id=hub.organization["name"])
        act(user, "feedback_follow", type="thread", id=made["id"])
        told = act(user, "feedback_mute", type="thread", id=made["id"])
        assert told == [
            {"type": "organization", "id": hub.organization["id"], "mode": "follow"},
            {"type": "thread", "id": made["id"], "mode": "mute"},
        ]
        assert len(act(user, "feedback_unfollow", type="thread", id=made["id"])) == 1
        secret = hub.dataset(private=True)
        for kind, name in (("dataset", secret["id"]), ("thread", "nothing"), ("organization", "nothing")):
            with pytest.raises(toolkit.ObjectNotFound):
                act(user, "feedback_follow", type=kind, id=name)


class TestHostile:
    """Texts that would do harm if any parser took them for more than texts."""

    @pytest.mark.parametrize("text", HOSTILE)
    def test_it_is_kept_and_found_as_it_is(self, hub: Hub, text: str) -> None:
        user, data = new_user(), hub.dataset()
        made = act(
            user, "feedback_create", package_id=data["id"], abstract=text, tag=[text], usage=problem(text),
            user_comment=comment(text), contact={"application_domain": [text]}, purpose=text,
        )  # fmt: skip
        shown = act(user, "feedback_show", id=made["id"])
        assert (shown["abstract"], shown["tag"]) == (text, [text])
        for name in ("q", "tag", "domain", "code", "code_space", "resource_id"):
            listing = act(user, "feedback_search" if name == "q" else "feedback_list", **{name: text})
            assert listing["count"] >= 0
        told = act(user, "feedback_list", tag=[text], state="published,pending")
        assert made["id"] in [each["id"] for each in told["results"]]
        for name, value in (("user", text), ("organization", text), ("package_id", text)):
            with pytest.raises((toolkit.ObjectNotFound, toolkit.NotAuthorized)):
                act(user, "feedback_list", **{name: value})
        for name in ("sort", "motivation", "state", "bbox", "since", "limit"):
            with pytest.raises(toolkit.ValidationError):
                act(user, "feedback_list", **{name: text})
        with pytest.raises(toolkit.ObjectNotFound):
            act(user, "feedback_show", id=text)

    @pytest.mark.parametrize("text", ["a\x00b", "x" * 501, "a\u202eb", ["a"], {"a": 1}, 7])
    def test_what_is_no_text_is_refused(self, hub: Hub, text: Any) -> None:
        with pytest.raises(toolkit.ValidationError):
            act(new_user(), "feedback_create", package_id=hub.dataset()["id"], abstract=text, rating=1)

    def test_addresses_that_are_programs_are_refused(self, hub: Hub) -> None:
        cited = [{"title": "x", "online_resource": [{"linkage": "javascript:alert(1)"}]}]
        with pytest.raises(toolkit.ValidationError, match="linkage"):
            act(new_user(), "feedback_create", package_id=hub.dataset()["id"], abstract="x", citation=cited)

    def test_too_much_is_refused(self, hub: Hub) -> None:
        usage = [{"usage_description": [{"specific_usage": "x" * 19_000}]}] * 15
        with pytest.raises(toolkit.ValidationError, match="at most 256000"):
            act(new_user(), "feedback_create", package_id=hub.dataset()["id"], abstract="x", usage=usage)
