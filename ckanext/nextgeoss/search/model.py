"""Our own tables: the outbox (datasets whose search document is to be made again) and moved datasets."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
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
