"""Wishes to index datasets, kept in the database until they are fulfilled."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .model import Outbox


def enqueue(session: Session, package_ids: Iterable[str]) -> None:
    """Have these datasets indexed once the transaction of `session` is committed: also new, private or
    deleted ones, whose documents are then as the database says, or gone."""
    if rows := [{"package_id": package_id} for package_id in package_ids]:
        session.execute(sa.insert(Outbox), rows)
