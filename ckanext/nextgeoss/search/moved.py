"""Datasets that were called otherwise before: where what asks for an old id or name is sent."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .model import Moved


def note_moved(session: Session, old: Iterable[str], package_id: str) -> None:
    """Have these ids and names lead to a dataset, in the transaction of the session."""
    rows = [{"old": each, "package_id": package_id} for each in dict.fromkeys(old) if each != package_id]
    if rows:
        statement = insert(Moved).values(rows)
        new = {"package_id": statement.excluded.package_id}
        session.execute(statement.on_conflict_do_update(index_elements=["old"], set_=new))


def moved_to(session: Session, old: str) -> str:
    """The id of the dataset that was called so; empty when none was."""
    return session.scalar(sa.select(Moved.package_id).where(Moved.old == old)) or ""
