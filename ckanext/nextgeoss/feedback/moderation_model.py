"""Tables that moderators go by: what items said before, and which datasets are rated strangely often."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from .model import Base


class Version(Base):
    """What an item said before it was changed: what moderators compare, and nobody else is shown."""

    __tablename__ = "nextgeoss_feedback_version"

    item_id: Mapped[str] = mapped_column(primary_key=True)
    # of the item while it said so, and the state that it was in
    version: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str]
    # when it was changed
    at: Mapped[datetime] = mapped_column(index=True)
    parts: Mapped[dict[str, Any]]


class Burst(Base):
    """A dataset that was rated much more often than usual in a day (see bursts.py)."""

    __tablename__ = "nextgeoss_feedback_burst"

    package_id: Mapped[str] = mapped_column(primary_key=True)
    # the ratings since then belong to it
    since: Mapped[datetime]
    found: Mapped[datetime]
    # how many came in 24 hours, how many are usual, by how many deviations that is more, their mean
    ratings: Mapped[int]
    usual: Mapped[float] = mapped_column(sa.Float)
    score: Mapped[float] = mapped_column(sa.Float)
    average: Mapped[float] = mapped_column(sa.Float)
    # when a moderator has looked at it, and who
    seen: Mapped[datetime | None]
    seen_by: Mapped[str | None]
