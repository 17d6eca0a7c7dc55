"""The publications that users name of datasets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ..model import Item, Target
from ..states import PUBLISHED
from .visible import is_any


def publications_of(session: Session, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By dataset, the parts `citation` of all published items on it, the oldest first, by one query; by none
    when no dataset is asked for."""
    if not ids:
        return {}
    cited = Item.parts["citation"]
    asked = (
        sa.select(Target.package_id, cited)
        .join(Item, Item.id == Target.item_id)
        .where(is_any(Target.package_id, ids), Item.state == PUBLISHED, Item.root_id.is_(None))
        .where(Item.parts.has_key("citation"))
        .order_by(Item.published, Item.id)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for package_id, parts in session.execute(asked):
        found.setdefault(package_id, []).extend(parts or ())
    return found
