"""Our own tables: the outbox (datasets whose search document is to be made again), moved datasets, saved
searches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Our own tables; there are no foreign keys into CKAN's, so nothing of CKAN's waits for us."""

    type_annotation_map = {str: sa.UnicodeText, datetime: sa.DateTime}


class Outbox(Base):
    """One wish to have a dataset indexed as the database holds it, in the transaction that changed it."""

    __tablename__ = "nextgeoss_outbox"

    seq: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    package_id: Mapped[str] = mapped_column(index=True)
    # naive UTC
    queued: Mapped[datetime] = mapped_column(server_default=sa.text("timezone('utc', now())"))
    # why Solr refused the document; such rows wait for the dataset to change or for a person
    error: Mapped[str | None]


class Moved(Base):
    """A dataset that was called otherwise before: an id or name of then, and the id of today."""

    __tablename__ = "nextgeoss_moved"

    old: Mapped[str] = mapped_column(primary_key=True)
    package_id: Mapped[str] = mapped_column(index=True)


class SavedSearch(Base):
    """A search that a user keeps, and when he wants to be told of what is new to it. Times are naive UTC; of
    the two pairs, the first is the time of indexing up to which products are known to him, and the second
    the time of change before which none can come to be indexed any more (see search/news.py)."""

    __tablename__ = "nextgeoss_saved_search"

    id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    # parameters of `product_search`
    query: Mapped[dict[str, Any]] = mapped_column(JSONB)
    # one of ALERTS in search/saved.py
    alert: Mapped[str]
    created: Mapped[datetime]
    modified: Mapped[datetime]
    looked: Mapped[datetime]
    looked_changed: Mapped[datetime]
    alerted: Mapped[datetime]
    alerted_changed: Mapped[datetime]
