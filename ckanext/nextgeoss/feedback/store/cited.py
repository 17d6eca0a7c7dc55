"""The publications that users name of datasets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from ..model import Item, Target
from ..states import EXTERNAL, PUBLISHED
from .visible import PACKAGE, is_any


def publications_of(session: Session, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By dataset, the parts `citation` of all published items on it, the oldest first, by one query; by none
    when no dataset is asked for. What is also about another dataset that is private or gone is not told."""
    if not ids:
        return {}
    other = aliased(Target)
    hidden = sa.exists().where(
        other.item_id == Item.id, other.package_id != Target.package_id,
        sa.or_(
            sa.exists().where(PACKAGE.c.id == other.package_id, PACKAGE.c.private),
            sa.and_(other.gone, other.kind != EXTERNAL),
        ),
    )  # fmt: skip
    cited = Item.parts["citation"]
    asked = (
        sa.select(Target.package_id, cited)
        .join(Item, Item.id == Target.item_id)
        .where(is_any(Target.package_id, ids), Item.state == PUBLISHED, Item.root_id.is_(None))
        .where(Item.parts.has_key("citation"), sa.not_(hidden))
        .order_by(Item.published, Item.id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for package_id, parts in session.execute(asked):
        found.setdefault(package_id, []).extend(parts or ())
    return found
