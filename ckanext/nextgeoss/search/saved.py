"""Saved searches as rows of the database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from .model import SavedSearch
from .news import Mark, mark

# how often people are told at most; "each": whenever alerts are sent
ALERTS = {
    "none": None,
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "each": timedelta(0),
}


def now() -> datetime:
    """The present time as rows have it: naive UTC."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


def find(session: Session, search_id: str) -> SavedSearch | None:
    """The search of this id."""
    return session.get(SavedSearch, search_id)


def of_user(session: Session, user_id: str) -> list[SavedSearch]:
    """A user's searches by name."""
    asked = sa.select(SavedSearch).where(SavedSearch.user_id == user_id)
    return list(session.scalars(asked.order_by(SavedSearch.name, SavedSearch.id)))


def add(session: Session, user_id: str, name: str, query: dict[str, Any], alert: str) -> SavedSearch:
    """Keep a search; what is in the catalogue now is no news to it."""
    present = now()
    row = SavedSearch(
        id=str(uuid4()), user_id=user_id, name=name, query=query, alert=alert,
        created=present, modified=present,
    )  # fmt: skip
    session.add(row)
    known = mark(session.connection(), present)
    set_looked(row, known)
    set_alerted(row, known)
    return row


def looked(row: SavedSearch) -> Mark:
    """Up to where its user has looked."""
    return Mark(row.looked, row.looked_changed)


def alerted(row: SavedSearch) -> Mark:
    """Up to where its user was told."""
    return Mark(row.alerted, row.alerted_changed)


def set_looked(row: SavedSearch, known: Mark) -> None:
    """Note that its user has looked."""
    row.looked, row.looked_changed = known.indexed, known.changed


def set_alerted(row: SavedSearch, known: Mark) -> None:
    """Note that its user was told."""
    row.alerted, row.alerted_changed = known.indexed, known.changed


def is_due(row: SavedSearch, until: datetime) -> bool:
    """Whether its user is to be told of what was indexed by `until`."""
    every = ALERTS[row.alert]
    return every is not None and row.alerted < until and row.alerted + every <= until


def users_with_alerts(session: Session) -> list[str]:
    """Ids of the users who want to be told of something."""
    asked = sa.select(SavedSearch.user_id).where(SavedSearch.alert != "none").distinct()
    return sorted(session.scalars(asked))


def take_due(session: Session, user_id: str, until: datetime) -> list[SavedSearch]:
    """A user's searches that are due, by name, locked until the transaction ends; without those that
    another process has locked."""
    asked = sa.select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.alert != "none")
    asked = asked.order_by(SavedSearch.name, SavedSearch.id).with_for_update(skip_locked=True)
    rows = session.scalars(asked.execution_options(populate_existing=True))
    return [row for row in rows if is_due(row, until)]


def drop_without_user(session: Session) -> None:
    """Forget the searches of users who are deleted or gone."""
    session.execute(
        sa.text(
            'DELETE FROM nextgeoss_saved_search AS kept WHERE NOT EXISTS (SELECT 1 FROM "user" AS owner'
            " WHERE owner.id = kept.user_id AND owner.state <> 'deleted')"
        )
    )
