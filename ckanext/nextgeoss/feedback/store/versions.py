"""What items said before they were changed, and what their authors have done: what moderators go by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..model import Item, Reaction, utc_now
from ..moderation_model import Version
from ..states import DRAFT, HIDDEN, PENDING, PUBLISHED
from .reactions import FLAG
from .visible import is_any

# states in which somebody else than the author has seen an item
_SEEN = (PUBLISHED, HIDDEN)


def keep(session: Session, item: Item) -> None:
    """Keep what an item says, which is about to be changed; drafts, which nobody has seen, are not kept."""
    if item.state != DRAFT:
        row = {"item_id": item.id, "version": item.version, "state": item.state, "parts": item.parts}
        session.execute(insert(Version).values(**row, at=utc_now()).on_conflict_do_nothing())


def seen_last(session: Session, item_ids: Collection[str]) -> dict[str, Version]:
    """What was last published or decided on of these items that were changed since, by item."""
    row = Version
    asked = sa.select(row).where(is_any(row.item_id, item_ids), is_any(row.state, _SEEN))
    rows = session.scalars(asked.distinct(row.item_id).order_by(row.item_id, row.version.desc()))
    return {each.item_id: each for each in rows}


def all_of(session: Session, item_ids: Collection[str]) -> list[Version]:
    """All that is kept of these items, by item, the first first."""
    asked = sa.select(Version).where(is_any(Version.item_id, item_ids))
    return list(session.scalars(asked.order_by(Version.item_id, Version.version)))


def drop_old(session: Session, before: datetime) -> int:
    """Forget what was changed before then, but of items that wait for a moderator; how much there was."""
    waits = sa.exists().where(Item.id == Version.item_id, Item.state == PENDING)
    old = sa.delete(Version).where(Version.at < before, sa.not_(waits))
    return session.connection().execute(old).rowcount


def records(session: Session, user_ids: Collection[str]) -> dict[str, Mapping[str, int]]:
    """What became of the feedback of users: how many of their items are `published`, `hidden`, `pending`;
    open reports on them (`flags`), and reports that a moderator has found right (`upheld`)."""
    count = sa.func.count
    asked = (
        sa.select(
            Item.user_id,
            *(count().filter(Item.state == state).label(state) for state in (PUBLISHED, HIDDEN, PENDING)),
            sa.func.coalesce(sa.func.sum(Item.flags), 0).label("flags"),
        )
        .where(is_any(Item.user_id, user_ids))
        .group_by(Item.user_id)
    )
    upheld = (
        sa.select(Item.user_id, count())
        .join(Reaction, Reaction.item_id == Item.id)
        .where(is_any(Item.user_id, user_ids), Reaction.kind == FLAG, Reaction.upheld.is_(True))
        .group_by(Item.user_id)
    )
    right = dict(session.execute(upheld).tuples().all())
    return {
        user: dict(zip((PUBLISHED, HIDDEN, PENDING, "flags"), map(int, numbers), strict=True))
        | {"upheld": right.get(user, 0)}
        for user, *numbers in session.execute(asked)
    }
