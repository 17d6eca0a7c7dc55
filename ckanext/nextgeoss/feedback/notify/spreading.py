"""From lines of the log of items to notices for users, in one transaction: a line is never lost, and never
told of twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..model import Follow, Item, Moderation, Notice, Target, utc_now
from ..states import PUBLISHED
from ..store.visible import is_any
from .events import Line, People, told

# lines in one transaction
AT_ONCE = 200
# whose roles in organizations are
MEMBER = sa.table(
    "member",
    *(
        sa.column(name, sa.UnicodeText)
        for name in ("group_id", "table_name", "table_id", "state", "capacity")
    ),
)
_USER = sa.table(
    "user",
    sa.column("id", sa.UnicodeText),
    sa.column("sysadmin", sa.Boolean),
    sa.column("state", sa.UnicodeText),
)


def spread(session: Session, moderators: Collection[str]) -> int:
    """Note for all lines of the log that are new who is to be told, and commit; how many lines there were.
    `moderators` are the roles in an organization that moderate. Lines that another process has taken are
    left to it."""
    number = 0
    while lines := _take(session):
        for line in lines:
            _spread(session, line, moderators)
            line.told = utc_now()
        session.commit()
        number += len(lines)
    return number


def _take(session: Session) -> Sequence[Moderation]:
    new = sa.select(Moderation).where(Moderation.told.is_(None)).order_by(Moderation.id).limit(AT_ONCE)
    locked = new.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    return session.scalars(locked).all()


def _spread(session: Session, entry: Moderation, moderators: Collection[str]) -> None:
    item = session.get(Item, entry.item_id, populate_existing=True)
    if item is None:
        return
    line = Line(
        action=entry.action, from_state=entry.from_state, to_state=entry.to_state, actor=entry.actor_id,
        author=item.user_id, source=item.source, is_answer=item.root_id is not None,
        is_response=item.organization_id is not None, was_published=_was_published(session, entry),
    )  # fmt: skip
    rows = [
        {"user_id": user, "event_id": entry.id, "item_id": item.id, "kind": kind, "why": why,
         "created": entry.at, "due": entry.at}
        for user, (kind, why) in told(line, _around(session, item, moderators)).items()
    ]  # fmt: skip
    if rows:
        session.execute(insert(Notice).values(rows).on_conflict_do_nothing())


def _was_published(session: Session, entry: Moderation) -> bool:
    before = sa.select(Moderation.id).where(
        Moderation.item_id == entry.item_id, Moderation.id < entry.id, Moderation.to_state == PUBLISHED
    )
    return session.scalar(before.limit(1)) is not None


def _around(session: Session, item: Item, moderators: Collection[str]) -> People:
    rows = session.execute(
        sa.select(Target.package_id, Target.owner_org).where(Target.item_id == item.id)
    ).all()
    datasets = {dataset for dataset, _ in rows if dataset}
    organizations = {organization for _, organization in rows if organization}
    root = item.root_id or item.id
    near = [each for each in (item.reply_to_id, item.root_id) if each]
    wrote = sa.select(Item.user_id).where(
        sa.or_(Item.id == root, Item.root_id == root), Item.state == PUBLISHED, Item.user_id.is_not(None)
    )
    return People(
        answered=_ids(session, sa.select(Item.user_id).where(is_any(Item.id, near))) if near else (),
        thread={*_ids(session, wrote), *_followers(session, "thread", [root])},
        dataset=_followers(session, "dataset", datasets),
        organization=_followers(session, "organization", organizations),
        provider=members(session, organizations, ("admin", "editor")),
        moderators=members(session, organizations, moderators) if organizations else _sysadmins(session),
    )


def members(session: Session, organizations: Collection[str], roles: Collection[str]) -> set[str]:
    """The users who have one of these roles in one of the organizations."""
    asked = sa.select(MEMBER.c.table_id)
    return _ids(session, asked.where(is_any(MEMBER.c.group_id, organizations), *is_member(roles)))


def is_member(roles: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    """The row of MEMBER is of a user who has one of these roles now."""
    row = MEMBER.c
    return row.table_name == "user", row.state == "active", is_any(row.capacity, roles)


def _sysadmins(session: Session) -> set[str]:
    """Who moderates what belongs to no organization."""
    return _ids(session, sa.select(_USER.c.id).where(_USER.c.sysadmin, _USER.c.state == "active"))


def _followers(session: Session, kind: str, ids: Collection[str]) -> set[str]:
    asked = sa.select(Follow.user_id).where(
        Follow.subject_type == kind, is_any(Follow.subject_id, ids), Follow.mode == "follow"
    )
    return _ids(session, asked)


def _ids(session: Session, asked: sa.Select[tuple[str]] | sa.Select[tuple[str | None]]) -> set[str]:
    return {each for each in session.scalars(asked) if each}
