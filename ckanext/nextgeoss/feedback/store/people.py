"""Users as authors: what they say of themselves, how far they are trusted, what they follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..model import Follow, Item, Moderation, Notice, Person, Reaction, Target, utc_now
from ..moderation_model import Version
from ..states import DELETED
from .counting import counted
from .items import reopen_question, with_questions
from .visible import is_any

FORGOTTEN = ""


def person(session: Session, user_id: str) -> Person:
    """The row of a user, locked; made if there is none."""
    session.execute(insert(Person).values(user_id=user_id, profile={}).on_conflict_do_nothing())
    asked = sa.select(Person).where(Person.user_id == user_id).with_for_update()
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def find_person(session: Session, user_id: str | None) -> Person:
    """What is known of a user, to read."""
    found = session.get(Person, user_id) if user_id else None
    return found or Person(user_id=user_id or "", profile={}, trust=0)


def is_blocked(found: Person, now: datetime) -> bool:
    """Whether he may not write for the time being."""
    if found.blocked is None:
        return False
    return found.blocked_until is None or found.blocked_until > now


def add_trust(session: Session, user_id: str | None, step: int) -> None:
    """Trust an author more, or less."""
    if user_id:
        row = person(session, user_id)
        row.trust = max(0, row.trust + step)


def profiles(session: Session, user_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What users say of themselves."""
    rows = session.execute(sa.select(Person.user_id, Person.profile).where(is_any(Person.user_id, user_ids)))
    return dict(rows.tuples().all())


def follow(session: Session, user_id: str, kind: str, subject_id: str, mode: str) -> None:
    """Keep that a user follows something, or wants to hear no more of it."""
    row = insert(Follow).values(
        user_id=user_id, subject_type=kind, subject_id=subject_id, mode=mode, created=utc_now()
    )
    key = ("user_id", "subject_type", "subject_id")
    session.execute(row.on_conflict_do_update(index_elements=key, set_={"mode": mode}))


def unfollow(session: Session, user_id: str, kind: str, subject_id: str) -> None:
    """Forget that he did either."""
    session.execute(
        sa.delete(Follow).where(
            Follow.user_id == user_id, Follow.subject_type == kind, Follow.subject_id == subject_id
        )
    )


def follows_of(session: Session, user_id: str) -> list[Follow]:
    """What a user follows and mutes."""
    asked = sa.select(Follow).where(Follow.user_id == user_id)
    return list(session.scalars(asked.order_by(Follow.subject_type, Follow.subject_id)))


def items_of(session: Session, user_id: str) -> list[Item]:
    """All that a user has written, the first first."""
    asked = sa.select(Item).where(Item.user_id == user_id).order_by(Item.created, Item.id)
    return list(session.scalars(asked.execution_options(populate_existing=True)))


def reactions_of(session: Session, user_id: str) -> list[Reaction]:
    """His votes and reports."""
    asked = sa.select(Reaction).where(Reaction.user_id == user_id)
    return list(session.scalars(asked.order_by(Reaction.created)))


def forget(session: Session, user_id: str, *, delete: bool) -> int:
    """Take a user out of all that he wrote, or (`delete`) his words, too; how many items. His votes stay,
    as those of nobody; that he was blocked stays, so that he cannot come back by being forgotten."""
    items = items_of(session, user_id)
    with counted(session, with_questions(session, [item.id for item in items])):
        for item in items:
            if delete:
                reopen_question(session, item)
            _forget_item(item, delete=delete)
        session.flush()
        rater = None if delete else sa.literal("item:") + Target.item_id
        session.execute(sa.update(Target).where(Target.rater == user_id).values(rater=rater))
    for table, column in ((Moderation, Moderation.actor_id), (Item, Item.issue_assignee_id)):
        session.execute(sa.update(table).where(column == user_id).values({column.key: None}))
    gone = sa.literal("forgotten:") + sa.cast(sa.func.gen_random_uuid(), sa.UnicodeText)
    session.execute(sa.update(Reaction).where(Reaction.user_id == user_id).values(user_id=gone, note=None))
    earlier = [item.id for item in items]
    session.execute(sa.delete(Version).where(is_any(Version.item_id, earlier)))
    for mine in (Follow, Notice):
        session.execute(sa.delete(mine).where(mine.user_id == user_id))
    row = person(session, user_id)
    row.profile, row.consent, row.trust = {}, None, 0
    if row.blocked is None:
        session.delete(row)
    return len(items)


def _forget_item(item: Item, *, delete: bool) -> None:
    item.user_id, item.author_name, item.sent_as = None, FORGOTTEN, None
    parts = dict(item.parts)
    contact = {name: part for name, part in parts["contact"].items() if name != "external_user_id"}
    parts["contact"] = contact
    if delete:
        item.state, item.deleted = DELETED, utc_now()
        parts = {
            name: part for name, part in parts.items() if name in ("contact_role", "rating", "target")
        } | {"abstract": "[deleted]", "contact": contact}
        item.tags, item.words, item.content_hash = [], sa.func.to_tsvector("simple", ""), ""
    item.parts = parts


def rename(session: Session, user_id: str, name: str) -> None:
    """Have a user called otherwise on all that he wrote; "" does not tell who he is. Items are locked in the
    order in which all do, and before people."""
    mine = sa.select(Item.id).where(Item.user_id == user_id).order_by(Item.id)
    session.execute(mine.with_for_update())
    session.execute(sa.update(Item).where(Item.user_id == user_id).values(author_name=name))
