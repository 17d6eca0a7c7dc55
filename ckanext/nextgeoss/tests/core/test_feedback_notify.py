"""Who is told of what, how long mails wait, and the words that end them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ckanext.nextgeoss.feedback.notify import events, tokens
from ckanext.nextgeoss.feedback.notify.events import Line, People, told

AROUND = People(
    answered=("asker",), thread=("asker", "other", "author"), dataset=("fan", "editor"),
    organization=("fan",), provider=("admin", "editor"), moderators=("admin",),
)  # fmt: skip


def line(action: str, before: str | None, after: str, **more: object) -> Line:
    given = {"actor": "author", "author": "author", "source": "local", **more}
    return Line(action=action, from_state=before, to_state=after, **given)  # type: ignore[arg-type]


class TestWhoIsTold:
    def test_new_feedback(self) -> None:
        assert told(line("create", None, "published"), AROUND) == {
            "asker": ("new", "thread"), "other": ("new", "thread"), "fan": ("new", "dataset"),
            "editor": ("new", "dataset"), "admin": ("new", "provider"),
        }  # fmt: skip

    def test_the_answered_one_is_told_for_the_nearest_reason(self) -> None:
        found = told(line("create", None, "published", is_answer=True), AROUND)
        assert (found["asker"], found["other"]) == (("answer", "author"), ("answer", "thread"))
        found = told(
            line("create", None, "published", is_answer=True, is_response=True, actor="editor"), AROUND
        )
        assert found["asker"] == ("response", "author")
        assert "editor" not in found
        assert "author" not in found

    def test_a_decision_is_told_to_the_author_and_what_is_new_to_others(self) -> None:
        found = told(line("approve", "pending", "published", actor="admin"), AROUND)
        assert found["author"] == ("decided", "author")
        assert found["fan"] == ("new", "dataset")
        assert "admin" not in found
        again = told(line("restore", "hidden", "published", actor="admin", was_published=True), AROUND)
        assert again == {"author": ("decided", "author")}

    @pytest.mark.parametrize(
        ("action", "before", "after"),
        [
            ("reject", "pending", "hidden"),
            ("hide", "published", "hidden"),
            ("delete", "published", "deleted"),
        ],
    )
    def test_what_is_taken_away_is_told_to_its_author_only(
        self, action: str, before: str, after: str
    ) -> None:
        found = told(line(action, before, after, actor="admin", was_published=True), AROUND)
        assert found == {"author": ("decided", "author")}
        assert told(line(action, before, after, was_published=True), AROUND) == {}

    def test_what_waits_or_is_reported_is_told_to_moderators(self) -> None:
        assert told(line("create", None, "pending"), AROUND) == {"admin": ("waiting", "moderator")}
        assert told(line("edit", "published", "pending"), AROUND) == {"admin": ("waiting", "moderator")}
        assert told(line("flagged", "published", "hidden", actor=None), AROUND) == {
            "admin": ("reported", "moderator"), "author": ("decided", "author"),
        }  # fmt: skip

    def test_a_new_state_of_an_issue(self) -> None:
        found = told(line("issue", "published", "published", actor="editor"), AROUND)
        assert (found["author"], found["other"]) == (("issue", "author"), ("issue", "thread"))
        assert "editor" not in found

    def test_an_accepted_answer_is_told_to_its_author_and_in_the_thread(self) -> None:
        found = told(line("accept", "published", "published", actor="asker"), AROUND)
        assert found == {"author": ("accepted", "author"), "other": ("accepted", "thread")}

    @pytest.mark.parametrize(
        "quiet",
        [
            line("create", None, "draft"),
            line("flags_cleared", "published", "published", actor="admin"),
            line("edit", "published", "published"),
            line("approve", "hidden", "published", author=None, actor="admin", was_published=True),
        ],
    )
    def test_nobody_is_told_of(self, quiet: Line) -> None:
        assert told(quiet, AROUND) == {}

    def test_what_comes_from_elsewhere_is_no_news(self) -> None:
        assert told(line("create", None, "published", source="nimmbus"), AROUND) == {}


class TestTimes:
    NOW = datetime(2026, 5, 1, 12)

    @pytest.mark.parametrize(
        ("often", "hours", "due"),
        [
            ("instant", 0, True), ("daily", 23, False), ("daily", 24, True), ("weekly", 100, False),
            ("weekly", 168, True), ("off", 1000, False), ("nonsense", 24, True),
        ],
    )  # fmt: skip
    def test_how_often(self, often: str, hours: int, due: bool) -> None:
        assert events.is_due(often, self.NOW - timedelta(hours=hours), self.NOW) is due

    def test_the_first_mail_does_not_wait(self) -> None:
        assert events.is_due("weekly", None, self.NOW)
        assert not events.is_due("off", None, self.NOW)

    def test_pauses_grow_to_a_day(self) -> None:
        pauses = [events.pause(tries) for tries in range(1, events.MOST_TRIES + 1)]
        assert pauses[:3] == [timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20)]
        assert pauses == sorted(pauses)
        assert pauses[-1] == events.pause(10**9) == timedelta(days=1)

    @pytest.mark.parametrize(
        ("kind", "state", "true"),
        [
            ("new", "published", True), ("answer", "hidden", False), ("issue", "deleted", False),
            ("waiting", "pending", True), ("waiting", "published", False), ("decided", "deleted", True),
            ("reported", "hidden", True), ("reported", "deleted", False),
        ],
    )  # fmt: skip
    def test_what_is_over_is_not_told(self, kind: str, state: str, true: bool) -> None:
        assert events.still_true(kind, state) is true


class TestTokens:
    def test_only_the_site_can_make_one(self) -> None:
        word = tokens.token("some-user", "secret")
        assert tokens.user_of(word, "secret") == "some-user"
        assert tokens.user_of(word, "another") is None
        assert tokens.user_of(word.replace("some", "same"), "secret") is None

    @pytest.mark.parametrize("word", ["", ".", "some-user", "some-user.", "é.é", "some-user." + "0" * 43])
    def test_strange_words(self, word: str) -> None:
        assert tokens.user_of(word, "secret") is None
