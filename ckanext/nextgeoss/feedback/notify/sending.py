"""Sends the mails that are due. A notice goes in the transaction that is committed as soon as the mail server
has taken the mail: nothing is lost when the process is killed, and only who is killed between these two sends
a mail again, with the same Message-ID."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from ckan import model
from ckan.lib import mailer
from ckan.lib.i18n import get_locales
from ckan.plugins import INotifier, PluginImplementations, toolkit

from .. import config
from ..logic.caller import caller_of
from ..model import utc_now
from ..store import people
from . import notices, unanswered, wording
from .events import EVERY, WEEK
from .spreading import spread
from .wording import Mail

log = logging.getLogger(__name__)

# what keeps a mail from being sent: the server, or a name that fits in no header
_PROBLEMS = (mailer.MailerException, OSError, ValueError)
# after so many failures one after the other the mail server is taken to be away
_MOST_FAILURES = 3
# a question has so long to be answered before its provider is reminded, and a mail that failed waits so long
_PATIENCE = timedelta(days=3)
_AGAIN = timedelta(hours=1)


class _Away(Exception):
    """The mail server takes nothing."""


class _Round:
    """The mails of one go, and how many failed one after the other."""

    def __init__(self, now: datetime):
        self.now = now
        self.sent = 0
        self._failures = 0

    def send(self, user: Any, mail: Mail, noted: Callable[[], None], failed: Callable[[], None]) -> None:
        """Send a mail: `noted` is what its being sent changes in the transaction, `failed` what is done when
        it cannot be."""
        session = model.Session()
        noted()
        try:
            mailer.mail_user(user, mail.subject, mail.body, headers=dict(mail.headers))
        except _PROBLEMS as error:
            session.rollback()
            # CKAN has logged the reason; it names addresses
            log.error("A mail on feedback could not be sent to %s: %s", user.name, type(error).__name__)
            failed()
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                raise _Away from None
            return
        session.commit()
        self.sent += 1
        self._failures = 0


def send_news(now: datetime | None = None) -> int:
    """Tell each user of the news that are due, in one mail; how many mails were sent."""
    session = model.Session()
    spread(session, config.moderator_roles())
    notices.drop_old(session)
    if not can_send():
        return 0
    work = _Round(now or utc_now())
    try:
        for user_id in notices.users_waiting(session, work.now):
            _tell(work, user_id)
    except _Away:
        log.error("The mail server takes nothing; mails on feedback wait")
    return work.sent


def send_questions(now: datetime | None = None) -> int:
    """Tell each administrator and editor, once a week, of questions that wait for an answer; how many mails
    were sent."""
    if not can_send():
        return 0
    work, session = _Round(now or utc_now()), model.Session()
    try:
        for user_id in sorted(unanswered.asked_people(session, work.now - _PATIENCE)):
            _remind(work, user_id)
    except _Away:
        log.error("The mail server takes nothing; mails on feedback wait")
    return work.sent


def can_send() -> bool:
    """Whether the site has a way to send mails; else CKAN's mailer would swallow them."""
    return bool(toolkit.config.get("smtp.server")) or any(True for _ in PluginImplementations(INotifier))


def _tell(work: _Round, user_id: str) -> None:
    session, user = model.Session(), _user(user_id)
    if user is None:
        notices.drop_all(session, user_id)
        session.commit()
        return
    mail = notices.bundle(session, user_id, work.now)
    if mail is None:
        return
    rows = notices.take(session, user_id, mail)
    told = notices.news(session, caller_of({"user": user.name}), rows)
    if not told:
        notices.drop(session, user_id, mail)
        session.commit()
        return
    written = wording.news_mail(user_id, _language(user_id), told, mail)

    def failed() -> None:
        if notices.failed(session, user_id, mail, work.now):
            log.error("News of feedback for %s are given up", user.name)

    work.send(user, written, lambda: notices.sent(session, user_id, mail, work.now), failed)


def _remind(work: _Round, user_id: str) -> None:
    session, user = model.Session(), _user(user_id)
    if user is None:
        return
    person = people.person(session, user_id)
    last, wanted = person.reminded, EVERY[notices.often(person)] is not None
    if not wanted or (last is not None and last + WEEK > work.now):
        session.commit()
        return
    caller = caller_of({"user": user.name})
    found, number = unanswered.questions(session, caller, work.now - _PATIENCE, wording.MOST)
    if not found:
        session.commit()
        return
    titles = notices.titles_of(session, caller, {item.id for item in found})
    entries = [(item, ", ".join(titles.get(item.id, ()))) for item in found]
    mail = hashlib.sha256(f"{user_id} {last}".encode()).hexdigest()[:32]
    written = wording.questions_mail(user_id, _language(user_id), entries, number, mail)

    def noted() -> None:
        person.reminded = work.now
        session.flush()

    def failed() -> None:
        people.person(session, user_id).reminded = work.now - WEEK + _AGAIN
        session.commit()

    work.send(user, written, noted, failed)


def _user(user_id: str) -> Any:
    """The user, when he is there and has an address."""
    user = model.User.get(user_id)
    return user if user is not None and user.state == "active" and user.email else None


def _language(user_id: str) -> str:
    """The language that a user reads, as his profile says; the site's when it does not."""
    said = people.find_person(model.Session(), user_id).profile.get("language") or ""
    return said if said in get_locales() else ""
