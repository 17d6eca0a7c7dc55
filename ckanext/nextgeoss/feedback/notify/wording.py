"""What mails say, in the language of who gets them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ckan.config import middleware
from ckan.plugins import toolkit
from flask import current_app, has_app_context

from ... import config as site
from ...eo.formats.site import Site
from ..model import Item
from ..said import has_issue
from . import events, tokens
from .notices import News

# items that a mail names
MOST = 50
_WIDTH = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a mail tells."""

    headline: str
    title: str
    url: str
    author: str = ""
    text: str = ""
    reason: str = ""
    # why he is told
    because: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one user."""

    subject: str
    body: str
    headers: dict[str, str]


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Have texts and templates in a language; outside of a request, too."""
    inside: Any = middleware._internal_test_request_context
    app = current_app if has_app_context() or inside is None else inside.app
    usual = toolkit.config["ckan.locale_default"]
    language = language or usual
    with app.test_request_context(
        environ_overrides={"CKAN_LANG": language, "CKAN_LANG_IS_DEFAULT": language == usual}
    ):
        yield


def news_mail(user_id: str, language: str, told: Sequence[News], mail: str) -> Mail:
    """The mail that tells of news."""
    with in_language(language):
        number = len(told)
        words = toolkit.ungettext("{site}: news of feedback", "{site}: {number} news of feedback", number)
        subject = words.format(site=_one_line(site.site_title()), number=number)
        entries = [_entry(each) for each in told[:MOST]]
        return _mail("news", user_id, subject, mail, language, entries, number)


def questions_mail(
    user_id: str, language: str, found: Sequence[tuple[Item, str]], number: int, mail: str
) -> Mail:
    """The mail that tells of questions that nobody has answered: items, each with a title of what it is
    about, and how many there are."""
    with in_language(language):
        words = toolkit.ungettext(
            "{site}: a question waits for an answer", "{site}: {number} questions wait for an answer", number
        )
        subject = words.format(site=_one_line(site.site_title()), number=number)
        entries = [
            Entry(
                headline=toolkit._("A question on {dataset}").format(dataset=_one_line(about)),
                title=_one_line(item.parts.get("abstract", "")), url=_url(item),
                author=_author(item), text=_words(item),
            )
            for item, about in found
        ]  # fmt: skip
        return _mail("questions", user_id, subject, mail, language, entries, number)


def unsubscribe_url(user_id: str) -> str:
    """The page on which a user ends his mails without signing in."""
    return f"{site.site_base()}/feedback/mails/{tokens.token(user_id, toolkit.config['SECRET_KEY'])}"


def _mail(
    name: str, user_id: str, subject: str, mail: str, language: str, entries: Sequence[Entry], number: int
) -> Mail:
    url = unsubscribe_url(user_id)
    given = {
        "entries": entries, "more": number - len(entries), "unsubscribe": url,
        "settings": f"{site.site_base()}/feedback/mine", "site": _one_line(site.site_title()),
    }  # fmt: skip
    body = toolkit.render(f"emails/nextgeoss_feedback/{name}.txt", given)
    host = site.site_base().partition("//")[2].partition("/")[0].partition(":")[0] or "localhost"
    headers = {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # the same when it is sent again, so that who gets it twice may tell
        "Message-ID": f"<{mail}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": language or toolkit.config["ckan.locale_default"],
    }
    return Mail(subject, str(body).strip() + "\n", headers)


def _entry(told: News) -> Entry:
    item, kind = told.item, told.notice.kind
    hides_text = kind in (events.DECIDED, events.BURST)
    return Entry(
        headline=_headline(told),
        title=toolkit._("Moderation") if kind == events.BURST else _one_line(item.parts.get("abstract", "")),
        url=f"{site.site_base()}/feedback/moderation" if kind == events.BURST else _url(item),
        author="" if hides_text else _author(item),
        text="" if hides_text else _words(item),
        reason=_one_line(told.event.reason, 2000),
        because=because(told.notice.why),
    )


def _headline(told: News) -> str:
    _ = toolkit._
    about = _one_line(", ".join(told.titles)) or _("a dataset")
    words = {
        events.NEW: _("New report of a problem with {dataset}")
        if has_issue(told.item.parts)
        else _("New feedback on {dataset}"),
        events.ANSWER: _("New answer in a thread on {dataset}"),
        events.RESPONSE: _("The provider of {dataset} has answered"),
        events.ACCEPTED: _("An answer to a question on {dataset} is accepted"),
        events.ISSUE: _("A problem with {dataset} is now: {state}"),
        events.WAITING: _("Feedback on {dataset} waits for a moderator"),
        events.REPORTED: _("Feedback on {dataset} was hidden because several people reported it"),
        events.BURST: _("Unusually many ratings of {dataset} in one day"),
        events.DECIDED: _decision(told),
    }[told.notice.kind]
    return words.format(dataset=about, state=issue_state(told.event.note.rpartition(" -> ")[2]))


def _decision(told: News) -> str:
    _ = toolkit._
    words = {
        "published": _("Your feedback on {dataset} is published"),
        "hidden": _("Your feedback on {dataset} was hidden"),
        "deleted": _("Your feedback on {dataset} was deleted by a moderator"),
    }
    if told.event.action == "reject":
        return _("Your feedback on {dataset} was not accepted")
    return words.get(told.event.to_state, _("Your feedback on {dataset} waits for a moderator"))


def issue_state(state: str) -> str:
    """The state of an issue, for people."""
    _ = toolkit._
    words = {
        "open": _("open"), "acknowledged": _("acknowledged"), "in_progress": _("in progress"),
        "fixed": _("fixed"), "wont_fix": _("will not be fixed"), "duplicate": _("reported before"),
    }  # fmt: skip
    return words.get(state, state)


def because(why: str) -> str:
    """Why somebody is told, for him to read."""
    _ = toolkit._
    return {
        "author": _("you wrote it, or what is answered"),
        "thread": _("you wrote in this thread, or follow it"),
        "moderator": _("you moderate feedback on this dataset"),
        "dataset": _("you follow the dataset"),
        "organization": _("you follow the organization"),
        "provider": _("you edit the datasets of the organization"),
    }[why]


def _author(item: Item) -> str:
    return _one_line(item.author_name) or toolkit._("Anonymous")


def _words(item: Item) -> str:
    """The beginning of the comment, when the title does not say as much."""
    text = _one_line((item.parts.get("user_comment") or {}).get("comment", ""), _WIDTH)
    return "" if text == _one_line(item.parts.get("abstract", "")) else text


def _url(item: Item) -> str:
    place = f"{item.root_id}?answer={item.id}" if item.root_id else item.id
    return f"{Site(site.site_base()).base}/feedback/{place}#fb-{item.id}"


def _one_line(text: str, width: int = 200) -> str:
    line = " ".join(each for each in "".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= width else line[: width - 3] + "..."
