"""Votes on items, and reports of what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ..model import Item, Reaction, utc_now
from .visible import is_any

VOTE, FLAG = "vote", "flag"


def vote(session: Session, item: Item, user_id: str, value: int) -> None:
    """Let a user find an item helpful (1) or not (-1), or take that back (0); the item is locked."""
    mine = (Reaction.item_id == item.id, Reaction.kind == VOTE, Reaction.user_id == user_id)
    session.execute(sa.delete(Reaction).where(*mine))
    if value:
        row = Reaction(item_id=item.id, kind=VOTE, user_id=user_id, value=value, created=utc_now())
        session.add(row)
        session.flush()
    counts = dict(
        session.execute(
            sa.select(Reaction.value, sa.func.count())
            .where(Reaction.item_id == item.id, Reaction.kind == VOTE)
            .group_by(Reaction.value)
        )
        .tuples()
        .all()
    )
    item.votes_up, item.votes_down = counts.get(1, 0), counts.get(-1, 0)


def votes_of(session: Session, user_id: str | None, item_ids: Collection[str]) -> dict[str, int]:
    """How a user has voted on these items."""
    if not user_id:
        return {}
    asked = sa.select(Reaction.item_id, Reaction.value).where(
        Reaction.kind == VOTE, Reaction.user_id == user_id, is_any(Reaction.item_id, item_ids)
    )
    return {item_id: value or 0 for item_id, value in session.execute(asked)}


def flag(session: Session, item: Item, user_id: str, reason: str, note: str) -> None:
    """Keep a report; a second one of the same person replaces the first. The item is locked."""
    row = insert(Reaction).values(
        item_id=item.id, kind=FLAG, user_id=user_id, reason=reason, note=note, created=utc_now()
    )
    new = {name: row.excluded[name] for name in ("reason", "note", "created")}
    key = ("item_id", "kind", "user_id")
    session.execute(row.on_conflict_do_update(index_elements=key, set_={**new, "resolved": None}))
    _count_flags(session, item)


def resolve_flags(session: Session, item: Item, *, upheld: bool) -> list[str]:
    """Note that a moderator has looked at all reports of an item; who had sent those that were open."""
    open_ones = (Reaction.item_id == item.id, Reaction.kind == FLAG, Reaction.resolved.is_(None))
    changed = (
        sa.update(Reaction)
        .where(*open_ones)
        .values(resolved=utc_now(), upheld=upheld)
        .returning(Reaction.user_id)
    )
    users = sorted(session.scalars(changed))
    _count_flags(session, item)
    return users


def flags_of(session: Session, item_ids: Collection[str]) -> dict[str, list[Reaction]]:
    """The reports of items that nobody has looked at, the first first."""
    asked = sa.select(Reaction).where(
        Reaction.kind == FLAG, Reaction.resolved.is_(None), is_any(Reaction.item_id, item_ids)
    )
    found: dict[str, list[Reaction]] = {}
    for row in session.scalars(asked.order_by(Reaction.created)):
        found.setdefault(row.item_id, []).append(row)
    return found


def _count_flags(session: Session, item: Item) -> None:
    open_ones = (Reaction.item_id == item.id, Reaction.kind == FLAG, Reaction.resolved.is_(None))
    item.flags = session.scalar(sa.select(sa.func.count()).select_from(Reaction).where(*open_ones)) or 0
