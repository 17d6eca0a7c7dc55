"""Mails on feedback, with a real mail server: who gets which, in which words, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.nextgeoss.feedback.model import Item, Moderation, Notice, Person, utc_now
from ckanext.nextgeoss.feedback.notify import commands, sending, tokens, wording
from ckanext.nextgeoss.feedback.notify.events import MOST_TRIES
from ckanext.nextgeoss.harvesters.commands.scheduler import Chores
from ckanext.nextgeoss.tests.feedback import Hub, act, comment, make_hub, new_user, problem
from ckanext.nextgeoss.tests.mail_server import mail_server

Mails = list[EmailMessage]
HOSTILE = "<b>& {{ 7*7 }} {0} %s</b>\r\nBcc: all@example.org"
DAY = timedelta(days=1)


@pytest.fixture()
def hub(with_plugins: None) -> Hub:
    """A hub in which nothing is left to tell."""
    model.Session.query(Notice).delete()
    model.Session.query(Moderation).filter(Moderation.told.is_(None)).update({"told": utc_now()})
    model.Session.query(Item).filter(Item.motivation == "question").update({"motivation": "comment"})
    model.Session.commit()
    return make_hub()


@pytest.fixture()
def mails(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mails]:
    with mail_server() as (address, got):
        monkeypatch.setitem(toolkit.config, "smtp.server", address)
        monkeypatch.setitem(toolkit.config, "smtp.mail_from", "hub@example.org")
        yield got


def wants(often: str, *users: str) -> None:
    for user in users:
        act(user, "feedback_profile_update", notify=often)


def send(later: timedelta = timedelta(0)) -> int:
    model.Session.expire_all()
    return sending.send_news(utc_now() + later)


def address(user: str) -> str:
    return model.User.get(user).email


def to(mails: Mails, user: str) -> Mails:
    return [mail for mail in mails if address(user) in mail["To"]]


def body(mail: EmailMessage) -> str:
    return mail.get_content()


def bodies(mails: Mails, user: str) -> str:
    return "\n".join(body(mail) for mail in to(mails, user))


class TestWhoIsTold:
    def test_of_new_feedback_those_who_look_after_the_dataset_and_followers(
        self, hub: Hub, mails: Mails
    ) -> None:
        fan, friend, muted = new_user(), new_user(), hub.people["editor"]
        data = hub.dataset(title="Fields & <woods>")
        act(fan, "feedback_follow", type="dataset", id=data["id"])
        act(friend, "feedback_follow", type="organization", id=hub.organization["id"])
        act(muted, "feedback_mute", type="dataset", id=data["id"])
        made = hub.review(hub.people["author"], data, abstract="Good & <plain>")
        send()
        assert {mail["To"].addresses[0].addr_spec for mail in mails} == {
            address(user) for user in (fan, friend, hub.people["admin"])
        }
        text = bodies(mails, fan)
        assert "New feedback on Fields & <woods>" in text
        assert "Good & <plain>" in text
        assert f"/feedback/{made['id']}#fb-{made['id']}" in text
        assert "you follow the dataset" in text
        assert "you edit the datasets" in bodies(mails, hub.people["admin"])

    def test_of_answers_and_of_the_response_of_the_provider(self, hub: Hub, mails: Mails) -> None:
        asker, other, data = new_user(), new_user(), hub.dataset()
        question = act(
            asker, "feedback_create", package_id=data["id"], user_comment=comment("Which band?", "question")
        )
        act(other, "feedback_reply", id=question["id"], comment="The fourth")
        act(hub.people["editor"], "feedback_respond", id=question["id"], comment="It is the fifth")
        send()
        [mail] = to(mails, asker)
        text = body(mail)
        assert text.index("New answer") < text.index("The fourth") < text.index("has answered")
        assert "It is the fifth" in text
        assert "Which band?" not in text, "nobody is told of his own words"
        assert "It is the fifth" in bodies(mails, other), "he wrote in the thread"
        assert "It is the fifth" not in bodies(mails, hub.people["editor"])

    def test_of_an_answer_that_is_accepted(self, hub: Hub, mails: Mails) -> None:
        asker, other, data = new_user(), new_user(), hub.dataset()
        question = act(
            asker, "feedback_create", package_id=data["id"], user_comment=comment("Which orbit?", "question")
        )
        answer = act(other, "feedback_reply", id=question["id"], comment="The descending one")
        act(asker, "feedback_accept_answer", id=answer["id"])
        act(asker, "feedback_accept_answer", id=answer["id"])
        send()
        assert bodies(mails, other).count("is accepted") == 1
        assert "is accepted" not in bodies(mails, asker), "nobody is told of his own doing"

    def test_of_the_state_of_an_issue(self, hub: Hub, mails: Mails) -> None:
        author, data = new_user(), hub.dataset()
        made = act(author, "feedback_create", package_id=data["id"], abstract="Stripes", usage=problem())
        act(hub.people["editor"], "feedback_issue_update", id=made["id"], state="fixed", reason="New version")
        send()
        text = bodies(mails, author)
        assert "is now: fixed" in text
        assert "Reason: New version" in text
        assert "New report of a problem" in bodies(mails, hub.people["editor"])

    def test_of_decisions_of_moderators_with_the_reason(
        self, hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        author, admin, data = new_user(), hub.people["admin"], hub.dataset()
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.moderation", "always")
        wants("instant", author, admin, hub.people["editor"])
        made = hub.review(author, data)
        send()
        assert "waits for a moderator" in bodies(mails, admin)
        assert not to(mails, hub.people["editor"]), "it is not published, and editors do not moderate"
        act(admin, "feedback_moderate", id=made["id"], action="approve")
        send()
        assert "Your feedback on" in bodies(mails, author)
        assert "New feedback" in bodies(mails, hub.people["editor"])
        act(admin, "feedback_moderate", id=made["id"], action="hide", reason="It names people")
        send()
        text = body(to(mails, author)[-1])
        assert "was hidden" in text
        assert "Reason: It names people" in text
        assert len(to(mails, author)) == 2

    def test_nobody_is_told_of_what_he_may_not_read_any_more(self, hub: Hub, mails: Mails) -> None:
        fan, author, data = new_user(), new_user(), hub.dataset(title="Secret fields")
        act(fan, "feedback_follow", type="dataset", id=data["id"])
        made = hub.review(author, data)
        call_action("package_patch", {"user": hub.sysadmin}, id=data["id"], private=True)
        act(hub.people["admin"], "feedback_moderate", id=made["id"], action="hide", reason="Wrong place")
        act(hub.people["admin"], "feedback_moderate", id=made["id"], action="restore")
        send()
        assert not to(mails, fan)
        text = bodies(mails, author)
        assert "Wrong place" in text
        assert "Secret" not in text
        assert "Secret fields" in bodies(mails, hub.people["editor"])
        assert not to(mails, hub.people["other_admin"])

    def test_what_was_taken_away_meanwhile_is_not_told(self, hub: Hub, mails: Mails) -> None:
        author, data = new_user(), hub.dataset()
        made = hub.review(author, data)
        act(author, "feedback_delete", id=made["id"])
        assert send() == 0
        assert model.Session.query(Notice).count() == 0


class TestMails:
    def test_the_subject_names_nobody_and_hostile_texts_stay_texts(self, hub: Hub, mails: Mails) -> None:
        data = hub.dataset(title=HOSTILE)
        wants("off", hub.people["editor"])
        act(
            hub.people["author"], "feedback_create", package_id=data["id"], abstract=HOSTILE,
            user_comment=comment(HOSTILE),
        )  # fmt: skip
        send()
        [mail] = mails
        assert mail["Subject"] == f"{toolkit.config['ckan.site_title']}: news of feedback"
        assert mail["Bcc"] is None
        assert "<b>& {{ 7*7 }} {0} %s</b> Bcc: all@example.org" in body(mail).replace(
            "(mail)", "all@example.org"
        )
        assert mail.get_content_type() == "text/plain"
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_in_the_language_of_the_profile(self, hub: Hub, mails: Mails) -> None:
        act(hub.people["admin"], "feedback_profile_update", language="de")
        hub.review(hub.people["author"], hub.dataset())
        send()
        assert [mail["Content-Language"] for mail in to(mails, hub.people["admin"])] == ["de"]
        assert [mail["Content-Language"] for mail in to(mails, hub.people["editor"])] == ["en"]
        with wording.in_language("de"):
            assert toolkit._("Datasets") == "Datensätze"
        with pytest.raises(toolkit.ValidationError, match="language"):
            act(hub.people["admin"], "feedback_profile_update", language="xx")

    def test_as_often_as_the_profile_says(self, hub: Hub, mails: Mails) -> None:
        users = {often: new_user() for often in ("instant", "daily", "weekly", "off")}
        data, other = hub.dataset(), hub.dataset()
        for often, user in users.items():
            wants(often, user)
            for each in (data, other):
                act(user, "feedback_follow", type="dataset", id=each["id"])

        def numbers() -> list[int]:
            return [len(to(mails, user)) for user in users.values()]

        hub.review(hub.people["author"], data)
        send()
        assert numbers() == [1, 1, 1, 0]
        hub.review(hub.people["author"], other)
        send(timedelta(hours=1))
        assert numbers() == [2, 1, 1, 0]
        send(DAY + timedelta(minutes=1))
        assert numbers() == [2, 2, 1, 0]
        send(7 * DAY + timedelta(minutes=1))
        assert numbers() == [2, 2, 2, 0]
        send(30 * DAY)
        assert numbers() == [2, 2, 2, 0]


class TestNothingLostNothingTwice:
    @pytest.fixture()
    def waiting(self, hub: Hub) -> str:
        """A user with news."""
        wants("off", hub.people["admin"], hub.people["editor"])
        fan, data = new_user(), hub.dataset()
        wants("instant", fan)
        act(fan, "feedback_follow", type="dataset", id=data["id"])
        hub.review(hub.people["author"], data)
        return fan

    def test_the_event_and_its_being_told_are_one_transaction(self, hub: Hub) -> None:
        data = hub.dataset()
        with pytest.raises(toolkit.ValidationError):
            hub.review(hub.people["author"], data, stars=9)
        assert model.Session.query(Moderation).filter(Moderation.told.is_(None)).count() == 0
        made = hub.review(hub.people["author"], data)
        [line] = model.Session.query(Moderation).filter(Moderation.told.is_(None))
        assert line.item_id == made["id"]

    def test_a_site_without_mail_keeps_them(
        self, waiting: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setitem(toolkit.config, "smtp.server", "")
            assert send() == 0
            assert CliRunner().invoke(commands.notify).exit_code == 1
        assert send() == 1
        assert send() == 0
        assert len(mails) == 1

    def test_a_mail_that_fails_is_put_off_and_comes_as_it_was(
        self, hub: Hub, waiting: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as patch:
            patch.setitem(toolkit.config, "smtp.server", "127.0.0.1:9")
            assert send() == 0
        [row] = model.Session.query(Notice)
        first = row.mail
        assert (row.tries, first is not None) == (1, True)
        assert send() == 0, "not before five minutes have gone"
        assert send(timedelta(minutes=6)) == 1
        assert mails[0]["Message-ID"].startswith(f"<{first}@")
        assert send(timedelta(minutes=12)) == 0

    def test_it_is_given_up_at_last(
        self, waiting: str, hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(toolkit.config, "smtp.server", "127.0.0.1:9")
        for day in range(MOST_TRIES):
            assert send(2 * day * DAY) == 0
        assert model.Session.query(Notice).count() == 0

    def test_who_is_killed_after_the_server_took_it_sends_the_same_mail(
        self, waiting: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        def killed(*_: Any, **__: Any) -> None:
            mail_user(*_, **__)
            raise Killed

        mail_user: Callable[..., None] = sending.mailer.mail_user
        with monkeypatch.context() as patch:
            patch.setattr(sending.mailer, "mail_user", killed)
            with pytest.raises(Killed):
                send()
        model.Session.remove()
        assert send() == 1
        assert len({mail["Message-ID"] for mail in mails}) == 1
        assert body(mails[0]) == body(mails[1])
        assert send() == 0

    def test_who_is_gone_gets_nothing(self, waiting: str, hub: Hub, mails: Mails) -> None:
        call_action("user_delete", {"user": hub.sysadmin}, id=waiting)
        assert send() == 0
        assert model.Session.query(Notice).count() == 0

    def test_who_is_forgotten_is_told_nothing(self, waiting: str, hub: Hub) -> None:
        sending.spread(model.Session(), ("admin",))
        assert model.Session.query(Notice).filter_by(user_id=model.User.get(waiting).id).count() == 1
        act(waiting, "feedback_user_forget")
        assert model.Session.query(Notice).filter_by(user_id=model.User.get(waiting).id).count() == 0

    def test_the_scheduler_and_the_command_send(
        self, waiting: str, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # what other tests have rated is no news
        monkeypatch.setitem(toolkit.config, "ckanext.nextgeoss.feedback.burst_ratings", 0)
        Chores(lambda: 0.0).do()
        assert len(mails) == 1
        done = CliRunner().invoke(commands.notify)
        assert (done.exit_code, done.output) == (0, "0 mails were sent\n")

    def test_what_happens_puts_a_job_in_the_queue(self, hub: Hub, mails: Mails) -> None:
        call_action("job_clear", {"user": hub.sysadmin})
        hub.review(hub.people["author"], hub.dataset())
        titles = [job["title"] for job in call_action("job_list", {"user": hub.sysadmin})]
        assert "mails on feedback" in titles
        call_action("job_clear", {"user": hub.sysadmin})


class TestQuestions:
    def ask(self, hub: Hub, days: int = 4, **more: Any) -> str:
        given = {"package_id": hub.dataset(**more)["id"], "user_comment": comment("Which band?", "question")}
        made = act(hub.people["author"], "feedback_create", **given)
        model.Session.get(Item, made["id"]).published = utc_now() - days * DAY
        model.Session.commit()
        return made["id"]

    def test_those_without_an_answer_are_listed_once_a_week(self, hub: Hub, mails: Mails) -> None:
        waiting, answered, young = self.ask(hub), self.ask(hub), self.ask(hub, days=1)
        act(hub.people["user"], "feedback_reply", id=answered, comment="The fourth")
        assert sending.send_questions() == 2
        for user in (hub.people["admin"], hub.people["editor"]):
            [mail] = to(mails, user)
            assert mail["Subject"].endswith(": a question waits for an answer")
            text = body(mail)
            assert (waiting in text, answered in text, young in text) == (True, False, False)
        assert sending.send_questions(utc_now() + 6 * DAY) == 0
        assert sending.send_questions(utc_now() + 8 * DAY) == 2

    def test_not_to_those_who_want_none(self, hub: Hub, mails: Mails) -> None:
        question = self.ask(hub)
        act(hub.people["admin"], "feedback_mute", type="thread", id=question)
        wants("off", hub.people["editor"])
        assert sending.send_questions() == 0
        assert mails == []

    def test_a_failure_is_tried_again_after_an_hour(
        self, hub: Hub, mails: Mails, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.ask(hub)
        with monkeypatch.context() as patch:
            patch.setitem(toolkit.config, "smtp.server", "127.0.0.1:9")
            assert sending.send_questions() == 0
        assert sending.send_questions() == 0
        assert sending.send_questions(utc_now() + timedelta(hours=1, minutes=1)) == 2


class TestEndingThem:
    def url(self, user: str) -> str:
        found = wording.unsubscribe_url(model.User.get(user).id)
        return found.removeprefix(toolkit.config["ckan.site_url"])

    def test_one_click_ends_them(self, hub: Hub, mails: Mails, app: Any) -> None:
        """As RFC 8058 says: a POST to the address in the header, without cookies or a page before."""
        data = hub.dataset()
        hub.review(hub.people["author"], data)
        send()
        [mail] = to(mails, hub.people["editor"])
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        url = mail["List-Unsubscribe"].strip("<>")
        assert url in body(mail)
        path = url.removeprefix(toolkit.config["ckan.site_url"])
        assert app.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
        assert act(hub.people["editor"], "feedback_profile_show")["notify"] == "off"
        hub.review(hub.people["user"], data)
        send(2 * DAY)
        assert len(to(mails, hub.people["editor"])) == 1

    def test_looking_at_the_page_changes_nothing(self, hub: Hub, app: Any) -> None:
        user = hub.people["user"]
        page = app.get(self.url(user))
        assert "End these mails" in page.body
        assert address(user) not in page.body
        assert user not in page.body
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert act(user, "feedback_profile_show")["notify"] == "daily"
        assert "once a week at most" in app.post(self.url(user), data={"notify": "weekly"}).body
        assert act(user, "feedback_profile_show")["notify"] == "weekly"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_only_addresses_of_ours_do(self, hub: Hub, app: Any, method: str) -> None:
        user = model.User.get(hub.people["user"])
        for word in (tokens.token(user.id, "guess"), user.id, "x.y", tokens.token("nobody", key())):
            assert getattr(app, method)(f"/feedback/mails/{word}").status_code == 404
        assert model.Session.get(Person, user.id) is None


def key() -> str:
    return toolkit.config["SECRET_KEY"]
