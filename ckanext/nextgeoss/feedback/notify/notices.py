"""Notices as rows: which of them a user is to be told now, and what became of the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..model import Follow, Item, Moderation, Notice, Person, Target, utc_now
from ..store import people
from ..store.visible import PACKAGE, Caller, is_any, is_moderated, is_readable, is_visible
from .events import DECIDED, EVERY, MOST_TRIES, OPEN_KINDS, USUAL, is_due, pause, still_true

# what could not be told by then is old
_OLD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell a user: what happened to which item, on which datasets that he may read."""

    notice: Notice
    item: Item
    event: Moderation
    titles: Sequence[str]


def often(person: Person) -> str:
    """How often a user wants mails."""
    said = person.profile.get("notify", USUAL)
    return said if said in EVERY else USUAL


def users_waiting(session: Session, now: datetime) -> list[str]:
    """The users who are yet to be told of something that is not put off."""
    return sorted(session.scalars(sa.select(Notice.user_id).where(Notice.due <= now).distinct()))


def bundle(session: Session, user_id: str, now: datetime) -> str | None:
    """Put what a user is to be told into one mail and commit; the id of the mail. None when nothing is due.
    A mail that was not sent comes first, as it was."""
    person = people.person(session, user_id)
    rows = _notices(session, user_id)
    if EVERY[often(person)] is None:
        drop_all(session, user_id)
        rows = []
    begun = next((row.mail for row in rows if row.mail), None)
    mail = begun
    if begun:
        if any(row.mail == begun and row.due > now for row in rows):
            mail = None
    elif rows and is_due(often(person), person.digested, now):
        mail = str(uuid4())
        for row in rows:
            row.mail = mail
    session.commit()
    return mail


def take(session: Session, user_id: str, mail: str) -> list[Notice]:
    """What goes into a mail, the first first, while the user is locked: nobody else sends it meanwhile."""
    people.person(session, user_id)
    return [row for row in _notices(session, user_id) if row.mail == mail]


def news(session: Session, caller: Caller, rows: Sequence[Notice]) -> list[News]:
    """What of these notices a user may be told now, and wants to hear."""
    ids = {row.item_id for row in rows}
    found = {item.id: item for item in session.scalars(sa.select(Item).where(is_any(Item.id, ids)))}
    seen = set(session.scalars(sa.select(Item.id).where(is_any(Item.id, ids), is_visible(caller))))
    kept = set(session.scalars(sa.select(Item.id).where(is_any(Item.id, ids), is_moderated(caller))))
    events = {row.event_id for row in rows}
    logged = session.scalars(sa.select(Moderation).where(Moderation.id.in_(events)))
    lines = {line.id: line for line in logged}
    muted, titles = _muted(session, caller, ids), titles_of(session, caller, ids)
    told: list[News] = []
    for row in rows:
        item, line = found.get(row.item_id), lines.get(row.event_id)
        if item is None or line is None or not still_true(row.kind, item.state):
            continue
        if row.kind == DECIDED:
            allowed = item.user_id == caller.user_id
        else:
            allowed = row.item_id in (seen if row.kind in OPEN_KINDS else kept) and row.item_id not in muted
        if allowed:
            told.append(News(row, item, line, titles.get(item.id, ())))
    return told


def titles_of(session: Session, caller: Caller, ids: set[str]) -> dict[str, list[str]]:
    """The titles of the datasets that items are about and the caller may read, by item."""
    asked = (
        sa.select(Target.item_id, sa.func.coalesce(sa.func.nullif(PACKAGE.c.title, ""), PACKAGE.c.name))
        .join(PACKAGE, PACKAGE.c.id == Target.package_id)
        .where(is_any(Target.item_id, ids), is_readable(caller))
        .order_by(Target.item_id, Target.position)
    )
    found: dict[str, list[str]] = {}
    for item_id, title in session.execute(asked).tuples():
        found.setdefault(item_id, []).append(title)
    return found


def sent(session: Session, user_id: str, mail: str, now: datetime) -> None:
    """Note that a user was told what is in a mail; to be committed when the mail has gone."""
    drop(session, user_id, mail)
    people.person(session, user_id).digested = now
    session.flush()


def drop(session: Session, user_id: str, mail: str) -> None:
    """Forget what is in a mail that has nothing to tell any more."""
    session.execute(sa.delete(Notice).where(Notice.user_id == user_id, Notice.mail == mail))


def failed(session: Session, user_id: str, mail: str, now: datetime) -> bool:
    """Put a mail off that could not be sent, and commit; whether it is given up instead."""
    rows = [row for row in _notices(session, user_id) if row.mail == mail]
    tries = max((row.tries for row in rows), default=0) + 1
    for row in rows:
        row.tries, row.due = tries, now + pause(tries)
    if tries >= MOST_TRIES:
        session.flush()
        drop(session, user_id, mail)
    session.commit()
    return tries >= MOST_TRIES


def drop_all(session: Session, user_id: str) -> None:
    """Forget what a user was to be told."""
    session.execute(sa.delete(Notice).where(Notice.user_id == user_id))


def drop_old(session: Session) -> None:
    """Forget what nobody could be told for long, and commit."""
    session.execute(sa.delete(Notice).where(Notice.created < utc_now() - _OLD))
    session.commit()


def _notices(session: Session, user_id: str) -> list[Notice]:
    asked = sa.select(Notice).where(Notice.user_id == user_id).order_by(Notice.id)
    return list(session.scalars(asked.execution_options(populate_existing=True)))


def _muted(session: Session, caller: Caller, ids: set[str]) -> set[str]:
    """Items in threads, on datasets or in organizations of which a user wants to hear no more."""
    root = sa.func.coalesce(Item.root_id, Item.id)
    subject = sa.or_(
        sa.and_(Follow.subject_type == "thread", Follow.subject_id == root),
        sa.and_(Follow.subject_type == "dataset", Follow.subject_id == Target.package_id),
        sa.and_(Follow.subject_type == "organization", Follow.subject_id == Target.owner_org),
    )
    asked = (
        sa.select(Item.id)
        .join(Target, Target.item_id == Item.id)
        .join(Follow, subject)
        .where(is_any(Item.id, ids), Follow.user_id == caller.user_id, Follow.mode == "mute")
    )
    return set(session.scalars(asked))
