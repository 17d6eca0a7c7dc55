"""Saved searches: whose they are, what they say, and the mails about what is new to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests import factories
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from sqlalchemy.orm import Session

from ckanext.nextgeoss import config
from ckanext.nextgeoss.logic import saved_searches
from ckanext.nextgeoss.search import alert_commands, alerts, saved
from ckanext.nextgeoss.search.alerts import send_alerts
from ckanext.nextgeoss.search.catalogue import client
from ckanext.nextgeoss.search.documents import Documents
from ckanext.nextgeoss.search.indexer import Indexer
from ckanext.nextgeoss.search.model import Outbox, SavedSearch
from ckanext.nextgeoss.search.news import SETTLED
from ckanext.nextgeoss.search.sending import Sender
from ckanext.nextgeoss.tests.catalogue import HOSTILE, Catalogue, make_product
from ckanext.nextgeoss.tests.mail_server import mail_server

Mails = list[EmailMessage]
LATER = timedelta(seconds=1)


def act(user: str, action: str, /, **data: Any) -> Any:
    return call_action(action, {"user": user, "ignore_auth": False}, **data)


def send(after: timedelta = LATER) -> int:
    """Send alerts as if so much time had gone by."""
    return send_alerts(saved.now() + SETTLED + after)


@pytest.fixture()
def user(catalogue: Catalogue) -> Iterator[str]:
    """Somebody without searches; alerts of others are switched off."""
    model.Session.query(SavedSearch).update({"alert": "none"})
    model.Session.commit()
    return factories.User(image_url="")["name"]


@pytest.fixture()
def mails(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    with mail_server() as (address, got):
        monkeypatch.setitem(toolkit.config, "smtp.server", address)
        monkeypatch.setitem(toolkit.config, "smtp.mail_from", "hub@example.org")
        yield got


def body(mail: EmailMessage) -> str:
    return mail.get_content()


def add(catalogue: Catalogue, kind: str, **changes: Any) -> dict[str, Any]:
    title = changes.pop("title", f"New {kind}")
    return catalogue.add(kind, make_product(catalogue.collection, kind, title=title), **changes)


class TestActions:
    def test_a_search_is_kept_changed_and_forgotten(self, catalogue: Catalogue, user: str) -> None:
        query = {"q": "scene", "bbox": [10, 59, 11, 62], "cloud_cover_max": 20, "limit": 5}
        made = act(user, "saved_search_create", name=" North ", query=query)
        assert made["name"] == "North"
        assert (made["query"], made["alert"]) == (query, "none")
        assert made["created"].endswith("Z")
        assert act(user, "saved_search_list") == [made]
        assert act(user, "saved_search_show", id=made["id"]) == made
        changed = act(user, "saved_search_update", id=made["id"], alert="weekly")
        assert changed == made | {
            "alert": "weekly", "modified": changed["modified"], "alerted": changed["alerted"],
        }  # fmt: skip
        act(user, "saved_search_delete", id=made["id"])
        assert act(user, "saved_search_list") == []
        with pytest.raises(toolkit.ObjectNotFound):
            act(user, "saved_search_show", id=made["id"])

    def test_it_finds_what_product_search_finds(self, catalogue: Catalogue, user: str) -> None:
        query = {"collection": catalogue.collection, "sort": "cloud_cover", "cloud_cover_max": 90}
        made = act(user, "saved_search_create", name="clear", query=query)
        expected = act(user, "product_search", **query)
        assert expected["count"] == 3
        assert act(user, "saved_search_run", id=made["id"]) == expected
        page = act(user, "saved_search_run", id=made["id"], limit=1, offset=1)
        assert page["results"] == expected["results"][1:2]
        with pytest.raises(toolkit.ValidationError, match="limit"):
            act(user, "saved_search_run", id=made["id"], limit=5000)

    @pytest.mark.parametrize(
        ("data", "where", "told"),
        [
            ({"name": ""}, "name", "Missing value"),
            ({"name": "a\nb"}, "name", "one line of 1 to 200 characters is allowed"),
            ({"name": "x" * 201}, "name", "one line"),
            (
                {"alert": "hourly"},
                "alert",
                "'hourly' is not allowed; expected one of none, daily",
            ),
            ({"query": "words"}, "query", "an object with parameters of product_search is expected"),
            ({"query": [1]}, "query", "an object"),
            (
                {"query": {"cloud_cover_max": "much"}},
                "query",
                "cloud_cover_max: 'much' is not allowed",
            ),
            ({"query": {"cloudcover": 1}}, "query", "cloudcover: there is no such parameter; did you mean"),
            ({"query": {"offset": 1}}, "query", "offset: is not kept"),
            ({"query": {"bbox": "1,2,3"}}, "query", "bbox:"),
            ({"query": {"q": "x" * 60_000}}, "query", "at most 50000 letters are allowed"),
        ],
    )
    def test_what_is_not_allowed_is_named(
        self, catalogue: Catalogue, user: str, data: dict[str, Any], where: str, told: str
    ) -> None:
        with pytest.raises(toolkit.ValidationError) as caught:
            act(user, "saved_search_create", **{"name": "x", "query": {}} | data)
        assert told in str(caught.value.error_dict[where])
        made = act(user, "saved_search_create", name="x", query={})
        if where != "name" or data["name"]:
            with pytest.raises(toolkit.ValidationError):
                act(user, "saved_search_update", id=made["id"], **data)
        assert act(user, "saved_search_list") == [made]

    def test_a_user_saves_so_many(
        self, catalogue: Catalogue, user: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.saved_searches", 2)
        for _ in range(2):
            act(user, "saved_search_create", name="same", query={})
        with pytest.raises(toolkit.ValidationError, match="2 searches are saved"):
            act(user, "saved_search_create", name="same", query={})

    @pytest.mark.parametrize("action", ["show", "update", "delete", "run", "check"])
    def test_nobody_learns_of_anothers(self, catalogue: Catalogue, user: str, action: str) -> None:
        """One of another user is answered like one that does not exist; visitors are refused alike, too."""
        other = factories.User(image_url="")["name"]
        made = act(user, "saved_search_create", name="secret", query={})
        reasons = []
        for search_id in (made["id"], "nothing"):
            with pytest.raises(toolkit.ObjectNotFound) as caught:
                act(other, f"saved_search_{action}", id=search_id)
            reasons.append(str(caught.value).replace(search_id, "ID"))
            with pytest.raises(toolkit.NotAuthorized):
                act("", f"saved_search_{action}", id=search_id)
        assert reasons[0] == reasons[1]
        assert act(user, "saved_search_list") == [made]
        assert act(other, "saved_search_list") == []

    def test_visitors_and_strangers_list_nothing(self, catalogue: Catalogue, user: str) -> None:
        made = act(user, "saved_search_create", name="mine", query={})
        for action, data in (("list", {}), ("create", {"name": "x", "query": {}})):
            with pytest.raises(toolkit.NotAuthorized):
                act("", f"saved_search_{action}", **data)
        other = factories.User(image_url="")["name"]
        with pytest.raises(toolkit.NotAuthorized):
            act(other, "saved_search_list", user=user)
        assert act(user, "saved_search_list", user=user) == [made]
        assert act(catalogue.user, "saved_search_list", user=user) == [made]
        assert act(catalogue.user, "saved_search_show", id=made["id"]) == made
        act(catalogue.user, "saved_search_delete", id=made["id"])

    def test_news_since_the_last_look(
        self, catalogue: Catalogue, user: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(saved_searches, "SETTLED", timedelta(0))
        made = act(user, "saved_search_create", name="x", query={"collection": catalogue.collection})
        assert act(user, "saved_search_check", id=made["id"])["count"] == 0
        new = add(catalogue, "look")
        add(catalogue, "look-private", private=True)
        for keep in (True, False):
            news = act(user, "saved_search_check", id=made["id"], keep=keep)
            assert (news["count"], [each["uuid"] for each in news["results"]]) == (1, [new["id"]])
        again = act(user, "saved_search_check", id=made["id"])
        assert (again["count"], again["since"]) == (0, news["until"])
        call_action("package_patch", {"user": catalogue.user}, id=new["id"], notes="changed")
        assert act(user, "saved_search_check", id=made["id"])["count"] == 1


class TestAlerts:
    def save(self, catalogue: Catalogue, user: str, **data: Any) -> dict[str, Any]:
        given = {"name": "Mine", "query": {"collection": catalogue.collection}, "alert": "each"}
        return act(user, "saved_search_create", **given | data)

    def test_a_mail_names_what_is_new(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        made = self.save(catalogue, user)
        self.save(catalogue, user, name="Quiet", query={"q": "nothingness"})
        assert send(timedelta(0)) == 0
        new = add(catalogue, "told", title=HOSTILE)
        assert send() == 1
        [mail] = mails
        assert mail["To"].endswith(f"<{model.User.get(user).email}>")
        assert "1 new product in your saved searches" in mail["Subject"]
        text = body(mail)
        assert mail.get_content_type() == "text/plain"
        assert "Mine: 1 new or changed since 20" in text
        assert "Evil </script>" in text
        assert f"{toolkit.config['ckan.site_url']}/dataset/{new['name']}\n" in text
        assert f"saved_search_update with id {made['id']} and alert none" in text
        assert "Quiet" not in text
        assert send() == 0
        assert len(mails) == 1

    def test_one_mail_tells_of_all_searches_in_so_many_lines(
        self, catalogue: Catalogue, user: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(alerts, "MOST_LINES", 3)
        self.save(catalogue, user, name="A")
        self.save(catalogue, user, name="B")
        for number in range(2):
            add(catalogue, f"many-{number}")
        assert send() == 1
        text = body(mails[0])
        assert text.count("/dataset/") == 3
        assert "A: 2 new" in text and "B: 2 new" in text and "  and 1 more" in text

    def test_each_sees_what_he_may_see_now(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        member = factories.User(image_url="")["name"]
        organization = {"id": catalogue.organization["id"], "username": member}
        call_action("organization_member_create", {"user": catalogue.user}, **organization, role="member")
        left = factories.User(image_url="")["name"]
        call_action(
            "organization_member_create", {"user": catalogue.user},
            id=organization["id"], username=left, role="member",
        )  # fmt: skip
        for each in (user, member, left):
            self.save(catalogue, each)
        add(catalogue, "hidden", private=True)
        call_action(
            "organization_member_delete", {"user": catalogue.user}, id=organization["id"], username=left
        )
        assert send() == 1
        assert mails[0]["To"].endswith(f"<{model.User.get(member).email}>")

    def test_daily_and_weekly(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        self.save(catalogue, user, name="Day", alert="daily")
        self.save(catalogue, user, name="Week", alert="weekly")
        self.save(catalogue, user, name="Never", alert="none")
        add(catalogue, "slow")
        assert send() == 0
        assert send(timedelta(hours=25)) == 1
        assert "Day" in body(mails[0]) and "Week" not in body(mails[0])
        assert send(timedelta(days=8)) == 1
        assert "Week" in body(mails[1]) and "Day" not in body(mails[1])
        assert "Never" not in body(mails[1])

    def test_who_is_interrupted_tells_again(
        self, catalogue: Catalogue, user: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.save(catalogue, user)
        add(catalogue, "twice")
        with monkeypatch.context() as patch:
            patch.setattr(saved, "set_alerted", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                send()
        model.Session.rollback()
        assert send() == 1
        assert [body(mail).count("New twice") for mail in mails] == [1, 1]

    def test_what_cannot_be_sent_is_told_the_next_time(
        self, catalogue: Catalogue, user: str, mails: Mails, monkeypatch: pytest.MonkeyPatch, caplog: Any
    ) -> None:
        self.save(catalogue, user)
        add(catalogue, "late")
        with monkeypatch.context() as patch:
            patch.setitem(toolkit.config, "smtp.server", "127.0.0.1:1")
            assert send() == 0
        assert f"An alert could not be sent to {user}" in caplog.text
        assert send() == 1
        assert "New late" in body(mails[0])

    def test_a_search_that_cannot_be_asked_any_more_says_so_once(
        self, catalogue: Catalogue, user: str, mails: Mails
    ) -> None:
        made = self.save(catalogue, user)
        model.Session.query(SavedSearch).filter_by(id=made["id"]).update({"query": {"gone": 1}})
        model.Session.commit()
        assert send() == 1
        assert "Mine: this search cannot be asked any more: gone: there is no such parameter" in body(
            mails[0]
        )

    def test_an_index_that_lags_loses_nothing(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        """A product changed long before a mail, and indexed after it: it waited in the outbox meanwhile."""
        new = add(catalogue, "lagging")
        early = saved.now() - timedelta(days=2)
        model.Session.query(model.Package).filter_by(id=new["id"]).update({"metadata_modified": early})
        model.Session.add(Outbox(package_id=new["id"], queued=early))
        model.Session.commit()
        self.save(catalogue, user)
        self.drain()
        assert send() == 1
        assert "New lagging" in body(mails[0])

    def test_an_index_made_again_is_no_news(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        old = catalogue.datasets["north"]["id"]
        early = saved.now() - timedelta(days=2)
        model.Session.query(model.Package).filter_by(id=old).update({"metadata_modified": early})
        model.Session.commit()
        self.save(catalogue, user)
        model.Session.add(Outbox(package_id=old))
        model.Session.commit()
        self.drain()
        assert send() == 0

    def drain(self) -> None:
        """Index what waits."""
        engine = model.meta.engine
        assert engine is not None
        Indexer(engine, Sender(client(), config.site_id()), Documents()).run(once=True)

    def test_two_senders_do_not_tell_twice(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        self.save(catalogue, user)
        add(catalogue, "shared")
        engine = model.meta.engine
        assert engine is not None
        with Session(engine) as other:
            assert len(saved.take_due(other, model.User.get(user).id, saved.now() + LATER)) == 1
            assert send() == 0
        assert send() == 1

    def test_the_command_sends(self, catalogue: Catalogue, user: str, mails: Mails) -> None:
        made = self.save(catalogue, user)
        early = saved.now() - timedelta(hours=1)
        model.Session.query(SavedSearch).filter_by(id=made["id"]).update({"alerted": early})
        model.Session.commit()
        done = CliRunner().invoke(alert_commands.alerts, ["send"])
        assert (done.exit_code, done.output) == (0, f"{len(mails)} mails were sent\n")

    def test_searches_of_deleted_users_are_forgotten(
        self, catalogue: Catalogue, user: str, mails: Mails
    ) -> None:
        made = self.save(catalogue, user)
        add(catalogue, "unread")
        call_action("user_delete", {"user": catalogue.user}, id=user)
        assert send() == 0
        assert saved.find(model.Session(), made["id"]) is None
