"""Threads: the answers to items, a page of them, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..model import Item
from ..states import PUBLISHED
from .items import ACCEPTED
from .visible import Caller, is_any, is_visible


def pages_of(
    session: Session, caller: Caller, root_ids: Sequence[str], limit: int, offset: int = 0
) -> dict[str, tuple[list[Item], int]]:
    """The answers to these items that the caller may see, and the answers to these, the accepted one first,
    then the first: so many of each item, and how many there are after them."""
    some = _numbered(caller, root_ids)
    query = sa.select(Item, some.c.at, some.c.total).join(some, some.c.id == Item.id)
    query = query.where(some.c.at > offset, some.c.at <= offset + max(limit, 1)).order_by(some.c.at)
    found: dict[str, tuple[list[Item], int]] = {root_id: ([], 0) for root_id in root_ids}
    for item, at, total in session.execute(query.execution_options(populate_existing=True)):
        answers = [*found[item.root_id][0], item] if limit else []
        found[item.root_id] = (answers, total - at + (0 if limit else 1))
    return found


def offset_of(session: Session, caller: Caller, root_id: str, answer_id: str, limit: int) -> int:
    """How many answers come before the page of so many that has this answer; 0 when the caller sees none."""
    some = _numbered(caller, [root_id])
    at = session.scalar(sa.select(some.c.at).where(some.c.id == answer_id))
    return (at - 1) // max(limit, 1) * limit if at else 0


def _numbered(caller: Caller, root_ids: Sequence[str]) -> sa.Subquery:
    order = (sa.func.coalesce(Item.motivation, "") != ACCEPTED, Item.created, Item.id)
    numbered = sa.select(
        Item.id,
        sa.func.row_number().over(partition_by=Item.root_id, order_by=order).label("at"),
        sa.func.count().over(partition_by=Item.root_id).label("total"),
    )
    mine = (is_any(Item.root_id, root_ids), is_visible(caller), Item.state == PUBLISHED)
    return numbered.where(*mine).subquery()


def reply_counts(session: Session, item_ids: Sequence[str]) -> dict[str, int]:
    """How many published answers each item has, answers to answers among them."""
    above = sa.case((is_any(Item.root_id, item_ids), Item.root_id), else_=Item.reply_to_id)
    one = sa.or_(is_any(Item.root_id, item_ids), is_any(Item.reply_to_id, item_ids))
    query = sa.select(above, sa.func.count()).where(one, Item.state == PUBLISHED).group_by(above)
    return dict(session.execute(query).tuples().all())
