"""Questions on the datasets of an organization that nobody has answered, for its people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ..model import Follow, Item, Target
from ..states import PUBLISHED
from ..store.visible import Caller, is_visible
from .spreading import MEMBER, is_member, members

ROLES = ("admin", "editor")


def questions(session: Session, caller: Caller, before: datetime, limit: int) -> tuple[Sequence[Item], int]:
    """Questions of others that wait since then at least for any answer, the oldest first, on datasets of the
    organizations that the caller looks after, and how many there are; none that he has muted."""
    conditions = [
        *_waits(before), Item.user_id.is_distinct_from(caller.user_id),
        _on_his(caller), sa.not_(_muted(caller)), is_visible(caller),
    ]  # fmt: skip
    number = session.scalar(sa.select(sa.func.count()).select_from(Item).where(*conditions)) or 0
    asked = sa.select(Item).where(*conditions).order_by(Item.published, Item.id).limit(limit)
    return session.scalars(asked).all(), number


def asked_people(session: Session, before: datetime) -> set[str]:
    """The users who look after an organization on whose datasets a question waits."""
    asked = (
        sa.select(Target.owner_org).join(Item, Item.id == Target.item_id).where(*_waits(before)).distinct()
    )
    organizations = [each for each in session.scalars(asked) if each]
    return members(session, organizations, ROLES)


def _on_his(caller: Caller) -> sa.ColumnElement[bool]:
    about = aliased(Target)
    looks_after = sa.exists().where(
        MEMBER.c.group_id == about.owner_org, MEMBER.c.table_id == caller.user_id, *is_member(ROLES)
    )
    return sa.exists().where(about.item_id == Item.id, looks_after.correlate(about))


def _waits(before: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    question = sa.and_(Item.motivation == "question", Item.root_id.is_(None), Item.accepted_id.is_(None))
    return Item.state == PUBLISHED, question, Item.published <= before, sa.not_(_answered())


def _answered() -> sa.ColumnElement[bool]:
    answer = aliased(Item)
    return sa.exists().where(answer.root_id == Item.id, answer.state == PUBLISHED)


def _muted(caller: Caller) -> sa.ColumnElement[bool]:
    about = aliased(Target)
    subject = sa.or_(
        sa.and_(Follow.subject_type == "thread", Follow.subject_id == Item.id),
        sa.and_(Follow.subject_type == "dataset", Follow.subject_id == about.package_id),
        sa.and_(Follow.subject_type == "organization", Follow.subject_id == about.owner_org),
    )
    return sa.exists().where(
        about.item_id == Item.id, subject, Follow.user_id == caller.user_id, Follow.mode == "mute"
    )
