"""Items of other systems, by what they are called there."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..imports.found import spaces_like
from ..model import Item, Target
from ..states import PUBLISHED
from .items import flush
from .targets import set_raters
from .visible import is_any


def find_imported(session: Session, source: str, code_space: str, codes: Sequence[str]) -> Item | None:
    """The item with one of these codes at its source."""
    return session.scalar(
        sa.select(Item).where(
            Item.source == source,
            is_any(Item.code_space, spaces_like(code_space)),
            is_any(Item.source_code, codes),
        )
    )


def replace_targets(session: Session, item: Item, targets: Sequence[Target]) -> None:
    """Have an item be about these; to be called within `counted`."""
    session.execute(sa.delete(Target).where(Target.item_id == item.id))
    for target in targets:
        target.item_id = item.id
    set_raters(item, targets)
    session.add_all(targets)
    flush(session, item)


def gone(session: Session, source: str, package_ids: Collection[str], codes: Collection[str]) -> list[str]:
    """The published items of a source on these datasets that have none of these codes."""
    asked = sa.select(Item.id).join(Target, Target.item_id == Item.id)
    asked = asked.where(
        Item.source == source, Item.state == PUBLISHED, is_any(Target.package_id, package_ids)
    )
    return sorted(set(session.scalars(asked.where(Item.source_code.not_in(list(codes))))))
